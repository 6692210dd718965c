"""From what the mind knows to what the brain reads, as arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from agent.belief.features import Features
from agent.network import GOAL_WORDS, WORD_BUCKETS, BrainInput
from agent.senses.percepts import Percepts
from envs.contract import GoalColumn
from envs.jit import njit

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
    rows, channels, height, width = camera.shape
    small = np.empty((rows, channels, height // 2, width // 2), np.uint8)
    _shrink(np.ascontiguousarray(camera), small)
    return small


@njit(cache=True, error_model="numpy", nogil=True)
def _shrink(camera, small):  # type: ignore[no-untyped-def]
    for row in range(small.shape[0]):
        for channel in range(small.shape[1]):
            for line in range(small.shape[2]):
                upper, lower = camera[row, channel, 2 * line], camera[row, channel, 2 * line + 1]
                for column in range(small.shape[3]):
                    left, right = 2 * column, 2 * column + 1
                    above = np.uint16(upper[left]) + np.uint16(upper[right])
                    below = np.uint16(lower[left]) + np.uint16(lower[right])
                    small[row, channel, line, column] = (above + below) >> 2
