"""The words of the pages, all of them from the code: registries, docstrings and staged episodes."""

from __future__ import annotations

import inspect
import sys
from collections import Counter

import gymnasium

from envs.generate import FAMILIES, generate
from envs.goals import Step
from envs.scene import Scene, load_scene
from envs.tasks import TASKS, VALIDATION_SEEDS, Episode, Task, make_episode

EXAMPLES = 3
"""Instructions shown on a task's page."""
FIRST = VALIDATION_SEEDS.start
"""Seed of the first example; pages show no test seed."""


def page_name(name: str) -> str:
    """File name of a page, without its ending.

    >>> page_name("navigation/named_place")
    'navigation-named_place'
    """
    return name.replace("/", "-")


def example(task: Task, number: int) -> Episode:
    """An episode of a task; consecutive ones are dealt over its families."""
    return make_episode(
        task.name, FIRST + number, family=task.families[number % len(task.families)]
    )


def task_page(task: Task) -> str:
    """The page of a task, as Markdown."""
    episodes = [example(task, number) for number in range(EXAMPLES)]
    reward = episodes[0].reward
    lines = [
        f"# {task.name}",
        "",
        f"{task.summary[0].upper()}{task.summary[1:]}. {_first_paragraph(task.stage)}",
        "",
        f"![An episode of {task.name}](tasks/{page_name(task.name)}.png)",
        "",
        "What the NPC sees midway through an episode, and its world from above with the oracle's "
        "way.",
        "",
        "| | |",
        "| --- | --- |",
        f"| NPCs | {_team(task)} |",
        f"| step limit | {task.step_limit} decisions ({task.step_limit / 10:g} s) |",
        f"| families | {', '.join(f'[{name}](family-{name}.md)' for name in task.families)} |",
        f"| reward | {reward.success:g} for success, {reward.wrong:g} for a wrong commit, "
        f"{reward.decision:g} a decision{_step_reward(reward.step)} |",
        "",
        "## What is asked",
        "",
    ]
    for episode in episodes:
        lines += [f"In {episode.scene.name}:", ""]
        for npc, person in zip(episode.npcs, _npcs(episode.scene), strict=True):
            who = f"{person}: " if len(episode.npcs) > 1 else ""
            lines.append(f"- {who}\u201c{npc.instruction}\u201d")
            lines += [f"  - {_step(step)}" for step in npc.goal.steps]
            lines += [f"  - has been told: \u201c{told.text}\u201d" for told in npc.briefings]
        lines.append("")
    lines += [
        "## Play it",
        "",
        "```sh",
        f"heedful evaluate --task {task.name} --policy oracle --episodes 20",
        f"heedful play {episodes[0].scene.name} --task {task.name}",
        "```",
        "",
    ]
    return "\n".join(lines)


def family_page(family: str) -> str:
    """The page of a family, as Markdown."""
    scenes = [generate(family, FIRST + number) for number in range(100)]
    module = sys.modules[FAMILIES[family].__module__]
    tasks = [name for name, task in TASKS.items() if family in task.families]
    classes = Counter(thing.class_name for scene in scenes for thing in scene.objects)
    return "\n".join((
        f"# Family {family}",
        "",
        _first_paragraph(module),
        "",
        f"![Scenes of {family}](families/{family}.png)",
        "",
        f"Three scenes of seed {FIRST}, from easy to hard.",
        "",
        "| in 100 validation scenes | least | most |",
        "| --- | --- | --- |",
        *(_range(scenes, name) for name in ("places", "doors", "objects", "people", "topics")),
        "",
        f"Objects: {', '.join(name for name, _ in classes.most_common())}.",
        "",
        f"Tasks: {', '.join(f'[{name}]({page_name(name)}.md)' for name in tasks)}.",
        "",
        "```python",
        "import gymnasium",
        f'env = gymnasium.make("envs:{_gym_id(family)}", task="{tasks[0]}")',
        "```",
        "",
        f"A scene by its seed is `{family}:SEED`; the written one is `{family}` "
        f"(`scenes/{family}.yaml`).",
        "",
        *_own_tasks(family),
    ))  # fmt: skip


def index_page() -> str:
    """The page that leads to all others."""
    families = [f"- [{name}](family-{name}.md)" for name in FAMILIES]
    tasks = [f"- [{name}]({page_name(name)}.md): {task.summary}" for name, task in TASKS.items()]
    return "\n".join((
        "# Families and tasks",
        "",
        "These pages are written by `heedful docs` from the code, and a test holds that they are "
        "what it would write now. [A world of your own](scenes.md) is one scene file. "
        "[Unity](unity.md): from an empty project to a living NPC.",
        "",
        "## Families",
        "",
        *families,
        "",
        "## Tasks",
        "",
        *tasks,
        "",
    ))  # fmt: skip


def _own_tasks(family: str) -> list[str]:
    """What can be asked in the family's written scene beside the tasks of all."""
    scene = load_scene(family)
    if not scene.tasks:
        return []
    lines = ["The written scene brings tasks of its own:", ""]
    for spec in scene.tasks:
        episode = make_episode(f"scene/{spec.id}", FIRST, scene=scene)
        said = "; ".join(f"\u201c{npc.instruction}\u201d" for npc in episode.npcs)
        lines.append(f"- `scene/{spec.id}`: {said}")
    return [*lines, ""]


def _first_paragraph(documented: object) -> str:
    """First paragraph of a docstring as one line."""
    text = inspect.getdoc(documented) or ""
    return " ".join(text.split("\n\n")[0].split())


def _team(task: Task) -> str:
    sizes = task.team_sizes
    return str(task.npcs) if len(sizes) == 1 else f"{min(sizes)} to {max(sizes)}"


def _step_reward(value: float) -> str:
    return f", {value:g} for every achieved step" if value else ""


def _npcs(scene: Scene) -> list[str]:
    return [person.name for person in scene.people if person.role == "npc"]


def _step(step: Step) -> str:
    """A step as its line in a scene file."""
    names = ((name, getattr(step, name)) for name in ("what", "where", "who"))
    inside = ", ".join([f"do: {step.do}", *(f"{name}: {value}" for name, value in names if value)])
    return f"`{{{inside}}}`"


def _range(scenes: list[Scene], name: str) -> str:
    counts = [len(getattr(scene, name)) for scene in scenes]
    return f"| {name} | {min(counts)} | {max(counts)} |"


def _gym_id(family: str) -> str:
    """The gymnasium id that plays a family."""
    return next(
        name for name, spec in gymnasium.registry.items()
        if name.startswith("heedful/") and spec.kwargs.get("family") == family
    )  # fmt: skip
