import numpy as np
import pytest

from agent.belief.state import ARRAY_SHAPES, BeliefState, RowMemory
from tests.agent.belief.make_golden import GOLDEN, replay


@pytest.fixture(scope="module")
def golden():
    with np.load(GOLDEN, allow_pickle=False) as file:
        return dict(file)


def test_update_still_gives_the_golden_state(golden):
    """After a meant change: python -m tests.agent.belief.make_golden, and say so in the commit."""
    before = BeliefState(
        **{name: golden[f"before_{name}"] for name in ARRAY_SHAPES},
        memory=[RowMemory(), RowMemory()],
    )
    after = replay(before, golden)
    for name in ARRAY_SHAPES:
        expected = golden[f"after_{name}"]
        np.testing.assert_allclose(getattr(after, name), expected, atol=2e-5, err_msg=name)


def test_the_golden_file_stays_small_and_says_something(golden):
    assert GOLDEN.stat().st_size < 100_000
    for name in ("nodes", "places", "doorways", "sounds", "heard", "body", "poses"):
        assert not np.array_equal(golden[f"before_{name}"], golden[f"after_{name}"]), name
