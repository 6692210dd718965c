"""The expert that the brain imitates: a planner on the belief, without any truth of the world.

Every decision names an intent, the slot that it acts towards, in the branch ``target``; ``about``
and ``where`` are set only when something is said. What the belief has not decided is examined from
nearer; what it does not know is looked for behind the nearest frontier.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from agent.belief.actions import SURE_RANGE
from agent.belief.choices import (
    LAST_SEEN_TRUST,
    choose_frontier,
    choose_look_alike,
    choose_person,
    choose_sounding,
    is_the_one,
)
from agent.belief.columns import (
    BodyColumn,
    GoalField,
    NodeColumn,
    RouteColumn,
    SoundColumn,
    Verb,
)
from agent.belief.hearing import doubt_of_node
from agent.belief.planner import Plan, relative_bearing
from agent.belief.state import BeliefState
from agent.policies.steering import STRAIGHT, face, travel
from envs.contract import SLOTS, Act, Branch, Look, Say
from envs.jit import njit

REACH = 1.4
"""Acts are tried from this near, metres; the rules allow 1.5."""
FINISH_INSET = 0.3
"""A place is answered from this far inside, metres."""
PUT_INSET = 0.4
TALK_RANGE = 6.0
"""Somebody in sight is spoken to from this near, metres."""
REPEAT_SECONDS = 0.8
"""A message is repeated after this time without an answer."""
PAUSE_SECONDS = 0.15
"""Between any two of our sentences."""
ANSWER_SECONDS = 0.45
"""Having called somebody out of sight one listens for so long."""
CALL_SECONDS = 2.0
"""Somebody who is not in sight is called this often."""
OPEN_QUESTION_SECONDS = 3.0
"""A question put to us is answered within this time or not at all."""
CLOSEST = 0.6
"""While in doubt about a sound one goes this near, metres."""
CLEAR = 0.9
"""Doubt about a source up to which one commits from where one is."""
NEAR_LOOKS = 2.0
"""A sound must have seemed to come from the thing so often in a row before one commits."""
GLANCE_RANGE = 5.0
"""A thing of the own place nearer than this is looked at before one walks there, metres."""
GLANCE_SECONDS = 2.0
"""... unless it was in sight within so many seconds."""
GLANCE_ANGLE = math.radians(40.0)
LOOK_DOWN_RANGE = 1.2
_LEVEL, _DOWN = int(Look.LEVEL), int(Look.DOWN)
_FINISH, _TAKE = int(Act.FINISH), int(Act.TAKE)
_PUT, _DROP, _OPEN = int(Act.PUT), int(Act.DROP), int(Act.OPEN)
_ASK, _TELL = int(Say.ASK), int(Say.TELL)
_GO, _TAKE_PUT = int(Verb.GO), int(Verb.TAKE_PUT)
_ASK_GO, _FIND_TELL_GO = int(Verb.ASK_GO), int(Verb.FIND_TELL_GO)


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
    """As ``expert``; with ``guess`` a mind that knows no colours or sounds takes the nearest."""
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
    if _answer_question(nodes, body, routes, action):
        return
    verb = int(goal[GoalField.VERB])
    if verb == _TAKE_PUT:
        _take_and_put(nodes, places, goal, body, routes, guess, action)
        return
    talks = verb in (_ASK_GO, _FIND_TELL_GO)
    if talks or (verb == _GO and goal[GoalField.TOPIC] > 0.0):
        if _talk(nodes, places, goal, body, routes, action):
            return
        _go_into(int(goal[GoalField.ANSWER]), nodes, places, goal, body, routes, action)
    elif goal[GoalField.PLACE] > 0.0:
        _go_into(int(goal[GoalField.PLACE]), nodes, places, goal, body, routes, action)
    elif goal[GoalField.SOUND] >= 0.0:
        _go_to_sound(nodes, places, sounds, goal, body, routes, guess, action)
    else:
        _go_to_thing(nodes, places, goal, body, routes, guess, action)


@njit(cache=True, error_model="numpy")
def _say(say, about, where, person, nodes, body, routes, action):  # type: ignore[no-untyped-def]
    """Say something to a person, facing it where it is known to be."""
    action[Branch.SAY] = say
    action[Branch.ABOUT] = about
    action[Branch.WHERE] = where
    action[Branch.TARGET] = person
    if nodes[person, NodeColumn.VISIBLE] > 0.5:
        bearing = routes[person, RouteColumn.BEARING]
        action[Branch.MOVE], action[Branch.TURN] = face(bearing, body)


@njit(cache=True, error_model="numpy")
def _answer_question(nodes, body, routes, action):  # type: ignore[no-untyped-def]
    """Tell whoever asked us lately about something that we know."""
    clock = body[BodyColumn.CLOCK]
    for slot in range(1, SLOTS):
        node = nodes[slot]
        about = int(node[NodeColumn.ASKED_US_ABOUT])
        if about <= 0 or clock - node[NodeColumn.ASKED_US_CLOCK] > OPEN_QUESTION_SECONDS:
            continue
        where = int(nodes[about, NodeColumn.TOLD_PLACE])
        if where > 0:
            _say(_TELL, about, where, slot, nodes, body, routes, action)
            return True
    return False


@njit(cache=True, error_model="numpy")
def _talk(nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Ask and tell what the goal wants asked and told; False when all that is done."""
    answered = goal[GoalField.ANSWER] > 0.0
    person = choose_person(nodes, body, goal, routes)
    told = (goal[GoalField.TELL_TOPIC] == 0.0 or goal[GoalField.TELL_PLACE] == 0.0
            or (person > 0 and nodes[person, NodeColumn.GIVEN_CLOCK] >= 0.0))  # fmt: skip
    if answered and told:
        return False
    if person == 0:
        _explore(nodes, places, goal, body, routes, True, action)
        return True
    clock = body[BodyColumn.CLOCK]
    node = nodes[person]
    in_sight = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] <= (
        TALK_RANGE if told else SURE_RANGE)  # fmt: skip
    pause = REPEAT_SECONDS if in_sight else CALL_SECONDS
    if _since(body[BodyColumn.SAID_CLOCK], clock) >= PAUSE_SECONDS:
        if not told and in_sight:
            _say(_TELL, int(goal[GoalField.TELL_TOPIC]), int(goal[GoalField.TELL_PLACE]), person,
                 nodes, body, routes, action)  # fmt: skip
            return True
        if not answered and _since(node[NodeColumn.ASKED_CLOCK], clock) >= pause:
            _say(_ASK, int(goal[GoalField.TOPIC]), 0, person, nodes, body, routes, action)
            return True
        if answered and _since(body[BodyColumn.SAID_CLOCK], clock) >= pause:
            _say(_TELL, int(goal[GoalField.TELL_TOPIC]), int(goal[GoalField.TELL_PLACE]), person,
                 nodes, body, routes, action)  # fmt: skip
            return True
    if in_sight:
        action[Branch.TARGET] = person
        action[Branch.MOVE], action[Branch.TURN] = face(routes[person, RouteColumn.BEARING], body)
        return True
    if _since(body[BodyColumn.SAID_CLOCK], clock) < ANSWER_SECONDS:
        action[Branch.TARGET] = person
        return True
    stays = goal[GoalField.TELL_TOPIC] == 0.0  # guides do, team mates do not
    lately = stays or _since(node[NodeColumn.LAST_SEEN], clock) < LAST_SEEN_TRUST
    away = node[NodeColumn.DISTANCE] > REACH and routes[person, RouteColumn.REACHABLE] > 0.5
    if lately and away:
        _go_towards(person, nodes, body, routes, action)
    else:
        _explore(nodes, places, goal, body, routes, True, action)
    return True


