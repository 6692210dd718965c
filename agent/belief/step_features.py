"""Features of the present step of the goal: what it asks for, what things have to do with it."""

from __future__ import annotations

from agent.belief.choices import doorway_ahead, waits_for_mate
from agent.belief.columns import BodyColumn, DoorKind, NodeColumn, RouteColumn
from agent.belief.feature_columns import BodyFeature, NodeFeature
from agent.belief.fitting import fits_destination, is_ruled_out
from agent.belief.goal_columns import GoalField
from agent.belief.looks import lit_belief, sign_belief
from agent.belief.results import is_key
from envs.contract import Kind
from envs.jit import njit

PRESSED_SECONDS = 10.0
JUMP_RANGE = 0.85
"""Metres of way from which a barrier is jumped."""
MAX_HEIGHT = 2.0
_OBJECT, _DOOR = int(Kind.OBJECT), int(Kind.DOOR)
_OPENING, _GATE, _BARRIER = int(DoorKind.OPENING), int(DoorKind.GATE), int(DoorKind.BARRIER)


@njit(cache=True, error_model="numpy")
def fill_step(slot, node, goal, body, route, feature):  # type: ignore[no-untyped-def]
    """What a thing has to do with the present step."""
    kind = int(node[NodeColumn.KIND])
    if kind == _OBJECT:
        if goal[GoalField.SIGN] >= 0.0:
            feature[NodeFeature.SIGN_FITS] = sign_belief(node, int(goal[GoalField.SIGN]))
        feature[NodeFeature.SIGN_DECIDED] = node[NodeColumn.SIGN_DECIDED]
        feature[NodeFeature.LIT] = lit_belief(node)
        feature[NodeFeature.LIT_DECIDED] = node[NodeColumn.LIT_DECIDED]
        feature[NodeFeature.RULED_OUT] = 1.0 if is_ruled_out(node, goal) else 0.0
        to_thing = int(goal[GoalField.TO_THING])
        there = slot == to_thing or (to_thing == 0 and fits_destination(node, goal))
        feature[NodeFeature.DESTINATION] = 1.0 if there else 0.0
    elif kind == _DOOR:
        closing = int(node[NodeColumn.DOOR_KIND])
        feature[NodeFeature.GATE] = 1.0 if closing == _GATE else 0.0
        feature[NodeFeature.BARRIER] = 1.0 if closing == _BARRIER else 0.0
        feature[NodeFeature.OPENING] = 1.0 if closing == _OPENING else 0.0
    place = goal[GoalField.THING_PLACE]
    in_it = place > 0.0 and (slot == int(place) or node[NodeColumn.PLACE] == place)
    feature[NodeFeature.IN_THING_PLACE] = 1.0 if in_it else 0.0
    feature[NodeFeature.LOCKED] = node[NodeColumn.LOCKED]
    tried = node[NodeColumn.TRIED_CLOCK]
    lately = tried >= 0.0 and tried >= body[BodyColumn.STEP_CLOCK]
    feature[NodeFeature.TRIED] = 1.0 if lately else 0.0
    if route[RouteColumn.JUMP] > 0.0:
        feature[NodeFeature.BEHIND_BARRIER] = 1.0
        near = route[RouteColumn.JUMP_LENGTH] <= JUMP_RANGE
        feature[NodeFeature.JUMP_NOW] = 1.0 if near else 0.0
    by_it = slot == int(body[BodyColumn.DONE_SLOT])
    feature[NodeFeature.LAST_THING] = 1.0 if by_it else 0.0
    feature[NodeFeature.STEP_THING] = 1.0 if slot == int(goal[GoalField.THING]) else 0.0
    feature[NodeFeature.FINAL_ANSWER] = 1.0 if slot == int(goal[GoalField.FINISH]) else 0.0


@njit(cache=True, error_model="numpy")
def fill_program(nodes, goal, body, feature):  # type: ignore[no-untyped-def]
    """Where in the goal we are, and what the present step says."""
    clock = body[BodyColumn.CLOCK]
    feature[BodyFeature.STEP] = goal[GoalField.STEP] / 8.0
    feature[BodyFeature.REMAINING] = goal[GoalField.REMAINING] / 8.0
    feature[BodyFeature.MORE_STEPS] = 1.0 if goal[GoalField.REMAINING] > 0.0 else 0.0
    feature[BodyFeature.ALL_DONE] = 1.0 if goal[GoalField.FINISH] > 0.0 else 0.0
    feature[BodyFeature.WANTS_SIGN] = 1.0 if goal[GoalField.SIGN] >= 0.0 else 0.0
    if goal[GoalField.LIT] >= 0.0:
        feature[BodyFeature.WANTS_LIGHT] = 1.0 if goal[GoalField.LIT] > 0.5 else -1.0
    feature[BodyFeature.WANTS_COLOR] = 1.0 if goal[GoalField.COLOR] >= 0.0 else 0.0
    feature[BodyFeature.WANTS_SOUND] = 1.0 if goal[GoalField.SOUND] >= 0.0 else 0.0
    into = goal[GoalField.TO_CLASS] > 0.0 or goal[GoalField.TO_THING] > 0.0
    feature[BodyFeature.HAS_DESTINATION] = 1.0 if into else 0.0
    feature[BodyFeature.SILENT] = body[BodyColumn.SILENT]
    pressed = body[BodyColumn.PRESSED_CLOCK]
    if pressed >= 0.0:
        feature[BodyFeature.PRESSED] = max(0.0, 1.0 - (clock - pressed) / PRESSED_SECONDS)
    feature[BodyFeature.RUNNING] = 1.0 if clock < body[BodyColumn.RUNNING_CLOCK] else 0.0
    feature[BodyFeature.IN_THE_AIR] = max(0.0, min(MAX_HEIGHT, body[BodyColumn.Y]))
    held = int(body[BodyColumn.HELD])
    feature[BodyFeature.HOLDS_KEY] = 1.0 if held > 0 and is_key(nodes[held]) else 0.0
    feature[BodyFeature.DOORWAY_AHEAD] = 1.0 if doorway_ahead(nodes, body) > 0 else 0.0
    feature[BodyFeature.MAY_LEAD] = 0.0 if waits_for_mate(clock) else 1.0
