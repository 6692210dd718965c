"""Side channels: small messages that travel beside observations and actions.

A message is framed as 16 bytes of UUID (in .NET's order), an int32 length and the payload, back to
back, little-endian. Unity's own channels have binary payloads; ours carry one UTF-8 JSON object. A
receiver ignores channels and keys that it does not know. A player uses our channels only after the
host's ``hello``, because official clients warn at unknown ones.

What our objects hold (``npcs`` maps an agent id, as text, to that NPC's part):

    hello      host: contract, hash, package, weights
               player: contract, hash, package, npcs {id: key}; at any time also round_trip_ms and
               staleness_ms, as it has measured them last
    catalogue  npcs {id: [CatalogueEntry as JSON]}
    goal       player: npcs {id: [{"op": "set", "goal", "text" or ("verb", "target", "place"),
               "priority", "deadline": seconds left}, {"op": "cancel", "goal"}, or, of one that
               the game has closed, {"op": "cancelled", "succeeded", "failed" or "refused", "goal"},
               ...]}
               host: npcs {id: [{"op": "accepted", "succeeded" or "cancelled", "goal"},
               {"op": "progress", "goal", "step", "steps", "reason": what it does now},
               {"op": "failed" or "refused", "goal", "reason"}, ...]}
    dialogue   npcs {id: [Utterance as JSON, or a piece of a voice: {"voice": "start", "utterance",
               "speaker", "to_me", "language", "rate"}, {"voice": "chunk", "utterance", "pcm": mono,
               16 bits, little-endian, in base 64} or {"voice": "stop", "utterance"}]}
    mind       host: npcs {id: {"strategy", "reason", "competence", ...}}, for display, or
               {id: {"op": "saved", "request", "mind"}}
               player: npcs {id: [{"op": "save", "request"}, {"op": "restore", "mind"},
               {"op": "persona", "text"}, ...]}
    episode    npcs {id: [{"op": "start", "task", "seed", "map"} or {"op": "end", "success", ...}]},
               for evaluation, never for the mind

``unity_bridge.entries`` says what the fields of an entry may hold; a wrong entry is ignored alone.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from uuid import UUID

from unity_bridge.errors import BridgeError

# Unity's own channels
ENGINE_CONFIGURATION = UUID("e951342c-4f7e-11ea-b238-784f4387d1f7")
ENVIRONMENT_PARAMETERS = UUID("534c891e-810f-11ea-a9d0-822485860400")
STATS = UUID("a1d8f7b7-cec8-50f9-b78b-d3e165a78520")
TRAINING_ANALYTICS = UUID("b664a4a9-d86f-5a5f-95cb-e8353a7e8356")

# Ours
HELLO = UUID("24f7cd7e-a408-575c-817e-dea6ab477b1b")
CATALOGUE = UUID("5d7628b2-c530-5f60-a128-0749455de9f9")
GOAL = UUID("e042ec8c-02b9-596a-90df-c29364c3b08b")
DIALOGUE = UUID("2a242820-1c74-5fe4-a5d6-6577e515c6bc")
MIND = UUID("053d319e-d7a2-51a1-b287-70a11ff11d13")
EPISODE = UUID("8167aab1-1bbc-5c43-9454-85e5912fdda4")
OUR_CHANNELS = {
    HELLO: "hello",
    CATALOGUE: "catalogue",
    GOAL: "goal",
    DIALOGUE: "dialogue",
    MIND: "mind",
    EPISODE: "episode",
}

MOST_BRACKETS = 200_000
"""Lists and objects of a message: the catalogues of 256 NPCs have fewer."""
MOST_BRACKETS_OF_ONE = 20_000
"""The same of a message for one NPC."""

Frame = tuple[UUID, bytes]

_UUID_BYTES = 16
_INT = struct.Struct("<i")
_FLOAT = struct.Struct("<f")


# ----------------------------------------------------------------------------------------- framing


def encode_frames(frames: Iterable[Frame]) -> bytes:
    """Pack (channel, payload) pairs into the ``side_channel`` bytes of a message."""
    parts: list[bytes] = []
    for channel, payload in frames:
        parts += (channel.bytes_le, _INT.pack(len(payload)), payload)
    return b"".join(parts)


def decode_frames(data: bytes) -> list[Frame]:
    """Unpack the ``side_channel`` bytes of a message.

    Raises:
        BridgeError: when the last frame is cut off.
    """
    return list(walk_frames(data))


def walk_frames(data: bytes) -> Iterator[Frame]:
    """The same one by one.

    Raises:
        BridgeError: when a frame is cut off, once it is asked for.
    """
    start = 0
    while start < len(data):
        body = start + _UUID_BYTES + _INT.size
        if body > len(data):
            raise BridgeError("the side channel bytes end inside a frame's head")
        (length,) = _INT.unpack_from(data, start + _UUID_BYTES)
        if not 0 <= length <= len(data) - body:
            raise BridgeError(
                f"a side channel frame says {length} bytes where {len(data) - body} are left"
            )
        channel = UUID(bytes_le=data[start : start + _UUID_BYTES])
        yield channel, data[body : body + length]
        start = body + length


# ------------------------------------------------------------------------------------ our channels


def encode_json(content: Mapping[str, Any]) -> bytes:
    """A payload of one of our channels."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def parse_json(payload: bytes) -> Any:
    """Read JSON that came from outside; halves of characters become "?".

    Raises:
        ValueError: when it is none or is nested too deeply.
    """
    try:
        content = json.loads(payload.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if b"\\ud" in payload.lower():  # an escaped half could be written to no file
        whole = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
        content = json.loads(whole)
    return content


def decode_part(channel: UUID, payload: bytes, most: int = MOST_BRACKETS) -> Any:
    """Read any JSON of one of our channels; halves of characters become "?".

    Args:
        channel: which one.
        payload: UTF-8.
        most: opening brackets that it may have, those in texts too: making lists and objects
            takes longest, and every world of the server waits for it.

    Raises:
        BridgeError: it is no JSON, or has too many lists and objects.
    """
    brackets = payload.count(b"[") + payload.count(b"{")
    if brackets > most:
        raise BridgeError(
            f"it has {brackets} lists and objects and may have {most}: send them in several "
            "messages"
        )
    try:
        return parse_json(payload)
    except ValueError as error:
        raise BridgeError(f"the {OUR_CHANNELS[channel]} channel holds no JSON ({error})") from None


def decode_json(channel: UUID, payload: bytes) -> dict[str, Any]:
    """Read a payload of one of our channels; halves of characters become "?".

    Raises:
        BridgeError: it is no JSON object.
    """
    content = decode_part(channel, payload)
    if not isinstance(content, dict):
        raise BridgeError(
            f"the {OUR_CHANNELS[channel]} channel holds a JSON {type(content).__name__}, "
            "not an object"
        )
    return content


def encode_npcs(parts: Mapping[int, Any]) -> bytes:
    """A payload that has a part for each NPC: agent id -> part."""
    return encode_json({"npcs": {str(agent): part for agent, part in parts.items()}})


def decode_npcs(channel: UUID, payload: bytes) -> dict[int, Any]:
    """Read a payload that has a part for each NPC; the inverse of ``encode_npcs``."""
    parts = decode_json(channel, payload).get("npcs", {})
    try:
        return {int(agent): part for agent, part in parts.items()}
    except (AttributeError, ValueError):
        raise BridgeError(
            f"the {OUR_CHANNELS[channel]} channel's npcs is not an object from agent ids to parts"
        ) from None


# --------------------------------------------------------------------------------- Unity's channels


class _Reader:
    """Reads numbers and texts off a payload, in order."""

    def __init__(self, payload: bytes, channel: str):
        self._payload, self._channel, self._start = payload, channel, 0

    def _take(self, form: struct.Struct) -> Any:
        if self._start + form.size > len(self._payload):
            raise BridgeError(f"a message of the {self._channel} channel is cut off")
        (value,) = form.unpack_from(self._payload, self._start)
        self._start += form.size
        return value

    def integer(self) -> int:
        return int(self._take(_INT))

    def number(self) -> float:
        return float(self._take(_FLOAT))

    def text(self) -> str:
        length = self.integer()
        if not 0 <= length <= len(self._payload) - self._start:
            raise BridgeError(f"a text of the {self._channel} channel is cut off")
        data = self._payload[self._start : self._start + length]
        self._start += length
        return data.decode("utf-8", errors="replace")

    def numbers(self) -> tuple[float, ...]:
        return tuple(self.number() for _ in range(self.integer()))


def _text(text: str) -> bytes:
    data = text.encode("ascii", errors="replace")  # official clients read ASCII only
    return _INT.pack(len(data)) + data


class EngineSetting(IntEnum):
    """What an engine configuration message sets."""

    RESOLUTION = 0
    QUALITY = 1
    TIME_SCALE = 2
    TARGET_FRAME_RATE = 3
    CAPTURE_FRAME_RATE = 4


def encode_engine_setting(setting: EngineSetting, *values: float) -> bytes:
    """One engine setting: width and height for RESOLUTION, else one value."""
    form = _FLOAT if setting is EngineSetting.TIME_SCALE else _INT
    return _INT.pack(setting) + b"".join(form.pack(value) for value in values)


def decode_engine_setting(payload: bytes) -> tuple[EngineSetting, tuple[float, ...]] | None:
    """Read one engine setting; None for one that we do not know."""
    reader = _Reader(payload, "engine configuration")
    kind = reader.integer()
    if kind not in EngineSetting.__members__.values():
        return None
    setting = EngineSetting(kind)
    if setting is EngineSetting.RESOLUTION:
        return setting, (reader.integer(), reader.integer())
    if setting is EngineSetting.TIME_SCALE:
        return setting, (reader.number(),)
    return setting, (reader.integer(),)


class Sampler(IntEnum):
    """How a random environment parameter is drawn."""

    UNIFORM = 0
    GAUSSIAN = 1
    MULTIRANGE = 2


@dataclass(frozen=True)
class SampledParameter:
    """An environment parameter that the player draws anew for each episode."""

    seed: int
    sampler: Sampler
    values: tuple[float, ...]
    """(low, high), (mean, deviation), or low, high, low, high, ..."""


def encode_parameter(key: str, value: float | SampledParameter) -> bytes:
    """One environment parameter: its value, or how the player draws it."""
    if not isinstance(value, SampledParameter):
        return _text(key) + _INT.pack(0) + _FLOAT.pack(value)
    count = _INT.pack(len(value.values)) if value.sampler is Sampler.MULTIRANGE else b""
    numbers = b"".join(_FLOAT.pack(number) for number in value.values)
    return b"".join((
        _text(key), _INT.pack(1), _INT.pack(value.seed), _INT.pack(value.sampler), count, numbers
    ))  # fmt: skip


def decode_parameter(payload: bytes) -> tuple[str, float | SampledParameter] | None:
    """Read one environment parameter; None for a kind that we do not know."""
    reader = _Reader(payload, "environment parameters")
    key = reader.text()
    kind = reader.integer()
    if kind == 0:
        return key, reader.number()
    if kind != 1:
        return None
    seed = reader.integer()
    sampler = reader.integer()
    if sampler not in Sampler.__members__.values():
        return None
    if sampler == Sampler.MULTIRANGE:
        return key, SampledParameter(seed, Sampler.MULTIRANGE, reader.numbers())
    return key, SampledParameter(seed, Sampler(sampler), (reader.number(), reader.number()))


class Aggregation(IntEnum):
    """How a trainer sums up a statistic between two reports."""

    AVERAGE = 0
    MOST_RECENT = 1
    SUM = 2
    HISTOGRAM = 3


def encode_stat(name: str, value: float, aggregation: Aggregation = Aggregation.AVERAGE) -> bytes:
    """One statistic for the trainer's log."""
    return _text(name) + _FLOAT.pack(value) + _INT.pack(aggregation)


def decode_stat(payload: bytes) -> tuple[str, float, int]:
    """Read one statistic: name, value, aggregation."""
    reader = _Reader(payload, "stats")
    return reader.text(), reader.number(), reader.integer()