@njit(cache=True, error_model="numpy")
def _since(moment, clock):  # type: ignore[no-untyped-def]
    """Seconds since a moment; a long time for what never happened."""
    return clock - moment if moment >= 0.0 else 1e6


@njit(cache=True, error_model="numpy")
def _go_into(place, nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Go into a place and finish there; look for it when there is no known way."""
    if place == int(body[BodyColumn.PLACE]) and (
            routes[place, RouteColumn.INSET] >= FINISH_INSET):  # fmt: skip
        action[Branch.ACT] = _FINISH
        action[Branch.TARGET] = place
    elif place > 0 and routes[place, RouteColumn.REACHABLE] > 0.5:
        _go_towards(place, nodes, body, routes, action)
    else:
        _explore(nodes, places, goal, body, routes, False, action)


@njit(cache=True, error_model="numpy")
def _in_reach(node):  # type: ignore[no-untyped-def]
    return node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] <= REACH


@njit(cache=True, error_model="numpy")
def _go_to_thing(nodes, places, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Go to the thing of the goal's class and colour and finish there."""
    slot = _seek_thing(nodes, places, goal, body, routes, guess, action)
    if slot > 0:
        action[Branch.ACT] = _FINISH


@njit(cache=True, error_model="numpy")
def _seek_thing(nodes, places, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Walk or look for the goal's thing; its slot once it is decided and within reach, else 0."""
    named = int(goal[GoalField.THING])
    if named > 0 and nodes[named, NodeColumn.PLACED] > 0.5 and goal[GoalField.COLOR] < 0.0:
        slot = named
    else:
        slot = choose_look_alike(nodes, goal, body, routes, guess, False)
    if slot == 0:
        frontier = choose_frontier(nodes, places, goal, body, routes, True)
        if frontier == 0 or routes[frontier, RouteColumn.FRONTIER] <= 0.0:
            slot = choose_look_alike(nodes, goal, body, routes, guess, True)
            if slot > 0 and _in_reach(nodes[slot]):
                action[Branch.TARGET] = slot
                return slot
    if slot == 0:
        _explore(nodes, places, goal, body, routes, True, action)
        return 0
    node = nodes[slot]
    action[Branch.TARGET] = slot
    if _in_reach(node) and is_the_one(node, goal, guess):
        return slot
    if not is_the_one(node, goal, guess) and _look_first(node, body, action):
        return 0
    _go_towards(slot, nodes, body, routes, action)
    if node[NodeColumn.DISTANCE] < LOOK_DOWN_RANGE:
        action[Branch.LOOK] = _DOWN
    return 0


@njit(cache=True, error_model="numpy")
def _look_first(node, body, action):  # type: ignore[no-untyped-def]
    """Turn to an undecided thing of the own place that is behind us, before walking there."""
    elsewhere = node[NodeColumn.PLACE] != body[BodyColumn.PLACE]
    lately = body[BodyColumn.CLOCK] - node[NodeColumn.LAST_SEEN] < GLANCE_SECONDS
    if elsewhere or lately or node[NodeColumn.DISTANCE] > GLANCE_RANGE:
        return False
    dx = node[NodeColumn.X] - body[BodyColumn.THEN_X]
    dz = node[NodeColumn.Z] - body[BodyColumn.THEN_Z]
    bearing = relative_bearing(dx, dz, body)
    if abs(bearing) < GLANCE_ANGLE:
        return False  # it should be in sight and is not
    action[Branch.MOVE], action[Branch.TURN] = face(bearing, body)
    return True


@njit(cache=True, error_model="numpy")
def _go_to_sound(nodes, places, sounds, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Go to the thing from which the goal's sound comes and finish there."""
    if guess:
        _go_to_thing(nodes, places, goal, body, routes, guess, action)
        return
    slot = choose_sounding(nodes, sounds, goal, body, routes, False)
    last_resort = False
    if slot == 0:
        frontier = choose_frontier(nodes, places, goal, body, routes, True)
        if frontier == 0 or routes[frontier, RouteColumn.FRONTIER] <= 0.0:
            slot = choose_sounding(nodes, sounds, goal, body, routes, True)
            last_resort = True
    if slot == 0:
        _explore(nodes, places, goal, body, routes, True, action)
        return
    node = nodes[slot]
    action[Branch.TARGET] = slot
    heard = sounds[int(goal[GoalField.SOUND]), SoundColumn.PRESENCE] > 0.5
    doubt = doubt_of_node(node, body, sounds[int(goal[GoalField.SOUND])])
    clear = doubt < CLEAR or node[NodeColumn.DISTANCE] < CLOSEST
    sure = last_resort or (node[NodeColumn.SOUND_NEAR] <= -NEAR_LOOKS and clear)
    if _in_reach(node) and heard and sure:
        action[Branch.ACT] = _FINISH
    elif _in_reach(node) and node[NodeColumn.DISTANCE] < CLOSEST:
        action[Branch.MOVE], action[Branch.TURN] = face(routes[slot, RouteColumn.BEARING], body)
    else:
        _go_towards(slot, nodes, body, routes, action)


@njit(cache=True, error_model="numpy")
def _take_and_put(nodes, places, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Fetch the goal's thing and put it down inside the goal's place."""
    held = int(body[BodyColumn.HELD])
    place = int(goal[GoalField.PLACE])
    if held > 0:
        if not is_the_one(nodes[held], goal, True):
            action[Branch.ACT] = _DROP
            action[Branch.TARGET] = held
        elif place == int(body[BodyColumn.PLACE]) and (
                routes[place, RouteColumn.INSET] >= PUT_INSET):  # fmt: skip
            action[Branch.ACT] = _PUT
            action[Branch.TARGET] = place
        elif place > 0 and routes[place, RouteColumn.REACHABLE] > 0.5:
            _go_towards(place, nodes, body, routes, action)
        else:
            _explore(nodes, places, goal, body, routes, False, action)
        return
    put = int(body[BodyColumn.PUT_SLOT])
    if put > 0 and int(body[BodyColumn.PUT_PLACE]) == place and is_the_one(nodes[put], goal, True):
        action[Branch.TARGET] = put
        if int(body[BodyColumn.PLACE]) == place:
            action[Branch.ACT] = _FINISH
        else:
            _go_towards(put, nodes, body, routes, action)
        return
    slot = _seek_thing(nodes, places, goal, body, routes, guess, action)
    if slot > 0:
        action[Branch.ACT] = _TAKE


@njit(cache=True, error_model="numpy")
def _explore(nodes, places, goal, body, routes, look_around, action):  # type: ignore[no-untyped-def]
    """Go where something new may be seen."""
    slot = choose_frontier(nodes, places, goal, body, routes, look_around)
    action[Branch.TARGET] = slot
    if slot == 0:
        action[Branch.TURN] = STRAIGHT + 2
        return
    here = slot == int(body[BodyColumn.PLACE])
    if here and routes[slot, RouteColumn.LENGTH] == 0.0:
        action[Branch.MOVE], action[Branch.TURN] = face(routes[slot, RouteColumn.BEARING], body)
    else:
        _go_towards(slot, nodes, body, routes, action)


@njit(cache=True, error_model="numpy")
def _go_towards(slot, nodes, body, routes, action):  # type: ignore[no-untyped-def]
    """One step on the way to a slot; opens the closed door that stands in it."""
    route = routes[slot]
    action[Branch.TARGET] = slot
    action[Branch.MOVE], action[Branch.TURN] = travel(
        route[RouteColumn.BEARING], route[RouteColumn.DISTANCE], body
    )
    door = int(route[RouteColumn.DOOR])
    if door > 0 and _in_reach(nodes[door]):
        action[Branch.ACT] = _OPEN
        action[Branch.TARGET] = door
