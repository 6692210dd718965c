"""Other weights while the server runs."""

import asyncio
import threading

import numpy as np
import pytest

from agent.checkpoint import WEIGHTS, CheckpointError
from agent.mind import Mind
from agent.serving import Minds, ServingOptions
from agent.serving.swap import TRIAL_DECISIONS, SwapError
from agent.serving.upkeep import Upkeep
from envs.contract import NO_OP
from tests.agent.serving.fakes import WALK, FakeMind, fake_mind
from tests.agent.serving.test_deadlines import ask
from tests.agent.serving.worlds import PATIENT, Stage


def swapping(old, new, play, **options):
    async def go():
        minds = Minds(old, options=ServingOptions(**options), load=lambda path: new)
        try:
            return await play(minds), minds.counters
        finally:
            await minds.close()

    return asyncio.run(go())


def test_new_weights_take_over_with_the_memories_of_the_old():
    old, new = FakeMind(), FakeMind()

    async def play(minds):
        await ask(minds, "w", ["a", "b"])
        await minds.swap(None)
        await ask(minds, "w", ["b"])
        return minds.mind

    mind, counters = swapping(old, new, play)
    assert mind is new
    assert new.memories is old.memories
    assert new.calls[-1] == [1]
    assert (counters.swaps, counters.rollbacks) == (1, 0)


def test_decisions_go_on_while_weights_are_loaded():
    hold, old = threading.Event(), fake_mind()

    def load(path):
        hold.wait(10)
        return fake_mind()

    async def go():
        minds = Minds(old, load=load)
        swap = asyncio.create_task(minds.swap(None))
        await asyncio.sleep(0.05)
        actions, seconds = await ask(minds)
        hold.set()
        await swap
        await minds.close()
        return actions, seconds

    actions, seconds = asyncio.run(go())
    assert actions == [WALK.tolist()]
    assert seconds < 0.08


def nothing(observations):
    raise ValueError("the wrong size")


@pytest.mark.parametrize("how", ["fails", "not a number"])
def test_weights_that_cannot_decide_are_refused_and_the_old_go_on(how):
    old, new = FakeMind(), FakeMind()
    if how == "fails":
        new.before = nothing
    else:
        new.competence = np.nan

    async def play(minds):
        with pytest.raises(SwapError, match="the old ones go on: train again"):
            await minds.swap(None)
        return (await ask(minds))[0], minds.mind

    (actions, mind), counters = swapping(old, new, play)
    assert actions == [WALK.tolist()]
    assert mind is old
    assert counters.swaps == 0


@pytest.mark.parametrize("how", ["fails", "not a number"])
def test_weights_whose_first_decisions_fail_are_given_up_again(how, caplog):
    old, new = FakeMind(), FakeMind()

    async def play(minds):
        await minds.swap(None)
        await ask(minds)
        if how == "fails":
            new.before = nothing
        else:
            new.competence = np.nan
        return (await ask(minds))[0], minds.mind

    (actions, mind), counters = swapping(old, new, play)
    assert actions == [WALK.tolist()]  # the old mind decided at once
    assert mind is old
    assert (counters.swaps, counters.rollbacks, counters.fallbacks) == (1, 1, 0)
    assert "given up and the old ones go on" in caplog.text


def test_weights_that_have_proved_themselves_are_not_given_up():
    old, new = FakeMind(), FakeMind()

    async def play(minds):
        await minds.swap(None)
        for _ in range(TRIAL_DECISIONS):
            await ask(minds)
        new.before = nothing
        await ask(minds)
        return minds.mind

    mind, counters = swapping(old, new, play)
    assert mind is new
    assert counters.rollbacks == 0


def test_real_weights_are_swapped_and_bad_files_refused(tmp_path):
    shipped = WEIGHTS / "families.safetensors"
    if not shipped.exists():
        pytest.skip("no brain is shipped")
    copy, broken = tmp_path / "copy.safetensors", tmp_path / "broken.safetensors"
    copy.write_bytes(shipped.read_bytes())
    broken.write_bytes(shipped.read_bytes()[:2000])

    async def play(swap):
        minds = Minds(Mind.load(), options=PATIENT)
        stage, actions = Stage("w", "navigation/named_place"), []
        for number in range(20):
            if swap and number == 5:
                with pytest.raises(CheckpointError, match="damaged or no safetensors"):
                    await minds.swap(broken)
            if swap and number == 10:
                await minds.swap(copy)
            reply = await minds.decide(stage.batch())
            actions.append(reply.actions.tolist())
            stage.step(reply.actions)
        await minds.close()
        return actions, minds.counters

    (swapped, counters), (plain, _) = asyncio.run(play(True)), asyncio.run(play(False))
    assert swapped == plain  # belief, metacognition and dice went on
    assert (counters.swaps, counters.rollbacks) == (1, 0)


def test_a_signal_that_finds_bad_weights_is_one_sentence(caplog):
    def load(path):
        raise CheckpointError(f"{path} is of another contract: train again.")

    async def go():
        minds = Minds(fake_mind(), load=load)
        upkeep = Upkeep(minds)
        upkeep.reload()
        await asyncio.sleep(0.1)
        actions, _ = await ask(minds)
        await minds.close()
        return actions

    assert asyncio.run(go()) == [WALK.tolist()] != [list(NO_OP)]
    assert caplog.messages == ["None is of another contract: train again."]


def test_weights_that_are_being_read_when_the_server_stops_are_no_complaint(caplog):
    hold, fresh = threading.Event(), fake_mind()

    def load(path):
        hold.wait(10)
        return fresh

    async def go():
        minds = Minds(fake_mind(), load=load)
        upkeep = Upkeep(minds)
        upkeep.reload()
        await asyncio.sleep(0.1)
        await upkeep.stop()
        await minds.close()
        hold.set()
        await asyncio.sleep(0.1)

    asyncio.run(go())
    assert not caplog.messages
