"""Drawings of the report as inline SVG: bars, what is believed, and attention over time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

from agent.report.record import SENSES, BeliefRecord, EpisodeRecord, ThingBelief
from envs.palette import COLORS

POLICY_COLORS = {
    "brain": "var(--brain)", "oracle": "#8a8f9c", "expert": "#b48a3c", "scripted": "#5b8db8",
    "untrained": "#c08497", "random": "#b5b0a5",
}  # fmt: skip
SCALE = 46.0
"""Pixels a metre in the drawing of a belief."""
MARGIN = 0.3
STRIP_CELLS = 100
"""Columns of an attention strip, at most."""


def bar_chart(summary: Mapping[str, Any]) -> str:
    """Success of the brain and of every baseline for each task, with the brain's interval."""
    rows: dict[str, Mapping[str, Any]] = {"brain": summary["tasks"]}
    rows |= {name: base["tasks"] for name, base in summary["baselines"].items()}
    bar, gap, left, width = 11.0, 22.0, 150.0, 460.0
    group = bar * len(rows) + gap
    height = group * len(summary["tasks"]) + 34
    parts = [f'<svg viewBox="0 0 {left + width + 60} {height}" role="img" '
             'aria-label="Success of every policy for each task">']  # fmt: skip
    for tenth in range(0, 11, 2):
        x = left + width * tenth / 10
        parts.append(f'<line class="grid" x1="{x}" y1="4" x2="{x}" y2="{height - 26}"/>')
        parts.append(f'<text class="axis" x="{x}" y="{height - 10}">{tenth * 10}%</text>')
    for number, task in enumerate(summary["tasks"]):
        top = 8 + number * group
        name = escape(task.rpartition("/")[2].replace("_", " "))
        middle = top + bar * len(rows) / 2 + 4
        parts.append(f'<text class="label" x="{left - 12}" y="{middle}">{name}</text>')
        for place, (policy, tasks) in enumerate(rows.items()):
            y, value = top + place * bar, tasks[task]["success"]
            color = POLICY_COLORS.get(policy, "#8a8f9c")
            title = f"<title>{escape(policy)}: {value:.0%}</title>"
            parts.append(f'<rect x="{left}" y="{y + 1}" width="{max(2.0, width * value):.1f}" '
                         f'height="{bar - 2}" rx="2" fill="{color}">{title}</rect>')  # fmt: skip
            if policy == "brain":
                low, high = (left + width * edge for edge in tasks[task]["success_ci"])
                y += bar / 2
                parts.append(f'<path class="interval" d="M{low:.1f} {y}H{high:.1f}M{low:.1f} '
                             f'{y - 4}v8M{high:.1f} {y - 4}v8"/>')  # fmt: skip
                parts.append(
                    f'<text class="value" x="{left + width + 10}" y="{y + 4}">{value:.0%}</text>'
                )
    return "".join([*parts, "</svg>"])


def belief_graph(record: EpisodeRecord) -> str:
    """What an NPC believes at the end: places where they are, things in them, what it was told."""
    belief = record.belief
    floors = [place.floor for place in belief.places if place.floor is not None]
    if not floors:
        return '<p class="quiet">It knew the shape of no place.</p>'
    spots = [thing.position for thing in belief.things if thing.position is not None]
    xs = [x for floor in floors for x in floor[::2]] + [x for x, _ in spots]
    zs = [z for floor in floors for z in floor[1::2]] + [z for _, z in spots]
    x0, z0, x1, z1 = min(xs) - MARGIN, min(zs) - MARGIN, max(xs) + MARGIN, max(zs) + MARGIN
    sheet = _Sheet(x0, z1, SCALE)
    width, height = (x1 - x0) * SCALE, (z1 - z0) * SCALE
    parts = [f'<svg class="belief" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
             f'style="max-width:{min(620.0, width):.0f}px" '
             'aria-label="What the NPC believes">']  # fmt: skip
    parts += _places(belief, sheet)
    parts += _doorways(belief, sheet)
    parts += _walk(record, sheet)
    parts += [part for thing in belief.things for part in _thing(thing, sheet)]
    parts += _told(belief, sheet)
    return "".join([*parts, "</svg>"])


def attention_strip(record: EpisodeRecord) -> str:
    """Share of the attention of each sense over time, and when metacognition was at work."""
    decisions = [decision for decision in record.decisions if decision.senses]
    if not decisions:
        return '<p class="quiet">Attention was not recorded.</p>'
    step = math.ceil(len(decisions) / STRIP_CELLS)
    groups = [decisions[start : start + step] for start in range(0, len(decisions), step)]
    left, cell, line = 78, 560 / len(groups), 20
    height = line * (len(SENSES) + 1) + 22
    parts = [f'<svg viewBox="0 0 640 {height}" role="img" '
             'aria-label="What it attended to over time">']  # fmt: skip
    for row, sense in enumerate(SENSES):
        y = row * line
        parts.append(f'<text class="label" x="{left - 8}" y="{y + 14}">{sense}</text>')
        for column, group in enumerate(groups):
            share = sum(decision.senses[row] for decision in group) / len(group)
            shade = min(1.0, share * 1.6)
            parts.append(
                f'<rect class="heat" x="{left + column * cell:.2f}" y="{y + 1}" '
                f'width="{cell + 0.3:.2f}" height="{line - 2}" opacity="{shade:.2f}">'
                f"<title>{group[0].seconds:.1f} s: {sense} {share:.0%}</title></rect>"
            )
    y = len(SENSES) * line
    parts.append(f'<text class="label" x="{left - 8}" y="{y + 14}">takes over</text>')
    for column, group in enumerate(groups):
        reasons = [decision.reason for decision in group if decision.strategy != "policy"]
        if reasons:
            parts.append(
                f'<rect class="over" x="{left + column * cell:.2f}" y="{y + 3}" '
                f'width="{cell + 0.3:.2f}" height="{line - 6}">'
                f"<title>{group[0].seconds:.1f} s: {escape(reasons[0])}</title></rect>"
            )
    end = decisions[-1].seconds
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        x = left + 560 * share
        parts.append(f'<text class="axis" style="text-anchor:{anchor}" x="{x}" y="{height - 4}">'
                     f"{end * share:.1f} s</text>")  # fmt: skip
    return "".join([*parts, "</svg>"])


