"""The package's live link under Mono at 60 frames a second, with servers that come and go."""

import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from envs.contract import CONTRACT_VERSION, MASK_SIZE, contract_hash
from tests.unity_package.live_game import Game, make_certificate
from unity_bridge.package_meta import PACKAGE
from unity_bridge.protocol import live_pb2 as live

pytest.importorskip("unity_bridge.live", reason="the server of the live link is not there yet")

HERE = Path(__file__).parent
RUNTIME = PACKAGE / "Runtime"
TOKEN = "0123456789abcdef-token"
FRAME_MS = 2.0
"""The most that our calls may take in one frame."""
TRIALS = 3
"""A machine that others use stops a frame by itself now and then, so the best trial counts."""

pytestmark = pytest.mark.skipif(
    shutil.which("mono") is None or shutil.which("mcs") is None,
    reason="needs Mono: apt-get install mono-runtime mono-mcs",
)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    program = tmp_path_factory.mktemp("live") / "live.exe"
    sources = [path for path in (RUNTIME / "Live").glob("*.cs") if path.stem != "LiveLink"]
    sources += [RUNTIME / "Contract" / "Contract.cs", RUNTIME / "Sensing" / "NpcObservation.cs"]
    build = ["mcs", "-nologo", "-langversion:latest", "-optimize", f"-out:{program}"]
    subprocess.run([*build, *map(str, sources), str(HERE / "LiveCheck.cs")], check=True)
    return program


class LiveCheck(Game):
    """LiveCheck.cs as a process."""

    def __init__(self, program, port, *, seconds=60, npcs=1, arguments=()):
        super().__init__(["mono", program, port, seconds, npcs, *arguments])


class Server:
    """The counting server as a process, for ``with``."""

    def __init__(self, port=0, token=None):
        words = [sys.executable, HERE / "live_server.py", port, *([token] if token else [])]
        path = {"PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(
            list(map(str, words)), stdout=subprocess.PIPE, text=True, env={**os.environ, **path}
        )
        assert self.process.stdout is not None
        self._output = self.process.stdout
        self.port = int(self._output.readline())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
        self._output.close()


def check_frames(said):
    """No frame waited for the network, and our calls made nothing."""
    assert float(said["slowest ms"]) < FRAME_MS
    assert int(said["waits"]) <= 2, "a page of memory may have to come, the network may not"
    assert int(said["bytes"]) == 0
    assert said["ended"] == "True"


def test_no_frame_waits_for_a_server_that_is_killed_frozen_and_restarted(program):
    for _ in range(TRIALS):
        said = play_beside_restarts(program)
        print({name: said[name] for name in said if name not in ("welcome", "absent")})
        assert int(said["answers"]) > 300
        if float(said["slowest ms"]) < FRAME_MS:
            break
    check_frames(said)


def play_beside_restarts(program):
    """What a game saw whose server was killed, started again, frozen, and went on."""
    with Server() as first, LiveCheck(program, first.port, npcs=8) as game:
        game.wait_for("count")
        time.sleep(3.0)  # warm, and minds are kept
        first.process.kill()
        first.process.wait()
        game.wait_for("absent")
        time.sleep(1.0)
        with Server(first.port) as second:
            listening = time.monotonic()
            kept, _ = game.wait_for("welcome")
            assert kept == "True"
            count, answered = game.wait_for("count")
            assert int(count) > 10
            assert answered - listening < 2.0
            time.sleep(1.5)
            second.process.send_signal(signal.SIGSTOP)
            game.wait_for("absent", 4.0)
            time.sleep(3.0)  # frozen for 5 seconds
            second.process.send_signal(signal.SIGCONT)
            awake = time.monotonic()
            game.wait_for("welcome")
            again, answered = game.wait_for("count")
            assert int(again) > int(count)
            assert answered - awake < 2.0
            time.sleep(1.0)
            return game.quit()


def test_a_wrong_token_is_said_once_and_not_tried_fast(program):
    with (
        Server(token=TOKEN) as server,
        LiveCheck(program, server.port, arguments=["wrong"]) as game,
    ):
        sentence, _ = game.wait_for("refused")
        assert sentence == "its token is wrong: give the game the server's token"
        time.sleep(1.5)
        said = game.quit()
        assert sum(line.startswith("refused") for _, line in game.lines) == 1
        assert "welcome" not in said
    with Server(token=TOKEN) as server, LiveCheck(program, server.port, arguments=[TOKEN]) as game:
        game.wait_for("count")


