"""The command ``heedful serve`` with its options."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from agent.cli_options import Brain, Without, split_names
from agent.operations.logs import FORMATS


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen at, of this machine only.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")
    ] = 5004,
    brain: Brain = None,
    record: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write every episode's decisions to this folder."),
    ] = None,
    record_days: Annotated[
        float,
        typer.Option(min=0.0, help="With --record: delete episodes that are older; 0 for never."),
    ] = 30.0,
    record_megabytes: Annotated[
        float,
        typer.Option(
            min=0.0,
            help="With --record: delete the oldest while they take more MiB; 0 for any size.",
        ),
    ] = 1024.0,
    policy: Annotated[str, typer.Option(help="brain or untrained.")] = "brain",
    without: Without = "",
    show_attention: Annotated[
        bool,
        typer.Option(
            "--show-attention",
            help="Show games what NPCs attend to and believe, which costs time; --record does too.",
        ),
    ] = False,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1, help="Threads that decide; without it, one for few NPCs, else all cores."
        ),
    ] = None,
    deadline: Annotated[
        float,
        typer.Option(
            min=1.0, metavar="MS", help="Past it an NPC goes on with what it does, milliseconds."
        ),
    ] = 80.0,
    max_worlds: Annotated[int, typer.Option(min=1, help="Worlds that are served at once.")] = 64,
    max_npcs: Annotated[int, typer.Option(min=1, help="NPCs of all worlds together.")] = 512,
    snapshot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep all minds in this file, and go on from there."),
    ] = None,
    snapshot_seconds: Annotated[
        float, typer.Option(min=1.0, help="So often the file is written, seconds.")
    ] = 30.0,
    max_npcs_per_world: Annotated[
        int, typer.Option(min=1, help="NPCs of one world; the others stand still.")
    ] = 256,
    max_message_mb: Annotated[
        float, typer.Option(min=0.01, max=1024.0, help="MiB of one message of a lock-step world.")
    ] = 64.0,
    max_rate: Annotated[
        float,
        typer.Option(min=1.0, help="Messages a second of one lock-step world; a faster one waits."),
    ] = 1000.0,
    live_port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Also serve shipped games, at this port; 0 takes a free one."
        ),
    ] = None,
    live_host: Annotated[
        str, typer.Option(help="Address of the live link; any but loopback needs TLS and a token.")
    ] = "127.0.0.1",
    tls_cert: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Certificate of the live link, PEM.")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its private key, PEM.")
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Its first line is what games on the live link must say."
        ),
    ] = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Show metrics for Prometheus; 0 takes a free port."),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(help="Address of the metrics; anyone who reaches it can read them.")
    ] = "127.0.0.1",
    log_format: Annotated[
        str,
        typer.Option(help="text, or json: one object for each line."),
    ] = "text",
) -> None:
    """Serve minds to worlds that connect: Unity, or `heedful world`."""
    # gRPC's own lines beside our sentences are for its developers; it looks when it is imported.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from agent.commands.live import LiveOptions
    from agent.commands.server import ServeOptions, run
    from unity_bridge.limits import MEBIBYTE, Limits

    if log_format not in FORMATS:
        raise typer.BadParameter(f"--log-format is text or json, not '{log_format}'.")
    options = ServeOptions(
        address=host,
        port=port,
        brain=brain,
        record=record,
        record_days=record_days or None,
        record_megabytes=record_megabytes or None,
        policy=policy,
        without=split_names(without),
        show_attention=show_attention,
        threads=threads,
        deadline_seconds=deadline / 1000.0,
        max_worlds=max_worlds,
        max_npcs=max_npcs,
        limits=Limits(
            max_worlds=max_worlds,
            max_npcs=max_npcs_per_world,
            max_message_bytes=int(max_message_mb * MEBIBYTE),
            messages_per_second=max_rate,
        ),
        snapshot=snapshot,
        snapshot_seconds=snapshot_seconds,
        metrics_port=metrics_port,
        metrics_address=metrics_host,
        live=LiveOptions(live_port, live_host, tls_cert, tls_key, token_file),
        log_format=log_format,
    )
    run(options)
