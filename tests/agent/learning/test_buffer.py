import numpy as np
import pytest
import torch

from agent.learning.buffer import NO_LABEL, LessonBuffer, node_labels
from agent.network import GOAL_WORDS, UTTERANCE_SIZE, UTTERANCES, BrainInput
from envs.contract import BRANCH_NAMES

NODES = 6


def lesson(rows, counts, mark=0.0):
    mask = np.arange(NODES)[None] < np.asarray(counts)[:, None]
    return BrainInput(
        node_features=np.full((rows, NODES, 3), mark, np.float32) * mask[..., None],
        node_words=np.full((rows, NODES, 4), 4095),
        node_mask=mask,
        relation=np.ones((rows, NODES, NODES), np.uint8),
        goal=np.full((rows, GOAL_WORDS), 4095),
        utterances=np.zeros((rows, UTTERANCES, UTTERANCE_SIZE), np.float32),
        body=np.full((rows, 2), mark, np.float32),
        audio=np.zeros((rows, 2, 128), np.float32),
        camera=np.full((rows, 3, 32, 32), 7, np.uint8),
    )


def add(buffer, rows, mark, counts=None):
    counts = [3] * rows if counts is None else counts
    actions = np.full((rows, 8), 2)
    return buffer.add(lesson(rows, counts, mark), actions, np.arange(rows))


def draw_one(buffer, batch=64):
    return buffer.draw(batch, 1, np.random.default_rng(0))[0]


def test_what_is_stored_is_drawn():
    buffer = LessonBuffer(10)
    add(buffer, 4, 0.5)
    assert len(buffer) == 4
    lessons = draw_one(buffer)
    assert (lessons.inputs.body == 0.5).all()
    assert (lessons.inputs.goal == 4095).all()
    assert (lessons.inputs.camera == 7).all()
    assert (lessons.actions == 2).all()
    assert lessons.success.isnan().all()


def test_only_the_chosen_rows_are_stored():
    buffer = LessonBuffer(10)
    inputs = lesson(3, [3, 3, 3])
    inputs.body[:] = torch.tensor([[0.0], [1.0], [2.0]])
    buffer.add(inputs, np.zeros((3, 8), int), np.array([2]))
    assert (draw_one(buffer).inputs.body == 2.0).all()


def test_the_oldest_are_overwritten():
    buffer = LessonBuffer(6)
    for mark in (1.0, 2.0, 3.0):
        add(buffer, 3, mark)
    assert len(buffer) == 6
    assert set(draw_one(buffer).inputs.body.unique().tolist()) == {2.0, 3.0}


def test_outcomes_are_filled_in_and_not_for_what_is_overwritten():
    buffer = LessonBuffer(4)
    first = add(buffer, 3, 1.0)
    add(buffer, 3, 2.0)
    buffer.finish(first, np.array([9, 8, 7]), success=True)
    lessons = draw_one(buffer)
    known = ~lessons.success.isnan()
    assert (lessons.inputs.body[known] == 1.0).all()
    assert lessons.remaining[known].unique().tolist() == [7.0]
    assert (lessons.success[known] == 1.0).all()


def test_batches_have_about_as_many_nodes_and_are_trimmed():
    buffer = LessonBuffer(100)
    add(buffer, 100, 1.0, counts=[1, 5] * 50)
    lessons = buffer.draw(8, 6, np.random.default_rng(0))
    widths = sorted(part.inputs.node_mask.shape[1] for part in lessons)
    assert widths[0] == 1
    assert widths[-1] == 5
    for part in lessons:
        width = part.inputs.node_mask.shape[1]
        assert part.inputs.node_features.shape[1] == width
        assert part.inputs.relation is not None
        assert part.inputs.relation.shape[1:] == (width, width)


@pytest.mark.parametrize(("slot", "label"), [(0, 0), (7, 1), (9, 2), (33, NO_LABEL)])
def test_slots_become_nodes(slot, label):
    column = BRANCH_NAMES.index("target")
    actions = np.full((1, 8), 5)
    actions[0, column] = slot
    labels = node_labels(actions, np.array([[7, 9, 0, 0]], np.int32), {"target": column})
    assert labels[0, column] == label
    assert (np.delete(labels[0], column) == 5).all()
