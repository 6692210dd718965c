"""The sounds of a world: loopable waveforms at 16 kHz, each recognisable in any tenth of a second.

All frequencies and envelopes repeat within LOOP_SECONDS, so the loops have no seam; no sound falls
silent for as long as one decision. All have the same loudness unless their peaks forbid it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from envs.classes import MUSEUM_SOUNDS, SOUND_NAMES
from envs.contract import EAR_SAMPLES, SAMPLE_RATE

SPEECH_SOUND = len(SOUND_NAMES)
"""Index in the bank of the babble heard while somebody speaks; SOUND_NAMES come before it."""

LOOP_SECONDS = 2
LOOP_SAMPLES = LOOP_SECONDS * SAMPLE_RATE
LOUDNESS = 0.12
"""Root mean square of every waveform, as far as PEAK allows."""
PEAK = 0.5
HIGHEST_CREST = 3.0
"""Highest peak of most waveforms, in root mean squares."""
MAX_WALLS = 3
"""Walls or closed doors beyond this many muffle no further."""
WALL_GAIN = 0.6
"""What one wall lets through of low sounds."""
WALL_CUTOFF = 2000.0
"""Hertz, of the one-pole low-pass that a wall is."""
LEAD_SAMPLES = 32
"""Samples before a loop's start in a muffled bank, for ears that hear later than others."""

Waveform = npt.NDArray[np.float64]


def _time() -> Waveform:
    """Seconds since the start of the loop, (LOOP_SAMPLES,)."""
    return np.arange(LOOP_SAMPLES) / SAMPLE_RATE


def _tone(frequency: float, phase: float = 0.0) -> Waveform:
    """A sine; `frequency` in hertz is rounded so that the loop closes."""
    cycles = round(frequency * LOOP_SECONDS)
    return np.sin(2 * np.pi * cycles * _time() / LOOP_SECONDS + phase)


def _decay(strikes_per_second: int, seconds: float) -> Waveform:
    """An envelope of 1 at every strike, falling by e every `seconds`, with a 1 ms attack."""
    since = _time() % (1 / strikes_per_second)
    return np.minimum(since / 0.001, 1.0) * np.exp(-since / seconds)


def _pulse(times_per_second: int, share: float) -> Waveform:
    """A gate that is open for a share of each period, with 4 ms ramps."""
    period = 1 / times_per_second
    since = _time() % period
    return np.clip(np.minimum(since, share * period - since) / 0.004, 0.0, 1.0)


