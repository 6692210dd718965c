"""The tasks by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from envs.goals import DEFAULT_REWARD, Reward
from envs.tasks.episode import Episode, TaskError
from envs.tasks.staging import Stage


@dataclass(frozen=True)
class Task:
    """One task: who can play it and how it is staged."""

    name: str
    """Category and name: "navigation/named_place"."""
    summary: str
    stage: Callable[[Stage], Episode]
    npcs: int = 1
    """Controlled NPCs that play it unless another number is asked for."""
    step_limit: int = 400
    """Decisions."""
    families: tuple[str, ...] = ("museum",)
    """Families whose generated scenes can stage it."""
    team_sizes: tuple[int, ...] = (1,)
    """Numbers of controlled NPCs that can play it."""
    reward: Reward = DEFAULT_REWARD


EVERY_FAMILY = (
    "museum", "city", "workshop", "home", "class_room", "meeting_room", "service_desk",
)  # fmt: skip
TEAM_SIZES = range(2, 9)
"""Of tasks that a team of any size can play."""

TASKS: dict[str, Task] = {}
"""Every task by its full name, in the order in which they are reported."""

CATEGORIES = ("navigation", "interaction", "coordination", "language")
"""Categories in the order in which their tasks are listed; others come after them."""


def _category_rank(name: str) -> int:
    category = name.partition("/")[0]
    return CATEGORIES.index(category) if category in CATEGORIES else len(CATEGORIES)


def task(
    name: str,
    summary: str,
    npcs: int = 1,
    step_limit: int = 400,
    families: Iterable[str] = ("museum",),
    team_sizes: Iterable[int] | None = None,
    reward: Reward = DEFAULT_REWARD,
) -> Callable[[Callable[[Stage], Episode]], Callable[[Stage], Episode]]:
    """Register the decorated function as the staging of a task.

    Args:
        name: category and name.
        summary: what is asked, in a few words.
        npcs: controlled NPCs unless another number is asked for.
        step_limit: decisions.
        families: whose generated scenes can stage it.
        team_sizes: numbers of NPCs that can play it; None: ``npcs`` alone.
        reward: what an episode is worth.
    """

    def register(stage: Callable[[Stage], Episode]) -> Callable[[Stage], Episode]:
        if name in TASKS:
            raise TaskError(f"Task '{name}' is registered already: give the new one another name.")
        TASKS[name] = Task(
            name, summary, stage, npcs, step_limit, tuple(families), tuple(team_sizes or (npcs,)),
            reward,
        )  # fmt: skip
        in_order = sorted(TASKS.items(), key=lambda item: _category_rank(item[0]))
        TASKS.clear()
        TASKS.update(in_order)
        return stage

    return register
