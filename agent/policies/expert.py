"""The expert that the brain imitates: a planner on the belief, without any truth of the world.

Every decision names an intent, the slot that it acts towards, in the branch ``target``; ``about``
and ``where`` are set only when something is said. What the belief has not decided is examined from
nearer; what it does not know is looked for behind the nearest frontier. One function per verb
carries out the present step of the goal; the belief itself moves on to the next one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.belief.choices import choose_written
from agent.belief.columns import BodyColumn, DoorKind, NodeColumn, PlaceColumn, RouteColumn
from agent.belief.fitting import fits_destination, is_the_one
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.planner import Plan
from agent.belief.program import may_hold_meant
from agent.belief.results import is_open
from agent.belief.state import BeliefState
from agent.policies.lifting import carry_together
from agent.policies.searching import help_on, seek
from agent.policies.steering import STRAIGHT, face
from agent.policies.talking import answer_question, listen_for, talk
from agent.policies.tidying import PUT_INSET, put_clear, tidy
from agent.policies.walking import explore, go_near, go_towards
from envs.contract import SLOTS, Act, Branch, Kind, Look
from envs.jit import njit

FINISH_INSET = 0.3
"""A place is answered from this far inside, metres."""
CLEAR_INSET = 0.35
"""So far inside a place one is out of the way of those who come through its doors, metres."""
CLOSE_BY = 0.7
"""Somebody this near is given a thing wherever one stands, metres."""
_LEVEL = int(Look.LEVEL)
_PLACE = int(Kind.PLACE)
_GATE = int(DoorKind.GATE)
_FINISH, _TAKE, _GIVE = int(Act.FINISH), int(Act.TAKE), int(Act.GIVE)
_PUT, _DROP, _OPEN = int(Act.PUT), int(Act.DROP), int(Act.OPEN)
_USE, _EXAMINE = int(Act.USE), int(Act.EXAMINE)
_GO, _TAKE_PUT = int(Verb.GO), int(Verb.TAKE_PUT)
_ASK_GO, _FIND_TELL_GO = int(Verb.ASK_GO), int(Verb.FIND_TELL_GO)
_V_TAKE, _V_GIVE, _V_LIFT = int(Verb.TAKE), int(Verb.GIVE), int(Verb.LIFT)
_V_OPEN, _V_UNLOCK, _V_TIDY = int(Verb.OPEN), int(Verb.UNLOCK), int(Verb.TIDY)
_V_ASK, _V_TELL, _V_READ = int(Verb.ASK), int(Verb.TELL), int(Verb.READ)
_V_WAIT, _V_THROUGH, _V_FOLLOW = int(Verb.WAIT), int(Verb.THROUGH), int(Verb.FOLLOW)
_V_LOOK_FOR = int(Verb.LOOK_FOR)

_ACT_OF_VERB = np.zeros(len(Verb), np.int64)
"""The act that a verb asks to be done to its thing."""
for _verb, _hands in (
    (Verb.TOUCH, Act.TOUCH), (Verb.SWITCH_ON, Act.SWITCH), (Verb.SWITCH_OFF, Act.SWITCH),
    (Verb.CLOSE, Act.CLOSE), (Verb.EXAMINE, Act.EXAMINE), (Verb.TAKE, Act.TAKE),
    (Verb.GO, Act.FINISH), (Verb.LIFT, Act.TAKE),
):  # fmt: skip
    _ACT_OF_VERB[_verb] = _hands


def expert(state: BeliefState, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The expert's actions.

    Args:
        state: beliefs of R NPCs after this decision's update.
        plan: ways of the same decision.

    Returns:
        Actions ``(R, 8)`` in branch order and the intent slot of each row ``(R,)``.
    """
    return act_on_belief(state, plan, guess=False)


