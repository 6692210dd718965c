"""Goals that a mind cannot take up: what its language can tell before anything is tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue import lexicon
from agent.dialogue.clauses import CLAUSE_VERBS, Clause
from agent.dialogue.instructions import split_clauses, understand_goal
from agent.dialogue.understand import ARTICLES, Instruction, find_mentions
from envs.words import split_words

GAME_VERBS = frozenset(("drop", "enter", "use"))
"""Verbs of games by which the mind goes to the thing."""
_VERBS = (
    CLAUSE_VERBS | lexicon.GO_WORDS | lexicon.TAKE_WORDS | lexicon.ASK_WORDS
    | lexicon.TELL_WORDS | GAME_VERBS | {"let", "knows", "gives"}
)  # fmt: skip
_ALONE = frozenset(("wait", "finish", "stop"))
"""What may be asked for without saying what it is about."""
_DONE_TO_THINGS = frozenset((
    Verb.TOUCH, Verb.TAKE, Verb.TAKE_PUT, Verb.GIVE, Verb.SWITCH_ON, Verb.SWITCH_OFF, Verb.OPEN,
    Verb.CLOSE, Verb.UNLOCK, Verb.EXAMINE, Verb.LIFT,
))  # fmt: skip
_KIND_TEXT = {"npc": "a person", "place": "a place", "topic": "a topic"}


def why_not(text: str, names: Mapping[int, NodeName]) -> str:
    """Why a goal cannot be taken up, in one sentence; "" when it can.

    What has no name yet may get one later, so only what no name could mend is a reason.

    Args:
        text: the instruction.
        names: what the catalogue calls slots by now.
    """
    clauses = split_clauses(text, names)
    if not clauses:
        return "The goal is empty: say what is wanted."
    for clause in clauses:
        if _is_unknown(clause):
            return (
                f"It does not know how to '{clause.verb}': say it with a verb that it knows, such "
                "as go, take, put, open or tell."
            )
        if len(clause.words) == 1 and clause.verb in _VERBS - _ALONE:
            return f"'{clause.verb}' does not say what it is about: name a thing or a place."
    steps = understand_goal(text, names)
    if all(step.verb == Verb.NONE for step in steps):
        return f"'{text}' asks for nothing that it can do: say what is to be done to what."
    for step in steps:
        reason = _impossible(step, text, names)
        if reason:
            return reason
    return ""


def goal_of_verb(verb: str, target: str, place: str) -> str:
    """The sentence of a goal that a game gave as a verb and what it is about.

    Args:
        verb: such as "put".
        target: name of what it is about.
        place: name of where or to whom, "" for nowhere.

    >>> goal_of_verb("put", "the vase", "the amber hall")
    'put the vase in the amber hall'
    """
    if verb in ("ask", "tell") and place:
        return f"{verb} {place} where {target} is"
    phrase = {"go": "go to", "enter": "go to"}.get(verb, verb.replace("_", " "))
    joined = "in" if verb == "put" else "to"
    return f"{phrase} {target} {joined} {place}" if place else f"{phrase} {target}"


def _is_unknown(clause: Clause) -> bool:
    """Whether a clause begins with a verb that nobody has taught: no word of it is one we know."""
    first = clause.verb
    described = (*ARTICLES, *lexicon.COLOR_WORDS, *lexicon.SOUND_WORDS, *lexicon.LIT_WORDS)
    if _VERBS.intersection(clause.words) or first in described:
        return False
    mentions = find_mentions(clause.words, clause.names)
    return not mentions or mentions[0].start > 0


def _impossible(step: Instruction, text: str, names: Mapping[int, NodeName]) -> str:
    """Why a step that is done to a thing cannot be: the text names what is none, and no thing."""
    described = max(step.color, step.sound, step.sign, step.lit) >= 0 or step.class_name
    if step.verb not in _DONE_TO_THINGS or step.thing or step.same_thing or described:
        return ""
    named: Sequence[NodeName] = [
        names[mention.slots[0]] for mention in find_mentions(split_words(text), names)
        if mention.kind in _KIND_TEXT
    ]  # fmt: skip
    if not named:
        return ""
    verb = step.verb.name.lower().replace("_", " and ")
    kind = _KIND_TEXT[named[0].kind]
    return f"It cannot {verb} {named[0].name}, which is {kind}: name a thing."
