"""Ids and names: each there once, everything that refers to one finds it, not too many of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from envs.classes import AFFORDANCE_NAMES, CLASSES, SOUND_NAMES
from envs.palette import COLORS
from envs.scene import MAX_DOORS, MAX_NPCS, MAX_PLACES, MAX_SOUNDS, MAX_THINGS, Object, Scene
from envs.scene_checks.problem import Location, Problem
from envs.suggest import did_you_mean

LARGEST_OBJECT = 6.0
"""Side of an object, metres."""
_NPC_ID = re.compile(r"npc_\d+")


def name_problems(scene: Scene) -> Iterator[Problem]:
    """What is there twice, refers to nothing or is unknown."""
    yield from _unique_names(scene)
    yield from _references(scene)
    for number, thing in enumerate(scene.objects):
        yield from _words_of_object(("objects", number), thing)
    yield from _too_many(scene)


def _unique_names(scene: Scene) -> Iterator[Problem]:
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for group in ("places", "doors", "objects", "people", "topics"):
        for number, thing in enumerate(getattr(scene, group)):
            if thing.id in ids:
                yield Problem((group, number, "id"),
                              f"'{thing.id}' is the id of {ids[thing.id]} already: "
                              "choose another.")  # fmt: skip
            elif _NPC_ID.fullmatch(thing.id) and getattr(thing, "role", "") != "npc":
                yield Problem((group, number, "id"),
                              f"'{thing.id}' stands for a controlled NPC in tasks: choose "
                              "another.")  # fmt: skip
            ids[thing.id] = f"{group}[{number}]"
            if group in ("doors", "objects"):
                continue  # these are named after their class
            name = " ".join(thing.name.lower().split())
            if name in names:
                yield Problem((group, number, "name"),
                              f"'{thing.name}' is the name of {names[name]} already: "
                              "choose another.")  # fmt: skip
            names[name] = f"{group}[{number}]"
    tasks: dict[str, int] = {}
    for number, task in enumerate(scene.tasks):
        if task.id in tasks:
            yield Problem(("tasks", number, "id"),
                          f"'{task.id}' is the id of tasks[{tasks[task.id]}] already: "
                          "choose another.")  # fmt: skip
        tasks.setdefault(task.id, number)


def _references(scene: Scene) -> Iterator[Problem]:
    places = [place.id for place in scene.places]
    objects = [thing.id for thing in scene.objects]
    for number, door in enumerate(scene.doors):
        for side, place_id in enumerate(door.between):
            yield from _known(("doors", number, "between", side), place_id, places, "place")
        if door.between[0] == door.between[1]:
            yield Problem(("doors", number, "between"), "name two different places.")
        yield from _known(("doors", number, "key"), door.key, objects, "object")
    powered = [thing.id for group in (scene.objects, scene.doors) for thing in group]
    for number, thing in enumerate(scene.objects):
        at: Location = ("objects", number)
        for field in ("key", "inside", "upon"):
            yield from _known((*at, field), getattr(thing, field), objects, "object")
        for row, name in enumerate(thing.powers):
            yield from _known((*at, "powers", row), name, powered, "object or door")
        for row, name in enumerate(thing.mentions):
            yield from _known((*at, "mentions", row), name, scene.thing_ids(), "thing")
    about = [thing.id for group in (scene.objects, scene.people, scene.topics) for thing in group]
    for number, person in enumerate(scene.people):
        for row, fact in enumerate(person.facts):
            at = ("people", number, "facts", row)
            yield from _known((*at, "about"), fact.about, about, "object, person or topic")
            yield from _known((*at, "where"), fact.where, places, "place")


def _known(at: Location, name: str | None, known: Iterable[str], kind: str) -> Iterator[Problem]:
    """Nothing when an id is that of one of its kind or is not given."""
    known = tuple(known)
    if name is None or name in known:
        return
    cure = did_you_mean(name, known) if known else f"and the scene has no {kind}: add it."
    yield Problem(at, f"no {kind} has the id '{name}', {cure}")


def _words_of_object(at: Location, thing: Object) -> Iterator[Problem]:
    words = [("class", thing.class_name, tuple(CLASSES)), ("color", thing.color, tuple(COLORS))]
    if thing.sound is not None:
        words.append(("sound", thing.sound, SOUND_NAMES))
    for field, word, known in words:
        if word not in known:
            yield Problem((*at, field), f"unknown {field} '{word}', {did_you_mean(word, known)}")
    for number, word in enumerate(thing.affordances or ()):
        if word not in AFFORDANCE_NAMES:
            yield Problem((*at, "affordances", number),
                          f"unknown affordance '{word}', "
                          f"{did_you_mean(word, AFFORDANCE_NAMES)}")  # fmt: skip
    if thing.size is not None and not all(0 < side <= LARGEST_OBJECT for side in thing.size):
        yield Problem((*at, "size"),
                      f"each side must be more than 0 and at most "
                      f"{LARGEST_OBJECT:g} m.")  # fmt: skip
    if thing.yaw_degrees % 90:
        yield Problem((*at, "yaw_degrees"),
                      f"objects stand square: use 0, 90, 180 or 270, "
                      f"not {thing.yaw_degrees:g}.")  # fmt: skip


def _too_many(scene: Scene) -> Iterator[Problem]:
    npcs = sum(person.role == "npc" for person in scene.people)
    sounds = sum(thing.sound is not None for thing in scene.objects)
    for at, count, what, most in (
        ((), len(scene.thing_ids()), "things", MAX_THINGS),
        (("places",), len(scene.places), "places", MAX_PLACES),
        (("doors",), len(scene.doors), "doors", MAX_DOORS),
        (("objects",), sounds, "objects with a sound", MAX_SOUNDS),
        (("people",), npcs, "people of role npc", MAX_NPCS),
    ):
        if count > most:
            yield Problem(at, f"the scene has {count} {what}, and a scene can have {most}: "
                          "leave some out.")  # fmt: skip
