"""The report of a demo: one HTML page that needs nothing but the media beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from agent.report.record import Attended, EpisodeRecord, RecordError
from agent.report.story import (
    attended_by_phase,
    describe_end,
    strategy_words,
    tell,
)
from agent.report.style import STYLE
from agent.report.svg import POLICY_COLORS, attention_strip, bar_chart, belief_graph

MOST_SAID = 60
"""Sentences of a dialogue that are shown."""


@dataclass(frozen=True)
class Card:
    """One filmed episode of the report."""

    task: str
    seed: int
    video: str
    """Relative to the page; its poster has the same name and ends in ``.jpg``."""
    names: tuple[str, ...]
    """Of the NPCs."""
    records: tuple[EpisodeRecord, ...]
    """One for each NPC."""
    difference: str = ""
    """How the filmed replay differs from the episode over the wire, "" when it does not."""

    @property
    def same(self) -> bool:
        """Whether the replay went as the episode over the wire."""
        return not self.difference


def write_report(path: Path, summary: Mapping[str, Any], cards: Sequence[Card], brain: str) -> None:
    """Write the page.

    Raises:
        RecordError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render_report(summary, cards, brain), encoding="utf-8")
    except OSError as error:
        raise RecordError(
            f"{path} cannot be written ({error.strerror}): give another folder, on a disk with "
            "room."
        ) from error


def render_report(summary: Mapping[str, Any], cards: Sequence[Card], brain: str) -> str:
    """The page.

    Args:
        summary: keys of an evaluation, and ``baselines``.
        cards: filmed episodes.
        brain: what the brain is called.
    """
    links = "".join(f'<a href="#{_anchor(card)}">{_task_name(card.task)}</a>' for card in cards)
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Heedful: report</title><style>{STYLE}</style></head><body>",
            f"<header><h1>Heedful</h1>{_lead(summary, brain)}</header><main>",
            f'<section class="tiles">{_tiles(summary)}</section>',
            f"<section><h2>How often the goal was reached</h2>{_legend(summary)}",
            f'<div class="chart">{bar_chart(summary)}</div>{_table(summary)}</section>',
            f"<nav>{links}</nav>",
            *(_card(card) for card in cards),
            "</main></body></html>\n",
        )
    )


# -- the whole -------------------------------------------------------------------------------------


def _lead(summary: Mapping[str, Any], brain: str) -> str:
    episodes = sum(row["episodes"] for row in summary["tasks"].values())
    return (
        f"<p>{episodes} episodes of {len(summary['tasks'])} tasks, test seeds "
        f"{escape(summary['seeds'])} (the last one left out), played by {escape(brain)} over "
        "ML-Agents' gRPC protocol: the worlds in one process, the minds in another. The other "
        "policies played the same seeds.</p>"
    )


def _tiles(summary: Mapping[str, Any]) -> str:
    overall, times = summary["overall"], summary["decision_ms"]
    taken_over = 1.0 - summary["strategy_share"].get("policy", 1.0)
    tiles = {
        "success": _percent(overall["success"]),
        "success weighted by path length": _number(overall["spl"], 2),
        "wrong answers": _percent(overall["wrong_commit"]),
        "decision, median": _milliseconds(times["p50"]),
        "decision, 99 %": _milliseconds(times["p99"]),
        "decisions by metacognition": _percent(taken_over),
        "calibration error": _number(summary["calibration"]["ece"], 2),
    }
    return "".join(
        f'<div class="tile"><b>{value}</b><span>{name}</span></div>'
        for name, value in tiles.items()
    )


def _legend(summary: Mapping[str, Any]) -> str:
    parts = []
    for name in ("brain", *summary["baselines"]):
        color = POLICY_COLORS.get(name, "#8a8f9c")
        parts.append(f'<span><i style="background:{color}"></i>{escape(name)}</span>')
    return f'<p class="legend">{"".join(parts)}</p>'


