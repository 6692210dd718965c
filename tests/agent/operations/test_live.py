"""`heedful serve --live-port` with real minds, killed and started again."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time

import pytest

from agent.serving import blank_observations
from unity_bridge.errors import BridgeError
from unity_bridge.live import LiveClient

BLANK = blank_observations(2)


def start(live_port):
    command = [sys.executable, "-m", "agent.cli", "serve", "--policy", "untrained", "--port", "0",
               "--live-port", str(live_port), "--log-format", "json"]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def wait_for_port(process):
    """The live link's port, once it listens."""
    for line in process.stdout:
        entry = json.loads(line)
        if entry["event"] == "live_listening":
            return int(json.dumps(entry).partition("127.0.0.1:")[2].split('"')[0])
    raise AssertionError("the server ended")


async def play(client, decisions):
    for _ in range(decisions):
        for row, npc in enumerate(("guard", "thief")):
            client.observe(npc, BLANK, row)
        answered: set[str] = set()
        while answered != {"guard", "thief"}:
            answered.add((await client.action(20.0)).npc)


def test_minds_of_a_killed_server_are_back_two_seconds_after_it_listens_again():
    async def talk():
        first = start(0)
        client = LiveClient("127.0.0.1", wait_for_port(first))
        await client.connect(5.0)
        while set(client.minds) != {"guard", "thief"}:
            await play(client, 1)
        assert all(0 < len(mind.blob) <= 65536 for mind in client.minds.values())
        first.kill()
        first.wait()
        with pytest.raises((BridgeError, OSError)):
            while True:
                await client.receive()
        second = start(client.port)
        try:
            assert wait_for_port(second) == client.port
            began = time.monotonic()
            await client.connect(2.0)
            await play(client, 1)
            assert time.monotonic() - began < 2.0
            assert not client.news  # nothing to complain about: both minds were restored
            client.drop()
        finally:
            second.send_signal(signal.SIGTERM)
            said = second.stdout.read()
            assert second.wait() == 0
        assert said.count(" goes on") == 2

    asyncio.run(talk())


def refuse(*arguments):
    """Exit code and sentence of a server that does not start."""
    command = [sys.executable, "-m", "agent.cli", "serve", "--policy", "untrained", "--port", "0"]
    told = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True)
    (line,) = told.stderr.splitlines()
    return told.returncode, line


def test_the_live_link_on_other_addresses_needs_protection():
    code, line = refuse("--live-port", 0, "--live-host", "0.0.0.0")
    assert code == 2
    assert "needs --tls-cert, --tls-key and --token-file" in line


def test_what_is_of_the_live_link_needs_its_port(tmp_path):
    for given in (("--live-host", "0.0.0.0"), ("--token-file", tmp_path / "token")):
        code, line = refuse(*given)
        assert code == 2
        assert line.endswith("are of the live link: give --live-port too.")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--port", 5798, "--live-port", 5798),
         "--port and --live-port are both 5798: give the live link another --live-port."),
        (("--port", 5798, "--metrics-port", 5798, "--metrics-host", "0.0.0.0"),
         "--port and --metrics-port are both 5798: give the metrics another --metrics-port."),
        (("--live-port", 5798, "--metrics-port", 5798, "--metrics-host", "localhost"),
         "--live-port and --metrics-port are both 5798: give the metrics another --metrics-port."),
    ],
)  # fmt: skip
def test_one_port_for_two_is_told_before_anything_is_loaded(given, sentence):
    code, line = refuse(*given, "--brain", "/no/such/brain")
    assert code == 2
    assert line == f"heedful: {sentence}"


def test_a_busy_port_of_the_live_link_is_told_before_anything_is_loaded():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, line = refuse("--live-port", port, "--brain", "/no/such/brain")
    assert code == 1
    assert f"the live link cannot listen on 127.0.0.1:{port}" in line
    assert line.endswith("give another --live-port.")
