"""What a world says on our channels, entry by entry: JSON in, what minds take in out.

A mind decides for several worlds at once, so nothing that is not of the contract's types, or that
would take it long to read, gets as far as that. An entry that is wrong is refused alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from envs.contract import SLOTS, CatalogueEntry, Doorway, Utterance
from unity_bridge.errors import BridgeError, shown

LONGEST_NAME = 200
"""Characters of what a thing, a class, a task or a map is called."""
LONGEST_TEXT = 2_000
"""Characters of an instruction, and of what is heard of an utterance; its row holds 24 words."""
MOST_CORNERS = 256
"""Of one place's floor."""
MOST_DOORWAYS = 64
"""Of one place."""
FARTHEST = 1e6
"""Metres from the origin; farther out float32 knows no centimetres."""
LARGEST = 2**53
"""Whole numbers up to here are exact in every JSON reader."""
GOAL_OPS = ("set", "cancel", "cancelled", "succeeded", "failed", "refused")
"""What a game says of a goal: that it asks for it, or that it is over."""
EPISODE_OPS = ("start", "end")
REQUEST_OPS = ("save", "restore", "persona")
"""What a game asks of a mind."""
_OPS: tuple[Literal["add", "change", "remove"], ...] = ("add", "change", "remove")

Read = TypeVar("Read")
Op = TypeVar("Op", bound=str)


def read_entries(part: Any, read: Callable[[Mapping[str, Any]], Read]) -> tuple[list[Read], str]:
    """Read a list of entries; those that are wrong are left out.

    Args:
        part: one NPC's part of a message.
        read: reads one entry.

    Returns:
        What was read, and what was wrong with the first entry that could not be, "" for nothing.

    Raises:
        BridgeError: it is no list.
    """
    if not isinstance(part, list):
        raise BridgeError(f"an NPC's part is {_told(part)}, not a list")
    found: list[Read] = []
    wrong = ""
    for number, entry in enumerate(part):
        try:
            if not isinstance(entry, dict):
                raise BridgeError(f"it is {_told(entry)}, not an object")
            found.append(read(entry))
        except BridgeError as error:
            wrong = wrong or f"entry {number}: {error}"
    return found, wrong


def read_catalogue_entry(entry: Mapping[str, Any]) -> CatalogueEntry:
    """What a slot is called.

    Raises:
        BridgeError: a field is missing or not of its type.
    """
    return CatalogueEntry(
        sequence=_whole(entry, "sequence", -LARGEST, LARGEST),
        op=_op(entry, _OPS),
        slot=_whole(entry, "slot", 1, SLOTS - 1),
        kind=_text(entry, "kind", LONGEST_NAME),
        name=_text(entry, "name", LONGEST_NAME),
        class_name=_text(entry, "class_name", LONGEST_NAME),
        polygon=tuple(_corner(corner) for corner in _listed(entry, "polygon", MOST_CORNERS)),
        doorways=tuple(_doorway(each) for each in _listed(entry, "doorways", MOST_DOORWAYS)),
    )


def read_utterance(entry: Mapping[str, Any]) -> Utterance:
    """The text of something that was said; of a very long one the beginning is heard.

    Raises:
        BridgeError: a field is missing or not of its type.
    """
    text = entry.get("text")
    if not isinstance(text, str):
        raise BridgeError(f"text is {_told(text)}, not a text")
    return Utterance(
        utterance=_whole(entry, "utterance", -LARGEST, LARGEST),
        speaker=_whole(entry, "speaker", 0, SLOTS - 1),
        to_me=bool(entry.get("to_me")),
        text=text[:LONGEST_TEXT],
    )


