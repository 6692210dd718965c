"""``heedful serve``: load, warm up, listen, and stop in order."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from agent.ablation import check_parts
from agent.commands.live import (
    LiveOptions,
    load_security,
    make_live_server,
    try_live_port,
)
from agent.commands.ports import Claim, check_ports
from agent.nobody import try_port
from agent.operations.logs import say, set_up_logs
from agent.operations.signals import call_on_signals, forget_signals
from agent.policies import PolicyError
from unity_bridge.host import DEFAULT_PORT, Host
from unity_bridge.limits import Limits
from unity_bridge.live import LiveLimits, LiveServer, Security

if TYPE_CHECKING:
    from agent.operations.metrics import MetricsServer
    from agent.recording import EpisodeLog
    from agent.serving import Minds
    from agent.serving.upkeep import Upkeep

SWITCH_SECONDS = 0.0005
"""So long the mind's thread may keep the others from the interpreter: an answer that is ready must
not wait for Python's usual 5 ms."""
GOODBYE_SECONDS = 5.0
"""So long worlds may take to ask again and be told to quit."""
TIDY_SECONDS = 600.0
"""So often recordings are looked through for old ones, and their folder is looked for."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)
MINDS = ("brain", "untrained")


@dataclass(frozen=True)
class ServeOptions:
    """What ``heedful serve`` was asked for."""

    address: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    brain: Path | None = None
    """Checkpoint, None for the shipped one."""
    policy: str = "brain"
    """One of ``MINDS``."""
    record: Path | None = None
    """Folder for episodes."""
    record_days: float | None = None
    """Older episodes are deleted; None for never."""
    record_megabytes: float | None = None
    """The oldest are deleted while all take more MiB; None for any size."""
    without: Sequence[str] = ()
    """Parts of the mind that are left out."""
    show_attention: bool = False
    """Whether games are shown what NPCs attend to and believe."""
    threads: int | None = None
    deadline_seconds: float = 0.08
    """From a question's arrival to its answer."""
    max_worlds: int = 64
    max_npcs: int = 512
    snapshot: Path | None = None
    """File of the minds."""
    snapshot_seconds: float = 30.0
    limits: Limits = field(default_factory=Limits)
    """How much one lock-step world may ask for."""
    metrics_port: int | None = None
    """None for no metrics, 0 for a free port."""
    metrics_address: str = "127.0.0.1"
    live: LiveOptions = field(default_factory=LiveOptions)
    log_format: str = "text"
    """One of `agent.operations.logs.FORMATS`."""


def run(options: ServeOptions) -> None:
    """Serve until a signal says stop.

    Raises:
        OptionError: an address lets other machines in, or two ports are the same.
        BridgeError: a port is busy.
        CheckpointError: the brain cannot be used.
        SnapshotError: the file of the minds cannot be used.
        PolicyError: this policy needs the world's truth, or there is none of the name.
        RecordingError: episodes cannot be recorded there.
    """
    set_up_logs(options.log_format)
    sys.setswitchinterval(SWITCH_SECONDS)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the weights are about to be read anyway
    policy, brain, without = options.policy, options.brain, options.without
    if policy not in MINDS:
        raise PolicyError(f"'{policy}' cannot be served: choose --policy brain or untrained.")
    try:
        check_parts(without)
    except ValueError as error:
        raise PolicyError(str(error)) from None
    security = load_security(options.live)
    check_ports(_claims(options))
    try_port(options.address, options.port)
    try_live_port(options.live, security)
    from agent.mind import Mind
    from agent.recording import EpisodeLog
    from agent.serving import Minds, ServingOptions
    from agent.serving.upkeep import Upkeep

    def load(path: Path | None) -> Mind:
        if policy == "brain":
            return Mind.load(path, without=without)
        return Mind.untrained(without=without)

    weights = policy if brain is None else brain.name
    log = None
    if options.record is not None:
        log = EpisodeLog(
            options.record, weights,
            days=options.record_days, megabytes=options.record_megabytes,
        )  # fmt: skip
    limits = ServingOptions(
        deadline_seconds=options.deadline_seconds, max_worlds=options.max_worlds,
        max_npcs=options.max_npcs, threads=options.threads, show_attention=options.show_attention,
    )  # fmt: skip
    minds = Minds(load(brain), log=log, options=limits, load=load)
    upkeep = Upkeep(
        minds, snapshot=options.snapshot, seconds=options.snapshot_seconds, brain=brain
    )  # fmt: skip
    asyncio.run(_serve(minds, upkeep, log, options, weights, security))


