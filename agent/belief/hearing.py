"""Taking in what is heard: sounds, which thing explains them, and where voices come from."""

from __future__ import annotations

import math

import numpy as np

from agent.belief.columns import (
    SOUND_HISTORY,
    SOUNDS,
    BodyColumn,
    HeardColumn,
    NodeColumn,
    SoundColumn,
)
from agent.belief.goal_columns import GoalField
from envs.contract import MAX_UTTERANCES, SLOTS, DialogueColumn, Kind
from envs.jit import njit

HEARD_PROBABILITY = 0.5
"""A sound counts as present from here."""
REJECTED_SECONDS = 30.0
NEAR_SOUND = 6.0
"""From nearer than this a source in sight must be heard, loud and in its direction, metres."""
SINE_NOISE = 0.35
"""By how much the sine of a bearing may be misheard."""
LOUDNESS_NOISE = 0.5
"""By how much the logarithm of a loudness may be misheard."""
GOOD_MATCH = 0.12
"""Mean bearing error up to which the history speaks for a thing."""
DOUBT = 1.2
"""Squared deviation, in units of the noise, from which a look speaks against a thing."""
DOUBT_OF_GOOD_MATCH = 3.0
NEAR_SOUND_LOOKS = 4
SILENT_AFTER = 0.5
"""A sound that has not been heard for so long has fallen silent, seconds,"""
SILENT_WITHIN = 1.5
"""... if it was heard last within so many metres of where we are"""
CLEARLY_HEARD = 0.12
"""... and at least so loud."""

_OBJECT = int(Kind.OBJECT)


@njit(cache=True, error_model="numpy")
def hear(sounds, heard, goal, body, sound, weight, audio_valid):  # type: ignore[no-untyped-def]
    """The sounds of now, and a new record of them when the ears have moved.

    Once the goal's sound has fallen silent, others do not push it out of the records.
    """
    clock = body[BodyColumn.CLOCK]
    any_heard = False
    for s in range(SOUNDS):
        present = sound[s, 0] if audio_valid > 0.5 and weight > 0.0 else 0.0
        sounds[s, SoundColumn.PRESENCE] = present
        sounds[s, SoundColumn.SIN_BEARING] = sound[s, 1] if present > HEARD_PROBABILITY else 0.0
        sounds[s, SoundColumn.LOUDNESS] = sound[s, 2] if present > HEARD_PROBABILITY else 0.0
        if present > HEARD_PROBABILITY:
            any_heard = True
            sounds[s, SoundColumn.LAST_HEARD] = clock
    wanted = int(goal[GoalField.SOUND])
    if body[BodyColumn.SILENT] > 0.5 and 0 <= wanted < SOUNDS:
        any_heard = sounds[wanted, SoundColumn.PRESENCE] > HEARD_PROBABILITY
    if not any_heard:
        return
    count = int(body[BodyColumn.HEARD_COUNT])
    if count > 0:
        last = heard[(count - 1) % SOUND_HISTORY]
        moved = math.hypot(
            body[BodyColumn.X] - last[HeardColumn.X], body[BodyColumn.Z] - last[HeardColumn.Z]
        )
        turned = math.cos(body[BodyColumn.YAW] - last[HeardColumn.YAW])
        if moved < 0.2 and turned > 0.985 and count > 3:
            return
    record = heard[count % SOUND_HISTORY]
    body[BodyColumn.HEARD_COUNT] = count + 1
    record[HeardColumn.X] = body[BodyColumn.X]
    record[HeardColumn.Z] = body[BodyColumn.Z]
    record[HeardColumn.YAW] = body[BodyColumn.YAW]
    for s in range(SOUNDS):
        record[HeardColumn.PRESENCE + s] = sounds[s, SoundColumn.PRESENCE]
        record[HeardColumn.SIN_BEARING + s] = sounds[s, SoundColumn.SIN_BEARING]
        record[HeardColumn.LOUDNESS + s] = sounds[s, SoundColumn.LOUDNESS]


@njit(cache=True, error_model="numpy")
def doubt_of_source(expected, distance, sound):  # type: ignore[no-untyped-def]
    """How much speaks against a thing in sight being the source of a sound that is heard now.

    Args:
        expected: sine of the thing's bearing.
        distance: to its centre, metres.
        sound: the row of ``sounds`` as heard now.

    Returns:
        Squared deviation in units of the hearing's noise; infinite when nothing is heard.
    """
    if sound[SoundColumn.PRESENCE] <= HEARD_PROBABILITY:
        return np.inf
    off = (expected - sound[SoundColumn.SIN_BEARING]) / SINE_NOISE
    # In sight there is no wall between: a source is heard with 1 / distance.
    loudness = sound[SoundColumn.LOUDNESS] * max(1.0, distance)
    misheard = math.log(max(loudness, 1e-3)) / LOUDNESS_NOISE
    return off * off + misheard * misheard


@njit(cache=True, error_model="numpy")
def doubt_of_node(node, body, sound):  # type: ignore[no-untyped-def]
    """``doubt_of_source`` for a node where it is now."""
    dx = node[NodeColumn.X] - body[BodyColumn.X]
    dz = node[NodeColumn.Z] - body[BodyColumn.Z]
    yaw = body[BodyColumn.YAW]
    distance = math.sqrt(dx * dx + dz * dz) + 0.001
    expected = (dx * math.cos(yaw) - dz * math.sin(yaw)) / distance
    return doubt_of_source(expected, distance, sound)


