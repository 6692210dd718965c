"""What came over the wire, as the results that evaluations are summed up from."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.report.record import EpisodeRecord, read_record
from agent.rollout import EpisodeResult, Ticket


class ResultsFile:
    """A file of results that a player is writing, a JSON object a line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = 0

    def new(self) -> list[dict[str, Any]]:
        """The results that were finished since the last call."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return []
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [json.loads(line) for line in whole.splitlines()]


def read_records(folder: Path) -> dict[Ticket, list[EpisodeRecord]]:
    """The recorded episodes of a folder by task and seed, the NPCs of each in order."""
    found: dict[Ticket, list[EpisodeRecord]] = defaultdict(list)
    for path in sorted(folder.glob("*.jsonl")):
        record = read_record(path)
        if record.task is not None and record.seed is not None and record.decisions:
            found[record.task, record.seed].append(record)
    for records in found.values():
        records.sort(key=lambda record: record.npc)
    return found


def join_results(
    played: Iterable[Mapping[str, Any]], records: Mapping[Ticket, list[EpisodeRecord]]
) -> list[EpisodeResult]:
    """What the player tells of each episode, with what the server noted of its decisions."""
    return [
        _join(result, records.get((result["task"], result["seed"]), []))
        for result in sorted(played, key=lambda result: result["number"])
    ]


def _join(result: Mapping[str, Any], records: list[EpisodeRecord]) -> EpisodeResult:
    strategies = Counter(decision.strategy for record in records for decision in record.decisions)
    return EpisodeResult(
        task=result["task"],
        seed=result["seed"],
        map=result["map"],
        success=result["success"],
        wrong_commit=result["wrong_commit"],
        spl=result["spl"],
        decisions=result["decisions"],
        path=result["walked"],
        shortest=result["shortest"],
        collisions=0,  # the player does not tell
        npc_success=(result["success"],) * len(records),
        competence=_competence(records),
        strategies=dict(strategies),
        interventions=sum(len(record.interventions) for record in records),
    )


def _competence(records: list[EpisodeRecord]) -> NDArray[np.float32] | None:
    """``(decisions, NPCs)``, None without records."""
    if not records:
        return None
    shortest = min(len(record.decisions) for record in records)
    columns = [
        [decision.competence for decision in record.decisions[:shortest]] for record in records
    ]
    return np.array(columns, np.float32).T