class FakeServer:
    """A server that a test plays message by message."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(10.0)
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.listener.close()

    def accept(self, welcome=True):
        """Take the next connection; its hello."""
        self.connection, _ = self.listener.accept()
        self.connection.settimeout(10.0)
        self.pings: list[live.Ping] = []
        hello = self.receive("hello")
        if welcome:
            self.send(welcome=live.Welcome(contract_version=1))
        return hello

    def send(self, **body):
        data = live.Message(**body).SerializeToString()
        self.connection.sendall(struct.pack("<I", len(data)) + data)

    def receive(self, kind):
        """The next message of a kind; pings are answered."""
        while True:
            (size,) = struct.unpack("<I", self._read(4))
            message = live.Message.FromString(self._read(size))
            found = message.WhichOneof("body")
            if found == "ping":
                self.pings.append(message.ping)
                self.send(pong=live.Pong(number=message.ping.number))
            if found == kind:
                return getattr(message, kind)

    def _read(self, count):
        data = b""
        while len(data) < count:
            more = self.connection.recv(count - len(data))
            assert more, "the game ended the connection"
            data += more
        return data

    def answer(self, sequence, count, mind=b""):
        """An action that says a number by ``target``."""
        indices = [0, 2, 1, 0, count, 0, 0, 0]
        action = live.Action(npc="npc0", sequence=sequence, indices=indices, mind=mind)
        self.send(action=action)


def test_what_the_game_says_is_what_the_protocol_means(program):
    with FakeServer() as server, LiveCheck(program, server.port, arguments=[TOKEN]) as game:
        hello = server.accept()
        assert (hello.contract_version, hello.contract_hash) == (CONTRACT_VERSION, contract_hash())
        assert (hello.token, hello.world, hello.connection) == (TOKEN, "check", 1)
        assert len(hello.session) == 16
        assert server.receive("news").channel == "goal"
        server.receive("observation")
        seen = server.receive("observation")
        assert seen.npc == "npc0"
        expected = {
            "audio": np.arange(3200) / 4096, "entities": 1.0 + np.arange(150),
            "dialogue": -1.0 - np.arange(64), "goal": 0.5 * np.arange(64),
            "self": 0.25 * np.arange(32),
        }  # fmt: skip
        for name, numbers in expected.items():
            np.testing.assert_array_equal(
                np.frombuffer(getattr(seen, name), "<f4"), numbers.astype(np.float32)
            )
        bits = np.unpackbits(np.frombuffer(seen.forbidden, np.uint8), bitorder="little")
        assert np.flatnonzero(bits[:MASK_SIZE]).tolist() == [3, 9, 228]
        assert len(seen.forbidden) == (MASK_SIZE + 7) // 8
        assert seen.camera_png.startswith(b"\x89PNG")
        news = server.receive("news")
        assert news.content.decode() == '[{"op":"none"},{"op":"nichtsä"}]'
        later = server.receive("observation")
        assert later.sequence == seen.sequence + 1
        assert 0.0 < later.time - seen.time < 0.5
        server.answer(later.sequence, 7, b'{"strategy":"wait"}')
        assert game.wait_for("news")[0] == 'npc0 mind {"strategy":"wait"}'
        assert game.wait_for("count")[0] == "7"


def test_what_was_heard_before_the_welcome_is_not_lost(program):
    """Observations are replaced until one can be sent; its dialogue has the rows of all."""
    with FakeServer() as server, LiveCheck(program, server.port) as game:
        server.accept(welcome=False)
        time.sleep(0.55)
        server.send(welcome=live.Welcome())
        first = server.receive("observation")
        assert first.sequence > 4
        rows = np.frombuffer(first.dialogue, "<f4").reshape(-1, 64)
        assert len(rows) == min(8, first.sequence)
        np.testing.assert_array_equal(rows, rows[:1].repeat(len(rows), 0))
        assert len(server.receive("observation").dialogue) == 4 * 64
        assert game.process.poll() is None


def test_news_come_and_the_round_trip_is_told(program):
    with FakeServer() as server, LiveCheck(program, server.port) as game:
        server.accept()
        while len(server.pings) < 3:
            sequence = server.receive("observation").sequence
            time.sleep(0.03)
            server.answer(sequence, 1)
        assert server.pings[0].round_trip == 0.0
        assert 0.03 < server.pings[-1].round_trip < 0.5
        server.send(news=live.News(npc="npc0", channel="goal", content='[{"ü":1}]'.encode()))
        assert game.wait_for("news")[0] == 'npc0 goal [{"ü":1}]'


def test_old_answers_are_left_out(program):
    """Those to older observations, those that are more than half a second old, and nonsense."""
    with FakeServer() as server, LiveCheck(program, server.port) as game:
        server.accept()
        first = server.receive("observation").sequence
        second = server.receive("observation").sequence
        server.answer(second, 5)
        assert game.wait_for("count")[0] == "5"
        game.tell("tell")
        time.sleep(0.1)
        server.answer(first, 6)
        server.answer(second, 7)
        server.answer(second + 1000, 8)
        server.send(action=live.Action(npc="npc0", sequence=second + 1, indices=[1, 2]))
        server.send(action=live.Action(npc="nobody", sequence=second + 1, indices=[0] * 8))
        stale = server.receive("observation").sequence
        until = time.monotonic() + 0.7
        while time.monotonic() < until:
            server.receive("observation")
        server.answer(stale, 9)
        time.sleep(0.2)
        server.answer(server.receive("observation").sequence - 1, 10)
        newest = server.receive("observation").sequence
        for _ in range(3):
            newest = server.receive("observation").sequence
        server.answer(newest, 11)
        assert game.wait_for("count")[0] in ("10", "11")


def test_minds_are_kept_and_loaded_minds_replace_them(program):
    with FakeServer() as server, LiveCheck(program, server.port) as game:
        hello = server.accept()
        sequence = server.receive("observation").sequence
        server.send(mind=live.Mind(npc="npc0", sequence=sequence, blob=b"first"))
        time.sleep(0.2)
        game.tell("save")
        assert game.wait_for("saved")[0] == "5 bytes"
        server.send(mind=live.Mind(npc="npc0", sequence=sequence + 1, blob=b"second"))
        server.connection.close()
        game.wait_for("absent")

        again = server.accept()
        assert (again.session, again.connection) == (hello.session, 2)
        mind = server.receive("mind")
        assert (mind.blob, mind.replace, mind.sequence) == (b"second", False, sequence + 1)
        game.wait_for("welcome")
        assert server.receive("observation").sequence > sequence
        game.tell("restore")
        mind = server.receive("mind")
        assert (mind.blob, mind.replace) == (b"first", True)
        server.send(mind=live.Mind(npc="npc0", sequence=sequence + 1, blob=b"late"))
        server.connection.close()
        game.wait_for("absent")

        server.accept()
        mind = server.receive("mind")
        assert (mind.blob, mind.replace) == (b"first", True)
        game.tell("leave")
        assert server.receive("leave").npc == "npc0"
        game.tell("quit")
        server.receive("goodbye")


@pytest.mark.parametrize("garbage", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\2\0\0\0\xff\xff",
                                     b"\3\0\0\0\x2a\x7f\0", b"\xff\xff\xff\xff"])  # fmt: skip
def test_garbage_ends_the_connection_and_not_the_game(program, garbage):
    with FakeServer() as server, LiveCheck(program, server.port) as game:
        server.accept(welcome=False)
        server.connection.sendall(garbage)
        assert "does not speak the live link" in game.wait_for("absent")[0]
        server.accept()
        server.receive("observation")
        server.connection.sendall(garbage)
        server.accept()
        server.answer(server.receive("observation").sequence, 3)
        assert game.wait_for("count")[0] == "3"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_tls_takes_the_certificate_that_was_named_and_no_other(program, tmp_path):
    certificate, key, fingerprint = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with FakeServer() as server:
        server.listener.close()
        plain = socket.create_server(("127.0.0.1", server.port))
        server.listener = context.wrap_socket(plain, server_side=True)
        server.listener.settimeout(10.0)
        with LiveCheck(program, server.port, arguments=[TOKEN, fingerprint]) as game:
            assert server.accept().token == TOKEN
            for _ in range(20):
                server.answer(server.receive("observation").sequence, 4)
            assert game.wait_for("count")[0] == "4"
        for wrong in ("00" + fingerprint[2:], ""):
            with LiveCheck(program, server.port, arguments=[TOKEN, wrong]) as game:
                with pytest.raises((ssl.SSLError, ConnectionResetError, AssertionError)):
                    server.accept()
                assert "certificate is not trusted" in game.wait_for("refused")[0]
