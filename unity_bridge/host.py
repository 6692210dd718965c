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
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError

from unity_bridge.batch import MindServer
from unity_bridge.client import HOST_MESSAGE_BYTES
from unity_bridge.connections import connected_ports, port_of_peer
from unity_bridge.errors import BridgeError
from unity_bridge.health import Health
from unity_bridge.protocol import METHOD, SERVICE, messages
from unity_bridge.session import STATUS_OK, STATUS_QUIT, Session, is_greeting, make_reply

DEFAULT_PORT = 5004
"""The port that the Unity editor connects to."""
FLUSH_SECONDS = 0.1
"""So long the last answers may take to be sent."""
STOP_SECONDS = 3.0
"""So long gRPC may take to stop after the grace period."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")

_log = logging.getLogger("unity_bridge.host")


@dataclass
class _Link:
    """A connection and its session."""

    session: Session
    used: float = field(default_factory=time.monotonic)
    """When its last message came or was answered, seconds of the monotonic clock."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Host:
    """Serves minds to the worlds that connect.

    Args:
        mind: who decides.
        address: address to listen at; any but loopback lets other machines in, unprotected.
        port: port to listen at, 0 for a free one.
        seed: what players are told to seed themselves with.
        hello: what our ``hello`` says beside the contract, such as ``package`` and ``weights``.
        idle_seconds: where the system does not tell that a player has vanished, one that is silent
            for so long is let go. A paused Unity editor is silent too.
        watch_seconds: how often to look for players that have vanished.
        ready: whether its minds are; else gRPC health says NOT_SERVING until ``set_ready``.
    """

    def __init__(
        self,
        mind: MindServer,
        *,
        address: str = LOOPBACK[0],
        port: int = DEFAULT_PORT,
        seed: int = 0,
        hello: Mapping[str, Any] | None = None,
        max_message_bytes: int = HOST_MESSAGE_BYTES,
        idle_seconds: float = 3600.0,
        watch_seconds: float = 1.0,
        ready: bool = True,
    ):
        self.address = address
        self.port = port
        self._mind = mind
        self._seed = seed
        self._hello = dict(hello or {})
        self._max_message_bytes = max_message_bytes
        self._idle_seconds = idle_seconds
        self._watch_seconds = watch_seconds
        self._links: dict[str, _Link] = {}
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
        return [link.session.world for link in self._links.values()]

    async def start(self) -> None:
        """Begin to listen; sets ``port`` when it was 0.

        Raises:
            BridgeError: when the port is busy or the address is not ours.
        """
        server = grpc.aio.server(
            options=[
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", self._max_message_bytes),
                ("grpc.max_send_message_length", self._max_message_bytes),
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
        if self.address not in LOOPBACK:
            _log.warning(
                "anyone who can reach %s:%d can connect: the connection has no password",
                self.address, self.port,
            )  # fmt: skip

    async def set_ready(self) -> None:
        """The minds are ready: gRPC health says SERVING."""
        await self._health.set_serving()

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
        await self._health.drain()
        if self._watcher is not None:
            self._watcher.cancel()
        deadline = time.monotonic() + grace
        while (self._links or self._in_flight) and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        rest = FLUSH_SECONDS  # whoever watches our health holds nothing up
        try:
            await asyncio.wait_for(self._server.stop(rest), rest + STOP_SECONDS)
        except TimeoutError:
            _log.warning("the gRPC server did not stop in time; it is left behind")
        finally:
            for peer in list(self._links):
                self._release(peer)
            self._server = None
            self._stopped.set()

    # ---------------------------------------------------------------------------------- exchange

    async def _exchange(self, data: bytes, context: grpc.aio.ServicerContext) -> bytes:
        peer = context.peer()
        self._in_flight += 1
        try:
            message = messages.UnityMessageProto.FromString(data)
            reply = await self._answer(peer, message)
        except DecodeError:
            reply = self._refuse(peer, "its bytes are not an ML-Agents message")
        except BridgeError as error:
            reply = self._refuse(peer, str(error))
        except Exception as error:
            _log.exception("%s: this is a mistake of the server, please report it", peer)
            reply = self._refuse(peer, f"its message made the server fail ({error!r})")
        except asyncio.CancelledError:
            self._release(peer, "vanished while it waited for an answer")
            raise
        finally:
            self._in_flight -= 1
        return reply.SerializeToString()

    async def _answer(
        self, peer: str, message: messages.UnityMessageProto
    ) -> messages.UnityMessageProto:
        if self._stopping and message.header.status == STATUS_OK:
            self._release(peer)
            return make_reply(STATUS_QUIT, "the server is stopping")
        link = self._links.get(peer)
        if link is not None and link.session.greeted and is_greeting(message):
            self._release(peer, "began anew")
            link = None
        if link is None:
            session = Session(f"world-{next(self._numbers)}", self._mind, self._seed, self._hello)
            link = self._links[peer] = _Link(session)
        async with link.turn:
            reply = await link.session.answer(message)
            link.used = time.monotonic()
        if link.session.closed:
            self._release(peer)
        return reply

    def _refuse(self, peer: str, why: str) -> messages.UnityMessageProto:
        self._release(peer, f"is let go: {why}", "a player")
        return make_reply(STATUS_QUIT, why)

    # ------------------------------------------------------------------------------------ leaving

    def _release(self, peer: str, what: str = "", unknown: str = "") -> None:
        """Forget a player; say ``what`` happened, also of an ``unknown`` one when that is given."""
        link = self._links.pop(peer, None)
        name = link.session.world if link is not None else unknown
        if what and name:
            _log.warning("%s (%s) %s", name, peer, what)
        if link is None:
            return
        try:
            link.session.close()
        except Exception:  # a mind that fails to forget must not stop the server
            _log.exception("%s: the mind failed to let go of it", link.session.world)

    async def _watch(self) -> None:
        """Let go of players that vanished between two calls."""
        while True:
            await asyncio.sleep(self._watch_seconds)
            present = connected_ports(self.port)
            now = time.monotonic()
            for peer, link in list(self._links.items()):
                port = port_of_peer(peer)
                if link.turn.locked():
                    continue
                if present is not None and port is not None and port not in present:
                    self._release(peer, "vanished")
                elif now - link.used > self._idle_seconds:
                    self._release(peer, f"was silent for {self._idle_seconds:.0f} s and is let go")
