"""Who is decided when there is not time for everybody, and who is served at all."""

import asyncio
from collections import Counter

import numpy as np
import pytest

from agent.serving.admission import ACTIVE_SECONDS
from agent.serving.counters import Recent
from agent.serving.pace import Pace, find_distances
from envs.contract import NO_OP, DialogueColumn, EntityColumn
from envs.words import word_id
from tests.agent.serving.fakes import GO_ON, WALK, FakeMind
from tests.agent.serving.test_deadlines import ask, serve
from tests.agent.serving.worlds import START, make_batch
from unity_bridge.batch import Ending

PLAYER = word_id("player")


def put_player(batch, row, metres):
    entity = batch.observations["entities"][row, 3]
    entity[[EntityColumn.SLOT, EntityColumn.CLASS_WORD, EntityColumn.DISTANCE]] = 9, PLAYER, metres


def count(mind):
    return Counter(key for keys in mind.calls for key in keys)


async def tick(minds, seconds, crowd, rounds):
    """Ask so many times, every so many seconds of the clock."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    replies = []
    for number in range(rounds):
        replies.append((await minds.decide(crowd())).actions)
        await asyncio.sleep(max(0.0, begun + (number + 1) * seconds - loop.time()))
    return replies


def crowd_of(rows, near=()):
    def make():
        batch = make_batch("w", [f"n{row}" for row in range(rows)])
        for row in range(rows):
            put_player(batch, row, 2.0 if row in near else 10.0 + row)
        return batch

    return make


def test_whoever_is_near_the_player_keeps_ten_decisions_a_second():
    mind = FakeMind(per_row=0.006)  # ten NPCs within 60 ms, and twenty ask

    async def play(minds):
        await tick(minds, 0.1, crowd_of(20, near=(7, 13)), 12)
        mind.calls.clear()
        return await tick(minds, 0.1, crowd_of(20, near=(7, 13)), 30)

    replies, counters = serve(mind, play, deadline_seconds=0.5)
    decided = count(mind)
    assert decided[7] == decided[13] == 30
    assert min(decided.values()) >= 9  # three a second
    assert decided[19] <= 12
    assert counters.paced > 200
    assert counters.fallbacks == 0
    far = np.array(replies)[:, 19]
    assert {tuple(action) for action in far.tolist()} == {tuple(WALK), tuple(GO_ON)}
    assert np.median([len(keys) for keys in mind.calls]) <= 12


def test_without_a_player_everybody_has_a_turn():
    mind = FakeMind(per_row=0.006)

    def crowd():
        return make_batch("w", [f"n{row}" for row in range(20)])

    async def play(minds):
        await tick(minds, 0.1, crowd, 12)
        mind.calls.clear()
        await tick(minds, 0.1, crowd, 30)

    serve(mind, play, deadline_seconds=0.5)
    decided = count(mind)
    assert len(decided) == 20
    assert max(decided.values()) <= 2 * min(decided.values())
    assert min(decided.values()) >= 9


def two():
    """A world of two NPCs, which have the first two seats where it asks first."""
    return make_batch("two", ["a", "b"])


def flood():
    """One of many, all of them near its player."""
    batch = make_batch("flood", [f"n{row}" for row in range(60)])
    for row in range(60):
        put_player(batch, row, 1.0)
    return batch


def test_a_world_that_asks_for_its_share_keeps_the_rate_whatever_another_asks():
    mind = FakeMind(per_row=0.0015)  # forty within 60 ms

    async def play(minds):
        await tick(minds, 0.1, two, 1)
        await asyncio.gather(tick(minds, 0.1, flood, 12), tick(minds, 0.1, two, 12))
        mind.calls.clear()
        await asyncio.gather(tick(minds, 0.1, flood, 20), tick(minds, 0.1, two, 20))

    _, counters = serve(mind, play, deadline_seconds=1.0)
    decided = count(mind)
    assert decided[0] == decided[1] == 20
    assert counters.paced > 100


def test_a_batch_is_short_while_several_worlds_ask():
    mind = FakeMind(per_row=0.001)

    async def play(minds):
        await tick(minds, 0.0, two, 1)
        await asyncio.sleep(ACTIVE_SECONDS)
        await tick(minds, 0.0, flood, 12)
        assert max(map(len, mind.calls)) == 60
        mind.calls.clear()
        await asyncio.gather(tick(minds, 0.0, flood, 12), tick(minds, 0.1, two, 10))

    serve(mind, play, deadline_seconds=1.0)
    asked = [number for number, keys in enumerate(mind.calls) if 0 in keys]
    assert len(asked) == 10
    assert max(map(len, mind.calls[asked[0] + 1 : asked[-1] + 1])) <= 30  # 25 ms


def test_worlds_of_one_size_that_ask_together_are_decided_in_one_batch():
    mind = FakeMind(seconds=0.008, per_row=0.0006)

    async def play(minds):
        for _ in range(20):
            worlds = [make_batch(f"w{n}", [f"n{row}" for row in range(8)]) for n in range(8)]
            await asyncio.gather(*(minds.decide(batch) for batch in worlds), asyncio.sleep(0.1))

    _, counters = serve(mind, play, deadline_seconds=1.0)
    assert [len(keys) for keys in mind.calls] == [64] * 20
    assert counters.paced == 0


def test_worlds_that_are_only_measured_are_decided_in_large_batches():
    mind = FakeMind(per_row=0.001)

    def measured(world, first):
        batch = make_batch(world, [f"n{row}" for row in range(40)], first=first)
        if first:
            batch.episodes[:] = [[START]] * 40
        return batch

    async def play(minds):
        for number in range(12):
            await asyncio.gather(
                *(minds.decide(measured(world, number == 0)) for world in ("one", "two"))
            )

    serve(mind, play, deadline_seconds=1.0)
    assert len(mind.calls[-1]) == 80


def test_a_mind_that_keeps_up_decides_everybody_every_time():
    mind = FakeMind(per_row=0.0005)

    async def play(minds):
        await tick(minds, 0.03, crowd_of(20), 20)

    _, counters = serve(mind, play)
    assert set(count(mind).values()) == {20}
    assert counters.paced == 0


def test_spoken_to_or_given_a_goal_nobody_is_left_out():
    mind = FakeMind(per_row=0.006)

    def crowd():
        batch = crowd_of(20)()
        batch.observations["dialogue"][19, 0, DialogueColumn.UTTERANCE] = 5
        batch.observations["dialogue"][19, 0, DialogueColumn.TO_ME] = 1
        batch.goals[18].append({"op": "set", "text": "go"})
        return batch

    async def play(minds):
        await tick(minds, 0.1, crowd_of(20), 12)
        mind.calls.clear()
        await tick(minds, 0.1, crowd, 6)

    serve(mind, play, deadline_seconds=0.5)
    assert count(mind)[19] == count(mind)[18] == 6


def test_whoever_is_measured_is_decided_every_time():
    mind = FakeMind(per_row=0.006)

    def begin():
        batch = make_batch("w", [f"n{row}" for row in range(20)], first=True)
        batch.episodes[:] = [[START]] * 20
        return batch

    async def play(minds):
        await minds.decide(begin())
        await tick(minds, 0.01, lambda: make_batch("w", [f"n{row}" for row in range(20)]), 12)

    _, counters = serve(mind, play, deadline_seconds=0.02)
    assert set(count(mind).values()) == {13}
    assert (counters.paced, counters.fallbacks) == (0, 0)


def test_beside_a_world_that_plays_whoever_is_measured_waits_its_turn():
    mind = FakeMind(per_row=0.006)

    def begin():
        batch = make_batch("w", [f"n{row}" for row in range(20)], first=True)
        batch.episodes[:] = [[START]] * 20
        return batch

    def go_on():
        return make_batch("w", [f"n{row}" for row in range(20)])

    async def play(minds):
        await minds.decide(begin())
        for _ in range(12):
            await asyncio.gather(
                tick(minds, 0.1, go_on, 1), minds.decide(make_batch("player", ["a"]))
            )

    _, counters = serve(mind, play, deadline_seconds=0.5)
    assert counters.paced > 0


def test_one_pause_of_the_machine_is_no_lack_of_time():
    pace = Pace(0.08, list)
    for _ in range(15):
        pace.note(0.01, 4)
    pace.note(1.0, 1)
    assert pace.capacity == pytest.approx(0.06 / 0.0025)


def test_distances_are_to_players_and_speakers():
    batch = make_batch("w", ["a", "b", "c", "d"])
    put_player(batch, 0, 4.0)
    entities, dialogue = batch.observations["entities"], batch.observations["dialogue"]
    entities[:3, 0, EntityColumn.SLOT] = 2
    entities[:3, 0, EntityColumn.CLASS_WORD] = word_id("vase")
    entities[:3, 0, EntityColumn.DISTANCE] = 1.0
    dialogue[1:, 0, DialogueColumn.UTTERANCE] = 1
    dialogue[1, 0, DialogueColumn.SPEAKER] = 2  # in sight
    dialogue[2, 0, DialogueColumn.SPEAKER] = 5  # somewhere
    assert find_distances(batch.observations).tolist() == [4.0, 1.0, 6.0, np.inf]


# ----------------------------------------------------------------------------------------- limits


def test_past_the_limit_of_npcs_one_stands_still_and_one_sentence_says_so(caplog):
    async def play(minds):
        first = await ask(minds, "w", ["a", "b", "c"])
        await ask(minds, "w", ["a", "b", "c"])
        minds.released("w")
        return first, await ask(minds, "v", ["d"])

    (first, after), counters = serve(FakeMind(), play, max_npcs=2)
    assert first[0] == [WALK.tolist(), WALK.tolist(), list(NO_OP)]
    assert after[0] == [WALK.tolist()]
    assert counters.refused == 2
    (line,) = caplog.messages
    assert "c and whoever comes after it stands still, because 2 NPCs" in line
    assert "raise --max-npcs" in line


def test_past_the_limit_of_worlds_a_world_stands_still_until_one_leaves(caplog):
    async def play(minds):
        await ask(minds, "one")
        answers = [(await ask(minds, "two"))[0], (await ask(minds, "two"))[0]]
        minds.released("one")
        return [*answers, (await ask(minds, "two"))[0]]

    answers, _ = serve(FakeMind(), play, max_worlds=1)
    assert answers == [[list(NO_OP)], [list(NO_OP)], [WALK.tolist()]]
    (line,) = caplog.messages
    assert "two: its NPCs stand still, because 1 worlds are served" in line
    assert "raise --max-worlds" in line


# ------------------------------------------------------------------------------------- forgetting


def test_an_npc_that_no_longer_asks_is_forgotten_and_its_place_is_used_again():
    mind = FakeMind()

    async def play(minds):
        await ask(minds, "w", ["a", "b"])
        await ask(minds, "w", ["b"], endings=[Ending(0, "a", 0.0, 0.0, False)])
        for _ in range(8):
            await asyncio.sleep(0.05)
            await ask(minds, "w", ["b"])
        await ask(minds, "w", ["b", "c"])
        return {r.npc: r.seat for r in minds.residents.everybody()}

    seats, _ = serve(mind, play, forget_seconds=0.2)
    assert seats == {"b": 1, "c": 0}
    assert mind.gone == [0]


def test_an_npc_that_is_paused_or_begins_another_episode_is_not_forgotten():
    mind = FakeMind()

    async def play(minds):
        await ask(minds, "w", ["paused", "again", "b"])
        over = [Ending(1, "again", 0.0, 0.0, False)]
        await ask(minds, "w", ["again", "b"], endings=over)
        for _ in range(8):
            await asyncio.sleep(0.05)
            await ask(minds, "w", ["b"])
        await ask(minds, "w", ["paused", "again", "b"])
        return [r.npc for r in minds.residents.everybody()]

    npcs, _ = serve(mind, play, forget_seconds=0.2)
    assert npcs == ["paused", "again", "b"]
    assert mind.gone == []


def test_npcs_of_a_world_that_says_who_leaves_stay_until_it_does():
    mind = FakeMind()

    async def play(minds):
        minds.stay("w")
        await ask(minds, "w", ["a", "b"])
        for _ in range(8):
            await asyncio.sleep(0.05)
            await ask(minds, "w", ["b"])
        await ask(minds, "w", ["a", "b"])
        stayed = [r.npc for r in minds.residents.everybody()]
        minds.left("w", "a")
        minds.left("w", "nobody")
        minds.left("nowhere", "a")
        await ask(minds, "w", ["b", "c"])
        return stayed, {r.npc: r.seat for r in minds.residents.everybody()}

    (stayed, seats), counters = serve(mind, play, forget_seconds=0.2)
    assert stayed == ["a", "b"]
    assert seats == {"b": 1, "c": 0}
    assert mind.gone == [0]
    assert counters.npcs == 2


def test_a_game_that_pauses_forgets_nobody():
    mind = FakeMind()

    async def play(minds):
        await ask(minds, "w", ["a", "b"])
        minds.residents.worlds["w"].asked -= 3600.0
        await ask(minds, "w", ["b"])
        await ask(minds, "w", ["a"])

    serve(mind, play, forget_seconds=1.5)
    assert mind.gone == []


def test_memory_rows_do_not_grow_with_npcs_that_come_and_go():
    mind = FakeMind()

    async def play(minds):
        for number in range(200):
            await ask(minds, f"w{number}", ["a", "b", "c"])
            minds.released(f"w{number}")

    _, counters = serve(mind, play)
    assert len(mind.memories.keys) == 3
    assert (counters.npcs, counters.worlds) == (0, 0)


def test_measurements_are_bounded():
    recent = Recent(kept=4)
    for number in range(10):
        recent.add(number)
    assert sorted(recent.values()) == [6, 7, 8, 9]
    assert (recent.count, recent.total) == (10, 45.0)
