"""Whether a body can get everywhere in a drawn scene, and in which places it needs no key."""

from __future__ import annotations

from collections.abc import Sequence

from envs.generate.placing import CrowdedError, Placer
from envs.reach import Floor, around, doorway_gap, grow
from envs.scene import Door, Place, Rectangle, Spawn


def check_reach(placer: Placer, doors: Sequence[Door], spawns: Sequence[Spawn]) -> None:
    """Make sure that a body can walk from each spawn point to everything.

    It opens closed doors, fetches keys and unlocks what they fit; it never needs a gate or has to
    jump over a barrier.

    Raises:
        CrowdedError: it cannot.
    """
    floors = {place.id: place.floor for place in placer.places}
    gaps = {
        door.id: doorway_gap(door.position, door.width, door.along_x(floors[door.between[0]]))
        for door in doors
    }
    walkable = [door for door in doors if door.kind in ("door", "opening")]
    free = [gaps[door.id] for door in walkable if door.state != "locked"]
    floor = _floor(placer, free)
    reached = floor.reached_from(spawns[0].position)
    for spawn in spawns[1:]:
        start = floor.cells(around(spawn.position)) & floor.free
        if not start or start & ~reached:
            raise CrowdedError
    locked = [door for door in walkable if door.state == "locked"]
    keys = {door.key for door in locked}
    keys |= {thing.key for thing in placer.objects if thing.key is not None}
    for thing in placer.objects:
        if thing.id in keys:
            _check_near(placer, floor, reached, thing.position)
    if locked:
        floor = _floor(placer, [gaps[door.id] for door in walkable])
        reached = floor.reached_from(spawns[0].position)
    for door in walkable:
        if floor.cells(gaps[door.id]) & ~reached:
            raise CrowdedError
    for position, _ in placer.standing:
        _check_near(placer, floor, reached, position)
    for place in placer.places:
        if not floor.cells(grow(place.floor, -1.0)) & reached:
            raise CrowdedError


def _floor(placer: Placer, gaps: Sequence[Rectangle]) -> Floor:
    floor = Floor((place.floor for place in placer.places), gaps)
    for _, area in placer.standing:
        floor.block(area)
    return floor


def _check_near(placer: Placer, floor: Floor, reached: int, position: tuple[float, float]) -> None:
    """Make sure that a body gets near to what stands at a position."""
    area = next(area for spot, area in placer.standing if spot == position)
    place = next(place for place in placer.places if place.contains(*position))
    if not floor.near(area, place.floor) & reached:
        raise CrowdedError


def open_places(places: Sequence[Place], doors: Sequence[Door], start: str) -> list[Place]:
    """The places to which one gets from a place without key, gate or jump.

    Args:
        places: of the scene.
        doors: of the scene.
        start: id of a place.
    """
    inside = {start}
    while True:
        found = {
            place_id
            for door in doors
            if door.kind in ("door", "opening") and door.state != "locked"
            and inside & set(door.between)
            for place_id in door.between
        }  # fmt: skip
        if found <= inside:
            return [place for place in places if place.id in inside]
        inside |= found
