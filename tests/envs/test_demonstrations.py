"""Demonstrations: recorded, read, replayed bit for bit, and refused in words."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from envs.contract import MASK_SIZE, NO_OP, Branch, Move
from envs.demonstrations import (
    Demonstration,
    DemonstrationError,
    DemonstrationWriter,
    Header,
    as_arrays,
    iterate_decisions,
    load_demonstration,
    record_episode,
    replay,
    writer,
)
from envs.policies import oracle
from envs.scene_file import dump_scene, load_scene

TEAM = Header(task="coordination/two_know_halves", seed=3, npcs=2, drivers=("oracle", "random"))
WALK = np.array([NO_OP])
WALK[0, Branch.MOVE] = Move.WALK


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("demonstrations") / "team.npz"
    record_episode(file, TEAM, oracle)
    return file


def rewritten(file: Path, out: Path, **changes: Any) -> Path:
    """A copy of a demonstration with other arrays, or None for those that are left out."""
    with np.load(file) as stored:
        arrays = {name: stored[name] for name in stored.files} | changes
    np.savez(out, **{name: array for name, array in arrays.items() if array is not None})
    return out


def header_bytes(**changes: Any) -> np.ndarray:
    text = json.dumps(json.loads(TEAM.model_dump_json()) | changes)
    return np.frombuffer(text.encode(), np.uint8)


def test_an_episode_is_kept_as_its_actions_and_replayed_bit_for_bit(recorded):
    demonstration = load_demonstration(recorded)
    assert demonstration.header == TEAM and demonstration.is_finished
    assert demonstration.actions.dtype == np.int32
    assert demonstration.actions[..., Branch.SAY].any()  # words are actions too
    assert recorded.stat().st_size < 100 * demonstration.decisions
    world = TEAM.begin_world()
    for step in replay(demonstration):
        seen = world.observe()
        for name, values in seen.items():
            assert np.array_equal(step.observation[name], values), name
        result = world.step(step.action)
        assert np.array_equal(step.reward, result.reward)
        assert step.terminated == result.terminated[0] and step.truncated == result.truncated[0]
    assert step.terminated and step.reward.tolist() == demonstration.rewards[-1].tolist()


def test_learners_get_arrays_and_decisions(recorded):
    demonstration = load_demonstration(recorded)
    count = demonstration.decisions
    arrays = as_arrays(demonstration)
    assert arrays["camera"].shape == (count, 2, 3, 64, 64)
    assert arrays["action_mask"].shape == (count, 2, MASK_SIZE)
    decisions = list(iterate_decisions([recorded], drivers=("random",)))
    assert len(decisions) == count
    assert {decision.driver for decision in decisions} == {"random"}
    assert decisions[0].info["restart"] and decisions[0].info["goal"]
    assert "restart" not in decisions[1].info
    for number in (0, count - 1):
        assert np.array_equal(decisions[number].observation["self"], arrays["self"][number, 1])
        assert np.array_equal(decisions[number].action, arrays["action"][number, 1])
        mask = decisions[number].info["action_mask"]
        assert np.array_equal(mask, arrays["action_mask"][number, 1])
    assert len(list(iterate_decisions([recorded, recorded]))) == 4 * count


def test_learners_do_not_get_nothing_in_silence(recorded):
    with pytest.raises(DemonstrationError, match=r"driven by persn: choose from .*random"):
        list(iterate_decisions([recorded], drivers=("persn",)))
    with pytest.raises(ValueError, match=r"drivers is 'random': give a list, such as \['random'\]"):
        list(iterate_decisions([recorded], drivers="random"))
    for path in (recorded, str(recorded)):
        with pytest.raises(ValueError, match=r"paths is '.*': give a list, such as \['"):
            list(iterate_decisions(path))


def test_a_scene_file_travels_inside(tmp_path):
    scene = load_scene("home")
    header = Header(
        task="navigation/named_place", seed=5, family=scene.family, scene=dump_scene(scene),
        drivers=("oracle",), perturbations=("camera_noise",), action_delay=1,
    )  # fmt: skip
    record_episode(tmp_path / "home.npz", header, oracle)
    demonstration = load_demonstration(tmp_path / "home.npz")
    assert len(list(replay(demonstration))) == demonstration.decisions > 1


def test_spoken_sentences_are_replayed_too(recorded, tmp_path, monkeypatch):
    pytest.importorskip("hibari")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said = TEAM.model_copy(update={"speech": "voice"})
    world = said.begin_world()
    with DemonstrationWriter(tmp_path / "a.npz", said, world.observe()) as keeper:
        for actions in load_demonstration(recorded).actions[:12]:
            keeper.add(actions, world.step(actions), world.observe())
    spoken = load_demonstration(tmp_path / "a.npz")
    assert len(list(replay(spoken))) == 12
    silent = load_demonstration(recorded)
    assert not np.array_equal(spoken.observation_hashes, silent.observation_hashes[:13])


@pytest.mark.parametrize("number", [0, 7])
def test_a_difference_is_said_with_its_decision(recorded, tmp_path, number):
    with np.load(recorded) as stored:
        hashes, rewards = stored["observation_hashes"], stored["rewards"]
    hashes[number, 1, 0] ^= 1
    other = load_demonstration(rewritten(recorded, tmp_path / "a.npz", observation_hashes=hashes))
    with pytest.raises(DemonstrationError, match=f"at decision {number}: what NPC 1 observed"):
        list(replay(other))
    assert len(list(replay(other, verify=False))) == other.decisions
    rewards[number, 0] += 1
    other = load_demonstration(rewritten(recorded, tmp_path / "b.npz", rewards=rewards))
    with pytest.raises(DemonstrationError, match=f"at decision {number}: its reward or end"):
        list(replay(other))


def test_the_last_observation_is_checked_too(recorded, tmp_path):
    with np.load(recorded) as stored:
        hashes = stored["observation_hashes"]
    hashes[-1] ^= 1
    other = load_demonstration(rewritten(recorded, tmp_path / "a.npz", observation_hashes=hashes))
    with pytest.raises(DemonstrationError, match=f"at decision {other.decisions}: "):
        list(replay(other))


def refuse(path: Path, sentence: str) -> None:
    with pytest.raises(DemonstrationError, match=sentence) as raised:
        load_demonstration(path)
    text = str(raised.value)
    assert text.startswith(str(path)) and text.endswith(".") and "\n" not in text


@pytest.mark.parametrize("contents", [b"a song", b"PX", b"\x93NUMPY\x01\x00"])
def test_another_file_is_refused(tmp_path, contents):
    file = tmp_path / "other.npz"
    file.write_bytes(contents)
    refuse(file, "is not a demonstration: give a file that `heedful play --record FILE` wrote")


def test_another_npz_is_refused(recorded, tmp_path):
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    refuse(tmp_path / "other.npz", "is not a demonstration")
    changed = header_bytes(format="something else")
    refuse(rewritten(recorded, tmp_path / "a.npz", header=changed), "is not a demonstration")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    refuse(tmp_path / "no.npz", r"cannot be read \(No such file or directory\)")
    refuse(tmp_path, r"cannot be read \(Is a directory\)")


def test_another_version_is_refused(recorded, tmp_path):
    newer = rewritten(recorded, tmp_path / "a.npz", header=header_bytes(version=2, more="?"))
    refuse(newer, "of version 2 and this Heedful reads version 1: use the Heedful that")
    other = rewritten(recorded, tmp_path / "b.npz", header=header_bytes(contract_hash="0123"))
    refuse(other, r"another contract \(0123\) than this Heedful has")


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(recorded, tmp_path, kept):
    whole = recorded.read_bytes()
    file = tmp_path / "cut.npz"
    file.write_bytes(whole[: int(kept * len(whole))])
    refuse(file, "is cut off or damaged: copy it again")


def test_damage_in_the_middle_is_refused(recorded, tmp_path):
    whole = bytearray(recorded.read_bytes())
    whole[len(whole) // 2] ^= 0x55
    (tmp_path / "a.npz").write_bytes(whole)
    refuse(tmp_path / "a.npz", "is cut off or damaged")


@pytest.mark.parametrize(
    "changes",
    [
        {"rewards": None},
        {"rewards": np.zeros((3, 2), np.float32)},
        {"actions": np.full((54, 2, 8), 99, np.int32)},
        {"actions": np.zeros(3, np.int32)},
        {"header": np.frombuffer(b"{", np.uint8)},
        {"header": header_bytes(drivers=["one"])},
        {"header": header_bytes(unknown=1)},
        {"header": np.array([object()])},
    ],
)
def test_contents_that_do_not_fit_are_refused(recorded, tmp_path, changes):
    refuse(rewritten(recorded, tmp_path / "a.npz", **changes), "is cut off or damaged")


def test_what_cannot_be_staged_any_more_is_said(recorded, tmp_path):
    gone = rewritten(recorded, tmp_path / "a.npz", header=header_bytes(task="navigation/gone"))
    with pytest.raises(DemonstrationError, match="cannot be staged: No task is called"):
        list(replay(load_demonstration(gone)))


def play_some(file: Path, decisions: int) -> None:
    header = Header(task="navigation/named_place", seed=1, drivers=("person",))
    world = header.begin_world()
    with DemonstrationWriter(file, header, world.observe()) as keeper:
        for _ in range(decisions):
            result = world.step(WALK)
            keeper.add(WALK, result, world.observe())
        raise KeyboardInterrupt


def test_stopping_keeps_what_was_played(tmp_path):
    file = tmp_path / "new" / "some.npz"
    with pytest.raises(KeyboardInterrupt):
        play_some(file, 7)
    demonstration = load_demonstration(file)
    assert demonstration.decisions == 7 and not demonstration.is_finished
    assert len(list(replay(demonstration))) == 7
    with pytest.raises(KeyboardInterrupt):
        play_some(tmp_path / "none.npz", 0)
    assert list(tmp_path.iterdir()) == [file.parent]  # nothing played leaves nothing


def test_an_ended_episode_is_written_before_anybody_leaves(tmp_path):
    world = TEAM.begin_world()
    keeper = DemonstrationWriter(tmp_path / "a.npz", TEAM, world.observe())
    is_over = False
    while not is_over:
        actions = oracle(world)
        result = world.step(actions)
        keeper.add(actions, result, world.observe())
        is_over = bool(result.terminated[0])
    assert load_demonstration(tmp_path / "a.npz").is_finished


def test_control_c_within_a_decision_leaves_no_half_of_it(tmp_path, monkeypatch):
    header = Header(task="navigation/named_place", seed=1, drivers=("person",))
    world = header.begin_world()

    def interrupted(observations):
        raise KeyboardInterrupt

    with (
        pytest.raises(KeyboardInterrupt),
        DemonstrationWriter(tmp_path / "a.npz", header, world.observe()) as keeper,
    ):
        keeper.add(WALK, world.step(WALK), world.observe())
        monkeypatch.setattr(writer, "hash_observations", interrupted)
        keeper.add(WALK, world.step(WALK), world.observe())
    assert len(list(replay(load_demonstration(tmp_path / "a.npz")))) == 1


def test_no_recording_is_overwritten(recorded):
    before = recorded.read_bytes()
    with pytest.raises(DemonstrationError, match="exists already: give another file"):
        record_episode(recorded, TEAM, oracle)
    assert recorded.read_bytes() == before


def test_a_file_that_cannot_be_written_is_said_before_anything_is_played():
    with pytest.raises(DemonstrationError, match=r"/proc/no/a.npz cannot be written \(.+\): give"):
        record_episode(Path("/proc/no/a.npz"), TEAM, oracle)


def test_a_full_disk_loses_nothing_earlier(tmp_path, monkeypatch):
    real, calls = writer.write_demonstration, []

    def full(path: Path, demonstration: Demonstration, *, flush: bool) -> None:
        calls.append(demonstration.decisions)
        if demonstration.decisions > writer.SAVED_EVERY:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, demonstration, flush=flush)

    monkeypatch.setattr(writer, "write_demonstration", full)
    file = tmp_path / "some.npz"
    with pytest.raises(DemonstrationError, match="keeps the first 50 of 120 decisions: make room"):
        play_some(file, 120)
    assert calls == [0, 50, 100, 120]
    assert load_demonstration(file).decisions == 50


def test_a_file_half_written_leaves_the_one_before(tmp_path, monkeypatch):
    file = tmp_path / "some.npz"
    real = np.savez_compressed

    def half(out: Any, **arrays: Any) -> None:
        if len(arrays["actions"]) > writer.SAVED_EVERY:
            out.write(b"PK\x03\x04")
            raise OSError(errno.ENOSPC, "No space left on device")
        real(out, **arrays)

    monkeypatch.setattr(np, "savez_compressed", half)
    with pytest.raises(DemonstrationError, match="No space left on device"):
        play_some(file, 60)
    assert load_demonstration(file).decisions == 50
    assert list(tmp_path.iterdir()) == [file]
