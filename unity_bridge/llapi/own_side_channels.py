"""Our equals of ``mlagents_envs.side_channel``: the base class and the built-in channels."""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from unity_bridge import channels
from unity_bridge.channels import EngineSetting, Sampler
from unity_bridge.llapi.own_exceptions import (
    UnityCommunicationException,
    UnitySideChannelException,
)

FLOAT_PROPERTIES = UUID("60ccf7d0-4f7e-11ea-b238-784f4387d1f7")


class IncomingMessage:
    """Reads a payload in the order in which it was written; past its end, the default values."""

    def __init__(self, buffer: bytes, offset: int = 0):
        self.buffer = buffer
        self.offset = offset

    def _read(self, form: str, default: Any) -> Any:
        if self.offset >= len(self.buffer):
            return default
        (value,) = struct.unpack_from(form, self.buffer, self.offset)
        self.offset += struct.calcsize(form)
        return value

    def read_bool(self, default_value: bool = False) -> bool:
        """One byte."""
        return bool(self._read("<?", default_value))

    def read_int32(self, default_value: int = 0) -> int:
        """Four bytes."""
        return int(self._read("<i", default_value))

    def read_float32(self, default_value: float = 0.0) -> float:
        """Four bytes."""
        return float(self._read("<f", default_value))

    def read_float32_list(self, default_value: list[float] | None = None) -> list[float]:
        """A count, then that many floats."""
        if self.offset >= len(self.buffer):
            return [] if default_value is None else default_value
        return [self.read_float32() for _ in range(self.read_int32())]

    def read_string(self, default_value: str = "") -> str:
        """A length, then that many bytes of text."""
        if self.offset >= len(self.buffer):
            return default_value
        length = self.read_int32()
        data = self.buffer[self.offset : self.offset + length]
        self.offset += length
        return bytes(data).decode("utf-8")

    def get_raw_bytes(self) -> bytearray:
        """A copy of the whole payload."""
        return bytearray(self.buffer)


class OutgoingMessage:
    """Writes a payload, little-endian."""

    def __init__(self) -> None:
        self.buffer = bytearray()

    def write_bool(self, b: bool) -> None:
        """One byte."""
        self.buffer += struct.pack("<?", b)

    def write_int32(self, i: int) -> None:
        """Four bytes."""
        self.buffer += struct.pack("<i", i)

    def write_float32(self, f: float) -> None:
        """Four bytes."""
        self.buffer += struct.pack("<f", f)

    def write_float32_list(self, float_list: Sequence[float]) -> None:
        """A count, then that many floats."""
        self.buffer += struct.pack(f"<i{len(float_list)}f", len(float_list), *float_list)

    def write_string(self, s: str) -> None:
        """A length, then that many bytes of text; Unity reads ASCII only."""
        if not s.isascii():
            raise UnitySideChannelException(
                f"the text {s!r} is not ASCII, which is all that Unity's side channels read: send "
                "UTF-8 with set_raw_bytes"
            )
        self.buffer += struct.pack("<i", len(s)) + s.encode("ascii")

    def set_raw_bytes(self, buffer: bytes | bytearray) -> None:
        """Replace the whole payload."""
        self.buffer = bytearray(buffer)


class SideChannel(ABC):
    """A named stream of messages beside observations and actions."""

    def __init__(self, channel_id: UUID):
        self._channel_id = channel_id
        self.message_queue: list[bytearray] = []

    @property
    def channel_id(self) -> UUID:
        """The same on both sides."""
        return self._channel_id

    def queue_message_to_send(self, msg: OutgoingMessage) -> None:
        """Send with the next step or reset."""
        self.message_queue.append(msg.buffer)

    @abstractmethod
    def on_message_received(self, msg: IncomingMessage) -> None:
        """Take a message of the player's; called once for each."""


class _SilentChannel(SideChannel):
    """A channel on which the player says nothing."""

    def on_message_received(self, msg: IncomingMessage) -> None:
        """Refuse it."""
        raise UnityCommunicationException(
            f"The {type(self).__name__} received a message from Unity, this should not have "
            "happened."
        )

    def _send(self, payload: bytes) -> None:
        message = OutgoingMessage()
        message.set_raw_bytes(payload)
        self.queue_message_to_send(message)


class EngineConfig(NamedTuple):
    """Window, quality and time of the player."""

    width: int | None
    height: int | None
    quality_level: int | None
    time_scale: float | None
    target_frame_rate: int | None
    capture_frame_rate: int | None

    @staticmethod
    def default_config() -> EngineConfig:
        """What ML-Agents' trainers begin with."""
        return EngineConfig(80, 80, 1, 20.0, -1, 60)


