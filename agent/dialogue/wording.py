"""Steps of a goal in words, for games and people to read."""

from __future__ import annotations

from collections.abc import Mapping

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue import lexicon
from agent.dialogue.understand import Instruction, name_words
from envs.contract import Act

_PHRASES: dict[Verb, str] = {
    Verb.GO: "go to {what}", Verb.TAKE_PUT: "take {what} to {where}",
    Verb.ASK_GO: "ask where {topic} is and go there",
    Verb.FIND_TELL_GO: "ask where {topic} is, tell what is asked and go there",
    Verb.TOUCH: "touch {what}", Verb.TAKE: "take {what}", Verb.GIVE: "give {what} to {person}",
    Verb.SWITCH_ON: "switch on {what}", Verb.SWITCH_OFF: "switch off {what}",
    Verb.OPEN: "open {what}", Verb.CLOSE: "close {what}", Verb.UNLOCK: "unlock {what}",
    Verb.EXAMINE: "examine {what}", Verb.ASK: "ask {person} where {topic} is",
    Verb.TELL: "tell {person} where {told} is", Verb.LIFT: "carry {what} to {where} together",
    Verb.TIDY: "take every {what} to {where}", Verb.READ: "read where {topic} is",
    Verb.LOOK_FOR: "look for {what}", Verb.WAIT: "wait for {person}",
    Verb.THROUGH: "go through the door", Verb.FOLLOW: "follow the directions",
}  # fmt: skip


def word_step(step: Instruction, names: Mapping[int, NodeName]) -> str:
    """A step in words, such as "take the red vase to the amber hall"."""
    by_hand = f"{step.hands.name.lower()} {{what}}"
    phrase = by_hand if step.hands != Act.NONE else _PHRASES.get(step.verb, "")
    topic = _name(step.topic, names)
    what = _thing(step, names) or _name(step.place, names) or topic or "it"
    where = _name(step.place or step.to_thing, names)
    if not where and step.to_class:
        where = f"the {_color(step.to_color)}{step.to_class}"
    return phrase.format(
        what=what, where=where or "its place", topic=topic or _thing(step, names) or "it",
        person=_name(step.person, names) or "somebody", told=_name(step.tell_topic, names) or "it",
    )  # fmt: skip


def _thing(step: Instruction, names: Mapping[int, NodeName]) -> str:
    if step.same_thing:
        return "it"
    name = _name(step.thing, names)
    if name or step.verb == Verb.TIDY:
        return name or step.class_name
    sign = f" with the sign {lexicon.SIGNS[step.sign]}" if step.sign > 0 else ""
    sound = f" that makes the {lexicon.SOUNDS[step.sound]} sound" if step.sound >= 0 else ""
    noun = step.class_name or ("thing" if sign or sound or step.color >= 0 else "")
    return f"the {_color(step.color)}{noun}{sign}{sound}" if noun else ""


def _color(color: int) -> str:
    return f"{lexicon.COLORS[color]} " if color >= 0 else ""


def _name(slot: int, names: Mapping[int, NodeName]) -> str:
    """What a slot is called, with an article unless it is somebody's name."""
    named = names.get(slot)
    if not slot or named is None or not named.name:
        return ""
    words = named.name.split()
    bare = len(name_words(named.name)) < len(words) or named.kind == "npc"
    return named.name if bare else f"the {named.name}"
