"""Floor plans of schools, offices and public halls: rooms on both sides of a passage."""

from __future__ import annotations

from collections.abc import Sequence

from envs.scene import Rectangle
from envs.stream import Stream


def corridor_floors(
    stream: Stream, count: int, sizes: Sequence[float], depth: float
) -> list[Rectangle]:
    """A passage along x and rooms above and below it.

    Args:
        stream: draws.
        count: rooms beside the passage, at least two.
        sizes: to choose the rooms' widths and the two rows' depths from, metres.
        depth: of the passage, metres.

    Returns:
        The passage first, then the rooms.
    """
    above = (count + stream.choice((0, 1))) // 2
    floors: list[Rectangle] = []
    ends = []
    for number, upward in ((above, True), (count - above, False)):
        x, tall = 0.0, stream.choice(sizes)
        z0, z1 = (depth, depth + tall) if upward else (-tall, 0.0)
        for _ in range(number):
            wide = stream.choice(sizes)
            floors.append((x, z0, x + wide, z1))
            x += wide
        ends.append(x)
    return [(0.0, 0.0, max(ends), depth), *floors]
