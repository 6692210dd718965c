"""One clause of an instruction: its words, and the things that they describe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue.understand import Instruction, describe_thing, find_mentions

SAME = frozenset(("it", "that", "them"))
"""Words for the thing of the step before."""


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


def describe(words: Sequence[str], names: Mapping[int, NodeName], verb: Verb) -> Instruction:
    """A step about the thing that some words describe."""
    if len(words) == 1 and words[0] in SAME:
        return Instruction(verb, same_thing=True)
    return replace(describe_thing(words, names), verb=verb)


def last_index(words: Sequence[str], wanted: Sequence[str]) -> int:
    """Index of the last of some words, -1 when there is none."""
    return max((at for at, word in enumerate(words) if word in wanted), default=-1)


def singular(noun: str) -> str:
    """A noun without the ending of its plural.

    >>> singular("boxes"), singular("cups")
    ('box', 'cup')
    """
    if noun.endswith(("xes", "shes", "ches", "sses")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
