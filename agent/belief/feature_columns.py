"""The columns of the features: what every number that the brain reads of a belief means."""

from __future__ import annotations

from enum import IntEnum

from agent.belief.columns import COLORS, SENSES, SOUNDS
from agent.belief.goal_columns import Verb
from envs.contract import KIND_NAMES, STATE_NAMES, Act, Reason, Result

_STATES, _ACTS, _KINDS = len(STATE_NAMES), len(Act) - 1, len(KIND_NAMES)
_RESULTS, _REASONS, _VERBS = len(Result), len(Reason), len(Verb)


class NodeFeature(IntEnum):
    """Columns of ``node_features (R, K, F)``; blocks name their first column."""

    PLACED = 0
    RIGHT = 1
    """Metres / 5 in our frame."""
    AHEAD = 2
    DISTANCE = 3
    """To the nearest point, metres / 5."""
    SIN_BEARING = 4
    COS_BEARING = 5
    WAY_SIN = 6
    """Bearing of the next waypoint on the way there."""
    WAY_COS = 7
    WAY_DISTANCE = 8
    """Metres / 2."""
    WAY_LENGTH = 9
    """Walking distance / 10."""
    REACHABLE = 10
    BEHIND_DOOR = 11
    """A closed door is next on the way."""
    OPEN_ME = 12
    """It is a closed door within reach."""
    VISIBLE = 13
    AGE = 14
    """Seconds since it was seen / 20; 1 when never."""
    VISITED = 15
    UNSEEN = 16
    """Places: share not looked at."""
    HERE = 17
    """We are in this place, or it is in the place that we are in."""
    INSET = 18
    """Places: how far inside we stand, metres, at most 1."""
    WITHIN_REACH = 19
    """Visible and near enough to act on; places: well inside."""
    EXAMINED = 20
    """1 when the camera has looked at it from its own distance, less from further."""
    COLOR_DECIDED = 21
    COLOR_FITS = 22
    """Belief that it has the goal's colour; 0 when the goal names none."""
    CLASS_FITS = 23
    NAMED = 24
    """The goal names it."""
    THE_ONE = 25
    """Decided: it has the goal's class and colour."""
    REJECTED = 26
    SOUND_ERROR = 27
    """Mean bearing error of the goal's sound, 1 when unknown."""
    SOUND_FITS = 28
    """1 - 4 x error, 0 when nothing was heard."""
    SOUND_OFF = 29
    """Near looks in a row at which the sound came from elsewhere / 4; negative: from here."""
    GOAL_PLACE = 30
    """The place that the goal names."""
    ANSWER = 31
    """The place where the goal's topic is believed to be."""
    TOPIC = 32
    PERSON = 33
    TELL_TOPIC = 34
    TELL_PLACE = 35
    TOLD = 36
    """Confidence of the best testimony about where it is."""
    ASKED = 37
    """We asked it: 1 just now, fading over 4 s."""
    GIVEN = 38
    """It has been told what the goal wants told."""
    ASKED_US = 39
    """It has an open question to us that we can answer."""
    QUESTION = 40
    """It is what somebody asks us about, and we know where it is."""
    REPLY = 41
    """It is the place that answers somebody's question."""
    HELD = 42
    LAST_INTENT = 43
    """We last acted towards it."""
    FRONTIER = 44
    """A door with an unvisited side."""
    EXPLORE_NEXT = 45
    """Where the planner would explore next."""
    HEARD_SIN = 46
    """Bearing of its last utterance, fading over 10 s."""
    HEARD_COS = 47
    SIZE_X = 48
    SIZE_Y = 49
    SIZE_Z = 50
    HEIGHT = 51
    KIND = 52
    STATE = KIND + _KINDS
    AFFORDANCE = STATE + _STATES
    COLOR = AFFORDANCE + _ACTS
    SIGN_FITS = COLOR + COLORS
    """Belief that it has the goal's sign; 0 when the goal names none."""
    SIGN_DECIDED = SIGN_FITS + 1
    LIT = SIGN_FITS + 2
    """Belief that it is lit, 0.5 when nothing has been made out."""
    LIT_DECIDED = SIGN_FITS + 3
    RULED_OUT = SIGN_FITS + 4
    """What has been made out of its looks is not what the goal says."""
    CANDIDATE = SIGN_FITS + 5
    """The belief would go for this thing now."""
    HELPER = SIGN_FITS + 6
    """It may help on: a key, a button, a closed container that has not been looked into."""
    DESTINATION = SIGN_FITS + 7
    """The container or surface that the goal's thing goes to."""
    IN_THING_PLACE = SIGN_FITS + 8
    """It is, or is in, the place where the goal says that its thing is."""
    LOCKED = SIGN_FITS + 9
    """An act on it has failed because it is locked."""
    TRIED = SIGN_FITS + 10
    """We have done something to it in the present step."""
    GATE = SIGN_FITS + 11
    BARRIER = SIGN_FITS + 12
    OPENING = SIGN_FITS + 13
    BEHIND_BARRIER = SIGN_FITS + 14
    """A barrier has to be jumped on the way."""
    JUMP_NOW = SIGN_FITS + 15
    """The barrier on the way is as far ahead as one jumps from."""
    LAST_THING = SIGN_FITS + 16
    """The step before was achieved by it."""
    FINAL_ANSWER = SIGN_FITS + 17
    """All steps are achieved, and it is the answer."""
    STEP_THING = SIGN_FITS + 18
    """The very thing, or doorway, that the present step is about."""


