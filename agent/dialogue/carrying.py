"""Clauses about things that are carried: taken, put, dropped, given, lifted and tidied up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue.clause import Clause, describe, last_index, singular
from agent.dialogue.understand import Instruction, describe_thing, find_mentions
from envs.contract import Act

TAKE_WORDS = frozenset(("take", "get", "grab", "fetch", "pick", "collect", "receive"))
PUT_WORDS = frozenset(("put", "place", "bring", "carry", "move", "deliver", "return", "store"))
DROP_WORDS = frozenset(("drop", "release", "let", "set", "lay"))
TIDY_WORDS = frozenset(("tidy", "clear", "gather"))
_ALL = frozenset(("every", "all", "each"))
_DOWN = frozenset(("down",))
_TOWARDS = ("to", "into", "onto")
INTO = ("in", "into", "inside", "to", "on", "onto", "upon", "at")


def merge_fetching(steps: Sequence[Instruction]) -> list[Instruction]:
    """Taking a thing and putting it somewhere are one step; so are lifting and carrying."""
    merged: list[Instruction] = []
    for step in steps:
        before = merged[-1] if merged else Instruction()
        fetches = step.verb == Verb.TAKE_PUT and before.verb == Verb.TAKE and not before.person
        if fetches and (step.same_thing or _same_description(before, step)):
            merged[-1] = replace(
                before, verb=step.verb, place=step.place, to_thing=step.to_thing,
                to_class=step.to_class, to_color=step.to_color,
            )  # fmt: skip
        else:
            merged.append(step)
    return merged


def _same_description(first: Instruction, second: Instruction) -> bool:
    return all(
        getattr(first, part) == getattr(second, part)
        for part in ("class_name", "color", "sound", "sign", "lit", "thing")
    )


def take(clause: Clause) -> list[Instruction]:
    """Understand "take the vase", "... from Anna", "... to the hall", "get Anna the vase"."""
    rest = [word for word in clause.words[1:] if word != "up"]
    given = _to_person(rest, clause.names)
    if given:
        return given
    if last_index(rest, _TOWARDS) > 0:
        return put(Clause(["put", *rest], clause.names))
    people = [m for m in find_mentions(rest, clause.names) if m.kind == "npc"]
    if people and "with" in rest[: people[0].start]:
        return lift(clause)
    step = _describe_source(rest, clause.names, Verb.TAKE)
    return [replace(step, person=people[0].slot) if people else step]


def _to_person(rest: Sequence[str], names: Mapping[int, NodeName]) -> list[Instruction]:
    """Understand "Anna the vase", "the vase for Anna": a person is to have the thing."""
    people = [m for m in find_mentions(rest, names) if m.kind == "npc"]
    if not people:
        return []
    person = people[0]
    thing: Sequence[str] = ()
    if person.start == 0 and rest[person.end : person.end + 1] not in ([], *([w] for w in INTO)):
        thing = rest[person.end :]
    elif person.start > 1 and rest[person.start - 1] == "for":
        thing = rest[: person.start - 1]
    return [replace(describe(thing, names, Verb.GIVE), person=person.slot)] if thing else []


def _describe_source(
    words: Sequence[str], names: Mapping[int, NodeName], verb: Verb
) -> Instruction:
    """A step about the thing that some words describe, "from" the place that they name."""
    at = last_index(words, ("from",))
    if at <= 0:
        return describe(words, names, verb)
    step = describe(words[:at], names, verb)
    places = [m.slot for m in find_mentions(words[at:], names) if m.kind == "place"]
    return replace(step, thing_place=places[0]) if places else step


def put(clause: Clause) -> list[Instruction]:
    """Understand "put the vase in the hall", "... on the table", "... to Anna"."""
    rest = [word for word in clause.words[1:] if word not in _DOWN]
    if rest[:1] and rest[0] in _ALL:
        return tidy(clause)
    mates = _companions(clause)
    if mates:
        return lift(clause)
    at = last_index(rest, INTO)
    if at <= 0 and _DOWN.intersection(clause.words):
        return [let_go(rest, clause.names)]
    if at <= 0:
        return _to_person(rest, clause.names)
    thing, where = rest[:at], rest[at + 1 :]
    mentions = find_mentions(where, clause.names)
    kinds = {mention.kind for mention in mentions}
    if "npc" in kinds:
        return [replace(describe(thing, clause.names, Verb.GIVE), person=mentions[0].slot)]
    step = _describe_source(thing, clause.names, Verb.TAKE_PUT)
    return [_with_destination(step, where, clause.names)]


def drop(clause: Clause) -> list[Instruction]:
    """Understand "drop the vase", "let go of it", "set the vase down", "drop it in the hall"."""
    rest = [word for word in clause.words[1:] if word not in (*_DOWN, "go", "of", "here")]
    letting_go = clause.words[:3] == ["let", "go", "of"]
    if clause.verb in ("let", "set", "lay") and not (_DOWN & set(clause.words) or letting_go):
        return []
    if last_index(rest, INTO) > 0:
        return put(Clause(["put", *rest], clause.names))
    return [let_go(rest, clause.names)]


def let_go(thing: Sequence[str], names: Mapping[int, NodeName]) -> Instruction:
    """A step that lets go of what is in the hand, wherever that is."""
    return replace(describe(thing, names, Verb.GO), hands=Act.DROP)


def _with_destination(
    step: Instruction, where: Sequence[str], names: Mapping[int, NodeName]
) -> Instruction:
    """A step with the place, container or surface that some words describe."""
    mentions = find_mentions(where, names)
    places = [mention for mention in mentions if mention.kind == "place"]
    if places:
        return replace(step, place=places[0].slot)
    there = describe_thing(where, names)
    return replace(step, to_thing=there.thing, to_class=there.class_name, to_color=there.color)


def lift(clause: Clause) -> list[Instruction]:
    """Understand "carry the crate to the hall with Anna"."""
    mates = _companions(clause)
    rest = [word for word in clause.words[1:] if word != "together"]
    if "with" in rest:
        rest = rest[: last_index(rest, ("with",))]
    at = last_index(rest, INTO)
    if at <= 0:
        return [replace(describe(rest, clause.names, Verb.LIFT), person=mates)]
    step = replace(describe(rest[:at], clause.names, Verb.LIFT), person=mates)
    return [_with_destination(step, rest[at + 1 :], clause.names)]


def _companions(clause: Clause) -> int:
    """Slot of whom the clause is to be done with, 0 when with nobody that is known."""
    at = last_index(clause.words, ("with",))
    if at < 0:
        return 0
    people = [m for m in find_mentions(clause.words[at:], clause.names) if m.kind == "npc"]
    return people[0].slot if people else 0


def give(clause: Clause) -> list[Instruction]:
    """Understand "give the vase to Anna", "give Anna the vase"."""
    rest = clause.words[1:]
    people = [m for m in find_mentions(rest, clause.names) if m.kind == "npc"]
    if not people:
        at = last_index(rest, ("to",))
        return [describe(rest[:at] if at > 0 else rest, clause.names, Verb.GIVE)]
    person = people[-1]
    thing = rest[: person.start] if person.start > 0 else rest[person.end :]
    if thing[-1:] == ["to"]:
        thing = thing[:-1]
    return [replace(describe(thing, clause.names, Verb.GIVE), person=person.slot)]


def tidy(clause: Clause) -> list[Instruction]:
    """Understand "put every cup in the kitchen", "tidy the cups into the box"."""
    rest = [word for word in clause.words[1:] if word not in _ALL and word != "up"]
    at = last_index(rest, INTO)
    if at <= 0:
        return []
    nouns = [word for word in rest[:at] if word not in ("the", "of")]
    if not nouns:
        return []
    class_name = singular(nouns[-1])
    thing = describe_thing(["the", *[word for word in rest[:at] if word != "the"]], clause.names)
    step = replace(thing, verb=Verb.TIDY, class_name=class_name, thing=0)
    return [_with_destination(step, rest[at + 1 :], clause.names)]
