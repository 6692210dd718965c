"""The steps of a goal: which of them the NPC's own senses show to be achieved.

``follow_program`` runs at the end of every update. While a step is not achieved, ``goals`` holds
it; then the next one takes its place, and after the last one ``GoalField.FINISH`` holds the answer.
A last step that is answered where it ends (going somewhere, putting into a place) is never
"achieved": the answer itself completes it.
"""

from __future__ import annotations

import math

import numpy as np

from agent.belief.columns import (
    MAX_DOORWAYS,
    MAX_FACTS,
    BodyColumn,
    DoorwayColumn,
    FactColumn,
    NodeColumn,
    PlaceColumn,
    Relation,
)
from agent.belief.fitting import fits_class, fits_destination, is_decided, is_ruled_out
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.looks import lit_belief
from agent.belief.results import is_open
from envs.contract import SLOTS, STATE_NAMES, Act, Kind, Reason, Result
from envs.jit import njit

ARRIVED = 1.4
"""A thing that is gone to is reached from this near, metres."""
SURE_LOOKS = 2.0
"""A sound must have seemed to come from a thing so often in a row."""
SEEN_FROM = 3.0
"""What a thing already is counts when it is seen from this near, metres."""
SET_DOWN_SECONDS = 1.5
"""What two have carried and the other one has set down is not looked for longer than this."""
NOT_YET = -1
_ON_BIT = STATE_NAMES.index("on")
_OBJECT, _NPC = int(Kind.OBJECT), int(Kind.NPC)
_DONE, _ALREADY_SO = int(Result.DONE), int(Reason.ALREADY_SO)
_IN = int(Relation.IN)
_EXAMINE, _TOUCH, _PUT, _DROP = int(Act.EXAMINE), int(Act.TOUCH), int(Act.PUT), int(Act.DROP)
_OPEN, _CLOSE, _SWITCH, _USE = int(Act.OPEN), int(Act.CLOSE), int(Act.SWITCH), int(Act.USE)
_GIVE = int(Act.GIVE)
_V_GO, _V_TAKE_PUT, _V_ASK_GO = int(Verb.GO), int(Verb.TAKE_PUT), int(Verb.ASK_GO)
_V_FIND_TELL_GO, _V_TOUCH, _V_TAKE = int(Verb.FIND_TELL_GO), int(Verb.TOUCH), int(Verb.TAKE)
_V_GIVE, _V_ON, _V_OFF = int(Verb.GIVE), int(Verb.SWITCH_ON), int(Verb.SWITCH_OFF)
_V_OPEN, _V_CLOSE, _V_UNLOCK = int(Verb.OPEN), int(Verb.CLOSE), int(Verb.UNLOCK)
_V_EXAMINE, _V_ASK, _V_TELL = int(Verb.EXAMINE), int(Verb.ASK), int(Verb.TELL)
_V_LIFT, _V_READ, _V_LOOK_FOR = int(Verb.LIFT), int(Verb.READ), int(Verb.LOOK_FOR)
_V_WAIT, _V_THROUGH = int(Verb.WAIT), int(Verb.THROUGH)


@njit(cache=True, error_model="numpy")
def follow_program(nodes, places, doorways, facts, goal, program, body):  # type: ignore[no-untyped-def]
    """Take up the next step when the present one is achieved."""
    if goal[GoalField.VERB] == 0.0:
        return
    refresh_answers(nodes, goal)
    if int(goal[GoalField.VERB]) == _V_THROUGH:
        find_door(places, doorways, goal, body)
    by = achieved_by(nodes, facts, goal, body)
    if by == NOT_YET:
        return
    if goal[GoalField.REMAINING] > 0.0:
        _begin_step(int(goal[GoalField.STEP]) + 1, by, nodes, goal, program, body)
        refresh_answers(nodes, goal)
    elif goal[GoalField.FINISH] == 0.0:
        goal[GoalField.FINISH] = by


