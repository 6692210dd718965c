"""The contract, version 1: what a world shows its NPCs and which actions it takes.

Every world (a Unity player, the headless world in this process or behind a port) speaks exactly
this. All sizes are named constants; the C# constants are generated from this module. It also has
all of `envs.contract_columns`, the columns of the arrays, and `envs.contract_text`, the messages.

Conventions: metres, seconds, radians. Unity's frame: left-handed, y up, z forward, yaw clockwise
from +z seen from above. "Relative" vectors are in the NPC's own frame with its yaw removed:
x to the right, y up from the floor under its feet, z forward. A decision every 0.1 s.
"""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np

from envs.contract_columns import DIALOGUE_SIZE as DIALOGUE_SIZE
from envs.contract_columns import ENTITY_SIZE as ENTITY_SIZE
from envs.contract_columns import GOAL_SIZE as GOAL_SIZE
from envs.contract_columns import SELF_SIZE as SELF_SIZE
from envs.contract_columns import DialogueColumn as DialogueColumn
from envs.contract_columns import EntityColumn as EntityColumn
from envs.contract_columns import GoalColumn as GoalColumn
from envs.contract_columns import SelfColumn as SelfColumn
from envs.contract_text import CatalogueEntry as CatalogueEntry
from envs.contract_text import Doorway as Doorway
from envs.contract_text import Utterance as Utterance

CONTRACT_VERSION = 1
BEHAVIOR_NAME = "Heedful"
"""ML-Agents behaviour name (on the wire ``Heedful?team=0``)."""

# ---------------------------------------------------------------------------------------------
# Sizes

DECISION_SECONDS = 0.1
SLOTS = 64
"""Slot numbers 0..63; 0 means none, so an NPC can point at 63 things."""
CAMERA_SIZE = 64
CAMERA_FIELD_OF_VIEW = float(np.deg2rad(90.0))
"""Vertical and horizontal field of view of the square camera, radians."""
LOOK_PITCH = (float(np.deg2rad(-30.0)), float(np.deg2rad(-10.0)), float(np.deg2rad(15.0)))
"""Camera pitch for look = down, level, up; level is tilted a little to see the floor ahead."""
EYE_HEIGHT = 1.5
BODY_RADIUS = 0.22
BODY_HEIGHT = 1.7
SAMPLE_RATE = 16_000
EAR_SAMPLES = 1_600
EARS = 2
MAX_ENTITIES = 32
MAX_UTTERANCES = 8
MAX_WORDS = 24
CLASS_BAG_SIZE = 16
TEXT_BAG_SIZE = 32
MAX_ACTION_DELAY = 3

# ---------------------------------------------------------------------------------------------
# Action branches


class Move(IntEnum):
    """Branch ``move``: what the legs do for this decision."""

    STAY = 0
    WALK = 1
    RUN = 2
    BACK = 3
    STRAFE_LEFT = 4
    STRAFE_RIGHT = 5
    JUMP = 6
    GO = 7


class Look(IntEnum):
    """Branch ``look``: pitch of the camera."""

    DOWN = 0
    LEVEL = 1
    UP = 2


class Act(IntEnum):
    """Branch ``act``: what the hands do with ``target``; FINISH: "done, target is my answer"."""

    NONE = 0
    EXAMINE = 1
    TOUCH = 2
    TAKE = 3
    PUT = 4
    DROP = 5
    OPEN = 6
    CLOSE = 7
    SWITCH = 8
    USE = 9
    PUSH = 10
    GIVE = 11
    FINISH = 12


class Say(IntEnum):
    """Branch ``say``: the kind of message; its content is (say, about, where) alone."""

    NONE = 0
    ASK = 1
    TELL = 2
    REQUEST = 3
    ACCEPT = 4
    REFUSE = 5
    REPORT = 6
    WARN = 7


TURN_DEGREES = (-30.0, -10.0, 0.0, 10.0, 30.0)
"""Branch ``turn``: degrees per decision, positive to the right."""

BRANCHES: tuple[tuple[str, int], ...] = (
    ("move", len(Move)),
    ("turn", len(TURN_DEGREES)),
    ("look", len(Look)),
    ("act", len(Act)),
    ("target", SLOTS),
    ("say", len(Say)),
    ("about", SLOTS),
    ("where", SLOTS),
)
"""Name and size of every discrete branch, in the order of the action array."""

BRANCH_NAMES = tuple(name for name, _ in BRANCHES)
BRANCH_SIZES = tuple(size for _, size in BRANCHES)
BRANCH_STARTS = tuple(int(start) for start in np.cumsum((0, *BRANCH_SIZES))[:-1])
"""Where each branch begins in a flat action mask."""
MASK_SIZE = sum(BRANCH_SIZES)
NO_OP = (int(Move.STAY), 2, int(Look.LEVEL), int(Act.NONE), 0, int(Say.NONE), 0, 0)
"""The action that does nothing, in branch order."""


class Branch(IntEnum):
    """Column of each branch in an action array ``(..., 8)``."""

    MOVE = 0
    TURN = 1
    LOOK = 2
    ACT = 3
    TARGET = 4
    SAY = 5
    ABOUT = 6
    WHERE = 7


