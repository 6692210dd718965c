"""The columns of goals: what an instruction asks for, one step at a time.

A goal is a program of up to MAX_STEPS steps. All of them are kept in ``program (R, MAX_STEPS,
GOAL_FIELDS)``; the present one is ``goals (R, GOAL_FIELDS)``, and that is what plans, features and
policies read. Slots are 0 and indices -1 where the step does not say.
"""

from __future__ import annotations

from enum import IntEnum


class Verb(IntEnum):
    """What a step asks for."""

    NONE = 0
    GO = 1
    """Go to a place or thing; as the last step: and say so."""
    TAKE_PUT = 2
    """Take a thing, put it in a place, into a container or onto a surface."""
    ASK_GO = 3
    """Ask somebody where a topic is, then go there."""
    FIND_TELL_GO = 4
    """Find an NPC who knows where our topic is, tell it where its own is, then go to ours."""
    TOUCH = 5
    TAKE = 6
    """Have a thing in hand; with a person: from that person."""
    GIVE = 7
    SWITCH_ON = 8
    SWITCH_OFF = 9
    OPEN = 10
    CLOSE = 11
    UNLOCK = 12
    EXAMINE = 13
    ASK = 14
    """Ask a person where a topic is."""
    TELL = 15
    """Tell a person where a topic, or the thing that was looked for, is."""
    LIFT = 16
    """Carry a heavy thing to a place together with somebody."""
    TIDY = 17
    """Put every thing of a kind into a place; none is left outside."""
    READ = 18
    """Examine written things until one says where the topic is."""
    LOOK_FOR = 19
    """Find out by sight where a thing is."""
    WAIT = 20
    """Wait until a person says something."""
    THROUGH = 21
    """Go through the door on one side of the place that one is in."""
    FOLLOW = 22
    """Follow directions that have not been heard yet."""


class GoalField(IntEnum):
    """Columns of one step, grounded in slots."""

    VERB = 0
    GOAL = 1
    """Goal id of the contract."""
    PLACE = 2
    """Slot of the place to go to or to put in, 0 when none or not known yet."""
    TOPIC = 3
    """Slot of what we must find out about."""
    PERSON = 4
    """Slot of who is to be asked or told, or to be given something."""
    CLASS_WORD = 5
    """Word id of the class of the wanted thing, 0 when any."""
    COLOR = 6
    """Wanted colour, index into lexicon.COLORS, -1 when any."""
    SOUND = 7
    """Wanted sound, index into lexicon.SOUNDS, -1 when none."""
    TELL_TOPIC = 8
    """Slot of what PERSON is to be told about, 0 when nothing."""
    ANSWER = 9
    """Slot of the place where TOPIC is believed to be, 0 when not known."""
    TELL_PLACE = 10
    """Slot of the place where TELL_TOPIC is believed to be, 0 when not known."""
    THING = 11
    """Slot of a thing that the goal names itself, 0 when none."""
    SIGN = 12
    """Wanted sign, index into lexicon.SIGNS, -1 when any."""
    LIT = 13
    """1 when a lit thing is wanted, 0 a dark one, -1 any."""
    THING_PLACE = 14
    """Slot of the place that the wanted thing is in, 0 when any."""
    TO_THING = 15
    """Slot of the container or surface to put it into or onto, when its name says which, else 0."""
    TO_CLASS = 16
    """Word id of that container's or surface's class, 0 when there is none."""
    TO_COLOR = 17
    """Its colour, -1 when any."""
    SAME_THING = 18
    """1 when the step is about the thing of the step before."""
    STEP = 19
    """Which step this is, from 0."""
    REMAINING = 20
    """Steps that come after this one."""
    FINISH = 21
    """Slot to answer with, once all steps are achieved; 0 before."""
    SIDE = 22
    """Side of the door to go through: -1 left, 0 ahead, 1 right."""


GOAL_FIELDS = 23
UNSAID = (GoalField.COLOR, GoalField.SOUND, GoalField.SIGN, GoalField.LIT, GoalField.TO_COLOR)
"""Fields that are -1 where a step does not say."""
