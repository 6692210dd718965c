"""What a world says on our side channels, kept for each NPC until its next decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from envs.contract import CONTRACT_VERSION, CatalogueEntry, Utterance, contract_hash
from unity_bridge import channels
from unity_bridge.entries import (
    read_catalogue_entry,
    read_entries,
    read_episode,
    read_goal,
    read_request,
    read_utterance,
)
from unity_bridge.errors import BridgeError, shown

MALFORMED = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What reading a part raises that is not of its channel; JSON knows 1e999, which is infinite."""
_LONGEST_MS = 3_600_000.0
_LONGEST_KEY = 200
"""Characters; keys stand in logs and in the names of files."""
_MOST_NPCS = 4096
"""That messages may wait for, and that may have keys: the SDK gives an agent a new id for each
episode, so the oldest make room."""
_MOST_WAITING = 1000
"""Messages of one kind that wait for an NPC; the oldest make room."""
MOST_ENTRIES = 1000
"""Of an NPC's part of one message: reading them holds up every world of the server."""
MOST_FRAMES = 20_000
"""Messages of all side channels in one step of a player; passing over others costs time too."""
MOST_MESSAGES = 10_000
"""Messages on our channels in one step."""
MOST_BYTES = 16 * 2**20
"""Of the messages on our channels in one step: the saved minds of 190 NPCs."""
MOST_VALUES = 500_000
"""The same in values, as commas count them: the catalogues of 256 NPCs have 210,000."""
_MOST_HELLOS = 100
_MOST_HELLO_BYTES = 4 * 2**20
"""The keys of all NPCs that there may be."""
_MOST_TEXTS = 64
"""The most that wait of texts, each of which takes a mind a moment to understand."""


