"""Legs: from a bearing and a distance to the contract's move and turn, without dithering."""

from __future__ import annotations

import math

from agent.belief.columns import BodyColumn
from envs.contract import TURN_DEGREES, Move
from envs.jit import njit

STRAIGHT = len(TURN_DEGREES) // 2
RUN_DISTANCE = 0.5
"""Nearer than this one walks, metres."""
ON_COURSE = math.radians(12.0)
"""After the turn, one runs when the waypoint is within this angle."""
NEARLY_ON_COURSE = math.radians(32.0)
"""... and walks within this, unless the waypoint is near."""
NEAR_WAYPOINT = 0.4
ABOUT_FACE = math.radians(140.0)
"""A turn of more than this goes on to the side that it began with."""
_TURNS = tuple(math.radians(degrees) for degrees in TURN_DEGREES)
_STAY, _WALK, _RUN, _BACK = int(Move.STAY), int(Move.WALK), int(Move.RUN), int(Move.BACK)
_STRAFE_LEFT, _STRAFE_RIGHT = int(Move.STRAFE_LEFT), int(Move.STRAFE_RIGHT)


@njit(cache=True, error_model="numpy")
def turn_towards(bearing, last_side):  # type: ignore[no-untyped-def]
    """Index of the turn that comes nearest to a bearing, and the bearing that is left.

    Args:
        bearing: radians relative to the body, positive right.
        last_side: -1, 0 or 1, the side of the last turn: a half turn does not change its mind.
    """
    if abs(bearing) > ABOUT_FACE and last_side * bearing < 0.0:
        bearing += 2.0 * math.pi * last_side
    best = STRAIGHT
    for turn in range(len(_TURNS)):
        if abs(bearing - _TURNS[turn]) < abs(bearing - _TURNS[best]) - 1e-4:
            best = turn
    left = bearing - _TURNS[best]
    return best, left


@njit(cache=True, error_model="numpy")
def face(bearing, body):  # type: ignore[no-untyped-def]
    """Turn on the spot: ``(move, turn)``."""
    turn, _ = turn_towards(bearing, body[BodyColumn.TURN])
    return _STAY, turn


@njit(cache=True, error_model="numpy")
def travel(bearing, distance, body):  # type: ignore[no-untyped-def]
    """Go to a waypoint: ``(move, turn)``. A body that is stuck steps aside for a moment."""
    if body[BodyColumn.CLOCK] < body[BodyColumn.ESCAPE_UNTIL]:
        return _step_aside(body)
    turn, left = turn_towards(bearing, body[BodyColumn.TURN])
    if abs(left) <= ON_COURSE:
        return (_RUN if distance > RUN_DISTANCE else _WALK), turn
    if abs(left) <= NEARLY_ON_COURSE and distance > NEAR_WAYPOINT:
        return _WALK, turn
    return _STAY, turn


@njit(cache=True, error_model="numpy")
def _step_aside(body):  # type: ignore[no-untyped-def]
    """Another way to get free each time: back, to the left, to the right."""
    phase = int(body[BodyColumn.DECISIONS]) // 12 % 3
    if phase == 0:
        return _BACK, STRAIGHT
    if phase == 1:
        return _STRAFE_LEFT, STRAIGHT
    return _STRAFE_RIGHT, STRAIGHT
