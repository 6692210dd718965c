import numpy as np
import pytest

from agent.belief.columns import UNREACHABLE, RouteColumn
from agent.belief.planner import Planner
from envs.contract import Kind
from tests.agent.belief.house import (
    DOOR,
    GUIDE,
    HALL,
    HALL_ENTRY,
    PEOPLE,
    ROOM,
    UNKNOWN_ROOM,
    VASE,
    House,
    entity,
)

STRANGER = (
    HALL_ENTRY.__class__(1, "add", HALL, "place", "the amber hall", "", HALL_ENTRY.polygon,
                         (UNKNOWN_ROOM,)),
    *PEOPLE,
)  # fmt: skip


def route(house, slot):
    return house.plan().routes[0, slot]


def test_the_way_into_a_place_is_as_long_as_it_is():
    house = House()
    house.perceive(x=2.0, z=2.0)
    way = route(house, ROOM)
    assert way[RouteColumn.REACHABLE] == 1.0
    assert way[RouteColumn.LENGTH] == pytest.approx(2.4, abs=0.25)
    assert way[RouteColumn.BEARING] == pytest.approx(np.pi / 2, abs=0.15)


def test_a_shut_door_is_reported_and_a_locked_one_is_no_way():
    house = House()
    house.perceive(x=2.0, yaw=90, things=[entity(DOOR, 0, 2, Kind.DOOR, "door", ["closed"])])
    way = route(house, ROOM)
    assert way[RouteColumn.DOOR] == DOOR
    assert way[RouteColumn.DOOR_LENGTH] == pytest.approx(1.7, abs=0.3)
    house.perceive(x=2.0, yaw=90, things=[entity(DOOR, 0, 2, Kind.DOOR, "door", ["locked"])])
    assert route(house, ROOM)[RouteColumn.LENGTH] == UNREACHABLE
    assert route(house, ROOM)[RouteColumn.REACHABLE] == 0.0


def test_the_way_leads_around_a_thing():
    house = House()
    free = house.perceive(x=0.5, z=2.0) and route(house, ROOM)[RouteColumn.LENGTH]
    house.perceive(x=0.5, z=2.0, yaw=90, things=[entity(VASE, 0, 1.5, size=1.2)])
    assert route(house, ROOM)[RouteColumn.LENGTH] > free + 0.2


def test_a_person_in_a_doorway_does_not_close_it():
    house = House()
    house.perceive(x=2.0, yaw=90, things=[entity(GUIDE, 0, 2, Kind.NPC, "person")])
    assert route(house, ROOM)[RouteColumn.REACHABLE] == 1.0


def test_unknown_ground_ends_just_behind_the_door():
    house = House(entries=STRANGER)
    house.perceive(x=2.0, z=2.0)
    way = route(house, DOOR)
    assert way[RouteColumn.FRONTIER] == 1.0
    assert way[RouteColumn.REACHABLE] == 1.0
    assert way[RouteColumn.LENGTH] == pytest.approx(2.5, abs=0.3)


def test_a_thing_seen_through_a_door_is_reached_through_it_not_through_the_wall():
    house = House(entries=STRANGER)
    # Right behind the wall at (4.4, 0.5), seen through the doorway.
    house.perceive(x=3.6, z=0.5, yaw=90, things=[entity(VASE, 0, 0.8)])
    assert route(house, VASE)[RouteColumn.LENGTH] == pytest.approx(1.9, abs=0.4)
    assert route(house, VASE)[RouteColumn.BEARING] < -0.3  # left, towards the doorway


def test_what_lies_behind_a_blocked_frontier_is_not_reachable():
    house = House(entries=STRANGER)
    house.perceive(x=3.0, yaw=90, things=[entity(DOOR, 0, 1, Kind.DOOR, "door", ["locked"])])
    assert route(house, DOOR)[RouteColumn.REACHABLE] == 0.0


def test_inside_a_place_the_bearing_is_that_of_what_was_not_looked_at():
    house = House()
    house.perceive(x=2.0, z=2.0, yaw=0)
    way = route(house, HALL)
    assert way[RouteColumn.LENGTH] == 0.0
    assert way[RouteColumn.INSET] == 2.0
    assert 0.0 < way[RouteColumn.FRONTIER] < 1.0
    assert abs(way[RouteColumn.BEARING]) > np.pi / 5


def test_team_mates_finish_clear_of_the_door():
    goal = "find the guide who knows where the concert is, tell the guide where the lecture is"
    house = House(goal)
    house.perceive(x=2.0, z=2.0)
    plain = route(house, ROOM)[RouteColumn.LENGTH]
    house.state.goals[0, 9] = ROOM  # the answer
    assert route(house, ROOM)[RouteColumn.LENGTH] > plain + 0.3


def test_the_window_moves_with_the_body():
    house = House()
    house.perceive(x=2.0)
    house.perceive(x=100.0, z=-300.0)
    house.plan()  # stays inside its arrays
    house.perceive(x=2.0, z=2.0)
    assert route(house, ROOM)[RouteColumn.REACHABLE] == 1.0


def test_one_planner_plans_for_any_number_of_npcs():
    several, alone = House(rows=3), House()
    several.planner = alone.planner
    for house in (alone, several, alone, several):
        house.perceive(x=2.0, z=2.0)
        fresh = Planner().plan(house.state)
        plan = house.plan()
        assert plan.routes.shape[0] == plan.free.shape[0] == house.state.rows
        assert np.array_equal(plan.routes, fresh.routes)
        assert np.array_equal(plan.free, fresh.free)
