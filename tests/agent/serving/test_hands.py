"""Acts that the brain has not learned, and goals that get no further, played by real minds."""

import asyncio
import dataclasses

import pytest

from agent.serving import Minds
from agent.serving.headway import GIVE_UP_SECONDS, HOPELESS_SECONDS
from envs.contract import Act, Result, SelfColumn
from envs.tasks import make_episode
from tests.agent.serving.test_saving import load_mind
from tests.agent.serving.worlds import PATIENT, Stage

TASK = "interaction/fetch_and_put"
SEED = 1_700_000
"""A museum with one harp, one vase and no unicorn."""


def play(text, *later, seed=SEED, decisions=1000):
    """Ask for something in a world that does not end.

    Returns:
        What was said of the last goal, how many decisions it took, and the acts that were done.
    """

    async def talk():
        minds, stage = Minds(load_mind(), options=PATIENT), Stage("w", TASK, seed)
        episode = dataclasses.replace(make_episode(TASK, seed), step_limit=100_000)
        stage._world.reset(0, episode)
        said: list = []
        done: list = []
        goals = [
            {"op": "set", "goal": at + 1, "text": each} for at, each in enumerate([text, *later])
        ]
        try:
            for decision in range(decisions):
                batch = stage.batch()
                batch.goals[:] = [goals if decision == 0 else []]
                me = batch.observations["self"][0]
                if me[SelfColumn.RESULT] == Result.DONE:
                    done.append(Act(int(me[SelfColumn.LAST_ACT])))
                reply = await minds.decide(batch)
                said += reply.goals.get("npc0", [])
                ends = [word for word in said if word["op"] in ("succeeded", "failed", "refused")]
                if len(ends) == len(goals):
                    return ends, decision, done
                stage.step(reply.actions)
        finally:
            await minds.close()
        raise AssertionError(f"nothing came of '{text}': {said}")

    return asyncio.run(talk())


@pytest.mark.parametrize(
    ("text", "acts"),
    [("use the harp", [Act.USE]), ("take the vase, then drop it", [Act.TAKE, Act.DROP])],
)
def test_the_hands_do_what_the_verb_says_and_nothing_else(text, acts):
    ((end,), _, done) = play(text)
    assert end == {"op": "succeeded", "goal": 1}
    assert [act for act in done if act != Act.OPEN] == acts


@pytest.mark.parametrize("verb", ["use", "push"])
def test_an_act_that_a_thing_does_not_offer_fails_with_the_reason(verb):
    ((end,), _, done) = play(f"{verb} the vase")
    assert end["reason"] == f"it cannot {verb} it: that cannot be done with this"
    assert set(done) <= {Act.OPEN}


def test_what_is_not_held_is_not_dropped_and_the_next_goal_is_taken_up():
    ends, _, done = play("drop the vase", "use the harp")
    assert [end["op"] for end in ends] == ["failed", "succeeded"]
    assert ends[0]["reason"] == "it cannot let go: it does not hold that"
    assert Act.DROP not in done


def test_what_is_nowhere_is_given_up_when_everything_has_been_looked_at():
    ends, decisions, _ = play("go to the unicorn", "use the harp")
    assert ends[0]["reason"] == "not found: it has looked everywhere that it can get to"
    assert ends[1]["op"] == "succeeded"
    assert decisions > 10 * GIVE_UP_SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["take", "open"])
def test_what_cannot_be_done_to_a_thing_is_never_said_to_be_done(verb):
    """It stands before the harp, which can be neither taken nor opened."""
    ((end,), decisions, done) = play(f"{verb} the harp")
    assert end["op"] == "failed"
    assert end["reason"].startswith(f"it cannot {verb} the harp: ")
    assert 10 * GIVE_UP_SECONDS < decisions < 10 * HOPELESS_SECONDS
    assert Act.FINISH not in done
