"""A live server whose minds count decisions and answer at once, as a program: PORT [TOKEN]."""

import asyncio
import struct
import sys

import numpy as np

from envs.contract import CAMERA_SIZE, NO_OP, Branch
from unity_bridge.batch import WorldReply
from unity_bridge.live import LiveServer, Security
from unity_bridge.png import decode_png, encode_png

_COUNT = struct.Struct("<4sI")


class CountingMind:
    """Each NPC says the number of its decision by ``target`` and ``about``: all its mind."""

    def __init__(self):
        self.counts = {}

    async def decide(self, batch):
        actions = np.tile(NO_OP, (len(batch.npcs), 1))
        for row, npc in enumerate(batch.npcs):
            count = self.counts[npc] = self.counts.get(npc, 0) + 1
            actions[row, Branch.TARGET], actions[row, Branch.ABOUT] = count % 64, count // 64
        return WorldReply(actions)

    async def save(self, world, npc):
        return _COUNT.pack(b"mind", self.counts.get(npc, 0))

    async def restore(self, world, npc, blob):
        if len(blob) != _COUNT.size:
            raise ValueError("it is no saved mind")
        self.counts[npc] = _COUNT.unpack(blob)[1]

    def connected(self, world):
        pass

    def released(self, world):
        self.counts.clear()


async def _serve(port, token):
    # The first picture compiles its decoder; a server that listens has done that.
    picture = np.zeros((CAMERA_SIZE, CAMERA_SIZE, 3), np.uint8)
    decode_png(encode_png(picture), CAMERA_SIZE, CAMERA_SIZE)
    server = LiveServer(CountingMind(), port=port, security=Security(token=token))
    await server.start()
    print(server.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
