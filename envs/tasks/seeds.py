"""Which seeds are for what: nothing is ever tuned on test seeds."""

from __future__ import annotations

TRAIN_SEEDS = range(0, 1_000_000)
VALIDATION_SEEDS = range(1_000_000, 2_000_000)
TEST_SEEDS = range(2_000_000, 1 << 31)
"""From two million on."""


def parse_seeds(text: str) -> range:
    """Read a half-open range of seeds.

    >>> parse_seeds("2000000:2000200")
    range(2000000, 2000200)

    Raises:
        ValueError: it is not of the form A:B with 0 <= A < B; one sentence with the cure.
    """
    first, colon, last = text.partition(":")
    if not (colon and first.strip().isdecimal() and last.strip().isdecimal()):
        raise ValueError(
            f"Seeds are written A:B, two whole numbers such as 2000000:2000200, not '{text}'."
        )
    seeds = range(int(first), int(last))
    if not seeds:
        raise ValueError(
            f"There are no seeds in {text}, which leaves out its end: one seed is "
            f"{int(first)}:{int(first) + 1}."
        )
    if seeds[-1] > TEST_SEEDS[-1]:
        raise ValueError(f"Seeds end at {TEST_SEEDS[-1]}: choose smaller ones than {text}.")
    return seeds