@njit(cache=True, error_model="numpy")
def _begin_step(step, by, nodes, goal, program, body):  # type: ignore[no-untyped-def]
    """Make a step the present one; ``by`` is the thing of the step before."""
    following = program[step]
    if following[GoalField.SAME_THING] > 0.5:
        if following[GoalField.VERB] == _V_TELL:
            following[GoalField.TELL_TOPIC] = by
        elif int(goal[GoalField.VERB]) == _V_ASK:
            following[GoalField.THING_PLACE] = by
        else:
            following[GoalField.THING] = by
            following[GoalField.CLASS_WORD] = nodes[by, NodeColumn.CLASS_WORD]
    goal[:] = following
    body[BodyColumn.STEP_CLOCK] = body[BodyColumn.CLOCK]
    body[BodyColumn.DONE_SLOT] = by
    body[BodyColumn.INTENT] = 0.0
    body[BodyColumn.PUT_SLOT] = 0.0
    forget_search(nodes, goal[GoalField.CLASS_WORD])


@njit(cache=True, error_model="numpy")
def forget_search(nodes, class_word):  # type: ignore[no-untyped-def]
    """Clear what the nodes remember of the last search, for one of this class."""
    for slot in range(SLOTS):
        node = nodes[slot]
        node[NodeColumn.REJECTED_UNTIL] = 0.0
        node[NodeColumn.SOUND_NEAR] = 0.0
        node[NodeColumn.SOUND_ERROR] = 1.0
        node[NodeColumn.ASKED_CLOCK] = -1.0
        node[NodeColumn.GIVEN_CLOCK] = -1.0
        fits = class_word > 0.0 and node[NodeColumn.CLASS_WORD] == class_word
        node[NodeColumn.CLASS_IN_GOAL] = 1.0 if fits else 0.0


@njit(cache=True, error_model="numpy")
def refresh_answers(nodes, goal):  # type: ignore[no-untyped-def]
    """Where the things that are asked about, and told about, are believed to be."""
    if goal[GoalField.TOPIC] > 0.0 or int(goal[GoalField.VERB]) != _V_ASK:
        goal[GoalField.ANSWER] = nodes[int(goal[GoalField.TOPIC]), NodeColumn.TOLD_PLACE]
    told = nodes[int(goal[GoalField.TELL_TOPIC])]
    bodily = int(told[NodeColumn.KIND]) == _OBJECT or int(told[NodeColumn.KIND]) == _NPC
    seen = bodily and told[NodeColumn.LAST_SEEN] >= 0.0 and told[NodeColumn.PLACE] > 0.0
    goal[GoalField.TELL_PLACE] = told[NodeColumn.PLACE if seen else NodeColumn.TOLD_PLACE]