class EngineConfigurationChannel(_SilentChannel):
    """Sets window, quality and time of the player."""

    def __init__(self) -> None:
        super().__init__(channels.ENGINE_CONFIGURATION)

    def set_configuration_parameters(
        self,
        width: int | None = None,
        height: int | None = None,
        quality_level: int | None = None,
        time_scale: float | None = None,
        target_frame_rate: int | None = None,
        capture_frame_rate: int | None = None,
    ) -> None:
        """Set what is given; width and height only together, in pixels."""
        if (width is None) != (height is None):
            raise UnitySideChannelException(
                "You cannot set the width/height of the screen resolution without also setting "
                "the height/width"
            )
        if width is not None and height is not None:
            self._send(channels.encode_engine_setting(EngineSetting.RESOLUTION, width, height))
        for setting, value in (
            (EngineSetting.QUALITY, quality_level),
            (EngineSetting.TIME_SCALE, time_scale),
            (EngineSetting.TARGET_FRAME_RATE, target_frame_rate),
            (EngineSetting.CAPTURE_FRAME_RATE, capture_frame_rate),
        ):
            if value is not None:
                self._send(channels.encode_engine_setting(setting, value))

    def set_configuration(self, config: EngineConfig) -> None:
        """Set all at once."""
        self.set_configuration_parameters(**config._asdict())


class EnvironmentParametersChannel(_SilentChannel):
    """Sets environment parameters: numbers, or how the player draws them."""

    def __init__(self) -> None:
        super().__init__(channels.ENVIRONMENT_PARAMETERS)

    def set_float_parameter(self, key: str, value: float) -> None:
        """A fixed number."""
        self._send(channels.encode_parameter(key, value))

    def set_uniform_sampler_parameters(
        self, key: str, min_value: float, max_value: float, seed: int
    ) -> None:
        """Drawn evenly between two numbers."""
        self._send_sampler(key, seed, Sampler.UNIFORM, (min_value, max_value))

    def set_gaussian_sampler_parameters(
        self, key: str, mean: float, st_dev: float, seed: int
    ) -> None:
        """Drawn from a normal distribution."""
        self._send_sampler(key, seed, Sampler.GAUSSIAN, (mean, st_dev))

    def set_multirangeuniform_sampler_parameters(
        self, key: str, intervals: Iterable[tuple[float, float]], seed: int
    ) -> None:
        """Drawn evenly from several intervals."""
        values = tuple(value for interval in intervals for value in interval)
        self._send_sampler(key, seed, Sampler.MULTIRANGE, values)

    def _send_sampler(
        self, key: str, seed: int, sampler: Sampler, values: tuple[float, ...]
    ) -> None:
        parameter = channels.SampledParameter(seed, sampler, values)
        self._send(channels.encode_parameter(key, parameter))


class FloatPropertiesChannel(SideChannel):
    """Numbers with names, set by either side."""

    def __init__(self, channel_id: UUID | None = None) -> None:
        self._float_properties: dict[str, float] = {}
        super().__init__(channel_id or FLOAT_PROPERTIES)

    def on_message_received(self, msg: IncomingMessage) -> None:
        """Keep what the player set."""
        name = msg.read_string()
        self._float_properties[name] = msg.read_float32()

    def set_property(self, key: str, value: float) -> None:
        """Set here and in the player."""
        self._float_properties[key] = value
        message = OutgoingMessage()
        message.write_string(key)
        message.write_float32(value)
        self.queue_message_to_send(message)

    def get_property(self, key: str) -> float | None:
        """A number, None when nobody has set it."""
        return self._float_properties.get(key)

    def list_properties(self) -> list[str]:
        """The names."""
        return list(self._float_properties)

    def get_property_dict_copy(self) -> dict[str, float]:
        """All of them."""
        return dict(self._float_properties)


class RawBytesChannel(SideChannel):
    """Bytes of the user's own."""

    def __init__(self, channel_id: UUID):
        self._received_messages: list[bytes] = []
        super().__init__(channel_id)

    def on_message_received(self, msg: IncomingMessage) -> None:
        """Keep it."""
        self._received_messages.append(bytes(msg.get_raw_bytes()))

    def get_and_clear_received_messages(self) -> list[bytes]:
        """What came since the last call."""
        received, self._received_messages = self._received_messages, []
        return received

    def send_raw_data(self, data: bytes | bytearray) -> None:
        """Send with the next step or reset."""
        message = OutgoingMessage()
        message.set_raw_bytes(data)
        self.queue_message_to_send(message)


class StatsAggregationMethod(Enum):
    """How values of one name are summed up."""

    AVERAGE = 0
    MOST_RECENT = 1
    SUM = 2
    HISTOGRAM = 3


Stats = dict[str, list[tuple[float, StatsAggregationMethod]]]


class StatsSideChannel(SideChannel):
    """Numbers that the player reports."""

    def __init__(self) -> None:
        super().__init__(channels.STATS)
        self.stats: Stats = defaultdict(list)

    def on_message_received(self, msg: IncomingMessage) -> None:
        """Keep it."""
        name, value, aggregation = channels.decode_stat(bytes(msg.get_raw_bytes()))
        self.stats[name].append((value, StatsAggregationMethod(aggregation)))

    def get_and_reset_stats(self) -> Stats:
        """What came since the last call."""
        stats, self.stats = self.stats, defaultdict(list)
        return stats
