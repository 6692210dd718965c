"""The server that worlds connect to: ML-Agents' ``Exchange`` over asyncio gRPC.

    host = Host(mind, port=5004)
    await host.start()
    await host.wait()

Any number of players may connect; each connection is a world of its own. Whatever a player sends,
the server lives on, and whatever the mind does, the player gets an answer.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError

from unity_bridge.batch import MindServer
from unity_bridge.connections import connected_ports, port_of_peer
from unity_bridge.errors import BridgeError, OptionError
from unity_bridge.health import Health
from unity_bridge.limits import MEBIBYTE, Limits, Throttle
from unity_bridge.meters import HostMeters
from unity_bridge.protocol import METHOD, SERVICE, messages
from unity_bridge.session import (
    STATUS_OK,
    STATUS_QUIT,
    STOPPING,
    Session,
    is_greeting,
    make_reply,
)
from unity_bridge.telling import Gate, Voice, log

DEFAULT_PORT = 5004
"""The port that the Unity editor connects to."""
FLUSH_SECONDS = 0.1
"""So long the last answers may take to be sent."""
STOP_SECONDS = 3.0
"""So long gRPC may take to stop after the grace period."""
LOOPBACK = "127.0.0.1"
_CALLS_AT_ONCE = 8
"""Of one connection; a game makes one at a time, and gRPC holds back who makes more."""
_QUIET = 0.5
"""A player that has not called for this share of the time between two looks may have vanished."""
_HARD_LIMIT = 2
"""gRPC itself refuses messages of so many times the limit, with an error instead of an answer."""


@dataclass
class _Line:
    """A connection and, once it has greeted, its session."""

    voice: Voice
    throttle: Throttle
    session: Session | None = None
    used: float = field(default_factory=time.monotonic)
    """When its last message came or was answered, seconds of the monotonic clock."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Host:
    """Serves minds to the worlds that connect.

    Args:
        mind: who decides.
        address: address to listen at, of this machine only: the connection has no password.
        port: port to listen at, 0 for a free one.
        seed: what players are told to seed themselves with.
        hello: what our ``hello`` says beside the contract, such as ``package`` and ``weights``.
        limits: how much one world may ask for.
        idle_seconds: where the system does not tell that a player has vanished, one that is silent
            for so long is let go. A paused Unity editor is silent too.
        watch_seconds: how often to look for players that have vanished.
        ready: whether its minds are; else gRPC health says NOT_SERVING until ``set_ready``.
    """

    def __init__(
        self,
        mind: MindServer,
        *,
        address: str = LOOPBACK,
        port: int = DEFAULT_PORT,
        seed: int = 0,
        hello: Mapping[str, Any] | None = None,
        limits: Limits | None = None,
        idle_seconds: float = 3600.0,
        watch_seconds: float = 1.0,
        ready: bool = True,
    ):
        self.address = address
        self.port = port
        self._mind = mind
        self._seed = seed
        self._hello = dict(hello or {})
        self.limits = limits or Limits()
        self.meters = HostMeters()
        self._idle_seconds = idle_seconds
        self._watch_seconds = watch_seconds
        self._lines: dict[str, _Line] = {}
        self._gate = Gate()
        self._numbers = itertools.count(1)
        self._server: grpc.aio.Server | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._health = Health()
        self._ready = ready
        self._in_flight = 0
        """Calls that wait for their answers."""
        self._stopping = False
        self._stopped = asyncio.Event()

    @property
    def worlds(self) -> list[str]:
        """Names of the worlds that are connected."""
        return [session.world for session in self._sessions()]

    def read_meters(self) -> HostMeters:
        """Everything counted so far, and what is there now."""
        sessions = self._sessions()
        self.meters.worlds = len(sessions)
        self.meters.npcs = sum(session.npcs for session in sessions)
        return self.meters

    async def start(self) -> None:
        """Begin to listen; sets ``port`` when it was 0.

        Raises:
            OptionError: when the address is not loopback.
            BridgeError: when the port is busy, or the address is not ours.
        """
        check_loopback(self.address)
        hard_limit = min(_HARD_LIMIT * self.limits.max_message_bytes, 2**31 - 1)
        server = grpc.aio.server(
            options=[
                ("grpc.so_reuseport", 0),
                ("grpc.max_concurrent_streams", _CALLS_AT_ONCE),
                ("grpc.max_receive_message_length", hard_limit),
                ("grpc.max_send_message_length", -1),
            ]
        )
        handler = grpc.unary_unary_rpc_method_handler(self._exchange)  # bytes in, bytes out
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(SERVICE, {METHOD: handler}),)
        )
        await self._health.attach(server)
        host = f"[{self.address}]" if ":" in self.address else self.address
        try:
            self.port = server.add_insecure_port(f"{host}:{self.port}")
        except RuntimeError:
            raise BridgeError(
                f"cannot listen on {self.address}:{self.port}: another program has that port, or "
                "the address is not this machine's; stop that program or give another --port"
            ) from None
        await server.start()
        self._server = server
        if self._ready:
            await self._health.set_serving()
        self._watcher = asyncio.create_task(self._watch())

    async def set_ready(self) -> None:
        """The minds are ready: gRPC health says SERVING."""
        await self._health.set_serving()

    async def drain(self) -> None:
        """It will stop soon: gRPC health says NOT_SERVING for good, worlds go on."""
        await self._health.drain()

    async def wait(self) -> None:
        """Wait until the server has stopped."""
        await self._stopped.wait()

    async def stop(self, grace: float = 2.0) -> None:
        """Take no new worlds, tell every world to quit as it calls next, then stop listening.

        Args:
            grace: seconds to wait for worlds to call, and for decisions that are being made.
        """
        if self._server is None:
            return
        self._stopping = True
        await self.drain()
        if self._watcher is not None:
            self._watcher.cancel()
        deadline = time.monotonic() + grace
        while (self._sessions() or self._in_flight) and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        rest = FLUSH_SECONDS  # whoever watches our health holds nothing up
        try:
            await asyncio.wait_for(self._server.stop(rest), rest + STOP_SECONDS)
        except TimeoutError:
            log.warning(
                "the gRPC server did not stop in time; it is left behind",
                extra={"event": "stop_late"},
            )
        finally:
            for peer in list(self._lines):
                self._release(peer)
            self._server = None
            self._stopped.set()

    # ---------------------------------------------------------------------------------- exchange

    async def _exchange(self, data: bytes, context: grpc.aio.ServicerContext) -> bytes:
        peer, came = context.peer(), time.monotonic()
        line = self._lines.get(peer)
        if line is None:
            throttle = Throttle(self.limits.messages_per_second)
            line = self._lines[peer] = _Line(Voice("", self._gate, peer), throttle)
        self.meters.messages += 1
        self.meters.bytes_received += len(data)
        self._in_flight += 1
        try:
            await self._hold_back(line, len(data))
            async with line.turn:
                reply = await self._answer_safely(peer, line, data, came)
                line.used = time.monotonic()
        except asyncio.CancelledError:
            if line.session is not None:
                line.voice.warn("vanished", "vanished while it waited for an answer")
            self._close(line)
            raise
        finally:
            self._in_flight -= 1
        answer = reply.SerializeToString()
        self.meters.bytes_sent += len(answer)
        return answer

    async def _hold_back(self, line: _Line, size: int) -> None:
        """Let a world wait that asks for more than its share."""
        wait = line.throttle.take(1 + size // MEBIBYTE)
        if wait > 0.0:
            line.voice.warn(
                "too_fast", f"its answers are held back: it sends more than "
                f"{self.limits.messages_per_second:g} messages a second (heedful serve --max-rate)",
            )  # fmt: skip
            await asyncio.sleep(wait)

    async def _answer_safely(
        self, peer: str, line: _Line, data: bytes, came: float
    ) -> messages.UnityMessageProto:
        """An answer, whatever came and whatever goes wrong."""
        most = self.limits.max_message_bytes
        if len(data) > most:
            return self._refuse(
                line, "too_large", f"its message of {len(data) / MEBIBYTE:.1f} MiB is over the "
                f"limit of {most / MEBIBYTE:g} MiB: play fewer areas or NPCs at once, or give "
                "heedful serve more --max-message-mb",
            )  # fmt: skip
        try:
            message = messages.UnityMessageProto.FromString(data)
            reply = await self._answer(peer, line, message)
        except DecodeError:
            return self._refuse(line, "garbage", "its bytes are not an ML-Agents message")
        except BridgeError as error:
            return self._refuse(line, "refused", str(error))
        except Exception as error:
            line.voice.fail(
                "server_failed", "this is a mistake of the server, please report it", error
            )
            return self._refuse(
                line, "server_failed", f"its message made the server fail ({error!r})"
            )
        if reply.unity_input.rl_input.agent_actions:
            self.meters.answer_seconds.add(time.monotonic() - came)
        return reply

    async def _answer(
        self, peer: str, line: _Line, message: messages.UnityMessageProto
    ) -> messages.UnityMessageProto:
        if self._stopping and message.header.status == STATUS_OK:
            self._close(line)
            return make_reply(STATUS_QUIT, STOPPING)
        if line.session is not None and line.session.greeted and is_greeting(message):
            line.voice.warn("began_anew", "began anew")
            self._close(line)
        if line.session is None:
            full = self._why_full()
            if full is not None:
                return self._refuse(line, "too_many_worlds", full)
            line.session = self._open(peer, line)
        session = line.session
        reply = await session.answer(message)
        if session.closed:
            self._close(line)
        return reply

    def _refuse(self, line: _Line, event: str, why: str) -> messages.UnityMessageProto:
        self.meters.refused[event] += 1
        line.voice.warn(event, f"is let go: {why}")
        self._close(line)
        return make_reply(STATUS_QUIT, why)

    # ------------------------------------------------------------------------- coming and leaving

    def _sessions(self) -> list[Session]:
        return [line.session for line in list(self._lines.values()) if line.session is not None]

    def _why_full(self) -> str | None:
        """What keeps a world from being taken in, None when nothing does."""
        most = self.limits.max_worlds
        if len(self._sessions()) >= most:
            # Some may have vanished since the last look.
            self._sweep(time.monotonic(), connected_ports(self.port))
        if len(self._sessions()) < most:
            return None
        return (
            f"this server has {most} worlds and takes no more: stop one, or give heedful serve "
            "more --max-worlds"
        )

    def _open(self, peer: str, line: _Line) -> Session:
        world = f"world-{next(self._numbers)}"
        line.voice = Voice(world, self._gate, peer)
        return Session(
            world, self._mind, self._seed, self._hello, max_npcs=self.limits.max_npcs,
            reading_share=self.limits.reading_share, voice=line.voice, meters=self.meters,
        )  # fmt: skip

    def _close(self, line: _Line) -> None:
        """Let go of a line's world, if it has one."""
        session, line.session = line.session, None
        if session is None:
            return
        try:
            session.close()
        except Exception as error:  # a mind that fails to forget must not stop the server
            line.voice.fail("server_failed", "the mind failed to let go of it", error)

    def _release(self, peer: str, event: str = "", what: str = "") -> None:
        """Forget a connection; say what happened when it had a world."""
        line = self._lines.pop(peer, None)
        if line is None:
            return
        if event and line.session is not None:
            line.voice.warn(event, what)
        self._close(line)

    def _sweep(self, looked: float, present: set[int] | None) -> None:
        """Let go of players that vanished between two calls.

        Args:
            looked: when it was looked for them, seconds; who has called since is there.
            present: their ports, None where the system does not say.
        """
        now = time.monotonic()
        for peer, line in list(self._lines.items()):
            port = port_of_peer(peer)
            if line.turn.locked() or line.used >= looked:
                continue
            if present is not None and port is not None and port not in present:
                self._release(peer, "vanished", "vanished")
            elif now - line.used > self._idle_seconds:
                self._release(
                    peer, "silent", f"was silent for {self._idle_seconds:.0f} s and is let go"
                )

    def _is_somebody_quiet(self, now: float) -> bool:
        """Whether a player has not called for a while; nobody else can have vanished."""
        return any(
            not line.turn.locked() and now - line.used > _QUIET * self._watch_seconds
            for line in self._lines.values()
        )

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._watch_seconds)
            looked = time.monotonic()
            if self._is_somebody_quiet(looked):
                # Linux takes 20 ms to list its connections, which no answer should wait for.
                present = await asyncio.to_thread(connected_ports, self.port)
                self._sweep(looked, present)
            for sentence in self._gate.turn():
                log.warning("%s", sentence, extra={"event": "lines_left_out"})


def check_loopback(address: str) -> None:
    """Find out whether only this machine can reach an address.

    Raises:
        OptionError: others could.
    """
    try:
        inside = address == "localhost" or ip_address(address).is_loopback
    except ValueError:  # the name of a machine
        inside = False
    if not inside:
        raise OptionError(
            f"lock-step worlds are served on this machine only and {address} would let others in, "
            "without a password: leave --host out, and let games on other machines use the live "
            "link, which has TLS and a token"
        )
