"""What one NPC perceives, in words for the person who drives it."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.belief.state import NodeName
from envs import contract
from envs.contract import REASON_TEXT, Act, EntityColumn, Reason, Result, SelfColumn
from envs.tasks import NpcTask

KEPT_SENTENCES = 4
"""Subtitles that are shown at once."""
NEAREST = 5
"""Things in sight that are named at once."""
_SECTORS = ("ahead", "to the right", "behind", "to the left")


@dataclass(frozen=True)
class Subtitle:
    """Something that was said or read."""

    speaker: str
    text: str
    seconds: float
    """When, since the episode began."""

    def __str__(self) -> str:
        return f"{self.seconds:5.1f} s  {self.speaker}: {self.text}"


class View:
    """Follows one NPC through an episode.

    Args:
        task: what it is asked.
        step_limit: decisions that it has.

    Attributes:
        observation: the contract's fields and masks as they were observed last.
        mask: ``(MASK_SIZE,)`` True where a branch value is allowed.
        names: what its slots are called.
        subtitles: the last sentences.
        notice: what the person is told beside.
    """

    def __init__(self, task: NpcTask, step_limit: int) -> None:
        self.instruction, self.step_limit = task.instruction, step_limit
        self.observation: dict[str, NDArray[Any]] = {}
        self.mask: NDArray[np.bool_] = np.zeros(contract.MASK_SIZE, np.bool_)
        self.names: dict[int, NodeName] = {}
        self.subtitles: deque[Subtitle] = deque(maxlen=KEPT_SENTENCES)
        self.notice = ""

    def update(self, observation: Mapping[str, NDArray[Any]], info: Mapping[str, Any]) -> None:
        """Take in an observation of this NPC and what ``info`` says beside it."""
        self.observation = dict(observation)
        self.mask = info["action_mask"]
        for entry in info["catalogue"]:
            if entry.op == "remove":
                self.names.pop(entry.slot, None)
            else:
                self.names[entry.slot] = NodeName(entry.kind, entry.name, entry.class_name)
        for said in info["text"]:
            nobody = "Known before" if self.seconds == 0 else "Somebody"
            self.hear(self.name_of(said.speaker) if said.speaker else nobody, said.text)

    def hear(self, speaker: str, text: str) -> None:
        """Show a sentence from now on."""
        self.subtitles.append(Subtitle(speaker, text, self.seconds))

    def name_of(self, slot: int) -> str:
        """What a slot is called; "" for none."""
        if slot == 0:
            return ""
        named = self.names.get(slot)
        return named.name or named.class_name if named else "something"

    def column(self, column: SelfColumn) -> float:
        """A value of ``self``."""
        return float(self.observation["self"][column])

    @property
    def seconds(self) -> float:
        """Since the episode began."""
        return self.column(SelfColumn.CLOCK)

    @property
    def held(self) -> int:
        """Slot of what is in hand, 0 for nothing."""
        return int(self.column(SelfColumn.HELD))

    @property
    def place(self) -> int:
        """Slot of the place that the body is in, 0 for none."""
        return int(self.column(SelfColumn.PLACE))

    def entities(self) -> NDArray[np.float32]:
        """``(K, ENTITY_SIZE)`` what is in sight or in hand, the nearest first."""
        rows = self.observation["entities"][self.observation["entities_mask"] > 0]
        return rows[np.argsort(rows[:, EntityColumn.DISTANCE], kind="stable")]

    def whereabouts(self, slot: int) -> str:
        """How far and on which side something is, such as "2.1 m ahead"."""
        for row in self.entities():
            if int(row[EntityColumn.SLOT]) == slot:
                bearing = math.atan2(row[EntityColumn.X], row[EntityColumn.Z])
                sector = _SECTORS[round(bearing / (math.pi / 2)) % 4]
                return f"{row[EntityColumn.DISTANCE]:.1f} m {sector}"
        return "here" if slot == self.place else "not in sight"

    def body_line(self) -> str:
        """Time, place and hand."""
        whole = self.step_limit * contract.DECISION_SECONDS
        words = [f"{self.seconds:.1f} s of {whole:.0f} s"]
        if self.place:
            words.append(f"in {self.name_of(self.place)}")
        words.append(f"holding {self.name_of(self.held)}" if self.held else "empty-handed")
        if self.column(SelfColumn.BUMPED):
            words.append("something is in the way")
        if not self.column(SelfColumn.AUDIO_VALID):
            words.append("you hear nothing")
        return ", ".join(words)

    def sight_line(self) -> str:
        """The nearest things in line of sight, "" when there is none."""
        slots = [int(row[EntityColumn.SLOT]) for row in self.entities()]
        seen = [slot for slot in slots if slot != self.held][:NEAREST]
        words = [f"{self.name_of(slot)} {self.whereabouts(slot)}" for slot in seen]
        return f"In sight: {'; '.join(words)}" if words else ""

    def act_line(self) -> str:
        """How the last act went, "" when there was none."""
        act = Act(int(self.column(SelfColumn.LAST_ACT)))
        result = Result(int(self.column(SelfColumn.RESULT)))
        if result == Result.NONE or act == Act.NONE:
            return ""
        done = f"{act.name.lower()} {self.name_of(int(self.column(SelfColumn.LAST_TARGET)))}"
        reason = REASON_TEXT[Reason(int(self.column(SelfColumn.REASON)))]
        if result == Result.FAILED:
            return f"{done.strip()} failed: {reason}"
        if result == Result.DONE:
            return f"{done.strip()}: done"
        waits = int(self.column(SelfColumn.REASON)) != Reason.NONE
        return f"{done.strip()} goes on while you wait (.)" + (f": {reason}" if waits else "")
