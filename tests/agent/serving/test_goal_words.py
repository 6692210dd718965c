"""What games are told about their goals: by real minds, over gRPC and over the live link."""

import asyncio
import json

import pytest

from agent.mind import Mind
from agent.serving import Minds, blank_observations
from envs.contract import GoalColumn
from tests.agent.serving.fakes import FakeMind, fake_mind
from tests.agent.serving.test_saving import load_mind
from tests.agent.serving.worlds import PATIENT, START, Stage, make_batch
from tests.unity_bridge.helpers import Serving, make_infos, make_step
from unity_bridge import channels
from unity_bridge.live import LiveClient, LiveServer

PAINT = {"op": "set", "goal": 2, "text": "paint the vase", "priority": 3.0}
HALL = {"op": "set", "goal": 1, "text": "go to the amber hall", "deadline": 60}
REFUSED = {
    "op": "refused", "goal": 2,
    "reason": "It does not know how to 'paint': say it with a verb that it knows, such as go, "
    "take, put, open or tell.",
}  # fmt: skip
ACCEPTED = {"op": "accepted", "goal": 1}


def decide(mind, *batches):
    """What is said about goals in answer to each batch, by NPC."""

    async def ask():
        minds = Minds(mind, options=PATIENT)
        try:
            return [dict((await minds.decide(batch)).goals) for batch in batches]
        finally:
            await minds.close()

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("task", "steps"), [("navigation/named_place", 1), ("navigation/waypoints", 3)]
)
def test_a_mind_that_plays_tells_how_its_goal_goes(task, steps):
    async def play():
        minds, stage = Minds(load_mind(), options=PATIENT), Stage("w", task)
        said: list = []
        try:
            for _ in range(1000):
                reply = await minds.decide(stage.batch())
                said += reply.goals.get("npc0", [])
                if said and said[-1]["op"] == "succeeded":
                    break
                stage.step(reply.actions)
        finally:
            await minds.close()
        return said

    said = asyncio.run(play())
    assert [word["op"] for word in said] == ["accepted", *["progress"] * (steps - 1), "succeeded"]
    assert all(word["goal"] == 1 for word in said)
    progress = said[1:-1]
    assert [(word["step"], word["steps"]) for word in progress] == [
        (step, steps) for step in range(2, steps + 1)
    ]
    assert all(word["reason"].startswith("go to the ") for word in progress)


def test_only_who_has_news_of_goals_is_told_something():
    first = make_batch("w", ["a", "b"], goals=[[HALL], []])
    later = make_batch("w", ["a", "b"], goals=[[], [PAINT]])
    said = decide(Mind.untrained(), first, make_batch("w", ["a", "b"]), later)
    assert said == [{"a": [ACCEPTED]}, {}, {"b": [REFUSED]}]


def test_one_goal_among_many_npcs_without_any_costs_nobody_a_decision():
    async def ask():
        minds = Minds(load_mind(), options=PATIENT)
        npcs = [f"npc{number}" for number in range(70)]
        goals = [[HALL], *[[] for _ in npcs[1:]]]
        try:
            reply = await minds.decide(make_batch("w", npcs, first=True, goals=goals))
        finally:
            await minds.close()
        return reply.goals, minds.counters

    said, counters = asyncio.run(ask())
    assert said == {"npc0": [ACCEPTED]}
    assert (counters.decisions, counters.failures) == (70, 0)


def test_two_worlds_in_one_batch_hear_of_their_own_goals():
    async def ask():
        minds = Minds(Mind.untrained(), options=PATIENT)
        batches = [make_batch("w", ["a"], goals=[[HALL]]), make_batch("v", ["a"], goals=[[PAINT]])]
        try:
            return [reply.goals for reply in await asyncio.gather(*map(minds.decide, batches))]
        finally:
            await minds.close()

    assert asyncio.run(ask()) == [{"a": [ACCEPTED]}, {"a": [REFUSED]}]


def test_measured_episodes_keep_to_the_last_goal_and_hear_nothing():
    mind = FakeMind()
    begun = make_batch("w", ["a"], first=True, episodes=[[START]], goals=[[HALL, PAINT]])
    said = decide(mind, begun, make_batch("w", ["a"], goals=[[PAINT]]))
    assert said == [{}, {}]
    assert [infos.goals for infos in mind.told] == [["paint the vase"]] * 2


