import math

import numpy as np
import pytest

from agent.belief.columns import (
    BodyColumn,
    DoorwayColumn,
    HeardColumn,
    NodeColumn,
    PlaceColumn,
    SoundColumn,
)
from agent.belief.evidence import Evidence
from agent.belief.features import build_features
from agent.belief.state import ARRAY_SHAPES, copy_state, make_state
from agent.belief.update import update
from agent.policies.expert import expert
from agent.senses.percepts import Percepts
from envs.contract import Act, Kind, Reason, Result
from tests.agent.belief.house import DOOR, GUIDE, HALL, ROOM, VASE, House, entity


def test_update_leaves_the_state_before_as_it_was():
    house = House("go to the red vase")
    before, kept = house.state, copy_state(house.state)
    house.perceive(things=[entity(VASE, 0, 1)], colors=[0], sound=[(0, 0.5, 1.0)])
    for name in ARRAY_SHAPES:
        assert np.array_equal(getattr(before, name), getattr(kept, name)), name
    assert house.state is not before


@pytest.mark.parametrize("rows", [1, 3])
def test_a_row_does_not_depend_on_the_others(rows):
    house = House("go to the red vase", rows=rows)
    for yaw in (0, 30, 60):
        state = house.perceive(yaw=yaw, things=[entity(VASE, 0.5, 1)], colors=[2])
    alone = House("go to the red vase")
    for yaw in (0, 30, 60):
        single = alone.perceive(yaw=yaw, things=[entity(VASE, 0.5, 1)], colors=[2])
    for name in ARRAY_SHAPES:
        for row in range(rows):
            assert np.array_equal(getattr(state, name)[row], getattr(single, name)[0]), name


def test_out_is_written_and_returned():
    state, spare = make_state(1), make_state(1)
    house = House()
    house.state = state
    observation = {
        "entities": np.zeros((1, 32, 50), np.float32),
        "dialogue": np.zeros((1, 8, 64), np.float32),
        "self": np.ones((1, 32), np.float32),
    }
    assert update(state, observation, Evidence.blank(1), spare) is spare
    assert spare.body[0, BodyColumn.STARTED] == 1.0
    assert state.body[0, BodyColumn.STARTED] == 0.0


@pytest.mark.parametrize(
    ("yaw", "x", "z"), [(0, 1.5, 4.0), (90, 3.0, 1.5), (180, 0.5, 0.0), (-90, -1.0, 2.5)]
)
def test_what_is_seen_gets_its_place_in_the_world(yaw, x, z):
    state = House().perceive(x=1.0, z=2.0, yaw=yaw, things=[entity(VASE, 0.5, 2.0)])
    node = state.nodes[0, VASE]
    assert node[NodeColumn.X] == pytest.approx(x, abs=1e-5)
    assert node[NodeColumn.Z] == pytest.approx(z, abs=1e-5)
    assert node[NodeColumn.VISIBLE] == 1.0


def test_out_of_sight_is_not_forgotten():
    house = House()
    house.perceive(things=[entity(VASE, 0, 1)])
    state = house.perceive(z=1.0)
    node = state.nodes[0, VASE]
    assert node[NodeColumn.VISIBLE] == 0.0
    assert node[NodeColumn.LAST_SEEN] == 0.0
    assert node[NodeColumn.PLACE] == HALL
    assert node[NodeColumn.DISTANCE] == pytest.approx(1.8)


def test_a_person_who_walked_on_is_looked_for_anew_but_a_vase_is_not():
    house = House()
    house.perceive(things=[entity(VASE, 0, 1.5), entity(GUIDE, 0.2, 1.5, Kind.NPC, "person")])
    turned_away = house.perceive(yaw=180)
    assert turned_away.nodes[0, GUIDE, NodeColumn.PLACED] == 1.0
    state = house.perceive()
    assert state.nodes[0, GUIDE, NodeColumn.PLACED] == 0.0
    assert state.nodes[0, VASE, NodeColumn.PLACED] == 1.0


