"""Playing a demonstration again, and proving that it is the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from envs.demonstrations.file import Demonstration
from envs.demonstrations.header import DemonstrationError, hash_observations


class ReplayStep(NamedTuple):
    """One decision of N NPCs."""

    observation: dict[str, NDArray[Any]]
    """The contract's fields and masks, ``(N, ...)`` each: what the action was chosen on."""
    action: NDArray[np.int32]
    """``(N, 8)``"""
    reward: NDArray[np.float32]
    """``(N,)`` that it brought."""
    terminated: bool
    truncated: bool


class Replay:
    """Plays a demonstration again, decision by decision, each time it is iterated over.

    Attributes:
        world: where it is played.
        infos: N dicts of the observation that was yielded last, as gym faces give them:
            ``catalogue``, ``text``, ``action_mask``, in the first one ``goal`` and ``restart`` too.

    Args:
        demonstration: what to play.
        verify: whether to raise when an observation or a reward is not as recorded.

    Raises:
        DemonstrationError: what was played cannot be staged any more.
    """

    def __init__(self, demonstration: Demonstration, *, verify: bool = True) -> None:
        self.demonstration, self.verify = demonstration, verify
        self.infos: list[dict[str, Any]] = []
        self._begin()

    def __iter__(self) -> Iterator[ReplayStep]:
        """Yield every decision.

        Raises:
            DemonstrationError: it differs from the recording; says at which decision.
        """
        recorded, number = self.demonstration, 0
        self._begin()
        for number, action in enumerate(recorded.actions):
            observation = self._observe(number)
            result = self.world.step(action)
            ends = bool(result.terminated[0]), bool(result.truncated[0])
            same_end = ends == (bool(recorded.terminated[number]), bool(recorded.truncated[number]))
            if self.verify and not (
                same_end and np.array_equal(result.reward, recorded.rewards[number])
            ):
                raise self._differs(number, "its reward or end")
            yield ReplayStep(observation, action.copy(), result.reward.copy(), *ends)
        self._observe(recorded.decisions)

    def _begin(self) -> None:
        try:
            self.world = self.demonstration.header.begin_world()
        except ValueError as error:  # scenes, tasks and perturbations say what is wrong
            raise DemonstrationError(
                f"{self.demonstration.name} cannot be staged: {error}"
            ) from None

    def _observe(self, number: int) -> dict[str, NDArray[Any]]:
        """What is perceived before decision ``number``, copied; sets ``infos``."""
        seen = self.world.observe()
        if self.verify:
            same = hash_observations(seen) == self.demonstration.observation_hashes[number]
            if not same.all():
                npc = int(np.argmin(same.all(axis=1)))
                raise self._differs(number, f"what NPC {npc} observed")
        header, masks = self.demonstration.header, self.world.action_mask()
        episode = self.world.episodes[0]
        assert episode is not None
        self.infos = [
            {
                "catalogue": self.world.take_catalogue(row),
                "text": self.world.texts(row),
                "action_mask": masks[row].copy(),
            }
            | ({"goal": episode.npcs[row].instruction, "restart": True} if number == 0 else {})
            for row in range(header.npcs)
        ]
        return {name: values.copy() for name, values in seen.items()}

    def _differs(self, number: int, what: str) -> DemonstrationError:
        return DemonstrationError(
            f"{self.demonstration.name} differs from its recording at decision {number}: {what} "
            "is not the same; replay it with the Heedful and on the kind of processor that "
            "recorded it, or record it again."
        )


def replay(demonstration: Demonstration, *, verify: bool = True) -> Iterator[ReplayStep]:
    """Play a demonstration again: (observation, action, reward, terminated, truncated) each.

    Args:
        demonstration: what to play.
        verify: whether to raise when an observation or a reward is not as recorded.

    Raises:
        DemonstrationError: it cannot be staged, or differs from the recording at a decision.
    """
    return iter(Replay(demonstration, verify=verify))
