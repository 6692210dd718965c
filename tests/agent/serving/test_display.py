"""What is shown of a mind: always its strategy, and with attention weights what it attends to."""

import asyncio
import json

import numpy as np
import pytest

from agent.infos import Infos
from agent.mind import Mind
from agent.serving import Minds, ServingOptions
from agent.serving.display import SHOWN, show
from envs.contract import SLOTS
from envs.tasks import make_episode
from envs.world.world import BatchWorld
from tests.agent.serving.worlds import make_batch


@pytest.fixture(scope="module")
def moment():
    """Observations and infos of two NPCs at the start, and the names of their slots."""
    world = BatchWorld(2)
    for index, task in enumerate(("named_place", "ask_then_go")):
        world.reset(index, make_episode(task, index))
    observations = {name: array.copy() for name, array in world.observe().items()}
    infos = Infos.empty(2)
    infos.keys = ["a", "b"]
    infos.catalogue = [world.take_catalogue(row) for row in range(2)]
    infos.action_mask = world.action_mask().copy()
    infos.restart = np.ones(2, np.bool_)
    kinds = [{entry.slot: entry.kind for entry in entries} for entries in infos.catalogue]
    return observations, infos, kinds


def test_without_attention_weights_only_the_strategy_is_shown(moment):
    observations, infos, _ = moment
    shown = show(Mind.untrained().decide(observations, infos), 0)
    assert set(shown) == {"strategy", "reason", "competence"}
    assert 0 <= shown["competence"] <= 1


def test_a_competence_that_is_no_number_is_null(moment):
    decision = Mind.untrained().decide(*moment[:2])
    decision.competence[1] = np.nan
    assert json.loads(json.dumps(show(decision, 1)))["competence"] is None


@pytest.mark.parametrize("asked", [False, True])
def test_a_server_shows_attention_when_it_is_asked_to_without_recording(asked):
    async def play():
        minds = Minds(Mind.untrained(), options=ServingOptions(60.0, show_attention=asked))
        try:
            return await minds.decide(make_batch("w", ["a"], first=True))
        finally:
            await minds.close()

    (shown,) = asyncio.run(play()).mind
    assert ("attention" in shown) == ("belief" in shown) == asked


@pytest.mark.parametrize("row", [0, 1])
def test_attention_and_belief_name_slots_of_that_npc(moment, row):
    observations, infos, kinds = moment
    decision = Mind.untrained().decide(observations, infos, attention=True)
    shown = json.loads(json.dumps(show(decision, row)))
    attention = shown["attention"]
    weights = [weight for _, weight in attention]
    assert 1 <= len(attention) <= SHOWN
    assert weights == sorted(weights, reverse=True)
    assert 0 < weights[0] <= 1 and sum(weights) <= 1.001
    assert {slot for slot, _ in attention} <= set(kinds[row])
    for slot, where, certainty in shown["belief"]:
        assert 0 < slot < SLOTS
        assert kinds[row][slot] != "place"
        assert kinds[row][where] == "place"
        assert 0 < certainty <= 1
    assert shown["belief"]