def read_goal(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A message about a goal; fields that nobody here knows stay as they are.

    Raises:
        BridgeError: it has no op of a goal, or a field that is known is not of its type.
    """
    _op(entry, GOAL_OPS)
    _text(entry, "text", LONGEST_TEXT)
    for name in ("priority", "deadline"):
        if entry.get(name) is not None:
            _number(entry[name], name)
    goal = dict(entry)
    if entry.get("goal") is not None:
        goal["goal"] = _whole(entry, "goal", -LARGEST, LARGEST)
    return goal


def read_episode(entry: Mapping[str, Any]) -> dict[str, Any]:
    """How an episode begins or ended.

    Raises:
        BridgeError: it has no op of an episode, or a field that is known is not of its type.
    """
    _op(entry, EPISODE_OPS)
    for name in ("task", "map"):
        _text(entry, name, LONGEST_NAME)
    episode = dict(entry)
    if entry.get("seed") is not None:
        episode["seed"] = _whole(entry, "seed", -(2**63), 2**63 - 1)
    for name in ("decisions", "walked", "shortest", "spl"):
        if entry.get(name) is not None:
            _number(entry[name], name)
    return episode


def read_request(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What a game asks of a mind.

    Raises:
        BridgeError: it has no op of a request.
    """
    _op(entry, REQUEST_OPS)
    return dict(entry)


def _corner(corner: Any) -> tuple[float, float]:
    if not isinstance(corner, list) or len(corner) != 2:
        raise BridgeError(f"a corner of polygon is {_told(corner)}, not two numbers")
    return _place(corner[0], "a corner of polygon"), _place(corner[1], "a corner of polygon")


def _doorway(doorway: Any) -> Doorway:
    if not isinstance(doorway, dict):
        raise BridgeError(f"a doorway is {_told(doorway)}, not an object")
    position, places = doorway.get("position"), doorway.get("places")
    if not isinstance(position, list) or len(position) != 3:
        raise BridgeError(f"the position of a doorway is {_told(position)}, not three numbers")
    if not isinstance(places, list) or len(places) != 2:
        raise BridgeError(f"the places of a doorway are {_told(places)}, not two slots")
    x, y, z = (_place(number, "the position of a doorway") for number in position)
    first, second = (_whole_number(slot, "a place of a doorway", 0, SLOTS - 1) for slot in places)
    width = _place(doorway.get("width"), "the width of a doorway")
    door = _whole(doorway, "door", 0, SLOTS - 1) if "door" in doorway else 0
    return Doorway((x, y, z), width, (first, second), door)


# ------------------------------------------------------------------------------------------ fields


def _op(entry: Mapping[str, Any], ops: Sequence[Op]) -> Op:
    """What an entry says is done."""
    for op in ops:
        if op == entry.get("op"):
            return op
    raise BridgeError(f"op is {_told(entry.get('op'))}, not one of {', '.join(ops)}")


def _text(entry: Mapping[str, Any], name: str, most: int) -> str:
    """A text, "" where it is missing."""
    text = entry.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise BridgeError(f"{name} is {_told(text)}, not a text")
    if len(text) > most:
        raise BridgeError(f"{name} has {len(text)} characters and may have {most}: shorten it")
    return text


def _listed(entry: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    """A list, empty where it is missing."""
    listed = entry.get(name)
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise BridgeError(f"{name} is {_told(listed)}, not a list")
    if len(listed) > most:
        raise BridgeError(f"{name} has {len(listed)} entries and may have {most}")
    return listed


def _whole(entry: Mapping[str, Any], name: str, least: int, most: int) -> int:
    return _whole_number(entry.get(name), name, least, most)


def _whole_number(value: Any, what: str, least: int, most: int) -> int:
    """A whole number; 3.0 is one, since some writers of JSON know no others."""
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if not whole or isinstance(value, bool) or not least <= value <= most:
        raise BridgeError(f"{what} is {_told(value)}, not a whole number of {least} to {most}")
    return int(value)


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise BridgeError(f"{what} is {_told(value)}, not a finite number")
    return float(value)


def _place(value: Any, what: str) -> float:
    number = _number(value, what)
    if abs(number) > FARTHEST:
        raise BridgeError(f"{what} is {number:g} m, and {FARTHEST:.0f} m is the most")
    return number


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False


def _told(value: Any) -> str:
    """A value in a sentence: what it is, without its insides when it is large."""
    if value is None:
        return "missing"
    if isinstance(value, str):
        return f"'{shown(value)}'"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number of more than 64 bits"
    return str(value)
