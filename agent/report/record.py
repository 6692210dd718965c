"""Recorded episodes: what one NPC perceived, believed, attended to, did and why, as JSON lines.

One file is one NPC's episode: a line of kind "episode" (whose it is), one of kind "decision" for
each decision, and one of kind "end" (how it ended and what was believed then), which is missing
when nobody told. `heedful serve --record` and `heedful demo` write them, `heedful explain` and the
report read them. They hold no pixels and no sound: at most about 1 MB. Unknown keys are ignored.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

VERSION = 1
MAX_BYTES = 16_000_000
"""Larger files are none of ours."""
SENSES = ("graph", "goal", "dialogue", "body", "hearing", "sight")
"""The groups of tokens that attention is summed over."""


class RecordError(ValueError):
    """A recorded episode that cannot be read or written; one sentence with the cure."""


@dataclass(frozen=True)
class Heard:
    """A sentence that reached the NPC."""

    speaker: str
    """What the NPC calls the speaker, "" for a briefing."""
    text: str
    to_me: bool = True


@dataclass(frozen=True)
class Attended:
    """How much of the attention one thing had."""

    token: str
    """What it is, for a reader."""
    weight: float
    """Share of all attention, 0 to 1."""


@dataclass(frozen=True)
class DecisionRecord:
    """One decision."""

    seconds: float
    """Clock of the episode."""
    position: tuple[float, float]
    """x and z, metres."""
    place: str
    """What the NPC calls the place that it is in, "" when it has no name for it."""
    held: str
    """The thing in its hand, "" for none."""
    action: dict[str, str | float]
    """Each branch that does something, in words; the turn in degrees: {"move": "walk"}."""
    strategy: str
    reason: str
    """Why metacognition took over, "" where the brain had its way."""
    competence: float
    """Probability of success that the NPC gave itself."""
    yaw: float = 0.0
    """Degrees."""
    said: str = ""
    """The sentence that it says now."""
    outcome: str = ""
    """How the last act went, once that is known: "open: it is locked"."""
    heard: tuple[Heard, ...] = ()
    attention: tuple[Attended, ...] = ()
    """What its questions read most, over all questions."""
    choosing: tuple[Attended, ...] = ()
    """What it read most when it chose its target."""
    senses: tuple[float, ...] = ()
    """Share of the attention of each of ``SENSES``; empty when attention was not recorded."""


@dataclass(frozen=True)
class PlaceBelief:
    """A place that the NPC knows."""

    name: str
    floor: tuple[float, float, float, float] | None
    """x0, z0, x1, z1 in metres, None when its shape is not known."""
    visited: bool


@dataclass(frozen=True)
class DoorwayBelief:
    """A doorway that the NPC knows."""

    position: tuple[float, float]
    width: float
    along_x: bool
    """True when its wall runs along x."""
    state: Literal["open", "closed", "locked", ""] = ""
    """As last seen, "" when it was never seen."""


@dataclass(frozen=True)
class ThingBelief:
    """An object, a person or a topic that the NPC knows of."""

    kind: str
    name: str
    class_name: str
    position: tuple[float, float] | None
    """Where it was last believed to be, None when that is not known."""
    place: str
    color: str
    """The colour that the NPC has decided on, "" when it has not."""
    seen: float | None
    """Clock when it was last seen, None when never."""
    held: bool = False


@dataclass(frozen=True)
class FactBelief:
    """Something that the NPC was told."""

    about: str
    relation: str
    where: str
    source: str
    """Who said it, "" for a briefing."""
    clock: float
    confidence: float
    contradicted: bool = False


@dataclass(frozen=True)
class BeliefRecord:
    """What an NPC believes, as a graph that can be drawn."""

    places: tuple[PlaceBelief, ...] = ()
    doorways: tuple[DoorwayBelief, ...] = ()
    things: tuple[ThingBelief, ...] = ()
    facts: tuple[FactBelief, ...] = ()


@dataclass(frozen=True)
class ResultRecord:
    """How the episode of all its NPCs ended."""

    success: bool
    wrong_commit: bool
    decisions: int
    walked: float
    """Metres."""
    shortest: float
    spl: float


@dataclass(frozen=True)
class InterventionRecord:
    """One time that metacognition took over."""

    decision: int
    seconds: float
    strategy: str
    reason: str
    decisions: int
    """How many decisions it held."""


@dataclass(frozen=True)
class EpisodeRecord:
    """One NPC's episode."""

    npc: str
    """Key of the NPC."""
    goal: str
    """What it was asked to do."""
    decisions: tuple[DecisionRecord, ...] = ()
    belief: BeliefRecord = BeliefRecord()
    """At its last decision, for drawings."""
    graph: dict[str, Any] = field(default_factory=dict)
    """The same as `agent.belief.graph.SceneGraph.to_json` gives it: nodes and facts."""
    result: ResultRecord | None = None
    """None when nobody told how it ended."""
    task: str | None = None
    seed: int | None = None
    map: str | None = None
    brain: str = ""
    world: str = ""
    """As in the server's log, "" where no server wrote it."""
    version: int = VERSION

    @property
    def file_name(self) -> str:
        """A name for its file, such as ``named_place-2000001-npc0.jsonl``."""
        parts = ((self.task or "").rpartition("/")[2], self.seed, self.npc.rpartition("/")[2])
        name = "-".join(str(part) for part in parts if part not in ("", None)) or "episode"
        return re.sub(r"[^\w.-]+", "_", name) + ".jsonl"

    @property
    def interventions(self) -> tuple[InterventionRecord, ...]:
        """Every time that metacognition took over, or changed its mind while it had."""
        found: list[InterventionRecord] = []
        last = ("policy", "")
        for number, decision in enumerate(self.decisions):
            now = (decision.strategy, decision.reason)
            if decision.strategy != "policy":
                if now != last:
                    found.append(InterventionRecord(number, decision.seconds, *now, 0))
                before = found.pop()
                found.append(
                    InterventionRecord(
                        before.decision, before.seconds, before.strategy, before.reason,
                        before.decisions + 1,
                    )
                )  # fmt: skip
            last = now
        return tuple(found)


