"""``heedful envs``: what there is, by name."""

from __future__ import annotations

import gymnasium
from rich.console import Console

import envs
from agent.evaluate import SUITES
from agent.policies import POLICIES
from envs.generate import FAMILIES
from envs.scene_file import written_scenes
from envs.tasks import TASKS
from envs.world.perturbations import PERTURBATIONS


def run() -> None:
    """Print ids, families, tasks and the rest."""
    console = Console(highlight=False)
    ids = sorted(name for name in gymnasium.registry if name.startswith("heedful/"))
    sections = {
        f'Environments (gymnasium.make("{envs.__name__}:ID"))': dict.fromkeys(ids, ""),
        "Families of scenes (FAMILY:SEED is one of them)": dict.fromkeys(FAMILIES, ""),
        "Written scenes": dict.fromkeys(written_scenes(), ""),
        "Tasks": {
            name: f"{task.summary} ({task.npcs} NPC{'s' * (task.npcs > 1)})"
            for name, task in TASKS.items()
        },
        "Policies": POLICIES,
        "Suites": {name: suite.summary for name, suite in SUITES.items()},
        "Perturbations": PERTURBATIONS,
    }
    for title, lines in sections.items():
        console.print(f"[bold]{title}[/bold]")
        width = max(map(len, lines), default=0)
        for name, meaning in lines.items():
            console.print(f"  {name:<{width}}  {meaning}".rstrip(), soft_wrap=True)