def test_what_is_decided_too_late_is_said_with_the_next_answer():
    mind = fake_mind(0.15)

    async def ask():
        minds = Minds(mind)
        try:
            said = [(await minds.decide(make_batch("w", ["a"], goals=[[PAINT]]))).goals]
            await asyncio.sleep(0.3)
            mind.seconds = 0.0
            return [*said, (await minds.decide(make_batch("w", ["a"]))).goals]
        finally:
            await minds.close()

    assert asyncio.run(ask()) == [{}, {"a": [REFUSED]}]


def test_goals_that_are_set_while_the_mind_is_busy_are_all_answered():
    mind = fake_mind(0.3)
    many = [{**PAINT, "goal": number} for number in range(1, 61)]

    async def ask():
        minds = Minds(mind)
        try:
            busy = asyncio.create_task(minds.decide(make_batch("v", ["b"])))
            await asyncio.sleep(0.05)
            late = (await minds.decide(make_batch("w", ["a"], goals=[many]))).goals
            await busy
            await asyncio.sleep(0.4)
            mind.seconds = 0.0
            return late, (await minds.decide(make_batch("w", ["a"]))).goals
        finally:
            await minds.close()

    late, said = asyncio.run(ask())
    assert late == {}
    assert [word["goal"] for word in said["a"]] == list(range(1, 61))


def test_a_mind_that_fails_loses_no_word():
    mind = FakeMind()

    def fail(_):
        mind.before = None
        raise ValueError("poison")

    mind.before = fail
    batch = make_batch("w", ["a"], goals=[[PAINT]])
    assert decide(mind, batch, make_batch("w", ["a"])) == [{}, {"a": [REFUSED]}]


def test_words_for_a_world_that_has_left_are_dropped():
    mind = fake_mind(0.15)

    async def ask():
        minds = Minds(mind)
        try:
            await minds.decide(make_batch("w", ["a"], goals=[[PAINT]]))
            await asyncio.sleep(0.3)
            minds.released("w")
            mind.seconds = 0.0
            return (await minds.decide(make_batch("w", ["a"]))).goals
        finally:
            await minds.close()

    assert asyncio.run(ask()) == {}


def test_a_game_hears_of_its_goals_over_grpc():
    with Serving(Minds(Mind.untrained(), options=PATIENT)) as serving:
        client = serving.connect()

        def step(*goals):
            frames = [(channels.HELLO, channels.encode_json({"npcs": {"1": "Ada", "2": "Bo"}}))]
            if goals:
                frames.append((channels.GOAL, channels.encode_npcs({1: list(goals)})))
            message = make_step(make_infos(2))
            message.unity_output.rl_output.side_channel = channels.encode_frames(frames)
            reply = client.exchange(message).unity_input.rl_input
            frames = channels.decode_frames(reply.side_channel)
            return [channels.decode_npcs(*frame) for frame in frames if frame[0] == channels.GOAL]

        assert step(HALL, PAINT) == [{1: [REFUSED, ACCEPTED]}]
        assert step() == []
        assert step({"op": "cancel", "goal": 1}) == [{1: [{"op": "cancelled", "goal": 1}]}]


def test_a_game_hears_of_its_goals_over_the_live_link():
    observations = blank_observations(1)
    observations["goal"][0, [GoalColumn.PRESENT, GoalColumn.GOAL]] = 1

    async def talk():
        minds = Minds(Mind.untrained(), options=PATIENT)
        server = LiveServer(minds, port=0)
        await server.start()
        client = LiveClient("127.0.0.1", server.port)
        try:
            await client.connect()
            client.tell("guard", "goal", [HALL, PAINT])
            client.observe("guard", observations)
            await client.action(60.0)
            return [(news.npc, news.channel, json.loads(news.content)) for news in client.news]
        finally:
            client.drop()
            await server.stop(grace=0.2)
            await minds.close()

    said = asyncio.run(talk())
    assert said == [("guard", "goal", REFUSED), ("guard", "goal", ACCEPTED)]
