import asyncio
import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from agent import recording
from agent.mind import Mind
from agent.recording import EpisodeLog, RecordingError
from agent.report.record import read_record
from agent.serving import Minds, blank_observations, join_infos
from agent.serving.decider import Decider
from envs.contract import FIELDS, SelfColumn
from tests.agent.serving.worlds import END, PATIENT, START, make_batch
from unity_bridge import png_kernels
from unity_bridge.batch import Ending

# ----------------------------------------------------------------------------- minds in a process


@pytest.fixture(scope="module")
def mind():
    return Mind.untrained()


@pytest.fixture
def minds(mind):
    mind.memories.drop_all()
    return Minds(mind, options=PATIENT)


def run(minds, steps):
    """Run steps one after another, each some batches that are asked for at once."""

    async def ask():
        replies = []
        for step in steps:
            if callable(step):
                step()
            else:
                replies += await asyncio.gather(*(minds.decide(batch) for batch in step))
        await minds.close()
        return replies

    return asyncio.run(ask())


def test_worlds_that_ask_together_are_decided_together(minds, monkeypatch):
    sizes, decide_alone = [], minds.mind.decide

    def watch(observations, infos, **more):
        sizes.append(infos.rows)
        return decide_alone(observations, infos, **more)

    monkeypatch.setattr(minds.mind, "decide", watch)
    one, two = run(minds, [[make_batch("world-1", ["a", "b"]), make_batch("world-2", ["a"])]])
    assert sizes == [3]
    assert one.actions.shape == (2, 8)
    assert two.actions.shape == (1, 8)
    assert len(one.mind) == 2
    assert one.mind[0].keys() == {"strategy", "reason", "competence"}
    counters = minds.counters
    assert counters.call_ms.count == 2
    assert counters.decisions == 3
    assert counters.batch_rows.values().tolist() == [3]
    assert (counters.npcs, counters.worlds, counters.waiting) == (3, 2, 0)


def seats(minds):
    return {(r.world, r.npc): r.seat for r in minds.residents.everybody()}


def test_a_mind_belongs_to_world_and_key(minds):
    both = [make_batch("world-1", ["a"]), make_batch("world-2", ["a"])]
    run(minds, [both, [make_batch("world-2", ["a"])]])
    assert seats(minds) == {("world-1", "a"): 0, ("world-2", "a"): 1}
    assert minds.mind.memories.decisions.tolist() == [1, 2]


def test_a_game_that_ends_episodes_keeps_its_minds_and_an_evaluation_does_not(minds):
    counts = []

    def note():
        counts.append(minds.mind.memories.decisions.tolist())

    first = make_batch("world-1", ["a"], first=True)
    measured = make_batch("world-1", ["a"], first=True, episodes=[[START]])
    run(minds, [[first], [first], note, [measured], note])
    assert counts == [[2], [1]]


def test_seats_of_a_world_that_left_are_used_again(minds):
    begin = [make_batch("world-1", ["a", "b"]), make_batch("world-2", ["c"])]
    run(minds, [begin, lambda: minds.released("world-1"), [make_batch("world-3", ["d", "e", "f"])]])
    assert sorted(seats(minds).values()) == [0, 1, 2, 3]
    assert minds.mind.memories.belief.rows == 4
    assert minds.mind.memories.decisions.tolist() == [1, 1, 1, 1]


def test_dice_are_named_by_the_episode_not_by_the_seat(minds):
    same = {"first": True, "episodes": [[START]]}
    both = [make_batch("world-1", ["other"]), make_batch("world-2", ["area0/npc0"], **same)]
    run(minds, [both, [make_batch("world-9", ["area5/npc0"], **same)]])
    numbers = minds.mind.memories.numbers.tolist()
    assert numbers[1] == numbers[2] != numbers[0]
    keys = join_infos([make_batch("world-2", ["area0/npc1"], **same)]).keys
    assert keys == ["navigation/ringing/7/npc1"]


@pytest.mark.parametrize(
    ("given", "rows", "used"), [(None, 16, 1), (None, 17, os.cpu_count()), (1, 64, 1)]
)
def test_few_npcs_are_decided_by_one_thread(mind, given, rows, used):
    decider = Decider(mind, None, given)
    decider.thread.submit(decider.set_threads, rows).result()
    assert decider._threads_in_use == used


