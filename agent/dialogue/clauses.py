"""One clause of an instruction: which verb it begins with and what that is to be done to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue import lexicon
from agent.dialogue.understand import (
    Instruction,
    describe_thing,
    find_mentions,
    understand_instruction,
)

_SAME = frozenset(("it", "that", "them"))
_ALL = frozenset(("every", "all", "each"))
_INTO = ("in", "into", "inside", "to", "on", "onto", "upon", "at")
_FOLLOW = frozenset(("follow the directions", "go where you have been told to go",
                     "go where you were told to go"))  # fmt: skip
READ_WORDS = frozenset(("examine", "inspect", "study", "check", "read"))
_PUT_WORDS = frozenset(("put", "place", "bring", "carry", "move", "deliver", "return", "store"))


@dataclass(frozen=True)
class Clause:
    """One clause: its words without courtesies, and the names that the NPC knows."""

    words: list[str]
    names: Mapping[int, NodeName]

    @property
    def verb(self) -> str:
        """Its first word."""
        return self.words[0] if self.words else ""

    @property
    def kinds(self) -> set[str]:
        """Kinds of the things that it names."""
        return {mention.kind for mention in find_mentions(self.words, self.names)}

    @property
    def text(self) -> str:
        """The words again."""
        return " ".join(self.words)


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


def understand_clause(words: Sequence[str], names: Mapping[int, NodeName]) -> list[Instruction]:
    """The steps of one clause; most have one."""
    clause = Clause(list(words), names)
    by_person = _person_first(clause)
    if by_person:
        return by_person
    for begins, understand in _VERBS:
        if clause.verb in begins:
            steps = understand(clause)
            if steps:
                return steps
    return [understand_instruction(clause.text, names)]


# -- things ---------------------------------------------------------------------------------------


def _thing(words: Sequence[str], names: Mapping[int, NodeName], verb: Verb) -> Instruction:
    """A step about the thing that some words describe."""
    if len(words) == 1 and words[0] in _SAME:
        return Instruction(verb, same_thing=True)
    return replace(describe_thing(words, names), verb=verb)


def _read(clause: Clause) -> list[Instruction]:
    """Understand "read the note", "examine the notes to find out where the concert is"."""
    if "where" not in clause.words:
        return [_thing(clause.words[1:], clause.names, Verb.EXAMINE)]
    at = clause.words.index("to") if "to" in clause.words else clause.words.index("where")
    described = describe_thing(clause.words[1:at], clause.names)
    class_name = singular(described.class_name)
    return [Instruction(Verb.READ, topic=_topic(clause), class_name=class_name)]


def _do(verb: Verb) -> Callable[[Clause], list[Instruction]]:
    """Understanding of "VERB THING"."""

    def understand(clause: Clause) -> list[Instruction]:
        return [_thing(clause.words[1:], clause.names, verb)]

    return understand


def _switch(clause: Clause) -> list[Instruction]:
    """Understand "switch on the lamp", "turn the lamp off"."""
    rest = clause.words[1:]
    for word, verb in (("on", Verb.SWITCH_ON), ("off", Verb.SWITCH_OFF)):
        if rest[:1] == [word]:
            return [_thing(rest[1:], clause.names, verb)]
        if rest[-1:] == [word]:
            return [_thing(rest[:-1], clause.names, verb)]
    return []


def _press(clause: Clause) -> list[Instruction]:
    """Understand "press the button", "press the button that opens the gate"."""
    pressed = clause.words[1:]
    if "that" in pressed:
        pressed = pressed[: pressed.index("that")]  # what it does is not what is pressed
    return [_thing(pressed, clause.names, Verb.SWITCH_ON)]


def _look(clause: Clause) -> list[Instruction]:
    """Understand "look at the note", "look for the vase"."""
    rest = clause.words[1:]
    if rest[:1] == ["at"]:
        return [_thing(rest[1:], clause.names, Verb.EXAMINE)]
    if rest[:1] == ["for"]:
        return [_thing(rest[1:], clause.names, Verb.LOOK_FOR)]
    return []


def _take(clause: Clause) -> list[Instruction]:
    """Understand "take the vase", "take the vase from Anna", "take the vase and ..."."""
    rest = [word for word in clause.words[1:] if word != "up"]
    if "and" in rest:
        at = rest.index("and")
        more = understand_clause(rest[at + 1 :], clause.names)
        return merge_fetching([*_take(Clause([clause.verb, *rest[:at]], clause.names)), *more])
    step = _thing(rest, clause.names, Verb.TAKE)
    people = [m for m in find_mentions(rest, clause.names) if m.kind == "npc"]
    return [replace(step, person=people[0].slot) if people else step]


def _put(clause: Clause) -> list[Instruction]:
    """Understand "put the vase in the hall", "... on the table", "... to Anna"."""
    rest = clause.words[1:]
    if rest[:1] and rest[0] in _ALL:
        return _tidy(clause)
    mates = _companions(clause)
    if mates:
        return _lift(clause)
    at = _last_index(rest, _INTO)
    if at <= 0:
        return []
    thing, where = rest[:at], rest[at + 1 :]
    mentions = find_mentions(where, clause.names)
    kinds = {mention.kind for mention in mentions}
    if "npc" in kinds:
        return [replace(_thing(thing, clause.names, Verb.GIVE), person=mentions[0].slot)]
    return [_with_destination(_thing(thing, clause.names, Verb.TAKE_PUT), where, clause.names)]


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


def _lift(clause: Clause) -> list[Instruction]:
    """Understand "carry the crate to the hall with Anna"."""
    mates = _companions(clause)
    rest = [word for word in clause.words[1:] if word != "together"]
    if "with" in rest:
        rest = rest[: _last_index(rest, ("with",))]
    at = _last_index(rest, _INTO)
    if at <= 0:
        return [replace(_thing(rest, clause.names, Verb.LIFT), person=mates)]
    step = replace(_thing(rest[:at], clause.names, Verb.LIFT), person=mates)
    return [_with_destination(step, rest[at + 1 :], clause.names)]


def _companions(clause: Clause) -> int:
    """Slot of whom the clause is to be done with, 0 when with nobody that is known."""
    at = _last_index(clause.words, ("with",))
    if at < 0:
        return 0
    people = [m for m in find_mentions(clause.words[at:], clause.names) if m.kind == "npc"]
    return people[0].slot if people else 0


def _give(clause: Clause) -> list[Instruction]:
    """Understand "give the vase to Anna", "give Anna the vase"."""
    rest = clause.words[1:]
    people = [m for m in find_mentions(rest, clause.names) if m.kind == "npc"]
    if not people:
        at = _last_index(rest, ("to",))
        return [_thing(rest[:at] if at > 0 else rest, clause.names, Verb.GIVE)]
    person = people[-1]
    thing = rest[: person.start] if person.start > 0 else rest[person.end :]
    if thing[-1:] == ["to"]:
        thing = thing[:-1]
    return [replace(_thing(thing, clause.names, Verb.GIVE), person=person.slot)]


def _tidy(clause: Clause) -> list[Instruction]:
    """Understand "put every cup in the kitchen", "tidy the cups into the box"."""
    rest = [word for word in clause.words[1:] if word not in _ALL and word != "up"]
    at = _last_index(rest, _INTO)
    things = [word for word in rest[: max(0, at)] if word != "the"]
    nouns = [word for word in things if word != "of"]
    if not nouns:
        return []
    class_name = singular(nouns[-1])
    thing = describe_thing(["the", *things], clause.names)
    step = replace(thing, verb=Verb.TIDY, class_name=class_name, thing=0)
    return [_with_destination(step, rest[at + 1 :], clause.names)]


def singular(noun: str) -> str:
    """A noun without the ending of its plural.

    >>> singular("boxes"), singular("cups")
    ('box', 'cup')
    """
    if noun.endswith(("xes", "shes", "ches", "sses")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


# -- talk -----------------------------------------------------------------------------------------


def _ask(clause: Clause) -> list[Instruction]:
    """Understand "ask Anna where the concert is"."""
    found = understand_instruction(clause.text, clause.names)
    if "go" in clause.words or "tell" in clause.words:
        return [found]
    asked = Instruction(Verb.ASK, topic=found.topic, person=found.person)
    if not found.class_name:
        return [asked]
    return [
        replace(asked, topic=0, class_name=found.class_name, color=found.color, sign=found.sign)
    ]


def _person_first(clause: Clause) -> list[Instruction]:
    """Understand "Anna gives you the vase", "Bruno looks for the vase, ask where it is"."""
    mentions = find_mentions(clause.words, clause.names)
    if not mentions or mentions[0].kind != "npc" or mentions[0].start > 0:
        return []
    rest = clause.words[mentions[0].end :]
    if rest[:1] == ["gives"]:
        return [replace(_thing(rest[1:], clause.names, Verb.TAKE), person=mentions[0].slot)]
    if "ask" in rest:
        about = describe_thing(rest[: rest.index("ask")], clause.names)
        return [replace(about, verb=Verb.ASK, person=mentions[0].slot, thing=0)]
    return []


def _tell(clause: Clause) -> list[Instruction]:
    """Understand "tell Anna where the concert is", "tell Anna where it is"."""
    words = clause.words
    if any(word in lexicon.ASK_WORDS for word in words):
        return []
    people = [m for m in find_mentions(words, clause.names) if m.kind == "npc"]
    at = words.index("where") if "where" in words else len(words)
    about = [word for word in words[at + 1 :] if word not in ("is", "are", "lies", "stands")]
    step = Instruction(Verb.TELL, person=people[0].slot if people else 0)
    if not about or about[0] in _SAME:
        return [replace(step, same_thing=True)]
    mentions = [m for m in find_mentions(about, clause.names) if m.slot]
    return [replace(step, tell_topic=mentions[0].slot if mentions else 0)]


def _wait(clause: Clause) -> list[Instruction]:
    """Understand "wait for Anna", "wait until Anna reports"."""
    people = [m for m in find_mentions(clause.words, clause.names) if m.kind == "npc"]
    return [Instruction(Verb.WAIT, person=people[0].slot if people else 0)]


def _go(clause: Clause) -> list[Instruction]:
    """Understand "go to the hall", "go to the vase in the hall"."""
    words = clause.words
    if "through" in words and "door" in words:
        side = -1 if "left" in words else 1 if "right" in words else 0
        return [Instruction(Verb.THROUGH, side=side)]
    if clause.text in _FOLLOW:
        return [Instruction(Verb.FOLLOW)]
    if clause.kinds & {"topic", "npc"} or any(word in lexicon.ASK_WORDS for word in words):
        return []
    if "and" in words:
        at = words.index("and")
        more = words[at + 1 :]
        if more[:1] and more[0] not in (*lexicon.GO_WORDS, "finish", "stop"):
            if more[0] != "tell" and _SAME & set(more):
                there = words[1:at]  # "find the radio and switch it off"
                swapped = [there if word in _SAME else [word] for word in more]
                return understand_clause([word for part in swapped for word in part], clause.names)
            return [*_go(Clause(words[:at], clause.names)), *understand_clause(more, clause.names)]
    found = understand_instruction(clause.text, clause.names)
    inside = describe_thing(words, clause.names)
    if inside.thing_place and inside.class_name:
        return [replace(inside, verb=Verb.GO)]
    return [found]


def _topic(clause: Clause) -> int:
    """Slot of what the clause asks for."""
    at = clause.words.index("where")
    mentions = [m for m in find_mentions(clause.words[at:], clause.names) if m.slot]
    return mentions[0].slot if mentions else 0


def _last_index(words: Sequence[str], wanted: Sequence[str]) -> int:
    """Index of the last of some words, -1 when there is none."""
    return max((at for at, word in enumerate(words) if word in wanted), default=-1)


_VERBS: tuple[tuple[frozenset[str], Callable[[Clause], list[Instruction]]], ...] = (
    (frozenset(("touch",)), _do(Verb.TOUCH)),
    (frozenset(("press", "push")), _press),
    (frozenset(("switch", "turn")), _switch),
    (frozenset(("open",)), _do(Verb.OPEN)),
    (frozenset(("close", "shut")), _do(Verb.CLOSE)),
    (frozenset(("unlock",)), _do(Verb.UNLOCK)),
    (READ_WORDS, _read),
    (frozenset(("look",)), _look),
    (frozenset(("lift",)), _lift),
    (frozenset(("give", "hand", "pass")), _give),
    (_PUT_WORDS, _put),
    (frozenset(("tidy", "clear", "gather")), _tidy),
    (frozenset(("take", "get", "grab", "fetch", "pick", "collect", "receive")), _take),
    (frozenset(("ask",)), _ask),
    (frozenset(("tell", "report", "inform")), _tell),
    (frozenset(("wait",)), _wait),
    (frozenset(("go", "walk", "head", "run", "visit", "find", "reach", "move", "follow")), _go),
)  # fmt: skip
"""First words of clauses and what they are understood by, in this order."""
CLAUSE_VERBS = frozenset(verb for begins, _ in _VERBS for verb in begins)
"""All first words of clauses that are understood as verbs."""
