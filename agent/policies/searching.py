"""Looking for the thing that the present step is about, by its looks or by its sound."""

from __future__ import annotations

from agent.belief.choices import choose_frontier, choose_helper, choose_look_alike, choose_sounding
from agent.belief.columns import BodyColumn, NodeColumn, RouteColumn, SoundColumn
from agent.belief.fitting import fits_class, is_the_one
from agent.belief.goal_columns import GoalField
from agent.belief.hearing import HEARD_PROBABILITY, doubt_of_node
from agent.belief.results import is_container_closed, is_key
from agent.policies.steering import face
from agent.policies.walking import (
    LOOK_DOWN_RANGE,
    explore,
    go_near,
    go_towards,
    in_reach,
    look_first,
    since,
)
from envs.contract import SLOTS, Act, Branch, Kind, Look
from envs.jit import njit

CLOSEST = 0.6
"""While in doubt about a sound one goes this near, metres."""
CLEAR = 0.9
"""Doubt about a source up to which one commits from where one is."""
NEAR_LOOKS = 2.0
"""A sound must have seemed to come from the thing so often in a row before one commits."""
RIVAL_RANGE = 3.0
"""Other things nearer than this may be the source as well, metres."""
QUIET_SECONDS = 3.0
"""After looking everywhere, a sound not heard for so long has fallen silent."""
_DOWN = int(Look.DOWN)
_OPEN, _USE, _TAKE, _DROP = int(Act.OPEN), int(Act.USE), int(Act.TAKE), int(Act.DROP)
_DOOR = int(Kind.DOOR)


