import math

import numpy as np
import pytest

from agent.belief.columns import BODY_SIZE, BodyColumn
from agent.policies.steering import face, travel, turn_towards
from envs.contract import TURN_DEGREES, Move


def body(side=0.0, escaping=False, decisions=0):
    values = np.zeros(BODY_SIZE, np.float32)
    values[BodyColumn.TURN] = side
    values[BodyColumn.ESCAPE_UNTIL] = 1.0 if escaping else -1.0
    values[BodyColumn.DECISIONS] = decisions
    return values


@pytest.mark.parametrize(
    ("degrees", "turn"), [(0, 0), (4, 0), (-4, 0), (7, 10), (-15, -10), (25, 30), (-90, -30)]
)
def test_the_nearest_turn_is_taken(degrees, turn):
    index, left = turn_towards(math.radians(degrees), 0.0)
    assert TURN_DEGREES[index] == turn
    assert math.degrees(left) == pytest.approx(degrees - turn)


@pytest.mark.parametrize("side", [-1.0, 1.0])
@pytest.mark.parametrize("degrees", [-175, -160, 160, 175])
def test_a_half_turn_does_not_change_its_mind(side, degrees):
    index, _ = turn_towards(math.radians(degrees), side)
    assert TURN_DEGREES[index] == 30 * side


def test_a_body_turned_towards_every_bearing_arrives_there():
    """No bearing makes the turn flip for ever."""
    for start in range(-180, 181, 5):
        bearing, side = math.radians(start), 0.0
        for _ in range(9):
            index, _ = turn_towards(bearing, side)
            side = float(np.sign(TURN_DEGREES[index]))
            bearing -= math.radians(TURN_DEGREES[index])
            bearing = math.atan2(math.sin(bearing), math.cos(bearing))
        assert abs(bearing) <= math.radians(5.1), start


@pytest.mark.parametrize(
    ("degrees", "distance", "move"),
    [(0, 2.0, Move.RUN), (0, 0.4, Move.WALK), (50, 2.0, Move.WALK), (50, 0.3, Move.STAY),
     (120, 2.0, Move.STAY)],
)  # fmt: skip
def test_speed_depends_on_course_and_distance(degrees, distance, move):
    assert travel(math.radians(degrees), distance, body())[0] == move


def test_facing_never_travels():
    assert face(math.radians(90), body())[0] == Move.STAY


def test_a_stuck_body_steps_aside_in_turns():
    moves = {travel(0.0, 2.0, body(escaping=True, decisions=d))[0] for d in (0, 12, 24)}
    assert moves == {Move.BACK, Move.STRAFE_LEFT, Move.STRAFE_RIGHT}
