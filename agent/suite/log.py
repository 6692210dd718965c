"""Episodes that have been played, kept as they end, so that a stopped evaluation goes on.

A file of JSON lines per policy: the first says whose episodes these are, each other holds one. A
line that was cut off by a crash is dropped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from agent.evaluate import EvaluationError
from agent.rollout import EpisodeResult, Ticket

DIGITS = 4
"""Decimals of a kept competence."""


class EpisodeLog:
    """Results of one policy in one file.

    Args:
        path: the file; made when it is not there.
        identity: what must be the same for episodes to be used again.

    Raises:
        EvaluationError: the file holds episodes of something else, is damaged, or cannot be
            written.
    """

    def __init__(self, path: Path, identity: Mapping[str, Any]) -> None:
        self._path = path
        self.results: dict[Ticket, EpisodeResult] = {}
        """By task and seed."""
        self.decision_ms: dict[str, Any] = {"p50": None, "p99": None, "npcs": None}
        """Of the last part that was played."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = self._read()
            if not lines:
                path.write_text(json.dumps(identity) + "\n", encoding="utf-8")
            elif not isinstance(lines[0], dict):
                raise self._damaged(1)
            elif lines[0] != json.loads(json.dumps(identity)):
                raise EvaluationError(
                    f"{path} holds episodes of another evaluation "
                    f"({_first_difference(lines[0], identity)}): give --out another folder."
                )
        except OSError as error:
            raise _cannot_write(path, error) from error
        for number, line in enumerate(lines[1:], 2):
            try:
                self._take(line)
            except (KeyError, TypeError) as error:
                raise self._damaged(number) from error

    def _read(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        data = self._path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            self._path.write_bytes(whole)
        lines = []
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                lines.append(json.loads(line))
            except ValueError as error:
                raise self._damaged(number) from error
        return lines

    def _damaged(self, number: int) -> EvaluationError:
        return EvaluationError(
            f"{self._path}:{number} is damaged: remove that line, or give --out another folder."
        )

    def _take(self, line: dict[str, Any]) -> None:
        if "decision_ms" in line:
            self.decision_ms = line["decision_ms"]
            return
        competence = line.pop("competence")
        line["npc_success"] = tuple(line["npc_success"])
        result = EpisodeResult(
            **line, competence=None if competence is None else np.array(competence, np.float32)
        )
        self.results[result.task, result.seed] = result

    def add(self, result: EpisodeResult) -> None:
        """Keep one more episode.

        Raises:
            EvaluationError: the disk is full or the file gone.
        """
        line = asdict(result)
        competence = result.competence
        line["competence"] = None if competence is None else competence.round(DIGITS).tolist()
        self._write(line)
        self.results[result.task, result.seed] = result

    def add_times(self, decision_ms: Mapping[str, Any]) -> None:
        """Keep how long decisions took."""
        self._write({"decision_ms": dict(decision_ms)})
        self.decision_ms = dict(decision_ms)

    def _write(self, line: Mapping[str, Any]) -> None:
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as error:
            raise _cannot_write(self._path, error) from error

    def missing(self, tickets: Sequence[Ticket]) -> list[Ticket]:
        """Those of a list that have not been played."""
        return [ticket for ticket in tickets if ticket not in self.results]


def file_hash(path: Path) -> str:
    """Short hash of a file's bytes, to tell one brain from another."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _first_difference(there: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    for name in {**there, **here}:
        if there.get(name) != here.get(name):
            return f"its {name} is {there.get(name)}, not {here.get(name)}"
    return "in another order"


def _cannot_write(path: Path, error: OSError) -> EvaluationError:
    return EvaluationError(
        f"{path} cannot be written ({error.strerror}): give --out a folder on a disk with room."
    )
