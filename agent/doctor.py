"""``heedful doctor``: says in words why nothing connects.

Every check is a function that gives findings; each finding is one sentence, and a bad one says the
cure. What needs the package's own parts imports them when it runs: a broken part is a finding too.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path

FREE_MIB = 500
"""Less free disk space than this is worth a word."""
ANSWER_SECONDS = 2.0
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    good: bool
    text: str
    """One sentence; a bad one says the cure."""
    grave: bool = True
    """Whether, when bad, nothing can connect or decide; else it is a warning."""


Check = Callable[[], Iterator[Finding]]


def run(port: int, brain: Path | None) -> int:
    """Print every finding; the exit code is 1 when something grave is wrong."""
    bad = 0
    for check in all_checks(port, brain):
        for finding in examine(check):
            sign = "ok  " if finding.good else ("BAD " if finding.grave else "warn")
            print(f"{sign}  {finding.text}", flush=True)
            bad += not finding.good and finding.grave
    print("Everything is in order." if not bad else f"{bad} thing{'s' * (bad > 1)} to mend.")
    return 1 if bad else 0


def all_checks(port: int, brain: Path | None) -> list[Check]:
    """All checks, the quick ones first."""
    return [
        check_python, check_packages, check_threads, check_disk, partial(check_port, port),
        check_video, check_loopback, check_kernels, partial(check_brain, brain),
    ]  # fmt: skip


def examine(check: Check) -> list[Finding]:
    """The findings of a check; one that breaks is a finding itself."""
    try:
        return list(check())
    except Exception as error:  # a doctor must live through every illness
        name = getattr(check, "func", check).__name__
        return [
            Finding(
                False,
                f"{name} broke off ({type(error).__name__}: {error}); run `make setup` again, and "
                "report it if that does not help.",
            )
        ]


def check_python() -> Iterator[Finding]:
    """Python itself."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(True, f"Python {version} in {sys.prefix}.")


def check_packages() -> Iterator[Finding]:
    """Everything that the package says it needs, and whether it is new enough."""
    found, missing = [], []
    for requirement in metadata.requires("heedful") or ():
        if "extra ==" in requirement:
            continue
        name, least = _name_and_least(requirement)
        try:
            have = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(f"{name} is missing")
            continue
        if _numbers(have) < _numbers(least):
            missing.append(f"{name} {have} is older than {least}")
        found.append(f"{name} {have}")
    if missing:
        yield Finding(False, f"{'; '.join(missing)}: run `make setup`, or pip install heedful.")
    yield Finding(True, f"Packages: {', '.join(found)}.")


def _name_and_least(requirement: str) -> tuple[str, str]:
    """Name and lower bound of a requirement such as "protobuf<8,>=7.35.1"."""
    text = requirement.partition(";")[0].strip()
    end = next((i for i, letter in enumerate(text) if letter in "<>=!~ ["), len(text))
    bounds = text[end:].split(",")
    least = [bound.strip()[2:] for bound in bounds if bound.strip().startswith(">=")]
    return text[:end], least[0] if least else "0"


def _numbers(version: str) -> list[int]:
    parts = version.partition("+")[0].split(".")
    return [int(part) for part in parts if part.isdigit()]


