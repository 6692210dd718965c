"""Messages of a player with rendered camera images, for ``bridge``."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from envs.generate import FAMILIES
from envs.policies import oracle
from envs.tasks import Episode, make_episode
from envs.world.world import BatchWorld
from unity_bridge.game import make_greeting, make_waiting
from unity_bridge.protocol import messages
from unity_bridge.session import make_reply

AGENTS = 16
CAMERA_SIZE = 84
FLOATS = 64
FRAMES = 48
"""Different messages; the player says them in a circle."""
DECISIONS_PER_FRAME = 2
ERRAND = "navigation/coloured_object"
BEHAVIOR = "Bench?team=0"
BRANCHES = (3, 3, 2)


def record(images: bool) -> bytes:
    """A conversation's messages as ``bridge_player`` reads them.

    Args:
        images: with a PNG of 84 x 84 RGB pixels for each agent; else 64 floats only.
    """
    said = [make_greeting(), make_waiting()]
    for number, (camera, numbers) in enumerate(_walk(images)):
        said.append(_make_step(camera, numbers, first=number == 0))
    data = [message.SerializeToString() for message in said]
    return b"".join(struct.pack("<I", len(message)) + message for message in data)


def encode_like_unity(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG by libpng's rules, as Unity's is: each row has the filter that suits it best.

    Args:
        pixels: ``(height, width, 3)`` uint8.
    """
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def _walk(images: bool) -> Iterator[tuple[NDArray[np.uint8] | None, NDArray[np.float32]]]:
    """What agents on errands see and feel: cameras ``(16, 3, 84, 84)`` and floats ``(16, 64)``."""
    senses = ("camera",) if images else ()
    world = BatchWorld(AGENTS, 1, senses=senses, camera_size=CAMERA_SIZE, threads=1)
    for index in range(AGENTS):
        world.reset(index, _make_errand(index))
    for frame in range((FRAMES + 1) * DECISIONS_PER_FRAME):
        seen = world.observe()
        if frame % DECISIONS_PER_FRAME == 0:
            numbers = np.concatenate((seen["self"], seen["entities"][:, 0]), axis=1)[:, :FLOATS]
            yield (seen["camera"] if images else None), numbers
        result = world.step(oracle(world))
        for index in np.flatnonzero(result.terminated | result.truncated).tolist():
            world.reset(index, _make_errand(AGENTS * (frame + 1) + index))


def _make_errand(seed: int) -> Episode:
    """An errand in a scene of any family."""
    families = sorted(FAMILIES)
    return make_episode(ERRAND, seed, families[seed % len(families)])


def _make_step(
    camera: NDArray[np.uint8] | None, numbers: NDArray[np.float32], first: bool
) -> messages.UnityMessageProto:
    message = make_reply()
    infos = message.unity_output.rl_output.agentInfos[BEHAVIOR].value
    for agent in range(AGENTS):
        info = infos.add(id=agent, reward=0.25)
        if camera is not None:
            info.observations.add(
                name="camera", shape=camera.shape[1:], compression_type=messages.PNG,
                compressed_data=encode_like_unity(camera[agent].transpose(1, 2, 0)),
                dimension_properties=(1, 2, 2),
            )  # fmt: skip
        seen = info.observations.add(name="numbers", shape=(FLOATS,), dimension_properties=(1,))
        seen.float_data.data.extend(numbers[agent].tolist())
    if first:
        spec = messages.ActionSpecProto(
            num_continuous_actions=2, num_discrete_actions=len(BRANCHES),
            discrete_branch_sizes=BRANCHES,
        )  # fmt: skip
        brains = message.unity_output.rl_initialization_output.brain_parameters
        brains.add(brain_name=BEHAVIOR, is_training=True, action_spec=spec)
    return message
