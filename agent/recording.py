"""Episodes that a server writes down: one file for each NPC and episode (`agent.report.record`)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.mind import Decision
from agent.report.chronicle import Chronicle
from agent.report.record import RecordError, ResultRecord, write_record
from unity_bridge.batch import WorldBatch

_log = logging.getLogger("agent.recording")

LONGEST = 6000
"""Decisions of one file, ten minutes; a game that ends no episodes goes on in the next file."""


class RecordingError(Exception):
    """Episodes cannot be written down; one sentence with the cure."""


class EpisodeLog:
    """Writes every episode of every NPC into a folder, when it ends or its world leaves.

    Args:
        folder: made when it is missing.
        brain: name of the brain, for the reader.

    Raises:
        RecordingError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path, brain: str = "") -> None:
        self.folder = folder
        self.brain = brain
        self.written = 0
        """Files so far."""
        self._open: dict[tuple[str, str], tuple[Chronicle, Mapping[str, Any]]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".heedful"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise RecordingError(
                f"Episodes cannot be recorded in {folder} ({error.strerror}): give --record "
                "another folder."
            ) from error

    def write(self, batches: Sequence[WorldBatch], decision: Decision) -> None:
        """Note the decision of these worlds' NPCs, which are its rows in order."""
        row = 0
        for batch in batches:
            for number, npc in enumerate(batch.npcs):
                key, news = (batch.world, npc), batch.episodes[number]
                if batch.first[number]:
                    self._close(key, last_message(news, "end"))
                chronicle, _ = self._open.get(key, (None, {}))
                if chronicle is None:
                    chronicle = Chronicle(npc, self.brain)
                    self._open[key] = (chronicle, last_message(news, "start"))
                chronicle.note(decision, row)
                if len(chronicle) >= LONGEST:
                    self._close(key, {})
                row += 1

    def leave(self, world: str) -> None:
        """A world has left: its episodes are over, and nobody told how."""
        for key in [key for key in self._open if key[0] == world]:
            self._close(key, {})

    def close(self) -> None:
        """Write what is still open."""
        for key in list(self._open):
            self._close(key, {})

    def _close(self, key: tuple[str, str], end: Mapping[str, Any]) -> None:
        if key not in self._open:
            return
        chronicle, start = self._open.pop(key)
        record = chronicle.close(
            task=start.get("task"), seed=start.get("seed"), map=start.get("map"),
            result=_result(end),
        )  # fmt: skip
        path = self.folder / f"{key[0]}-{self.written:05d}-{record.file_name}"
        try:
            write_record(record, path)
        except RecordError as error:  # NPCs go on, whatever becomes of their record
            _log.warning("%s", error)
            return
        self.written += 1


def last_message(news: Sequence[Mapping[str, Any]], op: str) -> Mapping[str, Any]:
    """The last message of an NPC's episode channel with this ``op``; empty when there is none."""
    found = [message for message in news if message.get("op") == op]
    return found[-1] if found else {}


def _result(end: Mapping[str, Any]) -> ResultRecord | None:
    """How an episode ended, as far as the player tells it."""
    try:
        return ResultRecord(
            success=bool(end["success"]),
            wrong_commit=bool(end["wrong_commit"]),
            decisions=int(end["decisions"]),
            walked=float(end["walked"]),
            shortest=float(end["shortest"]),
            spl=float(end["spl"]),
        )
    except (KeyError, TypeError, ValueError):  # nobody told, or a game that says it differently
        return None