_DECISION = TypeAdapter(DecisionRecord)
_EPISODE = TypeAdapter(EpisodeRecord)
_BELIEF = TypeAdapter(BeliefRecord)
_RESULT = TypeAdapter(ResultRecord)
_AT_THE_END = ("result", "belief", "graph")
_NOT_OURS = "give a file that `heedful serve --record` or `heedful demo` wrote"


def write_record(record: EpisodeRecord, path: Path) -> None:
    """Write a recorded episode whole or not at all.

    Raises:
        RecordError: the file cannot be written.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            fresh.write_bytes(b"\n".join(_lines(record)) + b"\n")
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be written ({error.strerror}): make room there or give another folder."
        ) from error


def _lines(record: EpisodeRecord) -> Iterator[bytes]:
    head = _EPISODE.dump_python(record, exclude={"decisions", *_AT_THE_END})
    yield to_json({"kind": "episode", **head})
    for decision in record.decisions:
        yield b'{"kind":"decision",' + _DECISION.dump_json(decision)[1:]
    end = _RESULT.dump_python(record.result) if record.result is not None else {}
    belief = _BELIEF.dump_python(record.belief)
    yield to_json({"kind": "end", **end, "belief": belief, "graph": record.graph})


def read_record(path: Path) -> EpisodeRecord:
    """Read a recorded episode; one that is cut off at its end is read as far as it goes.

    Raises:
        RecordError: there is no such file, or it is not a recorded episode, or it is damaged.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RecordError(f"{path} is too large for a recorded episode: {_NOT_OURS}.")
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise RecordError(f"{path} cannot be read ({error.strerror}): {_NOT_OURS}.") from error
    except UnicodeDecodeError:
        raise RecordError(f"{path} is not a recorded episode: {_NOT_OURS}.") from None
    first = _parse(lines[0]) if lines else None
    if first is None or first.get("kind") != "episode":
        raise RecordError(f"{path} is not a recorded episode: {_NOT_OURS}.")
    if first.get("version", VERSION) != VERSION:
        raise RecordError(
            f"{path} is of version {first['version']} and this heedful reads version {VERSION}: "
            "record the episode again."
        )
    number = 1
    try:
        record = _EPISODE.validate_python({**first, "decisions": ()})
        decisions: list[DecisionRecord] = []
        for number, text in enumerate(lines[1:], 2):
            line = _parse(text)
            if line is None:
                if number == len(lines):
                    break  # the writer was stopped in the middle of its last line
                raise ValueError("it is not JSON")
            if line.get("kind") == "decision":
                decisions.append(_DECISION.validate_python(line))
            elif line.get("kind") == "end":
                record = replace(
                    record,
                    belief=_BELIEF.validate_python(line.get("belief") or {}),
                    graph=dict(line.get("graph") or {}),
                    result=_RESULT.validate_python(line) if "success" in line else None,
                )
    except ValueError as error:
        raise RecordError(
            f"{path} is damaged in line {number} ({_first_error(error)}): record the episode again."
        ) from None
    return replace(record, decisions=tuple(decisions))


def _parse(text: str) -> Mapping[str, Any] | None:
    """A line as an object, None when it is none."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _first_error(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
