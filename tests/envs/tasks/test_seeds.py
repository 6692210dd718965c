"""Ranges of seeds."""

from __future__ import annotations

import pytest

from envs.tasks import TEST_SEEDS, TRAIN_SEEDS, VALIDATION_SEEDS, parse_seeds


def test_ranges_do_not_meet():
    assert range(0, 1_000_000) == TRAIN_SEEDS
    assert range(1_000_000, 2_000_000) == VALIDATION_SEEDS
    assert TEST_SEEDS[0] == 2_000_000


def test_seeds_are_half_open():
    assert list(parse_seeds("5:7")) == [5, 6]
    assert list(parse_seeds(" 5 : 6 ")) == [5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", "Seeds are written A:B, two whole numbers such as 2000000:2000200, not '5'."),
        ("a:b", "Seeds are written A:B, two whole numbers such as 2000000:2000200, not 'a:b'."),
        ("-1:5", "Seeds are written A:B, two whole numbers such as 2000000:2000200, not '-1:5'."),
        ("7:7", "There are no seeds in 7:7, which leaves out its end: one seed is 7:8."),
        ("0:9999999999", "Seeds end at 2147483647: choose smaller ones than 0:9999999999."),
    ],
)
def test_what_is_no_range_says_how_to_write_one(text, message):
    with pytest.raises(ValueError) as error:
        parse_seeds(text)
    assert str(error.value) == message
