"""Whatever one world says or shows, another world's decisions are what they are when it is alone.

Both are decided by a real brain in one batch. A failure of the mind counts too, even though the
server would decide the others alone after it: by then their minds have taken in this step's news.
"""

import asyncio
import contextlib
import copy
import logging
import os
import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agent.mind import Mind
from agent.serving import Minds, ServingOptions
from tests.agent.serving.odd_worlds import Said, odd_steps, usual_step
from tests.agent.serving.worlds import Stage
from unity_bridge.errors import BridgeError
from unity_bridge.game import make_greeting, make_waiting
from unity_bridge.live.observations import warm_up
from unity_bridge.session import Session

STEPS = 4
TOGETHER = ServingOptions(deadline_seconds=60.0, gather_seconds=0.05)
"""Both worlds are waited for, and what is decided counts, not when."""
MANY = int(os.environ.get("ODD_WORLDS", "400"))
HANGING_SECONDS = 20.0
"""Processor time of one decision of both worlds, and of reading what the odd one says: tenths of
a second, so past it something in the odd world's words costs more than their length."""


def examples(count):
    """The same examples everywhere; one that fails is told as its bytes in base 64."""
    return settings(
        max_examples=count, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],  # shrinking takes minutes
    )  # fmt: skip


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def mind():
    return Mind.load()


class Told(tuple):
    """Data that a failing example does not print."""

    def __repr__(self):
        return "(what a good world asks, what it is answered)"


@pytest.fixture(scope="module")
def stage(mind):
    """A good world's questions, and what is decided for it while it is alone."""
    staged, asked = Stage("good", "navigation/ask_then_go"), []

    async def play():
        minds = Minds(mind, options=TOGETHER)
        for _ in range(STEPS):
            asked.append(staged.batch())
            reply = await minds.decide(copy.deepcopy(asked[-1]))
            staged.step(reply.actions)
        await minds.close()

    warm_up()
    forget(mind)
    asyncio.run(play())
    return Told((asked, decide(mind, asked, [])[0]))


def forget(mind):
    mind.memories.drop_all()
    mind.regulator.forget(range(len(mind.regulator.memory.decisions)))


def decide(mind, asked, odd):
    """What a good world gets beside an odd one, how the mind fared, and the slowest decision."""
    forget(mind)
    minds, slowest = Minds(mind, options=TOGETHER), 0.0

    async def talk(session, message):
        with contextlib.suppress(BridgeError):
            await session.answer(message)

    async def play():
        nonlocal slowest
        got = []
        session = Session("odd", minds, 1, {}, max_npcs=4)
        for message in (make_greeting(), make_waiting()):
            await session.answer(message)
        for number, batch in enumerate(asked):
            begun = time.process_time()
            asking = [minds.decide(copy.deepcopy(batch))]
            if number < len(odd):
                asking.append(talk(session, odd[number].message))
            reply, *_ = await asyncio.gather(*asking)
            got.append((reply.actions.tobytes(), reply.mind))
            slowest = max(slowest, time.process_time() - begun)
        session.close()
        await minds.close()
        return got

    return asyncio.run(play()), minds.counters, slowest


def check(mind, stage, odd):
    asked, alone = stage
    got, counters, slowest = decide(mind, asked, odd)
    assert counters.failures == 0, "the mind failed on what the odd world said"
    assert got == alone
    assert slowest < HANGING_SECONDS


def test_a_usual_neighbour_is_decided_in_the_same_batch(mind, stage):
    asked, alone = stage
    got, counters, _ = decide(mind, asked, [Said(usual_step()) for _ in asked])
    assert got == alone
    assert counters.batch_rows.values().tolist() == [len(asked[0].npcs) + 2] * STEPS


@examples(20)
@given(st.lists(odd_steps(), min_size=1, max_size=STEPS))
def test_an_odd_world_changes_nothing_for_another(mind, stage, odd):
    check(mind, stage, odd)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@examples(MANY)
@given(st.lists(odd_steps(), min_size=1, max_size=STEPS))
def test_hundreds_of_odd_worlds_change_nothing_for_another(mind, stage, odd):
    check(mind, stage, odd)
