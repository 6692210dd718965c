"""The state of many beliefs as padded arrays, and one belief as a blob for a save file."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.belief import columns as c
from agent.belief.goal_columns import GOAL_FIELDS, UNSAID
from envs.contract import SLOTS, TURN_DEGREES

BLOB_MAGIC = b"HFDB"
BLOB_VERSION = 2
BLOB_LIMIT = 64 * 1024
"""A saved belief is never longer, bytes."""
MAX_REMEMBERED_TEXTS = 24
_UNPACKED_LIMIT = 1024 * 1024
"""A saved belief is never longer when it is unpacked, bytes."""
_NEVER = (
    c.NodeColumn.LAST_SEEN, c.NodeColumn.FIRST_SEEN, c.NodeColumn.HEARD_CLOCK,
    c.NodeColumn.ASKED_CLOCK, c.NodeColumn.GIVEN_CLOCK, c.NodeColumn.TRIED_CLOCK,
)  # fmt: skip
"""Columns of moments: -1 for what has never happened."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class NodeName:
    """What the catalogue calls a slot."""

    kind: str
    name: str
    class_name: str = ""


@dataclass(frozen=True)
class HeardText:
    """A sentence that was heard: kept so that it can be understood again when names appear."""

    speaker: int
    to_me: bool
    text: str
    clock: float


@dataclass
class RowMemory:
    """The texts of one row; everything that decisions need of them is in the arrays."""

    names: dict[int, NodeName] = field(default_factory=dict)
    goal_text: str = ""
    heard: list[HeardText] = field(default_factory=list)
    sequence: int = -1
    """Sequence number of the last catalogue entry."""
    persona: str = ""
    """Who the NPC is, in the words of its game; an episode that begins does not change that."""


@dataclass
class BeliefState:
    """Beliefs of R NPCs. Columns are named in ``agent.belief.columns``."""

    nodes: Floats
    """``(R, 64, NODE_SIZE)``."""
    words: NDArray[np.int32]
    """``(R, 64, NODE_WORDS)`` word ids of names."""
    places: Floats
    """``(R, 64, PLACE_SIZE)``."""
    doorways: Floats
    """``(R, MAX_DOORWAYS, DOORWAY_SIZE)``."""
    sounds: Floats
    """``(R, SOUNDS, SOUND_SIZE)``."""
    heard: Floats
    """``(R, SOUND_HISTORY, HEARD_SIZE)`` ring."""
    facts: Floats
    """``(R, MAX_FACTS, FACT_SIZE)``, oldest first."""
    goals: Floats
    """``(R, GOAL_FIELDS)`` the present step of the goal."""
    program: Floats
    """``(R, MAX_STEPS, GOAL_FIELDS)`` all its steps."""
    body: Floats
    """``(R, BODY_SIZE)``."""
    poses: Floats
    """``(R, POSE_HISTORY, POSE_SIZE)`` ring."""
    memory: list[RowMemory]

    @property
    def rows(self) -> int:
        """Number of NPCs."""
        return self.body.shape[0]


ARRAY_SHAPES: dict[str, tuple[int, ...]] = {
    "nodes": (SLOTS, c.NODE_SIZE),
    "words": (SLOTS, c.NODE_WORDS),
    "places": (SLOTS, c.PLACE_SIZE),
    "doorways": (c.MAX_DOORWAYS, c.DOORWAY_SIZE),
    "sounds": (c.SOUNDS, c.SOUND_SIZE),
    "heard": (c.SOUND_HISTORY, c.HEARD_SIZE),
    "facts": (c.MAX_FACTS, c.FACT_SIZE),
    "goals": (GOAL_FIELDS,),
    "program": (c.MAX_STEPS, GOAL_FIELDS),
    "body": (c.BODY_SIZE,),
    "poses": (c.POSE_HISTORY, c.POSE_SIZE),
}
"""Shape of each array for one row, in the order of the blob."""


def make_state(rows: int) -> BeliefState:
    """Beliefs of ``rows`` NPCs that know nothing."""
    arrays: dict[str, Any] = {
        name: np.zeros((rows, *shape), np.int32 if name == "words" else np.float32)
        for name, shape in ARRAY_SHAPES.items()
    }
    state = BeliefState(**arrays, memory=[RowMemory() for _ in range(rows)])
    reset_rows(state, range(rows))
    return state


def reset_rows(state: BeliefState, rows: Iterable[int]) -> None:
    """Forget everything in these rows but who they are, in place."""
    for row in rows:
        for name in ARRAY_SHAPES:
            getattr(state, name)[row] = 0
        nodes = state.nodes[row]
        for column in _NEVER:
            nodes[:, column] = -1.0
        nodes[:, c.NodeColumn.EXAMINED] = 99.0
        nodes[:, c.NodeColumn.SOUND_ERROR] = 1.0
        state.places[row, :, c.PlaceColumn.LAST_VISIT] = -1.0
        state.sounds[row, :, c.SoundColumn.LAST_HEARD] = -1.0
        state.goals[row, UNSAID] = -1.0
        state.program[row][:, UNSAID] = -1.0
        for moment in (c.BodyColumn.SAID_CLOCK, c.BodyColumn.ACT_CLOCK, c.BodyColumn.PRESSED_CLOCK):
            state.body[row, moment] = -1.0
        state.body[row, c.BodyColumn.SENT + 1 :: 2] = len(TURN_DEGREES) // 2
        state.memory[row] = RowMemory(persona=state.memory[row].persona)