@njit(cache=True, error_model="numpy")
def find_door(places, doorways, goal, body):  # type: ignore[no-untyped-def]
    """The door on the wanted side of the place that we are in: the goal's thing from now on.

    Sides are those of somebody who has just come in, or who stood here when the goal was set.
    """
    here = int(body[BodyColumn.PLACE])
    if here == 0 or goal[GoalField.THING] > 0.0:
        return
    place = places[here]
    if place[PlaceColumn.SHAPED] < 0.5:
        return
    if goal[GoalField.THING_PLACE] == 0.0 and goal[GoalField.STEP] == 0.0:
        sin_yaw = math.sin(body[BodyColumn.YAW])
        cos_yaw = math.cos(body[BodyColumn.YAW])
        along_x = abs(sin_yaw) > abs(cos_yaw)
        body[BodyColumn.HEADING_X] = np.sign(sin_yaw) if along_x else 0.0
        body[BodyColumn.HEADING_Z] = 0.0 if along_x else np.sign(cos_yaw)
    goal[GoalField.THING_PLACE] = here
    ahead_x = body[BodyColumn.HEADING_X]
    ahead_z = body[BodyColumn.HEADING_Z]
    side = goal[GoalField.SIDE]
    wanted_x = ahead_x if side == 0.0 else side * ahead_z
    wanted_z = ahead_z if side == 0.0 else -side * ahead_x
    middle_x = 0.5 * (place[PlaceColumn.X0] + place[PlaceColumn.X1])
    middle_z = 0.5 * (place[PlaceColumn.Z0] + place[PlaceColumn.Z1])
    for d in range(MAX_DOORWAYS):
        doorway = doorways[d]
        joins = int(doorway[DoorwayColumn.PLACE_A]) == here or (
            int(doorway[DoorwayColumn.PLACE_B]) == here
        )
        if doorway[DoorwayColumn.USED] < 0.5 or not joins:
            continue
        along_x = doorway[DoorwayColumn.ALONG_X] > 0.5
        out_x = 0.0 if along_x else np.sign(doorway[DoorwayColumn.X] - middle_x)
        out_z = np.sign(doorway[DoorwayColumn.Z] - middle_z) if along_x else 0.0
        if out_x == wanted_x and out_z == wanted_z and doorway[DoorwayColumn.DOOR] > 0.0:
            goal[GoalField.THING] = doorway[DoorwayColumn.DOOR]
            body[BodyColumn.HEADING_X] = out_x  # as one will face on the other side
            body[BodyColumn.HEADING_Z] = out_z
            return


@njit(cache=True, error_model="numpy")
def may_be_meant(slot, nodes, goal):  # type: ignore[no-untyped-def]
    """Whether nothing speaks against this thing being the one that the step is about."""
    if slot <= 0:
        return False
    named = int(goal[GoalField.THING])
    if named > 0 and (goal[GoalField.SAME_THING] > 0.5 or goal[GoalField.COLOR] < 0.0):
        return slot == named
    return fits_class(nodes[slot], goal) and not is_ruled_out(nodes[slot], goal)


@njit(cache=True, error_model="numpy")
def may_hold_meant(held, nodes, goal):  # type: ignore[no-untyped-def]
    """The same for a thing in hand, which is no longer where it was."""
    if held <= 0:
        return False
    if goal[GoalField.SAME_THING] > 0.5 and goal[GoalField.THING] > 0.0:
        return held == int(goal[GoalField.THING])
    wanted = goal[GoalField.CLASS_WORD]
    fits = wanted == 0.0 or nodes[held, NodeColumn.CLASS_WORD] == wanted
    return fits and not is_ruled_out(nodes[held], goal)


@njit(cache=True, error_model="numpy")
def is_on(node):  # type: ignore[no-untyped-def]
    """Whether a thing is on: told so, or seen to be lit."""
    lit = node[NodeColumn.LIT_DECIDED] > 0.5 and lit_belief(node) > 0.5
    return lit or node[NodeColumn.STATE + _ON_BIT] > 0.5


@njit(cache=True, error_model="numpy")
def is_surely_off(node):  # type: ignore[no-untyped-def]
    """Whether a thing is neither told to be on nor lit, which has been looked at."""
    return node[NodeColumn.LIT_DECIDED] > 0.5 and not is_on(node)


