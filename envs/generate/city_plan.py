"""The plan of a city: streets, squares and buildings on a grid, and what joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from envs.generate.placing import CrowdedError
from envs.generate.rooms import DOOR_WIDTH, make_place, numbered
from envs.reach import CELL, shared_edge
from envs.scene import WALL_THICKNESS, Door, Place, Rectangle
from envs.stream import Stream

ADJECTIVES = (
    "mill", "harbor", "church", "castle", "river", "garden", "market", "station", "north", "south",
    "east", "west", "upper", "lower", "old", "long", "linden", "chestnut", "abbey", "merchant",
    "potter", "baker", "weaver", "cooper", "canal", "dyke", "poplar", "school",
)  # fmt: skip
"""First words of the names; each occurs once in a scene, so it alone tells which place is meant."""
STREET_NOUNS = ("street", "lane", "road", "alley")
SQUARE_NOUNS = ("square", "plaza", "yard")
BUILDING_NOUNS = ("shop", "office", "house", "gallery", "bakery", "library")

STREET_WIDTHS = (2.75, 3.0)
BLOCK_SIZES = (4.0, 4.25, 4.5)
WIDE_BLOCK_SIZES = (5.5, 6.0)
"""Of blocks beside the only street that runs up."""
SQUARE_DOORWAY = 3.0
"""Widest opening between a street and a square, metres."""
GATE_WIDTH = 1.5
BUTTON_RANGE = (7.4, 10.0)
"""From the gate to its button along the street, metres."""
CLOSED_DOORS = 0.2, 0.6
"""Chance of a closed door of a building: at the least difficulty, and what the greatest adds."""


@dataclass
class CityPlan:
    """What a city is made of."""

    streets: list[Place]
    squares: list[Place]
    buildings: list[Place]
    doors: list[Door]
    gate: Door
    gate_street: Place
    """The one from which the gate is opened."""

    @property
    def outdoors(self) -> list[Place]:
        """Streets and squares."""
        return [*self.streets, *self.squares]

    @property
    def places(self) -> list[Place]:
        """All of them."""
        return [*self.streets, *self.squares, *self.buildings]


@dataclass
class _Grid:
    """Edges of the columns and rows: blocks and streets in turn, a block first and last."""

    x: list[float]
    z: list[float]

    def cell(self, column: int, row: int) -> Rectangle:
        return self.x[column], self.z[row], self.x[column + 1], self.z[row + 1]

    def blocks(self) -> list[tuple[int, int]]:
        return [(c, r) for c in range(0, len(self.x) - 1, 2) for r in range(0, len(self.z) - 1, 2)]


def draw_plan(stream: Stream, difficulty: float) -> CityPlan:
    """Draw streets, squares and buildings and join them.

    Raises:
        CrowdedError: there is no loop for a gate and a barrier, or no street long enough.
    """
    upright, across = _streets_of(stream, difficulty)
    grid = _Grid(_edges(stream, upright), _edges(stream, across))
    streets = _street_floors(stream, grid, difficulty)
    blocks = stream.shuffled(grid.blocks())
    # The blocks with most streets around make the best squares.
    blocks.sort(key=lambda block: -_neighbours(grid.cell(*block), streets))
    square_count = 1 if upright * across < 4 else stream.choice((1, 2))
    squares = [grid.cell(*block) for block in blocks[:square_count]]
    houses = [
        grid.cell(*block)
        for block in stream.shuffled(blocks[square_count:])
        if _neighbours(grid.cell(*block), streets)
    ][: stream.choice((1, 2)) + (difficulty > 0.5)]
    names = stream.sample(ADJECTIVES, len(streets) + len(squares) + len(houses))
    called_streets, called_squares, buildings = (
        [make_place(f"{names.pop()} {stream.choice(nouns)}", floor) for floor in floors]
        for floors, nouns in (
            (streets, STREET_NOUNS), (squares, SQUARE_NOUNS), (houses, BUILDING_NOUNS),
        )
    )  # fmt: skip
    doors, gate, gate_street = _join(stream, called_streets, called_squares)
    closed = CLOSED_DOORS[0] + CLOSED_DOORS[1] * difficulty
    doors += [_entrance(stream, building, called_streets, closed) for building in buildings]
    gate, *doors = numbered([gate, *doors])
    return CityPlan(
        called_streets, called_squares, buildings, stream.shuffled([gate, *doors]), gate,
        gate_street,
    )  # fmt: skip


def _streets_of(stream: Stream, difficulty: float) -> tuple[int, int]:
    """How many streets run up and across."""
    if difficulty < 1 / 3:
        return stream.choice(((2, 1), (1, 2)))
    if difficulty < 2 / 3:
        return stream.choice(((2, 1), (1, 2), (2, 2)))
    return 2, 2


def _edges(stream: Stream, streets: int) -> list[float]:
    sizes = WIDE_BLOCK_SIZES if streets == 1 else BLOCK_SIZES
    edges = [0.0, stream.choice(sizes)]
    for _ in range(streets):
        edges.append(edges[-1] + stream.choice(STREET_WIDTHS))
        edges.append(edges[-1] + stream.choice(sizes))
    return edges


def _street_floors(stream: Stream, grid: _Grid, difficulty: float) -> list[Rectangle]:
    """Whole streets across, and between and beyond them pieces of those that run up."""
    rows, columns = range(1, len(grid.z) - 1, 2), range(1, len(grid.x) - 1, 2)
    floors = [(0.0, grid.z[row], grid.x[-1], grid.z[row + 1]) for row in rows]
    inner = range(2, len(grid.z) - 2, 2)
    floors += [grid.cell(column, row) for column in columns for row in inner]
    outer = [(column, row) for column in columns for row in (0, len(grid.z) - 2)]
    if not inner:  # one side has all its streets, so that a square there lies on a loop
        full = stream.choice((0, len(grid.z) - 2))
        floors += [grid.cell(column, full) for column in columns]
        outer = [cell for cell in outer if cell[1] != full]
    floors += [grid.cell(*cell) for cell in outer if stream.chance(0.15 + 0.35 * difficulty)]
    return floors


def _neighbours(floor: Rectangle, streets: Sequence[Rectangle]) -> int:
    return sum(shared_edge(floor, street) is not None for street in streets)


def _join(
    stream: Stream, streets: list[Place], squares: list[Place]
) -> tuple[list[Door], Door, Place]:
    """Join streets and squares: openings on a spanning tree, a gate and barriers on the loops.

    Returns:
        All doorways but the gate, the gate, and the street that has its button.

    Raises:
        CrowdedError: there are no two loops, or no street is long enough for a button.
    """
    places = [*streets, *squares]
    edges = [
        (a, b)
        for number, b in enumerate(places)
        for a in places[:number]
        if shared_edge(a.floor, b.floor) is not None
    ]
    group = {place.id: place.id for place in places}
    tree: list[tuple[Place, Place]] = []
    loops: list[tuple[Place, Place]] = []
    for a, b in stream.shuffled(edges):
        one, other = group[a.id], group[b.id]
        (loops if one == other else tree).append((a, b))
        group = {place: one if root == other else root for place, root in group.items()}
    gated = next((pair for pair in loops if _button_street(pair) is not None), None)
    street = _button_street(gated) if gated else None
    if len(loops) < 2 or gated is None or street is None:
        raise CrowdedError
    others = [pair for pair in loops if pair is not gated]
    doors = [_doorway(pair, "opening") for pair in tree]
    doors.append(_doorway(others[0], "barrier"))
    for pair in others[1:]:
        doors.append(_doorway(pair, "barrier" if stream.chance(0.25) else "opening"))
    return doors, _doorway(gated, "gate"), street


def _button_street(pair: tuple[Place, Place]) -> Place | None:
    """The one of two places that is long enough for a button far from the gate between them."""
    edge = shared_edge(pair[0].floor, pair[1].floor)
    assert edge is not None
    along_x, _, start, end = edge
    middle = (start + end) / 2
    for place in pair:
        x0, z0, x1, z1 = place.floor
        low, high = (x0, x1) if along_x else (z0, z1)
        if max(middle - low, high - middle) >= BUTTON_RANGE[0] + 0.5:
            return place
    return None


def _doorway(pair: tuple[Place, Place], kind: str) -> Door:
    """In the middle of the edge that two places share, as wide as a street unless it is a gate."""
    edge = shared_edge(pair[0].floor, pair[1].floor)
    assert edge is not None
    along_x, line, start, end = edge
    middle = (start + end) / 2
    widest = round(min(end - start - 2 * WALL_THICKNESS, SQUARE_DOORWAY), 2)
    return Door.model_construct(
        id="", between=(pair[0].id, pair[1].id), kind=kind,
        width=GATE_WIDTH if kind == "gate" else widest,
        position=(middle, line) if along_x else (line, middle),
        state="closed" if kind == "gate" else "open",
    )  # fmt: skip


def _entrance(stream: Stream, building: Place, streets: list[Place], closed: float) -> Door:
    """The door of a building, somewhere on an edge that it shares with a street."""
    near = [street for street in streets if shared_edge(building.floor, street.floor) is not None]
    street = stream.choice(near)
    edge = shared_edge(building.floor, street.floor)
    assert edge is not None
    along_x, line, start, end = edge
    margin = DOOR_WIDTH / 2 + CELL
    steps = round((end - start - 2 * margin) / CELL)
    middle = start + margin + CELL * int(stream.choice(range(steps + 1)))
    return Door.model_construct(
        id="", between=(street.id, building.id), width=DOOR_WIDTH,
        position=(middle, line) if along_x else (line, middle),
        state="closed" if stream.chance(closed) else "open",
    )  # fmt: skip
