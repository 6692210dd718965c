"""From what the mind knows to what the brain reads, as arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from agent.belief.features import Features
from agent.network import GOAL_WORDS, WORD_BUCKETS, BrainInput
from agent.senses.percepts import Percepts
from envs.contract import GoalColumn

_WORDS = slice(int(GoalColumn.WORDS), int(GoalColumn.WORDS) + GOAL_WORDS)


def brain_input(
    observations: Mapping[str, NDArray],
    percepts: Percepts,
    features: Features,
    related: NDArray[np.uint8],
    utterances: NDArray[np.float32],
) -> BrainInput[NDArray]:
    """The brain's input of R rows.

    Args:
        observations: contract arrays.
        percepts: of the same observation.
        features: of the belief after it.
        related: ``(R, K, K)`` relations between its nodes.
        utterances: ``(R, UTTERANCES, UTTERANCE_SIZE)`` the last ones, newest first.
    """
    goal = observations["goal"][:, _WORDS].astype(np.int64)
    return BrainInput(
        node_features=features.node_features,
        node_words=word_buckets(features.node_words),
        node_mask=features.node_mask,
        relation=related,
        goal=word_buckets(goal),
        utterances=utterances,
        body=features.body,
        audio=percepts.audio,
        camera=shrink_camera(observations["camera"]),
    )


def word_buckets(words: NDArray[np.integer]) -> NDArray[np.int64]:
    """Word ids to buckets 1 to WORD_BUCKETS - 1; 0 stays "no word"."""
    return np.where(words > 0, 1 + words.astype(np.int64) % (WORD_BUCKETS - 1), 0)


def shrink_camera(camera: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Mean of each 2 x 2 block: ``(R, 3, 64, 64)`` -> ``(R, 3, 32, 32)``."""
    wide = camera.astype(np.uint16)
    lines = wide[:, :, ::2] + wide[:, :, 1::2]
    total = lines[..., ::2] + lines[..., 1::2]
    return (total >> 2).astype(np.uint8)
