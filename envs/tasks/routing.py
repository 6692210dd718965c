"""The shortest way through the steps of a goal, on the true layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from envs.goals import Step, Verb
from envs.reach import grow
from envs.scene import WALL_THICKNESS, Door, Object, Place, Point, Rectangle, Scene
from envs.tasks.true_map import HEARING, REACH, TrueMap, Way, object_area


class NoWayError(ValueError):
    """A step that cannot be walked to; the text is what there is no way to."""


def route_length(scene: Scene, start: Point, steps: Sequence[Step]) -> float:
    """Metres that somebody walks at least who takes these steps in their order.

    What team mates do on their own is free: they come to each other, and bring what they bring.

    Raises:
        NoWayError: a step cannot be walked to.
    """
    walker = _Walker(scene, start)
    for step in steps:
        walker.take(step)
    return walker.length


class _Walker:
    """Walks from step to step."""

    def __init__(self, scene: Scene, start: Point) -> None:
        self._scene = scene
        self._here = start
        self._things: dict[str, Object | Place | Door] = {}
        for group in (scene.places, scene.doors, scene.objects):
            self._things.update({thing.id: thing for thing in group})
        self._standing = {
            person.id: person.position for person in scene.people
            if person.role != "npc" and not person.path
        }  # fmt: skip
        self._lying: dict[str, Point] = {}  # where things have been put
        self._held: str | None = None
        self._map = TrueMap(scene)
        self.length = 0.0

    def take(self, step: Step) -> None:
        """Go where a step is done."""
        if step.do in (Verb.PUT, Verb.GIVE, Verb.LIFT) and self._held != step.what:
            self._go_to(step.what)
            self._held = step.what
        if step.do in (Verb.ASK, Verb.TELL, Verb.GIVE):
            self._go_to(step.who, HEARING if step.do != Verb.GIVE else REACH)
        elif step.do in (Verb.PUT, Verb.LIFT):
            self._go_to(step.where)
            self._lying[step.what] = self._here
            self._held = None
        else:
            self._go_to(step.what)
        if step.do == Verb.TAKE:
            self._held = step.what
        if step.do in (Verb.OPEN, Verb.UNLOCK):
            self._open(step.what)

    def _open(self, name: str) -> None:
        doors = tuple(
            door.model_copy(update={"state": "open"}) if door.id == name else door
            for door in self._scene.doors
        )
        if doors != self._scene.doors:
            self._scene = self._scene.model_copy(update={"doors": doors})
            self._map = TrueMap(self._scene)

    def _go_to(self, name: str, radius: float = REACH) -> None:
        ways = list(self._ways(name, radius))
        if not ways:
            return  # it comes by itself
        found = [way for way in ways if way is not None]
        if not found:
            raise NoWayError(f"a way to '{name}', with every locked door on it opened by a step")
        best = min(found, key=lambda way: way.length)
        self.length += best.length
        self._here = best.end

    def _ways(self, name: str, radius: float) -> Iterable[Way | None]:
        """Ways from here to something, one for each side that it has; none when it moves."""
        self._map.start_from(self._here)
        thing = self._things.get(name)
        if isinstance(thing, Place):
            if thing.contains(*self._here):
                yield Way(0.0, self._here)
            yield self._map.to_place(thing)
        elif isinstance(thing, Door):
            for place_id in thing.between:
                place = self._things[place_id]
                if isinstance(place, Place):
                    yield self._map.to_thing(_doorway(thing, place), place, radius)
        else:
            spot = self._lying.get(name) or self._standing.get(name)
            if isinstance(thing, Object) and spot is None:
                spot = self._scene.position_of(name)
            place_there = None if spot is None else self._scene.place_at(*spot)
            if spot is not None and place_there is not None:
                moved = name in self._lying or not isinstance(thing, Object)
                area = (*spot, *spot) if moved or not isinstance(thing, Object) else object_area(
                    thing.model_copy(update={"position": spot}))  # fmt: skip
                yield self._map.to_thing(area, place_there, radius)


def _doorway(door: Door, place: Place) -> Rectangle:
    """The floor between the posts of a doorway."""
    x, z = door.position
    half, thin = door.width / 2, WALL_THICKNESS / 2
    if door.along_x(place.floor):
        return grow((x - half, z, x + half, z), thin)
    return grow((x, z - half, x, z + half), thin)
