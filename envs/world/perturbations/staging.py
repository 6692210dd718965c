"""Perturbations of the scene itself: blocked doorways, a wrong speaker, a crowd."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import numpy as np

from envs.classes import CLASSES
from envs.contract import BODY_RADIUS
from envs.scene import WALL_THICKNESS, Fact, Object, Person, Place, Point, Scene
from envs.tasks.episode import Episode
from envs.world.layout import build_layout
from envs.world.perturbations.ways import spare_door

CROWD = 4
"""How many more people walk."""
TELLS_EVERY = 8.0
"""Seconds between the remarks of a wrong speaker."""
WIDEST_BLOCKED = 1.5
"""Metres; a crate does not block a wider doorway."""
CROWD_NAMES = ("Vera", "Milo", "Nora", "Otis", "Ines", "Karl", "Lena", "Hugo", "Petra")
_CLEAR = BODY_RADIUS + WALL_THICKNESS / 2 + 0.05
_TRIES = 200


def stage(episode: Episode, names: frozenset[str], seed: int) -> Episode:
    """The episode with its scene changed as these perturbations say."""
    scene = episode.scene
    if "blocked_doors" in names:
        scene = block_door(episode, np.random.default_rng([seed, 1]))
    if "wrong_speaker" in names:
        scene = mislead(scene, np.random.default_rng([seed, 2]))
    if "crowd" in names:
        scene = add_crowd(scene, np.random.default_rng([seed, 3]))
    return episode if scene is episode.scene else dataclasses.replace(episode, scene=scene)


def block_door(episode: Episode, random: np.random.Generator) -> Scene:
    """Lock a door, or put a crate into a narrow doorway, on the first NPC's shortest way."""
    scene = episode.scene
    number = spare_door(episode, build_layout(scene), random)
    if number < 0:
        return scene
    door = scene.doors[number]
    narrow = door.width <= WIDEST_BLOCKED and door.kind != "barrier"
    has_crate = narrow and (door.kind != "door" or random.random() < 0.5)
    if has_crate:
        crate = Object(id=_new_id(scene, "blocking_crate"), class_name="crate", color="white",
                       position=door.position)  # fmt: skip
        doors = tuple(
            other.model_copy(update={"state": "open"}) if other is door else other
            for other in scene.doors
        )
        return scene.model_copy(update={"doors": doors, "objects": (*scene.objects, crate)})
    if door.kind != "door":
        return scene
    doors = tuple(
        other.model_copy(update={"state": "locked", "key": None}) if other is door else other
        for other in scene.doors
    )
    return scene.model_copy(update={"doors": doors})


def mislead(scene: Scene, random: np.random.Generator) -> Scene:
    """Let somebody tell a wrong place of something of which another one tells the right place."""
    known = [
        (person, fact) for person in scene.people if person.role != "npc" for fact in person.facts
    ]
    if not known or len(scene.places) < 2:
        return scene
    honest, fact = known[random.integers(len(known))]
    others = [
        person
        for person in scene.people
        if person.role != "npc" and person is not honest
        and all(other.about != fact.about for other in person.facts)
    ]  # fmt: skip
    wrong = [place.id for place in scene.places if place.id != fact.where]
    lie = Fact(about=fact.about, where=wrong[random.integers(len(wrong))])
    if others:
        liar = others[random.integers(len(others))]
        update = {"facts": (*liar.facts, lie), "tells_every": liar.tells_every or TELLS_EVERY}
        people = tuple(
            person.model_copy(update=update) if person is liar else person
            for person in scene.people
        )
        return scene.model_copy(update={"people": people})
    standing = _free_point(scene, scene.places[random.integers(len(scene.places))], random)
    if standing is None:
        return scene
    liar = Person(id=_new_id(scene, "wrong_speaker"), name=_new_name(scene), position=standing,
                  facts=(lie,), tells_every=TELLS_EVERY)  # fmt: skip
    return scene.model_copy(update={"people": (*scene.people, liar)})


def add_crowd(scene: Scene, random: np.random.Generator) -> Scene:
    """Let four more people walk to and fro, through open doorways where they can."""
    for number in range(CROWD):
        path = _free_path(scene, random)
        if path:
            walker = Person(
                id=_new_id(scene, f"walker_{number}"), name=_new_name(scene), position=path[0],
                path=path[1:] + path[:1], speed=float(np.round(random.uniform(0.5, 1.1), 2)),
            )  # fmt: skip
            scene = scene.model_copy(update={"people": (*scene.people, walker)})
    return scene


def _free_path(scene: Scene, random: np.random.Generator) -> tuple[Point, ...]:
    """There and back between two points on free floor, () when no way was found."""
    open_doors = [
        door for door in scene.doors
        if door.kind in ("door", "opening") and door.state == "open" and not door.stays_open
    ]  # fmt: skip
    by_id = {place.id: place for place in scene.places}
    for attempt in range(_TRIES):
        between: tuple[Point, ...] = ()
        first = second = scene.places[random.integers(len(scene.places))]
        if open_doors and attempt < _TRIES // 2:
            door = open_doors[random.integers(len(open_doors))]
            first, second = (by_id[name] for name in door.between)
            between = _through(door.position, first, second, door.along_x(first.floor))
        start, end = _free_point(scene, first, random), _free_point(scene, second, random)
        if start is None or end is None or math.dist(start, end) < 1.5:
            continue
        line = (start, *between, end)
        if all(_is_free(scene, *leg) for leg in pairwise(line)):
            return line + line[-2:0:-1]
    return ()


def _through(door: Point, first: Place, second: Place, along_x: bool) -> tuple[Point, Point]:
    """Points half a metre before and behind a doorway."""
    x, z = door
    axis = 1 if along_x else 0
    side = 0.5 if first.center[axis] < second.center[axis] else -0.5
    if along_x:
        return (x, z - side), (x, z + side)
    return (x - side, z), (x + side, z)


def _free_point(scene: Scene, place: Place, random: np.random.Generator) -> Point | None:
    x0, z0, x1, z1 = place.floor
    if min(x1 - x0, z1 - z0) <= 2 * _CLEAR + 0.1:
        return None
    for _ in range(20):
        x = float(np.round(random.uniform(x0 + _CLEAR, x1 - _CLEAR), 2))
        z = float(np.round(random.uniform(z0 + _CLEAR, z1 - _CLEAR), 2))
        if _is_free(scene, (x, z), (x, z)):
            return x, z
    return None


def _is_free(scene: Scene, start: Point, end: Point) -> bool:
    """Whether a body can walk straight from one point to the other past things and people."""
    steps = max(1, math.ceil(math.dist(start, end) / 0.1))
    points = np.linspace(start, end, steps + 1)
    for thing in scene.objects:
        if thing.inside or thing.upon:
            continue
        size = thing.size or CLASSES[thing.class_name].size
        radius = 0.5 * math.hypot(size[0], size[2]) + BODY_RADIUS + 0.05
        if (np.hypot(*(points - thing.position).T) < radius).any():
            return False
    for person in scene.people:
        if (np.hypot(*(points - person.position).T) < 2 * BODY_RADIUS + 0.3).any():
            return False
    return True


def _new_id(scene: Scene, wanted: str) -> str:
    taken = set(scene.thing_ids())
    while wanted in taken:
        wanted += "_x"
    return wanted


def _new_name(scene: Scene) -> str:
    taken = {person.name for person in scene.people}
    return next((name for name in CROWD_NAMES if name not in taken), "somebody")