def test_a_colour_is_decided_after_two_looks_that_agree():
    house = House()
    things = [entity(VASE, 0, 2)]
    first = house.perceive(things=things, colors=[3])
    assert first.nodes[0, VASE, NodeColumn.COLOR_DECIDED] == 0.0
    second = house.perceive(things=things, colors=[3])
    assert second.nodes[0, VASE, NodeColumn.COLOR_DECIDED] == 1.0
    log = second.nodes[0, VASE, NodeColumn.COLOR_LOG : NodeColumn.COLOR_LOG + 8]
    assert log.argmax() == 3
    assert log.max() == 0.0


def test_looks_that_contradict_leave_the_colour_open():
    house = House()
    for color in (3, 5):
        state = house.perceive(things=[entity(VASE, 0, 2)], colors=[color])
    assert state.nodes[0, VASE, NodeColumn.COLOR_DECIDED] == 0.0


def test_no_colour_without_a_look_or_with_an_invalid_camera():
    house = House()
    house.perceive(things=[entity(VASE, 0, 2)], colors=[-1])
    state = house.perceive(things=[entity(VASE, 0, 2)], colors=[3], CAMERA_VALID=0.0)
    assert state.nodes[0, VASE, NodeColumn.LOOKS] == 0.0


def test_only_what_was_in_the_field_of_view_counts_as_looked_at():
    house = House()
    state = house.perceive(x=2.0, z=0.5, yaw=0)
    ahead = state.places[0, HALL, PlaceColumn.SEEN :][:16].sum()
    assert 4 < ahead < 16
    for yaw in range(0, 360, 30):
        state = house.perceive(x=2.0, z=0.5, yaw=yaw)
    assert state.places[0, HALL, PlaceColumn.SEEN :][:16].sum() == 16
    assert state.places[0, HALL, PlaceColumn.VISITED] == 1.0
    assert state.places[0, ROOM, PlaceColumn.VISITED] == 0.0


def test_a_locked_door_blocks_its_doorway_until_it_is_seen_open():
    house = House()
    state = house.perceive(
        x=3.0, yaw=90, things=[entity(DOOR, 0, 1, Kind.DOOR, "door", ["locked"])]
    )
    assert state.doorways[0, 0, DoorwayColumn.BLOCKED_UNTIL] > 10.0
    state = house.perceive(x=3.0, yaw=90, things=[entity(DOOR, 0, 1, Kind.DOOR, "door", ["open"])])
    assert state.doorways[0, 0, DoorwayColumn.BLOCKED_UNTIL] == 0.0


def test_a_door_that_refused_to_open_blocks_its_doorway():
    state = House().perceive(
        LAST_ACT=Act.OPEN, LAST_TARGET=DOOR, RESULT=Result.FAILED, REASON=Reason.LOCKED
    )
    assert state.doorways[0, 0, DoorwayColumn.BLOCKED_UNTIL] > 10.0


def test_sounds_are_recorded_when_the_ears_have_moved():
    house = House("go to the thing that is ringing")
    for _ in range(8):
        state = house.perceive(sound=[(0, 0.3, 0.5)])
    standing = state.body[0, BodyColumn.HEARD_COUNT]
    state = house.perceive(x=2.0, sound=[(0, 0.3, 0.5)])
    assert standing == 4
    assert state.body[0, BodyColumn.HEARD_COUNT] == 5
    assert state.heard[0, 4, HeardColumn.X] == 2.0
    assert state.sounds[0, 0, SoundColumn.PRESENCE] == 1.0
    assert state.sounds[0, 1, SoundColumn.LAST_HEARD] == -1.0


def test_the_bearing_history_tells_front_from_back():
    """Two things to the right, one before and one behind: only turning tells which one rings."""
    house = House("go to the thing that is ringing")
    truth = (1.0 + math.sin(0.5) * 1.5, 2.0 + math.cos(0.5) * 1.5)
    for yaw in (0, -10, -30, -60):
        turn = math.radians(yaw)
        things = [
            _entity_at(VASE, *truth, 1.0, 2.0, turn),
            _entity_at(6, truth[0], 4.0 - truth[1], 1.0, 2.0, turn),
        ]
        state = house.perceive(yaw=yaw, things=things, sound=[(0, math.sin(0.5 - turn), 0.7)])
    assert state.nodes[0, VASE, NodeColumn.SOUND_ERROR] < 0.01
    assert state.nodes[0, 6, NodeColumn.SOUND_ERROR] > 0.3


