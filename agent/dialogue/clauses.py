"""One clause of an instruction: which verb it begins with and what that is to be done to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue import lexicon
from agent.dialogue.carrying import (
    DROP_WORDS,
    PUT_WORDS,
    TAKE_WORDS,
    TIDY_WORDS,
    drop,
    give,
    lift,
    merge_fetching,
    put,
    take,
    tidy,
)
from agent.dialogue.clause import SAME, Clause, describe, singular
from agent.dialogue.understand import (
    Instruction,
    describe_thing,
    find_mentions,
    understand_instruction,
)
from envs.contract import Act

_FOLLOW = frozenset(("follow the directions", "go where you have been told to go",
                     "go where you were told to go"))  # fmt: skip
READ_WORDS = frozenset(("examine", "inspect", "study", "check", "read"))


def understand_clause(words: Sequence[str], names: Mapping[int, NodeName]) -> list[Instruction]:
    """The steps of one clause; most have one."""
    clause = Clause(list(words), names)
    by_person = _person_first(clause)
    if by_person:
        return by_person
    parts = split_at_and(clause)
    if len(parts) > 1:
        steps = [step for part in parts for step in understand_clause(part.words, names)]
        return merge_fetching(steps)
    return understand_verb(clause) or [understand_instruction(clause.text, names)]


def understand_verb(clause: Clause) -> list[Instruction]:
    """The steps that the first word of a clause asks for; none when something is missing."""
    for begins, understand in _VERBS:
        if clause.verb in begins:
            steps = understand(clause)
            if steps:
                return steps
    return []


def split_at_and(clause: Clause) -> list[Clause]:
    """The halves of "take the vase and give it to Anna"; the clause itself where it has none."""
    if "and" not in clause.words or clause.verb not in TAKE_WORDS | _HANDLE_WORDS:
        return [clause]
    at = clause.words.index("and")
    first, second = clause.words[:at], clause.words[at + 1 :]
    joins = clause.verb in TAKE_WORDS or (bool(second) and second[0] in CLAUSE_VERBS)
    return [Clause(part, clause.names) for part in (first, second)] if joins else [clause]


# -- things ---------------------------------------------------------------------------------------


def _read(clause: Clause) -> list[Instruction]:
    """Understand "read the note", "examine the notes to find out where the concert is"."""
    if "where" not in clause.words:
        return [describe(clause.words[1:], clause.names, Verb.EXAMINE)]
    at = clause.words.index("to") if "to" in clause.words else clause.words.index("where")
    described = describe_thing(clause.words[1:at], clause.names)
    class_name = singular(described.class_name)
    return [Instruction(Verb.READ, topic=_topic(clause), class_name=class_name)]


def _do(verb: Verb) -> Callable[[Clause], list[Instruction]]:
    """Understanding of "VERB THING"."""

    def understand(clause: Clause) -> list[Instruction]:
        return [describe(clause.words[1:], clause.names, verb)]

    return understand


def _switch(clause: Clause) -> list[Instruction]:
    """Understand "switch on the lamp", "turn the lamp off"; without either, "switch the lamp"."""
    rest = clause.words[1:]
    for word, verb in (("on", Verb.SWITCH_ON), ("off", Verb.SWITCH_OFF)):
        if rest[:1] == [word]:
            return [describe(rest[1:], clause.names, verb)]
        if rest[-1:] == [word]:
            return [describe(rest[:-1], clause.names, verb)]
    return [replace(describe(rest, clause.names, Verb.GO), hands=Act.SWITCH)] if rest else []


def _push(clause: Clause) -> list[Instruction]:
    """Understand "push the crate"; a button is pressed."""
    pressed = _press(clause)
    if pressed[0].class_name == "button":
        return pressed
    return [replace(describe(clause.words[1:], clause.names, Verb.GO), hands=Act.PUSH)]


def _use(clause: Clause) -> list[Instruction]:
    """Understand "use the harp"."""
    return [replace(describe(clause.words[1:], clause.names, Verb.GO), hands=Act.USE)]


def _press(clause: Clause) -> list[Instruction]:
    """Understand "press the button", "press the button that opens the gate"."""
    pressed = clause.words[1:]
    if "that" in pressed:
        pressed = pressed[: pressed.index("that")]  # what it does is not what is pressed
    return [describe(pressed, clause.names, Verb.SWITCH_ON)]


def _look(clause: Clause) -> list[Instruction]:
    """Understand "look at the note", "look for the vase"."""
    rest = clause.words[1:]
    if rest[:1] == ["at"]:
        return [describe(rest[1:], clause.names, Verb.EXAMINE)]
    if rest[:1] == ["for"]:
        return [describe(rest[1:], clause.names, Verb.LOOK_FOR)]
    return []


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
        return [replace(describe(rest[1:], clause.names, Verb.TAKE), person=mentions[0].slot)]
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
    if not about or about[0] in SAME:
        return [replace(step, same_thing=True)]
    mentions = [m for m in find_mentions(about, clause.names) if m.slot]
    return [replace(step, tell_topic=mentions[0].slot if mentions else 0)]


def _let_know(clause: Clause) -> list[Instruction]:
    """Understand "let Anna know where the concert is"."""
    return _tell(clause) if "know" in clause.words else []


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
    if clause.verb in _MOVING_THINGS and words[1:2] not in (["to"], ["into"], ["back"]):
        return []
    if words[:2] == ["find", "out"] and "where" in words and "go" not in words:
        return _ask(clause)
    if clause.kinds & {"topic", "npc"} or any(word in lexicon.ASK_WORDS for word in words):
        return []
    if "and" in words:
        at = words.index("and")
        more = words[at + 1 :]
        if more[:1] and more[0] not in (*lexicon.GO_WORDS, "finish", "stop"):
            if more[0] != "tell" and SAME & set(more):
                there = words[1:at]  # "find the radio and switch it off"
                swapped = [there if word in SAME else [word] for word in more]
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


_MOVING_THINGS = frozenset(("move", "return"))
"""Verbs of going that are also said of things."""
SWITCH_WORDS = frozenset(("switch", "turn", "toggle"))
_HANDLE_WORDS = frozenset((
    "touch", "press", "push", "use", "open", "close", "shut", "unlock", *SWITCH_WORDS,
    *PUT_WORDS, *DROP_WORDS,
))  # fmt: skip
_VERBS: tuple[tuple[frozenset[str], Callable[[Clause], list[Instruction]]], ...] = (
    (frozenset(("touch",)), _do(Verb.TOUCH)),
    (frozenset(("press",)), _press),
    (frozenset(("push",)), _push),
    (frozenset(("use",)), _use),
    (SWITCH_WORDS, _switch),
    (frozenset(("open",)), _do(Verb.OPEN)),
    (frozenset(("close", "shut")), _do(Verb.CLOSE)),
    (frozenset(("unlock",)), _do(Verb.UNLOCK)),
    (READ_WORDS, _read),
    (frozenset(("look",)), _look),
    (frozenset(("lift",)), lift),
    (frozenset(("give", "hand", "pass")), give),
    (PUT_WORDS, put),
    (TIDY_WORDS, tidy),
    (TAKE_WORDS, take),
    (frozenset(("let",)), _let_know),
    (DROP_WORDS, drop),
    (frozenset(("ask", "learn", "enquire", "inquire")), _ask),
    (frozenset(("tell", "report", "inform")), _tell),
    (frozenset(("wait",)), _wait),
    (frozenset(("go", "walk", "head", "run", "visit", "find", "reach", "follow", "enter",
                *_MOVING_THINGS)), _go),
)  # fmt: skip
"""First words of clauses and what they are understood by, in this order."""
CLAUSE_VERBS = frozenset(verb for begins, _ in _VERBS for verb in begins)
"""All first words of clauses that are understood as verbs."""
