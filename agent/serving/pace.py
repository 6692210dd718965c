"""Who is decided now when there is not time for everybody: whoever is near a player comes first.

While the mind keeps up, everybody is decided ten times a second. Otherwise as many NPCs as there
is time for stay at that rate, the nearest ones, and the others come down to about three times a
second, in turns. A world that asks for no more than its share keeps the rate, whatever others ask.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from agent.serving.residents import Resident
from envs.contract import DECISION_SECONDS, DialogueColumn, EntityColumn
from envs.words import word_id
from unity_bridge.batch import WorldBatch

PLAYER_CLASSES = ("player", "human", "hero", "avatar")
"""Classes of entities that are taken for the player."""
SLOWEST_SECONDS = 0.36
"""No NPC waits for longer between two decisions, as far as its world asks in time."""
TURNS = 3
"""Of so many questions of an NPC that is far away, one is decided."""
USABLE = 0.75
"""Share of the time that the mind may take."""
MEASURED_BATCHES = 16
FEWEST_BATCHES = 8
"""Before so many are measured there is time for everybody."""
SLOWEST_LEFT_OUT = 2
"""A pause of the machine is no lack of time."""
REMEMBERED_SECONDS = 3.0
"""So long a player who is out of sight is taken to be where it was."""
EARSHOT = 6.0
"""Distance of a speaker who is out of sight, metres."""
_PLAYERS = np.array([word_id(name) for name in PLAYER_CLASSES], np.float32)


class Pace:
    """Measures the mind, and says who is due.

    Args:
        seconds: within which everybody should be decided; the deadline.
        active: gives everybody who has asked lately.
    """

    def __init__(self, seconds: float, active: Callable[[], Sequence[Resident]]) -> None:
        self._budget = USABLE * min(seconds, DECISION_SECONDS)
        self._active = active
        self._batches: deque[tuple[float, int]] = deque(maxlen=MEASURED_BATCHES)
        self._near: set[Resident] | None = None
        self._chosen = -np.inf

    def note(self, seconds: float, rows: int) -> None:
        """The mind took so long for a batch."""
        self._batches.append((seconds, rows))

    @property
    def capacity(self) -> float:
        """Rows that can be decided in a tenth of a second."""
        return self.rows_within(self._budget)

    def rows_within(self, seconds: float) -> float:
        """Rows that the mind decides in so many seconds; any number before that is known."""
        if len(self._batches) < FEWEST_BATCHES:
            return np.inf
        kept = sorted(self._batches, key=lambda batch: batch[0] / batch[1])
        kept = kept[: len(kept) - SLOWEST_LEFT_OUT]
        took = sum(time for time, _ in kept)
        return seconds * sum(rows for _, rows in kept) / took if took > 0 else np.inf

    def is_due(self, resident: Resident, now: float) -> bool:
        """Whether an NPC that asks now is decided; else it goes on with what it does."""
        if now - self._chosen >= DECISION_SECONDS:
            self._choose(now)
        if self._near is None or resident in self._near or resident.action is None:
            return True
        waits = now - resident.seen + resident.gap
        return waits > SLOWEST_SECONDS or (resident.questions + resident.seat) % TURNS == 0

    def _choose(self, now: float) -> None:
        """Choose whom there is time for at the full rate."""
        self._chosen = now
        active, capacity = self._active(), self.capacity
        if len(active) <= capacity:
            self._near = None
            return
        count = Counter(one.world for one in active)
        share = capacity / len(count)
        modest = {one for one in active if count[one.world] <= share}
        others = [one for one in active if one not in modest]
        near = int((capacity - len(modest) - len(others) / TURNS) / (1.0 - 1.0 / TURNS))
        others.sort(key=lambda one: (one.distance, one.seen))
        self._near = modest.union(others[: max(1, near)])


def meet(batch: WorldBatch, residents: Sequence[Resident | None], now: float) -> list[bool]:
    """Note how far each NPC is from the nearest player or speaker.

    Returns:
        Whether each was spoken to.
    """
    players = find_distances(batch.observations)
    dialogue = batch.observations["dialogue"]
    said = dialogue[:, :, DialogueColumn.UTTERANCE] > 0
    to_me = said & (dialogue[:, :, DialogueColumn.TO_ME] > 0)
    for resident, distance in zip(residents, players.tolist(), strict=True):
        if resident is None:
            continue
        if distance < np.inf:
            resident.distance, resident.met = distance, now
        elif now - resident.met > REMEMBERED_SECONDS:
            resident.distance = np.inf
    return [bool(spoken.any()) for spoken in to_me]


def find_distances(observations: dict[str, NDArray]) -> NDArray[np.float32]:
    """Distance of each NPC to the nearest player or speaker, inf for none: ``(n,)`` metres."""
    entities, dialogue = observations["entities"], observations["dialogue"]
    slots = entities[:, :, EntityColumn.SLOT]
    close = np.isin(entities[:, :, EntityColumn.CLASS_WORD], _PLAYERS)
    distances = np.full(len(entities), np.inf, np.float32)
    speakers = dialogue[:, :, DialogueColumn.SPEAKER]
    speaks = (dialogue[:, :, DialogueColumn.UTTERANCE] > 0) & (speakers > 0)
    for row in np.flatnonzero(speaks.any(axis=1)).tolist():
        close[row] |= np.isin(slots[row], speakers[row][speaks[row]])
        distances[row] = EARSHOT
    close &= slots > 0
    seen = np.where(close, entities[:, :, EntityColumn.DISTANCE], np.inf).min(
        axis=1, initial=np.inf
    )
    return np.minimum(distances, seen)
