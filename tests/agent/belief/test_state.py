import numpy as np
import pytest

from agent.belief.columns import NodeColumn
from agent.belief.state import (
    ARRAY_SHAPES,
    BLOB_LIMIT,
    HeardText,
    NodeName,
    copy_state,
    make_state,
    reset_rows,
    restore_row,
    save_row,
)
from agent.belief.testimony import apply_utterances
from envs.contract import Utterance
from tests.agent.belief.house import HALL, VASE, House, entity


def lived():
    house = House("go to the red vase", rows=2)
    apply_utterances(house.state, 1, [Utterance(1, 0, True, "the concert is in the blue room")])
    house.perceive(things=[entity(VASE, 0, 1)], colors=[2])
    return house.state


def test_a_belief_survives_save_and_restore():
    state = lived()
    blob = save_row(state, 1)
    other = make_state(3)
    restore_row(other, 2, blob)
    for name in ARRAY_SHAPES:
        assert np.array_equal(getattr(other, name)[2], getattr(state, name)[1]), name
    assert other.memory[2] == state.memory[1]
    assert other.memory[0].names == {}


def test_the_fullest_belief_stays_under_the_limit():
    state = make_state(1)
    random = np.random.default_rng(0)
    for name in ARRAY_SHAPES:
        array = getattr(state, name)
        array[:] = random.normal(0, 1e4, array.shape).astype(array.dtype)
    name = "the " + "x" * 120
    state.memory[0].names = {s: NodeName("object", f"{name}{s}", "thing") for s in range(1, 64)}
    state.memory[0].heard = [HeardText(1, True, "y" * 200, 1.0)] * 24
    assert len(save_row(state, 0)) <= BLOB_LIMIT


def test_names_without_end_are_refused():
    state = make_state(1)
    random = np.random.default_rng(0)
    letters = "".join(map(chr, random.integers(0x4E00, 0x9FFF, 60_000)))
    state.memory[0].goal_text = letters
    with pytest.raises(ValueError, match="may take 65536: shorten the names and sentences"):
        save_row(state, 0)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda b: b"JUNK" + b[4:], "not a saved belief: give the bytes that save_row"),
        (lambda b: b[:7], "cut off: use an older save"),
        (lambda b: b[:-3], "damaged: use an older save"),
        (lambda b: b[:40] + b"\0" + b[41:], "damaged: use an older save"),
        (lambda b: b[:4] + b"\x63\0" + b[6:], "version 99 and this package reads version 2"),
    ],
)
def test_a_bad_blob_is_refused_in_words_and_changes_nothing(damage, message):
    state = make_state(1)
    before = copy_state(state)
    with pytest.raises(ValueError, match=message):
        restore_row(state, 0, damage(save_row(lived(), 0)))
    for name in ARRAY_SHAPES:
        assert np.array_equal(getattr(before, name), getattr(state, name))


def test_reset_empties_only_its_rows():
    state = lived()
    reset_rows(state, [0])
    assert not state.nodes[0, :, NodeColumn.KNOWN].any()
    assert state.memory[0].names == {}
    assert state.nodes[1, HALL, NodeColumn.KNOWN] == 1.0