class _Sheet:
    """Metres to pixels, z up."""

    def __init__(self, left: float, top: float, scale: float) -> None:
        self.left, self.top, self.scale = left, top, scale

    def at(self, x: float, z: float) -> tuple[float, float]:
        return (x - self.left) * self.scale, (self.top - z) * self.scale


def _places(belief: BeliefRecord, sheet: _Sheet) -> list[str]:
    parts = []
    for place in belief.places:
        if place.floor is None:
            continue
        (x0, y1), (x1, y0) = sheet.at(*place.floor[:2]), sheet.at(*place.floor[2:])
        kind = "place visited" if place.visited else "place"
        parts.append(f'<rect class="{kind}" x="{x0:.0f}" y="{y0:.0f}" width="{x1 - x0:.0f}" '
                     f'height="{y1 - y0:.0f}"/>')  # fmt: skip
        name = escape(place.name.removeprefix("the "))
        parts.append(f'<text class="name" x="{x0 + 8:.0f}" y="{y0 + 19:.0f}">{name}</text>')
    return parts


def _doorways(belief: BeliefRecord, sheet: _Sheet) -> list[str]:
    parts = []
    for doorway in belief.doorways:
        (x, y), half = sheet.at(*doorway.position), doorway.width / 2 * sheet.scale
        along = (half, 0.0) if doorway.along_x else (0.0, half)
        state = doorway.state or "not seen"
        parts.append(f'<line class="door {"shut" if state in ("closed", "locked") else ""}" '
                     f'x1="{x - along[0]:.0f}" y1="{y - along[1]:.0f}" '
                     f'x2="{x + along[0]:.0f}" y2="{y + along[1]:.0f}">'
                     f"<title>door: {state}</title></line>")  # fmt: skip
    return parts


def _walk(record: EpisodeRecord, sheet: _Sheet) -> list[str]:
    """Where the NPC went, and where it is now."""
    points = [sheet.at(*decision.position) for decision in record.decisions]
    if not points:
        return []
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points[:: max(1, len(points) // 200)])
    x, y = points[-1]
    return [f'<polyline class="walk" points="{line} {x:.0f},{y:.0f}"/>',
            f'<circle class="me" cx="{x:.0f}" cy="{y:.0f}" r="8"/>']  # fmt: skip


def _thing(thing: ThingBelief, sheet: _Sheet) -> list[str]:
    if thing.position is None or thing.held:
        return []
    x, y = sheet.at(*thing.position)
    seen = "never seen" if thing.seen is None else f"last seen at {thing.seen:.1f} s"
    name = thing.class_name or thing.name
    if thing.kind == "npc":
        name = thing.name.removeprefix("the ")
        shape = f'<circle class="person" cx="{x:.0f}" cy="{y:.0f}" r="8">'
    elif thing.color:
        red, green, blue = COLORS[thing.color]
        shape = (f'<circle class="thing" cx="{x:.0f}" cy="{y:.0f}" r="7" '
                 f'fill="rgb({red},{green},{blue})">')  # fmt: skip
    else:
        shape = f'<circle class="thing unsure" cx="{x:.0f}" cy="{y:.0f}" r="7">'
    told = f"{thing.color} {thing.name}".strip() + f", {seen}"
    return [f"{shape}<title>{escape(told)}</title></circle>",
            f'<text class="small" x="{x:.0f}" y="{y + 20:.0f}">{escape(name)}</text>']  # fmt: skip


def _told(belief: BeliefRecord, sheet: _Sheet) -> list[str]:
    """What was said to be in a place, written into it."""
    floors = {place.name: place.floor for place in belief.places if place.floor is not None}
    count: dict[str, int] = {}
    parts = []
    for fact in belief.facts:
        floor = floors.get(fact.where)
        if floor is None or fact.contradicted:
            continue
        line = count[fact.where] = count.get(fact.where, 0) + 1
        x, y = sheet.at(floor[0], floor[3])
        told = escape(f"{fact.about} is here, said {fact.source or 'the briefing'}")
        name = escape(fact.about.removeprefix("the "))
        y += 22 + 21 * line
        parts.append(f'<g class="told"><title>{told}</title><rect x="{x + 7:.0f}" '
                     f'y="{y - 15:.0f}" width="{len(name) * 7.4 + 14:.0f}" height="19" rx="9"/>'
                     f'<text x="{x + 14:.0f}" y="{y - 1:.0f}">{name}</text></g>')  # fmt: skip
    return parts
