"""One episode that a person plays in the place of the first NPC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.infos import Infos
from agent.play.view import View
from agent.rollout import Policy, npc_key
from envs.contract import NO_OP
from envs.demonstrations import DemonstrationWriter, Header
from envs.measures import EpisodeRecord, measure_episode
from envs.world.world import BatchWorld

PERSON = "person"
"""Who drives the first NPC, in headers of demonstrations."""


@dataclass(frozen=True)
class Outcome:
    """How a play ended."""

    decisions: int
    is_over: bool
    """False when the person stopped before the end."""
    success: bool
    wrong_commit: bool
    spl: float

    def __str__(self) -> str:
        if not self.is_over:
            return f"Stopped after {self.decisions} decisions."
        if self.success:
            return f"Success after {self.decisions} decisions, SPL {self.spl:.2f}."
        how = "the answer was wrong" if self.wrong_commit else "the time is over"
        return f"Failed after {self.decisions} decisions: {how}."


class Session:
    """Plays and records an episode; a context that keeps the recording whatever happens.

    Args:
        header: what is played; its first driver is the person.
        partner: who drives all other NPCs; needed where there are any.
        record: file of the demonstration.

    Attributes:
        view: what the person's NPC perceives.
        world: where it is played.

    Raises:
        DemonstrationError: the file exists or cannot be written.
        TaskError, SceneError, ValueError: as ``Header.begin_world``.
    """

    def __init__(self, header: Header, partner: Policy | None, record: Path) -> None:
        self.header, self._partner = header, partner
        self.world: BatchWorld = header.begin_world()
        episode = self.world.episodes[0]
        assert episode is not None
        self._episode = episode
        self.view = View(episode.npcs[0], episode.step_limit)
        self._seen: Mapping[str, NDArray[Any]] = self.world.observe()
        self._infos = self._make_infos(restart=True)
        self.writer = DemonstrationWriter(record, header, self._seen)
        self.is_over = False
        if partner is not None:
            partner.reset(np.arange(1, header.npcs))
        self._actions = self._choose_others()
        self._show()

    def step(self, action: NDArray[np.integer]) -> None:
        """Carry out the person's action ``(8,)`` and those of the others."""
        self._actions[0] = action
        result = self.world.step(self._actions)
        self._seen = self.world.observe()
        self.writer.add(self._actions, result, self._seen)
        self._infos = self._make_infos(restart=False)
        self.is_over = bool(result.terminated[0] or result.truncated[0])
        if not self.is_over:
            self._actions = self._choose_others()
        self._show()

    def outcome(self) -> Outcome:
        """How it went so far."""
        measures = measure_episode(EpisodeRecord.of(self.world, 0))
        return Outcome(
            int(measures["steps"]), self.is_over, bool(measures["success"]),
            bool(measures["wrong_commit"]), measures["spl"],
        )  # fmt: skip

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *error: object) -> None:
        self.writer.close()

    def _make_infos(self, *, restart: bool) -> Infos:
        """What comes beside the observation; the person's key is None: no policy plays it."""
        world, rows = self.world, range(self.header.npcs)
        return Infos(
            keys=[None, *(npc_key(self.header.task, self.header.seed, npc) for npc in rows[1:])],
            catalogue=[world.take_catalogue(row) for row in rows],
            texts=[world.texts(row) for row in rows],
            goals=[self._episode.npcs[row].instruction if restart else "" for row in rows],
            action_mask=world.action_mask().copy(),
            restart=np.full(self.header.npcs, restart),
        )

    def _choose_others(self) -> NDArray[np.int32]:
        """Actions ``(N, 8)`` of all but the first NPC.

        They are chosen before the person's: kernels that are compiled for the first decision say so
        before there is a screen that this would spoil.
        """
        actions = np.tile(np.array(NO_OP, np.int32), (self.header.npcs, 1))
        if self._partner is not None:
            actions[1:] = self._partner.act(self._seen, self._infos, self.world)[1:]
        return actions

    def _show(self) -> None:
        own = {name: values[0].copy() for name, values in self._seen.items()}
        self.view.update(
            own,
            {
                "catalogue": self._infos.catalogue[0],
                "text": self._infos.texts[0],
                "action_mask": self._infos.action_mask[0],
            },
        )
