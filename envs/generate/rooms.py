"""Floor plans: rooms on a grid and doorways between them, for families that live indoors."""

from __future__ import annotations

from collections.abc import Sequence

from envs.reach import CELL, shared_edge
from envs.scene import Door, Place, Rectangle
from envs.stream import Stream

DOOR_WIDTH = 1.0
EXTRA_DOORS = 0.3
"""Chance of a doorway between neighbours that are connected already."""


def by_difficulty(values: Sequence[int], difficulty: float, spread: int = 1) -> Sequence[int]:
    """The part of rising values that suits a difficulty: what lies around that share of them.

    >>> by_difficulty((4, 5, 6, 7, 8, 9), 1.0)
    (8, 9)
    """
    middle = round(difficulty * (len(values) - 1))
    return values[max(0, middle - spread) : middle + spread + 1]


def grid_floors(
    stream: Stream, count: int, sizes: Sequence[float], slack: int = 3
) -> list[Rectangle]:
    """Connected cells of a grid whose columns and rows have sizes of their own.

    Args:
        stream: draws.
        count: how many cells.
        sizes: to choose the columns' and rows' sizes from, metres.
        slack: how many cells of the grid may stay empty.

    Returns:
        Floors in the order of the grid, the lowest edges at 0.
    """
    columns, rows = stream.choice([
        (c, r) for c in (2, 3, 4) for r in (2, 3, 4) if count <= c * r <= count + slack
    ])  # fmt: skip
    x_edges, z_edges = [0.0], [0.0]
    for _ in range(columns):
        x_edges.append(x_edges[-1] + stream.choice(sizes))
    for _ in range(rows):
        z_edges.append(z_edges[-1] + stream.choice(sizes))
    cells = {(int(stream.uniform(0, columns - 0.01)), int(stream.uniform(0, rows - 0.01)))}
    while len(cells) < count:
        border = [
            (c, r) for c in range(columns) for r in range(rows)
            if (c, r) not in cells
            and cells & {(c - 1, r), (c + 1, r), (c, r - 1), (c, r + 1)}
        ]  # fmt: skip
        cells.add(stream.choice(border))
    left, low = min(c for c, _ in cells), min(r for _, r in cells)
    return [
        (
            x_edges[c] - x_edges[left], z_edges[r] - z_edges[low],
            x_edges[c + 1] - x_edges[left], z_edges[r + 1] - z_edges[low],
        )
        for c, r in sorted(cells)
    ]  # fmt: skip


def make_place(name: str, floor: Rectangle) -> Place:
    """A place called "the NAME"."""
    return Place.model_construct(id=name.replace(" ", "_"), name=f"the {name}", floor=floor)


def connect(
    stream: Stream, places: list[Place], closed: float, extra: float = EXTRA_DOORS
) -> list[Door]:
    """A doorway on each branch of a random spanning tree and on some other shared edges.

    Args:
        stream: draws.
        places: connected by their edges.
        closed: chance of a closed door.
        extra: chance of a doorway between neighbours that are connected already.
    """
    edges = []
    for a in range(len(places)):
        for b in range(a + 1, len(places)):
            edge = shared_edge(places[a].floor, places[b].floor)
            if edge is not None:
                edges.append((a, b, edge))
    group = list(range(len(places)))
    doors = []
    for a, b, (along_x, line, start, end) in stream.shuffled(edges):
        if group[a] == group[b] and not stream.chance(extra):
            continue
        group = [group[a] if other == group[b] else other for other in group]
        margin = DOOR_WIDTH / 2 + CELL
        steps = round((end - start - 2 * margin) / CELL)
        middle = start + margin + CELL * int(stream.choice(range(steps + 1)))
        doors.append(Door.model_construct(
            id="", between=(places[a].id, places[b].id),
            position=(middle, line) if along_x else (line, middle),
            width=DOOR_WIDTH,
            state="closed" if stream.chance(closed) else "open",
        ))  # fmt: skip
    return numbered(stream.shuffled(doors))


def numbered(doors: Sequence[Door]) -> list[Door]:
    """The doors with ids in their order."""
    return [door.model_copy(update={"id": f"{door.kind}_{n}"}) for n, door in enumerate(doors, 1)]
