"""What an NPC was told once and must not miss when a question of it is not decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from envs.contract import CatalogueEntry, Utterance
from unity_bridge.batch import WorldBatch

MOST_ENTRIES = 1024
MOST_TEXTS = 64
MOST_MESSAGES = 16
"""About episodes."""
MOST_GOALS = 128
"""About goals: room for all that an NPC may have open, and for taking them back."""


@dataclass
class News:
    """Catalogue, texts and messages of one NPC, the oldest first; the newest are kept."""

    first: bool = False
    catalogue: list[CatalogueEntry] = field(default_factory=list)
    texts: list[Utterance] = field(default_factory=list)
    goals: list[dict[str, Any]] = field(default_factory=list)
    episodes: list[dict[str, Any]] = field(default_factory=list)

    def keep(self, batch: WorldBatch, row: int) -> None:
        """Keep what a row of a batch was told, for its next decision."""
        self.first = self.first or bool(batch.first[row])
        self.catalogue = [*self.catalogue, *batch.catalogue[row]][-MOST_ENTRIES:]
        self.texts = [*self.texts, *batch.texts[row]][-MOST_TEXTS:]
        self.goals = [*self.goals, *batch.goals[row]][-MOST_GOALS:]
        self.episodes = [*self.episodes, *batch.episodes[row]][-MOST_MESSAGES:]

    def tell(self, batch: WorldBatch, row: int) -> None:
        """Tell a row of a batch, in place, what was kept, before what it is told now."""
        if self.first:
            batch.first[row] = True
        batch.catalogue[row] = [*self.catalogue, *batch.catalogue[row]]
        batch.texts[row] = [*self.texts, *batch.texts[row]]
        batch.goals[row] = [*self.goals, *batch.goals[row]]
        batch.episodes[row] = [*self.episodes, *batch.episodes[row]]

    @property
    def empty(self) -> bool:
        """Whether nothing is kept."""
        return not (
            self.first or self.catalogue or self.texts or self.goals or self.episodes
        )  # fmt: skip
