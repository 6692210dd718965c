"""The live link of shipped games: asynchronous, off the game's main thread, reconnecting.

A game opens a TCP connection and says `protocol/live.proto` messages, each behind its length. The
server decides about the newest observation of each NPC and answers when it can; nobody waits.

Why TCP and not a gRPC stream: `python -m unity_bridge.live.measure` runs both, in Python, over the
same messages, and docs/live.md has its figures. TCP takes less processor time on both sides, and a
Unity player can always carry it: its sockets and TLS are part of .NET. gRPC, which was not measured
in C#, would need the Grpc.Core 1.x that ML-Agents bundles, which is out of maintenance, has native
code for each platform (none for 64-bit ARM under Linux, and it differs from the one that a game may
bring), and spends threads of its own.

    server = LiveServer(minds, port=5005)
    await server.start()
"""

from unity_bridge.live.client import LiveClient, RefusedError
from unity_bridge.live.limits import LiveLimits
from unity_bridge.live.security import Security
from unity_bridge.live.server import LiveServer

__all__ = ["LiveClient", "LiveLimits", "LiveServer", "RefusedError", "Security"]
