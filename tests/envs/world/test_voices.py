"""Sentences heard as speech: from whom, from where, for how long, and without clicks."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import gymnasium
import numpy as np
import pytest
from numpy.typing import NDArray

import envs
from envs import contract
from envs.contract import EAR_SAMPLES, EARS, Branch, Move, Say, SelfColumn
from envs.scene import Door, Fact, Person
from envs.tasks import make_episode
from envs.tasks.episode import Episode
from envs.voice import load_synthesiser, voice_of
from envs.world.sound import EAR_LEVEL, FADE_SAMPLES
from envs.world.sound_bank import LEAD_SAMPLES
from envs.world.voices import LONGEST_WAIT
from envs.world.world import BatchWorld
from tests.envs.world.stage import Stage, make_scene

ASK = {"say": Say.ASK, "about": "right"}
QUESTION = "where is the right hall"


class Talk(Stage):
    """Ada (row 0) listens while Bruno (row 1) speaks."""

    def __init__(self, *, speech: str = "voice", **scene) -> None:
        super().__init__(make_scene(npcs=2, **scene), senses=("audio",), speech=speech)

    def ears(self, row: int = 0) -> NDArray[np.float32]:
        """(2, EAR_SAMPLES): what a row has just heard."""
        return self.world.observation["audio"][row].reshape(EARS, EAR_SAMPLES).copy()

    def ask(self) -> NDArray[np.float32]:
        """Bruno asks; the first tenth of a second of it."""
        self.step({}, {"say": Say.ASK, "about": self.slot("right", 1)})
        return self.ears()

    def listen(self, decisions: int) -> NDArray[np.float32]:
        """(2, decisions * EAR_SAMPLES): what Ada hears next while nobody does anything."""
        heard = []
        for _ in range(decisions):
            self.step({}, {})
            heard.append(self.ears())
        return np.concatenate(heard, axis=1)

    def hear_question(self) -> NDArray[np.float32]:
        """(2, T): all of a question, to the tenth of a second."""
        return np.concatenate([self.ask(), self.listen(decisions_of(QUESTION) - 1)], axis=1)


def wave_of(text: str, name: str = "Bruno") -> NDArray[np.float32]:
    """(N,) a sentence as it is spoken in the open."""
    return load_synthesiser().frames(voice_of(name), text)[0, LEAD_SAMPLES:]


def decisions_of(text: str, name: str = "Bruno") -> int:
    return wave_of(text, name).size // EAR_SAMPLES


def loudness(wave: NDArray) -> NDArray:
    return np.sqrt(np.mean(np.square(wave, dtype=np.float64), axis=-1))


# -- what is heard -----------------------------------------------------------------------------


def test_the_sentence_is_heard_from_its_first_sample_to_its_last():
    stage = Talk()
    stage.place_body(2.0, 2.0, 0.0, row=0)  # Bruno is two metres ahead
    left, right = stage.hear_question()
    assert np.array_equal(left, right)
    said = wave_of(QUESTION)
    assert left[FADE_SAMPLES:] == pytest.approx(EAR_LEVEL / 2 * said[FADE_SAMPLES:], abs=1e-6)
    assert not said[:FADE_SAMPLES].any()  # nothing is lost while the ears fade in
    assert not stage.listen(10).any()


def test_text_and_voice_come_in_the_same_decision():
    stage = Talk()
    stage.ask()
    assert [line.text for line in stage.world.texts(0)] == [QUESTION]
    assert stage.ears().any()


def test_the_speaker_counts_as_speaking_until_the_end():
    stage, told = Talk(), []
    stage.ask()
    for _ in range(40):
        told.append(stage.world.observation["self"][1, SelfColumn.SPEAKING])
        assert bool(told[-1]) == bool(stage.ears().any())
        stage.step({}, {})
    assert sum(told) == decisions_of(QUESTION)


def test_people_who_answer_are_heard_with_a_voice_of_their_own():
    guide = Person(id="guide", name="Vera", role="guide", position=(2.0, 6.0),
                   facts=(Fact(about="right", where="right"),))  # fmt: skip
    stage = Talk(people=(guide,))
    stage.place_body(2.0, 2.0, 0.0, row=0)
    stage.ask()
    heard, texts = [], []
    for _ in range(80):
        stage.step({}, {})
        heard.append(stage.ears())
        texts += [line.text for line in stage.world.texts(0)]
    assert len(texts) == 1
    said = EAR_LEVEL / 4 * wave_of(texts[0], "Vera")
    both = np.concatenate(heard, axis=1)[0]
    start = int(np.argmax(np.correlate(both, said, "valid")))
    after = slice(max(start, decisions_of(QUESTION) * EAR_SAMPLES), start + said.size)
    assert start % EAR_SAMPLES == 0
    assert both[after] == pytest.approx(said[after.start - start :], abs=1e-6)


def test_the_louder_ear_follows_the_speakers_place():
    stage, sides = Talk(), []
    stage.ask()
    for x, z in ((2.0, 4.0), (2.0, 1.0), (4.0, 2.0), (2.0, 3.5)):  # Ada looks along +x: +z is left
        stage.state.person_position[0, stage.state.person[1]] = (x, 0.0, z)
        left, right = loudness(stage.listen(3)[:, FADE_SAMPLES:])
        sides.append(np.log(left / right))
    assert min(sides[0], sides[3]) > 0.5
    assert sides[1] < -0.5
    assert abs(sides[2]) < 0.1


def test_a_closed_door_muffles_the_sentence():
    heard = {}
    for state in ("open", "closed"):
        door = Door(id="door", between=("left", "right"), position=(8.0, 4.0), state=state)
        stage = Talk(door=door)
        stage.place_body(7.0, 4.0, row=0)
        stage.place_body(9.0, 4.0, row=1)
        heard[state] = stage.hear_question()[0]
    power = {state: np.abs(np.fft.rfft(wave)) ** 2 for state, wave in heard.items()}
    split = power["open"].size // 8  # 1 kHz
    treble = {state: p[split:].sum() / p[:split].sum() for state, p in power.items()}
    assert 0.3 < loudness(heard["closed"]) / loudness(heard["open"]) < 0.65
    assert treble["closed"] < 0.8 * treble["open"]


def test_far_away_nothing_is_heard():
    stage = Talk()
    stage.place_body(0.5, 0.5, row=0)
    stage.place_body(15.0, 7.5, row=1)
    assert not stage.hear_question().any()


# -- one sentence after the other --------------------------------------------------------------


def test_a_speaker_finishes_before_the_next_sentence():
    stage = Talk()
    stage.place_body(2.0, 2.0, 0.0, row=0)
    first = stage.ask()
    second = stage.ask()
    rest = stage.listen(2 * decisions_of(QUESTION) - 2)
    heard = np.concatenate([first, second, rest], axis=1)[0]
    said = EAR_LEVEL / 2 * np.tile(wave_of(QUESTION), 2)
    assert heard == pytest.approx(said, abs=1e-6)
    assert not stage.listen(3).any()


def test_a_chatterbox_does_not_lag_without_end():
    stage = Talk()
    for _ in range(60):
        stage.ask()
    silent = 0
    while stage.listen(1).any():
        silent += 1
    assert LONGEST_WAIT / 2 < silent < LONGEST_WAIT + 2 * decisions_of(QUESTION)


def test_what_cannot_be_pronounced_stays_babble(monkeypatch):
    monkeypatch.setattr("envs.world.voices.say_message", lambda *message: "馆")
    heard = {}
    for speech in ("text", "voice"):
        stage = Talk(speech=speech)
        heard[speech] = np.concatenate([stage.ask(), stage.listen(10)], axis=1)
    assert heard["text"].any()
    assert np.array_equal(heard["text"], heard["voice"])


def test_a_new_episode_begins_in_silence():
    stage = Talk()
    stage.ask()
    episode = stage.world.episodes[0]
    assert episode is not None
    stage.world.reset(0, episode)
    stage.world.observe()
    assert not stage.ears().any()
    assert not stage.listen(3).any()


# -- no clicks ---------------------------------------------------------------------------------


def test_no_click_at_any_border_while_both_walk_and_turn():
    stage, frames = Talk(), []
    random = np.random.default_rng(0)
    for decision in range(80):
        turns = random.integers(0, 5, 2).tolist()
        says = {"say": Say.ASK, "about": stage.slot("right", 1)} if decision % 7 == 0 else {}
        stage.step({"move": Move.WALK, "turn": turns[0]},
                   {"move": Move.WALK, "turn": turns[1], **says})  # fmt: skip
        frames.append(stage.ears())
    inside = max(float(np.abs(np.diff(frame, axis=1)).max()) for frame in frames)
    across = [float(np.abs(b[:, 0] - a[:, -1]).max()) for a, b in pairwise(frames)]
    assert max(across) <= 0.7 * inside
    # At a border the signal steps as it does elsewhere, not more.
    usual = np.sqrt(np.mean([np.mean(np.diff(frame, axis=1) ** 2) for frame in frames]))
    assert np.sqrt(np.mean(np.square(across))) < 2.0 * usual


# -- worlds beside each other ------------------------------------------------------------------


def play(seeds: list[int], watched: int, threads: int, family: str = "museum") -> str:
    """Hash what one world's NPC hears of a guide, of others and of itself, and its state."""
    world = BatchWorld(len(seeds), 1, senses=("audio",), speech="voice", threads=threads)
    for index, seed in enumerate(seeds):
        world.reset(index, make_episode("navigation/ask_then_go", seed, family))
    digest, loud = hashlib.sha256(), 0
    random = np.random.default_rng(3)
    for _ in range(40):
        seen = world.observe()
        digest.update(seen["audio"][watched].tobytes() + seen["self"][watched].tobytes())
        loud += bool(seen["audio"][watched].any())
        action = np.array([int(random.integers(size)) for size in contract.BRANCH_SIZES])
        action[Branch.ACT] = 0
        world.step(np.tile(action, (len(seeds), 1)))
    assert loud > 10
    return digest.hexdigest()


