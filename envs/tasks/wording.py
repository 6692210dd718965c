"""How goals are said: steps of the goal language as instructions in plain words.

A step is one clause, clauses are joined by ", then ". Things are told apart by what an NPC can
perceive: their class, colour, sign, sound, light, or the place that they are in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from envs.classes import CLASSES, SOUNDING
from envs.goals import Step, Verb
from envs.scene import Door, Object, Person, Place, Scene, Topic

CLAUSES: dict[Verb, str] = {
    Verb.ENTER: "go to {what}",
    Verb.TOUCH: "touch {what}",
    Verb.REACH: "go to {what}",
    Verb.TAKE: "take {what}",
    Verb.PUT: "put {what} {into} {where}",
    Verb.GIVE: "give {what} to {who}",
    Verb.SWITCH_ON: "switch on {what}",
    Verb.SWITCH_OFF: "switch off {what}",
    Verb.OPEN: "open {what}",
    Verb.CLOSE: "close {what}",
    Verb.UNLOCK: "unlock {what}",
    Verb.EXAMINE: "examine {what}",
    Verb.ASK: "ask {who} where {what} is",
    Verb.TELL: "tell {who} where {what} is",
    Verb.LIFT: "carry {what} to {where}",
}
"""What each verb says; a lift that a team mate shares ends with "with {mate}"."""


class WordingError(ValueError):
    """A thing that words cannot tell from others; one sentence with the cure."""


class Wording:
    """Says what is asked in one scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._objects = {thing.id: thing for thing in scene.objects}
        self._doors = {door.id: door for door in scene.doors}
        named: tuple[Place | Person | Topic, ...] = (*scene.places, *scene.people, *scene.topics)
        self._names = {thing.id: thing.name for thing in named}

    def instruct(self, steps: Sequence[Step], mates: Sequence[str] = ()) -> str:
        """The instruction that asks for some steps.

        Args:
            steps: all ids resolved.
            mates: for each step the id of the team mate who shares it, "" for none; none at all
                when left out.

        Raises:
            WordingError: a thing cannot be told from another.
        """
        shared = mates or [""] * len(steps)
        return ", then ".join(
            self._clause(step, mate) for step, mate in zip(steps, shared, strict=True)
        )

    def name(self, thing_id: str) -> str:
        """What anything is called, so that nothing else of the scene is called so.

        Raises:
            WordingError: it cannot be told from another.
        """
        if thing_id in self._names:
            return self._names[thing_id]
        if thing_id in self._doors:
            return self._name_door(self._doors[thing_id])
        return self._name_object(self._objects[thing_id])

    def _clause(self, step: Step, mate: str) -> str:
        names = {
            field: self.name(value)
            for field in ("what", "where", "who")
            if (value := getattr(step, field))
        }
        where = self._objects.get(step.where)
        on = where is not None and not CLASSES[where.class_name].container
        clause = CLAUSES[step.do].format(into="on" if on else "in", **names)
        return f"{clause} with {self.name(mate)}" if mate else clause

    def _name_object(self, thing: Object) -> str:
        kind = thing.class_name
        others = [
            other for other in self._scene.objects
            if other.class_name == kind and other.id != thing.id
        ]  # fmt: skip
        for phrase, is_shared in self._ways_to_tell(thing):
            if not any(is_shared(other) for other in others):
                return phrase
        raise WordingError(
            f"Nothing tells '{thing.id}' from other things of class {kind}: give it a colour, a "
            "sign or a sound of its own, or write the task's instruction."
        )

    def _ways_to_tell(self, thing: Object) -> list[tuple[str, Callable[[Object], bool]]]:
        """Phrases that may name an object, and whether each fits another of its class too."""
        kind, place = thing.class_name, self._scene.place_of(thing.id)
        ways: list[tuple[str, Callable[[Object], bool]]] = [
            (f"the {kind}", lambda other: True),
            (f"the {thing.color} {kind}", lambda other: other.color == thing.color),
        ]
        if thing.sign:
            sign = thing.sign
            ways.append((f"the {kind} with the sign {sign}", lambda other: other.sign == sign))
        if thing.sound and is_sounding(thing):
            ways.append((
                f"the {kind} that is {SOUNDING[thing.sound]}",
                lambda other: is_sounding(other) and other.sound == thing.sound,
            ))  # fmt: skip
        if CLASSES[kind].glows and thing.on:
            ways.append((f"the lit {kind}", lambda other: other.on))
        if place is not None:
            ways.append((
                f"the {kind} in {place.name}",
                lambda other: self._scene.place_of(other.id) == place,
            ))  # fmt: skip
        return ways

    def _name_door(self, door: Door) -> str:
        others = [
            other for other in self._scene.doors
            if other.kind == door.kind and other.id != door.id
        ]  # fmt: skip
        if not others:
            return door.name
        for place in door.between:
            if not any(place in other.between for other in others):
                return f"{door.name} in {self._names[place]}"
        raise WordingError(
            f"Nothing tells '{door.id}' from other doorways of its kind: write the task's "
            "instruction."
        )


def is_sounding(thing: Object) -> bool:
    """Whether an object can be heard at the start."""
    switchable = CLASSES[thing.class_name].switchable
    return thing.sound is not None and (thing.sounding or (switchable and thing.on))
