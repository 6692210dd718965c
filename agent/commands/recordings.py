"""``heedful recordings``: what a folder of recorded episodes holds, and deleting of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.recordings import Recording, RecordingError, delete_recordings, list_recordings

_MEBIBYTE = 2**20


def show(folder: Path, npc: str | None, world: str | None, before: str | None) -> None:
    """Print the episodes that fit, the oldest first."""
    found = list_recordings(folder, npc=npc, world=world, before=parse_date(before))
    table = Table("recorded (UTC)", "world", "NPC", "task", "file", box=None)
    for recording in found:
        when = recording.recorded.strftime("%Y-%m-%d %H:%M")
        cells = (when, recording.world, recording.npc, recording.task, recording.path.name)
        table.add_row(*map(Text, cells))
    console = Console(highlight=False, soft_wrap=True)
    if found:
        console.print(table)
    print(f"{describe(found)} in {folder}")


def delete(
    folder: Path,
    npc: str | None,
    world: str | None,
    before: str | None,
    everything: bool,
    agreed: bool,
) -> int:
    """Delete the episodes that fit, after asking; the exit code.

    Raises:
        RecordingError: nothing says which, or the folder cannot be read or changed.
    """
    chosen = (npc, world, before)
    if everything == any(value is not None for value in chosen):
        raise RecordingError(
            "Say which episodes to delete: --npc, --world, --before, or --all of the folder."
        )
    found = list_recordings(folder, npc=npc, world=world, before=parse_date(before))
    if not found:
        print(f"No episode in {folder} is meant: nothing was deleted")
        return 0
    if not agreed and not _ask(f"Delete {describe(found)} in {folder}?"):
        print("Nothing was deleted")
        return 1
    deleted = delete_recordings(found)
    print(f"Deleted {describe(found[:deleted])} of {_whose(found)} in {folder}")
    return 0


def parse_date(text: str | None) -> datetime | None:
    """A date or a time, UTC where it does not say.

    Raises:
        RecordingError: it is none.
    """
    if text is None:
        return None
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise RecordingError(
            f"'{text}' is no date: write it as 2026-11-25 or 2026-11-25T18:00."
        ) from None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def describe(recordings: list[Recording]) -> str:
    """How many, and how much."""
    size = sum(recording.size for recording in recordings) / _MEBIBYTE
    return f"{len(recordings)} episode{'s' * (len(recordings) != 1)} ({size:.1f} MiB)"


def _whose(recordings: list[Recording]) -> str:
    npcs = sorted({recording.npc for recording in recordings})
    return ", ".join(npcs) if len(npcs) <= 5 else f"{len(npcs)} NPCs"


def _ask(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:  # nobody can answer
        print()
        return False
