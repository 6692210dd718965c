"""All minds in a file."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from agent.mind import Mind
from agent.operations.serial import SerialExecutor
from agent.serving import Minds, ServingOptions
from agent.serving.saving import read_mind
from agent.serving.snapshot import SnapshotError, hold_snapshot, read_snapshot, write_snapshot
from agent.serving.upkeep import Upkeep
from tests.agent.serving.fakes import fake_mind
from tests.agent.serving.test_saving import load_mind
from tests.agent.serving.worlds import PATIENT, Stage, make_batch

MINDS = {("world-1", "npc0"): b"one", ("world-1", "Gärtner"): b"", ("world-2", "npc0"): b"two"}


def test_a_file_gives_back_what_was_written(tmp_path):
    file = tmp_path / "minds"
    assert read_snapshot(file) == {}
    write_snapshot(file, {})
    assert read_snapshot(file) == {}
    write_snapshot(file, MINDS)
    assert read_snapshot(file) == MINDS
    assert [path.name for path in tmp_path.iterdir()] == ["minds"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda b: b"JUNK" + b[4:], "holds no minds: give --snapshot another file"),
        (lambda b: b[:3], "holds no minds"),
        (lambda b: b[:4] + b"\x09" + b[5:], "of version 9 and this package reads version 1"),
        (lambda b: b[:-1], "damaged: move it away"),
        (lambda b: b[:12] + b"\xff" + b[13:], "damaged: move it away"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(tmp_path, damage, message):
    file = tmp_path / "minds"
    write_snapshot(file, MINDS)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(SnapshotError, match=message):
        Upkeep(Minds(fake_mind()), snapshot=file)


def test_a_file_that_cannot_be_written_is_told_at_the_start(tmp_path):
    with pytest.raises(SnapshotError, match=r"cannot be written to .* give --snapshot another"):
        Upkeep(Minds(fake_mind()), snapshot=tmp_path / "nowhere" / "minds")


def test_a_server_that_starts_again_goes_on_where_it_stopped(tmp_path):
    """The same actions as those of a server that never stopped."""
    file = tmp_path / "minds"

    async def play(minds, stage, count):
        actions = []
        for _ in range(count):
            reply = await minds.decide(stage.batch())
            actions.append(reply.actions.tolist())
            stage.step(reply.actions)
        return actions

    async def go(restart):
        stage = Stage("world-1", "coordination/two_know_halves")
        minds = Minds(load_mind(), options=PATIENT)
        upkeep = Upkeep(minds, snapshot=file)
        upkeep.start()
        await minds.decide(make_batch("world-2", ["nobody asks for it again"]))
        await play(minds, stage, 15)
        if restart:
            await upkeep.stop()
            minds.released("world-1")
            await minds.close()
            minds = Minds(load_mind(), options=PATIENT)
            upkeep = Upkeep(minds, snapshot=file)
            upkeep.start()
            assert await minds.save("world-1", "npc0")
        actions = await play(minds, stage, 15)
        await upkeep.stop()
        await minds.close()
        return actions

    restarted = asyncio.run(go(True))
    assert ("world-2", "nobody asks for it again") in read_snapshot(file)
    file.unlink()
    assert restarted == asyncio.run(go(False))


def test_a_mind_in_the_file_that_cannot_be_used_begins_anew(tmp_path, caplog):
    file = tmp_path / "minds"
    write_snapshot(file, {("w", "a"): b"JUNK"})

    async def go():
        minds = Minds(Mind.untrained(), options=PATIENT)
        Upkeep(minds, snapshot=file)
        reply = await minds.decide(make_batch("w", ["a"]))
        await minds.close()
        return reply, minds.counters

    reply, counters = asyncio.run(go())
    assert reply.actions.shape == (1, 8)
    assert counters.decisions == 1
    assert "w, a begins anew: This is not a saved mind" in caplog.text


def test_the_file_is_written_again_and_again(tmp_path):
    file = tmp_path / "minds"

    async def go():
        minds = Minds(Mind.untrained(), options=PATIENT)
        upkeep = Upkeep(minds, snapshot=file, seconds=0.02)
        upkeep.start()
        await minds.decide(make_batch("w", ["a"]))
        for _ in range(100):
            await asyncio.sleep(0.02)
            if read_snapshot(file):
                break
        await minds.close()

    asyncio.run(go())
    assert list(read_snapshot(file)) == [("w", "a")]


def test_a_mind_that_cannot_be_saved_ends_neither_the_writing_nor_the_server(
    tmp_path, monkeypatch, caplog
):
    async def go():
        minds = Minds(fake_mind())
        upkeep = Upkeep(minds, snapshot=tmp_path / "minds")
        upkeep.start()
        monkeypatch.setattr(minds, "save_all", lambda: 1 / 0)
        await upkeep.stop()
        await minds.close()

    asyncio.run(go())
    assert "the minds could not be written" in caplog.text


def test_the_last_writing_waits_for_one_that_was_given_up(tmp_path, monkeypatch):
    order, first = [], threading.Event()

    def write(path, saved):
        order.append("begin")
        first.set()
        time.sleep(0.1)
        order.append("end")

    async def go():
        minds = Minds(fake_mind())
        upkeep = Upkeep(minds, snapshot=tmp_path / "minds", seconds=0.01)
        monkeypatch.setattr("agent.serving.upkeep.write_snapshot", write)
        upkeep.start()
        await asyncio.to_thread(first.wait, 10)
        await upkeep.stop()
        await minds.close()

    asyncio.run(go())
    assert order == ["begin", "end"] * 2


def test_the_file_stays_ours_until_a_writing_that_hangs_has_ended(tmp_path, monkeypatch, caplog):
    file, hangs, hang = tmp_path / "minds", threading.Event(), threading.Event()

    def write(path, saved):
        hangs.set()
        hang.wait(20)

    async def go():
        minds = Minds(fake_mind())
        upkeep = Upkeep(minds, snapshot=file, seconds=0.01)
        monkeypatch.setattr("agent.serving.upkeep.write_snapshot", write)
        monkeypatch.setattr("agent.serving.upkeep.LAST_SECONDS", 0.1)
        upkeep.start()
        await asyncio.to_thread(hangs.wait, 10)
        await upkeep.stop()
        await minds.close()

    begun = time.perf_counter()
    asyncio.run(go())
    assert time.perf_counter() - begun < 2.0  # the server ends although the disk hangs
    assert "the mind or the disk hangs" in caplog.text
    with pytest.raises(SnapshotError, match="another server that runs"):
        hold_snapshot(file)
    hang.set()
    deadline = time.perf_counter() + 10.0
    while True:
        try:
            hold_snapshot(file).release()
            break
        except SnapshotError:
            assert time.perf_counter() < deadline
            time.sleep(0.01)


# ------------------------------------------------------------------------------- a mind that hangs


def test_a_thread_that_hangs_is_left_behind():
    thread, hang = SerialExecutor("mind"), threading.Event()
    assert thread.submit(sum, [1, 2]).result(5) == 3
    with pytest.raises(ZeroDivisionError):
        thread.submit(lambda: 1 / 0).result(5)
    thread.submit(hang.wait, 20)
    begun = time.perf_counter()
    assert not thread.close(0.05)
    assert time.perf_counter() - begun < 1.0
    with pytest.raises(RuntimeError, match="the mind has stopped"):
        thread.submit(sum, []).result(5)
    hang.set()


def test_a_server_stops_although_its_mind_hangs(monkeypatch, caplog):
    monkeypatch.setattr("agent.serving.minds.CLOSE_SECONDS", 0.1)
    mind, hang = fake_mind(), threading.Event()
    mind.before = lambda _: hang.wait(20)

    async def go():
        minds = Minds(mind, options=ServingOptions(deadline_seconds=0.02))
        await minds.decide(make_batch("w", ["a"]))
        await minds.close()

    begun = time.perf_counter()
    asyncio.run(go())
    assert time.perf_counter() - begun < 2.0
    assert "the mind hangs and is left behind" in caplog.text
    hang.set()


def test_a_server_that_warms_up_stops_without_waiting_for_it(monkeypatch, caplog):
    hang = threading.Event()

    async def go():
        minds = Minds(fake_mind())
        monkeypatch.setattr(minds._decider, "warm_up", lambda: hang.wait(60))
        warm = asyncio.create_task(minds.warm_up())
        await asyncio.sleep(0.05)
        await minds.close()
        warm.cancel()

    begun = time.perf_counter()
    asyncio.run(go())
    assert time.perf_counter() - begun < 5.0
    assert "hangs" not in caplog.text
    hang.set()


def test_two_servers_never_write_the_same_file(tmp_path):
    """Not even in two processes: the lock is the system's."""
    file = tmp_path / "minds"

    async def play():
        first = Upkeep(Minds(fake_mind()), snapshot=file)
        first.start()
        with pytest.raises(SnapshotError, match="is the --snapshot of another server that runs"):
            Upkeep(Minds(fake_mind()), snapshot=file)
        script = f"""
import pathlib
from agent.serving.snapshot import hold_snapshot
hold_snapshot(pathlib.Path({str(file)!r}))
"""
        other = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
        assert "stop that one, or give --snapshot another file" in other.stderr
        await first.stop()
        Upkeep(Minds(fake_mind()), snapshot=file)

    asyncio.run(play())


def test_a_mind_that_its_game_loads_is_not_overwritten_by_the_file(tmp_path):
    """Also when the mind's thread is busy, so that a decision is asked for before it is loaded."""

    async def minds_after(count):
        minds = Minds(load_mind(), options=PATIENT)
        for _ in range(count):
            await minds.decide(make_batch("w", ["a"]))
        saved = await minds.save("w", "a")
        await minds.close()
        return saved

    async def play():
        old, new = await minds_after(2), await minds_after(7)
        minds = Minds(load_mind(), options=PATIENT)
        minds.expect({("w", "a"): old})
        minds._decider.thread.submit(time.sleep, 0.3)
        loading = asyncio.create_task(minds.restore("w", "a", new))
        await asyncio.sleep(0.05)
        await minds.decide(make_batch("w", ["a"]))
        await loading
        blob = await minds.save("w", "a")
        await minds.close()
        assert blob is not None
        return read_mind(blob).decisions

    assert asyncio.run(play()) == 8
