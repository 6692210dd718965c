"""The columns of the contract's arrays: part of `envs.contract`."""

from __future__ import annotations

from enum import IntEnum


class EntityColumn(IntEnum):
    """Columns of one row of ``entities``."""

    SLOT = 0
    CLASS_WORD = 1
    """Word id of the class name, exact."""
    CLASS_BAG = 2
    """First of CLASS_BAG_SIZE columns: signed feature hash of the class name."""
    X = 18
    """Centre relative to the NPC: right, up from its feet, forward; metres."""
    Y = 19
    Z = 20
    DISTANCE = 21
    """Horizontal distance to the nearest point of the thing, metres."""
    SIN_HEADING = 22
    """Its heading relative to ours."""
    COS_HEADING = 23
    SIZE_X = 24
    """Full extent along its own right, up, forward; metres."""
    SIZE_Y = 25
    SIZE_Z = 26
    KIND = 27
    """First of 3 one-hot columns: object, door, npc."""
    STATE = 30
    """First of len(STATE_NAMES) columns, each 0 or 1."""
    AFFORDANCE = 38
    """First of 12 columns, each 0 or 1: the acts EXAMINE..FINISH that this thing offers."""


ENTITY_SIZE = 50


class DialogueColumn(IntEnum):
    """Columns of one row of ``dialogue``."""

    UTTERANCE = 0
    """Utterance id, 1 to 2**24 - 1, exact; joins the row to its UTF-8 text."""
    SPEAKER = 1
    """Slot of the speaker (0: nobody in particular, such as a briefing)."""
    TO_ME = 2
    AGE = 3
    """Seconds since it was said."""
    SIN_DIRECTION = 4
    COS_DIRECTION = 5
    LOUDNESS = 6
    """0 to 1 at the listener."""
    WORD_COUNT = 7
    WORDS = 8
    """First of MAX_WORDS ordered word ids."""
    BAG = 32
    """First of TEXT_BAG_SIZE columns."""


DIALOGUE_SIZE = 64


class GoalColumn(IntEnum):
    """Columns of ``goal``."""

    PRESENT = 0
    """1 while there is a goal."""
    GOAL = 1
    """Goal id, exact; changes when the goal changes."""
    VERB = 2
    """Act id when the game set (verb, target, place), else 0."""
    TARGET = 3
    """Slot, when the game named one, else 0."""
    PLACE = 4
    """Slot, when the game named one, else 0."""
    PRIORITY = 5
    SECONDS_LEFT = 6
    WORD_COUNT = 7
    WORDS = 8
    BAG = 32


GOAL_SIZE = 64


class SelfColumn(IntEnum):
    """Columns of ``self``."""

    X = 0
    """World position, metres."""
    Y = 1
    Z = 2
    SIN_YAW = 3
    COS_YAW = 4
    VELOCITY_RIGHT = 5
    """Metres per second in the body's frame, over the last decision."""
    VELOCITY_UP = 6
    VELOCITY_FORWARD = 7
    TURN_RATE = 8
    """Radians per second."""
    PITCH = 9
    """Camera pitch, radians, positive up."""
    PLACE = 10
    """Slot of the place the body is in, 0 when in none."""
    HELD = 11
    """Slot of the thing in hand, 0 when empty."""
    LAST_ACT = 12
    """Act id of the last act that was tried."""
    LAST_TARGET = 13
    RESULT = 14
    REASON = 15
    BUMPED = 16
    """1 when the last move was stopped or deflected."""
    GROUNDED = 17
    ACTION_DELAY = 18
    """Decisions between an observation and the action it causes."""
    CLOCK = 19
    """Seconds since the episode or the game began."""
    CAMERA_VALID = 20
    AUDIO_VALID = 21
    ENTITIES_VALID = 22
    DIALOGUE_VALID = 23
    CAMERA_AGE = 24
    """Seconds since the sense was last fresh."""
    AUDIO_AGE = 25
    ENTITIES_AGE = 26
    DIALOGUE_AGE = 27
    HEIGHT = 28
    """Height of the eye over the floor, metres."""
    SPEAKING = 29
    """1 while our own last utterance is still being said."""
    TEAM = 30
    """Team number, 0 for none."""
    SPARE = 31


SELF_SIZE = 32
