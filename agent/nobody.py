"""A server without minds: shows whether a port can be listened at, before anything is loaded."""

from __future__ import annotations

import asyncio

from unity_bridge.batch import WorldBatch, WorldReply
from unity_bridge.host import Host


class Nobody:
    """Shakes hands and never decides (`unity_bridge.batch.MindServer`)."""

    async def decide(self, batch: WorldBatch) -> WorldReply:
        """Nobody asks before the handshake is over, and then nobody is there."""
        raise NotImplementedError("this server only shakes hands")

    def connected(self, world: str) -> None:
        """Nothing to do."""

    def released(self, world: str) -> None:
        """Nothing to do."""


def try_port(address: str, port: int) -> None:
    """Listen at a port for a moment.

    Raises:
        BridgeError: it is busy, or the address is not this machine's.
    """
    asyncio.run(_listen(address, port))


async def _listen(address: str, port: int) -> None:
    host = Host(Nobody(), address=address, port=port)
    await host.start()
    await host.stop(grace=0.0)
