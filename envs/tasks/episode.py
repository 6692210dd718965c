"""What one episode asks of whom.

A task stages a scene and gives each controlled NPC a goal. The world plays the episode; a judge
(``envs.tasks.judging``) follows what is achieved and says whether a commit was right.
"""

from __future__ import annotations

from dataclasses import dataclass

from envs.goals import DEFAULT_REWARD, Goal, Reward
from envs.scene import Scene

REACHED = 1.5
"""A thing counts as reached within this distance of its nearest point, metres."""


class TaskError(ValueError):
    """A task that is unknown or cannot be staged in a scene; the text says the cure."""


@dataclass(frozen=True)
class Briefing:
    """A sentence that an NPC has been told before the episode."""

    text: str
    mentions: tuple[str, ...]
    """Ids of the things that it names."""


@dataclass(frozen=True)
class NpcTask:
    """What one controlled NPC is asked."""

    instruction: str
    """The goal's text."""
    goal: Goal
    known_things: tuple[str, ...]
    """Ids of what the goal and the briefings name and of the team mates: they have slots from the
    start, name only. (Places and doors as well when the scene's map is known; the world adds them.)
    """
    briefings: tuple[Briefing, ...] = ()
    """Heard in the first observation from nobody in particular."""
    shortest_path: float = 1.0
    """Metres from the start that the task takes at least, on the true layout."""


@dataclass(frozen=True)
class Episode:
    """A staged scene and what is asked in it."""

    scene: Scene
    """Its people of role "npc" are the controlled NPCs where they start, in this order."""
    task: str
    """Full name, such as "navigation/named_place"."""
    seed: int
    npcs: tuple[NpcTask, ...]
    team: bool
    """True when all must succeed."""
    step_limit: int
    """Decisions."""
    reward: Reward = DEFAULT_REWARD