@njit(cache=True, error_model="numpy")
def achieved_by(nodes, facts, goal, body):  # type: ignore[no-untyped-def]
    """The slot by which the present step is achieved, NOT_YET while it is not."""
    verb = int(goal[GoalField.VERB])
    place = int(goal[GoalField.PLACE])
    held = int(body[BodyColumn.HELD])
    last = goal[GoalField.REMAINING] == 0.0
    if verb in (_V_GO, _V_ASK_GO, _V_FIND_TELL_GO):
        return NOT_YET if last else _arrived_at(nodes, goal, body)
    if verb == _V_TAKE:
        return held if may_hold_meant(held, nodes, goal) else NOT_YET
    if verb == _V_TAKE_PUT:
        if last and goal[GoalField.TO_CLASS] == 0.0 and goal[GoalField.TO_THING] == 0.0:
            return NOT_YET
        return _put_down(nodes, goal, body)
    if verb == _V_LIFT:
        if may_hold_meant(held, nodes, goal):
            body[BodyColumn.DONE_SLOT] = held
        lifted = int(body[BodyColumn.DONE_SLOT])
        lies = held == 0 and lifted > 0 and may_hold_meant(lifted, nodes, goal)
        if not lies:
            return NOT_YET
        where = int(nodes[lifted, NodeColumn.PLACE])
        there = where == place or where == 0
        gone = body[BodyColumn.CLOCK] - nodes[lifted, NodeColumn.LAST_SEEN] > SET_DOWN_SECONDS
        return lifted if there or gone else NOT_YET
    if verb == _V_THROUGH:
        here = int(body[BodyColumn.PLACE])
        before = int(goal[GoalField.THING_PLACE])
        return here if before > 0 and here > 0 and here != before else NOT_YET
    if verb == _V_ASK and goal[GoalField.TOPIC] == 0.0:
        answer = int(goal[GoalField.ANSWER])
        return answer if answer > 0 else NOT_YET
    if verb == _V_ASK:
        return _told_by(int(goal[GoalField.PERSON]), int(goal[GoalField.TOPIC]), facts)
    if verb == _V_READ:
        answer = int(goal[GoalField.ANSWER])
        return answer if answer > 0 else NOT_YET
    if verb == _V_TELL:
        person = int(goal[GoalField.PERSON])
        told = person > 0 and nodes[person, NodeColumn.GIVEN_CLOCK] >= 0.0
        return person if told else NOT_YET
    if verb == _V_LOOK_FOR:
        return _seen_one(nodes, goal)
    if verb == _V_WAIT:
        person = int(goal[GoalField.PERSON])
        spoke = nodes[person, NodeColumn.HEARD_CLOCK] > body[BodyColumn.STEP_CLOCK]
        return person if person > 0 and spoke else NOT_YET
    return _acted_on(verb, nodes, goal, body)


@njit(cache=True, error_model="numpy")
def _arrived_at(nodes, goal, body):  # type: ignore[no-untyped-def]
    """The place that we are in, or the thing that we are at, if the step asks for it."""
    asks = goal[GoalField.TOPIC] > 0.0
    place = int(goal[GoalField.ANSWER]) if asks else int(goal[GoalField.PLACE])
    if place > 0 or asks:
        return place if place > 0 and place == int(body[BodyColumn.PLACE]) else NOT_YET
    slot = int(body[BodyColumn.INTENT])
    node = nodes[slot]
    near = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] <= ARRIVED
    sure = goal[GoalField.SOUND] < 0.0 or node[NodeColumn.SOUND_NEAR] <= -SURE_LOOKS
    meant = may_be_meant(slot, nodes, goal) and is_decided(node, goal)
    return slot if near and sure and meant else NOT_YET


@njit(cache=True, error_model="numpy")
def _put_down(nodes, goal, body):  # type: ignore[no-untyped-def]
    """The thing that has just been put where the step wants it."""
    act = int(body[BodyColumn.LAST_ACT])
    put = int(body[BodyColumn.PUT_SLOT])
    done = int(body[BodyColumn.RESULT]) == _DONE and (act in (_PUT, _DROP))
    if not done or int(body[BodyColumn.HELD]) > 0 or not may_hold_meant(put, nodes, goal):
        return NOT_YET
    target = int(body[BodyColumn.LAST_TARGET])
    named = int(goal[GoalField.TO_THING])
    if named > 0:
        return put if target == named else NOT_YET
    if goal[GoalField.TO_CLASS] > 0.0:
        return put if fits_destination(nodes[target], goal) else NOT_YET
    return put if int(body[BodyColumn.PUT_PLACE]) == int(goal[GoalField.PLACE]) else NOT_YET


