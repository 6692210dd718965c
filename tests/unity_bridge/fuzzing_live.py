"""The live link for ``fuzzing``: what a connection sends, to a whole server but for the sockets."""

import asyncio
import struct
from typing import Any

from hypothesis import strategies as st

from envs.contract import contract_hash
from tests.unity_bridge.helpers import RecordingMind, random_observations
from tests.unity_bridge.strategies import json_texts, parts
from unity_bridge import channels
from unity_bridge.live import LiveLimits, LiveServer
from unity_bridge.live.framing import frame
from unity_bridge.live.observations import encode_observation
from unity_bridge.protocol import live_pb2 as live

OUR_FAULT = ("its message made the server fail", "the mind failed")
SESSION = b"a session"
_LIMITS = LiveLimits(messages_per_second=10**9, bytes_per_second=10**12)


class KeepingMind(RecordingMind):
    """Also saves and restores."""

    async def save(self, world, npc):
        return npc.encode()

    async def restore(self, world, npc, blob):
        blob.decode()  # a ValueError, as of a blob that is no mind


class _Transport:
    def is_closing(self):
        return False

    def get_write_buffer_size(self):
        return 0

    def abort(self):
        pass


class _Writer:
    """Where a server writes: keeps what it says."""

    def __init__(self):
        self.transport = _Transport()
        self.said = bytearray()

    def get_extra_info(self, name):
        return ("127.0.0.1", 1) if name == "peername" else None

    def write(self, data):
        self.said += data

    def can_write_eof(self):
        return False

    def close(self):
        pass

    async def wait_closed(self):
        pass


class LiveTarget:
    """A server that is spoken to by one connection after the other."""

    def __init__(self):
        self.mind = KeepingMind()
        self.server = LiveServer(self.mind, limits=_LIMITS)

    async def answer(self, data):
        """What a connection that sends these bytes is told at last."""
        reader, writer = asyncio.StreamReader(limit=_LIMITS.message_bytes), _Writer()
        reader.feed_data(data)
        reader.feed_eof()
        told: Any = writer
        await self.server._serve(reader, told)
        worlds = self.server.worlds  # those that did not say goodbye
        for _ in range(3):  # what is pending is decided
            await asyncio.sleep(0)
        for world in worlds:
            assert not any(said.startswith(OUR_FAULT) for said in world._said), world._said
        for session in list(self.server._sessions):
            self.server._forget(session)
        assert not self.server.worlds and not self.server._connections
        assert len(self.mind.worlds) == len(self.mind.gone), "a world was not released"
        decided = sum(len(batch.agents) for batch in self.mind.batches)
        for found in (self.mind.batches, self.mind.worlds, self.mind.gone):
            found.clear()
        refusals = [one.refusal.reason for one in split(bytes(writer.said))
                    if one.HasField("refusal")]  # fmt: skip
        assert not any(reason.startswith(OUR_FAULT) for reason in refusals), refusals
        return refusals[-1] if refusals else f"served and decided {decided > 0}"


def split(data):
    """The messages of a stream, as far as they can be read."""
    found, start = [], 0
    while start + 4 <= len(data):
        (size,) = struct.unpack_from("<I", data, start)
        found.append(live.Message.FromString(data[start + 4 : start + 4 + size]))
        start += 4 + size
    return found


def make_streams():
    """Good streams: a long conversation and a short one."""
    hello = live.Hello(
        contract_version=1, contract_hash=contract_hash(), package="game", world="w",
        session=SESSION, connection=1,
    )  # fmt: skip
    observed = random_observations(1, seed=1)
    observed["audio"][:] = 0.0
    observed["camera"][:] = 7
    observed["entities"][:, 1:] = observed["dialogue"][:, 1:] = 0.0
    observation = encode_observation("guard", 1, 0.5, observed, 0)
    entry = {"sequence": 1, "op": "add", "slot": 2, "name": "the hall", "polygon": [[0, 1]],
             "doorways": [{"position": [0, 0, 1], "width": 1, "places": [2, 0]}]}  # fmt: skip
    said: dict[str, Any] = {
        "catalogue": [entry],
        "dialogue": [{"utterance": 1, "speaker": 2, "to_me": True, "text": "hello"}],
        "goal": [{"op": "set", "goal": 1, "text": "go to the hall", "priority": 1}],
        "episode": [{"op": "start", "task": "t", "seed": 3, "map": "known"}],
        "weather": [],
    }
    news = [
        live.News(npc="guard", channel=name, content=channels.encode_json(part))
        for name, part in said.items()
    ]
    opening = live.Message(hello=hello)
    leaving = [live.Message(leave=live.Leave(npc="guard")), live.Message(goodbye=live.Goodbye())]
    talk = [
        live.Message(mind=live.Mind(npc="guard", sequence=1, blob=b"mind")),
        *(live.Message(news=one) for one in news),
        live.Message(observation=observation),
        live.Message(ping=live.Ping(number=1, round_trip=0.1)),
    ]
    return [join([opening, *talk]), join([opening, *talk[:4], *leaving]), join([opening])]


def join(said):
    """A stream of messages."""
    return b"".join(frame(message) for message in said)


NPCS = st.sampled_from(["guard", "", "x" * 129, "a\nb"]) | st.text(max_size=9)
UINT64 = st.sampled_from([0, 1, 2**64 - 1])
SAID = {
    "observation": st.builds(
        live.Observation, npc=NPCS, sequence=UINT64, time=st.floats(), audio=st.binary(max_size=9),
        camera_png=st.binary(max_size=40), goal=st.binary(max_size=9),
    ),
    "mind": st.builds(
        live.Mind, npc=NPCS, sequence=UINT64, blob=st.binary(), replace=st.booleans()
    ),
    "ping": st.builds(live.Ping, number=UINT64, round_trip=st.floats(width=32)),
    "leave": st.builds(live.Leave, npc=NPCS),
    "goodbye": st.just(live.Goodbye()),
    "hello": st.builds(live.Hello, world=st.text(max_size=9), session=st.binary(max_size=70)),
    "action": st.just(live.Action()),
}  # fmt: skip


@st.composite
def streams(draw):
    """What a connection may send: mostly a good beginning, then anything."""
    good = split(make_streams()[0])
    said = good[:1] if draw(st.integers(0, 9)) else []
    for _ in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(["good", "news", *SAID]))
        if kind == "good":
            said.append(draw(st.sampled_from(good)))
        elif kind == "news":
            channel = draw(st.sampled_from([*channels.OUR_CHANNELS]))
            content = draw(parts(channel) | json_texts()).encode("utf-8", "replace")
            name = draw(st.just(channels.OUR_CHANNELS[channel]) | st.text(max_size=5))
            said.append(live.Message(news=live.News(npc="guard", channel=name, content=content)))
        else:
            said.append(live.Message(**{kind: draw(SAID[kind])}))
    data = join(said)
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 5)) == 0 else data
