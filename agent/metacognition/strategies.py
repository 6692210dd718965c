"""What each strategy makes of the brain's action; none of them can commit to an answer.

The mouth and the eyes stay the brain's. The hands do nothing but open a door on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.belief.columns import BodyColumn, DoorwayColumn, NodeColumn, RouteColumn
from agent.belief.goal_columns import GoalField
from agent.policies.steering import STRAIGHT, face, travel
from envs.contract import BRANCH_STARTS, STATE_NAMES, Act, Branch, Kind, Move, Say
from envs.jit import njit

if TYPE_CHECKING:
    from agent.mind import View

STRATEGIES = ("policy", "route", "look_around", "ask")
"""Act as the brain proposes; follow the planned route; look around and re-plan; ask for help."""
POLICY, ROUTE, LOOK_AROUND, ASK = range(len(STRATEGIES))

HARMLESS_ACTS = (int(Act.NONE), int(Act.OPEN))
"""All that hands may do under any strategy but ``policy``."""

REACH = 1.4
"""Doors are opened from this near, metres."""
HEARING = 7.0
"""Somebody is asked from this near, metres."""
ASKED_LATELY = 30.0
"""Somebody who was asked within so many seconds is not asked again."""
_NPC = int(Kind.NPC)
_LOCKED = NodeColumn.STATE + STATE_NAMES.index("locked")


def calm(action: NDArray[np.int64], intent: int) -> NDArray[np.int64]:
    """The brain's action with legs and hands at rest; what it says stays."""
    quiet = action.copy()
    quiet[Branch.MOVE] = Move.STAY
    quiet[Branch.TURN] = STRAIGHT
    quiet[Branch.ACT] = Act.NONE
    if quiet[Branch.SAY] == Say.NONE:
        quiet[Branch.TARGET] = intent
        quiet[Branch.ABOUT] = quiet[Branch.WHERE] = 0
    return quiet


def follow_route(view: View, row: int, action: NDArray[np.int64], slot: int) -> NDArray[np.int64]:
    """One step on the planned way to a slot, opening the closed door that stands in it.

    A body whose game plans ways itself is told to ``go``, but not while a doorway is known that
    cannot be passed: of that the game's planner knows nothing.
    """
    step = calm(action, slot)
    belief, route = view.belief, view.plan.routes[row, slot]
    step[Branch.MOVE], step[Branch.TURN] = travel(
        route[RouteColumn.BEARING], route[RouteColumn.DISTANCE], belief.body[row]
    )
    door = int(route[RouteColumn.DOOR])
    node = belief.nodes[row, door]
    at_hand = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] <= REACH
    if door and at_hand and node[_LOCKED] < 0.5 and step[Branch.SAY] == Say.NONE:
        step[Branch.ACT], step[Branch.TARGET] = Act.OPEN, door
    elif step[Branch.SAY] == Say.NONE and _game_walks(view, row, slot):
        step[Branch.MOVE], step[Branch.TURN], step[Branch.TARGET] = Move.GO, STRAIGHT, slot
    return permitted(view, row, step)


def look_at(view: View, row: int, action: NDArray[np.int64], slot: int) -> NDArray[np.int64]:
    """Stand and face a slot."""
    look = calm(action, slot)
    bearing = _bearing(view, row, slot)
    look[Branch.MOVE], look[Branch.TURN] = face(bearing, view.belief.body[row])
    return permitted(view, row, look)


def look_around(view: View, row: int, action: NDArray[np.int64], slot: int) -> NDArray[np.int64]:
    """Turn on the spot, always to the right."""
    look = calm(action, slot)
    look[Branch.TURN] = STRAIGHT + 2
    return permitted(view, row, look)


def ask_for_help(view: View, row: int, action: NDArray[np.int64], person: int) -> NDArray[np.int64]:
    """Ask a person who can hear us about what the goal needs; walk to one who cannot."""
    if not can_hear(view, row, person):
        return follow_route(view, row, action, person)
    question = calm(action, person)
    question[Branch.SAY] = Say.ASK
    question[Branch.ABOUT] = topic_of(view, row)
    question[Branch.TARGET] = person
    question[Branch.WHERE] = 0
    bearing = _bearing(view, row, person)
    question[Branch.MOVE], question[Branch.TURN] = face(bearing, view.belief.body[row])
    return permitted(view, row, question)