class Result(IntEnum):
    """How the last act went."""

    NONE = 0
    STARTED = 1
    RUNNING = 2
    DONE = 3
    FAILED = 4


class Reason(IntEnum):
    """Why the last act failed (NONE when it did not)."""

    NONE = 0
    NO_TARGET = 1
    NOT_IN_SIGHT = 2
    OUT_OF_REACH = 3
    NOT_POSSIBLE = 4
    HANDS_FULL = 5
    HANDS_EMPTY = 6
    LOCKED = 7
    ALREADY_SO = 8
    NO_ROOM = 9
    REFUSED = 10
    NEEDS_HELP = 11


REASON_TEXT: dict[Reason, str] = {
    Reason.NONE: "it worked",
    Reason.NO_TARGET: "no target was named",
    Reason.NOT_IN_SIGHT: "the target is not in sight",
    Reason.OUT_OF_REACH: "the target is out of reach",
    Reason.NOT_POSSIBLE: "that cannot be done with this",
    Reason.HANDS_FULL: "the hands are full",
    Reason.HANDS_EMPTY: "the hands are empty",
    Reason.LOCKED: "it is locked",
    Reason.ALREADY_SO: "it is so already",
    Reason.NO_ROOM: "there is no room for it",
    Reason.REFUSED: "the other refused",
    Reason.NEEDS_HELP: "it takes two",
}

# ---------------------------------------------------------------------------------------------
# Observation columns


class Kind(IntEnum):
    """What sort of thing a slot stands for."""

    OBJECT = 0
    DOOR = 1
    NPC = 2
    PLACE = 3
    TOPIC = 4


KIND_NAMES = ("object", "door", "npc", "place", "topic")
"""A topic is a named thing without a body that one can talk about (a concert, a meeting)."""

STATE_NAMES = ("open", "closed", "locked", "on", "held_by_me", "held_by_other", "moving", "full")
"""State bits of an entity; never includes sounding or lit, and no colour."""


@dataclass(frozen=True)
class Field:
    """One observation: its ML-Agents sensor name, shape, dtype, bounds and meaning."""

    name: str
    shape: tuple[int, ...]
    dtype: Literal["uint8", "float32"]
    low: float
    high: float
    meaning: str
    variable: bool = False
    """True when rows may be missing; a row of zeros is absent."""
    goal_signal: bool = False


FIELDS: tuple[Field, ...] = (
    Field("audio", (EARS * EAR_SAMPLES,), "float32", -1.0, 1.0, "16 kHz PCM, left ear then right"),
    Field("camera", (3, CAMERA_SIZE, CAMERA_SIZE), "uint8", 0, 255, "first-person RGB, top first"),
    Field("dialogue", (MAX_UTTERANCES, DIALOGUE_SIZE), "float32", -np.inf, np.inf,
          "utterances heard since the last decision", variable=True),
    Field("entities", (MAX_ENTITIES, ENTITY_SIZE), "float32", -np.inf, np.inf,
          "what is in line of sight or in hand", variable=True),
    Field("goal", (GOAL_SIZE,), "float32", -np.inf, np.inf, "the present goal", goal_signal=True),
    Field("self", (SELF_SIZE,), "float32", -np.inf, np.inf, "the body and the last act"),
)  # fmt: skip
"""All observations in the order of the wire (ML-Agents sorts sensors by name)."""

MASK_FIELDS = ("entities_mask", "dialogue_mask")
"""Extra gym keys, int8 of shape (rows,): 1 where the row is real."""


# ---------------------------------------------------------------------------------------------
# What is said

SENTENCES: dict[Say, str] = {
    Say.ASK: "where is {about}",
    Say.TELL: "{about} is in {where}",
    Say.REQUEST: "please bring {about} to {where}",
    Say.ACCEPT: "yes {about}",
    Say.REFUSE: "no {about}",
    Say.REPORT: "{about} done in {where}",
    Say.WARN: "careful {about} in {where}",
}
"""A sentence is made from (say, about, where) alone, so nobody can tell what they do not know."""


def make_sentence(say: int, about: str, where: str) -> str:
    """The sentence of a message; a slot of 0 is named "" and leaves a gap.

    >>> make_sentence(Say.TELL, "the concert", "the amber hall")
    'the concert is in the amber hall'
    """
    if say == Say.NONE:
        return ""
    return " ".join(SENTENCES[Say(say)].format(about=about, where=where).split())


@functools.cache
def contract_hash() -> str:
    """Short hash of everything that must agree between a world and a mind."""
    facts = {
        "version": CONTRACT_VERSION,
        "fields": [(f.name, f.shape, f.dtype) for f in FIELDS],
        "branches": BRANCHES,
        "columns": {
            enum.__name__: {member.name: int(member) for member in enum}
            for enum in (EntityColumn, DialogueColumn, GoalColumn, SelfColumn, Result, Reason, Kind)
        },
        "states": STATE_NAMES,
        "sentences": {say.name: text for say, text in SENTENCES.items()},
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:12]
