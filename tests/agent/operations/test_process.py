import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from agent.recordings import list_recordings
from agent.serving import blank_observations
from tests.unity_bridge.helpers import make_step
from unity_bridge.client import Client
from unity_bridge.codec import encode_observations
from unity_bridge.game import make_greeting, make_waiting
from unity_bridge.protocol import messages

SERVING, NOT_SERVING = 1, 2


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def health(port):
    """The server's health, None while it does not listen."""
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        try:
            return stub.Check(health_pb2.HealthCheckRequest(), timeout=2).status
        except grpc.RpcError:
            return None


def wait_for(condition, seconds=200):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come true")


@pytest.fixture
def serve(tmp_path):
    """Starts `heedful serve` with JSON logs; gives the process, its port and its lines."""
    processes = []

    def start(*arguments):
        port = free_port()
        command = [sys.executable, "-m", "agent.cli", "serve", "--policy", "untrained", "--port",
                   str(port), "--log-format", "json", *map(str, arguments)]  # fmt: skip
        log = tmp_path / "log.jsonl"
        with log.open("w") as file:
            processes.append(subprocess.Popen(command, stdout=file, stderr=file))
        return processes[-1], port, lambda: [json.loads(line) for line in log.open()]

    yield start
    for process in processes:
        process.kill()
        process.wait()


def blank_infos(count):
    """NPCs that see and hear nothing, which is as the contract says."""
    observations = blank_observations(count)
    infos = [messages.AgentInfoProto(id=row + 1) for row in range(count)]
    for row, info in enumerate(infos):
        encode_observations(info, observations, row)
    return infos


def connect(port):
    client = Client("127.0.0.1", port)
    client.exchange(make_greeting())
    client.exchange(make_waiting())
    return client


def test_a_server_is_operated_by_health_metrics_logs_and_signals(serve, tmp_path):
    episodes = tmp_path / "episodes"
    episodes.mkdir()
    old = episodes / "old.jsonl"
    old.write_text('{"kind": "episode", "npc": "Ada", "goal": "", "world": "world-9"}\n')
    os.utime(old, (0, 0))
    process, port, lines = serve(
        "--metrics-port", 0, "--record", episodes, "--record-days", 7, "--deadline", 60_000
    )
    seen = []
    while SERVING not in seen:
        assert process.poll() is None, lines()
        seen.append(health(port))
    assert set(seen) <= {None, NOT_SERVING, SERVING} and NOT_SERVING in seen
    assert not old.exists()
    client = connect(port)
    client.exchange(make_step(blank_infos(2)))
    (address,) = [line["message"] for line in lines() if line["event"] == "metrics"]
    with urllib.request.urlopen(address.removeprefix("metrics at "), timeout=5) as page:
        shown = page.read().decode().splitlines()
    assert 'heedful_worlds{link="lockstep"} 1.0' in shown
    assert "heedful_decisions_total 2.0" in shown
    process.send_signal(signal.SIGTERM)
    wait_for(lambda: health(port) == NOT_SERVING, 5)
    reply = client.exchange(make_step(blank_infos(2), brain=False))
    assert (reply.header.status, reply.header.message) == (400, "the server is stopping")
    assert process.wait(30) == 0
    assert {found.npc for found in list_recordings(episodes)} == {"Heedful#1", "Heedful#2"}
    assert {found.world for found in list_recordings(episodes)} == {"world-1"}
    events = [line["event"] for line in lines()]
    for event in ("warming_up", "listening", "connected", "stopping", "stopped"):
        assert event in events
    assert None not in events, lines()
    connected = lines()[events.index("connected")]
    assert (connected["level"], connected["world"]) == ("info", "world-1")


def test_a_world_that_does_not_call_is_not_waited_for_without_end(serve):
    process, port, _ = serve()
    wait_for(lambda: health(port) == SERVING)
    connect(port)
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_it_at_once(serve, number):
    process, port, lines = serve()
    wait_for(lambda: health(port) == SERVING)
    connect(port)
    process.send_signal(number)
    wait_for(lambda: "stopping" in [line["event"] for line in lines()], 5)
    begun = time.monotonic()
    process.send_signal(number)
    assert process.wait(5) == -number
    assert time.monotonic() - begun < 2
