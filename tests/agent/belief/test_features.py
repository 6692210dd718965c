import numpy as np
import pytest

from agent.belief.columns import BodyColumn, NodeColumn
from agent.belief.feature_columns import (
    BODY_FEATURE_SIZE,
    BODY_FEATURES,
    NODE_FEATURE_SIZE,
    NODE_FEATURES,
    BodyFeature,
    NodeFeature,
)
from agent.belief.features import MAX_NODES, build_features, make_features
from agent.belief.testimony import apply_utterances
from envs.contract import SLOTS, Kind, Utterance
from envs.words import word_id
from tests.agent.belief.house import CONCERT, DOOR, GUIDE, HALL, ROOM, VASE, House, entity


def features_of(house):
    return build_features(house.state, house.plan())


def row_of(features, slot):
    return features.node_features[0, list(features.node_slot[0]).index(slot)]


def test_every_column_has_a_name():
    assert len(NODE_FEATURES) == NODE_FEATURE_SIZE == len(set(NODE_FEATURES))
    assert len(BODY_FEATURES) == BODY_FEATURE_SIZE == len(set(BODY_FEATURES))
    assert NODE_FEATURES[NodeFeature.WAY_SIN] == "way_sin"
    assert NODE_FEATURES[NodeFeature.COLOR + 2] == "color_2"


def test_nodes_are_packed_in_the_order_of_their_slots():
    house = House()
    house.perceive(things=[entity(VASE, 0, 1)])
    features = features_of(house)
    slots = features.node_slot[0][features.node_mask[0]]
    assert slots.tolist() == sorted([VASE, HALL, ROOM, DOOR, GUIDE, CONCERT, 51])
    assert not features.node_features[0, len(slots) :].any()


def test_everything_is_scaled_and_finite():
    house = House("take the red vase and put it in the blue room")
    house.perceive(x=-9.0, z=11.0, things=[entity(VASE, 3, 9)], colors=[2], sound=[(0, 1.0, 1.0)])
    features = features_of(house)
    for values in (features.node_features, features.body):
        assert np.isfinite(values).all()
        assert np.abs(values).max() <= 2.0


def test_the_goal_marks_what_it_names():
    house = House("take the red vase and put it in the blue room")
    things = [entity(VASE, 0, 1), entity(6, 0.5, 1.2, class_name="drum")]
    for _ in range(3):
        house.perceive(things=things, colors=[0, 0])
    features = features_of(house)
    vase, drum = row_of(features, VASE), row_of(features, 6)
    assert vase[NodeFeature.CLASS_FITS] == vase[NodeFeature.THE_ONE] == 1.0
    assert vase[NodeFeature.COLOR_FITS] > 0.99
    assert drum[NodeFeature.CLASS_FITS] == drum[NodeFeature.THE_ONE] == 0.0
    assert row_of(features, ROOM)[NodeFeature.GOAL_PLACE] == 1.0
    assert row_of(features, ROOM)[NodeFeature.NAMED] == 1.0
    assert features.body[0, BodyFeature.ONE_IN_REACH] == 1.0


def test_a_question_marks_asker_topic_and_reply():
    house = House()
    heard = [
        Utterance(1, 0, True, "the concert is in the blue room"),
        Utterance(2, GUIDE, True, "where is the concert"),
    ]
    apply_utterances(house.state, 0, heard)
    house.perceive()
    features = features_of(house)
    assert row_of(features, GUIDE)[NodeFeature.ASKED_US] == 1.0
    assert row_of(features, CONCERT)[NodeFeature.QUESTION] == 1.0
    assert row_of(features, ROOM)[NodeFeature.REPLY] == 1.0
    assert features.body[0, BodyFeature.QUESTION_OPEN] == 1.0


def test_words_are_those_of_the_name_or_of_the_class():
    house = House()
    house.perceive(things=[entity(VASE, 0, 1)])
    features = features_of(house)
    slots = list(features.node_slot[0])
    assert features.node_words[0, slots.index(HALL)].tolist() == [
        word_id("amber"), word_id("hall"), 0, 0,
    ]  # fmt: skip
    assert features.node_words[0, slots.index(VASE), 0] == word_id("vase")


def test_of_too_many_things_the_longest_unseen_objects_are_left_out():
    house = House("go to the red vase", entries=())
    house.perceive()
    nodes = house.state.nodes[0]
    nodes[1:, NodeColumn.KNOWN] = 1.0
    nodes[1:, NodeColumn.KIND] = Kind.OBJECT
    nodes[1:, NodeColumn.LAST_SEEN] = np.arange(1, SLOTS)
    nodes[3, NodeColumn.KIND] = Kind.PLACE
    nodes[2, NodeColumn.CLASS_IN_GOAL] = 1.0
    features = features_of(house)
    kept = features.node_slot[0].tolist()
    assert len(kept) == MAX_NODES == features.node_mask[0].sum()
    assert 2 in kept and 3 in kept and 63 in kept
    assert 1 not in kept and 4 not in kept


def test_out_is_cleared_and_reused():
    out = make_features(1)
    out.node_features[:] = 7.0
    house = House()
    house.perceive()
    assert build_features(house.state, house.plan(), out) is out
    fresh = features_of(house)
    assert np.array_equal(out.node_features, fresh.node_features)
    assert np.array_equal(out.body, fresh.body)


def test_features_follow_the_foreseen_pose():
    """A mind with a delay sees itself where its next action will find it."""
    now, later = House(), House()
    now.perceive(x=1.0, z=2.0, yaw=30)
    later.state.body[0, BodyColumn.SENT : BodyColumn.SENT + 2] = (0, 4)  # a turn of 30 degrees
    later.perceive(x=1.0, z=2.0, yaw=0, ACTION_DELAY=1)
    ways = slice(NodeFeature.WAY_SIN, NodeFeature.WAY_LENGTH + 1)
    expected, found = row_of(features_of(now), ROOM), row_of(features_of(later), ROOM)
    assert found[ways] == pytest.approx(expected[ways], abs=1e-5)


def test_the_answer_shows_in_body_and_node():
    house = House("go to the concert, the guide knows where it is")
    house.state.nodes[0, CONCERT, NodeColumn.TOLD_PLACE] = ROOM
    house.perceive()
    features = features_of(house)
    assert features.body[0, BodyFeature.ANSWER_KNOWN] == 1.0
    assert row_of(features, ROOM)[NodeFeature.ANSWER] == 1.0
    assert row_of(features, GUIDE)[NodeFeature.PERSON] == 1.0
