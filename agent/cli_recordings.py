"""The commands ``heedful recordings`` with their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

recordings_app = typer.Typer(
    no_args_is_help=True, help="What `heedful serve --record` has written: list it, delete it."
)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder given to --record.")]
Npc = Annotated[str | None, typer.Option(metavar="KEY", help="Only of this NPC.")]
World = Annotated[str | None, typer.Option(metavar="NAME", help="Only of this world.")]
Before = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only written before, such as 2026-11-25 (UTC).")
]


@recordings_app.command("list")
def list_(folder: Folder, npc: Npc = None, world: World = None, before: Before = None) -> None:
    """List recorded episodes, the oldest first."""
    from agent.commands.recordings import show

    show(folder, npc, world, before)


@recordings_app.command()
def delete(
    folder: Folder,
    npc: Npc = None,
    world: World = None,
    before: Before = None,
    everything: Annotated[bool, typer.Option("--all", help="All of the folder.")] = False,
    agreed: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete recorded episodes, which hold what players said; asks first."""
    from agent.commands.recordings import delete

    raise typer.Exit(delete(folder, npc, world, before, everything, agreed))
