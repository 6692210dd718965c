"""The belief as numbers for the brain: one row of features per known thing, one for the body.

Everything is scaled to about [-1, 1]. Known things are packed into K rows in the order of their
slots, which are shuffled by the world and say nothing. ``agent.belief.feature_columns`` names the
columns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.belief.choices import choose_frontier, choose_helper, choose_thing
from agent.belief.columns import (
    COLORS,
    NODE_WORDS,
    SENSES,
    SOUNDS,
    BodyColumn,
    NodeColumn,
    PlaceColumn,
    RouteColumn,
    SoundColumn,
)
from agent.belief.feature_columns import (
    BODY_FEATURE_SIZE,
    NODE_FEATURE_SIZE,
    BodyFeature,
    NodeFeature,
)
from agent.belief.fitting import is_the_one
from agent.belief.goal_columns import GoalField, Verb
from agent.belief.looks import color_belief
from agent.belief.planner import REACH, Plan
from agent.belief.state import BeliefState
from agent.belief.step_features import fill_program, fill_step
from envs.contract import MAX_ACTION_DELAY, SLOTS, STATE_NAMES, Act, Kind
from envs.jit import njit

MAX_NODES = 44
"""K: so many things at most are shown to the brain."""
FEATURE_WORDS = 4
_STATES, _ACTS = len(STATE_NAMES), len(Act) - 1
_OBJECT, _DOOR, _PLACE = int(Kind.OBJECT), int(Kind.DOOR), int(Kind.PLACE)
_TAKE_PUT, _TIDY, _LIFT = int(Verb.TAKE_PUT), int(Verb.TIDY), int(Verb.LIFT)
_CLOSED_BIT = STATE_NAMES.index("closed")


@dataclass
class Features:
    """What the brain reads of R beliefs."""

    node_slot: NDArray[np.int32]
    """``(R, K)`` slot of each node row, 0 where there is none."""
    node_mask: NDArray[np.bool_]
    """``(R, K)`` True where there is a node."""
    node_features: NDArray[np.float32]
    """``(R, K, F)``."""
    node_words: NDArray[np.int32]
    """``(R, K, 4)`` word ids of the name, of the class where it has no name; 0 for none."""
    body: NDArray[np.float32]
    """``(R, Bf)``."""


def make_features(rows: int) -> Features:
    """Blank features of R rows."""
    return Features(
        np.zeros((rows, MAX_NODES), np.int32),
        np.zeros((rows, MAX_NODES), np.bool_),
        np.zeros((rows, MAX_NODES, NODE_FEATURE_SIZE), np.float32),
        np.zeros((rows, MAX_NODES, FEATURE_WORDS), np.int32),
        np.zeros((rows, BODY_FEATURE_SIZE), np.float32),
    )


def build_features(state: BeliefState, plan: Plan, out: Features | None = None) -> Features:
    """Features of a belief after its update and plan.

    Args:
        state: beliefs of R NPCs.
        plan: ways of the same decision.
        out: features to write into instead of new arrays.
    """
    features = make_features(state.rows) if out is None else out
    _build_rows(
        state.nodes, state.words, state.places, state.sounds, state.goals, state.body, plan.routes,
        features.node_slot, features.node_mask, features.node_features, features.node_words,
        features.body,
    )  # fmt: skip
    return features


@njit(cache=True, error_model="numpy", nogil=True)
def _build_rows(nodes, words, places, sounds, goals, body, routes, node_slot, node_mask,  # type: ignore[no-untyped-def]
                node_features, node_words, body_features):  # fmt: skip
    """All rows, one after the other."""
    node_slot[:] = 0
    node_mask[:] = False
    node_features[:] = 0.0
    node_words[:] = 0
    body_features[:] = 0.0
    for row in range(body.shape[0]):
        count = _choose_nodes(nodes[row], goals[row], body[row], node_slot[row])
        goal = goals[row]
        wants_place = goal[GoalField.PLACE] > 0.0 or goal[GoalField.ANSWER] > 0.0
        verb = int(goal[GoalField.VERB])
        seeks_thing = verb in (_TIDY, _LIFT) or (
            verb == _TAKE_PUT and body[row, BodyColumn.HELD] == 0.0
        )
        explore = choose_frontier(
            nodes[row], places[row], goal, body[row], routes[row], seeks_thing or not wants_place
        )
        candidate = choose_thing(nodes[row], sounds[row], goal, body[row], routes[row])
        locked = candidate if nodes[row, candidate, NodeColumn.LOCKED] > 0.5 else 0
        helper = choose_helper(locked, nodes[row], goal, body[row], routes[row])
        for k in range(count):
            slot = node_slot[row, k]
            node_mask[row, k] = True
            feature = node_features[row, k]
            _fill_geometry(nodes[row, slot], places[row, slot], body[row], routes[row, slot],
                           feature)  # fmt: skip
            _fill_meaning(slot, nodes[row, slot], goal, body[row], routes[row, slot], feature)
            fill_step(slot, nodes[row, slot], goal, body[row], routes[row, slot], feature)
            feature[NodeFeature.EXPLORE_NEXT] = 1.0 if slot == explore else 0.0
            feature[NodeFeature.CANDIDATE] = 1.0 if slot == candidate else 0.0
            feature[NodeFeature.HELPER] = 1.0 if slot == helper else 0.0
            for word in range(FEATURE_WORDS):
                node_words[row, k, word] = words[row, slot, word]
            if words[row, slot, 0] == 0:
                node_words[row, k, 0] = int(nodes[row, slot, NodeColumn.CLASS_WORD])
        _fill_questions(nodes[row], body[row], node_slot[row], count, node_features[row],
                        body_features[row])  # fmt: skip
        _fill_body(nodes[row], places[row], sounds[row], goal, body[row], body_features[row])
        fill_program(nodes[row], goal, body[row], body_features[row])


@njit(cache=True, error_model="numpy")
def _choose_nodes(nodes, goal, body, chosen):  # type: ignore[no-untyped-def]
    """Slots of the known things in order; of too many the longest unseen objects are left out."""
    count = 0
    for slot in range(1, SLOTS):
        count += nodes[slot, NodeColumn.KNOWN] > 0.5
    too_many = count - MAX_NODES
    dropped = np.zeros(SLOTS, np.bool_)
    for _ in range(max(0, too_many)):
        worst = 0
        least = 1e9
        for slot in range(1, SLOTS):
            node = nodes[slot]
            if node[NodeColumn.KNOWN] < 0.5 or dropped[slot]:
                continue
            worth = node[NodeColumn.LAST_SEEN]
            if int(node[NodeColumn.KIND]) == _PLACE:
                worth += 1e5
            if int(node[NodeColumn.KIND]) == _DOOR:
                worth += 1e4
            wanted = node[NodeColumn.NAME_IN_GOAL] > 0.5 or node[NodeColumn.CLASS_IN_GOAL] > 0.5
            if wanted or slot in (int(goal[GoalField.ANSWER]), int(body[BodyColumn.HELD])):
                worth += 1e6
            if worth < least:
                least = worth
                worst = slot
        dropped[worst] = True
    at = 0
    for slot in range(1, SLOTS):
        if nodes[slot, NodeColumn.KNOWN] > 0.5 and not dropped[slot]:
            chosen[at] = slot
            at += 1
    return at


@njit(cache=True, error_model="numpy")
def _fill_geometry(node, place, body, route, feature):  # type: ignore[no-untyped-def]
    """Where it is, the way there, what it looks like."""
    clock = body[BodyColumn.CLOCK]
    kind = int(node[NodeColumn.KIND])
    if node[NodeColumn.PLACED] > 0.5:
        sin_yaw = math.sin(body[BodyColumn.THEN_YAW])
        cos_yaw = math.cos(body[BodyColumn.THEN_YAW])
        dx = node[NodeColumn.X] - body[BodyColumn.THEN_X]
        dz = node[NodeColumn.Z] - body[BodyColumn.THEN_Z]
        right = dx * cos_yaw - dz * sin_yaw
        ahead = dx * sin_yaw + dz * cos_yaw
        centre = math.sqrt(dx * dx + dz * dz) + 1e-3
        feature[NodeFeature.PLACED] = 1.0
        feature[NodeFeature.RIGHT] = max(-2.0, min(2.0, right / 5.0))
        feature[NodeFeature.AHEAD] = max(-2.0, min(2.0, ahead / 5.0))
        nearest = centre if kind == _PLACE else node[NodeColumn.DISTANCE]
        feature[NodeFeature.DISTANCE] = min(2.0, nearest / 5.0)
        feature[NodeFeature.SIN_BEARING] = right / centre
        feature[NodeFeature.COS_BEARING] = ahead / centre
    feature[NodeFeature.WAY_LENGTH] = min(2.0, route[RouteColumn.LENGTH] / 10.0)
    if route[RouteColumn.REACHABLE] > 0.5:
        feature[NodeFeature.REACHABLE] = 1.0
        feature[NodeFeature.WAY_SIN] = math.sin(route[RouteColumn.BEARING])
        feature[NodeFeature.WAY_COS] = math.cos(route[RouteColumn.BEARING])
        feature[NodeFeature.WAY_DISTANCE] = min(2.0, route[RouteColumn.DISTANCE] / 2.0)
    feature[NodeFeature.BEHIND_DOOR] = 1.0 if route[RouteColumn.DOOR] > 0.0 else 0.0
    visible = node[NodeColumn.VISIBLE]
    near = visible > 0.5 and node[NodeColumn.DISTANCE] <= REACH
    feature[NodeFeature.VISIBLE] = visible
    seen = node[NodeColumn.LAST_SEEN]
    feature[NodeFeature.AGE] = 1.0 if seen < 0.0 else min(1.0, (clock - seen) / 20.0)
    here = int(body[BodyColumn.PLACE])
    if kind == _PLACE:
        inset = min(1.0, route[RouteColumn.INSET])
        feature[NodeFeature.VISITED] = place[PlaceColumn.VISITED]
        feature[NodeFeature.UNSEEN] = route[RouteColumn.FRONTIER]
        feature[NodeFeature.INSET] = inset
        feature[NodeFeature.WITHIN_REACH] = 1.0 if inset >= 0.3 else 0.0
        feature[NodeFeature.HERE] = 1.0 if inset > 0.0 else 0.0
    else:
        feature[NodeFeature.WITHIN_REACH] = 1.0 if near else 0.0
        in_here = here > 0 and int(node[NodeColumn.PLACE]) == here
        feature[NodeFeature.HERE] = 1.0 if in_here else 0.0
    if kind == _DOOR:
        closed = node[NodeColumn.STATE + _CLOSED_BIT] > 0.5
        feature[NodeFeature.OPEN_ME] = 1.0 if near and closed else 0.0
        feature[NodeFeature.FRONTIER] = route[RouteColumn.FRONTIER]
    fade = 0.0
    if node[NodeColumn.HEARD_CLOCK] >= 0.0:
        fade = max(0.0, 1.0 - (clock - node[NodeColumn.HEARD_CLOCK]) / 10.0)
    if fade > 0.0:
        angle = math.atan2(node[NodeColumn.HEARD_SIN], node[NodeColumn.HEARD_COS])
        feature[NodeFeature.HEARD_SIN] = fade * math.sin(angle - body[BodyColumn.THEN_YAW])
        feature[NodeFeature.HEARD_COS] = fade * math.cos(angle - body[BodyColumn.THEN_YAW])
    feature[NodeFeature.SIZE_X] = min(2.0, node[NodeColumn.SIZE_X])
    feature[NodeFeature.SIZE_Y] = min(2.0, node[NodeColumn.SIZE_Y])
    feature[NodeFeature.SIZE_Z] = min(2.0, node[NodeColumn.SIZE_Z])
    feature[NodeFeature.HEIGHT] = min(2.0, node[NodeColumn.Y])
    feature[NodeFeature.KIND + kind] = 1.0
    for bit in range(_STATES):
        feature[NodeFeature.STATE + bit] = node[NodeColumn.STATE + bit]
    for bit in range(_ACTS):
        feature[NodeFeature.AFFORDANCE + bit] = node[NodeColumn.AFFORDANCE + bit]


@njit(cache=True, error_model="numpy")
def _fill_meaning(slot, node, goal, body, route, feature):  # type: ignore[no-untyped-def]
    """What it has to do with the goal, and what we have done with it."""
    clock = body[BodyColumn.CLOCK]
    color = int(goal[GoalField.COLOR])
    if int(node[NodeColumn.KIND]) == _OBJECT:
        examined = node[NodeColumn.EXAMINED]
        feature[NodeFeature.EXAMINED] = max(0.0, 1.0 - examined / 8.0)
        feature[NodeFeature.COLOR_DECIDED] = node[NodeColumn.COLOR_DECIDED]
        for other in range(COLORS):
            feature[NodeFeature.COLOR + other] = color_belief(node, other)
        if color >= 0:
            feature[NodeFeature.COLOR_FITS] = feature[NodeFeature.COLOR + color]
        named = goal[GoalField.CLASS_WORD] > 0.0 or color >= 0
        feature[NodeFeature.THE_ONE] = 1.0 if named and is_the_one(node, goal, False) else 0.0
    feature[NodeFeature.CLASS_FITS] = node[NodeColumn.CLASS_IN_GOAL]
    feature[NodeFeature.NAMED] = node[NodeColumn.NAME_IN_GOAL]
    feature[NodeFeature.REJECTED] = 1.0 if node[NodeColumn.REJECTED_UNTIL] > clock else 0.0
    if goal[GoalField.SOUND] >= 0.0 and node[NodeColumn.PLACED] > 0.5:
        error = node[NodeColumn.SOUND_ERROR]
        feature[NodeFeature.SOUND_ERROR] = error
        feature[NodeFeature.SOUND_FITS] = max(0.0, 1.0 - 4.0 * error)
        feature[NodeFeature.SOUND_OFF] = max(-1.0, min(1.0, node[NodeColumn.SOUND_NEAR] / 4.0))
    feature[NodeFeature.GOAL_PLACE] = 1.0 if slot == int(goal[GoalField.PLACE]) else 0.0
    feature[NodeFeature.ANSWER] = 1.0 if slot == int(goal[GoalField.ANSWER]) else 0.0
    feature[NodeFeature.TOPIC] = 1.0 if slot == int(goal[GoalField.TOPIC]) else 0.0
    feature[NodeFeature.PERSON] = 1.0 if slot == int(goal[GoalField.PERSON]) else 0.0
    feature[NodeFeature.TELL_TOPIC] = 1.0 if slot == int(goal[GoalField.TELL_TOPIC]) else 0.0
    feature[NodeFeature.TELL_PLACE] = 1.0 if slot == int(goal[GoalField.TELL_PLACE]) else 0.0
    feature[NodeFeature.TOLD] = node[NodeColumn.TOLD_CONFIDENCE]
    if node[NodeColumn.ASKED_CLOCK] >= 0.0:
        asked = clock - node[NodeColumn.ASKED_CLOCK]
        feature[NodeFeature.ASKED] = max(0.0, 1.0 - asked / 4.0)
    feature[NodeFeature.GIVEN] = 1.0 if node[NodeColumn.GIVEN_CLOCK] >= 0.0 else 0.0
    feature[NodeFeature.HELD] = 1.0 if slot == int(body[BodyColumn.HELD]) else 0.0
    feature[NodeFeature.LAST_INTENT] = 1.0 if slot == int(body[BodyColumn.INTENT]) else 0.0


@njit(cache=True, error_model="numpy")
def _fill_questions(nodes, body, slots, count, features, body_feature):  # type: ignore[no-untyped-def]
    """Who asks us what, if we know the answer."""
    clock = body[BodyColumn.CLOCK]
    for k in range(count):
        node = nodes[slots[k]]
        about = int(node[NodeColumn.ASKED_US_ABOUT])
        if about <= 0 or clock - node[NodeColumn.ASKED_US_CLOCK] > 3.0:
            continue
        where = int(nodes[about, NodeColumn.TOLD_PLACE])
        if where <= 0:
            continue
        features[k, NodeFeature.ASKED_US] = 1.0
        body_feature[BodyFeature.QUESTION_OPEN] = 1.0
        for other in range(count):
            if slots[other] == about:
                features[other, NodeFeature.QUESTION] = 1.0
            if slots[other] == where:
                features[other, NodeFeature.REPLY] = 1.0
        return


@njit(cache=True, error_model="numpy")
def _fill_body(nodes, places, sounds, goal, body, feature):  # type: ignore[no-untyped-def]
    """The body, the last act, the sounds of now, and the stages of the goal."""
    clock = body[BodyColumn.CLOCK]
    held = int(body[BodyColumn.HELD])
    feature[BodyFeature.BUMPED] = body[BodyColumn.BUMPED]
    feature[BodyFeature.HOLDING] = 1.0 if held > 0 else 0.0
    feature[BodyFeature.HOLDING_THE_ONE] = (
        1.0 if held > 0 and is_the_one(nodes[held], goal, True) else 0.0
    )
    feature[BodyFeature.IN_A_PLACE] = 1.0 if body[BodyColumn.PLACE] > 0.0 else 0.0
    feature[BodyFeature.CLOCK] = min(1.0, clock / 60.0)
    feature[BodyFeature.DELAY] = body[BodyColumn.DELAY] / MAX_ACTION_DELAY
    feature[BodyFeature.LAST_TURN] = body[BodyColumn.TURN]
    feature[BodyFeature.STUCK] = min(1.0, body[BodyColumn.STUCK] / 12.0)
    feature[BodyFeature.ESCAPING] = 1.0 if clock < body[BodyColumn.ESCAPE_UNTIL] else 0.0
    said = body[BodyColumn.SAID_CLOCK]
    feature[BodyFeature.SINCE_SAID] = 1.0 if said < 0.0 else min(1.0, (clock - said) / 4.0)
    feature[BodyFeature.ANSWER_KNOWN] = 1.0 if goal[GoalField.ANSWER] > 0.0 else 0.0
    person = nodes[int(goal[GoalField.PERSON])]
    must_tell = (goal[GoalField.TELL_TOPIC] > 0.0 and goal[GoalField.TELL_PLACE] > 0.0
                 and person[NodeColumn.GIVEN_CLOCK] < 0.0)  # fmt: skip
    feature[BodyFeature.MUST_TELL] = 1.0 if must_tell else 0.0
    talkable = person[NodeColumn.VISIBLE] > 0.5 and person[NodeColumn.DISTANCE] <= 5.0
    feature[BodyFeature.PERSON_NEAR] = 1.0 if talkable else 0.0
    named = goal[GoalField.CLASS_WORD] > 0.0 or goal[GoalField.COLOR] >= 0.0
    unvisited = False
    for slot in range(1, SLOTS):
        node = nodes[slot]
        near = node[NodeColumn.VISIBLE] > 0.5 and node[NodeColumn.DISTANCE] <= REACH
        if named and near and slot != held and is_the_one(node, goal, False):
            feature[BodyFeature.ONE_IN_REACH] = 1.0
        if places[slot, PlaceColumn.SHAPED] > 0.5 and places[slot, PlaceColumn.VISITED] < 0.5:
            unvisited = True
    feature[BodyFeature.MAP_KNOWN] = 1.0 if unvisited else 0.0
    wanted = int(goal[GoalField.SOUND])
    if wanted >= 0:
        feature[BodyFeature.SOUND_HEARD] = sounds[wanted, SoundColumn.PRESENCE]
        feature[BodyFeature.SOUND_SIN] = sounds[wanted, SoundColumn.SIN_BEARING]
        feature[BodyFeature.SOUND_LOUDNESS] = min(2.0, sounds[wanted, SoundColumn.LOUDNESS])
        feature[BodyFeature.RECORDS] = min(1.0, body[BodyColumn.HEARD_COUNT] / 32.0)
    put = body[BodyColumn.PUT_SLOT] > 0.0 and held == 0
    put_right = put and body[BodyColumn.PUT_PLACE] == goal[GoalField.PLACE]
    feature[BodyFeature.PUT_DOWN] = 1.0 if put_right else 0.0
    feature[BodyFeature.VERB + int(goal[GoalField.VERB])] = 1.0
    for sense in range(SENSES):
        feature[BodyFeature.VALID + sense] = body[BodyColumn.VALID + sense]
    feature[BodyFeature.RESULT + int(body[BodyColumn.RESULT])] = 1.0
    feature[BodyFeature.REASON + int(body[BodyColumn.REASON])] = 1.0
    for s in range(SOUNDS):
        feature[BodyFeature.PRESENCE + s] = sounds[s, SoundColumn.PRESENCE]
        feature[BodyFeature.SIN + s] = sounds[s, SoundColumn.SIN_BEARING]


assert FEATURE_WORDS <= NODE_WORDS