class Inbox:
    """Messages that came for each NPC, by agent id, and the NPCs' keys."""

    def __init__(self) -> None:
        self.greeted = False
        """True once the player has said hello, so that it understands our channels."""
        self.npc_keys: dict[int, str] = {}
        self.catalogue: dict[int, list[CatalogueEntry]] = defaultdict(list)
        self.texts: dict[int, list[Utterance]] = defaultdict(list)
        self.goals: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.episodes: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.minds: dict[int, list[dict[str, Any]]] = defaultdict(list)
        """Requests about minds: save, restore, persona."""
        self.round_trip_ms: float | None = None
        """As the player has measured it last; None once it was taken note of."""
        self.staleness_ms: float | None = None

    def read(self, data: bytes) -> Iterator[tuple[str, str, str]]:
        """Take in the ``side_channel`` bytes of a message.

        Yields:
            (event, channel, sentence) for everything that had to be ignored though it is on a
            channel of ours.
        """
        try:
            frames, too_much = _take_ours(data)
        except BridgeError as error:
            yield "channel_ignored", "", f"its side channel is ignored: {error}"
            return
        if too_much:
            yield "channel_ignored", "", f"part of its side channel is ignored: {too_much}"
        for channel, payload in frames:
            try:
                if channel == channels.HELLO:
                    yield from self._read_hello(channels.decode_json(channel, payload))
                else:
                    yield from self._read_npcs(channel, payload)
            except (BridgeError, *MALFORMED) as error:
                name = channels.OUR_CHANNELS[channel]
                yield "channel_ignored", name, say_ignored(name, error)

    def _read_hello(self, hello: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        self.round_trip_ms = _milliseconds(hello, "round_trip_ms")
        self.staleness_ms = _milliseconds(hello, "staleness_ms")
        if "npcs" not in hello and (self.round_trip_ms, self.staleness_ms) != (None, None):
            return
        keys = {int(agent): str(key) for agent, key in hello["npcs"].items()}
        longest = max(map(len, keys.values()), default=0)
        if longest > _LONGEST_KEY:
            raise BridgeError(
                f"an NPC's key has {longest} characters and may have {_LONGEST_KEY}: shorten it"
            )
        self.greeted = True
        self.npc_keys.update(keys)
        _make_room(self.npc_keys)
        if hello.get("hash") != contract_hash():
            ours = f"{CONTRACT_VERSION} ({contract_hash()})"
            contract, digest = (shown(str(hello.get(key))) for key in ("contract", "hash"))
            theirs = f"{contract} ({digest})"
            sentence = (
                f"its contract is {theirs} and this server's {ours}: update the older of the two"
            )
            yield "contract_differs", "", sentence

    def _read_npcs(self, channel: UUID, payload: bytes) -> Iterator[tuple[str, str, str]]:
        parts = channels.decode_npcs(channel, payload)
        if len(parts) > _MOST_NPCS:
            raise BridgeError(f"it is for {len(parts)} NPCs and may be for {_MOST_NPCS}")
        for agent, part in parts.items():
            wrong = self.add(channel, agent, part)
            if wrong:
                name = channels.OUR_CHANNELS[channel]
                yield "channel_ignored", name, say_left_out(name, wrong)

    def add(self, channel: UUID, agent: int, part: Any) -> str:
        """Take in one NPC's part of a message, but for entries that are wrong.

        Returns:
            What is wrong with the first of those, "" for nothing.

        Raises:
            MALFORMED: when it is not of that channel.
            BridgeError: when it is no list of entries or has too many of them.
        """
        if isinstance(part, list) and len(part) > MOST_ENTRIES:
            raise BridgeError(
                f"an NPC's part has {len(part)} entries and may have {MOST_ENTRIES}: send them in "
                "several messages"
            )
        wrong = ""
        if channel == channels.CATALOGUE:
            entries, wrong = read_entries(part, read_catalogue_entry)
            _keep(self.catalogue, agent, entries)
        elif channel == channels.DIALOGUE:
            # Nothing here transcribes a voice: its words come as a text, from who understood them.
            spoken = [each for each in part if not (isinstance(each, dict) and each.get("voice"))]
            texts, wrong = read_entries(spoken, read_utterance)
            _keep(self.texts, agent, texts, _MOST_TEXTS)
        elif channel == channels.GOAL:
            goals, wrong = read_entries(part, read_goal)
            _keep(self.goals, agent, goals)
        elif channel == channels.EPISODE:
            episodes, wrong = read_entries(part, read_episode)
            _keep(self.episodes, agent, episodes)
        elif channel == channels.MIND:
            requests, wrong = read_entries(part, read_request)
            _keep(self.minds, agent, requests)
        return wrong

    def drop(self, agent: int) -> None:
        """Forget what waits for an NPC."""
        for kept in (self.catalogue, self.texts, self.goals, self.episodes, self.minds):
            kept.pop(agent, None)


class _Share:
    """What may be read in one step: reading must not take so long that other worlds wait."""

    def __init__(self, messages: int, size: int, values: int) -> None:
        self._most = messages, size, values
        self._messages = self._size = self._values = 0

    def take(self, payload: bytes) -> str:
        """Count a message in, ""; or say what there would be too much of, and leave it out."""
        messages, size, values = self._most
        if self._messages == messages:
            return _say_too_much(f"{messages} messages")
        if self._size + len(payload) > size:
            return _say_too_much(f"{size // 2**20} MiB")
        commas = payload.count(b",")
        if self._values + commas > values:
            return _say_too_much(f"{values} values")
        self._messages += 1
        self._size += len(payload)
        self._values += commas
        return ""


def _take_ours(data: bytes) -> tuple[list[channels.Frame], str]:
    """The frames of our channels that may be read, and why others may not, "" when all may.

    Hellos have a share of their own: they come once, and without them NPCs would never have keys.

    Raises:
        BridgeError: a frame is cut off.
    """
    frames, too_much = [], ""
    hellos = _Share(_MOST_HELLOS, _MOST_HELLO_BYTES, MOST_VALUES)
    others = _Share(MOST_MESSAGES, MOST_BYTES, MOST_VALUES)
    walk = channels.walk_frames(data)
    for channel, payload in islice(walk, MOST_FRAMES):
        if channel not in channels.OUR_CHANNELS:
            continue
        wrong = (hellos if channel == channels.HELLO else others).take(payload)
        if wrong:
            too_much = too_much or wrong
        else:
            frames.append((channel, payload))
    if next(walk, None) is not None:
        too_much = too_much or _say_too_much(f"{MOST_FRAMES} messages")
    return frames, too_much


def _say_too_much(most: str) -> str:
    """The sentence about a step that says more than is read of one."""
    return f"it has more than {most}, the most for one step: send it in several steps"


def say_ignored(channel: str, error: Exception) -> str:
    """The sentence about a message that could not be read; short, whatever was in the message."""
    what = str(error) if isinstance(error, BridgeError) else repr(error)[:200]
    return f"a message of the {channel} channel is ignored: {what}"


def say_left_out(channel: str, wrong: str) -> str:
    """The sentence about entries of a message that were left out."""
    return f"part of a message of the {channel} channel is ignored: {wrong}"


def _keep(
    waiting: dict[int, list[Any]], agent: int, news: list[Any], most: int = _MOST_WAITING
) -> None:
    """Let news wait for an NPC, within bounds: a player may send them for ever."""
    waiting[agent] = [*waiting.get(agent, ()), *news][-most:]
    _make_room(waiting)


def _make_room(entries: dict[int, Any]) -> None:
    while len(entries) > _MOST_NPCS:
        del entries[next(iter(entries))]


def _milliseconds(hello: Mapping[str, Any], name: str) -> float | None:
    """A time that a player has measured; what no link can take is a mistake of the player."""
    if name not in hello:
        return None
    value = float(hello[name])
    if not 0.0 <= value <= _LONGEST_MS:
        raise BridgeError(f"{name} is {value}, not a time of 0 to {_LONGEST_MS:.0f} ms")
    return value
