"""What a body can get at: it walks, jumps barriers, opens doors, finds keys and presses buttons."""

from __future__ import annotations

from collections.abc import Iterator

from envs.contract import BODY_RADIUS
from envs.reach import NEAR, Floor, around, grow
from envs.scene import Door, Object, Place, Scene
from envs.scene_checks.geometry import WALL_HALF, doorway_gaps, footprints
from envs.scene_checks.problem import Problem


def access_problems(scene: Scene) -> Iterator[Problem]:
    """What a body cannot get to from the first spawn point, and keys that it cannot get."""
    access = _Access(scene)
    reached = access.reached
    if not reached:
        yield Problem(("spawns", 0, "position"),
                      f"a body of {2 * BODY_RADIUS:g} m does not fit here: give it more "
                      "room.")  # fmt: skip
        return
    cut_off: list[Place] = []
    for number, place in enumerate(scene.places):
        if not access.floor.cells(grow(place.floor, -WALL_HALF - BODY_RADIUS)) & reached:
            cut_off.append(place)
            yield Problem(("places", number), f"'{place.id}' cannot be reached from spawns[0]: add "
                          "a door that is not locked or clear the way.")  # fmt: skip
    for at, name, position, area in footprints(scene):
        home = next(place for place in scene.places if place.contains(*position))
        if home in cut_off:
            continue  # said already
        if not name:
            if not access.floor.cells(around(position)) & reached:
                yield Problem((*at, "position"),
                              "a body cannot get there from spawns[0]: move it or clear the "
                              "way.")  # fmt: skip
        elif not access.floor.near(area, home.floor) & reached:
            yield Problem((*at, "position"),
                          f"a body cannot get within {NEAR:g} m of it from spawns[0]: move it or "
                          "clear the way.")  # fmt: skip
    for number, thing in enumerate(scene.objects):
        if thing.key and not cut_off and not access.can_get(thing.key):
            yield Problem(("objects", number, "key"),
                          f"nobody can get at '{thing.key}', which unlocks this: put the key "
                          "elsewhere.")  # fmt: skip


class _Access:
    """The cells that a body reaches, doorway by doorway, until no key or button opens another."""

    def __init__(self, scene: Scene) -> None:
        self._objects = {thing.id: thing for thing in scene.objects}
        self._areas = {
            scene.objects[int(at[1])].id: (area, place.floor)
            for at, _, position, area in footprints(scene)
            if at[0] == "objects"
            for place in scene.places
            if place.contains(*position)
        }
        doorways = list(zip(scene.doors, doorway_gaps(scene), strict=True))
        opened: list[Door] = []
        while True:
            self.floor = Floor(
                [place.floor for place in scene.places],
                [gap for door, gap in doorways if door in opened or _is_free(door)],
            )
            for _, name, _, area in footprints(scene):
                if name:
                    self.floor.block(area)
            self.reached = self.floor.reached_from(scene.spawns[0].position)
            more = [
                door for door in scene.doors
                if door not in opened and not _is_free(door) and self._can_open(door)
            ]  # fmt: skip
            if not more:
                return
            opened += more

    def _can_open(self, door: Door) -> bool:
        by_key = door.kind == "door" and door.key is not None and self.can_get(door.key)
        return by_key or any(
            door.id in thing.powers and self.can_get(thing.id) for thing in self._objects.values()
        )

    def can_get(self, object_id: str) -> bool:
        """True when a body can lay hands on an object, unlocking what it is in."""
        return self._can_get(self._objects[object_id], ())

    def _can_get(self, thing: Object, wanted: tuple[str, ...]) -> bool:
        """As `can_get`; ``wanted`` are the keys that are looked for already: these are no help."""
        carrier = thing.inside or thing.upon
        if carrier is None:
            area, floor = self._areas[thing.id]
            return bool(self.floor.near(area, floor) & self.reached)
        holder = self._objects[carrier]
        if thing.inside and holder.key:
            if holder.key in (*wanted, thing.id):
                return False
            if not self._can_get(self._objects[holder.key], (*wanted, thing.id)):
                return False
        return self._can_get(holder, wanted)


def _is_free(door: Door) -> bool:
    """True when hands and legs alone get a body through."""
    return door.state == "open" or (door.kind == "door" and door.state == "closed")
