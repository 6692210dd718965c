"""One world of the fault test: ``python -m tests.agent.fault_world ROLE PORT SECONDS``.

Each says "ready" and begins when it is told to. A ``good`` one plays the headless world ten times a
second as a game does and prints what it saw as JSON; ``burns`` talks to nobody and takes as much of
the machine as the wild ones do; each of the others misbehaves in its own way until it is killed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time

import grpc

from envs.contract import DECISION_SECONDS
from tests.unity_bridge.helpers import make_infos, make_step
from unity_bridge import channels
from unity_bridge.client import Client
from unity_bridge.game import BEHAVIOR, Game, make_greeting, make_waiting
from unity_bridge.programme import PlayerOptions, Programme
from unity_bridge.protocol import METHOD, SERVICE, messages

NPCS = 2
"""Of a good world."""
FLOODING_THREADS = 12
WARM_UP = 10
"""Decisions of a good world that are not counted."""
LATER_SECONDS = 3.0
"""By then the good worlds count."""


def good(port: int, seconds: float) -> None:
    """Play; count what was asked for and decided, and how long it took."""
    options = PlayerOptions(port, tasks=("named_place",), areas=NPCS, threads=1)
    waited: list[float] = []
    asked = acted = decided = 0
    with Client("127.0.0.1", port) as client:
        game = Game(Programme(options), client.exchange(make_greeting()))
        message = game.answer(client.exchange(make_waiting()))
        end = float("inf")
        while message is not None and time.monotonic() < end:
            as_a_game(message)
            begun = time.monotonic()
            reply = client.exchange(message)
            took = time.monotonic() - begun
            npcs = sum(
                not i.done for i in message.unity_output.rl_output.agentInfos[BEHAVIOR].value
            )
            waited.append(took)
            if len(waited) == WARM_UP:
                end = time.monotonic() + seconds
            if len(waited) > WARM_UP:
                asked += npcs
                acted += len(reply.unity_input.rl_input.agent_actions[BEHAVIOR].value)
                decided += count_shown(reply)
            message = game.answer(reply)
            time.sleep(max(0.0, begun + DECISION_SECONDS - time.monotonic()))
        client.leave()
    waited_ms = [round(1000.0 * took, 1) for took in waited[WARM_UP:]]
    print(json.dumps({"asked": asked, "acted": acted, "decided": decided, "ms": waited_ms}))


def as_a_game(message: messages.UnityMessageProto) -> None:
    """A game evaluates nothing: with its episode messages it would be waited for without end."""
    output = message.unity_output.rl_output
    frames = channels.decode_frames(output.side_channel)
    output.side_channel = channels.encode_frames(
        [(channel, payload) for channel, payload in frames if channel != channels.EPISODE]
    )


def count_shown(reply: messages.UnityMessageProto) -> int:
    """NPCs that the mind has decided for: only they are shown."""
    return sum(
        len(channels.decode_npcs(channel, payload))
        for channel, payload in channels.decode_frames(reply.unity_input.rl_input.side_channel)
        if channel == channels.MIND
    )


def connect(port: int) -> Client:
    """A client that has greeted."""
    client = Client("127.0.0.1", port)
    client.exchange(make_greeting())
    client.exchange(make_waiting())
    return client


def burns(_port: int) -> None:
    """Takes a processor."""
    while True:
        pass


def dies(port: int) -> None:
    """Killed while its question is being answered."""
    client = connect(port)
    data = make_step(make_infos(4)).SerializeToString()
    client._exchange(data)
    time.sleep(LATER_SECONDS)
    client._exchange.future(data)
    time.sleep(0.002)
    os.kill(os.getpid(), signal.SIGKILL)


def hangs(port: int) -> None:
    """Stopped while its question is being answered."""
    client = connect(port)
    data = make_step(make_infos(4)).SerializeToString()
    client._exchange(data)
    time.sleep(LATER_SECONDS)
    client._exchange.future(data)
    time.sleep(0.002)
    print("stopped", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)


def floods(port: int) -> None:
    """Asks from many threads at once, and opens connection after connection."""
    ask = open_call(port)
    data = make_step(make_infos(8)).SerializeToString()
    greeting, waiting = make_greeting().SerializeToString(), make_waiting().SerializeToString()
    ask(greeting)
    ask(waiting)

    def flood() -> None:
        while True:
            ask(data)

    for _ in range(FLOODING_THREADS):
        threading.Thread(target=flood, daemon=True).start()
    while True:
        open_call(port)(greeting)
        time.sleep(0.02)


def garbage(port: int) -> None:
    """Sends noise, spoilt messages, messages that are too large and wrong beginnings."""
    rng = random.Random(0)
    step = make_step(make_infos(2)).SerializeToString()
    call = open_call(port)
    while True:
        kind = rng.randrange(5)
        spoilt = bytearray(step)
        for _ in range(20):
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        data = (
            rng.randbytes(rng.randrange(1, 5000)), bytes(spoilt), bytes(3 * 2**20),
            make_greeting().SerializeToString(), step,
        )[kind]  # fmt: skip
        try:
            call(data)
        except grpc.RpcError:
            call = open_call(port)
            time.sleep(0.01)


def heavy(port: int) -> None:
    """Says everything of every NPC again and again, in messages as large as may be."""
    thing = {"op": "add", "slot": 7, "kind": "object", "name": "the red vase", "class_name": "vase"}
    named = [{"sequence": number, **thing} for number in range(1000)]
    catalogue = channels.encode_npcs(dict.fromkeys(range(60), named))
    text = channels.encode_npcs({1: [{"utterance": 1, "speaker": 7, "text": "a" * (12 * 2**20)}]})
    says = (
        [(channels.CATALOGUE, catalogue)],
        [(channels.DIALOGUE, text)],
        [(channels.HELLO, b"{}")] * 100_000,
        [(channels.GOAL, b"{}")] * 100_000,
        [(channels.STATS, b"")] * 2_000_000,
    )
    steps = []
    for frames in says:
        message = make_step(make_infos(2))
        message.unity_output.rl_output.side_channel = channels.encode_frames(frames)
        steps.append(message.SerializeToString())
    ask = open_call(port)
    ask(make_greeting().SerializeToString())
    ask(make_waiting().SerializeToString())
    while True:
        for step in steps:
            ask(step)


def open_call(port: int) -> grpc.UnaryUnaryMultiCallable:
    """A connection of its own: bytes in, bytes out."""
    channel = grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)])
    return channel.unary_unary(
        f"/{SERVICE}/{METHOD}", request_serializer=None, response_deserializer=None
    )


def main() -> None:
    """Be what the command line says."""
    role, port = sys.argv[1], int(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    if role == "good":
        good(port, float(sys.argv[3]))
        return
    os.nice(5)  # it may take the server's time, not the machine's
    wild = {"burns": burns, "dies": dies, "hangs": hangs, "floods": floods, "garbage": garbage,
            "heavy": heavy}  # fmt: skip
    wild[role](port)


if __name__ == "__main__":
    main()
