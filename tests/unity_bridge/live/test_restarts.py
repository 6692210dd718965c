"""A live server in a process of its own is killed, frozen and restarted; TLS and tokens."""

import asyncio
import os
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from envs.contract import Branch
from tests.unity_bridge.helpers import random_observations
from tests.unity_bridge.live import counting
from unity_bridge.errors import BridgeError
from unity_bridge.live import LiveClient, LiveServer, RefusedError, Security

OBSERVATIONS = random_observations(1)
TOKEN = "0123456789abcdef-token"


class Server:
    """The counting server as a process, for ``with``."""

    def __init__(self, port=0, protection=()):
        command = [sys.executable, counting.__file__, str(port), *map(str, protection)]
        path = {"PYTHONPATH": os.pathsep.join(sys.path)}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, **path}
        )
        self._lines = self.process.stdout
        assert self._lines is not None
        self.port = int(self._lines.readline())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
        assert self._lines is not None
        self._lines.close()


async def reconnect(client, seconds=5.0):
    """Connect as a game does, again and again."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await client.connect(seconds=0.5)
        except (OSError, TimeoutError, BridgeError):
            assert time.monotonic() < deadline, "nobody answers"
            await asyncio.sleep(0.1)


async def decide(client, count=1):
    """Some decisions of the guard; what its mind has counted."""
    for _ in range(count):
        sequence = client.observe("guard", OBSERVATIONS)
        action = await client.action()
        while action.sequence != sequence:
            action = await client.action()
    return action.indices[Branch.TARGET]


async def until_saved(client):
    client.minds.clear()
    while "guard" not in client.minds:
        await decide(client)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_minds_are_back_within_two_seconds_of_a_restart(how):
    async def talk():
        with Server() as first:
            client = LiveClient("127.0.0.1", first.port)
            await client.connect()
            await decide(client, 3)
            await until_saved(client)
            first.process.send_signal(how)
            with pytest.raises((BridgeError, OSError)):
                while True:
                    await client.receive()
            first.process.wait()
        with Server(first.port) as second:
            began = time.monotonic()
            await reconnect(client)
            count = await decide(client)
            assert time.monotonic() - began < 2.0
            assert count > 3
            assert count == client.minds["guard"].sequence + 1
            client.drop()
            second.process.terminate()

    asyncio.run(talk())


def test_a_frozen_server_goes_on_with_its_minds():
    async def talk():
        with Server() as server:
            client = LiveClient("127.0.0.1", server.port)
            await client.connect()
            await decide(client, 3)
            server.process.send_signal(signal.SIGSTOP)
            client.observe("guard", OBSERVATIONS)
            with pytest.raises(TimeoutError):
                await client.action(0.3)
            for _ in range(3):  # these connections wait in the kernel and are stale when it wakes
                with pytest.raises(TimeoutError):
                    await client.connect(seconds=0.1)
            server.process.send_signal(signal.SIGCONT)
            began = time.monotonic()
            client.minds.clear()
            await reconnect(client)
            assert await decide(client) >= 4
            assert time.monotonic() - began < 2.0
            client.drop()

    asyncio.run(talk())


# ---------------------------------------------------------------------------------- who may connect


@pytest.fixture(scope="module")
def protection(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, its key, and a token."""
    folder = tmp_path_factory.mktemp("tls")
    files = [folder / name for name in ("certificate.pem", "key.pem", "token")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    files[2].write_text(TOKEN + "\n")
    return files


def test_over_tls_with_the_token_minds_are_served(protection):
    async def talk():
        trust = ssl.create_default_context(cafile=protection[0])
        with Server(protection=protection) as server:
            client = LiveClient("127.0.0.1", server.port, token=TOKEN, tls=trust)
            await client.connect(5.0)
            assert await decide(client) == 1
            client.drop()
            with pytest.raises(RefusedError, match="its token is wrong: give the game the server"):
                await LiveClient("127.0.0.1", server.port, token="x", tls=trust).connect(5.0)
            with pytest.raises((BridgeError, OSError)):
                await LiveClient("127.0.0.1", server.port, token=TOKEN).connect(5.0)
            with pytest.raises(ssl.SSLError):
                strangers = ssl.create_default_context()
                await LiveClient("127.0.0.1", server.port, token=TOKEN, tls=strangers).connect(5.0)
            await client.connect(5.0)
            assert await decide(client) == 2
            client.drop()

    asyncio.run(talk())


@pytest.mark.parametrize("given", [(), (0, 1), (2,), (0, 2)])
def test_other_machines_may_connect_only_with_tls_and_a_token(protection, given):
    files = [protection[part] if part in given else None for part in range(3)]
    with pytest.raises(BridgeError, match=r"the live link on 0\.0\.0\.0 can be reached by other "):
        Security.load("0.0.0.0", *files)
    with pytest.raises(BridgeError, match="needs TLS and a token"):
        LiveServer(counting.CountingMind(), address="0.0.0.0")
    assert Security.load("0.0.0.0", *protection).token == TOKEN


def test_a_certificate_without_its_key_is_named(protection):
    with pytest.raises(BridgeError, match="--tls-cert and --tls-key belong together"):
        Security.load("127.0.0.1", protection[0], None, None)


def test_a_file_without_a_certificate_or_key_or_with_a_damaged_one_is_named(protection, tmp_path):
    certificate, key, token = protection
    with pytest.raises(
        BridgeError, match=r"token holds no private key in PEM form: give --tls-key"
    ):
        Security.load("127.0.0.1", certificate, token, None)
    with pytest.raises(BridgeError, match=r"token holds no certificate in PEM form: .*--tls-cert"):
        Security.load("127.0.0.1", token, key, None)
    damaged = tmp_path / "damaged.pem"
    damaged.write_bytes(certificate.read_bytes()[:-100] + b"\n-----END CERTIFICATE-----\n")
    with pytest.raises(BridgeError, match=r"cannot be used \(one of them is damaged\): give two"):
        Security.load("127.0.0.1", damaged, key, None)


def test_a_key_of_another_certificate_or_with_a_pass_phrase_is_named(protection, tmp_path):
    certificate, key, _ = protection
    other, locked = tmp_path / "other.pem", tmp_path / "locked.pem"
    of_another_kind = tmp_path / "of_another_kind.pem"
    make = ["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", other]
    lock = ["openssl", "ec", "-in", key, "-aes128", "-passout", "pass:secret", "-out", locked]
    make_rsa = ["openssl", "genrsa", "-out", of_another_kind]
    for command in (make, lock, make_rsa):
        subprocess.run(command, check=True, capture_output=True)
    for stranger in (other, of_another_kind):
        sentence = rf"key {stranger} is not that of the certificate {certificate}: give --tls-cert"
        with pytest.raises(BridgeError, match=sentence):
            Security.load("127.0.0.1", certificate, stranger, None)
    with pytest.raises(BridgeError, match=r"locked\.pem has a pass phrase, .*openssl pkey"):
        Security.load("127.0.0.1", certificate, locked, None)


def test_a_certificate_or_key_that_is_not_there_is_named(protection, tmp_path):
    certificate, key, _ = protection
    none = tmp_path / "none.pem"
    with pytest.raises(BridgeError, match=r"none\.pem cannot be read .*: give --tls-cert a"):
        Security.load("127.0.0.1", none, key, None)
    with pytest.raises(BridgeError, match=r"none\.pem cannot be read .*: give --tls-key a"):
        Security.load("127.0.0.1", certificate, none, None)


def test_a_short_or_missing_token_is_named(tmp_path):
    path = tmp_path / "token"
    with pytest.raises(BridgeError, match=r"token cannot be read \(No such .*: give --token-file"):
        Security.load("127.0.0.1", None, None, path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BridgeError, match=r"token cannot be read \(it is no text\): give"):
        Security.load("127.0.0.1", None, None, path)
    path.write_text("")
    with pytest.raises(BridgeError, match="has 0 characters and needs 16"):
        Security.load("127.0.0.1", None, None, path)
    path.write_text("secret\n")
    with pytest.raises(BridgeError, match="has 6 characters and needs 16: make one with"):
        Security.load("127.0.0.1", None, None, path)


@pytest.mark.parametrize("text", ["x" * 100_000, "x" * 1025, "é" * 513, "é" * 513 + "\nx"])
def test_a_token_that_no_hello_can_hold_is_named(tmp_path, text):
    path = tmp_path / "token"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BridgeError, match=r"token is longer than 1024 bytes, .*: make one with"):
        Security.load("127.0.0.1", None, None, path)
    with pytest.raises(BridgeError, match="is longer than 1024 bytes"):
        Security.load("127.0.0.1", None, None, Path("/dev/zero"))


def test_the_longest_token_is_said_and_admitted(tmp_path):
    path = tmp_path / "token"
    path.write_text("x" * 1024 + "\r\nmore\n")

    async def talk():
        security = Security.load("127.0.0.1", None, None, path)
        server = LiveServer(counting.CountingMind(), port=0, security=security)
        await server.start()
        client = LiveClient("127.0.0.1", server.port, world="x" * 256, token="x" * 1024)
        await client.connect(5.0)
        client.drop()
        await server.stop()

    asyncio.run(talk())


def test_a_busy_port_is_named():
    async def talk():
        first = LiveServer(counting.CountingMind(), port=0)
        await first.start()
        with pytest.raises(BridgeError, match="another program has that port"):
            await LiveServer(counting.CountingMind(), port=first.port).start()
        await first.stop()

    asyncio.run(talk())
