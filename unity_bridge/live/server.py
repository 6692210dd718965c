"""The server of the live link: connections, sessions and their grace time."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import ssl
import time
from dataclasses import dataclass

from envs.contract import CONTRACT_VERSION, contract_hash
from unity_bridge.batch import MindServer
from unity_bridge.errors import BridgeError, OptionError, shown
from unity_bridge.limits import Throttle
from unity_bridge.live.framing import frame, parse_message, read_frame, read_message
from unity_bridge.live.limits import Allowance, LiveLimits
from unity_bridge.live.observations import warm_up
from unity_bridge.live.security import Security, is_loopback
from unity_bridge.live.turns import SHARE, Turns
from unity_bridge.live.world import LiveWorld
from unity_bridge.meters import HostMeters
from unity_bridge.protocol import live_pb2 as live

WATCH_SECONDS = 0.5
"""How often to look for games that have fallen silent and for minds whose grace is over."""
CLOSE_SECONDS = 1.0
"""So long the last words of a connection may take to leave."""
SESSION_BYTES = (8, 64)
PATIENCE_SECONDS = 1.0
"""A game is told of being held back after so long: as it begins it has much to say."""
LINGER_SECONDS = 0.2
"""So long a connection that was refused may go on sending."""

_log = logging.getLogger("unity_bridge.live")


class _Connection:
    """One TCP connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: int,
        meters: HostMeters,
    ):  # fmt: skip
        host, port, *_ = writer.get_extra_info("peername") or ("?", 0)
        self.peer = f"{host}:{port}"
        self.reader = reader
        self.heard = time.monotonic()
        self.writer = writer
        self.skipped = 0
        """Messages that were left out because the game did not read."""
        self._most = most
        self._meters = meters
        self._ending = False

    def send(self, message: live.Message, *, may_skip: bool = False) -> None:
        """Send a message at once; ``may_skip``: leave it out while the game does not read."""
        transport = self.writer.transport
        if self._ending or transport.is_closing():
            return
        waiting = transport.get_write_buffer_size()
        if waiting > self._most:
            if may_skip:
                self.skipped += 1
                return
            if waiting > 2 * self._most:  # pings are asked for and no answer is read
                transport.abort()
                return
        framed = frame(message)
        self._meters.bytes_sent += len(framed)
        self.writer.write(framed)

    async def close(self, reason: str = "") -> None:
        """End it, with a sentence for the game when there is a reason."""
        if reason:
            self.send(live.Message(refusal=live.Refusal(reason=reason)))
            self._ending = True
            await self._linger()
        self.writer.close()
        try:
            await asyncio.wait_for(self.writer.wait_closed(), CLOSE_SECONDS)
        except (TimeoutError, OSError, ssl.SSLError):
            self.writer.transport.abort()

    async def _linger(self) -> None:
        """Take what still comes: closed over unread bytes, TCP drops the last words."""
        try:
            if self.writer.can_write_eof():
                self.writer.write_eof()
            async with asyncio.timeout(LINGER_SECONDS):
                while await self.reader.read(65536):
                    pass
        except (TimeoutError, OSError, RuntimeError):  # RuntimeError: another task reads already
            pass


@dataclass
class _Session:
    """A game that comes back."""

    world: LiveWorld
    connection: _Connection | None = None
    number: int = 0
    """Which of the game's connections this is."""
    left: float = 0.0
    """When its last connection ended, seconds of the monotonic clock."""


