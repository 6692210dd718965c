"""``heedful explain``: why an NPC did what it did, from a recorded episode."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from agent.report.record import Attended, EpisodeRecord, RecordError, read_record
from agent.report.story import Moment, attended_by_phase, tell

_STYLES = {
    "goal": "bold", "heard": "cyan", "said": "green", "chose": "magenta", "took over": "yellow",
    "act": "blue", "end": "bold", "place": "dim",
}  # fmt: skip


def explain_episode(path: Path) -> str:
    """The story of a recorded episode: what was learnt, chosen, regulated and answered, and why.

    Raises:
        RecordError: the file is not a recorded episode, or it is damaged or empty.
    """
    record = read_record(path)
    if not record.decisions:
        raise RecordError(f"{path} holds no decisions: record an episode that is played.")
    console = Console()
    with console.capture() as capture:
        console.print(explain(record))
    return capture.get().rstrip()


def explain(record: EpisodeRecord) -> RenderableType:
    """The story of an episode, to print with rich."""
    return Group(_head(record), _timeline(tell(record)), *_believed(record), *_attended(record))


def _head(record: EpisodeRecord) -> RenderableType:
    told = [record.task or "", f"seed {record.seed}" if record.seed is not None else "",
            f"map {record.map}" if record.map else "", record.npc, record.brain]  # fmt: skip
    lines = Text(f"Goal: {record.goal or 'none'}", style="bold")
    lines.append("\n" + ", ".join(part for part in told if part), style="not bold dim")
    return Panel(lines, title="Why it did what it did", title_align="left")


def _timeline(moments: Sequence[Moment]) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column("seconds", justify="right", style="dim", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    table.add_column("what", overflow="fold")
    for moment in _without_repeats(moments):
        text = Text(moment.text)
        if moment.attended:
            text.append(f"\nread most: {_list(moment.attended[:4])}", style="dim")
        style = _STYLES[moment.kind]
        table.add_row(f"{moment.seconds:.1f} s", Text(moment.kind, style), text)
    return table


def _without_repeats(moments: Sequence[Moment]) -> list[Moment]:
    """Moments without those that only say again what the one before of their kind said."""
    kept: list[Moment] = []
    last: dict[str, str] = {}
    for moment in moments:
        if last.get(moment.kind) != moment.text:
            kept.append(moment)
        last[moment.kind] = moment.text
    return kept


def _believed(record: EpisodeRecord) -> list[RenderableType]:
    facts = record.belief.facts
    if not facts:
        return []
    table = Table(title="What it was told", title_justify="left", box=None, show_header=False)
    for fact in facts:
        source = fact.source or "known before"
        doubt = ", contradicted since" if fact.contradicted else ""
        table.add_row(
            f"{fact.about} {fact.relation} {fact.where}",
            Text(f"{source}, {fact.clock:.1f} s, trusted {fact.confidence:.0%}{doubt}", "dim"),
        )
    return [Text(), table]


def _attended(record: EpisodeRecord) -> list[RenderableType]:
    phases = list(attended_by_phase(record))
    if not phases:
        return []
    table = Table(title="What it attended to", title_justify="left", box=None, show_header=False)
    for phase, items in phases:
        table.add_row(Text(phase, "dim"), _list(items))
    return [Text(), table]


def _list(items: Sequence[Attended]) -> str:
    return ", ".join(f"{item.token} {item.weight:.0%}" for item in items)