@njit(cache=True, error_model="numpy")
def seek(nodes, places, sounds, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    """Walk or look for the step's thing; its slot once it is decided and within reach, else 0."""
    if goal[GoalField.SOUND] >= 0.0 and not guess:
        return _seek_sound(nodes, places, sounds, goal, body, routes, action)
    return _seek_looks(nodes, places, goal, body, routes, guess, action)


@njit(cache=True, error_model="numpy")
def _seek_looks(nodes, places, goal, body, routes, guess, action):  # type: ignore[no-untyped-def]
    named = int(goal[GoalField.THING])
    by_name = goal[GoalField.COLOR] < 0.0 or goal[GoalField.SAME_THING] > 0.5
    if named > 0 and nodes[named, NodeColumn.PLACED] > 0.5 and by_name:
        if goal[GoalField.SAME_THING] > 0.5:
            reached = go_near(named, nodes, places, goal, body, routes, action)
            return named if reached else 0
        slot = named
    else:
        slot = choose_look_alike(nodes, goal, body, routes, guess, False)
    if slot == 0 and _goes_to_its_place(nodes, goal, body, routes, action):
        return 0
    if slot == 0:
        frontier = choose_frontier(nodes, places, goal, body, routes, True)
        if frontier == 0 or routes[frontier, RouteColumn.FRONTIER] <= 0.0:
            if help_on(0, nodes, places, goal, body, routes, action):
                return 0
            slot = choose_look_alike(nodes, goal, body, routes, guess, True)
            if slot > 0 and in_reach(nodes[slot]):
                action[Branch.TARGET] = slot
                return slot
    if slot == 0:
        explore(nodes, places, goal, body, routes, True, action)
        return 0
    node = nodes[slot]
    action[Branch.TARGET] = slot
    if in_reach(node) and is_the_one(node, goal, guess):
        return slot
    if not is_the_one(node, goal, guess) and look_first(node, body, action):
        return 0
    go_towards(slot, nodes, body, routes, action)
    if node[NodeColumn.DISTANCE] < LOOK_DOWN_RANGE:
        action[Branch.LOOK] = _DOWN
    return 0


@njit(cache=True, error_model="numpy")
def _goes_to_its_place(nodes, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Go into the place that the thing is said to be in, and look at all of it."""
    place = int(goal[GoalField.THING_PLACE])
    if place == 0 or routes[place, RouteColumn.REACHABLE] < 0.5:
        return False
    if place != int(body[BodyColumn.PLACE]) or routes[place, RouteColumn.LENGTH] > 0.0:
        go_towards(place, nodes, body, routes, action)
        return True
    if routes[place, RouteColumn.FRONTIER] <= 0.0:
        return False
    action[Branch.TARGET] = place
    action[Branch.MOVE], action[Branch.TURN] = face(routes[place, RouteColumn.BEARING], body)
    return True


@njit(cache=True, error_model="numpy")
def _seek_sound(nodes, places, sounds, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """The same for the thing that the goal's sound comes from."""
    slot = choose_sounding(nodes, sounds, goal, body, routes, False)
    last_resort = False
    if slot == 0:
        frontier = choose_frontier(nodes, places, goal, body, routes, True)
        if frontier == 0 or routes[frontier, RouteColumn.FRONTIER] <= 0.0:
            slot = choose_sounding(nodes, sounds, goal, body, routes, True)
            last_resort = True
    if slot == 0:
        explore(nodes, places, goal, body, routes, True, action)
        return 0
    node = nodes[slot]
    action[Branch.TARGET] = slot
    sound = sounds[int(goal[GoalField.SOUND])]
    locked = is_container_closed(node) and node[NodeColumn.LOCKED] > 0.5
    if locked and _gets_it_open(slot, nodes, places, goal, body, routes, action):
        return 0
    heard = sound[SoundColumn.PRESENCE] > HEARD_PROBABILITY
    doubt = doubt_of_node(node, body, sound)
    clear = doubt < CLEAR or node[NodeColumn.DISTANCE] < CLOSEST
    clear = clear and not _another_is_likelier(slot, doubt, nodes, sound, goal, body)
    sure = last_resort or (node[NodeColumn.SOUND_NEAR] <= -NEAR_LOOKS and clear)
    quiet = since(sound[SoundColumn.LAST_HEARD], body[BodyColumn.CLOCK]) > QUIET_SECONDS
    silent = body[BodyColumn.SILENT] > 0.5 or (last_resort and quiet)
    if in_reach(node) and ((heard and sure) or silent):
        if not is_container_closed(node) or locked:
            return slot
        action[Branch.ACT] = _OPEN  # it may be something in it that sounds
        return 0
    if in_reach(node) and node[NodeColumn.DISTANCE] < CLOSEST:
        action[Branch.MOVE], action[Branch.TURN] = face(routes[slot, RouteColumn.BEARING], body)
    else:
        go_towards(slot, nodes, body, routes, action)
    return 0


@njit(cache=True, error_model="numpy")
def _gets_it_open(slot, nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Do what may unlock a container, or look for its key; False when nothing is left to try."""
    if help_on(slot, nodes, places, goal, body, routes, action):
        return True
    frontier = choose_frontier(nodes, places, goal, body, routes, True)
    if frontier == 0 or routes[frontier, RouteColumn.FRONTIER] <= 0.0:
        return False
    explore(nodes, places, goal, body, routes, True, action)
    return True


@njit(cache=True, error_model="numpy")
def _another_is_likelier(slot, doubt, nodes, sound, goal, body):  # type: ignore[no-untyped-def]
    """Whether something else in sight, near us, would explain better what is heard now."""
    for other in range(1, SLOTS):
        node = nodes[other]
        near = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] < RIVAL_RANGE
        if other == slot or not near or node[NodeColumn.PLACED] < 0.5:
            continue
        if fits_class(node, goal) and doubt_of_node(node, body, sound) < doubt:
            return True
    return False


@njit(cache=True, error_model="numpy")
def help_on(locked, nodes, places, goal, body, routes, action):  # type: ignore[no-untyped-def]
    """Do what may open the way: find the key and use it, press a button, look into a container.

    Args:
        locked: slot of a locked thing that is in the way, 0 when it is not known what is.

    Returns:
        Whether there was anything of that kind to do.
    """
    helper = choose_helper(locked, nodes, goal, body, routes)
    if helper == 0:
        return False
    if not go_near(helper, nodes, places, goal, body, routes, action):
        return True
    held = int(body[BodyColumn.HELD])
    node = nodes[helper]
    if is_key(node):
        if held > 0:
            action[Branch.ACT] = _DROP
            action[Branch.TARGET] = held
        else:
            action[Branch.ACT] = _TAKE
        return True
    opens = int(node[NodeColumn.KIND]) == _DOOR or is_container_closed(node)
    unlocks = node[NodeColumn.LOCKED] > 0.5 or not opens
    action[Branch.ACT] = _USE if unlocks else _OPEN
    return True
