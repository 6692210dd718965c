"""Quick tests that leave out work must never change what the full test says."""

from __future__ import annotations

import numpy as np
import pytest

from envs.world.acts.things import free_spot_of
from envs.world.motion import is_beside, touches_box
from envs.world.sight import segment_hits_box, walls_between


def _boxes(random: np.random.Generator, count: int) -> np.ndarray:
    """Boxes on a half-metre grid, so that many share edges with what is tried."""
    low = random.integers(0, 12, (count, 3)) / 2
    size = random.integers(0, 5, (count, 3)) / 2
    return np.concatenate((low, low + size), 1).astype(np.float32)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_walls_to_one_side_are_those_that_a_line_of_sight_misses(kind: type) -> None:
    random = np.random.default_rng(1)
    boxes = _boxes(random, 40)
    boxes[:, 1], boxes[:, 4] = 0.0, 2.5
    hits = 0
    for _ in range(500):
        x0, z0, x1, z1 = (random.integers(0, 15, 4) / 2).astype(kind)
        expected = sum(segment_hits_box(x0, z0, x1, z1, box) for box in boxes)
        assert walls_between(boxes, len(boxes), x0, z0, x1, z1, -1, 99) == expected
        hits += expected
    assert hits > 100


def test_a_box_that_a_body_is_beside_does_not_touch_it() -> None:
    random = np.random.default_rng(2)
    boxes = _boxes(random, 400)
    boxes[:, 1], boxes[:, 4] = 0.0, 2.5
    beside = 0
    for box in boxes:
        x, z = random.integers(0, 15, 2) / 2
        for radius in (0.25, 0.5):
            if is_beside(x, z, radius, box):
                beside += 1
                assert not touches_box(x, z, radius, 0.0, box)
    assert 0 < beside < 2 * len(boxes)


def test_the_free_spot_is_the_first_that_nothing_takes() -> None:
    inside = np.array([-1, 0, 0, 5, -1], np.int32)
    upon = np.array([-1, -1, -1, -1, 0], np.int32)
    spot = np.array([0, 0, 2, 1, 7], np.int32)
    assert free_spot_of(0, 4, 5, inside, upon, spot) == 1
    assert free_spot_of(0, 1, 5, inside, upon, spot) == -1
    assert free_spot_of(4, 4, 5, inside, upon, spot) == 0
