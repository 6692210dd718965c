"""The columns of the belief arrays: what every number of an NPC's belief means.

All arrays are float32 (word ids: int32) with one row per NPC. Things are indexed by their slot,
0 to 63, where slot 0 is "none" and stays empty. Metres, seconds, radians; positions are those of
the world.
"""

from __future__ import annotations

from enum import IntEnum

from envs.contract import MAX_ACTION_DELAY

NODE_WORDS = 6
"""Words of a node's name that are kept as word ids."""
MAX_DOORWAYS = 32
SOUND_HISTORY = 32
POSE_HISTORY = 32
MAX_FACTS = 32
MAX_STEPS = 8
"""Steps of a goal that are kept."""
COLORS = 8
SIGNS = 11
"""No sign, and the signs that are told apart."""
SOUNDS = 19
"""Sound classes, the last one for any sound at all."""
ANY_SOUND = SOUNDS - 1
LOOK_SAMPLES = 16
"""Sample points of a place (4 x 4) of which the belief knows whether they have been looked at."""
SENSES = 4
"""Camera, audio, entities, dialogue: the order of the reliability weights."""


class NodeColumn(IntEnum):
    """Columns of ``nodes (R, 64, NODE_SIZE)``: what is believed about the thing of each slot."""

    KNOWN = 0
    KIND = 1
    """A contract.Kind."""
    CLASS_WORD = 2
    """Word id of the class name, exact in float32; 0 when not known."""
    PLACED = 3
    """1 when the position is known."""
    X = 4
    Y = 5
    Z = 6
    SIN_HEADING = 7
    """Its heading in the world."""
    COS_HEADING = 8
    SIZE_X = 9
    SIZE_Y = 10
    SIZE_Z = 11
    STATE = 12
    """First of len(contract.STATE_NAMES) bits, as last seen."""
    AFFORDANCE = 20
    """First of 12 bits: the acts EXAMINE..FINISH."""
    VISIBLE = 32
    """1 when it is among the entities now."""
    DISTANCE = 33
    """Horizontal distance from the body to its nearest point, metres."""
    LAST_SEEN = 34
    """Clock of the last sight, seconds; -1 when never seen."""
    FIRST_SEEN = 35
    EXAMINED = 36
    """Nearest distance at which the camera has looked at it, metres; 99 when never."""
    LOOKS = 37
    """How many looks have spoken about its colour."""
    COLOR_LOG = 38
    """First of COLORS columns: accumulated log evidence, largest 0."""
    COLOR_DECIDED = 46
    """1 when one colour has more than DECIDED of the belief."""
    PLACE = 47
    """Slot of the place that it is in, 0 when not known."""
    REJECTED_UNTIL = 48
    """Clock until which it is believed not to be what the goal asks for."""
    SOUND_ERROR = 49
    """Mean |expected - heard| of sin(bearing) for the goal's sound; 1 when nothing was heard."""
    SOUND_NEAR = 50
    """Looks in a row, from close by, at which the goal's sound seemed not to come from here;
    negative: at which it did."""
    NAME_IN_GOAL = 51
    """1 when the goal's text names it."""
    CLASS_IN_GOAL = 52
    """1 when the goal's text names its class."""
    TOLD_PLACE = 53
    """Slot of the place where others say it is, 0 when nobody has."""
    TOLD_CONFIDENCE = 54
    TOLD_CLOCK = 55
    HEARD_CLOCK = 56
    """Clock of its last utterance (NPCs), -1 when never heard."""
    HEARD_SIN = 57
    """Direction that the utterance came from, in the world, as seen from where we stood."""
    HEARD_COS = 58
    HEARD_LOUDNESS = 59
    ASKED_CLOCK = 60
    """Clock when we last asked it about the goal's topic, -1 never."""
    GIVEN_CLOCK = 61
    """Clock when we last told it, within earshot, what the goal wants it told, -1 never."""
    ASKED_US_ABOUT = 62
    """Slot that it last asked us about, 0 when nothing is open."""
    ASKED_US_CLOCK = 63
    SIGN_LOG = 64
    """First of SIGNS columns: log evidence of no sign and of each sign, largest 0."""
    SIGN_DECIDED = 75
    """1 when one of them, or none, has more than DECIDED of the belief."""
    LIT_LOG = 76
    """Log evidence of being dark and of being lit; largest 0."""
    LIT_DECIDED = 78
    LOCKED = 79
    """1 after an act on it failed because it is locked, until it is seen open or unlocked."""
    TRIED_CLOCK = 80
    """Clock when an act that we did to it last came to its end or failed, -1 never."""
    DOOR_KIND = 81
    """A DoorKind."""


