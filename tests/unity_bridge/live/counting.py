"""A live server whose minds count their decisions; also a program: PORT [CERTIFICATE KEY TOKEN]."""

import asyncio
import signal
import struct
import sys
from pathlib import Path

import numpy as np

from envs.contract import NO_OP, Branch
from unity_bridge.batch import WorldReply
from unity_bridge.live import LiveServer, Security

_COUNT = struct.Struct("<4sI")
_MARK = b"mind"


class CountingMind:
    """Each NPC points at the slot that has the number of its decision, which is all its mind."""

    def __init__(self):
        self.counts = {}
        self.batches = []
        self.gone = []
        self.staying = set()
        self.delay = 0.0

    async def decide(self, batch):
        self.batches.append(batch)
        if self.delay:
            await asyncio.sleep(self.delay)
        actions = np.tile(NO_OP, (len(batch.npcs), 1))
        for row, npc in enumerate(batch.npcs):
            count = self.counts[batch.world, npc] = self.counts.get((batch.world, npc), 0) + 1
            actions[row, Branch.TARGET] = count % 64
        return WorldReply(actions, [{"strategy": "count"}] * len(batch.npcs))

    async def save(self, world, npc):
        return _COUNT.pack(_MARK, self.counts.get((world, npc), 0))

    async def restore(self, world, npc, blob):
        if len(blob) != _COUNT.size or not blob.startswith(_MARK):
            raise ValueError("it is no saved mind")
        self.counts[world, npc] = _COUNT.unpack(blob)[1]

    def connected(self, world):
        pass

    def stay(self, world):
        self.staying.add(world)

    def left(self, world, npc):
        self.counts.pop((world, npc), None)

    def released(self, world):
        self.gone.append(world)
        for key in [key for key in self.counts if key[0] == world]:
            del self.counts[key]


async def _serve(port, protection):
    security = None
    if protection:
        security = Security.load("127.0.0.1", *(Path(part) for part in protection))
    server = LiveServer(CountingMind(), port=port, security=security)
    await server.start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print(server.port, flush=True)
    await stop.wait()
    await server.stop()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2:]))