@njit(cache=True, error_model="numpy")
def notice_silence(heard, sounds, goal, body):  # type: ignore[no-untyped-def]
    """Whether the goal's sound, which was clearly heard near here, is heard no more."""
    wanted = int(goal[GoalField.SOUND])
    if wanted < 0 or wanted >= SOUNDS or body[BodyColumn.VALID + 1] < 0.5:
        return
    last = sounds[wanted, SoundColumn.LAST_HEARD]
    if sounds[wanted, SoundColumn.PRESENCE] > HEARD_PROBABILITY:
        body[BodyColumn.SILENT] = 0.0
        return
    if last < 0.0 or body[BodyColumn.CLOCK] - last < SILENT_AFTER:
        return
    count = int(body[BodyColumn.HEARD_COUNT])
    for back in range(1, min(count, SOUND_HISTORY) + 1):
        record = heard[(count - back) % SOUND_HISTORY]
        if record[HeardColumn.PRESENCE + wanted] <= HEARD_PROBABILITY:
            continue
        away = math.hypot(
            body[BodyColumn.X] - record[HeardColumn.X], body[BodyColumn.Z] - record[HeardColumn.Z]
        )
        if away < SILENT_WITHIN and record[HeardColumn.LOUDNESS + wanted] >= CLEARLY_HEARD:
            body[BodyColumn.SILENT] = 1.0
        return


@njit(cache=True, error_model="numpy")
def match_sounds(nodes, heard, sounds, goal, body):  # type: ignore[no-untyped-def]
    """How well each thing's direction explains what was heard of the goal's sound so far."""
    wanted = int(goal[GoalField.SOUND])
    if wanted < 0 or wanted >= SOUNDS:
        return
    clock = body[BodyColumn.CLOCK]
    records = min(int(body[BodyColumn.HEARD_COUNT]), SOUND_HISTORY)
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if node[NodeColumn.PLACED] < 0.5:
            continue
        x = node[NodeColumn.X]
        z = node[NodeColumn.Z]
        error = 0.0
        count = 0
        for r in range(records):
            record = heard[r]
            if record[HeardColumn.PRESENCE + wanted] <= HEARD_PROBABILITY:
                continue
            dx = x - record[HeardColumn.X]
            dz = z - record[HeardColumn.Z]
            distance = math.sqrt(dx * dx + dz * dz) + 0.001
            yaw = record[HeardColumn.YAW]
            expected = (dx * math.cos(yaw) - dz * math.sin(yaw)) / distance
            error += abs(expected - record[HeardColumn.SIN_BEARING + wanted])
            count += 1
        node[NodeColumn.SOUND_ERROR] = error / count if count > 0 else 1.0
        if node[NodeColumn.KIND] != _OBJECT or node[NodeColumn.VISIBLE] < 0.5:
            continue
        away = math.hypot(x - body[BodyColumn.X], z - body[BodyColumn.Z])
        deaf = body[BodyColumn.VALID + 1] < 0.5 or body[BodyColumn.SILENT] > 0.5
        if away > NEAR_SOUND or deaf:
            node[NodeColumn.SOUND_NEAR] = 0.0
            continue
        limit = DOUBT if node[NodeColumn.SOUND_ERROR] > GOOD_MATCH else DOUBT_OF_GOOD_MATCH
        if doubt_of_node(node, body, sounds[wanted]) > limit:
            node[NodeColumn.SOUND_NEAR] = max(1.0, node[NodeColumn.SOUND_NEAR] + 1.0)
            if node[NodeColumn.SOUND_NEAR] >= NEAR_SOUND_LOOKS:
                node[NodeColumn.REJECTED_UNTIL] = clock + REJECTED_SECONDS
        else:
            node[NodeColumn.SOUND_NEAR] = min(-1.0, node[NodeColumn.SOUND_NEAR] - 1.0)


@njit(cache=True, error_model="numpy")
def locate_speakers(nodes, body, dialogue):  # type: ignore[no-untyped-def]
    """From where each speaker was heard."""
    yaw = body[BodyColumn.YAW]
    for u in range(MAX_UTTERANCES):
        speaker = int(dialogue[u, DialogueColumn.SPEAKER])
        if speaker <= 0 or speaker >= SLOTS:
            continue
        node = nodes[speaker]
        sin_direction = dialogue[u, DialogueColumn.SIN_DIRECTION]
        cos_direction = dialogue[u, DialogueColumn.COS_DIRECTION]
        node[NodeColumn.HEARD_CLOCK] = body[BodyColumn.CLOCK]
        node[NodeColumn.HEARD_SIN] = sin_direction * math.cos(yaw) + cos_direction * math.sin(yaw)
        node[NodeColumn.HEARD_COS] = cos_direction * math.cos(yaw) - sin_direction * math.sin(yaw)
        node[NodeColumn.HEARD_LOUDNESS] = dialogue[u, DialogueColumn.LOUDNESS]