NODE_SIZE = 82


class DoorKind(IntEnum):
    """What closes a doorway."""

    DOOR = 0
    """A leaf that hands open."""
    OPENING = 1
    """Nothing."""
    GATE = 2
    """A leaf that hands cannot open: a switch somewhere does, for some seconds."""
    BARRIER = 3
    """A low bar that a body has to jump."""


class PlaceColumn(IntEnum):
    """Columns of ``places (R, 64, PLACE_SIZE)``: floor plan and coverage of the place of a slot."""

    SHAPED = 0
    """1 when the floor is known."""
    X0 = 1
    """Bounding rectangle of the floor polygon."""
    Z0 = 2
    X1 = 3
    Z1 = 4
    VISITED = 5
    LAST_VISIT = 6
    """Clock of the last decision inside, -1 never."""
    SEEN = 7
    """First of LOOK_SAMPLES bits: sample points that have been looked at from inside."""
    LOOKED_CLOCK = 23
    """Clock when the coverage was last wiped (to search again) or the place first entered."""


PLACE_SIZE = 24


class DoorwayColumn(IntEnum):
    """Columns of ``doorways (R, MAX_DOORWAYS, DOORWAY_SIZE)``."""

    USED = 0
    X = 1
    Z = 2
    WIDTH = 3
    ALONG_X = 4
    """1 when the wall that it is in runs along x."""
    PLACE_A = 5
    """Slots of the places joined, 0 when not known."""
    PLACE_B = 6
    DOOR = 7
    """Slot of the door in it, 0 when it has none or none is known."""
    BLOCKED_UNTIL = 8
    """Clock until which no route is planned through it."""


DOORWAY_SIZE = 9


class SoundColumn(IntEnum):
    """Columns of ``sounds (R, SOUNDS, SOUND_SIZE)``: each sound class as last perceived."""

    PRESENCE = 0
    SIN_BEARING = 1
    LOUDNESS = 2
    LAST_HEARD = 3
    """Clock, -1 never."""


SOUND_SIZE = 4


class HeardColumn(IntEnum):
    """Columns of ``heard (R, SOUND_HISTORY, HEARD_SIZE)``: from where which sound came how."""

    X = 0
    Z = 1
    YAW = 2
    PRESENCE = 3
    """First of SOUNDS columns."""
    SIN_BEARING = PRESENCE + SOUNDS
    LOUDNESS = SIN_BEARING + SOUNDS


HEARD_SIZE = int(HeardColumn.LOUDNESS) + SOUNDS


class Relation(IntEnum):
    """Relation of a fact: (about, relation, where)."""

    NONE = 0
    IN = 1
    """About is in the place or at the thing."""
    KNOWS = 2
    """About (an NPC) knows where ``where`` is."""


class FactColumn(IntEnum):
    """Columns of ``facts (R, MAX_FACTS, FACT_SIZE)``: testimony; contradictions are all kept."""

    ABOUT = 0
    RELATION = 1
    WHERE = 2
    SOURCE = 3
    """Slot of who said it; 0: a briefing."""
    CLOCK = 4
    CONFIDENCE = 5
    CONTRADICTED = 6
    """1 when a newer or more trusted fact says otherwise."""


FACT_SIZE = 7


