"""Fields of doors, objects and people that must go together: keys, carriers, switches, texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from envs.classes import CLASSES
from envs.scene import INSIDE_ROOM, UPON_ROOM, Door, Object, Person, Scene
from envs.scene_checks.problem import Location, Problem


def thing_problems(scene: Scene) -> Iterator[Problem]:
    """What a thing is said to be that its kind or class cannot be."""
    objects = {thing.id: thing for thing in scene.objects}
    for number, door in enumerate(scene.doors):
        yield from _door(("doors", number), door, scene, objects)
    for number, thing in enumerate(scene.objects):
        at: Location = ("objects", number)
        yield from _container(at, thing, objects)
        yield from _carried(at, thing, objects, scene)
        if thing.heavy and not can(thing, "take"):
            yield Problem((*at, "heavy"), "nobody can lift it, not even two: leave this out or add "
                          "take to its affordances.")  # fmt: skip
        yield from _switch(at, thing, scene)
        yield from _sound(at, thing)
        yield from _text(at, thing)
    yield from _full_carriers(scene, objects)
    for number, person in enumerate(scene.people):
        yield from _person(("people", number), person)


def can(thing: Object, act: str) -> bool:
    """True when an object offers an act, as its class has it or as the scene changes that."""
    offered = CLASSES[thing.class_name].affordances
    return act in (offered if thing.affordances is None else thing.affordances)


def is_heavy(thing: Object) -> bool:
    """True when it takes two to lift it, as its class has it or as the scene changes that."""
    return CLASSES[thing.class_name].heavy if thing.heavy is None else thing.heavy


def _door(
    at: Location, door: Door, scene: Scene, objects: dict[str, Object]
) -> Iterator[Problem]:  # fmt: skip
    name = f"{'an' if door.kind == 'opening' else 'a'} {door.kind}"
    if door.kind in ("opening", "barrier"):
        if door.state != "open":
            yield Problem((*at, "state"), f"{name} is always open: leave this out.")
        for field in ("key", "stays_open"):
            if getattr(door, field) is not None:
                yield Problem((*at, field), f"{name} has no leaf: leave this out.")
    elif door.kind == "gate":
        if door.state == "locked" or door.key:
            yield Problem((*at, "key" if door.key else "state"),
                          "a gate opens by what powers it, not by a key: use kind: door, or state: "
                          "closed without a key.")  # fmt: skip
        if not any(door.id in thing.powers for thing in scene.objects):
            yield Problem((*at, "kind"),
                          f"nothing opens this gate: add powers: [{door.id}] to a button, or use "
                          "kind: door.")  # fmt: skip
    if door.key:
        yield from _key((*at, "key"), objects[door.key])


def _key(at: Location, key: Object) -> Iterator[Problem]:
    if not can(key, "take") or is_heavy(key):
        yield Problem(at, f"'{key.id}' cannot be carried by one alone: name an object that can, "
                      "such as one of class key.")  # fmt: skip


def _container(at: Location, thing: Object, objects: dict[str, Object]) -> Iterator[Problem]:
    if not CLASSES[thing.class_name].container:
        for field in ("open", "key"):
            if getattr(thing, field):
                yield Problem((*at, field), f"a {thing.class_name} is no container: leave this out "
                              f"or use a class such as {_some('container')}.")  # fmt: skip
        return
    if thing.open and thing.key:
        yield Problem((*at, "open"), "it starts locked because it has a key: leave one of them "
                      "out.")  # fmt: skip
    if thing.key:
        yield from _key((*at, "key"), objects[thing.key])


def _carried(
    at: Location, thing: Object, objects: dict[str, Object], scene: Scene
) -> Iterator[Problem]:
    if thing.inside and thing.upon:
        yield Problem((*at, "upon"), "it is inside something already: leave one of them out.")
        return
    field = "inside" if thing.inside else "upon"
    carrier = objects.get(thing.inside or thing.upon or "")
    if carrier is None:
        return
    info = CLASSES[carrier.class_name]
    if not (info.container if field == "inside" else info.surface):
        trait = "container" if field == "inside" else "surface"
        yield Problem((*at, field), f"'{carrier.id}' is a {carrier.class_name} and no {trait}: "
                      f"name one of a class such as {_some(trait)}.")  # fmt: skip
        return
    above = _carriers(thing, objects)
    if above[-1] in above[:-1]:
        if above[-1] == thing.id:  # else what is in the ring says it
            ring = " in ".join(above)
            yield Problem((*at, field), f"it would be inside or upon itself ({ring}): leave one of "
                          "them out.")  # fmt: skip
        return
    if thing.position != scene.position_of(thing.id):
        yield Problem((*at, "position"), f"it is where '{carrier.id}' is, and that one's position "
                      "counts: leave this out.")  # fmt: skip
    if not _fits(thing, carrier, field):
        yield Problem((*at, field), f"it is larger than '{carrier.id}': give it a size or name "
                      "another.")  # fmt: skip
    if field == "inside" and not can(thing, "take"):
        yield Problem((*at, field), "it cannot be carried, so nobody could have put it there: "
                      "leave this out.")  # fmt: skip
    elif field == "inside" and is_heavy(thing):
        yield Problem((*at, field), "it takes two to lift, and two can set it on a floor only: "
                      "leave this out.")  # fmt: skip
    if thing.path:
        yield Problem((*at, "path"), f"it is {field} '{carrier.id}': leave one of them out.")


def _carriers(thing: Object, objects: dict[str, Object]) -> list[str]:
    """Ids of an object, what carries it, what carries that; the last is there twice in a ring."""
    ids, carrier = [thing.id], thing.inside or thing.upon
    while carrier and carrier not in ids:
        ids.append(carrier)
        carrier = objects[carrier].inside or objects[carrier].upon
    return [*ids, carrier] if carrier else ids


def _fits(thing: Object, carrier: Object, field: str) -> bool:
    """True when it goes in, turned as needed, or does not overhang."""
    own, room = (t.size or CLASSES[t.class_name].size for t in (thing, carrier))
    if field == "upon":
        own, room = (own[0], own[2], 0.0), (room[0], room[2], 0.0)
    return all(a <= b for a, b in zip(sorted(own), sorted(room), strict=True))


def _full_carriers(scene: Scene, objects: dict[str, Object]) -> Iterator[Problem]:
    for field, room in (("inside", INSIDE_ROOM), ("upon", UPON_ROOM)):
        counted: Counter[str] = Counter()
        for number, thing in enumerate(scene.objects):
            carrier = getattr(thing, field)
            counted[carrier] += 1
            if carrier in objects and counted[carrier] == room + 1:
                yield Problem(("objects", number, field),
                              f"'{carrier}' has room for {room} things: put this one "
                              "elsewhere.")  # fmt: skip


def _switch(at: Location, thing: Object, scene: Scene) -> Iterator[Problem]:
    powered = any(thing.id in other.powers for other in scene.objects)
    if thing.on and not can(thing, "switch") and not powered:
        yield Problem((*at, "on"), f"a {thing.class_name} cannot be switched on: leave this out.")
    if thing.powers and not can(thing, "switch") and not powered:
        yield Problem((*at, "powers"), f"a {thing.class_name} cannot be switched on: use a class "
                      "such as button or lamp.")  # fmt: skip
    kinds = {door.id: door.kind for door in scene.doors}
    switchable = {other.id for other in scene.objects if CLASSES[other.class_name].switchable}
    for row, name in enumerate(thing.powers):
        if name == thing.id:
            yield Problem((*at, "powers", row), "it cannot power itself: leave this out.")
        elif name in kinds and kinds[name] not in ("door", "gate"):
            yield Problem((*at, "powers", row), f"'{name}' is of kind {kinds[name]} and has no "
                          "leaf to open: name a door or a gate.")  # fmt: skip
        elif name not in kinds and name not in switchable:
            yield Problem((*at, "powers", row), f"'{name}' cannot be switched on: name something "
                          "that can, a door or a gate.")  # fmt: skip


def _sound(at: Location, thing: Object) -> Iterator[Problem]:
    for field in ("sounding", "sounds_from", "sounds_until"):
        if getattr(thing, field) and thing.sound is None:
            yield Problem((*at, field), "it has no sound: add the field sound.")
    if thing.sounds_until is not None and thing.sounds_until <= thing.sounds_from:
        yield Problem((*at, "sounds_until"), f"must be more than sounds_from, which is "
                      f"{thing.sounds_from:g}, not {thing.sounds_until:g}.")  # fmt: skip


def _text(at: Location, thing: Object) -> Iterator[Problem]:
    if thing.text and not CLASSES[thing.class_name].written:
        yield Problem((*at, "text"), f"nothing can be written on a {thing.class_name}: use a class "
                      f"such as {_some('written')}.")  # fmt: skip
    if thing.mentions and not thing.text:
        yield Problem((*at, "mentions"), "there is no text that could mention anything: add the "
                      "field text.")  # fmt: skip


def _person(at: Location, person: Person) -> Iterator[Problem]:
    if person.tells_every is not None and not person.facts:
        yield Problem((*at, "tells_every"),
                      "there are no facts to tell: add facts or leave this out.")  # fmt: skip
    if person.role == "npc":
        for field in ("facts", "path"):
            if getattr(person, field):
                yield Problem((*at, field), "a controlled NPC has a mind of its own: leave this "
                              "out or choose another role.")  # fmt: skip


def _some(trait: str) -> str:
    """A few classes with a trait."""
    return ", ".join([name for name, info in CLASSES.items() if getattr(info, trait)][:3])