def test_warm_up_leaves_nothing_behind(minds):
    asyncio.run(minds.warm_up())
    assert len(minds.mind.memories.decisions) == 0
    assert minds.counters.call_ms.count == 0


def test_warm_up_reads_a_picture_so_that_no_player_waits_for_the_compiler(minds, monkeypatch):
    sizes = []

    def read(*arguments):
        sizes.append(arguments[-3].shape)
        lay_out(*arguments)

    lay_out = png_kernels.lay_out
    monkeypatch.setattr(png_kernels, "lay_out", read)
    asyncio.run(minds.warm_up())
    assert sizes and sizes[0][0] > 0


def test_blank_observations_have_the_contracts_shapes():
    blank = blank_observations(3)
    for field in FIELDS:
        assert blank[field.name].shape == (3, *field.shape)
        assert blank[field.name].dtype == field.dtype


# -------------------------------------------------------------------------------------- recording


def test_an_episode_is_written_when_it_ends(mind, tmp_path):
    log = EpisodeLog(tmp_path, "tiny")
    minds = Minds(mind, log=log, options=PATIENT)
    goal = [[{"op": "set", "goal": 1, "text": "go to the thing that is ringing"}]]
    start = make_batch("world-1", ["npc0"], True, [[START]], goal)
    end = make_batch("world-1", ["npc0"], True, [[END, {**START, "seed": 8}]], goal)
    empty = []
    run(minds, [[start], lambda: empty.extend(tmp_path.iterdir()), [end]])
    assert empty == []
    files = sorted(tmp_path.iterdir())
    record = read_record(files[0])
    assert (record.task, record.seed, record.map) == ("navigation/ringing", 7, "known")
    assert record.brain == "tiny"
    assert record.result is not None
    assert record.result.success
    assert len(record.decisions) == 1
    assert [read_record(path).seed for path in files] == [7, 8]
    assert read_record(files[1]).result is None
    assert json.loads(files[0].read_text().splitlines()[0])["goal"]


def test_a_record_that_cannot_be_written_does_not_stop_decisions(mind, tmp_path, caplog):
    minds = Minds(mind, log=EpisodeLog(tmp_path / "episodes"), options=PATIENT)

    def spoil():
        (tmp_path / "episodes").rmdir()
        (tmp_path / "episodes").write_text("in the way")

    batch = make_batch("world-1", ["npc0"], True)
    replies = run(minds, [[batch], spoil, [batch]])
    assert replies[1].actions.shape == (1, 8)
    assert "cannot be written" in caplog.text


def test_a_full_disk_is_told_of_once_and_what_was_lost_is_counted(mind, tmp_path, caplog):
    log = EpisodeLog(tmp_path / "episodes")
    minds = Minds(mind, log=log, options=PATIENT)

    def spoil():
        (tmp_path / "episodes").rmdir()
        (tmp_path / "episodes").write_text("in the way")

    def mend():
        log.flush()
        (tmp_path / "episodes").unlink()
        (tmp_path / "episodes").mkdir()

    batch = make_batch("world-1", ["npc0", "npc1", "npc2"], True)
    run(minds, [[batch], spoil, [batch], mend])
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert "cannot be written" in told[0]
    assert told[1] == f"3 episodes could not be recorded in {tmp_path / 'episodes'}"
    assert log.written == 3


def test_a_folder_that_was_deleted_is_made_anew_and_that_is_told_of_once(mind, tmp_path, caplog):
    log = EpisodeLog(tmp_path / "episodes")
    minds = Minds(mind, log=log, options=PATIENT)
    batch = make_batch("world-1", ["npc0", "npc1"], True)
    run(minds, [[batch], lambda: (tmp_path / "episodes").rmdir(), [batch], log.flush, [batch]])
    (told,) = caplog.records
    assert told.event == "recording_folder_gone"
    assert told.getMessage() == (
        f"{tmp_path / 'episodes'} is gone, and with it what was recorded there: it is made anew, "
        "and recording goes on"
    )
    assert log.written == len(list((tmp_path / "episodes").iterdir())) == 6