def check_threads() -> Iterator[Finding]:
    """Cores, and settings that make threads fight for them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding(True, f"{cores} cores may be used.")
    for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS"):
        value = os.environ.get(name, "")
        if value.isdigit() and cores and int(value) > cores:
            yield Finding(
                False, f"{name} is {value}, more than the {cores} cores: unset it.", grave=False
            )
    if os.environ.get("OMP_WAIT_POLICY", "passive").lower() != "passive":
        yield Finding(
            False, "OMP_WAIT_POLICY is not passive, so idle threads take time from others: "
            "unset it.", grave=False,
        )  # fmt: skip


def check_disk() -> Iterator[Finding]:
    """Room for reports and checkpoints, and a place to write them."""
    here = Path.cwd()
    free = shutil.disk_usage(here).free // 2**20
    if free < FREE_MIB:
        yield Finding(
            False, f"{free} MiB are free in {here}: make room, reports need up to {FREE_MIB}.",
            grave=False,
        )  # fmt: skip
    else:
        yield Finding(True, f"{free / 1024:.0f} GiB are free in {here}.")
    try:
        with tempfile.TemporaryFile(dir=here):
            pass
    except OSError as error:
        yield Finding(
            False, f"Nothing can be written in {here} ({error.strerror}): work in another folder.",
            grave=False,
        )  # fmt: skip


def check_port(port: int) -> Iterator[Finding]:
    """Whether a server could listen, or who listens already."""
    if not 0 < port < 65536:
        yield Finding(False, f"{port} is no port: choose one from 1024 to 65535.")
        return
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
    except PermissionError:
        yield Finding(False, f"Port {port} is reserved for the system: choose one above 1023.")
        return
    except OSError:
        yield from _who_listens(port)
        return
    yield Finding(
        True, f"Port {port} is free: nothing serves there yet; `heedful serve --port {port}` would."
    )


def _who_listens(port: int) -> Iterator[Finding]:
    answer = greet(port)
    if answer is None:
        yield Finding(
            False, f"Port {port} is taken by a program that does not answer as ML-Agents does: it "
            "hangs, or is something else; stop it, or give --port another number on both sides.",
        )  # fmt: skip
    elif is_serving(port) is False:
        yield Finding(
            False, f"Port {port}: a server of ours answers there ({answer}) and is not ready: it "
            "warms up or stops; ask again in a minute.", grave=False,
        )  # fmt: skip
    else:
        yield Finding(
            True, f"Port {port}: an ML-Agents server answers there ({answer}); worlds can connect.",
        )  # fmt: skip


def is_serving(port: int) -> bool | None:
    """What a server says of its health; None when it says nothing, as the official one."""
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    with grpc.insecure_channel(f"{LOOPBACK}:{port}") as channel:
        check = health_pb2_grpc.HealthStub(channel).Check
        try:
            answer = check(health_pb2.HealthCheckRequest(), timeout=ANSWER_SECONDS)
        except grpc.RpcError:
            return None
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def greet(port: int) -> str | None:
    """Shake hands with whoever listens on a port, and leave; None when that is no ML-Agents."""
    import grpc

    from unity_bridge.game import make_greeting
    from unity_bridge.protocol import METHOD, SERVICE, messages

    with grpc.insecure_channel(f"{LOOPBACK}:{port}") as channel:
        exchange = channel.unary_unary(
            f"/{SERVICE}/{METHOD}", request_serializer=None, response_deserializer=None
        )  # bytes in, bytes out
        try:
            data = exchange(make_greeting().SerializeToString(), timeout=ANSWER_SECONDS)
            reply = messages.UnityMessageProto.FromString(data)
            leave = messages.UnityMessageProto(header=messages.HeaderProto(status=400))
            exchange(leave.SerializeToString(), timeout=ANSWER_SECONDS)
        except Exception:  # no server, or one that speaks something else
            return None
    answer = reply.unity_input.rl_initialization_input
    if not answer.communication_version:
        return None
    return f"communicator {answer.communication_version}, package {answer.package_version}"


def check_loopback() -> Iterator[Finding]:
    """A server and a player of our own, in this process, over real gRPC."""
    from envs.contract import CONTRACT_VERSION, contract_hash

    answer = asyncio.run(_greet_ourselves())
    if answer is None:
        proxies = [
            name for name in ("http_proxy", "HTTP_PROXY", "grpc_proxy") if os.environ.get(name)
        ]
        why = f"unset {proxies[0]} or add 127.0.0.1 to no_proxy" if proxies else (
            "let your firewall allow connections on the loopback interface"
        )  # fmt: skip
        yield Finding(False, f"A server of our own could not be reached on {LOOPBACK}: {why}.")
    else:
        yield Finding(
            True, f"A handshake over gRPC on {LOOPBACK} works ({answer}; contract "
            f"{CONTRACT_VERSION}, {contract_hash()}).",
        )  # fmt: skip


async def _greet_ourselves() -> str | None:
    from agent.nobody import Nobody
    from unity_bridge.host import Host

    host = Host(Nobody(), port=0)
    await host.start()
    try:
        return await asyncio.to_thread(greet, host.port)
    finally:
        await host.stop(grace=0.1)


def check_video() -> Iterator[Finding]:
    """The encoder of the report's videos."""
    try:
        import imageio_ffmpeg

        program = imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError, OSError):
        yield Finding(
            False, "There is no ffmpeg, so reports have no videos: pip install imageio-ffmpeg.",
            grave=False,
        )  # fmt: skip
        return
    yield Finding(True, f"Videos are encoded by {Path(program).name}.")


def check_kernels() -> Iterator[Finding]:
    """The compiled kernels of the headless world."""
    import time

    from envs.tasks import make_episode
    from envs.world.world import BatchWorld

    started = time.perf_counter()
    world = BatchWorld(1)
    world.reset(0, make_episode("named_place", 0))
    world.observe()
    seconds = time.perf_counter() - started
    hint = "" if seconds < 10 else "; they are kept, the next start is quick"
    yield Finding(True, f"The kernels of the headless world run ({seconds:.1f} s{hint}).")


def check_brain(brain: Path | None) -> Iterator[Finding]:
    """The brain's file, and whether it speaks our contract."""
    from agent.checkpoint import SHIPPED, CheckpointError
    from agent.mind import Mind

    path = brain or SHIPPED
    try:
        Mind.load(path)
    except CheckpointError as error:
        yield Finding(False, str(error))
        return
    size = path.stat().st_size / 2**20
    yield Finding(
        True, f"The brain {path.name} ({size:.1f} MiB) can be read and fits the contract."
    )