class BodyColumn(IntEnum):
    """Columns of ``body (R, BODY_SIZE)``: ourselves, and short memory of what we did."""

    X = 0
    Y = 1
    Z = 2
    YAW = 3
    CLOCK = 4
    PLACE = 5
    HELD = 6
    LAST_ACT = 7
    LAST_TARGET = 8
    RESULT = 9
    REASON = 10
    BUMPED = 11
    DELAY = 12
    VALID = 13
    """First of SENSES columns: whether each sense is fresh."""
    STARTED = 17
    """1 after the first observation."""
    ANCHOR_X = 18
    """Low corner of the planner's window."""
    ANCHOR_Z = 19
    DECISIONS = 20
    HEARD_COUNT = 21
    """Records ever written to ``heard``."""
    INTENT = 22
    """Slot that we last acted towards."""
    TURN = 23
    """Side of the last turn: -1 left, 0 straight, 1 right."""
    MOVED = 24
    """1 when the action that has just taken effect wanted the body to travel."""
    STUCK = 25
    """Decisions for which we wanted to travel but hardly did."""
    ESCAPE_UNTIL = 26
    """Clock until which the body steps aside to get free."""
    SAID_CLOCK = 27
    """Clock of our own last utterance, -1 never."""
    PUT_SLOT = 28
    """Thing that we last put or dropped."""
    PUT_PLACE = 29
    """Place that we last put a thing into."""
    RESOLVED = 30
    """1 when a contradiction between facts was settled in the last utterances."""
    THEN_X = 31
    """Pose in which the next action will find us: now, but for an action delay."""
    THEN_Z = 32
    THEN_YAW = 33
    ACT_CLOCK = 34
    """Clock when we last sent an act, -1 never."""
    STEP_CLOCK = 35
    """Clock when the present step of the goal began."""
    DONE_SLOT = 36
    """Thing or person by which the last step was achieved, 0 when none was."""
    SILENT = 37
    """1 when the goal's sound was heard and has fallen silent, as far as can be told here."""
    PRESSED_CLOCK = 38
    """Clock when we last switched or used something: a gate may stand open; -1 never."""
    RUNNING_CLOCK = 39
    """Clock until which the act that was sent last is still going on."""
    HEADING_X = 40
    """The way one faced when the present step began, along one axis of the world."""
    HEADING_Z = 41
    SENT = 42
    """First of SENT_ACTIONS pairs (move, turn) of actions that were sent, newest first."""


SENT_ACTIONS = MAX_ACTION_DELAY + 1
BODY_SIZE = int(BodyColumn.SENT) + 2 * SENT_ACTIONS


class PoseColumn(IntEnum):
    """Columns of ``poses (R, POSE_HISTORY, POSE_SIZE)``: where we were, newest at DECISIONS - 1."""

    X = 0
    Z = 1
    YAW = 2
    MOVED = 3


POSE_SIZE = 4


class RouteColumn(IntEnum):
    """Columns of ``Plan.routes (R, 64, ROUTE_SIZE)``: the way to each thing, on known ground."""

    REACHABLE = 0
    LENGTH = 1
    """Walking distance, metres; UNREACHABLE when there is no way."""
    BEARING = 2
    """Direction of the next waypoint relative to the body, radians, positive right."""
    DISTANCE = 3
    """Distance of the next waypoint, metres."""
    DOOR = 4
    """Slot of the first closed door on the way, 0 when none."""
    DOOR_LENGTH = 5
    """Walking distance to that door, metres."""
    FRONTIER = 6
    """Doors: 1 when one side has not been visited; places: share not looked at."""
    INSET = 7
    """Places: how far inside its walls we stand, metres, 0 when outside."""
    JUMP = 8
    """Slot of the first barrier on the way, 0 when none."""
    JUMP_LENGTH = 9
    """Walking distance to that barrier, metres."""


ROUTE_SIZE = 10
UNREACHABLE = 99.0
"""Path length of what cannot be reached, metres."""
