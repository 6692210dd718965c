"""What NPCs do that nobody has asked for anything."""

import asyncio

from agent.serving import Minds
from envs.contract import Act, Branch, Move
from tests.agent.serving.test_saving import load_mind
from tests.agent.serving.worlds import PATIENT, START, Stage

TASK = "interaction/fetch_and_put"


def play(decisions, goals, episodes=(), observed=False):
    """Moves and acts of an NPC.

    Args:
        decisions: how many.
        goals: by decision, what its game says of goals.
        episodes: what it says of the episode, when that begins.
        observed: whether the observation holds the task's goal.
    """

    async def ask():
        minds, stage = Minds(load_mind(), options=PATIENT), Stage("w", TASK)
        moves, acts = set(), set()
        try:
            for decision in range(decisions):
                batch = stage.batch()
                batch.goals[:] = [goals.get(decision, [])]
                if not observed:
                    batch.observations["goal"][:] = 0.0
                if decision == 0:
                    batch.first[:], batch.episodes[:] = True, [list(episodes)]
                actions = (await minds.decide(batch)).actions
                moves.add(Move(int(actions[0, Branch.MOVE])))
                acts.add(Act(int(actions[0, Branch.ACT])))
                stage.step(actions)
        finally:
            await minds.close()
        return moves, acts

    return asyncio.run(ask())


def test_without_a_goal_an_npc_stands_and_takes_nothing():
    assert play(100, {}) == ({Move.STAY}, {Act.NONE})


def test_after_its_goal_was_taken_back_an_npc_stands():
    vase = {"op": "set", "goal": 1, "text": "take the vase"}
    moves, _ = play(20, {0: [vase]})
    assert moves != {Move.STAY}
    cancelled = {0: [vase, {"op": "cancel", "goal": 1}]}
    assert play(100, cancelled) == ({Move.STAY}, {Act.NONE})


def test_a_goal_that_only_the_observation_holds_and_a_measured_episode_are_the_brains():
    for moves, _ in (play(20, {}, observed=True), play(20, {}, episodes=[START])):
        assert moves != {Move.STAY}
