import os
import subprocess
import sys

import pytest

from unity_bridge import grpc_polling

NAME = "GRPC_EXPERIMENTS"


@pytest.fixture
def unset(monkeypatch):
    monkeypatch.setenv(NAME, "")  # so that it is put back afterwards
    monkeypatch.delenv(NAME)


def test_grpc_is_told_and_knows_the_words():
    """In a process of its own: gRPC reads them once, and says which it does not know."""
    environment = {name: value for name, value in os.environ.items() if name != NAME}
    program = (
        "import os, sys, unity_bridge, grpc\n"
        "server = grpc.server(None)\n"
        "server.add_insecure_port('127.0.0.1:0')\n"
        "server.start()\n"
        "print(os.environ.get('GRPC_EXPERIMENTS'), 'grpc' in sys.modules)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60
    )
    assert "Unknown" not in ended.stderr
    told = grpc_polling._DIRECTLY if sys.platform == "linux" else None
    assert ended.stdout.split() == [str(told), "True"]


@pytest.mark.usefixtures("unset")
def test_only_a_release_that_was_tried_is_told(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(grpc_polling, "version", lambda package: "1.86.0")
    grpc_polling.poll_directly()
    assert NAME not in os.environ
    monkeypatch.setattr(grpc_polling, "version", lambda package: "1.85.1")
    grpc_polling.poll_directly()
    assert os.environ[NAME] == grpc_polling._DIRECTLY


@pytest.mark.usefixtures("unset")
def test_other_systems_and_what_the_user_has_set_stay_as_they_are(monkeypatch):
    monkeypatch.setattr(grpc_polling, "version", lambda package: "1.85.1")
    monkeypatch.setattr(sys, "platform", "win32")
    grpc_polling.poll_directly()
    assert NAME not in os.environ
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv(NAME, "mine")
    grpc_polling.poll_directly()
    assert os.environ[NAME] == "mine"
