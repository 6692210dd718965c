"""Made-up Unity builds: players in a thread, over real gRPC, that say what a test wants."""

import socket
import threading

import grpc
import numpy as np

from unity_bridge import UnityEnvironment
from unity_bridge.png import encode_png
from unity_bridge.protocol import METHOD, SERVICE, messages
from unity_bridge.session import all_capabilities, make_reply

BEHAVIOR = "Made?team=0"
PATH = f"/{SERVICE}/{METHOD}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def greeting(version="1.5.0", package="3.0.0"):
    message = make_reply()
    said = message.unity_output.rl_initialization_output
    said.name, said.communication_version, said.package_version = "Made", version, package
    said.capabilities.CopyFrom(all_capabilities())
    return message


def add_floats(info, name, values, **more):
    values = np.asarray(values, np.float32)
    message = info.observations.add(name=name, shape=values.shape, **more)
    message.float_data.data.extend(values.ravel().tolist())


def add_image(info, name, data, shape, mapping=()):
    info.observations.add(
        name=name, shape=shape, compression_type=messages.PNG, compressed_data=data,
        compressed_channel_mapping=mapping,
    )  # fmt: skip


def pixels(height=4, width=5, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def make_agent(agent=1, value=0.0, **more):
    """A record with a vector of two, and an image of 4 x 5."""
    info = messages.AgentInfoProto(id=agent, **more)
    add_floats(info, "position", [value, agent])
    add_image(info, "eye", encode_png(pixels(seed=agent)), (3, 4, 5))
    return info


def make_message(infos, continuous=0, branches=(3, 2), announce=True, behavior=BEHAVIOR):
    """What a player says at a step."""
    message = make_reply()
    message.unity_output.rl_output.agentInfos[behavior].value.extend(infos)
    if announce:
        message.unity_output.rl_initialization_output.brain_parameters.add(
            brain_name=behavior,
            action_spec=messages.ActionSpecProto(
                num_continuous_actions=continuous,
                num_discrete_actions=len(branches),
                discrete_branch_sizes=branches,
            ),
        )
    return message


class Build:
    """A player that says ``play(number, reply)`` to each reply, for ``with``.

    Keeps what it was told in ``heard``; a ``play`` that gives None hangs up.
    """

    def __init__(self, play, port=None, first=None, path=PATH, **options):
        self.port = port or free_port()
        self.heard = []
        self._play = play
        self._first = first or greeting()
        self._path = path
        self._options = options
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.env = None

    def __enter__(self):
        self._thread.start()
        self.env = UnityEnvironment(base_port=self.port, **{"timeout_wait": 10, **self._options})
        return self

    def __exit__(self, *error):
        if self.env is not None:
            self.env.close()
        self._thread.join(10)
        assert not self._thread.is_alive(), "the player was not told to quit"

    def _run(self):
        options = [
            ("grpc.max_send_message_length", -1),
            ("grpc.use_local_subchannel_pool", 1),  # a connection of its own, as a process has
            ("grpc.initial_reconnect_backoff_ms", 50),  # it may call before anybody listens
        ]
        with grpc.insecure_channel(f"127.0.0.1:{self.port}", options) as channel:
            call = channel.unary_unary(
                self._path, request_serializer=None, response_deserializer=None
            )
            message, number = self._first, -2
            while message is not None:
                try:
                    data = message if isinstance(message, bytes) else message.SerializeToString()
                    answer = call(data, wait_for_ready=number == -2, timeout=20)
                except grpc.RpcError:
                    return
                reply = messages.UnityMessageProto.FromString(answer)
                self.heard.append(reply)
                if reply.header.status != 200:
                    return
                number += 1
                message = make_reply() if number == -1 else self._play(number, reply)


def counting(agents=1, episode=0, **more):
    """A ``play`` whose agents count their decisions; an episode ends after ``episode`` of them."""
    count = {"steps": 0}

    def play(number, reply):
        if reply.unity_input.rl_input.command == messages.RESET:
            count["steps"] = 0
        else:
            count["steps"] += 1
        infos = []
        ended = bool(episode) and count["steps"] == episode
        if ended:
            count["steps"] = 0
            infos = [
                make_agent(agent, episode, done=True, reward=1.0, max_step_reached=agent % 2 == 0)
                for agent in range(1, agents + 1)
            ]
        infos += [
            make_agent(agent, count["steps"], reward=0.5, action_mask=[False] * 4 + [True])
            for agent in range(1, agents + 1)
        ]
        return make_message(infos, announce=number == 0, **more)

    return play
