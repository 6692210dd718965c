"""From an instruction to the steps of a goal.

Clauses that are joined by "then" are steps in their order, each begun by its verb. Some sentences
say in several clauses what is one step for the mind: asking and going where one is told, and
taking a thing and putting it somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue import lexicon
from agent.dialogue.carrying import merge_fetching
from agent.dialogue.clause import Clause
from agent.dialogue.clauses import READ_WORDS, understand_clause
from agent.dialogue.understand import (
    Instruction,
    find_mentions,
    understand_instruction,
)
from envs.words import split_words

_CLAUSES = re.compile(r"[,.;]?\s*\b(?:and )?then\b,?\s*|[.;]\s+|\n", re.IGNORECASE)
_COURTESIES = (
    ("please",), ("now",), ("first",), ("finally",), ("next",), ("and",),
    ("could", "you"), ("can", "you"), ("would", "you"), ("will", "you"), ("you", "should"),
    ("you", "must"), ("i", "want", "you", "to"), ("i", "need", "you", "to"),
)  # fmt: skip
"""What may stand before the verb of a clause."""
_TALKS = (Verb.ASK_GO, Verb.FIND_TELL_GO)


def understand_goal(text: str, names: Mapping[int, NodeName]) -> tuple[Instruction, ...]:
    """The steps that an instruction asks for, as far as its names are known by now.

    Args:
        text: the instruction.
        names: what the catalogue calls slots.

    Returns:
        At least one step.
    """
    clauses = split_clauses(text, names)
    steps: list[Instruction] = []
    for at, clause in enumerate(clauses):
        joined = _joined_talk(clauses[: at + 1], steps)
        if joined is not None:
            steps = joined
            continue
        steps += understand_clause(clause.words, names)
    return tuple(_link(merge_fetching(steps))) or (Instruction(),)


def split_clauses(text: str, names: Mapping[int, NodeName]) -> list[Clause]:
    """The clauses of an instruction, without courtesies."""
    parts = [part for half in _CLAUSES.split(text) for part in _talk_with_two(half, names)]
    return [
        clause for part in parts for clause in _without_courtesies(Clause(split_words(part), names))
    ]


def _talk_with_two(text: str, names: Mapping[int, NodeName]) -> list[str]:
    """The parts of a clause that says to tell one person something and to ask another one."""
    people = {
        slot for mention in find_mentions(split_words(text), names)
        if mention.kind == "npc" for slot in mention.slots
    }  # fmt: skip
    return text.split(", ") if len(people) > 1 and ", ask " in text else [text]


def _link(steps: Sequence[Instruction]) -> list[Instruction]:
    """Steps about the thing of the step before, and finding something only in order to tell it."""
    linked: list[Instruction] = []
    for step in steps:
        before = linked[-1] if linked else Instruction()
        if step.verb == Verb.TELL and not step.tell_topic:
            step = replace(step, same_thing=True, class_name="")
            if before.verb == Verb.GO and (before.class_name or before.sound >= 0):
                linked[-1] = replace(before, verb=Verb.LOOK_FOR)
        if step.verb == Verb.GO and before.verb in (Verb.ASK, Verb.READ):
            if before.topic and not (step.place or step.class_name):
                step = replace(step, topic=before.topic)
            elif before.class_name and not step.place:
                step = replace(before, verb=Verb.GO, person=0, same_thing=True)
        linked.append(step)
    return linked


def follow_directions(
    steps: Sequence[Instruction], heard: Sequence[str]
) -> tuple[Instruction, ...]:
    """The steps with directions that were heard in the place of "follow the directions"."""
    told = [text for text in heard if "through the door" in text.lower()]
    if not told or all(step.verb != Verb.FOLLOW for step in steps):
        return tuple(steps)
    directions = understand_goal(told[-1], {})
    return tuple(
        part for step in steps for part in (directions if step.verb == Verb.FOLLOW else (step,))
    )


def told_place(text: str, names: Mapping[int, NodeName]) -> int:
    """Slot of the place that a sentence names, 0 when it names none."""
    mentions = find_mentions(split_words(text), names)
    return next((mention.slot for mention in mentions if mention.kind == "place"), 0)


def _without_courtesies(clause: Clause) -> list[Clause]:
    words = clause.words
    if words[:3] == ["it", "takes", "two"]:
        words = words[3:]
    while True:
        courtesy = next((c for c in _COURTESIES if tuple(words[: len(c)]) == c), None)
        if courtesy is None:
            break
        words = words[len(courtesy) :]
    return [Clause(words, clause.names)] if words else []


def _joined_talk(clauses: Sequence[Clause], steps: list[Instruction]) -> list[Instruction] | None:
    """The steps with "go there" or "go to the concert" joined to the asking before it, or None."""
    last = clauses[-1]
    if clauses[max(0, len(clauses) - 2)].verb in READ_WORDS:
        return None
    if len(clauses) < 2 or last.verb not in lexicon.GO_WORDS or "place" in last.kinds:
        return None
    if "there" not in last.words and "topic" not in last.kinds:
        return None
    first = len(clauses) - 2
    together = understand_instruction(f"{clauses[first].text} then {last.text}", last.names)
    if together.verb not in _TALKS:
        return None
    count = len(understand_clause(clauses[first].words, last.names))
    return [*steps[: len(steps) - count], together]
