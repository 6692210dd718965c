"""From text to meaning: sentences become statements and questions, instructions become goals.

Both ends are grounded in slots by the names of the catalogue, longest match first; words that are
no name are looked up in the lexicon, and all others are passed over. Nothing here guesses: what
cannot be grounded stays 0 and is grounded later, when its name appears.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from agent.belief.goal_columns import Verb
from agent.belief.state import NodeName
from agent.dialogue import lexicon
from envs.contract import Act, Say
from envs.words import split_words

ARTICLES = ("the", "a", "an", "this", "that")
NO_NOUNS = frozenset((
    *ARTICLES, "thing", "things", "object", "one", "something", "it", "to", "in", "into", "at",
    "is", "are", "and", "then", "which", "who", "where", "there", "sound", "of", "from", "on",
    "with", "makes", "making", "you", "hear", "place", "room", "source", *lexicon.SIGN_WORDS,
))  # fmt: skip
_QUESTION_STARTS = ("where", "do you know where", "tell me where", "can you tell me where",
                    "could you tell me where", "have you seen")  # fmt: skip
_NEGATIONS = frozenset(("not", "isnt", "never", "wasnt", "arent"))


@dataclass(frozen=True)
class Mention:
    """A name in a text: words ``start`` to ``end`` (exclusive) and the slots called so."""

    start: int
    end: int
    kind: str
    slots: tuple[int, ...]

    @property
    def slot(self) -> int:
        """The slot meant, 0 when several things have this name."""
        return self.slots[0] if len(self.slots) == 1 else 0


@dataclass(frozen=True)
class Meaning:
    """What one sentence says."""

    say: Say
    about: int
    where: int = 0
    negated: bool = False
    knows: bool = False
    """True when the sentence says that ``about`` knows where ``where`` is."""


@dataclass(frozen=True)
class Instruction:
    """What an instruction asks for; slots are 0 and indices -1 where it does not say."""

    verb: Verb = Verb.NONE
    place: int = 0
    topic: int = 0
    person: int = 0
    thing: int = 0
    class_name: str = ""
    color: int = -1
    sound: int = -1
    tell_topic: int = 0
    sign: int = -1
    lit: int = -1
    thing_place: int = 0
    """Slot of the place that the thing is in."""
    to_thing: int = 0
    """Slot of the container or surface that it goes into or onto."""
    to_class: str = ""
    to_color: int = -1
    side: int = 0
    """Side of the door to go through: -1 left, 0 ahead, 1 right."""
    same_thing: bool = False
    """True when it is about the thing of the step before."""
    hands: Act = Act.NONE
    """What is to be done to the thing after going there, where no verb of the belief says that."""


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name without its article.

    >>> name_words("the amber hall")
    ('amber', 'hall')
    """
    words = tuple(split_words(name))
    return words[1:] if len(words) > 1 and words[0] in ARTICLES else words


def find_mentions(words: Sequence[str], names: Mapping[int, NodeName]) -> list[Mention]:
    """All names in a text, in order; a longer name hides the shorter ones inside it."""
    called: dict[tuple[str, ...], list[int]] = {}
    for slot in sorted(names):
        key = name_words(names[slot].name)
        if key:
            called.setdefault(key, []).append(slot)
    longest = max((len(key) for key in called), default=0)
    mentions: list[Mention] = []
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            slots = called.get(tuple(words[at : at + length]))
            if slots:
                mentions.append(Mention(at, at + length, names[slots[0]].kind, tuple(slots)))
                at += length
                break
        else:
            at += 1
    return mentions


def may_name(text: str, name: str) -> bool:
    """Whether a text may contain a name: a quick test before it is understood again."""
    words = name_words(name)
    return bool(words) and all(word in text.lower() for word in words)


def understand_text(text: str, names: Mapping[int, NodeName]) -> list[Meaning]:
    """What the sentences of a text say; a sentence that is not understood says nothing."""
    meanings = []
    for sentence in re.split(r"[.;!?\n]+", text):
        words = split_words(sentence)
        meaning = _understand_sentence(words, find_mentions(words, names))
        if meaning is not None:
            meanings.append(meaning)
    return meanings


def _understand_sentence(words: Sequence[str], mentions: Sequence[Mention]) -> Meaning | None:
    if not words or not mentions or not any(mention.slot for mention in mentions):
        return None
    first = mentions[0]
    start = " ".join(words[: first.start])
    if start.startswith(_QUESTION_STARTS):
        return Meaning(Say.ASK, first.slot)
    if words[0] in ("yes", "no") and len(mentions) == 1:
        return Meaning(Say.ACCEPT if words[0] == "yes" else Say.REFUSE, first.slot)
    if len(mentions) < 2:
        return None
    about, where = first, mentions[1]
    if about.kind == "place" and where.kind != "place":  # "the amber hall is where the concert is"
        about, where = where, about
    if first.kind == "npc" and "knows" in words[first.end : mentions[1].start]:
        return Meaning(Say.TELL, first.slot, mentions[1].slot, knows=True)
    if not about.slot or not where.slot or about.slot == where.slot:
        return None
    if words[0] in ("please", "bring"):
        return Meaning(Say.REQUEST, about.slot, where.slot)
    between = words[min(about.end, where.end) : max(about.start, where.start)]
    negated = any(word in _NEGATIONS for word in between)
    say = {"careful": Say.WARN}.get(words[0], Say.TELL)
    if "done" in between:
        say = Say.REPORT
    return Meaning(say, about.slot, where.slot, negated)


