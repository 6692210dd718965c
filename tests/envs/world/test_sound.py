"""The bank of sounds and the binaural mix."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from envs.classes import SOUND_NAMES
from envs.contract import EAR_SAMPLES, EARS, SAMPLE_RATE
from envs.world.sound import EAR_STATE, FADE_SAMPLES, SOUND_RANGE, mix_ears, no_voices
from envs.world.sound_bank import (
    LEAD_SAMPLES,
    LOOP_SAMPLES,
    MAX_WALLS,
    PEAK,
    SPEECH_SOUND,
    muffle_bank,
    muffled_bank,
    sound_bank,
)

HUM, TICK, BUZZ = (SOUND_NAMES.index(name) for name in ("hum", "tick", "buzz"))
SIDE = np.pi / 2


@dataclass
class Listening:
    """One world with its sources, heard by one row frame after frame."""

    sounds: list[int]
    places: list[tuple[float, float]]
    walls: list[int] = field(default_factory=list)
    loops: NDArray[np.float32] = field(default_factory=muffled_bank)

    def __post_init__(self) -> None:
        self.state = np.zeros((1, len(self.sounds), EAR_STATE), np.float32)
        self.phase = np.zeros((1, len(self.sounds)), np.int64)

    def frame(self, x: float = 0.0, z: float = 0.0, yaw: float = 0.0) -> NDArray[np.float32]:
        """(2, EAR_SAMPLES): the next tenth of a second."""
        ears = np.full((1, EARS, EAR_SAMPLES), np.nan, np.float32)
        mix_ears(
            0,
            1,
            self.loops,
            no_voices(1),
            np.array([self.sounds], np.int32),
            np.array(self.places, np.float32).reshape(1, -1, 2),
            self.phase,
            np.array([[x, z, yaw]], np.float32),
            np.zeros(1, np.int32),
            np.array([self.walls or [0] * len(self.sounds)], np.int32),
            self.state,
            ears,
        )
        self.phase += EAR_SAMPLES
        return ears[0]

    def steady(self) -> NDArray[np.float32]:
        """(2, EAR_SAMPLES): a frame after the fade-in."""
        self.frame()
        return self.frame()


def loudness(wave: NDArray) -> NDArray:
    return np.sqrt(np.mean(np.square(wave, dtype=np.float64), axis=-1))


def bands(waves: NDArray) -> NDArray:
    """(N, 24) log energy of (N, 1600) waves in bands of equal ratio, mean removed."""
    power = np.abs(np.fft.rfft(waves * np.hanning(EAR_SAMPLES))) ** 2
    edges = np.geomspace(60, 7900, 25) * EAR_SAMPLES / SAMPLE_RATE
    which = np.digitize(np.arange(power.shape[1]), edges) - 1
    energy = np.stack([power[:, which == band].sum(axis=1) for band in range(24)], axis=1)
    level = np.log(energy + 1e-4)
    return level - level.mean(axis=1, keepdims=True)


# -- the bank ----------------------------------------------------------------------------------


def test_bank_is_normalised_and_never_silent():
    bank = sound_bank()
    assert bank.shape == (len(SOUND_NAMES) + 1, LOOP_SAMPLES)
    assert bank.dtype == np.float32
    assert LOOP_SAMPLES % EAR_SAMPLES == 0
    assert len(SOUND_NAMES) == SPEECH_SOUND
    assert np.abs(bank).max() <= PEAK
    for start in range(0, EAR_SAMPLES, 160):
        windows = np.roll(bank, start, axis=1).reshape(len(bank), -1, EAR_SAMPLES)
        assert loudness(windows).min() > 0.05


def test_loops_have_no_seam():
    bank = sound_bank().astype(np.float64)
    jump = np.abs(bank[:, 0] - bank[:, -1])
    assert np.all(jump <= np.abs(np.diff(bank, axis=1)).max(axis=1) * 1.01)


@pytest.mark.parametrize("walls", range(MAX_WALLS + 1))
def test_any_tenth_of_a_second_tells_the_sound(walls):
    loops = muffled_bank()[walls, :, LEAD_SAMPLES:]
    starts = np.random.default_rng(0).integers(0, LOOP_SAMPLES, 60)
    heard = np.stack([loops[:, start : start + EAR_SAMPLES] for start in starts], axis=1)
    features = np.stack([bands(waves) for waves in heard])
    centers = features[:, :30].mean(axis=1)
    gaps = np.linalg.norm(features[:, 30:, None] - centers, axis=-1)
    assert np.mean(gaps.argmin(axis=-1) == np.arange(len(loops))[:, None]) > 0.97


def test_a_wall_is_a_one_pole_low_pass():
    loop = np.zeros((1, 3200), np.float32)
    loop[0, 0] = 1.0
    response = muffle_bank(loop)[1, 0, LEAD_SAMPLES : LEAD_SAMPLES + 3200]
    keep = np.exp(-2 * np.pi * 2000 / SAMPLE_RATE)
    assert response[:40] == pytest.approx(0.6 * (1 - keep) * keep ** np.arange(40), abs=1e-6)
    assert response.sum() == pytest.approx(0.6, rel=1e-4)


# -- the mix -----------------------------------------------------------------------------------


def test_left_source_is_louder_and_earlier_in_the_left_ear():
    left, right = Listening([TICK], [(-3.0, 0.0)]).steady()
    assert loudness(left) > 2 * loudness(right)
    likeness = [float(left[50 - lag : 1500 - lag] @ right[50:1500]) for lag in range(30)]
    assert np.argmax(likeness) == round(0.00066 * SAMPLE_RATE)


def test_ears_swap_with_the_side_and_turn_with_the_head():
    left = Listening([BUZZ], [(-3.0, 0.0)]).steady()
    right = Listening([BUZZ], [(3.0, 0.0)]).steady()
    assert np.array_equal(left, right[::-1])
    ahead = Listening([BUZZ], [(0.0, 3.0)])
    ahead.frame(yaw=SIDE)
    turned_right = ahead.frame(yaw=SIDE)  # what was ahead is now to the left
    assert turned_right == pytest.approx(left, abs=1e-5)


def test_source_ahead_is_the_same_in_both_ears():
    left, right = Listening([BUZZ], [(0.0, 2.0)]).steady()
    assert np.array_equal(left, right)


def test_loudness_falls_with_distance():
    levels = {
        distance: loudness(Listening([HUM], [(0.0, distance)]).steady()[0])
        for distance in (0.0, 0.25, 0.5, 1.0, 2.0, 8.0, 12.0, 13.9)
    }
    assert levels[2.0] == pytest.approx(levels[1.0] / 2, rel=1e-3)
    assert levels[8.0] == pytest.approx(levels[1.0] / 8, rel=1e-3)
    assert levels[0.0] == pytest.approx(levels[0.5], rel=1e-3)
    assert levels[12.0] == pytest.approx(levels[1.0] / 24, rel=1e-3)
    assert 0 < levels[13.9] < levels[12.0] / 50


def test_walls_soften_and_muffle():
    def treble_and_level(walls: int) -> tuple[float, float]:
        ear = Listening([BUZZ], [(0.0, 2.0)], walls=[walls]).steady()[0]
        power = np.abs(np.fft.rfft(ear)) ** 2
        split = 1000 * EAR_SAMPLES // SAMPLE_RATE
        return float(power[split:].sum() / power[:split].sum()), float(loudness(ear))

    heard = [treble_and_level(walls) for walls in range(MAX_WALLS + 1)]
    for (treble, level), (muffled, softer) in pairwise(heard):
        assert muffled < 0.8 * treble
        assert softer < 0.65 * level
    assert treble_and_level(9) == heard[-1]


def test_silence_is_exact_zeros():
    nothing = Listening([-1, HUM], [(1.0, 1.0), (0.0, float(SOUND_RANGE) + 1.0)])
    assert not nothing.steady().any()
    stopped = Listening([BUZZ], [(0.0, 2.0)])
    stopped.steady()
    stopped.sounds = [-1]
    fading = stopped.frame()
    assert fading[:, : FADE_SAMPLES // 2].any()
    assert not fading[:, FADE_SAMPLES:].any()
    assert not stopped.frame().any()
    assert not Listening([], []).frame().any()


def test_another_sound_waits_for_the_first_to_fade():
    source = Listening([HUM], [(0.0, 1.0)])
    source.steady()
    source.sounds = [BUZZ]
    fading, rising, steady = source.frame(), source.frame(), source.frame()
    assert abs(fading[0, -1]) < 0.01
    assert abs(rising[0, 0]) < 0.01
    reference = Listening([BUZZ], [(0.0, 1.0)])
    reference.phase += 4 * EAR_SAMPLES
    reference.frame()
    reference.phase -= EAR_SAMPLES
    assert steady == pytest.approx(reference.frame(), abs=1e-5)


def test_samples_stay_within_one():
    many = Listening([BUZZ, TICK, 0, 4, 6], [(0.1, 0.1)] * 5)
    loud = np.concatenate([many.frame() for _ in range(20)], axis=1)
    assert 0.9 < np.abs(loud).max() <= 1.0


def worst_jump(frames: list[NDArray]) -> tuple[float, float]:
    """Largest step between samples across frame borders, and within frames."""
    inside = max(float(np.abs(np.diff(frame, axis=1)).max()) for frame in frames)
    across = max(
        float(np.abs(after[:, 0] - before[:, -1]).max()) for before, after in pairwise(frames)
    )
    return across, inside


def test_no_clicks_while_walking_turning_and_passing_walls():
    listening = Listening([HUM, HUM], [(2.0, 3.0), (-1.0, 0.5)])
    nearest = Listening([HUM, HUM], [(0.3, 0.0), (0.3, 0.0)])
    smooth = worst_jump([nearest.steady(), nearest.frame()])[1]
    frames = []
    for step in range(60):
        listening.walls = [step // 7 % 4, step // 11 % 2]
        frames.append(listening.frame(x=0.28 * np.sin(step), z=0.1 * step, yaw=0.5 * step))
    across, inside = worst_jump(frames)
    assert across <= inside
    assert inside <= smooth


def test_no_clicks_when_sounds_start_and_stop():
    listening = Listening([HUM], [(0.5, 0.0)])
    smooth = worst_jump([listening.steady(), listening.frame()])[1]
    frames = []
    for step in range(12):
        listening.sounds = [(-1, HUM, HUM)[step % 3]]
        frames.append(listening.frame())
    across, inside = worst_jump(frames)
    assert max(across, inside) <= smooth * 1.02


# -- independence ------------------------------------------------------------------------------


def run_batch(rows: NDArray, frames: int = 3) -> NDArray[np.float32]:
    """Mix the given ones of 90 listeners in 3 worlds of 4 sources; each has a world to itself."""
    generator = np.random.default_rng(5)
    worlds = np.arange(90) % 3
    sound = generator.integers(-1, SPEECH_SOUND + 1, (3, 4)).astype(np.int32)
    place = generator.uniform(0, 9, (3, 4, 2)).astype(np.float32)
    state = np.zeros((len(rows), 4, EAR_STATE), np.float32)
    heard = []
    for frame in range(frames):
        listener = generator.uniform(0, 9, (90, 3)).astype(np.float32)
        walls = generator.integers(0, 4, (90, 4)).astype(np.int32)
        ears = np.empty((len(rows), EARS, EAR_SAMPLES), np.float32)
        phase = np.full((3, 4), frame * EAR_SAMPLES, np.int64)
        mix_ears(
            0, len(rows), muffled_bank(), no_voices(3), sound, place, phase, listener[rows],
            worlds[rows].astype(np.int32), walls[rows], state, ears,
        )  # fmt: skip
        heard.append(ears)
    return np.stack(heard, axis=1)


def test_same_bytes_for_any_batch_size():
    whole = run_batch(np.arange(90))
    assert whole.any()
    for row in (0, 17, 89):
        assert run_batch(np.array([row]))[0].tobytes() == whole[row].tobytes()
