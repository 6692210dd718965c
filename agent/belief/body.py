"""Taking in the body: pose, hands, the last act, being stuck, and where delayed actions lead."""

from __future__ import annotations

import math

from agent.belief.columns import POSE_HISTORY, SENSES, BodyColumn, PoseColumn
from envs.contract import (
    MAX_ACTION_DELAY,
    SLOTS,
    TURN_DEGREES,
    Act,
    Reason,
    Result,
    SelfColumn,
)
from envs.jit import njit

WINDOW_METRES = 40.0
"""Side of the planner's window."""
WINDOW_MARGIN = 3.0
STUCK_STEP = 0.05
"""A decision that moves the body less than this, though it should travel, counts as stuck."""
STUCK_DECISIONS = 12
ESCAPE_SECONDS = 0.6

_ACTS, _RESULTS, _REASONS = len(Act), len(Result), len(Reason)
_TURNS = tuple(math.radians(degrees) for degrees in TURN_DEGREES)
# Metres forward and to the right of one decision of each move of the contract.
_STEPS = (0.0, 0.14, 0.28, -0.07, 0.0, 0.0, 0.0, 0.0)
_SIDE_STEPS = (0.0, 0.0, 0.0, 0.0, -0.1, 0.1, 0.0, 0.0)


@njit(cache=True, error_model="numpy")
def take_body(body, poses, me):  # type: ignore[no-untyped-def]
    """Pose, hands and last act; how long we have been stuck; where the planner's window lies."""
    x = me[SelfColumn.X]
    z = me[SelfColumn.Z]
    first = body[BodyColumn.STARTED] < 0.5
    if first:
        body[BodyColumn.STARTED] = 1.0
    travelled = math.hypot(x - body[BodyColumn.X], z - body[BodyColumn.Z])
    low_x = x - body[BodyColumn.ANCHOR_X]
    low_z = z - body[BodyColumn.ANCHOR_Z]
    if first or (min(low_x, low_z) < WINDOW_MARGIN
                 or max(low_x, low_z) > WINDOW_METRES - WINDOW_MARGIN):  # fmt: skip
        body[BodyColumn.ANCHOR_X] = math.floor(x) - WINDOW_METRES / 2
        body[BodyColumn.ANCHOR_Z] = math.floor(z) - WINDOW_METRES / 2
    clock = me[SelfColumn.CLOCK]
    delay = _code(me[SelfColumn.ACTION_DELAY], MAX_ACTION_DELAY + 1)
    body[BodyColumn.MOVED] = 1.0 if body[BodyColumn.SENT + 2 * delay] > 0.0 else 0.0
    if not first and body[BodyColumn.MOVED] > 0.5 and travelled < STUCK_STEP:
        body[BodyColumn.STUCK] += 1.0
    elif travelled >= STUCK_STEP:
        body[BodyColumn.STUCK] = max(0.0, body[BodyColumn.STUCK] - 3.0)
    if body[BodyColumn.STUCK] >= STUCK_DECISIONS:
        body[BodyColumn.STUCK] = 0.0
        body[BodyColumn.ESCAPE_UNTIL] = clock + ESCAPE_SECONDS
    body[BodyColumn.X] = x
    body[BodyColumn.Y] = me[SelfColumn.Y]
    body[BodyColumn.Z] = z
    body[BodyColumn.YAW] = math.atan2(me[SelfColumn.SIN_YAW], me[SelfColumn.COS_YAW])
    body[BodyColumn.CLOCK] = clock
    _foresee_pose(body, delay)
    body[BodyColumn.PLACE] = _code(me[SelfColumn.PLACE], SLOTS)
    body[BodyColumn.HELD] = _code(me[SelfColumn.HELD], SLOTS)
    body[BodyColumn.LAST_ACT] = _code(me[SelfColumn.LAST_ACT], _ACTS)
    body[BodyColumn.LAST_TARGET] = _code(me[SelfColumn.LAST_TARGET], SLOTS)
    body[BodyColumn.RESULT] = _code(me[SelfColumn.RESULT], _RESULTS)
    body[BodyColumn.REASON] = _code(me[SelfColumn.REASON], _REASONS)
    body[BodyColumn.BUMPED] = me[SelfColumn.BUMPED]
    body[BodyColumn.DELAY] = delay
    for sense in range(SENSES):
        body[BodyColumn.VALID + sense] = me[SelfColumn.CAMERA_VALID + sense]
    at = int(body[BodyColumn.DECISIONS]) % POSE_HISTORY
    poses[at, PoseColumn.X] = x
    poses[at, PoseColumn.Z] = z
    poses[at, PoseColumn.YAW] = body[BodyColumn.YAW]
    poses[at, PoseColumn.MOVED] = body[BodyColumn.MOVED]
    body[BodyColumn.DECISIONS] += 1.0


@njit(cache=True, error_model="numpy")
def _code(value, size):  # type: ignore[no-untyped-def]
    """A number from 0 to ``size`` - 1 that a world sent; 0 for what is none."""
    return int(value) if 0.0 <= value < size else 0


@njit(cache=True, error_model="numpy")
def _foresee_pose(body, delay):  # type: ignore[no-untyped-def]
    """The pose after the actions that are on their way, if nothing stops them."""
    x = body[BodyColumn.X]
    z = body[BodyColumn.Z]
    yaw = body[BodyColumn.YAW]
    for back in range(delay):
        sent = BodyColumn.SENT + 2 * (delay - 1 - back)
        yaw += _TURNS[int(body[sent + 1])]
        step = _STEPS[int(body[sent])]
        side = _SIDE_STEPS[int(body[sent])]
        x += step * math.sin(yaw) + side * math.cos(yaw)
        z += step * math.cos(yaw) - side * math.sin(yaw)
    body[BodyColumn.THEN_X] = x
    body[BodyColumn.THEN_Z] = z
    body[BodyColumn.THEN_YAW] = yaw
