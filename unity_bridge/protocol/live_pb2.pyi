from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Message(_message.Message):
    __slots__ = ("hello", "welcome", "refusal", "observation", "action", "mind", "news", "ping", "pong", "leave", "goodbye")
    HELLO_FIELD_NUMBER: _ClassVar[int]
    WELCOME_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    OBSERVATION_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    MIND_FIELD_NUMBER: _ClassVar[int]
    NEWS_FIELD_NUMBER: _ClassVar[int]
    PING_FIELD_NUMBER: _ClassVar[int]
    PONG_FIELD_NUMBER: _ClassVar[int]
    LEAVE_FIELD_NUMBER: _ClassVar[int]
    GOODBYE_FIELD_NUMBER: _ClassVar[int]
    hello: Hello
    welcome: Welcome
    refusal: Refusal
    observation: Observation
    action: Action
    mind: Mind
    news: News
    ping: Ping
    pong: Pong
    leave: Leave
    goodbye: Goodbye
    def __init__(self, hello: _Optional[_Union[Hello, _Mapping]] = ..., welcome: _Optional[_Union[Welcome, _Mapping]] = ..., refusal: _Optional[_Union[Refusal, _Mapping]] = ..., observation: _Optional[_Union[Observation, _Mapping]] = ..., action: _Optional[_Union[Action, _Mapping]] = ..., mind: _Optional[_Union[Mind, _Mapping]] = ..., news: _Optional[_Union[News, _Mapping]] = ..., ping: _Optional[_Union[Ping, _Mapping]] = ..., pong: _Optional[_Union[Pong, _Mapping]] = ..., leave: _Optional[_Union[Leave, _Mapping]] = ..., goodbye: _Optional[_Union[Goodbye, _Mapping]] = ...) -> None: ...

class Hello(_message.Message):
    __slots__ = ("contract_version", "contract_hash", "package", "token", "world", "session", "connection")
    CONTRACT_VERSION_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_HASH_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    WORLD_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    contract_version: int
    contract_hash: str
    package: str
    token: str
    world: str
    session: bytes
    connection: int
    def __init__(self, contract_version: _Optional[int] = ..., contract_hash: _Optional[str] = ..., package: _Optional[str] = ..., token: _Optional[str] = ..., world: _Optional[str] = ..., session: _Optional[bytes] = ..., connection: _Optional[int] = ...) -> None: ...

class Welcome(_message.Message):
    __slots__ = ("contract_version", "contract_hash", "package", "weights")
    CONTRACT_VERSION_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_HASH_FIELD_NUMBER: _ClassVar[int]
    PACKAGE_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    contract_version: int
    contract_hash: str
    package: str
    weights: str
    def __init__(self, contract_version: _Optional[int] = ..., contract_hash: _Optional[str] = ..., package: _Optional[str] = ..., weights: _Optional[str] = ...) -> None: ...

class Refusal(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: str
    def __init__(self, reason: _Optional[str] = ...) -> None: ...

class Observation(_message.Message):
    __slots__ = ("npc", "sequence", "time", "audio", "camera_png", "dialogue", "entities", "goal", "self", "forbidden")
    NPC_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    CAMERA_PNG_FIELD_NUMBER: _ClassVar[int]
    DIALOGUE_FIELD_NUMBER: _ClassVar[int]
    ENTITIES_FIELD_NUMBER: _ClassVar[int]
    GOAL_FIELD_NUMBER: _ClassVar[int]
    SELF_FIELD_NUMBER: _ClassVar[int]
    FORBIDDEN_FIELD_NUMBER: _ClassVar[int]
    npc: str
    sequence: int
    time: float
    audio: bytes
    camera_png: bytes
    dialogue: bytes
    entities: bytes
    goal: bytes
    self: bytes
    forbidden: bytes
    def __init__(self_, npc: _Optional[str] = ..., sequence: _Optional[int] = ..., time: _Optional[float] = ..., audio: _Optional[bytes] = ..., camera_png: _Optional[bytes] = ..., dialogue: _Optional[bytes] = ..., entities: _Optional[bytes] = ..., goal: _Optional[bytes] = ..., self: _Optional[bytes] = ..., forbidden: _Optional[bytes] = ...) -> None: ...

class Action(_message.Message):
    __slots__ = ("npc", "sequence", "indices", "mind")
    NPC_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    INDICES_FIELD_NUMBER: _ClassVar[int]
    MIND_FIELD_NUMBER: _ClassVar[int]
    npc: str
    sequence: int
    indices: _containers.RepeatedScalarFieldContainer[int]
    mind: bytes
    def __init__(self, npc: _Optional[str] = ..., sequence: _Optional[int] = ..., indices: _Optional[_Iterable[int]] = ..., mind: _Optional[bytes] = ...) -> None: ...

class Mind(_message.Message):
    __slots__ = ("npc", "sequence", "blob", "replace")
    NPC_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    BLOB_FIELD_NUMBER: _ClassVar[int]
    REPLACE_FIELD_NUMBER: _ClassVar[int]
    npc: str
    sequence: int
    blob: bytes
    replace: bool
    def __init__(self, npc: _Optional[str] = ..., sequence: _Optional[int] = ..., blob: _Optional[bytes] = ..., replace: _Optional[bool] = ...) -> None: ...

class News(_message.Message):
    __slots__ = ("npc", "channel", "content")
    NPC_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    npc: str
    channel: str
    content: bytes
    def __init__(self, npc: _Optional[str] = ..., channel: _Optional[str] = ..., content: _Optional[bytes] = ...) -> None: ...

class Ping(_message.Message):
    __slots__ = ("number", "round_trip", "staleness")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ROUND_TRIP_FIELD_NUMBER: _ClassVar[int]
    STALENESS_FIELD_NUMBER: _ClassVar[int]
    number: int
    round_trip: float
    staleness: float
    def __init__(self, number: _Optional[int] = ..., round_trip: _Optional[float] = ..., staleness: _Optional[float] = ...) -> None: ...

class Pong(_message.Message):
    __slots__ = ("number",)
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    number: int
    def __init__(self, number: _Optional[int] = ...) -> None: ...

class Leave(_message.Message):
    __slots__ = ("npc",)
    NPC_FIELD_NUMBER: _ClassVar[int]
    npc: str
    def __init__(self, npc: _Optional[str] = ...) -> None: ...

class Goodbye(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