def test_a_deleted_folder_is_noticed_also_while_no_episode_ends(tmp_path, caplog):
    log = EpisodeLog(tmp_path / "episodes")
    (tmp_path / "episodes").rmdir()
    log.tidy()
    log.tidy()
    log.flush()
    assert (tmp_path / "episodes").is_dir()
    assert [record.event for record in caplog.records] == ["recording_folder_gone"]
    log.close()


def test_a_disk_that_hangs_holds_up_neither_the_server_nor_its_end(
    mind, tmp_path, caplog, monkeypatch
):
    log, hang = EpisodeLog(tmp_path), threading.Event()
    monkeypatch.setattr(recording, "write_record", lambda record, path: hang.wait(20))
    monkeypatch.setattr(EpisodeLog.close, "__defaults__", (0.5,))
    minds = Minds(mind, log=log, options=PATIENT)
    turns: list[float] = []

    async def serve():
        await minds.decide(make_batch("world-1", ["npc0", "npc1"], True))
        closing = asyncio.create_task(minds.close())
        while not closing.done():
            log.tidy()
            await asyncio.sleep(0.05)
            turns.append(time.monotonic())

    begun = time.monotonic()
    asyncio.run(serve())
    assert time.monotonic() - begun < 10
    assert len(turns) > 3
    (told,) = caplog.records
    assert told.getMessage() == f"the disk of {tmp_path} hangs: 2 episodes are not recorded"
    hang.set()


def test_the_last_files_are_waited_for_while_one_after_the_other_is_written(
    mind, tmp_path, caplog, monkeypatch
):
    log = EpisodeLog(tmp_path)
    monkeypatch.setattr(recording, "write_record", lambda record, path: time.sleep(0.1))
    monkeypatch.setattr(EpisodeLog.close, "__defaults__", (0.6,))
    npcs = [f"npc{number}" for number in range(9)]
    run(Minds(mind, log=log, options=PATIENT), [[make_batch("world-1", npcs, True)]])
    assert (log.written, caplog.records) == (9, [])


def test_what_cannot_be_told_in_words_costs_no_decision(mind, tmp_path, caplog):
    log = EpisodeLog(tmp_path)
    minds = Minds(mind, log=log, options=PATIENT)
    odd = make_batch("world-1", ["npc0", "npc1"], True)
    odd.observations["self"][:, SelfColumn.LAST_ACT] = -1.0
    sane = make_batch("world-2", ["npc0"], True)
    run(minds, [[odd, sane], [odd, sane]])
    assert minds.counters.decisions == 6
    assert minds.counters.failures == 0
    told = [r.getMessage() for r in caplog.records if "cannot be recorded" in r.getMessage()]
    assert len(told) == 1
    assert told[0].startswith("world-1: decisions of npc0 cannot be recorded, because what it")
    records = [read_record(path) for path in tmp_path.iterdir()]
    assert [(record.world, len(record.decisions)) for record in records] == [("world-2", 1)] * 2


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="give --record another folder"):
        EpisodeLog(Path(tmp_path / "file" / "deeper"))


def test_npcs_without_keys_leave_their_seats_when_their_episodes_end(mind, tmp_path):
    mind.memories.drop_all()
    log = EpisodeLog(tmp_path)
    minds = Minds(mind, log=log, options=replace(PATIENT, max_npcs=3))
    batches = [make_batch("w", [f"Heedful#{number}", "Ada"]) for number in range(8)]
    for number, batch in enumerate(batches[1:]):
        over = [(number, f"Heedful#{number}"), (99, "Ada")]
        batch.endings.extend(Ending(agent, npc, 0.0, 0.0, False) for agent, npc in over)
    run(minds, [[batch] for batch in batches])
    assert minds.counters.refused == 0
    assert seats(minds).keys() == {("w", "Heedful#7"), ("w", "Ada")}
    assert mind.memories.decisions[mind.memories.find([seats(minds)["w", "Ada"]])] == 8
    assert log.written == 9  # those who left were not kept until their world leaves
