"""Play mode on lock-step, entered twice in one process as in an editor that reloads no domain."""

import numpy as np
import pytest

from envs.contract import Move
from tests.unity_bridge.helpers import Serving
from tests.unity_package.build import VERSIONS, why_not
from tests.unity_package.players import ScriptedMind, command, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.peer,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]

TABLES = "Outbox.names SceneClasses.byName"
"""Static fields that may grow: names of numbers, and classes by name; both are the same in any
play."""


class Plays:
    """A mind for each play, which is a world of its own."""

    def __init__(self):
        self.minds = {}
        self.released_worlds = []

    async def decide(self, batch):
        return await self.minds[batch.world].decide(batch)

    def connected(self, world):
        self.minds[world] = ScriptedMind(lambda *_: {"move": Move.WALK})

    def released(self, world):
        self.released_worlds.append(world)


@pytest.mark.parametrize("sdk", VERSIONS)
def test_the_second_play_is_as_the_first(sdk):
    plays = Plays()
    with Serving(plays) as serving:
        played = run(command(
            sdk, serving.port, "--plays", "2", "--decisions", "30", "--script", "careless"
        ))  # fmt: skip
    assert played.said["left over 1"] == ""
    assert set(played.said["left over 2"].split()) <= set(TABLES.split())
    assert played.events[0] == played.events[1]
    assert played.said["warnings"] == played.said["failures"] == "0"
    first, second = plays.minds.values()
    assert plays.released_worlds == list(plays.minds)
    assert first.moments.keys() == second.moments.keys() == {"Ada", "Bo"}
    assert first.catalogue == second.catalogue
    for npc, moments in first.moments.items():
        for before, after in zip(moments, second.moments[npc], strict=True):
            assert before.names == after.names
            assert before.texts == after.texts
            assert before.goals == after.goals
            np.testing.assert_array_equal(before.allowed, after.allowed)
            for name, array in before.observations.items():
                np.testing.assert_array_equal(array, after.observations[name], err_msg=name)
