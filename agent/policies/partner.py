"""A team of strangers: the first NPC of each world by one policy, all others by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.infos import Infos
from envs.world.world import BatchWorld

if TYPE_CHECKING:
    from agent.rollout import Outlook, Policy


class PartnerPolicy:
    """Deals the rows of a batch to two policies.

    Args:
        policy: the one under test; it plays the first NPC of each world.
        partner: it plays the others.
    """

    def __init__(self, policy: Policy, partner: Policy) -> None:
        self.policy, self.partner = policy, partner
        self.senses: tuple[str, ...] = tuple(dict.fromkeys((*policy.senses, *partner.senses)))
        self.outlook: Outlook | None = None

    def reset(self, rows: NDArray[np.intp]) -> None:
        """Episodes begin in these rows for both."""
        self.policy.reset(rows)
        self.partner.reset(rows)

    def act(
        self, observations: Mapping[str, NDArray], infos: Infos, world: BatchWorld
    ) -> NDArray[np.integer]:
        """Actions ``(R, 8)``, each row's by whoever plays it."""
        is_first = np.arange(infos.rows) % world.npcs_per_world == 0
        chosen = [
            policy.act(observations, _only(infos, mine), world)
            for policy, mine in ((self.policy, is_first), (self.partner, ~is_first))
        ]
        self.outlook = self.policy.outlook
        return np.where(is_first[:, None], *chosen)


def _only(infos: Infos, mine: NDArray[np.bool_]) -> Infos:
    """Infos in which nobody but some rows plays."""
    keys = [key if own else None for key, own in zip(infos.keys, mine.tolist(), strict=True)]
    return replace(infos, keys=keys)
