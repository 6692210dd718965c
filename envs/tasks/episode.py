"""What one episode asks of whom, and how a commit is judged.

A task stages a scene and asks each controlled NPC for one thing. The world plays the episode; when
an NPC commits itself to an answer the world says what is true then (``WorldTruth``) and `judge`
says whether that was right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from envs.contract import Act
from envs.scene import Scene

REACHED = 1.5
"""A thing counts as reached within this distance of its nearest point, metres."""
SUCCESS_REWARD = 1.0
WRONG_COMMIT_REWARD = -0.5
DECISION_REWARD = -0.001
"""For every decision of an NPC that has not finished."""

Verdict = Literal["success", "wrong"]


class TaskError(ValueError):
    """A task that is unknown or cannot be staged in a scene; the text says the cure."""


@dataclass(frozen=True)
class Answer:
    """What an NPC is to do, and so how its commits are judged; all ids are the scene's."""

    kind: Literal["enter", "reach", "deliver"]
    """Finish inside a place, near a thing, or when the thing lies in a place."""
    target: str
    """The thing that ``finish`` must name."""
    place: str | None = None
    """Where the thing must lie (deliver)."""
    candidates: tuple[str, ...] = ()
    """What the target was drawn from, each equally likely: the ground of the leak tests."""
    look_alikes: tuple[str, ...] = ()
    """Things that differ from the target only in what must be perceived (target included)."""


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
    answer: Answer
    known_things: tuple[str, ...]
    """Ids of what the goal and the briefings name and of the team mates: they have slots from the
    start, name only. (Places and doors as well when the scene's map is known; the world adds them.)
    """
    briefings: tuple[Briefing, ...] = ()
    """Heard in the first observation from nobody in particular."""
    shortest_path: float = 1.0
    """Metres from the start that the task takes at least, on the true layout."""
    guide: str | None = None
    """Who must be asked on the way (for the oracle only)."""


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


@dataclass(frozen=True)
class WorldTruth:
    """What is true in a world at the moment of a commit, after its act was carried out."""

    act: Act
    """FINISH, SWITCH, GIVE or PUT, and it was possible."""
    target: str
    """Id of the thing that the action named."""
    item: str | None
    """Id of the object that was finished with, switched, given or put, None when it is none."""
    item_place: str | None
    """Id of the place on whose floor the item is, None while anybody holds it."""
    body_place: str | None
    """Id of the place that the body is in."""
    distance: float
    """Metres from the body to the nearest point of the target; infinite for places and topics."""


def judge(episode: Episode, npc: int, truth: WorldTruth) -> Verdict | None:
    """Say whether a commit of an NPC was right, None when it committed to nothing.

    ``finish`` always commits. Among look-alikes so do ``switch``, ``give`` and ``put`` into the
    goal place; done to the right one, only ``put`` reaches a goal (deliver).
    """
    answer = episode.npcs[npc].answer
    if truth.act == Act.FINISH:
        return "success" if _is_done(answer, truth) else "wrong"
    if truth.item is None or truth.item not in answer.look_alikes:
        return None
    if truth.act == Act.PUT:
        if answer.place is None or truth.item_place != answer.place:
            return None
        return "success" if truth.item == answer.target else "wrong"
    if truth.act in (Act.SWITCH, Act.GIVE):
        return None if truth.item == answer.target else "wrong"
    return None


def _is_done(answer: Answer, truth: WorldTruth) -> bool:
    if truth.target != answer.target:
        return False
    if answer.kind == "enter":
        return truth.body_place == answer.target
    if answer.kind == "reach":
        return truth.distance <= REACHED
    near = truth.distance <= REACHED or truth.body_place == answer.place
    return near and truth.item_place == answer.place