def permitted(view: View, row: int, action: NDArray[np.int64]) -> NDArray[np.int64]:
    """The action with everything that the world forbids now left undone."""
    mask = view.infos.action_mask[row]
    allowed = mask[np.add(BRANCH_STARTS, action)]
    if not allowed[Branch.TARGET]:
        action[Branch.TARGET] = 0
    if not allowed[Branch.ACT]:
        action[Branch.ACT] = Act.NONE
    if not allowed[Branch.MOVE]:
        action[Branch.MOVE] = Move.STAY
    if not allowed[Branch.TURN]:
        action[Branch.TURN] = STRAIGHT
    if not (allowed[Branch.SAY] and allowed[Branch.ABOUT] and allowed[Branch.WHERE]):
        action[Branch.SAY : Branch.WHERE + 1] = 0
    return action


def _game_walks(view: View, row: int, slot: int) -> bool:
    """Whether the body is to go to a slot by the game's own planner."""
    mask = view.infos.action_mask[row]
    go, target = BRANCH_STARTS[Branch.MOVE] + Move.GO, BRANCH_STARTS[Branch.TARGET] + slot
    if not (mask[go] and mask[target]):
        return False
    blocked_until = view.belief.doorways[row, :, DoorwayColumn.BLOCKED_UNTIL]
    return not (blocked_until > view.belief.body[row, BodyColumn.CLOCK]).any()


def topic_of(view: View, row: int) -> int:
    """What to ask about: the goal's topic without an answer, or its place or thing; 0: none."""
    goal, nodes = view.belief.goals[row], view.belief.nodes[row]
    topic = int(goal[GoalField.TOPIC])
    if topic and goal[GoalField.ANSWER] == 0:
        return topic
    for column in (GoalField.PLACE, GoalField.THING):
        slot = int(goal[column])
        if slot and nodes[slot, NodeColumn.PLACED] < 0.5:
            return slot
    return 0


def whom_to_ask(view: View, row: int) -> int:
    """The nearest person in sight, not asked lately, else one we can walk to; 0: none."""
    clock = view.belief.body[row, BodyColumn.CLOCK]
    return int(_find_person(view.belief.nodes[row], view.plan.routes[row], clock))


@njit(cache=True, error_model="numpy", nogil=True)
def _find_person(nodes, routes, clock):  # type: ignore[no-untyped-def]
    nearest = soonest = 0
    least_distance = least_length = np.inf
    for slot in range(nodes.shape[0]):
        node = nodes[slot]
        if (node[NodeColumn.KNOWN] <= 0.5 or node[NodeColumn.KIND] != _NPC
                or node[NodeColumn.PLACED] <= 0.5):  # fmt: skip
            continue
        asked = node[NodeColumn.ASKED_CLOCK]
        if asked >= 0.0 and clock - asked <= ASKED_LATELY:
            continue
        distance, length = node[NodeColumn.DISTANCE], routes[slot, RouteColumn.LENGTH]
        seen = node[NodeColumn.VISIBLE] > 0.5 and distance < HEARING
        if seen and distance < least_distance:
            nearest, least_distance = slot, distance
        if routes[slot, RouteColumn.REACHABLE] > 0.5 and length < least_length:
            soonest, least_length = slot, length
    return nearest if nearest else soonest


def can_hear(view: View, row: int, person: int) -> bool:
    """Whether a person is in sight and near enough."""
    node = view.belief.nodes[row, person]
    return bool(node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] < HEARING)


def _bearing(view: View, row: int, slot: int) -> float:
    """Direction of a slot relative to the body, radians; straight ahead when it is not known."""
    node, body = view.belief.nodes[row, slot], view.belief.body[row]
    if slot == 0 or node[NodeColumn.PLACED] < 0.5:
        return 0.0
    dx = node[NodeColumn.X] - body[BodyColumn.X]
    dz = node[NodeColumn.Z] - body[BodyColumn.Z]
    bearing = np.arctan2(dx, dz) - body[BodyColumn.YAW]
    return float(np.arctan2(np.sin(bearing), np.cos(bearing)))