def understand_instruction(text: str, names: Mapping[int, NodeName]) -> Instruction:
    """The goal that an instruction sets, as far as its names are known by now."""
    words = split_words(text)
    for at in range(len(words) - 1):
        if words[at : at + 2] == ["find", "out"]:
            words[at : at + 2] = ["ask", "ask"]
    mentions = find_mentions(words, names)
    found = _fill_from_mentions(words, mentions)
    found = _fill_from_words(words, mentions, found)
    return replace(found, verb=_choose_verb(words, mentions, found))


def describe_thing(words: Sequence[str], names: Mapping[int, NodeName]) -> Instruction:
    """The thing that some words describe, without a verb: class, looks, sound and where it is."""
    mentions = find_mentions(words, names)
    found = _fill_from_words(words, mentions, Instruction())
    places = [
        mention.slot for mention in mentions
        if mention.kind == "place" and "in" in words[max(0, mention.start - 2) : mention.start]
    ]  # fmt: skip
    things = [mention.slot for mention in mentions if mention.kind in ("object", "door")]
    return replace(found, thing_place=places[0] if places else 0, thing=things[0] if things else 0)


def _fill_from_mentions(words: Sequence[str], mentions: Sequence[Mention]) -> Instruction:
    """Give every name its part by the last cue word before it."""
    found = Instruction()
    cue = "go"
    at = 0
    for mention in mentions:
        for word in words[at : mention.start]:
            if word in lexicon.TELL_WORDS or word == "let":
                cue = "tell"
            elif word in lexicon.ASK_WORDS or (word in ("knows", "know") and cue != "tell"):
                cue = "ask"
            elif word in lexicon.GO_WORDS or word in lexicon.TAKE_WORDS:
                cue = "go"
        at = mention.end
        slot = mention.slot
        if mention.kind == "npc":
            if not found.person:
                found = replace(found, person=slot)
        elif mention.kind == "place":
            found = replace(found, place=slot)
        elif mention.kind == "topic" or cue in ("ask", "tell"):
            if cue == "tell":
                found = replace(found, tell_topic=slot)
            elif not found.topic:
                found = replace(found, topic=slot)
        elif not found.thing:
            found = replace(found, thing=slot)
    return found


def _fill_from_words(
    words: Sequence[str], mentions: Sequence[Mention], found: Instruction
) -> Instruction:
    """Looks, sound and class: the words outside the names of places, people and topics."""
    named = {
        at for mention in mentions if mention.kind != "object"
        for at in range(mention.start, mention.end)
    }  # fmt: skip
    color = sound = sign = lit = -1
    class_name = ""
    after_article = False
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        if at in named:
            after_article = False
        elif before in lexicon.SIGN_WORDS and word in lexicon.SIGNS:
            sign = lexicon.SIGNS.index(word)
        elif word in lexicon.COLOR_WORDS:
            color = lexicon.COLOR_WORDS[word]
            after_article = True
        elif word in lexicon.LIT_WORDS:
            lit = lexicon.LIT_WORDS[word]
            after_article = True
        elif word in lexicon.SOUND_WORDS:
            any_sound = lexicon.SOUND_WORDS[word] == lexicon.ANY_SOUND
            sound = sound if any_sound and sound >= 0 else lexicon.SOUND_WORDS[word]
            after_article = False
        elif word in ARTICLES:
            after_article = before != "sounding"  # "sounding an alarm" is a sound
        elif after_article and word not in NO_NOUNS:
            class_name = class_name or word
            after_article = False
        else:
            after_article = False
    return replace(found, color=color, sound=sound, class_name=class_name, sign=sign, lit=lit)


def _choose_verb(words: Sequence[str], mentions: Sequence[Mention], found: Instruction) -> Verb:
    if not words:
        return Verb.NONE
    kinds = {mention.kind for mention in mentions}
    wants_told = any(word in lexicon.TELL_WORDS or word == "let" for word in words)
    if "npc" in kinds and "topic" in kinds and wants_told and found.tell_topic:
        return Verb.FIND_TELL_GO
    if any(word in lexicon.ASK_WORDS for word in words) or "knows" in words:
        return Verb.ASK_GO
    if any(word in lexicon.TAKE_WORDS for word in words) and (found.class_name or found.thing):
        return Verb.TAKE_PUT
    return Verb.GO
