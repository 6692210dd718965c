"""Goals that a mind cannot take up: what its language can tell before anything is tried.

What has no name yet may get one later, so only what no name could mend is a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue import lexicon
from agent.dialogue.carrying import DROP_WORDS, INTO, PUT_WORDS, TIDY_WORDS
from agent.dialogue.clause import SAME, Clause, last_index
from agent.dialogue.clauses import CLAUSE_VERBS, SWITCH_WORDS, split_at_and, understand_verb
from agent.dialogue.instructions import split_clauses, understand_goal
from agent.dialogue.understand import ARTICLES, Instruction, find_mentions
from envs.contract import Act
from envs.words import split_words

_VERBS = (
    CLAUSE_VERBS | lexicon.GO_WORDS | lexicon.TAKE_WORDS | lexicon.ASK_WORDS
    | lexicon.TELL_WORDS | {"knows", "gives"}
)  # fmt: skip
_ALONE = frozenset(("wait",))
"""What may be asked for without saying what it is about."""
_DONE_TO_THINGS = frozenset((
    Verb.TOUCH, Verb.TAKE, Verb.TAKE_PUT, Verb.GIVE, Verb.SWITCH_ON, Verb.SWITCH_OFF, Verb.OPEN,
    Verb.CLOSE, Verb.UNLOCK, Verb.EXAMINE, Verb.LIFT,
))  # fmt: skip
_TALKS = frozenset((Verb.ASK, Verb.TELL, Verb.ASK_GO, Verb.FIND_TELL_GO))
_KIND_TEXT = {"npc": "a person", "place": "a place", "topic": "a topic"}
_NO_NAMES = frozenset((
    *ARTICLES, *SAME, "there", "here", "around", "away", "back", "left", "right", "in", "out",
    "up", "down", "to", "me", "us", "him", "her", "them", "with",
))  # fmt: skip
"""Words that no entry of the catalogue will ever explain."""
_NOT = (("dont",), ("do", "not"), ("never",))


def why_not(text: str, names: Mapping[int, NodeName]) -> str:
    """Why a goal cannot be taken up, in one sentence; "" when it can.

    Args:
        text: the instruction.
        names: what the catalogue calls slots by now.
    """
    clauses = [part for clause in split_clauses(text, names) for part in split_at_and(clause)]
    if not clauses:
        return "The goal is empty: say what is wanted."
    for clause in clauses:
        reason = _no_verb(clause) or _missing_part(clause)
        if reason:
            return reason
    steps = understand_goal(text, names)
    if all(step.verb == Verb.NONE for step in steps):
        return f"'{text}' asks for nothing that it can do: say what is to be done to what."
    for step in steps[:-1]:
        if step.hands != Act.NONE:
            verb = step.hands.name.lower()
            return f"To {verb} something can only be the last step: ask for the rest by a new goal."
    for at, step in enumerate(steps):
        reason = _impossible(step, text, names) or _unclear(step, at, clauses)
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
    joined = "in" if verb in ("put", "drop") else "to"
    return f"{phrase} {target} {joined} {place}" if place else f"{phrase} {target}"


def _no_verb(clause: Clause) -> str:
    """Why nobody can tell what a clause asks to be done."""
    if any(tuple(clause.words[: len(words)]) == words for words in _NOT):
        return (
            f"'{clause.text}' forbids something, and a goal says what to do: the limits of the NPC "
            "in its game forbid."
        )
    if _is_unknown(clause):
        return (
            f"It does not know how to '{clause.verb}': say it with a verb that it knows, such as "
            "go, take, put, open or tell."
        )
    if len(clause.words) == 1 and clause.verb in _VERBS - _ALONE:
        return f"'{clause.verb}' does not say what it is about: name a thing or a place."
    return ""


def _is_unknown(clause: Clause) -> bool:
    """Whether a clause begins with a verb that nobody has taught."""
    first = clause.verb
    described = (*ARTICLES, *lexicon.COLOR_WORDS, *lexicon.SOUND_WORDS, *lexicon.LIT_WORDS)
    if first in _VERBS or first in described or first in ("something", "someone", "somebody"):
        return False
    mentions = find_mentions(clause.words, clause.names)
    return not mentions or mentions[0].start > 0


def _missing_part(clause: Clause) -> str:
    """What a clause whose verb is known leaves out; "" for nothing."""
    verb = clause.verb
    if verb in CLAUSE_VERBS and not understand_verb(clause):
        if verb in SWITCH_WORDS:
            return f"'{clause.text}' does not say what to switch: name a thing."
        if verb in ("look", "let", "set", "lay"):
            return f"'{clause.text}' is not understood: say 'look for', 'tell' or 'put down'."
        if verb in PUT_WORDS | TIDY_WORDS:
            return f"'{clause.text}' does not say where to: name a place, a container or a person."
    nowhere = clause.words[-2:-1] and clause.words[-2] in INTO and clause.words[-1] in _NO_NAMES
    if verb in PUT_WORDS | DROP_WORDS and nowhere:
        return f"'{clause.text}' does not say where to: name a place, a container or a person."
    if "and" in clause.words and verb in PUT_WORDS | DROP_WORDS | {"give", "hand"}:
        return f"'{clause.text}' is about several things: name one for each step, joined by 'then'."
    return ""


def _unclear(step: Instruction, at: int, clauses: Sequence[Clause]) -> str:
    """Why a step of the goal, of this number, is about nothing or about a person who moves."""
    clause = clauses[min(at, len(clauses) - 1)]
    about_something = (
        step.place or step.topic or step.thing or step.tell_topic or step.class_name
        or max(step.color, step.sound, step.sign, step.lit) >= 0
    )  # fmt: skip
    if step.verb in _TALKS and not about_something:
        asks = "where" in clause.words or "knows" in clause.words
        mentions = find_mentions(clause.words, clause.names)
        ends = bool(mentions) and mentions[-1].end == len(clause.words)
        if not asks and not (step.same_thing and at > 0 and ends):
            return f"'{clause.text}' does not say about what: say 'where' and name a thing."
        return ""
    if step.same_thing and at == 0 and step.hands != Act.DROP:
        return f"'{clause.text}' does not say what it is about: name a thing or a place."
    if step.verb == Verb.GIVE and not step.person and _names_nobody(clause):
        return f"'{clause.text}' does not say to whom: name a person."
    if step.verb == Verb.GO and step.person and not about_something and step.hands == Act.NONE:
        name = clause.names[step.person].name
        return (
            f"It cannot go to or follow {name}, who may move: name a place to go to, or what to "
            "give, ask or tell."
        )
    seeks = step.verb in _DONE_TO_THINGS or step.verb in (Verb.GO, Verb.LOOK_FOR)
    nothing = not about_something and not step.same_thing
    if seeks and nothing and all(word in _NO_NAMES for word in clause.words[1:]):
        return f"'{clause.text}' does not say what it is about: name a thing or a place."
    return ""


def _names_nobody(clause: Clause) -> bool:
    """Whether no words of a clause can be the name of somebody, known by now or not."""
    to = last_index(clause.words, ("to",))
    receiver = clause.words[to + 1 :] if to > 0 else []
    return not receiver or bool(find_mentions(receiver, clause.names))


def _impossible(step: Instruction, text: str, names: Mapping[int, NodeName]) -> str:
    """Why a step that is done to a thing cannot be: the text names what is none, and no thing."""
    described = max(step.color, step.sound, step.sign, step.lit) >= 0 or step.class_name
    by_hand = step.hands != Act.NONE
    if by_hand and names.get(step.thing, NodeName("", "")).kind == "door":
        return (
            f"It cannot {step.hands.name.lower()} {names[step.thing].name}, which is a door: say "
            "open, close or unlock."
        )
    is_for_things = step.verb in _DONE_TO_THINGS or by_hand
    if not is_for_things or step.thing or step.same_thing or described:
        return ""
    named = [
        names[mention.slots[0]] for mention in find_mentions(split_words(text), names)
        if mention.kind in _KIND_TEXT
    ]  # fmt: skip
    if not named:
        return ""
    verb = (step.hands if by_hand else step.verb).name.lower().replace("_", " and ")
    kind = _KIND_TEXT[named[0].kind]
    return f"It cannot {verb} {named[0].name}, which is {kind}: name a thing."