@njit(cache=True, error_model="numpy")
def _told_by(person, topic, facts):  # type: ignore[no-untyped-def]
    """Where a person (0: anybody) has said that a topic is."""
    if topic == 0:
        return NOT_YET
    for at in range(MAX_FACTS):
        fact = facts[at]
        source = int(fact[FactColumn.SOURCE])
        by_them = source == person or (person == 0 and source > 0)
        about = int(fact[FactColumn.ABOUT]) == topic and int(fact[FactColumn.RELATION]) == _IN
        if by_them and about:
            return int(fact[FactColumn.WHERE])
    return NOT_YET


@njit(cache=True, error_model="numpy")
def _seen_one(nodes, goal):  # type: ignore[no-untyped-def]
    """A thing that was seen, and whose place is known, and that is surely the one."""
    for slot in range(1, SLOTS):
        node = nodes[slot]
        if node[NodeColumn.LAST_SEEN] < 0.0 or node[NodeColumn.PLACE] == 0.0:
            continue
        if may_be_meant(slot, nodes, goal) and is_decided(node, goal):
            return slot
    return NOT_YET


@njit(cache=True, error_model="numpy")
def _acted_on(verb, nodes, goal, body):  # type: ignore[no-untyped-def]
    """The thing to which the act of the step was done, or that is already as it should be."""
    act = int(body[BodyColumn.LAST_ACT])
    target = int(body[BodyColumn.LAST_TARGET])
    done = int(body[BodyColumn.RESULT]) == _DONE
    so = done or int(body[BodyColumn.REASON]) == _ALREADY_SO
    if body[BodyColumn.ACT_CLOCK] < body[BodyColumn.STEP_CLOCK]:
        done = so = False
    if verb == _V_GIVE:
        person = int(goal[GoalField.PERSON])
        given = done and act == _GIVE and (person == 0 or target == person)
        return int(body[BodyColumn.PUT_SLOT]) if given else NOT_YET
    if verb in (_V_ON, _V_OFF):
        return _switched(verb == _V_ON, done and (act in (_SWITCH, _USE)), nodes, goal, body)
    meant = may_be_meant(target, nodes, goal)
    achieved = False
    if verb == _V_TOUCH:
        achieved = done and act == _TOUCH
    elif verb == _V_EXAMINE:
        achieved = done and act == _EXAMINE
    elif verb == _V_OPEN:
        achieved = so and act == _OPEN
        looked_at = int(body[BodyColumn.INTENT])
        if not achieved and may_be_meant(looked_at, nodes, goal):
            near = nodes[looked_at, NodeColumn.VISIBLE] > 0.5
            if near and is_open(nodes[looked_at]) and is_decided(nodes[looked_at], goal):
                return looked_at
    elif verb == _V_CLOSE:
        achieved = so and act == _CLOSE
    elif verb == _V_UNLOCK:
        achieved = (so and act == _USE) or (done and act == _OPEN)
    return target if meant and achieved else NOT_YET


@njit(cache=True, error_model="numpy")
def _switched(on, done, nodes, goal, body):  # type: ignore[no-untyped-def]
    """The thing that is on (or off) now: we have switched it, or we see that it is so."""
    target = int(body[BodyColumn.LAST_TARGET])
    if done and may_be_meant(target, nodes, goal):
        told_on = nodes[target, NodeColumn.STATE + _ON_BIT] > 0.5
        return target if on or not told_on else NOT_YET
    slot = int(body[BodyColumn.INTENT])
    node = nodes[slot]
    seen = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] <= SEEN_FROM
    if not seen or goal[GoalField.SOUND] >= 0.0 or goal[GoalField.LIT] >= 0.0:
        return NOT_YET
    if not may_be_meant(slot, nodes, goal) or not is_decided(node, goal):
        return NOT_YET
    return slot if (is_on(node) if on else is_surely_off(node)) else NOT_YET