def test_same_bytes_whatever_the_batch_and_the_threads():
    alone = play([2_000_005], 0, 1)
    assert play([2_000_007, 2_000_005, 2_000_009], 1, 1) == alone
    assert play([2_000_007, 2_000_005, 2_000_009], 1, 2) == alone
    assert play([2_000_006], 0, 1) != alone


def test_a_larger_world_beside_it_cuts_nobody_short():
    heard = {}
    crowd = tuple(
        Person(id=f"v{n}", name=f"V{n}", role="visitor", position=(1.0 + n / 2, 7.0))
        for n in range(9)
    )
    small, large = make_scene(npcs=1), make_scene(npcs=1, people=crowd)
    for grows in (False, True):
        stage = Stage(small, senses=("audio",))
        task = stage.world.episodes[0]
        assert task is not None
        world = BatchWorld(2, 1, senses=("audio",), speech="voice", threads=1)
        for index in range(2):
            world.reset(index, Episode(small, "test", 7, task.npcs, False, 400))
        world.observe()
        frames = []
        for decision in range(25):
            if grows and decision == 6:
                world.reset(1, Episode(large, "test", 7, task.npcs, False, 400))
            actions = np.tile(contract.NO_OP, (2, 1))
            if decision == 2:
                actions[:, Branch.SAY], actions[0, Branch.ABOUT] = Say.ASK, stage.slot("right")
            world.step(actions)
            frames.append(world.observe()["audio"][0].copy())
        heard[grows] = np.stack(frames)
    assert heard[False].any(axis=1).sum() == decisions_of(QUESTION, "Ada")
    assert np.array_equal(heard[False], heard[True])


