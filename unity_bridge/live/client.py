"""A small game's end of the live link, for tests and measurements."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import ssl
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from envs.contract import CONTRACT_VERSION, contract_hash
from unity_bridge.channels import encode_json
from unity_bridge.errors import BridgeError
from unity_bridge.live.framing import frame, read_message
from unity_bridge.live.observations import encode_observation
from unity_bridge.protocol import live_pb2 as live

_MOST_BYTES = 2**20


class RefusedError(BridgeError):
    """The server does not want this client; its sentence says why."""


class LiveClient:
    """Speaks for the NPCs of one game, over as many connections as it takes.

    Args:
        address: where the server listens.
        port: at which port.
        world: name for the server's logs.
        token: what the server asks for, if it does.
        tls: for servers with TLS.
        session: the game's key, None for a new one.
        contract: the contract's hash that it claims to speak.
    """

    def __init__(
        self,
        address: str,
        port: int,
        *,
        world: str = "python",
        token: str = "",
        tls: ssl.SSLContext | None = None,
        session: bytes | None = None,
        contract: str | None = None,
    ):
        self.address, self.port = address, port
        self.session = session or secrets.token_bytes(16)
        self.minds: dict[str, live.Mind] = {}
        """The newest mind that the server gave of each NPC."""
        self.news: list[live.News] = []
        """Messages of side channels that came."""
        self.round_trip = 0.0
        self._world, self._token, self._tls = world, token, tls
        self._contract = contract or contract_hash()
        self._connections = itertools.count(1)
        self._sequences: dict[str, itertools.count[int]] = {}
        self._submitted: dict[tuple[str, int], float] = {}
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def connect(self, seconds: float = 1.0) -> live.Welcome:
        """Connect, or connect again, say hello, and give the server the minds that were kept.

        Args:
            seconds: so long the server may take to answer.

        Raises:
            RefusedError: when it does not want us.
            OSError: when it is not there.
            TimeoutError: when it does not answer.
        """
        self.drop()
        hello = live.Hello(
            contract_version=CONTRACT_VERSION, contract_hash=self._contract, package="LiveClient",
            token=self._token, world=self._world, session=self.session,
            connection=next(self._connections),
        )  # fmt: skip
        async with asyncio.timeout(seconds):
            self._reader, self._writer = await asyncio.open_connection(
                self.address, self.port, ssl=self._tls,
                server_hostname=self.address if self._tls is not None else None,
            )  # fmt: skip
            self.send(live.Message(hello=hello))
            answer = await self._receive()
        for mind in self.minds.values():
            self.send(live.Message(mind=mind))
        return answer.welcome

    def send(self, message: live.Message) -> None:
        """Send any message."""
        assert self._writer is not None, "connect first"
        self._writer.write(frame(message))

    def observe(
        self, npc: str, observations: Mapping[str, NDArray], row: int = 0,
        allowed: NDArray[np.bool_] | None = None,
    ) -> int:  # fmt: skip
        """Send an observation; its number."""
        sequence = next(self._sequences.setdefault(npc, itertools.count(1)))
        now = time.perf_counter()
        self._submitted[npc, sequence] = now
        message = encode_observation(npc, sequence, now, observations, row, allowed)
        self.send(live.Message(observation=message))
        return sequence

    def tell(self, npc: str, channel: str, part: Any) -> None:
        """Send an NPC's part of a message of a side channel."""
        content = encode_json(part)
        self.send(live.Message(news=live.News(npc=npc, channel=channel, content=content)))

    def ping(self, number: int = 1) -> None:
        """Ask whether the server is there, and tell it the last round trip."""
        self.send(live.Message(ping=live.Ping(number=number, round_trip=self.round_trip)))

    async def action(self, seconds: float = 5.0) -> live.Action:
        """The next action of any NPC.

        Raises:
            BridgeError: when the server has ended the connection.
            TimeoutError: when none comes in time.
        """
        async with asyncio.timeout(seconds):
            while True:
                message = await self._receive()
                if message.HasField("action"):
                    return message.action

    async def receive(self, seconds: float = 5.0) -> live.Message:
        """The next message of any kind; raises as ``action`` does."""
        async with asyncio.timeout(seconds):
            return await self._receive()

    async def leave(self) -> None:
        """Say goodbye, so that the minds are let go."""
        self.send(live.Message(goodbye=live.Goodbye()))
        assert self._writer is not None
        await self._writer.drain()
        self.drop()

    def drop(self) -> None:
        """End the connection without a word."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None

    async def _receive(self) -> live.Message:
        assert self._reader is not None, "connect first"
        message = await read_message(self._reader, _MOST_BYTES)
        if message is None:
            raise BridgeError("the server ended the connection")
        if message.HasField("refusal"):
            raise RefusedError(message.refusal.reason)
        if message.HasField("mind"):
            self.minds[message.mind.npc] = message.mind
        elif message.HasField("news"):
            self.news.append(message.news)
        elif message.HasField("action"):
            key = message.action.npc, message.action.sequence
            submitted = self._submitted.pop(key, None)
            if submitted is not None:
                self.round_trip = time.perf_counter() - submitted
        return message
