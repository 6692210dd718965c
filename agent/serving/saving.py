"""One NPC's mind as a blob for a save file: belief, what metacognition remembers, counters.

Layout: magic, version, checksum, then the belief's own blob behind its length, and the rest as
packed JSON. Blobs come back from files that players edit: whatever is in them is looked at before
it is computed on, and nothing in them is ever run.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.belief.check import is_sound
from agent.belief.state import (
    ARRAY_SHAPES,
    BLOB_LIMIT,
    BeliefState,
    make_state,
    restore_row,
    save_row,
)
from agent.memories import Memories
from agent.mind import Mind
from agent.serving.goals_saved import goals_from_json

MAGIC = b"HFDM"
VERSION = 1
_HEADER = struct.Struct("<4sHI")
_LENGTH = struct.Struct("<I")
_LARGEST_REST = 256 * 1024
"""What stands beside the belief is never longer when it is unpacked, bytes."""
_UTTERANCES = Memories(0).utterances.shape[1:]
_DAMAGED = "The saved mind is damaged: use an older save."


class SaveError(ValueError):
    """A mind cannot be saved or restored; one sentence with the cure."""


@dataclass(frozen=True)
class SavedMind:
    """A blob that was looked at and may be put into a mind."""

    belief: BeliefState
    """One row."""
    utterances: np.ndarray
    """As a row of ``Memories.utterances``."""
    decisions: int
    number: int
    """Names the NPC's dice."""
    goals: dict[str, Any] | None
    """As ``GoalWatch.save`` gave it; None where no game has set a goal."""
    regulator: dict[str, Any] | None
    """As ``Regulator.save`` gave it; None where metacognition was left out."""


def save_mind(mind: Mind, seat: object, goals: dict[str, Any] | None = None) -> bytes:
    """What a mind keeps of one NPC, as at most 64 KiB.

    Args:
        mind: who remembers it.
        seat: the key that the mind knows the NPC by.
        goals: its open goals as ``GoalWatch.save`` gave them.

    Raises:
        SaveError: it does not fit.
    """
    memories = mind.memories
    (index,) = memories.find([seat]).tolist()
    rest = {
        "utterances": memories.utterances[index].tolist(),
        "decisions": int(memories.decisions[index]),
        "number": int(memories.numbers[index]),
        "regulator": mind.regulator.save(index) if mind.regulator is not None else None,
    }
    if goals is not None:
        rest["goals"] = goals
    try:
        belief = save_row(memories.belief, index)
    except ValueError as error:
        raise SaveError(str(error)) from None
    packed = zlib.compress(json.dumps(rest, separators=(",", ":")).encode(), 6)
    body = _LENGTH.pack(len(belief)) + belief + packed
    blob = _HEADER.pack(MAGIC, VERSION, zlib.crc32(body)) + body
    if len(blob) > BLOB_LIMIT:
        raise SaveError(
            f"The mind takes {len(blob)} bytes and may take {BLOB_LIMIT}: shorten the names and "
            "sentences of the scene."
        )
    return blob


def read_mind(blob: bytes) -> SavedMind:
    """Look at a blob.

    Raises:
        SaveError: it is no saved mind, is of another version, or is damaged.
    """
    if blob[:4] != MAGIC:
        raise SaveError("This is not a saved mind: give the bytes that saving returned.")
    if len(blob) > BLOB_LIMIT:
        raise SaveError(f"The saved mind is longer than {BLOB_LIMIT} bytes: use an older save.")
    if len(blob) < _HEADER.size + _LENGTH.size:
        raise SaveError("The saved mind is cut off: use an older save.")
    _, version, checksum = _HEADER.unpack_from(blob)
    if version != VERSION:
        raise SaveError(
            f"The saved mind is of version {version} and this package reads version {VERSION}: "
            "save again with this package."
        )
    body = blob[_HEADER.size :]
    if zlib.crc32(body) != checksum:
        raise SaveError(_DAMAGED)
    (length,) = _LENGTH.unpack_from(body)
    belief, rest = body[_LENGTH.size : _LENGTH.size + length], body[_LENGTH.size + length :]
    state = make_state(1)
    try:
        restore_row(state, 0, belief)
    except ValueError as error:
        raise SaveError(str(error)) from None
    if not is_sound(state):
        raise SaveError(_DAMAGED)
    return _read_rest(state, rest)


def restore_mind(mind: Mind, seat: object, saved: SavedMind) -> None:
    """Put what was saved into the place of one NPC.

    Raises:
        SaveError: metacognition cannot use its part.
    """
    memories = mind.memories
    (index,) = memories.find([seat]).tolist()
    if mind.regulator is not None:
        try:
            mind.regulator.restore(index, saved.regulator)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise SaveError(_DAMAGED) from None
    for name in ARRAY_SHAPES:
        getattr(memories.belief, name)[index] = getattr(saved.belief, name)[0]
    memories.belief.memory[index] = saved.belief.memory[0]
    memories.utterances[index] = saved.utterances
    memories.decisions[index] = saved.decisions
    memories.numbers[index] = np.uint64(saved.number)


def _read_rest(state: BeliefState, packed: bytes) -> SavedMind:
    try:
        unpacker = zlib.decompressobj()
        rest = json.loads(unpacker.decompress(packed, _LARGEST_REST))
        utterances = np.array(rest["utterances"], np.float32)
        decisions, number = int(rest["decisions"]), int(rest["number"])
        regulator, goals = rest["regulator"], rest.get("goals")
        if goals is not None:
            goals_from_json(goals)
        sound = (
            utterances.shape == _UTTERANCES
            and bool(np.isfinite(utterances).all())
            and 0 <= decisions < 2**62
            and 0 <= number < 2**64
            and isinstance(regulator, dict | None)
        )
    except (zlib.error, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise SaveError(_DAMAGED) from None
    if not sound:
        raise SaveError(_DAMAGED)
    return SavedMind(state, utterances, decisions, number, goals, regulator)