def act_on_belief(
    state: BeliefState, plan: Plan, guess: bool
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """As ``expert``; with ``guess`` a mind that knows no looks or sounds takes the nearest."""
    actions = np.zeros((state.rows, len(Branch)), np.int64)
    intents = np.zeros(state.rows, np.int32)
    _act_rows(
        state.nodes, state.places, state.sounds, state.goals, state.body, plan.routes, guess,
        actions, intents,
    )  # fmt: skip
    return actions, intents


@njit(cache=True, error_model="numpy", nogil=True)
def _act_rows(nodes, places, sounds, goals, body, routes, guess, actions, intents):  # type: ignore[no-untyped-def]
    """All rows, one after the other."""
    for row in range(body.shape[0]):
        action = actions[row]
        action[Branch.TURN] = STRAIGHT
        action[Branch.LOOK] = _LEVEL
        if int(goals[row, GoalField.VERB]) != 0:
            _act(nodes[row], places[row], sounds[row], goals[row], body[row], routes[row], guess,
                 action)  # fmt: skip
        intents[row] = action[Branch.TARGET]


@njit(cache=True, error_model="numpy")
def _act(nodes, places, sounds, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """One row's decision."""
    if answer_question(nodes, body, routes, action):
        return
    if body[BodyColumn.CLOCK] < body[BodyColumn.RUNNING_CLOCK]:
        action[Branch.TARGET] = int(body[BodyColumn.LAST_TARGET])
        return  # the hands are at work: whoever moves gives it up
    if goal[GoalField.FINISH] > 0.0:
        _finish(int(goal[GoalField.FINISH]), nodes, places, goal, body, routes, action)
        return
    verb = int(goal[GoalField.VERB])
    if verb in (_GO, _ASK_GO, _FIND_TELL_GO):
        _go(nodes, places, sounds, goal, body, routes, guess, action)
    elif verb == _TAKE_PUT:
        _take_and_put(nodes, places, sounds, goal, body, routes, guess, action)
    elif verb in (_V_TAKE, _V_GIVE, _V_LIFT):
        _carry(verb, nodes, places, sounds, goal, body, routes, guess, action)
    elif verb == _V_TIDY:
        tidy(nodes, places, goal, body, routes, guess, action)
    elif verb in (_V_ASK, _V_TELL):
        if verb == _V_ASK and goal[GoalField.TOPIC] == 0.0:
            listen_for(int(goal[GoalField.PERSON]), nodes, body, routes, action)
        else:
            talk(nodes, places, goal, body, routes, action)
    elif verb in (_V_WAIT, _V_FOLLOW):
        listen_for(int(goal[GoalField.PERSON]), nodes, body, routes, action)
    elif verb == _V_THROUGH:
        _go_through(nodes, places, goal, body, routes, action)
    elif verb == _V_READ:
        _read(nodes, places, goal, body, routes, action)
    elif verb in (_V_OPEN, _V_UNLOCK):
        _open(verb, nodes, places, sounds, goal, body, routes, guess, action)
    else:
        slot = seek(nodes, places, sounds, goal, body, routes, guess, action)
        if slot > 0:
            action[Branch.ACT] = _ACT_OF_VERB[verb]


@njit(cache=True, error_model="numpy")
def _go(nodes, places, sounds, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Go to a place or thing, having asked and told what there is to ask and tell; finish there."""
    verb = int(goal[GoalField.VERB])
    if verb != _GO or goal[GoalField.TOPIC] > 0.0:
        if talk(nodes, places, goal, body, routes, action):
            return
        _go_into(int(goal[GoalField.ANSWER]), nodes, places, goal, body, routes, action)
    elif goal[GoalField.PLACE] > 0.0:
        _go_into(int(goal[GoalField.PLACE]), nodes, places, goal, body, routes, action)
    else:
        slot = seek(nodes, places, sounds, goal, body, routes, guess, action)
        if slot > 0 and goal[GoalField.REMAINING] == 0.0:
            action[Branch.ACT] = _FINISH


@njit(cache=True, error_model="numpy")
def _finish(answer, nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Give the answer from where it may be given, and not from a doorway."""
    here = int(body[BodyColumn.PLACE])
    told = int(goal[GoalField.VERB]) == _V_TELL
    if told and here > 0 and routes[here, RouteColumn.INSET] < CLEAR_INSET:
        go_towards(here, nodes, body, routes, action)
        if action[Branch.ACT] == 0:
            action[Branch.TARGET] = answer  # what is meant stays the same on these last steps
    elif told or int(goal[GoalField.VERB]) == _V_LIFT:
        action[Branch.ACT] = _FINISH
        action[Branch.TARGET] = answer
    elif int(nodes[answer, NodeColumn.KIND]) == _PLACE:
        _go_into(answer, nodes, places, goal, body, routes, action)
    elif answer == int(body[BodyColumn.HELD]) or go_near(
        answer, nodes, places, goal, body, routes, action
    ):
        action[Branch.ACT] = _FINISH
        action[Branch.TARGET] = answer


@njit(cache=True, error_model="numpy")
def _go_into(place, nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Go into a place and finish there; look for it when there is no known way."""
    if place == int(body[BodyColumn.PLACE]) and (
            routes[place, RouteColumn.INSET] >= FINISH_INSET):  # fmt: skip
        last = goal[GoalField.REMAINING] == 0.0
        action[Branch.ACT] = _FINISH if last else 0
        action[Branch.TARGET] = place
    elif place > 0 and routes[place, RouteColumn.REACHABLE] > 0.5:
        go_towards(place, nodes, body, routes, action)
    elif place == 0 or not help_on(0, nodes, places, goal, body, routes, action):
        shaped = place > 0 and places[place, PlaceColumn.SHAPED] > 0.5  # and yet there is no way
        explore(nodes, places, goal, body, routes, shaped, action)


@njit(cache=True, error_model="numpy")
def _go_through(nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Go through the door that the directions mean; look around while it is not known."""
    door = int(goal[GoalField.THING])
    if door > 0 and routes[door, RouteColumn.REACHABLE] > 0.5:
        go_towards(door, nodes, body, routes, action)
    else:
        explore(nodes, places, goal, body, routes, True, action)


@njit(cache=True, error_model="numpy")
def _take_and_put(nodes, places, sounds, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Fetch the goal's thing and put it down where the goal wants it."""
    held = int(body[BodyColumn.HELD])
    place = int(goal[GoalField.PLACE])
    into = goal[GoalField.TO_CLASS] > 0.0 or goal[GoalField.TO_THING] > 0.0
    if held > 0:
        if not may_hold_meant(held, nodes, goal):
            action[Branch.ACT] = _DROP
            action[Branch.TARGET] = held
        elif into:
            _put_into(nodes, places, goal, body, routes, action)
        elif place == int(body[BodyColumn.PLACE]) and (
                routes[place, RouteColumn.INSET] >= PUT_INSET):  # fmt: skip
            if goal[GoalField.REMAINING] > 0.0:
                put_clear(place, nodes, body, action)
            else:
                action[Branch.ACT] = _PUT
                action[Branch.TARGET] = place
        elif place > 0 and routes[place, RouteColumn.REACHABLE] > 0.5:
            go_towards(place, nodes, body, routes, action)
        elif place == 0 or not help_on(0, nodes, places, goal, body, routes, action):
            explore(nodes, places, goal, body, routes, False, action)
        return
    put = int(body[BodyColumn.PUT_SLOT])
    there = int(body[BodyColumn.PUT_PLACE]) == place and not into
    if put > 0 and there and is_the_one(nodes[put], goal, True):
        action[Branch.TARGET] = put
        if int(body[BodyColumn.PLACE]) == place:
            action[Branch.ACT] = _FINISH
        else:
            go_towards(put, nodes, body, routes, action)
        return
    slot = seek(nodes, places, sounds, goal, body, routes, guess, action)
    if slot > 0:
        action[Branch.ACT] = _TAKE


@njit(cache=True, error_model="numpy")
def _put_into(nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Put what is held into the container or onto the surface; open or unlock it first."""
    slot = int(goal[GoalField.TO_THING])
    if slot == 0 or nodes[slot, NodeColumn.PLACED] < 0.5:
        slot = _nearest_destination(nodes, goal, routes)
    if slot == 0:
        explore(nodes, places, goal, body, routes, True, action)
        return
    if nodes[slot, NodeColumn.LOCKED] > 0.5 and help_on(
        slot, nodes, places, goal, body, routes, action
    ):
        return
    if go_near(slot, nodes, places, goal, body, routes, action):
        closed = nodes[slot, NodeColumn.STATE + 1] > 0.5
        action[Branch.ACT] = _OPEN if closed else _PUT


@njit(cache=True, error_model="numpy")
def _nearest_destination(nodes, goal, routes):  # type: ignore[no-untyped-def]
    best = 0
    for slot in range(1, SLOTS):
        if nodes[slot, NodeColumn.PLACED] < 0.5 or not fits_destination(nodes[slot], goal):
            continue
        if routes[slot, RouteColumn.REACHABLE] > 0.5 and (
            best == 0 or routes[slot, RouteColumn.LENGTH] < routes[best, RouteColumn.LENGTH]
        ):
            best = slot
    return best


@njit(cache=True, error_model="numpy")
def _carry(verb, nodes, places, sounds, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Get the thing into the hand; give it to somebody, or carry it with somebody to a place."""
    held = int(body[BodyColumn.HELD])
    person = int(goal[GoalField.PERSON])
    if held > 0 and not may_hold_meant(held, nodes, goal):
        action[Branch.ACT] = _DROP
        action[Branch.TARGET] = held
    elif held > 0 and verb == _V_GIVE:
        inset = routes[int(body[BodyColumn.PLACE]), RouteColumn.INSET]
        clear = inset >= CLEAR_INSET or nodes[person, NodeColumn.DISTANCE] < CLOSE_BY
        if not go_near(person, nodes, places, goal, body, routes, action):
            return
        if clear:
            action[Branch.ACT] = _GIVE
        else:
            go_towards(person, nodes, body, routes, action)
    elif verb == _V_LIFT:
        carry_together(nodes, places, sounds, goal, body, routes, guess, action)
    elif verb == _V_TAKE and person > 0:
        listen_for(person, nodes, body, routes, action)
    else:
        slot = seek(nodes, places, sounds, goal, body, routes, guess, action)
        if slot > 0:
            action[Branch.ACT] = _TAKE


@njit(cache=True, error_model="numpy")
def _open(verb, nodes, places, sounds, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Open a door or container, with its key if it is locked; gates by a button."""
    slot = seek(nodes, places, sounds, goal, body, routes, guess, action)
    if slot == 0:
        return
    node = nodes[slot]
    gate = int(node[NodeColumn.DOOR_KIND]) == _GATE
    if gate or node[NodeColumn.LOCKED] > 0.5:
        action[Branch.TARGET] = 0
        if help_on(0 if gate else slot, nodes, places, goal, body, routes, action):
            return
        if not is_open(node):
            action[Branch.MOVE] = 0
            explore(nodes, places, goal, body, routes, True, action)
            return
    action[Branch.TARGET] = slot
    action[Branch.ACT] = _OPEN if verb == _V_OPEN else _USE


@njit(cache=True, error_model="numpy")
def _read(nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Examine written things, the nearest first, until one says what we want to know."""
    slot = choose_written(nodes, goal, body, routes)
    if slot == 0:
        explore(nodes, places, goal, body, routes, True, action)
    elif go_near(slot, nodes, places, goal, body, routes, action):
        action[Branch.ACT] = _EXAMINE
        bearing = routes[slot, RouteColumn.BEARING]
        if abs(bearing) > 0.8:
            action[Branch.MOVE], action[Branch.TURN] = face(bearing, body)
