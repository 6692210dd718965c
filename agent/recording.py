"""Episodes that a server writes down: one file for each NPC and episode (`agent.report.record`)."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.mind import Decision
from agent.operations.serial import SerialExecutor
from agent.recordings import RecordingError, Retention
from agent.report.chronicle import Chronicle
from agent.report.record import RecordError, ResultRecord, write_record
from unity_bridge.batch import WorldBatch

_log = logging.getLogger("agent.recording")

CLOSE_SECONDS = 10.0
"""So long the last writing of one file may take."""
LONGEST = 6000
"""Decisions of one file, ten minutes; a game that ends no episodes goes on in the next file."""


class EpisodeLog:
    """Writes every episode of every NPC into a folder, when it ends or its world leaves.

    Args:
        folder: made when it is missing.
        brain: name of the brain, for the reader.
        days: files are deleted when they are older; None for never.
        megabytes: the oldest files are deleted while all take more MiB; None for any size.

    Raises:
        RecordingError: the folder cannot be made or written.
    """

    def __init__(
        self,
        folder: Path,
        brain: str = "",
        *,
        days: float | None = None,
        megabytes: float | None = None,
    ) -> None:
        self.folder = folder
        self.brain = brain
        self.written = 0
        """Files so far."""
        self._lost = 0
        """Episodes in a row that could not be written."""
        self._untold: set[str] = set()
        """Worlds with decisions that could not be noted, as was said."""
        self._began = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        self._closed = 0
        self._done = 0
        """Episodes that were written or could not be."""
        self._writer = SerialExecutor("recording")  # files hold no decision up
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
        self.retention = Retention(folder, days=days, megabytes=megabytes)
        self.retention.tidy()

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
                self._note(chronicle, decision, row, key)
                if len(chronicle) >= LONGEST:
                    self._close(key, {})
                row += 1

    def _note(
        self, chronicle: Chronicle, decision: Decision, row: int, key: tuple[str, str]
    ) -> None:
        """Note a decision; one that cannot be told in words costs nobody a decision."""
        try:
            chronicle.note(decision, row)
        except Exception as error:
            world, npc = key
            if world not in self._untold:
                self._untold.add(world)
                _log.warning(
                    "%s: decisions of %s cannot be recorded, because what it observes is not as "
                    "the contract says (%s: %s)",
                    world, npc, type(error).__name__, error, extra=_extra(world, npc),
                )  # fmt: skip

    def finish(self, world: str, npc: str) -> None:
        """An NPC is gone: its episode is over, and nobody told how."""
        self._close((world, npc), {})

    def leave(self, world: str) -> None:
        """A world has left: its episodes are over, and nobody told how."""
        self._untold.discard(world)
        for key in [key for key in self._open if key[0] == world]:
            self._close(key, {})

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Write what is still open, and wait for it until for so many seconds nothing was written.

        Those who play are many and their files long: all of them may well take longer.
        """
        for key in list(self._open):
            self._close(key, {})
        done = -1
        while done < self._done:
            done = self._done
            if self._writer.close(seconds):
                self._tell_lost()
                return
        _log.warning(
            "the disk of %s hangs: %d episodes are not recorded", self.folder,
            self._closed - self._done, extra={"event": "recording_failed"},
        )  # fmt: skip

    def flush(self) -> None:
        """Wait until every episode that has ended is written."""
        self._writer.submit(lambda: None).result()

    def tidy(self) -> None:
        """Delete what is too old or too much; make the folder anew when somebody has deleted it.

        Nobody has to wait for it: it is done between two files.
        """
        self._writer.submit(self._look_for_folder)
        self._writer.submit(self.retention.tidy)

    def _look_for_folder(self) -> None:
        if self.folder.is_dir():
            return
        try:
            self.folder.mkdir(parents=True)
        except OSError:  # told when an episode cannot be written there
            return
        _log.warning(
            "%s is gone, and with it what was recorded there: it is made anew, and recording goes "
            "on", self.folder, extra={"event": "recording_folder_gone"},
        )  # fmt: skip

    def _close(self, key: tuple[str, str], end: Mapping[str, Any]) -> None:
        if key not in self._open:
            return
        chronicle, start = self._open.pop(key)
        if not len(chronicle):
            return
        self._writer.submit(self._write, key[0], self._closed, chronicle, start, end)
        self._closed += 1

    def _write(
        self,
        world: str,
        number: int,
        chronicle: Chronicle,
        start: Mapping[str, Any],
        end: Mapping[str, Any],
    ) -> None:
        """Write one file; NPCs go on, whatever becomes of their record."""
        try:
            record = chronicle.close(
                task=start.get("task"), seed=start.get("seed"), map=start.get("map"),
                result=_result(end),
            )  # fmt: skip
            record = replace(record, world=world)
            name = re.sub(r"[^\w.-]+", "_", world)
            self._look_for_folder()
            path = self.folder / f"{self._began}-{name}-{number:05d}-{record.file_name}"
            write_record(record, path)
            self.written += 1
            self._tell_lost()
            self.retention.add(path)
        except RecordError as error:
            self._lost += 1
            if self._lost == 1:  # a full disk is told of once, not for every NPC
                _log.warning("%s", error, extra=_extra(world, chronicle.npc))
        except Exception:
            _log.exception(
                "an episode could not be written: this is a mistake of the server, please report "
                "it", extra=_extra(world, chronicle.npc),
            )  # fmt: skip
        self._done += 1

    def _tell_lost(self) -> None:
        """Say how many episodes could not be written, once that is over."""
        if self._lost > 1:
            _log.warning(
                "%d episodes could not be recorded in %s", self._lost, self.folder,
                extra={"event": "recording_failed"},
            )  # fmt: skip
        self._lost = 0


def _extra(world: str, npc: str) -> dict[str, str]:
    return {"event": "recording_failed", "world": world, "npc": npc}


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
