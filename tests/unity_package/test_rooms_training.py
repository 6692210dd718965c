"""The package's NPCs under ML-Agents' own environment: what a trainer sees of them."""

import numpy as np
import pytest

from envs.contract import BRANCH_SIZES, FIELDS, NO_OP, Branch, Move
from envs.contract import SelfColumn as S
from tests.unity_bridge.builds import free_port
from tests.unity_package.build import VERSIONS, why_not
from tests.unity_package.players import command
from unity_bridge import ActionTuple, UnityEnvironment

pytestmark = [
    pytest.mark.slow,
    pytest.mark.peer,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]


@pytest.mark.parametrize("sdk", VERSIONS)
def test_a_trainer_steps_and_resets_the_rooms(sdk, tmp_path):
    """Without our hello the package keeps its side channels to itself; the rest is the contract."""
    port = free_port()
    program = tmp_path / "Rooms.x86_64"
    words = " ".join(command(sdk, port, "--decisions", "100000"))
    program.write_text(f"#!/bin/sh\nexec {words} 2>{tmp_path}/log\n")
    program.chmod(0o755)
    env = UnityEnvironment(str(program), base_port=port, timeout_wait=60)
    try:
        for _ in range(3):
            env.reset()
            ((name, spec),) = env.behavior_specs.items()
            assert name == "Heedful?team=0"
            assert tuple(spec.action_spec.discrete_branches) == BRANCH_SIZES
            shapes = {each.name: tuple(each.shape) for each in spec.observation_specs}
            assert shapes == {field.name: field.shape for field in FIELDS}
            at = [each.name for each in spec.observation_specs].index("self")
            decisions, _ = env.get_steps(name)
            assert len(decisions) == 2
            before = decisions.obs[at][:, [S.X, S.Z]]
            actions = np.tile(NO_OP, (2, 1))
            actions[:, Branch.MOVE] = Move.WALK
            for _ in range(10):
                env.set_actions(name, ActionTuple(discrete=actions))
                env.step()
            decisions, ended = env.get_steps(name)
            assert len(decisions) == 2
            assert len(ended) == 0
            moved = np.linalg.norm(decisions.obs[at][:, [S.X, S.Z]] - before, axis=1)
            assert (moved > 0.5).any()
    finally:
        env.close()
    assert "error" not in (tmp_path / "log").read_text()
