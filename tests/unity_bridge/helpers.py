"""What the bridge's tests share: made-up observations, a mind, and a host in a thread."""

import asyncio
import struct
import threading
from pathlib import Path

import numpy as np

from envs.contract import FIELDS, MASK_SIZE, NO_OP
from unity_bridge.batch import WorldReply
from unity_bridge.client import Client
from unity_bridge.codec import encode_mask, encode_observations, make_brain_parameters
from unity_bridge.game import BEHAVIOR, make_greeting, make_waiting
from unity_bridge.host import Host
from unity_bridge.protocol import messages

RECORDED = sorted((Path(__file__).parents[1] / "fixtures" / "mlagents").glob("*.messages"))


def recorded(path):
    """The (request, reply) bytes of a recorded conversation."""
    data, parts, start = path.read_bytes(), [], 0
    while start < len(data):
        (length,) = struct.unpack_from("<I", data, start)
        parts.append(data[start + 4 : start + 4 + length])
        start += 4 + length
    return list(zip(parts[::2], parts[1::2], strict=True))


def random_observations(count, seed=0):
    """Contract arrays with some absent rows, and their masks."""
    rng = np.random.default_rng(seed)
    observations = {}
    for field in FIELDS:
        if field.dtype == "uint8":
            value = rng.integers(0, 256, (count, *field.shape), np.uint8)
        else:
            value = rng.normal(size=(count, *field.shape)).astype(np.float32)
        if field.variable:
            value[:, 3:] = 0.0
            observations[f"{field.name}_mask"] = (value != 0).any(axis=2).astype(np.int8)
        observations[field.name] = value
    return observations


def make_infos(count, seed=0, layout="CHW"):
    """Records of agents 1 to count, with everything allowed."""
    observations = random_observations(count, seed)
    infos = []
    for row in range(count):
        info = messages.AgentInfoProto(id=row + 1)
        encode_observations(info, observations, row, layout)
        encode_mask(info, np.ones(MASK_SIZE, bool))
        infos.append(info)
    return infos


def make_step(infos, brain=True, behavior=BEHAVIOR):
    """A player's message with some agents."""
    message = make_waiting()
    message.unity_output.rl_output.agentInfos[behavior].value.extend(infos)
    if brain:
        parameters = make_brain_parameters(behavior)
        message.unity_output.rl_initialization_output.brain_parameters.append(parameters)
    return message


class RecordingMind:
    """Does nothing and remembers what it was asked."""

    def __init__(self):
        self.batches = []
        self.worlds = []
        self.gone = []

    async def decide(self, batch):
        self.batches.append(batch)
        return WorldReply(np.tile(NO_OP, (len(batch.agents), 1)))

    def connected(self, world):
        self.worlds.append(world)

    def released(self, world):
        self.gone.append(world)


class Serving:
    """A host in a thread of its own, for ``with``."""

    def __init__(self, mind=None, **options):
        self.mind = mind or RecordingMind()
        self.host = Host(self.mind, **{"port": 0, "watch_seconds": 0.1, **options})
        self._ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True)

    @property
    def port(self):
        return self.host.port

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *error):
        self.stop()

    def stop(self, grace=0.2):
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self.host.stop(grace), self._loop)
            self._thread.join(20)
            assert not self._thread.is_alive(), "the host did not stop"

    def connect(self):
        """A client that has shaken hands and was told to reset."""
        client = Client("127.0.0.1", self.port)
        client.exchange(make_greeting())
        client.exchange(make_waiting())
        return client

    async def _serve(self):
        self._loop = asyncio.get_running_loop()
        await self.host.start()
        self._ready.set()
        await self.host.wait()