def _claims(options: ServeOptions) -> list[Claim]:
    live = options.live
    return [
        Claim("--port", "lock-step worlds", options.address, options.port),
        Claim("--live-port", "the live link", live.address, live.port),
        Claim("--metrics-port", "the metrics", options.metrics_address, options.metrics_port),
    ]


async def _serve(
    minds: Minds, upkeep: Upkeep, log: EpisodeLog | None, options: ServeOptions, weights: str,
    security: Security,
) -> None:  # fmt: skip
    host = Host(
        minds, address=options.address, port=options.port, ready=False, limits=options.limits,
        hello={"package": f"heedful {version('heedful')}", "weights": weights},
    )  # fmt: skip
    live_limits = LiveLimits(worlds=options.max_worlds, npcs=options.limits.max_npcs)
    live = make_live_server(minds, options.live, security, live_limits, weights)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def leave() -> None:
        stop.set()
        forget_signals(loop, SIGNALS)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a second signal ends it at once

    call_on_signals(loop, SIGNALS, leave)
    if hasattr(signal, "SIGHUP"):
        call_on_signals(loop, (signal.SIGHUP,), upkeep.reload)
    metrics = _show_metrics(minds, host, live, options)
    tidying = asyncio.create_task(_tidy(log)) if log is not None else None
    try:
        await host.start()  # a world that connects now waits for its first answer
        if metrics is not None:
            say("metrics", f"metrics at http://{options.metrics_address}:{metrics.port}/metrics")
        say("warming_up", "warming up: kernels are compiled, which takes a minute the first time")
        stopping = asyncio.create_task(stop.wait())
        warm = asyncio.create_task(minds.warm_up())
        await asyncio.wait((warm, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            await warm
            await host.set_ready()
            upkeep.start()
            if live is not None:
                await live.start()
                say("live_listening", f"live link at {live.address}:{live.port}")
            say("listening", f"listening on {host.address}:{host.port}")
            await stopping
        say("stopping", "stopping: worlds are told to quit")
    finally:
        await host.drain()
        if tidying is not None:
            tidying.cancel()
        await upkeep.stop()
        if live is not None:
            await live.stop()
        await host.stop(grace=GOODBYE_SECONDS)
        await minds.close()
        if metrics is not None:
            metrics.close()
    say("stopped", describe(minds))


def _show_metrics(
    minds: Minds, host: Host, live: LiveServer | None, options: ServeOptions
) -> MetricsServer | None:
    """The metrics page, when it was asked for."""
    if options.metrics_port is None:
        return None
    from agent.operations.metrics import Metrics, MetricsServer

    links = {"lockstep": host.read_meters}
    if live is not None:
        links["live"] = live.read_meters
    metrics = Metrics(links, lambda: minds.counters)
    return MetricsServer(metrics, options.metrics_port, options.metrics_address)


async def _tidy(log: EpisodeLog) -> None:
    """Look after the recordings while nothing is written."""
    while True:
        await asyncio.sleep(TIDY_SECONDS)
        log.tidy()


def describe(minds: Minds) -> str:
    """How much was decided, and how fast."""
    from agent.measures import percentiles_ms

    counters = minds.counters
    times = percentiles_ms(counters.call_ms.values())
    if times["p50"] is None:
        return "stopped: no world asked for a decision"
    return (
        f"stopped: {counters.decisions} decisions in {counters.call_ms.count} calls, "
        f"p50 {times['p50']:.1f} ms, p99 {times['p99']:.1f} ms"
    )
