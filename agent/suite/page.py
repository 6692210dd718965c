"""The page of a suite: success with intervals, by task, policy and family."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from agent.evaluate import EvaluationError
from agent.report.style import STYLE
from agent.suite.chart import heat_table, save

MEASURES = ("spl", "soft_spl", "decisions", "collisions", "idle_time", "messages", "share_of_work")
"""Columns of the table of measures, where the tasks have them."""


def write_page(out: Path, report: Mapping[str, Any], title: str) -> Path:
    """Write ``report.html``, ``success.png`` and ``families.png`` into a folder.

    Raises:
        EvaluationError: they cannot be written.
    """
    policies = {report["policy"]: report, **report["baselines"]}
    tasks = list(report["tasks"])
    by_policy = {
        (task, name): told["tasks"][task]["success"]
        for name, told in policies.items() for task in tasks
    }  # fmt: skip
    save(heat_table(f"Success, {title}", tasks, list(policies), by_policy), out / "success.png")
    families = report["families"]
    by_family = {
        (task, family): row["success"]
        for family, rows in families.items() for task, row in rows.items()
    }  # fmt: skip
    words = f"Success of {report['policy']} by family"
    save(heat_table(words, tasks, list(families), by_family), out / "families.png")
    page = out / "report.html"
    try:
        page.write_text(_render(report, title), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            f"{page} cannot be written ({error.strerror}): give --out another folder."
        ) from error
    return page


def _render(report: Mapping[str, Any], title: str) -> str:
    return "".join((
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Heedful: {escape(title)}</title>",
        f"<style>{STYLE}img{{max-width:100%}}</style></head><body>",
        f"<header><h1>{escape(title)}</h1>{_lead(report)}</header><main>",
        f"<section><h2>Success</h2>{_success(report)}</section>",
        '<section><h2>At a glance</h2><img src="success.png" alt="Success by task and policy">',
        '<img src="families.png" alt="Success by task and family"></section>',
        f"<section><h2>Measures of {escape(report['policy'])}</h2>{_measures(report)}</section>",
        "</main></body></html>\n",
    ))  # fmt: skip


def _lead(report: Mapping[str, Any]) -> str:
    episodes = sum(row["episodes"] for row in report["tasks"].values())
    extra = [f"while {name.replace('_', ' ')}" for name in report.get("perturbations", ())]
    extra += [f"without {part}" for part in report["without"]]
    if report.get("partner"):
        extra.append(f"with {report['partner']} as partner")
    return (
        f"<p>{episodes} episodes of {len(report['tasks'])} tasks in {len(report['families'])} "
        f"families, seeds {escape(report['seeds'])} (the last one left out)"
        f"{escape(', '.join(['', *extra]))}. Intervals are Wilson's, 95 %.</p>"
    )


def _success(report: Mapping[str, Any]) -> str:
    names = [report["policy"], *report["baselines"]]
    rows = []
    for task, row in (*report["tasks"].items(), ("all", report["overall"])):
        low, high = row["success_ci"]
        others = [
            (base["overall"] if task == "all" else base["tasks"][task])["success"]
            for base in report["baselines"].values()
        ]
        cells = [
            escape(task.replace("_", " ")), str(row.get("episodes", "")),
            f"<b>{_number(row['success'])}</b>", f"{_number(low)} to {_number(high)}",
            _number(row["wrong_commit"]), *map(_number, others),
        ]  # fmt: skip
        rows.append(cells)
    return _table(["task", "episodes", names[0], "95 %", "wrong", *names[1:]], rows)


def _measures(report: Mapping[str, Any]) -> str:
    rows = [
        [escape(task.replace("_", " ")), *(_number(row.get(name)) for name in MEASURES)]
        for task, row in report["tasks"].items()
    ]
    return _table(["task", *(name.replace("_", " ") for name in MEASURES)], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="wide"><table class="numbers"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _number(value: float | None) -> str:
    return "\u2013" if value is None else f"{value:.2f}"
