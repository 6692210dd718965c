"""What worlds get when the mind is late, fails or has too much to do."""

import asyncio
import threading
import time

import numpy as np
import pytest

from agent.serving import Minds, ServingOptions
from envs.contract import BRANCH_STARTS, NO_OP, Branch, CatalogueEntry, Move
from tests.agent.serving.fakes import GO_ON, WALK, FakeMind
from tests.agent.serving.test_saving import load_mind
from tests.agent.serving.worlds import START, Stage, make_batch
from unity_bridge.batch import allow_actions

IDLE = list(NO_OP)


def serve(mind, play, **options):
    """Let a coroutine play with minds of these options."""

    async def go():
        minds = Minds(mind, options=ServingOptions(**options))
        try:
            return await play(minds), minds.counters
        finally:
            await minds.close()

    return asyncio.run(go())


async def ask(minds, world="w", npcs=("a",), **more):
    """Actions of a world and how long they took, seconds."""
    begun = time.perf_counter()
    reply = await minds.decide(make_batch(world, list(npcs), **more))
    return reply.actions.tolist(), time.perf_counter() - begun


def test_a_mind_in_time_has_its_way():
    (actions, _), counters = serve(FakeMind(), ask)
    assert actions == [WALK.tolist()]
    assert (counters.decisions, counters.fallbacks) == (1, 0)
    assert counters.staleness_ms.count == 1


def test_a_late_mind_is_not_waited_for_and_its_action_comes_next():
    mind = FakeMind(0.15)

    async def play(minds):
        first = await ask(minds)
        await asyncio.sleep(0.1)  # the late decision arrives
        second = await ask(minds)
        return first, second

    (first, second), counters = serve(mind, play, deadline_seconds=0.05)
    assert first[0] == [IDLE]
    assert 0.04 < first[1] < 0.12
    assert second[0] == [WALK.tolist()]  # again late: what came since is newer than nothing
    assert second[1] < 0.12
    assert (counters.fallbacks, counters.late, counters.idles) == (2, 1, 1)


def test_a_late_action_is_dropped_when_a_newer_one_comes_in_time():
    mind = FakeMind(0.1)

    async def play(minds):
        await ask(minds)
        await asyncio.sleep(0.1)
        mind.seconds = 0.0
        await ask(minds)
        mind.seconds = 0.2
        return await ask(minds)

    (third, _), counters = serve(mind, play, deadline_seconds=0.05)
    assert third == [GO_ON.tolist()]
    assert counters.late == 0


def test_the_last_intent_goes_on_for_half_a_second_and_then_the_idle():
    mind = FakeMind()
    hang = threading.Event()

    async def play(minds):
        await ask(minds)
        mind.before = lambda _: hang.wait(5)
        answers = []
        for _ in range(8):
            answers.append((await ask(minds))[0])
            await asyncio.sleep(0.02)
        hang.set()
        return answers

    answers, counters = serve(mind, play, deadline_seconds=0.08)
    assert answers[:4] == [[GO_ON.tolist()]] * 4
    assert answers[-2:] == [[IDLE]] * 2
    assert counters.fallbacks == 8
    assert mind.calls == [[0]] * 2  # what was asked while it hung was not piled up


def test_parts_that_are_forbidden_now_do_nothing():
    mind = FakeMind()

    async def play(minds):
        await ask(minds)
        mind.seconds = 0.1
        batch = make_batch("w", ["a"])
        batch.action_mask[0, BRANCH_STARTS[Branch.MOVE] + Move.WALK] = False
        return (await minds.decide(batch)).actions.tolist()

    (actions,), _ = serve(mind, play, deadline_seconds=0.03)
    assert actions[Branch.MOVE] == Move.STAY
    assert actions[Branch.TURN] == 3


def test_a_mind_that_fails_is_no_error_to_any_world(caplog):
    mind = FakeMind()

    async def play(minds):
        await ask(minds)
        mind.before = lambda _: 1 / 0
        failed = await asyncio.gather(ask(minds), ask(minds, "v"))
        mind.before = None
        return failed, await ask(minds)

    (failed, after), counters = serve(mind, play)
    assert [actions for actions, _ in failed] == [[GO_ON.tolist()], [IDLE]]
    assert after[0] == [WALK.tolist()]
    assert counters.failures >= 2
    assert "ZeroDivisionError" in caplog.text


