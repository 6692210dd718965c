"""A folder of recorded episodes: finding, deleting and not keeping them longer than wanted.

They hold what players said. Only files that are recorded episodes are ever touched.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SUFFIX = ".jsonl"
_HEAD_BYTES = 1_000_000
_MEBIBYTE = 2**20
_DAY = 86_400.0

_log = logging.getLogger("agent.recording")


class RecordingError(Exception):
    """Episodes cannot be written down, found or deleted; one sentence with the cure."""


@dataclass(frozen=True)
class Recording:
    """One file of a folder of episodes."""

    path: Path
    npc: str
    """Key of the NPC."""
    world: str
    """As in the server's log, "" where it is not told."""
    task: str
    recorded: datetime
    """When the file was written, UTC."""
    size: int
    """Bytes."""


def list_recordings(
    folder: Path,
    *,
    npc: str | None = None,
    world: str | None = None,
    before: datetime | None = None,
) -> list[Recording]:
    """The recorded episodes of a folder that fit everything given, the oldest first.

    Args:
        folder: as given to ``heedful serve --record``.
        npc: key of the NPC.
        world: name of the world.
        before: only those written before.

    Raises:
        RecordingError: the folder cannot be read.
    """
    found = [
        recording
        for recording in _read_folder(folder)
        if npc in (None, recording.npc)
        and world in (None, recording.world)
        and (before is None or recording.recorded < before)
    ]
    return sorted(found, key=lambda recording: (recording.recorded, recording.path.name))


def delete_recordings(recordings: Iterable[Recording]) -> int:
    """Delete files; those that are gone already are fine.

    Returns:
        How many there were.

    Raises:
        RecordingError: one cannot be deleted; those before it are.
    """
    deleted = 0
    for recording in recordings:
        try:
            recording.path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise RecordingError(
                f"{recording.path} cannot be deleted ({error.strerror}): {deleted} files were; "
                "mend its folder's permissions and say it again."
            ) from error
        deleted += 1
    return deleted


def _read_folder(folder: Path) -> Iterator[Recording]:
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise RecordingError(
            f"{folder} cannot be read ({error.strerror}): give the folder of heedful serve "
            "--record."
        ) from error
    for path in paths:
        recording = _read_head(path)
        if recording is not None:
            yield recording


def _read_head(path: Path) -> Recording | None:
    """What the first line of a file says, None when it is no recorded episode."""
    if path.suffix != SUFFIX or path.name.startswith("."):
        return None
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline(_HEAD_BYTES))
            status = os.fstat(file.fileno())
    except (OSError, ValueError):
        return None
    if not isinstance(head, dict) or head.get("kind") != "episode":
        return None
    # The time of the file, not of its text: `before` and the limits count from when it was written.
    return Recording(
        path, str(head.get("npc", "")), str(head.get("world") or ""), str(head.get("task") or ""),
        datetime.fromtimestamp(status.st_mtime, UTC), status.st_size,
    )  # fmt: skip


class Retention:
    """Keeps a folder of episodes within limits; deletes the oldest first.

    Files that no server wrote, such as those of a demo, are left alone and not counted.

    Args:
        folder: of the episodes.
        days: none is kept longer; None for ever.
        megabytes: all together take at most so many MiB; None for any size.

    Raises:
        RecordingError: the folder cannot be read.
    """

    def __init__(
        self, folder: Path, *, days: float | None = None, megabytes: float | None = None
    ) -> None:
        self.folder = folder
        self.deleted = 0
        """Files so far."""
        self._days = days
        self._megabytes = megabytes
        self._turn = threading.Lock()
        self._ours = {found.path.name for found in _read_folder(folder) if found.world}

    def add(self, path: Path) -> None:
        """Take note of a file that was written, and make room for it; it stays itself."""
        with self._turn:
            self._ours.add(path.name)
            self._tidy(path.name)

    def tidy(self) -> None:
        """Delete what is too old or too much."""
        with self._turn:
            self._tidy("")

    def _tidy(self, keep: str) -> None:
        if self._days is None and self._megabytes is None:
            return
        files = self._present()
        total = sum(size for _, size, _ in files)
        oldest = time.time() - self._days * _DAY if self._days is not None else float("-inf")
        most = self._megabytes * _MEBIBYTE if self._megabytes is not None else float("inf")
        for written, size, name in files:
            if written >= oldest and total <= most:
                return
            if name == keep:
                continue
            try:
                (self.folder / name).unlink(missing_ok=True)
            except OSError as error:
                _log.warning(
                    "%s is over the limits of --record and %s cannot be deleted (%s)",
                    self.folder, name, error.strerror, extra={"event": "recording_not_deleted"},
                )  # fmt: skip
                return
            self._ours.discard(name)
            total -= size
            self.deleted += 1

    def _present(self) -> list[tuple[float, int, str]]:
        """(time of writing, bytes, name) of our files that are there, the oldest first."""
        files = []
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if entry.name in self._ours:
                        status = entry.stat()
                        files.append((status.st_mtime, status.st_size, entry.name))
        except OSError:  # a folder that is gone holds nothing
            pass
        self._ours = {name for _, _, name in files}
        return sorted(files)