@pytest.mark.parametrize(
    ("sound", "rejected"),
    [([(0, 0.0, 0.7)], False), ([(0, 0.9, 0.7)], True), ([(0, 0.0, 0.2)], True), ([], True)],
    ids=["from there", "from elsewhere", "too faint", "silent"],
)
def test_a_thing_in_sight_that_does_not_sound_is_rejected_for_a_while(sound, rejected):
    house = House("go to the thing that is ringing")
    for _ in range(6):
        state = house.perceive(things=[entity(VASE, 0, 1.3)], sound=sound)
    node = state.nodes[0, VASE]
    assert (node[NodeColumn.REJECTED_UNTIL] > house.clock) == rejected
    assert (node[NodeColumn.SOUND_NEAR] > 0) == rejected


def test_a_delayed_action_is_foreseen():
    house = House()
    house.perceive()
    house.state.body[0, BodyColumn.SENT : BodyColumn.SENT + 4] = (2, 2, 1, 4)  # run after turn 30
    state = house.perceive(ACTION_DELAY=2)
    body = state.body[0]
    assert body[BodyColumn.THEN_YAW] == pytest.approx(math.radians(30))
    assert body[BodyColumn.THEN_X] == pytest.approx(1.0 + 0.42 * math.sin(math.radians(30)))
    assert house.perceive().body[0, BodyColumn.THEN_X] == 1.0


def test_stuck_is_noticed_when_travel_leads_nowhere():
    house = House()
    for _ in range(14):
        house.state.body[0, BodyColumn.SENT] = 2.0
        state = house.perceive()
    assert state.body[0, BodyColumn.ESCAPE_UNTIL] > state.body[0, BodyColumn.CLOCK]


def test_evidence_of_percepts_weighs_what_was_seen_and_heard():
    percepts = Percepts.blank(2)
    percepts.color_weight[0, 3] = 0.5
    percepts.sound[1, 2], percepts.sound_weight[1] = 4.0, 1.0
    evidence = Evidence.from_percepts(percepts)
    assert evidence.color_log_probs[0, 3, 0] == pytest.approx(-0.5 * math.log(8))
    assert not evidence.color_log_probs[1].any()
    assert evidence.sound[1, 2, 0] > 0.95
    assert not evidence.sound[0, :, 0].any()


@pytest.mark.parametrize("value", [1e9, -1e9, 64.0, -1.0, np.nan, np.inf])
@pytest.mark.parametrize(
    "column", ["PLACE", "HELD", "LAST_ACT", "LAST_TARGET", "RESULT", "REASON", "ACTION_DELAY"]
)
def test_numbers_outside_the_contract_are_taken_as_none(column, value):
    house = House("take the red vase and put it in the blue room")
    state = house.perceive(**{column: value})
    name = "DELAY" if column == "ACTION_DELAY" else column
    assert state.body[0, BodyColumn[name]] == 0.0
    build_features(state, house.plan())  # and nothing is written outside the arrays
    house.decide(expert)


def test_entities_and_speakers_outside_the_contract_are_passed_over():
    house = House()
    before = house.perceive().nodes.copy()
    things = [entity(slot, 1.0, 1.0) for slot in (64, -3, 10_000)]
    assert np.array_equal(house.perceive(things=things).nodes[:, :, :32], before[:, :, :32])
    far = house.perceive(things=[entity(VASE, 1e9, -1e9)], X=1e9, Z=-1e9)
    house.planner.plan(far)


def _entity_at(slot, x, z, my_x, my_z, yaw):
    dx, dz = x - my_x, z - my_z
    right = dx * math.cos(yaw) - dz * math.sin(yaw)
    return entity(slot, right, dx * math.sin(yaw) + dz * math.cos(yaw))
