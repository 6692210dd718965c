"""The command ``heedful serve`` with its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli_options import Brain, Without, split_names


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")
    ] = 5004,
    brain: Brain = None,
    record: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write every episode's decisions to this folder."),
    ] = None,
    policy: Annotated[str, typer.Option(help="brain or untrained.")] = "brain",
    without: Without = "",
    threads: Annotated[
        int | None,
        typer.Option(help="Threads that decide; without it, one for few NPCs, else all cores."),
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
) -> None:
    """Serve minds to worlds that connect: Unity, or `heedful world`."""
    from agent.commands.server import ServeOptions, run

    options = ServeOptions(
        address=host,
            port=port,
            brain=brain,
            record=record,
            policy=policy,
        without=split_names(without),
            threads=threads,
        deadline_seconds=deadline / 1000.0,
        max_worlds=max_worlds,
        max_npcs=max_npcs,
        snapshot=snapshot,
        snapshot_seconds=snapshot_seconds,
    )  # fmt: skip
    run(options)