def test_numbers_that_are_none_are_not_sent():
    mind = FakeMind()
    mind.competence = np.nan
    (actions, _), counters = serve(mind, ask)
    assert actions == [IDLE]
    assert counters.decisions == 0


def test_an_npc_on_whose_belief_nothing_can_be_decided_begins_anew(caplog):
    mind = FakeMind()
    mind.competence = np.nan

    async def play(minds):
        for _ in range(5):
            await ask(minds, npcs=["a", "b"])
        mind.competence = 0.5
        return await ask(minds)

    (actions, _), _ = serve(mind, play)
    assert actions == [WALK.tolist()]
    assert mind.gone == [0, 1]
    assert "w, a begins anew" in caplog.text


def poisoned(observations):
    if (observations["self"] == 666.0).any():
        raise ValueError("poison")


def test_a_world_on_which_the_mind_fails_does_not_spoil_the_others():
    mind = FakeMind()
    mind.before = poisoned
    bad = make_batch("bad", ["x"])
    bad.observations["self"][:] = 666.0

    async def play(minds):
        answers = []
        for _ in range(3):
            good, spoilt = await asyncio.gather(ask(minds, "good"), minds.decide(bad))
            answers.append((good[0], spoilt.actions.tolist()))
            await asyncio.sleep(0.01)
        return answers

    answers, counters = serve(mind, play)
    assert answers == [([WALK.tolist()], [IDLE])] * 3
    assert max(map(len, mind.calls[1:])) == 1  # found out once, it is decided apart
    assert counters.decisions == 3


def test_nothing_that_was_told_is_lost_with_a_missed_decision():
    mind = FakeMind(0.12)
    entries = [CatalogueEntry(number, "add", number)
               for number in range(1, 4)]  # fmt: skip

    async def play(minds):
        for entry in entries:  # the first is decided, late; the second waits behind it
            batch = make_batch("w", ["a"])
            batch.catalogue[0].append(entry)
            await minds.decide(batch)
        await asyncio.sleep(0.3)
        await ask(minds)

    serve(mind, play, deadline_seconds=0.03)
    assert [infos.catalogue for infos in mind.told] == [[entries[:1]], [entries[1:]]]


def test_what_waited_in_vain_is_told_with_the_next_question():
    mind = FakeMind()
    hang = threading.Event()

    async def play(minds):
        await ask(minds)
        mind.before = lambda _: hang.wait(5)
        for number in (1, 2, 3):
            batch = make_batch("w", ["a"], goals=[[{"op": "set", "text": f"go to hall {number}"}]])
            await minds.decide(batch)
        hang.set()
        mind.before = None
        await ask(minds)

    serve(mind, play, deadline_seconds=0.03)
    assert [infos.goals for infos in mind.told] == [[""], ["go to hall 1"], ["go to hall 3"]]


def test_whoever_is_measured_waits_for_the_mind():
    mind = FakeMind(0.1)

    async def play(minds):
        first = await ask(minds, first=True, episodes=[[START]])
        return first, await ask(minds), await ask(minds, first=True)

    answers, counters = serve(mind, play, deadline_seconds=0.03)
    assert [actions for actions, _ in answers] == [[WALK.tolist()]] * 2 + [[GO_ON.tolist()]]
    assert counters.fallbacks == 1


@pytest.mark.parametrize(("player_evaluates", "fallbacks"), [(False, 2), (True, 0)])
def test_beside_a_world_that_plays_nobody_waits_for_being_measured(player_evaluates, fallbacks):
    mind = FakeMind(0.1)
    measured = {"first": True, "episodes": [[START]]}

    async def play(minds):
        await ask(minds, "player", **(measured if player_evaluates else {}))
        return await ask(minds, "evaluator", **measured)

    _, counters = serve(mind, play, deadline_seconds=0.03)
    assert counters.fallbacks == fallbacks


def test_a_newer_question_of_the_same_behaviour_answers_the_older():
    mind = FakeMind(0.1)

    async def play(minds):
        busy = asyncio.create_task(ask(minds, "busy"))
        await asyncio.sleep(0.03)
        questions = [asyncio.create_task(ask(minds)) for _ in range(20)]
        answers = await asyncio.gather(*questions)
        waiting = minds.counters.waiting
        await busy
        return answers, waiting

    (answers, waiting), counters = serve(mind, play, deadline_seconds=1.0)
    assert [actions for actions, _ in answers] == [[IDLE]] * 19 + [[WALK.tolist()]]
    assert waiting == 0
    assert mind.calls == [[0], [1]]
    assert counters.fallbacks == 19


