"""How much of the server's time reading one connection of the live link may take."""

import asyncio

import pytest

from unity_bridge.live import turns as module
from unity_bridge.live.npcs import READ_AT_ONCE, LiveNpc, read_pending
from unity_bridge.live.turns import BURST_SECONDS, SHARE, TOGETHER, TURN_SECONDS, Turns
from unity_bridge.protocol import live_pb2 as live


class Clock:
    def __init__(self, monkeypatch):
        self.now = 100.0
        self.pauses = []
        monkeypatch.setattr(module.asyncio, "sleep", self.sleep)
        monkeypatch.setattr(module, "READ_SECONDS", 0.0)

    async def sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds

    def __call__(self):
        return self.now

    async def read(self, turns, seconds):
        self.now += seconds
        await turns.spend(seconds)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def test_everybody_has_a_turn_after_a_millisecond(clock):
    async def play():
        turns = Turns(set(), clock)
        for _ in range(8):
            await clock.read(turns, TURN_SECONDS / 4)
        assert clock.pauses == [0.0, 0.0]
        assert turns.held_back == 0.0

    asyncio.run(play())


def test_a_flood_gets_its_share_of_the_time_and_a_short_burst(clock):
    async def play():
        turns, read, begun = Turns(set(), clock), 0.0, clock.now
        while clock.now - begun < 10.0:
            await clock.read(turns, 0.0002)
            read += 0.0002
        assert SHARE * 9.5 < read < SHARE * (10.0 + BURST_SECONDS + 0.5)

    asyncio.run(play())


def test_many_floods_share_what_they_may_take_together(clock):
    async def play():
        waiting = {Turns(set(), clock) for _ in range(9)}
        turns = Turns(waiting, clock)
        while turns not in waiting:
            await clock.read(turns, 0.01)
        assert len(waiting) == 10
        assert clock.pauses[-1] == pytest.approx(0.01 * 10 / TOGETHER, rel=0.01)
        assert turns.held_back == pytest.approx(sum(clock.pauses))
        turns.end()
        assert len(waiting) == 9

    asyncio.run(play())


def test_who_says_no_more_than_its_share_is_never_held_back(clock):
    async def play():
        turns = Turns({Turns(set(), clock)}, clock)
        for _ in range(2000):
            clock.now += 0.01
            await turns.spend(0.01 * SHARE / 2)
        assert turns.held_back == 0.0

    asyncio.run(play())


def test_observations_are_read_a_few_at_a_time():
    async def play():
        npcs = [(f"n{row}", LiveNpc(row)) for row in range(2 * READ_AT_ONCE)]
        for _, npc in npcs:
            npc.pending = live.Observation()
        left = []

        async def look():
            while any(npc.pending is not None for _, npc in npcs):
                left.append(sum(npc.pending is not None for _, npc in npcs))
                await asyncio.sleep(0)

        looking = asyncio.create_task(look())
        await asyncio.sleep(0)
        _, asked, refused = await read_pending(npcs)
        await looking
        assert left == [2 * READ_AT_ONCE, READ_AT_ONCE]
        assert not asked and len(refused) == len(npcs)

    asyncio.run(play())
