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
    )  # fmt: skip
    run(options)
