import asyncio
import socket
import threading

import pytest

from agent import doctor
from agent.doctor import Finding, examine
from agent.nobody import Nobody
from unity_bridge.host import Host


@pytest.fixture
def busy_port():
    """A port at which somebody listens who does not speak ML-Agents."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def free_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        return other.getsockname()[1]


@pytest.fixture
def host_port(request):
    """A port at which a host of ours listens, ready unless it is marked otherwise."""
    ready, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()
    host = Host(Nobody(), port=0, ready=getattr(request, "param", True))

    async def serve():
        await host.start()
        ready.set()
        await stop.wait()
        await host.stop(grace=0.1)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield host.port
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


def only(findings):
    (finding,) = list(findings)
    return finding


def test_a_free_port(free_port):
    finding = only(doctor.check_port(free_port))
    assert finding.good
    assert f"Port {free_port} is free" in finding.text


def test_a_busy_port_with_a_stranger(busy_port, monkeypatch):
    monkeypatch.setattr(doctor, "ANSWER_SECONDS", 0.5)
    finding = only(doctor.check_port(busy_port))
    assert not finding.good
    assert (
        "taken by a program that does not answer as ML-Agents does: it hangs, or is" in finding.text
    )


def test_a_busy_port_with_a_server_of_ours(host_port):
    finding = only(doctor.check_port(host_port))
    assert finding.good
    assert "an ML-Agents server answers there (communicator 1.5.0" in finding.text


@pytest.mark.parametrize("host_port", [False], indirect=True)
def test_a_server_of_ours_that_is_not_ready(host_port):
    finding = only(doctor.check_port(host_port))
    assert not finding.good and not finding.grave
    assert "and is not ready: it warms up or stops; ask again in a minute." in finding.text


@pytest.mark.parametrize("port", [0, 70000, -1])
def test_no_port(port):
    assert "is no port" in only(doctor.check_port(port)).text


def test_loopback_handshake_works():
    finding = only(doctor.check_loopback())
    assert finding.good
    assert "A handshake over gRPC on 127.0.0.1 works" in finding.text


def test_loopback_that_fails_says_why(monkeypatch):
    monkeypatch.setattr(doctor, "greet", lambda port: None)
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", "http://proxy:3128")
    assert "unset http_proxy" in only(doctor.check_loopback()).text


def test_packages_are_there():
    findings = list(doctor.check_packages())
    assert all(finding.good for finding in findings)
    assert "grpcio" in findings[-1].text


def test_a_package_that_is_missing_or_old(monkeypatch):
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: ["nosuch>=1", "numpy>=99.0"])
    finding = next(iter(doctor.check_packages()))
    assert not finding.good
    assert "nosuch is missing; numpy" in finding.text
    assert "is older than 99.0: run `make setup`" in finding.text


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("protobuf<8,>=7.35.1", ("protobuf", "7.35.1")),
        ("numpy", ("numpy", "0")),
        ('typer>=0.15; python_version > "3"', ("typer", "0.15")),
    ],
)
def test_requirements_are_read(requirement, expected):
    assert doctor._name_and_least(requirement) == expected


def test_threads_that_fight(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "999")
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    texts = [finding.text for finding in doctor.check_threads() if not finding.good]
    assert any("OMP_NUM_THREADS is 999" in text for text in texts)
    assert any("OMP_WAIT_POLICY is not passive" in text for text in texts)


def test_little_disk_space_is_a_warning(monkeypatch):
    monkeypatch.setattr(doctor, "FREE_MIB", 1 << 40)
    finding = next(iter(doctor.check_disk()))
    assert not finding.good
    assert not finding.grave


def test_brain_that_cannot_be_read(tmp_path):
    path = tmp_path / "brain.safetensors"
    path.write_bytes(b"no brain at all")
    finding = only(doctor.check_brain(path))
    assert not finding.good
    assert "is damaged or no safetensors file" in finding.text


def test_a_check_that_breaks_is_a_finding():
    def check_nothing():
        yield from doctor.check_disk()
        raise RuntimeError("broken")

    finding = only(examine(check_nothing))
    assert not finding.good
    assert "check_nothing broke off (RuntimeError: broken)" in finding.text


def test_exit_code_and_words(monkeypatch, capsys):
    good = Finding(True, "All is well.")
    warning = Finding(False, "Mind this.", grave=False)
    grave = Finding(False, "Mend this.")
    monkeypatch.setattr(doctor, "all_checks", lambda port, brain: [lambda: iter([good, warning])])
    assert doctor.run(5004, None) == 0
    assert "Everything is in order." in capsys.readouterr().out
    monkeypatch.setattr(doctor, "all_checks", lambda port, brain: [lambda: iter([good, grave])])
    assert doctor.run(5004, None) == 1
    out = capsys.readouterr().out
    assert "BAD   Mend this." in out
    assert "1 thing to mend." in out


def test_kernels_run():
    assert only(doctor.check_kernels()).good


def test_videos_can_be_made():
    assert only(doctor.check_video()).good
