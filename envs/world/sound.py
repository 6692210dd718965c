"""The ears: what every NPC hears in a tenth of a second, many NPCs in one call.

A source is heard with 1 / distance, a little later and softer at the ear turned away, and muffled
by each wall between. Everything that changes from one decision to the next (gain, delay, muffling)
is cross-faded, so nothing clicks: a frame begins with the piece of the loop as it was heard before,
fading out, and as it is heard now, fading in.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from envs.jit import njit
from envs.world.kernels import FAST_MATH, ONE, ZERO
from envs.world.sound_bank import LEAD_SAMPLES, MAX_WALLS

SOUND_RANGE = np.float32(14.0)
"""Metres beyond which nothing is heard."""
FADE_FROM = np.float32(10.0)
"""Metres where the fade towards SOUND_RANGE begins."""
NEAREST = np.float32(0.5)
"""Sources nearer than this, metres, sound as loud as here."""
EAR_DELAY_SAMPLES = np.float32(0.00066 * 16_000)
"""Delay of the far ear for a source straight to one side."""
EAR_LEVEL = np.float32(0.65)
EAR_LEVEL_DIFFERENCE = np.float32(0.35)
"""A source straight to one side has EAR_LEVEL +- this at the two ears."""
CLIP_FROM = np.float32(0.8)
"""Samples beyond this are bent towards 1."""

FADE_SAMPLES = 320
"""Length of the cross-fade: short, so that most of a frame is heard from where the ears are now."""

EAR_STATE = 6
"""Columns of the state: gain left, gain right, delay left, delay right (samples), walls, sound."""
GAIN, DELAY, WALLS, SOUND = 0, 2, 4, 5


def no_voices(worlds: int) -> npt.NDArray[np.float32]:
    """What `mix_ears` takes as `voices` where nobody says anything; read-only, as all waveforms."""
    voices = np.zeros((worlds, 0, 0, 0), np.float32)
    voices.flags.writeable = False
    return voices


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def hear_source(x, z, listener, heard):
    """Gains and delays of a source.

    Args:
        x, z: position of the source, metres.
        listener: (3,) f32 x, z in metres and yaw in radians.
        heard: (4,) f32 out, gain left, gain right, delay left, delay right in samples.
    """
    away_x = x - listener[0]
    away_z = z - listener[1]
    distance = np.float32(math.sqrt(away_x * away_x + away_z * away_z))
    to_right = away_x * np.float32(math.cos(listener[2]))
    to_right -= away_z * np.float32(math.sin(listener[2]))
    side = to_right / max(distance, NEAREST)
    part = min(max((SOUND_RANGE - distance) / (SOUND_RANGE - FADE_FROM), ZERO), ONE)
    gain = part * part * (np.float32(3.0) - part - part) / max(distance, NEAREST)
    delay = np.float32(np.rint(side * EAR_DELAY_SAMPLES))
    heard[0] = gain * (EAR_LEVEL - EAR_LEVEL_DIFFERENCE * side)
    heard[1] = gain * (EAR_LEVEL + EAR_LEVEL_DIFFERENCE * side)
    heard[2] = max(delay, ZERO)
    heard[3] = max(-delay, ZERO)


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def add_fading(piece, from_gain, to_gain, fade, ear):
    """Add a piece of sound to an ear while its gain goes from one value to another.

    Args:
        piece: (T,) f32.
        from_gain, to_gain: f32, before the first sample and after the fade.
        fade: (T,) f32 rising to 1.
        ear: (T,) f32, in and out.
    """
    change = to_gain - from_gain
    for sample in range(ear.shape[0]):
        ear[sample] += (from_gain + change * fade[sample]) * piece[sample]


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def add_source(loops, sound, phase, walls, heard, state, fade, ears):
    """Add one source to both ears, fading from the previous decision's hearing of it to this one's.

    Args:
        loops: (MAX_WALLS + 1, K, L + margins) f32, or the voices of a world.
        sound: index of the waveform in `loops`.
        phase: sample of the loop at the start of this frame, 0 to L - 1.
        walls: number of walls between, 0 to MAX_WALLS.
        heard: (4,) f32 gains and delays now.
        state: (EAR_STATE,) f32 gains, delays and walls before.
        fade: (T,) f32 rising to 1.
        ears: (2, T) f32, in and out.
    """
    samples = ears.shape[1]
    walls_before = int(state[WALLS])
    for ear in range(2):
        gain_before, gain = state[GAIN + ear], heard[GAIN + ear]
        start_before = LEAD_SAMPLES + phase - int(state[DELAY + ear])
        start = LEAD_SAMPLES + phase - int(heard[DELAY + ear])
        piece = loops[walls, sound, start : start + samples]
        if start == start_before and walls == walls_before:
            add_fading(piece, gain_before, gain, fade, ears[ear])
            continue
        if gain_before > ZERO:
            piece_before = loops[walls_before, sound, start_before : start_before + FADE_SAMPLES]
            add_fading(piece_before, gain_before, ZERO, fade, ears[ear, :FADE_SAMPLES])
        if gain > ZERO:
            add_fading(piece, ZERO, gain, fade, ears[ear])


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def clip_softly(ear):
    """Bend samples beyond CLIP_FROM so that none passes 1; (T,) f32, in and out."""
    room = ONE - CLIP_FROM
    for sample in range(ear.shape[0]):
        size = abs(ear[sample])
        excess = max(size - CLIP_FROM, ZERO) / room
        bent = min(size, CLIP_FROM) + room * excess / (ONE + excess)
        ear[sample] = bent if ear[sample] > ZERO else -bent


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", _nrt=False)
def mix_row(
    loops, voices, sounds, positions, phases, listener, walls, state, heard, fade, ears
):  # fmt: skip
    """Mix all sources of one listener; arguments as one row of `mix_ears`."""
    samples = ears.shape[1]
    length = loops.shape[2] - LEAD_SAMPLES - samples
    for ear in range(2):
        for sample in range(samples):
            ears[ear, sample] = ZERO
    silent = True
    for source in range(sounds.shape[0]):
        sound = sounds[source]
        before = state[source]
        was_heard = max(before[GAIN], before[GAIN + 1]) > ZERO
        if was_heard and sound != int(before[SOUND]):
            # It fades out as it was heard; another sound waits for that.
            sound = int(before[SOUND])
            between = int(before[WALLS])
            for ear in range(2):
                heard[GAIN + ear] = ZERO
                heard[DELAY + ear] = before[DELAY + ear]
        elif sound >= 0:
            hear_source(positions[source, 0], positions[source, 1], listener, heard)
            between = min(max(walls[source], 0), MAX_WALLS)
        else:
            continue
        if was_heard or max(heard[GAIN], heard[GAIN + 1]) > ZERO:
            if sound < loops.shape[1]:
                phase = phases[source] % length
                add_source(loops, sound, phase, between, heard, before, fade, ears)
            else:
                voice = sound - loops.shape[1]
                add_source(voices, voice, 0, between, heard, before, fade, ears)
            silent = False
        for column in range(heard.shape[0]):
            before[column] = heard[column]
        before[WALLS] = between
        before[SOUND] = sound
    if not silent:
        clip_softly(ears[0])
        clip_softly(ears[1])


@njit(cache=True, fastmath=FAST_MATH, error_model="numpy", nogil=True)
def mix_ears(
    first, last, loops, voices, source_sound, source_position, source_phase, listener, row_world,
    walls, ear_state, ears,
):  # fmt: skip
    """Mix what rows hear in one frame.

    Args:
        first, last: rows to mix, `last` exclusive.
        loops: (MAX_WALLS + 1, K, L + margins) f32, from `sound_bank.muffled_bank`.
        voices: (W, MAX_WALLS + 1, Q, LEAD_SAMPLES + EAR_SAMPLES) f32 what each person says in this
            frame, after the end of what they said in the last one.
        source_sound: (W, N) i32 waveform of each source, -1 while it is silent, K + q for voice q.
            One that changes fades out for a frame first.
        source_position: (W, N, 2) f32 x, z, metres.
        source_phase: (W, N) i64 sample of its loop at the start of this frame; to go on without
            clicks it must grow by the frame's length from one call to the next.
        listener: (R, 3) f32 x, z in metres and yaw in radians.
        row_world: (R,) i32 world of each row.
        walls: (R, N) i32 walls and closed doors between each row and each source.
        ear_state: (R, N, EAR_STATE) f32, in and out: how each source was heard last. Zeros mean
            not at all, as at the start of an episode, and sounds then fade in.
        ears: (R, 2, EAR_SAMPLES) f32 out, -1 to 1, left ear then right; exact zeros in silence.
    """
    samples = ears.shape[2]
    heard = np.empty(4, np.float32)
    fade = np.empty(samples, np.float32)
    for sample in range(samples):
        fade[sample] = np.float32(min((sample + 1) / FADE_SAMPLES, 1.0))
    for row in range(first, last):
        world = row_world[row]
        mix_row(
            loops, voices[world], source_sound[world], source_position[world],
            source_phase[world], listener[row], walls[row], ear_state[row], heard, fade, ears[row],
        )  # fmt: skip