NODE_FEATURE_SIZE = int(NodeFeature.STEP_THING) + 1


class BodyFeature(IntEnum):
    """Columns of ``body (R, Bf)``; blocks name their first column."""

    BUMPED = 0
    HOLDING = 1
    HOLDING_THE_ONE = 2
    IN_A_PLACE = 3
    CLOCK = 4
    """Minutes, at most 1."""
    DELAY = 5
    LAST_TURN = 6
    STUCK = 7
    ESCAPING = 8
    SINCE_SAID = 9
    """Seconds since we said something / 4; 1 when long ago."""
    ANSWER_KNOWN = 10
    MUST_TELL = 11
    """The goal wants something told that has not been told yet."""
    QUESTION_OPEN = 12
    """Somebody asked us something that we know."""
    PERSON_NEAR = 13
    """The goal's person is in sight and within talking distance."""
    ONE_IN_REACH = 14
    """Something decided to be the goal's thing is within reach."""
    SOUND_HEARD = 15
    """The goal's sound is present now."""
    SOUND_SIN = 16
    SOUND_LOUDNESS = 17
    RECORDS = 18
    """Share of the sound history that is filled."""
    MAP_KNOWN = 19
    """A place that we have not visited has a floor plan."""
    PUT_DOWN = 20
    """We have put something down in the goal's place."""
    VERB = 21
    VALID = VERB + _VERBS
    RESULT = VALID + SENSES
    REASON = RESULT + _RESULTS
    PRESENCE = REASON + _REASONS
    """Every sound: present now."""
    SIN = PRESENCE + SOUNDS
    STEP = SIN + SOUNDS
    """Which step of the goal / 8."""
    REMAINING = STEP + 1
    """Steps after this one / 8."""
    MORE_STEPS = STEP + 2
    """This is not the last step."""
    ALL_DONE = STEP + 3
    """All steps are achieved: what is left is the answer."""
    WANTS_SIGN = STEP + 4
    WANTS_LIGHT = STEP + 5
    """1 a lit thing, -1 a dark one."""
    WANTS_COLOR = STEP + 6
    WANTS_SOUND = STEP + 7
    HAS_DESTINATION = STEP + 8
    """The thing goes into a container or onto a surface."""
    SILENT = STEP + 9
    """The goal's sound has fallen silent."""
    PRESSED = STEP + 10
    """We have pressed something: 1 just now, fading over 10 s."""
    RUNNING = STEP + 11
    """An act goes on: who moves gives it up."""
    IN_THE_AIR = STEP + 12
    """Height of the feet, metres."""
    HOLDS_KEY = STEP + 13
    DOORWAY_AHEAD = STEP + 14
    """What we put down now would stand in a doorway."""
    MAY_LEAD = STEP + 15
    """Two fifths of the time, for all alike: who carries something with another may go ahead."""


BODY_FEATURE_SIZE = int(BodyFeature.MAY_LEAD) + 1


def column_names(enum: type[IntEnum], size: int) -> tuple[str, ...]:
    """Names of all columns; columns of a block are numbered.

    >>> column_names(BodyFeature, BODY_FEATURE_SIZE)[:2]
    ('bumped', 'holding')
    """
    names: list[str] = []
    members = [*enum]
    for at, member in enumerate(members):
        end = int(members[at + 1]) if at + 1 < len(members) else size
        width = end - int(member)
        label = member.name.lower()
        names += [label] if width == 1 else [f"{label}_{part}" for part in range(width)]
    return tuple(names)


NODE_FEATURES = column_names(NodeFeature, NODE_FEATURE_SIZE)
BODY_FEATURES = column_names(BodyFeature, BODY_FEATURE_SIZE)