class LiveServer:
    """Serves minds to games over the live link.

    Args:
        mind: who decides.
        address: address to listen at; any but loopback needs TLS and a token.
        port: port to listen at, 0 for a free one.
        security: who may connect.
        limits: what the server puts up with.
        package: who we are, for the game's log.
        weights: the brain's name, for the game's log.

    Raises:
        OptionError: when others could connect and nothing protects the server.
    """

    def __init__(
        self,
        mind: MindServer,
        *,
        address: str = "127.0.0.1",
        port: int = 5005,
        security: Security | None = None,
        limits: LiveLimits | None = None,
        package: str = "heedful",
        weights: str = "",
    ):
        self.address = address
        self.port = port
        self.meters = HostMeters()
        self._mind = mind
        self._security = security or Security()
        self._limits = limits or LiveLimits()
        if not is_loopback(address) and None in (self._security.tls, self._security.token):
            raise OptionError(f"the live link on {address} needs TLS and a token: see Security")
        self._welcome = live.Welcome(
            contract_version=CONTRACT_VERSION,
            contract_hash=contract_hash(),
            package=package,
            weights=weights,
        )
        self._sessions: dict[bytes, _Session] = {}
        self._connections: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._strangers = 0
        self._held_back: set[Turns] = set()
        self._server: asyncio.Server | None = None
        self._watcher: asyncio.Task[None] | None = None

    @property
    def worlds(self) -> list[LiveWorld]:
        """Worlds that have minds here, connected or in their grace time."""
        return [session.world for session in self._sessions.values()]

    def read_meters(self) -> HostMeters:
        """Everything counted so far, and what is there now."""
        self.meters.worlds = len(self._sessions)
        self.meters.npcs = sum(len(world.npcs) for world in self.worlds)
        return self.meters

    async def start(self) -> None:
        """Begin to listen; sets ``port`` when it was 0.

        Raises:
            BridgeError: when the port is busy or the address is not ours.
        """
        await asyncio.to_thread(warm_up)
        try:
            self._server = await asyncio.start_server(
                self._serve, self.address, self.port, limit=self._limits.message_bytes,
                ssl=self._security.tls,
                ssl_handshake_timeout=self._limits.hello_seconds if self._security.tls else None,
            )  # fmt: skip
        except OSError:
            raise BridgeError(
                f"the live link cannot listen on {self.address}:{self.port}: another program has "
                "that port, or the address is not this machine's; stop that program or give "
                "another --live-port"
            ) from None
        self.port = self._server.sockets[0].getsockname()[1]
        self._watcher = asyncio.create_task(self._watch())

    async def stop(self, grace: float = 2.0) -> None:
        """Give every game its minds to keep, say goodbye and stop listening.

        Args:
            grace: seconds that minds may take to be saved.
        """
        if self._server is None:
            return
        self._server.close()
        if self._watcher is not None:
            self._watcher.cancel()
        saving = [
            asyncio.create_task(session.world.save_all())
            for session in self._sessions.values()
            if session.connection is not None
        ]
        if saving:
            await asyncio.wait(saving, timeout=grace)
        for task in saving:
            task.cancel()
        for connection in list(self._connections):
            connection.send(live.Message(goodbye=live.Goodbye()))
        await asyncio.gather(*(connection.close() for connection in list(self._connections)))
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for key in list(self._sessions):
            self._forget(key)
        self._server = None

    # -------------------------------------------------------------------------------- connections

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        connection = _Connection(reader, writer, self._limits.unsent_bytes, self.meters)
        self._connections.add(connection)
        reason = ""
        try:
            await self._talk(connection)
        except BridgeError as error:
            reason = str(error)
            self.meters.refused["live_link"] += 1
            _log.warning(
                "a game (%s) is let go: %s", connection.peer, reason,
                extra={"event": "refused", "peer": connection.peer},
            )  # fmt: skip
        except (OSError, ssl.SSLError):  # it vanished; its minds wait for it
            pass
        except asyncio.CancelledError:
            pass
        except Exception as error:
            _log.exception(
                "%s: this is a mistake of the server, please report it", connection.peer,
                extra={"event": "server_failed", "peer": connection.peer},
            )  # fmt: skip
            reason = f"its message made the server fail ({error!r})"
        finally:
            await connection.close(reason)
            self._connections.discard(connection)
            self._tasks.discard(task)

    async def _talk(self, connection: _Connection) -> None:
        hello = await self._read_hello(connection)
        session = await self._open(connection, hello)
        world = session.world
        allowance = Allowance(self._limits)
        throttle = Throttle(self._limits.channel_bytes_per_second)
        turns = Turns(self._held_back)
        try:
            while True:
                data = await read_frame(connection.reader, self._limits.message_bytes)
                if data is None:
                    return
                connection.heard = time.monotonic()
                size = len(data)
                allowance.spend(size)
                self.meters.messages += 1
                self.meters.bytes_received += size
                begun = time.thread_time()
                message = parse_message(data)
                parsing = time.thread_time() - begun
                if message.HasField("goodbye"):
                    _log.info("%s left", world.name, extra={"event": "left", "world": world.name})
                    if session.connection is connection:
                        self._forget(hello.session)
                    return
                if message.HasField("news"):
                    await self._hold_back(world, throttle.take(size))
                begun = time.thread_time()
                world.take(message)
                await turns.spend(parsing + time.thread_time() - begun)
                if turns.held_back > PATIENCE_SECONDS:
                    world.say_once(
                        "too_fast",
                        f"it is held back: reading what it says takes more than {SHARE:.0%} of the "
                        "server's time; send fewer or shorter messages",
                    )
        finally:
            turns.end()
            if session.connection is connection:
                session.connection = world.outlet = None
                session.left = time.monotonic()
                if hello.session in self._sessions:
                    _log.info(
                        "%s is away; its minds wait %.0f s", world.name, self._limits.grace_seconds,
                        extra={"event": "away", "world": world.name},
                    )  # fmt: skip

    async def _hold_back(self, world: LiveWorld, seconds: float) -> None:
        """Leave unread for so long what a world has to say on side channels.

        They are long and take longest to read, so they have a limit of their own.
        """
        if seconds > 0.0:
            world.say_once(
                "too_fast",
                "it is held back: its messages of side channels have more than "
                f"{self._limits.channel_bytes_per_second} bytes a second; send shorter or fewer",
            )
            await asyncio.sleep(seconds)

    async def _read_hello(self, connection: _Connection) -> live.Hello:
        """The first message of a connection, which is worth an answer."""
        if self._strangers >= self._limits.strangers:
            raise BridgeError("too many connections have not said hello yet: try again later")
        self._strangers += 1
        try:
            async with asyncio.timeout(self._limits.hello_seconds):
                message = await read_message(connection.reader, self._limits.hello_bytes)
        except TimeoutError:
            raise BridgeError(
                f"it has not said hello within {self._limits.hello_seconds:.0f} s"
            ) from None
        finally:
            self._strangers -= 1
        if message is None or not message.HasField("hello"):
            raise BridgeError("it did not begin with the live link's hello")
        hello = message.hello
        if not self._security.admits(hello.token):
            raise BridgeError("its token is wrong: give the game the server's token")
        if hello.contract_hash != contract_hash():
            raise BridgeError(
                f"its contract is {hello.contract_version} "
                f"({shown(hello.contract_hash) or 'none'}) and "
                f"this server's {CONTRACT_VERSION} ({contract_hash()}): update the older of the two"
            )
        least, most = SESSION_BYTES
        if not least <= len(hello.session) <= most:
            raise BridgeError(f"its session key has not {least} to {most} bytes")
        return hello

    async def _open(self, connection: _Connection, hello: live.Hello) -> _Session:
        """Find the session or make it, and welcome the game."""
        session = self._sessions.get(hello.session)
        if session is None:
            self._make_room()
            # The same after a restart, and tells nothing of the key.
            known_by = hashlib.sha256(hello.session).hexdigest()[:12]
            name = f"live-{shown(hello.world[:64]) or 'world'}-{known_by}"
            session = _Session(LiveWorld(name, self._mind, self._limits, self.meters))
            self._sessions[hello.session] = session
            self.meters.worlds_connected += 1
        elif session.connection is not None and hello.connection < session.number:
            raise BridgeError("a later connection of the same game is here already")
        world, old = session.world, session.connection
        session.connection, session.number = connection, hello.connection
        connection.send(live.Message(welcome=self._welcome))
        world.outlet = connection
        connection.heard = time.monotonic()
        _log.info(
            "%s %s: %s at %s", world.name, "is back" if world.npcs else "connected",
            shown(hello.package) or "unknown", connection.peer,
            extra={"event": "connected", "world": world.name, "peer": connection.peer},
        )  # fmt: skip
        if old is not None:
            await old.close("another connection of the same game took over")
        return session

    # -------------------------------------------------------------------------------- leaving

    def _make_room(self) -> None:
        """See that one more world may come: the one that is away for longest gives way."""
        if len(self._sessions) < self._limits.worlds:
            return
        away = [key for key, session in self._sessions.items() if session.connection is None]
        if not away:
            raise BridgeError(
                f"the server has {self._limits.worlds} worlds, which is its limit: try again later"
            )
        self._forget(min(away, key=lambda key: self._sessions[key].left))

    def _forget(self, key: bytes) -> None:
        session = self._sessions.pop(key, None)
        if session is not None:
            session.world.close()

    async def _watch(self) -> None:
        """Let go of games that fell silent, and of minds that nobody came back for."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            now = time.monotonic()
            for key, session in list(self._sessions.items()):
                connection = session.connection
                if connection is None:
                    if now - session.left > self._limits.grace_seconds:
                        _log.info(
                            "%s did not come back; its minds go", session.world.name,
                            extra={"event": "forgotten", "world": session.world.name},
                        )  # fmt: skip
                        self._forget(key)
                elif now - connection.heard > self._limits.silence_seconds:
                    _log.warning(
                        "%s has said nothing for %.0f s and is let go",
                        session.world.name, self._limits.silence_seconds,
                        extra={"event": "silent", "world": session.world.name},
                    )  # fmt: skip
                    connection.writer.transport.abort()
