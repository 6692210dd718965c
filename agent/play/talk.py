"""From what a person types to the message of the contract."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.dialogue.understand import find_mentions, understand_text
from agent.play import PlayError
from agent.play.view import View
from envs.contract import SENTENCES, EntityColumn, Kind, Say, make_sentence
from envs.words import split_words

_ADDRESS = re.compile(r"\s*(?:to\s+)?([^:,]+)[:,]\s*(.+)", re.DOTALL)
_SHORT = {"yes": Say.ACCEPT, "ok": Say.ACCEPT, "no": Say.REFUSE}
KINDS = "; ".join(
    f"'{' '.join(text.format(about='THING', where='PLACE').split())}'"
    for text in SENTENCES.values()
)
"""The sentences that can be said."""


@dataclass(frozen=True)
class Message:
    """What is said, to whom; slots are 0 where there is none."""

    say: Say
    about: int
    where: int
    to: int
    """Slot of the listener; 0: whoever hears it."""

    def sentence(self, view: View) -> str:
        """As the others hear it."""
        return make_sentence(self.say, view.name_of(self.about), view.name_of(self.where))


def understand_message(text: str, view: View) -> Message:
    """The message of a typed sentence, such as "Anna, where is the concert?".

    Without a name before it, it is for the nearest person in sight.

    Raises:
        PlayError: it says nothing that the contract's messages can; the text says what they can.
    """
    to, rest = _address(text, view)
    meanings = understand_text(rest, view.names)
    words = split_words(rest)
    if len(words) == 1 and words[0] in _SHORT:
        return Message(_SHORT[words[0]], 0, 0, to)
    if not meanings:
        raise PlayError(f"Not understood; say one of these, with names that you know: {KINDS}.")
    meaning = meanings[0]
    if meaning.negated or meaning.knows:
        raise PlayError(f"That cannot be said here; say one of these: {KINDS}.")
    return Message(meaning.say, meaning.about, meaning.where, to)


def _address(text: str, view: View) -> tuple[int, str]:
    """Whom a sentence is for, and the sentence itself."""
    match = _ADDRESS.fullmatch(text)
    if match:
        words = split_words(match[1])
        mentions = find_mentions(words, view.names)
        if len(mentions) == 1 and mentions[0].kind == "npc" and len(words) == mentions[0].end:
            return mentions[0].slot, match[2]
    people = [row for row in view.entities() if row[EntityColumn.KIND + Kind.NPC] > 0]
    return (int(people[0][EntityColumn.SLOT]) if people else 0), text