def test_only_what_is_heard_differs_from_a_world_of_text():
    seen: dict[str, list[dict[str, NDArray]]] = {}
    for speech in ("text", "voice"):
        stage = Talk(speech=speech)
        stage.ask()
        seen[speech] = []
        for decision in range(25):
            stage.step({"move": Move.WALK, "turn": 3}, {"say": Say.TELL if decision == 9 else 0})
            seen[speech].append({k: v.copy() for k, v in stage.world.observation.items()})
    for text, voice in zip(seen["text"], seen["voice"], strict=True):
        for body in (text["self"], voice["self"]):
            body[:, SelfColumn.SPEAKING] = 0.0
        different = {name for name in text if not np.array_equal(text[name], voice[name])}
        assert different <= {"audio"}
    assert any(not np.array_equal(t["audio"], v["audio"])
               for t, v in zip(seen["text"], seen["voice"], strict=True))  # fmt: skip


def test_every_face_takes_it():
    solo = gymnasium.make("envs:heedful/Museum-v0", speech="voice", senses=("audio",))
    many = gymnasium.make_vec("envs:heedful/Museum-v0", 2, speech="voice", senses=("audio",))
    team = envs.parallel_env("museum", npcs=2, speech="voice", senses=("audio",))
    for face in (solo.unwrapped, many.unwrapped, team):
        face.reset(seed=1)
        assert face.world.speech == "voice"  # type: ignore[union-attr]
        face.close()