def _table(summary: Mapping[str, Any]) -> str:
    baselines = summary["baselines"]
    names = ("task", "episodes", "brain", "95 %", "SPL", "wrong", *baselines)
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = []
    for task, row in summary["tasks"].items():
        others = [base["tasks"][task]["success"] for base in baselines.values()]
        rows.append(_table_row(_task_name(task), row, others, row["episodes"]))
    others = [base["overall"]["success"] for base in baselines.values()]
    rows.append(_table_row("all", summary["overall"], others, ""))
    return (
        f'<div class="wide"><table class="numbers"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _table_row(name: str, row: Mapping[str, Any], others: Iterable[float], episodes: object) -> str:
    low, high = row.get("success_ci") or (None, None)
    cells = [
        name, str(episodes), f"<b>{_percent(row['success'])}</b>",
        f"{_percent(low)} to {_percent(high)}", _number(row["spl"], 2),
        _percent(row["wrong_commit"]), *map(_percent, others),
    ]  # fmt: skip
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


# -- one episode -----------------------------------------------------------------------------------


def _card(card: Card) -> str:
    first = card.records[0]
    poster = Path(card.video).with_suffix(".jpg").as_posix()
    warning = (
        f'<p class="warning">This replay is not the episode that was played over the wire: '
        f"{escape(card.difference)}.</p>"
        if card.difference
        else ""
    )
    goals = "".join(
        f"<p class='goal'>{escape(name)}: \u201c{escape(record.goal)}\u201d</p>"
        for name, record in zip(card.names, card.records, strict=True)
    )
    minds = "".join(
        _mind(name, record) for name, record in zip(card.names, card.records, strict=True)
    )
    return (
        f'<article id="{_anchor(card)}"><h2>{_task_name(card.task)}</h2>{goals}'
        f'<p class="quiet">Test seed {card.seed}, map {escape(first.map or "")}: '
        f"{escape(describe_end(first))}.</p>{warning}"
        f'<video controls muted playsinline preload="none" poster="{escape(poster)}" '
        f'src="{escape(card.video)}"></video>'
        f"<h3>What was said</h3>{_dialogue(card)}{minds}</article>"
    )


def _dialogue(card: Card) -> str:
    """Everything that was said or heard, once, in order."""
    said: list[tuple[float, int, str, str]] = []
    for npc, (name, record) in enumerate(zip(card.names, card.records, strict=True)):
        for decision in record.decisions:
            for heard in decision.heard:
                if heard.speaker not in card.names:
                    who = heard.speaker or f"{name} knew before"
                    said.append((decision.seconds, 0, who, heard.text))
            if decision.said:
                said.append((decision.seconds, npc + 1, name, decision.said))
    lines = []
    said = sorted(dict.fromkeys(said))
    for seconds, npc, who, text in said[:MOST_SAID]:
        mine = "mine" if npc else ""
        lines.append(f'<li class="{mine}"><time>{seconds:.1f} s</time><b>{escape(who)}</b>'
                     f"<q>{escape(text)}</q></li>")  # fmt: skip
    if not lines:
        return '<p class="quiet">Nothing.</p>'
    left_out = len(said) - len(lines)
    more = f'<p class="quiet">... and {left_out} more sentences.</p>' if left_out else ""
    return f'<ol class="dialogue">{"".join(lines)}</ol>{more}'


def _mind(name: str, record: EpisodeRecord) -> str:
    """What went on in one NPC."""
    return (
        f'<section class="mind"><h3>What {escape(name)} believed at the end</h3>'
        f"{belief_graph(record)}{_facts(record)}"
        f"<h3>What {escape(name)} attended to</h3>"
        f'<div class="chart">{attention_strip(record)}</div>{_phases(record)}'
        f"<h3>When metacognition took over</h3>{_interventions(record)}"
        f"<details><summary>Key moments of {escape(name)}</summary>{_moments(record)}</details>"
        "</section>"
    )


def _facts(record: EpisodeRecord) -> str:
    lines = []
    for fact in record.belief.facts:
        doubt = ", contradicted since" if fact.contradicted else ""
        source = fact.source or "known before"
        lines.append(
            f"<li>{escape(f'{fact.about} {fact.relation} {fact.where}')} "
            f'<span class="quiet">{escape(source)}, {fact.clock:.1f} s, trusted '
            f"{fact.confidence:.0%}{doubt}</span></li>"
        )
    key = (
        '<p class="quiet">Shaded: places it has been in. Grey things: colour not decided. Pills: '
        "what it was told.</p>"
    )
    return key + (f'<ul class="facts">{"".join(lines)}</ul>' if lines else "")


def _phases(record: EpisodeRecord) -> str:
    columns = [
        f"<div><h4>{escape(phase)}</h4><ol>{_attended(items)}</ol></div>"
        for phase, items in attended_by_phase(record)
    ]
    return f'<div class="phases">{"".join(columns)}</div>'


def _attended(items: Sequence[Attended]) -> str:
    most = max((item.weight for item in items), default=1.0) or 1.0
    return "".join(
        f'<li><span class="bar" style="width:{item.weight / most:.0%}"></span>'
        f"<span>{escape(item.token)}</span><em>{item.weight:.0%}</em></li>"
        for item in items
    )


def _interventions(record: EpisodeRecord) -> str:
    rows = "".join(
        f"<tr><td>{item.seconds:.1f} s</td><td>{escape(strategy_words(item.strategy))}</td>"
        f"<td>{escape(item.reason)}</td><td>{item.decisions / 10:.1f} s</td></tr>"
        for item in record.interventions
    )
    if not rows:
        return '<p class="quiet">Never: the brain had its way in every decision.</p>'
    head = "<tr><th>at</th><th>what it did</th><th>why</th><th>for</th></tr>"
    return f'<div class="wide"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _moments(record: EpisodeRecord) -> str:
    lines = []
    for moment in tell(record):
        read = ", ".join(f"{item.token} {item.weight:.0%}" for item in moment.attended[:3])
        read = f'<span class="quiet"> (read most: {escape(read)})</span>' if read else ""
        lines.append(f"<li><time>{moment.seconds:.1f} s</time><b>{moment.kind}</b>"
                     f"<span>{escape(moment.text)}{read}</span></li>")  # fmt: skip
    return f'<ol class="moments">{"".join(lines)}</ol>'


# -- words -----------------------------------------------------------------------------------------


def _task_name(task: str) -> str:
    return escape(task.rpartition("/")[2].replace("_", " "))


def _anchor(card: Card) -> str:
    return escape(card.task.rpartition("/")[2])


def _percent(value: float | None) -> str:
    return "\u2013" if value is None else f"{value:.0%}"


def _number(value: float | None, digits: int) -> str:
    return "\u2013" if value is None else f"{value:.{digits}f}"


def _milliseconds(value: float | None) -> str:
    return "\u2013" if value is None else f"{value:.{0 if value >= 100 else 1}f} ms"
