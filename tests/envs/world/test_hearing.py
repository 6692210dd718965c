"""What the ears of a world tell: which sound, from where, through what, and never a click."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from envs.classes import SOUND_NAMES
from envs.contract import EAR_SAMPLES, EARS, SAMPLE_RATE, Act
from envs.scene import Door, Object
from envs.world.sound import FADE_SAMPLES
from envs.world.sound_bank import LOOP_SAMPLES, sound_bank
from tests.envs.world.stage import Stage, make_object, make_scene
from tests.envs.world.test_sound import Listening

WINDOW, HOP, BANDS = 512, 272, 32
NOISE = 0.005
"""Root mean square of the noise at the ears: half as loud as most sounds 6 m away."""
SOUNDS = range(len(SOUND_NAMES))


def ears(stage: Stage) -> NDArray[np.float32]:
    """(2, EAR_SAMPLES) what the first row hears now."""
    return stage.world.observation["audio"][0].reshape(EARS, EAR_SAMPLES).copy()


def hall(*objects: Object, door: Door | None = None) -> Stage:
    return Stage(make_scene(*objects, door=door), senses=("audio",))


def sounding(name: str, x: float, z: float, sound: str, **more) -> Object:
    return make_object(name, "radio", x, z, sound=sound, sounding=True, **more)


def steepest(frames: list[NDArray]) -> float:
    """The largest step from one sample to the next within frames."""
    return max(float(np.abs(np.diff(frame, axis=1)).max()) for frame in frames)


def loudness(wave: NDArray) -> NDArray:
    return np.sqrt(np.mean(np.square(wave, dtype=np.float64), axis=-1))


# -- which sound -------------------------------------------------------------------------------


def mel_filters() -> NDArray:
    """(BANDS, WINDOW // 2 + 1) triangles, 60 Hz to 7.9 kHz."""
    low, high = (2595 * np.log10(1 + edge / 700) for edge in (60, 7900))
    mels = np.linspace(low, high, BANDS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    frequency = np.fft.rfftfreq(WINDOW, 1 / SAMPLE_RATE)
    rising = (frequency - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - frequency) / np.diff(edges)[1:, None]
    return np.clip(np.minimum(rising, falling), 0, None)


def timbre(heard: NDArray) -> NDArray:
    """Log-mel of both ears together: mean over time without its level, and spread over time."""
    pieces = [heard[:, at : at + WINDOW] for at in range(0, EAR_SAMPLES - WINDOW + 1, HOP)]
    power = np.abs(np.fft.rfft(np.stack(pieces) * np.hanning(WINDOW))) ** 2
    level = np.log((power @ mel_filters().T).sum(axis=1) + 1e-3)
    mean = level.mean(axis=0)
    return np.concatenate([mean - mean.mean(), level.std(axis=0)])


def rendered(each: int, seed: int) -> tuple[NDArray, NDArray]:
    """Timbres of every sound from all sides, 2 to 8 m away, in noise; and which sound each is."""
    random = np.random.default_rng(seed)
    timbres = []
    for sound in SOUNDS:
        for _ in range(each):
            distance, bearing = random.uniform(2, 8), random.uniform(-np.pi, np.pi)
            spot = (distance * np.sin(bearing), distance * np.cos(bearing))
            listening = Listening([sound], [spot])
            listening.phase[:] = random.integers(0, LOOP_SAMPLES)
            heard = listening.steady()
            timbres.append(timbre(heard + random.normal(0, NOISE, heard.shape)))
    return np.array(timbres), np.repeat(SOUNDS, each)


def test_every_two_sounds_can_be_told_apart_across_a_room():
    each = 30
    known, names = rendered(each, 1)
    fresh, truth = rendered(each, 2)
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    said = classifier.fit(known, names).predict(fresh)
    confused = np.zeros((len(SOUNDS), len(SOUNDS)), int)
    np.add.at(confused, (truth, said), 1)
    errors = {
        f"{SOUND_NAMES[a]} for {SOUND_NAMES[b]}": int(confused[b, a])
        for b, a in np.argwhere(confused) if a != b
    }  # fmt: skip
    assert np.mean(said == truth) >= 0.98, errors
    assert max(errors.values(), default=0) <= each * 0.15, errors


# -- from where --------------------------------------------------------------------------------


def test_a_sound_follows_the_thing_that_drives():
    """A vacuum drives past from left to right: nearest ahead, loudest there, from ear to ear."""
    vacuum = make_object(
        "vacuum", "vacuum", 6.8, 3.0, sound="buzz", sounding=True, on=True, speed=1.0,
        path=((1.2, 3.0),),
    )  # fmt: skip
    stage = hall(vacuum)
    stage.place_body(4.0, 1.0, 0.0)
    stage.step()
    levels, sides, places = [], [], []
    for _ in range(50):
        stage.step()
        left, right = loudness(ears(stage))
        levels.append(left + right)
        sides.append((right - left) / (right + left))
        places.append(stage.position("vacuum")[0] - 4.0)
    offset = np.array(places)
    distance = np.hypot(offset, 2.0)
    assert offset[0] > 2.0 and offset[-1] < -2.0
    assert np.corrcoef(sides, offset / distance)[0, 1] > 0.999
    assert np.corrcoef(levels, 1 / distance)[0, 1] > 0.99
    assert abs(places[int(np.argmax(levels))]) < 0.3


@pytest.mark.parametrize("sound", SOUND_NAMES)
def test_walking_and_turning_makes_no_click(sound):
    """Across the borders of decisions samples jump no farther than within the sound itself."""
    nearest = Listening([SOUND_NAMES.index(sound)], [(0.5, 0.0)])
    moved = Listening([SOUND_NAMES.index(sound)], [(0.5, 0.3)])
    frames, loudest = [], []
    for step in range(40):
        loudest.append(nearest.frame())
        frames.append(moved.frame(x=0.14 * step - 2.0, yaw=0.5 * step))
    jumps = [np.abs(after[:, 0] - before[:, -1]).max() for before, after in pairwise(frames)]
    assert max(jumps) <= steepest(loudest[1:])


@pytest.mark.parametrize("sound", SOUND_NAMES)
def test_who_stands_still_hears_the_loop_without_a_seam(sound):
    number = SOUND_NAMES.index(sound)
    listening = Listening([number], [(0.0, 1.0)])
    heard = np.concatenate([listening.frame() for _ in range(22)], axis=1)[0, FADE_SAMPLES:]
    loop = np.tile(sound_bank()[number], 2)[FADE_SAMPLES : FADE_SAMPLES + len(heard)]
    assert heard == pytest.approx(0.65 * loop, abs=1e-5)


# -- when --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sound", SOUND_NAMES)
def test_a_sound_that_ends_fades_at_its_decision(sound):
    stage = hall(sounding("radio", 2.5, 2.0, sound, sounds_until=0.5))
    lasting = hall(sounding("radio", 2.5, 2.0, sound))
    frames, whole = [], []
    for _ in range(7):
        frames.append(ears(stage))
        whole.append(ears(lasting))
        stage.step()
        lasting.step()
    for before, other in zip(frames[:5], whole, strict=False):
        assert np.array_equal(before, other)
    fading, same = frames[5], whole[5]
    fade = 1 - (np.arange(EAR_SAMPLES) + 1) / FADE_SAMPLES
    assert fading == pytest.approx(same * np.clip(fade, 0, 1), abs=1e-5)
    assert fading[:, :FADE_SAMPLES].any() and not fading[:, FADE_SAMPLES:].any()
    assert not frames[6].any()
    assert steepest([np.concatenate(frames, axis=1)]) <= steepest(whole)


def test_a_sound_that_is_switched_off_fades_in_the_next_observation():
    stage = hall(sounding("radio", 2.8, 2.0, "music", on=True))
    stage.step()
    before = ears(stage)
    stage.act(Act.SWITCH, "radio")
    fading = ears(stage)
    stage.step()
    assert before[:, FADE_SAMPLES:].any()
    assert fading[:, : FADE_SAMPLES // 2].any() and not fading[:, FADE_SAMPLES:].any()
    assert not ears(stage).any()


# -- among others ------------------------------------------------------------------------------


def test_distractors_add_to_a_sound_and_take_nothing_from_it():
    things = [
        sounding("ringing", 5.0, 3.0, "ring"), sounding("humming", 4.0, 6.0, "hum"),
        sounding("ticking", 6.0, 1.0, "tick"), sounding("barking", 12.0, 4.0, "bark"),
    ]  # fmt: skip

    def heard(*objects: Object) -> NDArray[np.float32]:
        stage = hall(*objects)
        stage.step()
        return ears(stage)

    alone = [heard(thing) for thing in things]
    assert all(loudness(frame).min() > 0.002 for frame in alone)
    together = heard(*things)
    assert together == pytest.approx(np.sum(alone, axis=0), abs=1e-5)


# -- through what ------------------------------------------------------------------------------


def through(state: str, kind: str = "door", z: float = 4.0) -> NDArray[np.float32]:
    """What is heard from the other hall, 3 m away, with the doorway at z = 4."""
    door = Door.model_validate(
        {"id": "door", "between": ("left", "right"), "position": (8.0, 4.0), "kind": kind,
         "state": state}
    )  # fmt: skip
    stage = hall(sounding("radio", 9.5, z, "buzz"), door=door)
    stage.place_body(6.5, z)
    stage.step()
    stage.step()
    return ears(stage)


def treble(heard: NDArray) -> float:
    power = np.abs(np.fft.rfft(heard[0])) ** 2
    split = 1000 * EAR_SAMPLES // SAMPLE_RATE
    return float(power[split:].sum() / power[:split].sum())


@pytest.mark.parametrize(("kind", "state"), [("door", "closed"), ("door", "locked"),
                                             ("gate", "closed")])  # fmt: skip
def test_what_is_shut_muffles_exactly_as_a_wall(kind, state):
    wall = through("open", z=7.0)
    assert np.array_equal(through(state, kind), wall)
    free = through("open")
    assert loudness(wall)[0] < 0.65 * loudness(free)[0]
    assert treble(wall) < 0.8 * treble(free)


@pytest.mark.parametrize("kind", ["door", "opening", "barrier"])
def test_what_is_open_does_not_muffle(kind):
    stage = hall(sounding("radio", 5.5, 4.0, "buzz"))
    stage.place_body(2.5, 4.0)
    stage.step()
    stage.step()
    assert np.array_equal(through("open", kind), ears(stage))


def test_closing_a_door_muffles_without_a_click():
    stage = hall(sounding("radio", 9.5, 4.0, "hum"))
    stage.place_body(6.9, 4.0)
    frames = []
    for step in range(8):
        act = Act.CLOSE if step % 2 else Act.OPEN
        stage.act(act if step > 2 else Act.NONE, "door")
        frames.append(ears(stage))
    levels = [loudness(frame)[0] for frame in frames]
    assert min(levels[3:]) < 0.7 * max(levels[3:])
    assert steepest([np.concatenate(frames[1:], axis=1)]) <= 1.1 * steepest(frames[1:3])