def test_a_batch_is_bounded_and_every_world_gets_its_share():
    mind = FakeMind()

    async def play(minds):
        many = [f"n{number}" for number in range(20)]
        return await asyncio.gather(ask(minds, "many", many), ask(minds, "two", ["a", "b"]))

    answers, counters = serve(mind, play, batch_rows=8, deadline_seconds=5.0)
    assert [len(keys) for keys in mind.calls] == [8, 8, 6]
    assert {20, 21} <= set(mind.calls[0])  # the small world is in the first batch
    assert all(actions == WALK.tolist() for rows, _ in answers for actions in rows)
    assert counters.decisions == 22


def test_worlds_that_flood_or_hang_do_not_delay_the_others():
    mind = FakeMind(0.004)

    async def play(minds):
        flood = True

        async def flooding():
            while flood:
                await asyncio.gather(*(ask(minds, "flood", ["x"]) for _ in range(5)))

        task = asyncio.create_task(flooding())
        hung = asyncio.create_task(ask(minds, "hung"))
        await hung  # and it never asks again
        taken = []
        for _ in range(30):
            taken.append((await ask(minds, "good"))[1])
            await asyncio.sleep(0.01)
        flood = False
        await task
        return taken

    taken, _ = serve(mind, play)
    assert np.percentile(taken, 90) < 0.05


def test_a_world_that_leaves_while_it_waits_is_answered_and_forgotten():
    mind = FakeMind(0.1)

    async def play(minds):
        waiting = asyncio.create_task(ask(minds))
        await asyncio.sleep(0.03)
        minds.released("w")
        actions, _ = await waiting
        return actions, minds.counters.npcs

    (actions, npcs), _ = serve(mind, play, deadline_seconds=5.0)
    assert actions == [IDLE]
    assert npcs == 0
    assert mind.gone == [0]


def test_a_question_that_is_taken_back_leaves_nothing_behind():
    mind = FakeMind(0.05)

    async def play(minds):
        for _ in range(50):
            question = asyncio.create_task(ask(minds))
            await asyncio.sleep(0.001)
            question.cancel()
        await asyncio.sleep(0.1)
        return len(minds._answers.open), minds.counters.waiting

    (left, waiting), _ = serve(mind, play)
    assert (left, waiting) == (0, 0)


def test_closing_answers_whoever_waits():
    mind = FakeMind(0.1)

    async def play(minds):
        waiting = asyncio.create_task(ask(minds))
        await asyncio.sleep(0.02)
        await minds.close()
        return await waiting

    (actions, _), _ = serve(mind, play, deadline_seconds=9.0)
    assert actions == [IDLE]


def test_the_real_brain_when_it_is_slow_keeps_its_belief_and_its_actions(monkeypatch):
    mind = load_mind()
    decide, decided = mind.decide, []

    def slowly(observations, infos, **more):
        decision = decide(observations, infos, **more)
        decided.append(decision.action.tolist())
        time.sleep(0.12)
        return decision

    async def play(minds):
        stage, replies = Stage("w", "navigation/named_place"), []
        await minds.warm_up()
        monkeypatch.setattr(mind, "decide", slowly)
        for _ in range(6):
            batch = stage.batch()
            reply = await minds.decide(batch)
            assert allow_actions(reply, batch)[1]
            replies.append(reply.actions.tolist())
            stage.step(reply.actions)
            await asyncio.sleep(0.15)
        (resident,) = minds.residents.everybody()
        count = mind.memories.decisions[mind.memories.find([resident.seat])]
        return replies, count.tolist()

    (replies, count), counters = serve(mind, play, deadline_seconds=0.04)
    assert replies == [[IDLE], *decided[:5]]  # each comes with the next question
    assert count == [6]
    assert (counters.fallbacks, counters.late) == (6, 5)
    assert 100 < np.median(counters.staleness_ms.values()) < 400


@pytest.mark.parametrize("seconds", [0.02, 0.3])
def test_deadlines_are_counted_from_the_arrival(seconds):
    (_, taken), _ = serve(FakeMind(0.6), ask, deadline_seconds=seconds)
    assert seconds <= taken < seconds + 0.15