def _noise(seed: int, low: float, high: float) -> Waveform:
    """Periodic noise between two frequencies (hertz), of unit root mean square."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(LOOP_SAMPLES))
    frequency = np.fft.rfftfreq(LOOP_SAMPLES, 1 / SAMPLE_RATE)
    spectrum[(frequency < low) | (frequency > high)] = 0.0
    noise = np.fft.irfft(spectrum, LOOP_SAMPLES)
    return noise / np.sqrt(np.mean(noise**2))


def _ring() -> Waveform:
    """An old telephone: two bells hit 20 times a second."""
    bells = _tone(1150) + _tone(1480) + 0.5 * _tone(2890) + 0.3 * _tone(3710)
    return bells * _decay(20, 0.03)


def _beep() -> Waveform:
    """A pure tone, on for six tenths of every tenth of a second."""
    since = _time() % 0.1
    gate = np.clip(np.minimum(since, 0.06 - since) / 0.004, 0.0, 1.0)
    return _tone(880) * gate


def _hum() -> Waveform:
    """A transformer: low harmonics, slowly swelling."""
    harmonics = _tone(100) + 0.8 * _tone(200, 0.7) + 0.35 * _tone(300, 1.9) + 0.1 * _tone(400)
    return harmonics * (1 + 0.15 * _tone(1.5))


def _tick() -> Waveform:
    """A clockwork: short high clicks, 20 a second, every other one lower."""
    high = _noise(1, 3500, 6500) * _decay(20, 0.01)
    low = _noise(2, 1800, 3500) * _decay(10, 0.01)
    return np.tanh(0.8 * (high + 0.8 * low))


def _music() -> Waveform:
    """A tune of 20 notes with three harmonics over a held chord."""
    notes = (0, 4, 7, 12, 7, 9, 5, 9, 12, 9, 2, 7, 11, 7, 2, 0, 4, 7, 4, 0)
    seconds = LOOP_SECONDS / len(notes)
    since = _time() % seconds
    envelope = np.minimum(since / 0.005, 1.0) * np.minimum((seconds - since) / 0.005, 1.0)
    semitone = np.repeat(np.array(notes), LOOP_SAMPLES // len(notes))
    phase = 2 * np.pi * 392.0 * 2.0 ** (semitone / 12) * since
    tune = np.sin(phase) + 0.5 * np.sin(2 * phase) + 0.25 * np.sin(3 * phase)
    chord = _tone(196) + _tone(246.9) + _tone(293.7)
    return tune * envelope * np.exp(-since / 0.15) + 0.3 * chord


def _buzz() -> Waveform:
    """An electric buzzer: a rough, bright saw-tooth of 150 Hz."""
    saw = sum(_tone(150 * k) / k**0.6 for k in range(1, 40))
    return saw * (1 + 0.4 * _tone(30))


def _chime() -> Waveform:
    """Glass bells: inharmonic partials, struck in turn five times a second."""
    struck = _time() * 5 % 1 / 5
    which = (_time() * 5).astype(int) % 2
    envelope = np.minimum(struck / 0.002, 1.0) * np.exp(-struck / 0.12)
    low = _tone(587) + 0.7 * _tone(587 * 2.76) + 0.5 * _tone(587 * 5.4)
    high = _tone(784) + 0.7 * _tone(784 * 2.76) + 0.5 * _tone(784 * 5.4)
    return np.where(which == 0, low, high) * envelope


def _whistle() -> Waveform:
    """A whistle that warbles between 1.9 and 2.5 kHz, with some breath."""
    sway = 300.0 / 4.0 * (1 - np.cos(2 * np.pi * 4.0 * _time()))
    return np.sin(2 * np.pi * 2200.0 * _time() + sway) + 0.15 * _noise(3, 1500, 4000)


def _speech() -> Waveform:
    """Babble: a voice of about 120 Hz whose formants wander from syllable to syllable."""
    syllables = 10
    generator = np.random.default_rng(4)
    first = generator.uniform(300, 800, syllables)
    second = generator.uniform(900, 2200, syllables)
    position = _time() * syllables / LOOP_SECONDS
    here = position.astype(int) % syllables
    blend = 0.5 - 0.5 * np.cos(np.pi * (position % 1))
    following = (here + 1) % syllables
    low = first[here] + blend * (first[following] - first[here])
    high = second[here] + blend * (second[following] - second[here])
    glide = 2 * np.pi * 120.0 * _time() + 3.0 * np.sin(2 * np.pi * 1.5 * _time())
    voice = np.zeros(LOOP_SAMPLES)
    for harmonic in range(1, 26):
        frequency = 120.0 * harmonic
        strength = np.exp(-(((frequency - low) / 180) ** 2))
        strength += 0.6 * np.exp(-(((frequency - high) / 250) ** 2)) + 0.05 / harmonic
        voice += strength * np.sin(harmonic * glide)
    return voice * (0.65 - 0.35 * np.cos(2 * np.pi * position)) + 0.02 * _noise(5, 2500, 5000)


def _alarm() -> Waveform:
    """A smoke alarm: a piercing tone of 3 kHz, chopped ten times a second."""
    return (_tone(3100) + 0.3 * _tone(6200)) * _pulse(10, 0.7)


def _bell() -> Waveform:
    """A hand bell: inharmonic partials of one low pitch, struck twice every fifth of a second."""
    partials = sum(_tone(440 * k) / k for k in (1.0, 2.0, 2.4, 3.0, 4.5))
    return partials * (_decay(10, 0.09) + 0.4)


def _siren() -> Waveform:
    """A siren that sweeps between 600 and 1400 Hz, five times a second."""
    sweep = 400.0 / 5.0 * (1 - np.cos(2 * np.pi * 5.0 * _time()))
    return np.sign(np.sin(2 * np.pi * 1000.0 * _time() + sweep)) * 0.6 + 0.4 * np.sin(
        2 * np.pi * 1000.0 * _time() + sweep
    )


def _engine() -> Waveform:
    """A motor: firing pulses of 45 Hz with rumble."""
    pulses = sum(_tone(45 * k, 0.3 * k * k) / k**0.5 for k in range(1, 14))
    return pulses * (1 + 0.3 * _tone(22.5)) + 0.3 * _noise(6, 60, 400)


def _drip() -> Waveform:
    """Water: short rising blips, twelve and a half a second."""
    since = _time() % 0.08
    return np.sin(2 * np.pi * (700 * since + 6000 * since**2)) * np.exp(-since / 0.02)


def _bark() -> Waveform:
    """A dog: rough bursts of a falling tone, ten a second."""
    since = _time() % 0.1
    tone = np.tanh(3 * np.sin(2 * np.pi * (620 * since - 1400 * since**2)))
    return (tone + 0.4 * _noise(7, 400, 1800)) * np.sin(np.pi * since / 0.1) ** 0.5


def _meow() -> Waveform:
    """A cat: a bright voiced tone whose pitch bends between 520 and 760 Hz."""
    bend = 120.0 / 2.5 * (1 - np.cos(2 * np.pi * 2.5 * _time()))
    phase = 2 * np.pi * 640.0 * _time() + bend
    voice = np.sum([np.sin(k * phase) / k**0.7 for k in range(1, 6)], axis=0)
    return voice * (1 + 0.3 * _tone(5))


def _chirp() -> Waveform:
    """A bird: fast upward sweeps from 3 to 5 kHz, twenty a second."""
    since = _time() % 0.05
    return np.sin(2 * np.pi * (3000 * since + 20000 * since**2)) * np.sin(np.pi * since / 0.05)


def _knock() -> Waveform:
    """Knuckles on wood: dull thuds, twenty a second."""
    return (_tone(180) + 0.7 * _tone(310) + 0.5 * _noise(8, 100, 900)) * _decay(20, 0.012)


def _hiss() -> Waveform:
    """Steam: steady noise above 2.5 kHz."""
    return _noise(9, 2500, 7500) * (1 + 0.1 * _tone(3))


def _clank() -> Waveform:
    """Metal on metal: high inharmonic partials, ten strikes a second."""
    partials = sum(_tone(f) for f in (1720, 2330, 3470, 4210, 5130))
    return partials * _decay(10, 0.03)


def _crackle() -> Waveform:
    """A fire: sparse clicks over a low roar."""
    sparks = np.random.default_rng(10).random(LOOP_SAMPLES) < 0.004
    clicks = np.convolve(np.tile(sparks.astype(float), 2), np.exp(-np.arange(64) / 12.0))
    return clicks[LOOP_SAMPLES : 2 * LOOP_SAMPLES] * _noise(11, 800, 7000) + 0.15 * _noise(
        12, 80, 500
    )


def _horn() -> Waveform:
    """A ship's horn: two low brassy notes a third apart."""
    notes = [(_tone(233 * k) + _tone(294 * k, 0.5)) / k for k in range(1, 9)]
    return np.sum(notes, axis=0)


