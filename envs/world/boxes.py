"""What stands in a scene as boxes: walls with their doorways, leaves and bars, objects."""

from __future__ import annotations

from collections.abc import Iterable

from envs.classes import ClassInfo
from envs.scene import BARRIER_HEIGHT, DOOR_HEIGHT, WALL_THICKNESS, Door, Object, Point, Scene

LEAF_THICKNESS, BARRIER_THICKNESS = 0.06, 0.12
"""Of what is in a doorway, metres."""

Box = tuple[float, float, float, float, float, float]
"""x0, y0, z0, x1, y1, z1, metres."""


def wall_boxes(scene: Scene, along_x: list[bool]) -> list[Box]:
    """Walls on every edge of every place, with gaps at the doorways and lintels over leaves.

    Edges on one line are merged, so that a wall that two rooms share stands once.
    """
    lines: dict[tuple[bool, float], list[tuple[float, float]]] = {}
    for place in scene.places:
        x0, z0, x1, z1 = place.floor
        lines.setdefault((True, z0), []).append((x0, x1))
        lines.setdefault((True, z1), []).append((x0, x1))
        lines.setdefault((False, x0), []).append((z0, z1))
        lines.setdefault((False, x1), []).append((z0, z1))
    gaps: dict[tuple[bool, float], list[tuple[float, float, bool]]] = {}
    for door, along in zip(scene.doors, along_x, strict=True):
        x, z = door.position
        middle, line = (x, z) if along else (z, x)
        has_lintel = door.kind in ("door", "gate")
        gap = (middle - door.width / 2, middle + door.width / 2, has_lintel)
        gaps.setdefault((along, line), []).append(gap)
    half = WALL_THICKNESS / 2
    boxes: list[Box] = []
    for (along, line), spans in lines.items():
        openings = sorted(gaps.get((along, line), ()))
        for start, end in merge_spans(spans):
            position = start - half  # over the corner, so that no slit is left there
            for left, right, has_lintel in openings:
                if start <= left and right <= end:
                    boxes.append(_on_line(along, line, position, left, 0.0, scene.height))
                    if has_lintel:
                        lintel = _on_line(along, line, left, right, DOOR_HEIGHT, scene.height)
                        boxes.append(lintel)
                    position = right
            boxes.append(_on_line(along, line, position, end + half, 0.0, scene.height))
    return boxes


def merge_spans(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Unite overlapping and touching intervals.

    >>> merge_spans([(3, 5), (0, 1), (1, 2)])
    [(0, 2), (3, 5)]
    """
    merged: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def boxes_of_object(thing: Object, info: ClassInfo, position: Point) -> tuple[Box, Box]:
    """The coloured body and the grey fitting (cap or base) of an object standing at a point."""
    width, height, depth = thing.size or info.size
    if round(thing.yaw_degrees / 90) % 2:
        width, depth = depth, width
    split = height * (1 - info.fitting) if info.fitting > 0 else -height * info.fitting
    body, fitting = ((0.0, split), (split, height)) if info.fitting > 0 else (
        (split, height), (0.0, split))  # fmt: skip
    return (
        _upright(position, width * info.body_width, depth * info.body_width, *body),
        _upright(position, width * info.fitting_width, depth * info.fitting_width, *fitting),
    )


def _upright(
    center: tuple[float, float], width: float, depth: float, base: float, top: float
) -> Box:
    x, z = center
    return x - width / 2, base, z - depth / 2, x + width / 2, top, z + depth / 2


def _on_line(along_x: bool, line: float, start: float, end: float, base: float, top: float) -> Box:
    half = WALL_THICKNESS / 2
    if along_x:
        return start, base, line - half, end, top, line + half
    return line - half, base, start, line + half, top, end


def leaf_box(door: Door, along_x: bool) -> Box:
    """Where the leaf is when closed; a barrier's bar is always there, an opening's leaf never."""
    x, z = door.position
    bar = door.kind == "barrier"
    half, thin = door.width / 2, (BARRIER_THICKNESS if bar else LEAF_THICKNESS) / 2
    height = BARRIER_HEIGHT if bar else DOOR_HEIGHT
    if along_x:
        return x - half, 0.0, z - thin, x + half, height, z + thin
    return x - thin, 0.0, z - half, x + thin, height, z + half