def forget_slot(state: BeliefState, row: int, slot: int) -> None:
    """Empty one slot, in place."""
    blank = make_state(1)
    state.nodes[row, slot] = blank.nodes[0, slot]
    state.words[row, slot] = 0
    state.places[row, slot] = blank.places[0, slot]
    state.memory[row].names.pop(slot, None)


def copy_state(state: BeliefState, out: BeliefState | None = None) -> BeliefState:
    """A copy of the arrays; the texts in ``memory`` are shared, since no decision writes them.

    Args:
        state: what to copy.
        out: a state of as many rows to write into, instead of new arrays.
    """
    if out is None:
        return BeliefState(
            **{name: getattr(state, name).copy() for name in ARRAY_SHAPES}, memory=state.memory
        )
    for name in ARRAY_SHAPES:
        np.copyto(getattr(out, name), getattr(state, name))
    out.memory = state.memory
    return out


def save_row(state: BeliefState, row: int) -> bytes:
    """One belief as a versioned blob of at most 64 KiB that a game can put in its save file."""
    memory = state.memory[row]
    heard = [(h.speaker, h.to_me, h.text, h.clock) for h in memory.heard[-MAX_REMEMBERED_TEXTS:]]
    names = {slot: (n.kind, n.name, n.class_name) for slot, n in memory.names.items()}
    content = {
        "names": names, "goal": memory.goal_text, "heard": heard, "sequence": memory.sequence,
    }  # fmt: skip
    if memory.persona:
        content["persona"] = memory.persona
    texts = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    arrays = b"".join(
        np.ascontiguousarray(getattr(state, name)[row]).astype("<i4" if name == "words" else "<f4")
        .tobytes() for name in ARRAY_SHAPES
    )  # fmt: skip
    body = struct.pack("<I", len(texts)) + texts + arrays
    packed = zlib.compress(body, 6)
    blob = BLOB_MAGIC + struct.pack("<HI", BLOB_VERSION, zlib.crc32(packed)) + packed
    if len(blob) > BLOB_LIMIT:
        raise ValueError(
            f"The belief takes {len(blob)} bytes and may take {BLOB_LIMIT}: shorten the names "
            "and sentences of the scene."
        )
    return blob


def restore_row(state: BeliefState, row: int, blob: bytes) -> None:
    """Put a saved belief into a row, in place.

    Raises:
        ValueError: the blob is not a belief, is of another version, or is damaged.
    """
    if blob[:4] != BLOB_MAGIC:
        raise ValueError("This is not a saved belief: give the bytes that save_row returned.")
    header = 4 + struct.calcsize("<HI")
    if len(blob) < header:
        raise ValueError("The saved belief is cut off: use an older save.")
    version, checksum = struct.unpack("<HI", blob[4:header])
    if version != BLOB_VERSION:
        raise ValueError(
            f"The saved belief is of version {version} and this package reads version "
            f"{BLOB_VERSION}: save again with this package."
        )
    packed = blob[header:]
    if zlib.crc32(packed) != checksum:
        raise ValueError("The saved belief is damaged: use an older save.")
    try:
        texts, arrays = _unpack(packed)
    except (zlib.error, struct.error, KeyError, TypeError, ValueError, RecursionError):
        raise ValueError("The saved belief is damaged: use an older save.") from None
    for name, array in arrays.items():
        getattr(state, name)[row] = array
    state.memory[row] = texts


def _unpack(packed: bytes) -> tuple[RowMemory, dict[str, NDArray]]:
    """The texts and the arrays of a saved belief; fails in many ways when they are not as saved."""
    body = zlib.decompressobj().decompress(packed, _UNPACKED_LIMIT)
    (length,) = struct.unpack("<I", body[:4])
    texts = json.loads(body[4 : 4 + length])
    offset = 4 + length
    arrays = {}
    for name, shape in ARRAY_SHAPES.items():
        count = int(np.prod(shape))
        values = np.frombuffer(body, "<i4" if name == "words" else "<f4", count, offset)
        arrays[name] = values.reshape(shape)
        offset += 4 * count
    names = {int(slot): NodeName(*map(str, name)) for slot, name in texts["names"].items()}
    heard = [
        HeardText(int(speaker), bool(to_me), str(text), float(clock))
        for speaker, to_me, text, clock in texts["heard"][-MAX_REMEMBERED_TEXTS:]
    ]
    slots = [*names, *(text.speaker for text in heard)]
    if not all(0 <= slot < SLOTS for slot in slots):
        raise ValueError("a slot is outside its range")
    persona = str(texts.get("persona", ""))
    return RowMemory(names, str(texts["goal"]), heard, int(texts["sequence"]), persona), arrays


assert {f.name for f in fields(BeliefState)} == {*ARRAY_SHAPES, "memory"}