def _drone() -> Waveform:
    """A quadcopter: four rotors near 190 Hz that beat against each other."""
    rotors = (186, 191, 197, 202)
    return sum(_tone(f * k, f) / k**0.8 for f in rotors for k in range(1, 8))


def _rattle() -> Waveform:
    """A rattle: dense broad clicks, fifty a second, swelling five times a second."""
    return _noise(13, 1200, 5200) * _decay(50, 0.006) * (1.2 + _tone(5))


def _squeak() -> Waveform:
    """A wheel that wants oil: a thin tone that slides from 1.3 to 2.1 kHz and back."""
    slide = 400.0 / 7.0 * (1 - np.cos(2 * np.pi * 7.0 * _time()))
    phase = 2 * np.pi * 1700.0 * _time() + slide
    return np.sin(phase) + 0.4 * np.sin(3 * phase)


def _steady(wave: Waveform) -> Waveform:
    """A sound as loud in every tenth of a second as in any other, and without lone peaks."""
    window = np.zeros(LOOP_SAMPLES)
    window[:EAR_SAMPLES] = 1 / EAR_SAMPLES
    spectrum = np.fft.rfft(wave**2) * np.fft.rfft(window)
    power = np.roll(np.fft.irfft(spectrum, LOOP_SAMPLES), -EAR_SAMPLES // 2)
    even = wave / np.sqrt(np.maximum(power, 1e-4 * power.max()))
    return HIGHEST_CREST * np.tanh(even / HIGHEST_CREST)


_WAVES: dict[str, Callable[[], Waveform]] = {
    "ring": _ring,
    "beep": _beep,
    "hum": _hum,
    "tick": _tick,
    "music": _music,
    "buzz": _buzz,
    "chime": _chime,
    "whistle": _whistle,
    "alarm": _alarm,
    "bell": _bell,
    "siren": _siren,
    "engine": _engine,
    "drip": _drip,
    "bark": _bark,
    "meow": _meow,
    "chirp": _chirp,
    "knock": _knock,
    "hiss": _hiss,
    "clank": _clank,
    "crackle": _crackle,
    "horn": _horn,
    "drone": _drone,
    "rattle": _rattle,
    "squeak": _squeak,
    "speech": _speech,
}


@cache
def sound_bank() -> npt.NDArray[np.float32]:
    """All waveforms, (len(SOUND_NAMES) + 1, LOOP_SAMPLES) f32: SOUND_NAMES, then speech.

    The array is shared and read-only.
    """
    bank = np.zeros((len(SOUND_NAMES) + 1, LOOP_SAMPLES), np.float32)
    for place, name in enumerate((*SOUND_NAMES, "speech")):
        wave = _WAVES[name]()
        if name not in (*MUSEUM_SOUNDS, "speech"):
            wave = _steady(wave)
        level = min(LOUDNESS / np.sqrt(np.mean(wave**2)), PEAK / np.abs(wave).max())
        bank[place] = wave * level
    bank.flags.writeable = False
    return bank


def muffle_bank(bank: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The waveforms as heard through 0 to MAX_WALLS walls, laid out for `mix_ears`.

    Every wall multiplies by WALL_GAIN and passes a one-pole low-pass. Filtering the loops once, in
    their periodic steady state, means that no ear has to filter while it listens.

    Args:
        bank: (K, L) f32 loops.

    Returns:
        (MAX_WALLS + 1, K, LEAD_SAMPLES + L + EAR_SAMPLES) f32, read-only: each loop with its end
        before it and its start after it, so that any tenth of a second is one piece.
    """
    length = bank.shape[1]
    keep = np.exp(-2 * np.pi * WALL_CUTOFF / SAMPLE_RATE)
    turn = np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length)
    wall = WALL_GAIN * (1 - keep) / (1 - keep * turn)
    spectrum = np.fft.rfft(bank.astype(np.float64))
    levels = [np.fft.irfft(spectrum * wall**walls, length) for walls in range(MAX_WALLS + 1)]
    loops = np.stack(levels).astype(np.float32)
    loops[0] = bank
    muffled = np.concatenate((loops[..., -LEAD_SAMPLES:], loops, loops[..., :EAR_SAMPLES]), axis=-1)
    muffled.flags.writeable = False
    return muffled


@cache
def muffled_bank() -> npt.NDArray[np.float32]:
    """`muffle_bank(sound_bank())`, made once."""
    return muffle_bank(sound_bank())
