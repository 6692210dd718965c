"""What a brain reads and says, whatever computes it: sizes, input, output and attention.

Nothing here needs torch: `agent.brain` computes it with torch while it learns, and
`agent.inference` with ONNX Runtime everywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from envs.contract import BRANCHES, SLOTS
from envs.jit import njit

WORD_BUCKETS = 4096
"""Word ids are taken modulo this before they are embedded."""
GOAL_WORDS = 12
UTTERANCES = 4
UTTERANCE_SIZE = 37
"""A remembered utterance: presence, addressed to me, age, direction (2), then its bag (32)."""
CAMERA_SIDE = 32
"""The brain sees the frame at half resolution; the crops see it in full."""
NODE_STEP = 16
"""Nodes are cut off in steps of this: sums over masked nodes then run in the same vector lanes
whatever the batch, so that no NPC's numbers depend on its batch-mates, to the last bit."""
BLOCKED = -1e4
"""Added to the score of a pair that a mask forbids; it is exp(-1e4) = 0 after the softmax."""

POINTERS = ("target", "about", "where")
"""Branches that point at nodes; index 0 of their logits is "none", index k + 1 is node k."""
PLAIN = tuple(name for name, _ in BRANCHES if name not in POINTERS)
QUERIES = ("body", "act", "target", "say", "about", "where", "outlook")
"""One query per question; "body" answers move, turn and look, "outlook" value and competence."""
QUERY_OF = {"move": 0, "turn": 0, "look": 0, "act": 1, "target": 2, "say": 3, "about": 4}
QUERY_OF |= {"where": 5, "outlook": 6}
"""Which of them each branch, and the outlook, asks."""
PATCH_ROWS, PATCH_COLUMNS = 2, 4
"""The frame becomes two rows of four tokens: low and high, from left to right."""
PATCH_TOKENS = PATCH_ROWS * PATCH_COLUMNS
POINTER_WIDTH = 32
"""Size of the keys by which a pointer chooses among nodes."""


class BrainConfig(BaseModel):
    """Sizes of a brain; they are written into its checkpoint."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    node_features: int = Field(gt=0)
    node_words: int = Field(default=4, gt=0)
    body_features: int = Field(gt=0)
    relations: int = Field(default=1, gt=0)
    """Relation types between nodes; 1 when the belief gives none."""
    width: int = Field(default=64, gt=0)
    heads: int = Field(default=2, gt=0)


A = TypeVar("A")
"""An array: of numpy where decisions are made, a tensor where they are learned."""


@dataclass
class BrainInput(Generic[A]):
    """What the brain reads for R rows: NPCs now, or stored decisions while it learns.

    K may be anything: trailing nodes that no row has are best cut off (``trim``), since time
    grows with the number of tokens.
    """

    node_features: A
    """``(R, K, F)`` float."""
    node_words: A
    """``(R, K, 4)`` word buckets, 0 for none."""
    node_mask: A
    """``(R, K)`` bool."""
    relation: A
    """``(R, K, K)`` relation types."""
    goal: A
    """``(R, GOAL_WORDS)`` word buckets, 0 for none."""
    utterances: A
    """``(R, UTTERANCES, UTTERANCE_SIZE)`` float."""
    body: A
    """``(R, Bf)`` float."""
    audio: A
    """``(R, EARS, AUDIO_SUMMARY)`` float, 0 is silence."""
    camera: A
    """``(R, 3, 32, 32)`` uint8, 0 is the blank."""


def trim(inputs: BrainInput[NDArray]) -> BrainInput[NDArray]:
    """Without the trailing nodes that no row has, in steps of NODE_STEP (one step stays)."""
    last = max(1, int(count_nodes(inputs.node_mask).max(initial=0)))
    count = -(-last // NODE_STEP) * NODE_STEP
    return replace(
        inputs,
        node_features=inputs.node_features[:, :count],
        node_words=inputs.node_words[:, :count],
        node_mask=inputs.node_mask[:, :count],
        relation=inputs.relation[:, :count, :count],
    )


def count_nodes(node_mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many of the first nodes each row needs, ``(R, K)`` -> ``(R,)``: up to its last one."""
    numbers = np.arange(1, node_mask.shape[1] + 1)
    return (node_mask * numbers).max(axis=1, initial=0)


def select_rows(inputs: BrainInput[NDArray], rows: NDArray[np.int64]) -> BrainInput[NDArray]:
    """Some rows, in this order."""
    return BrainInput(**{name: array[rows] for name, array in vars(inputs).items()})


@dataclass(frozen=True)
class AttentionWeights(Generic[A]):
    """Who attended to whom in one decision of R rows; every row of a matrix sums to 1.

    The encoder's tokens (E) are the graph's nodes, words, utterances, body, sounds and picture
    patches; the decoder's tokens (D) are the queries of the heads. H is the number of heads.
    """

    A_E: A
    """``(R, H, E, E)``: tokens to tokens, the graph's relations among them."""
    A_D: A
    """``(R, H, D, D)``: queries to queries."""
    A_E_to_D: A
    """``(R, H, D, E)``: where the queries read among the tokens."""
    A_D_to_E: A
    """``(R, H, E, D)``: where the tokens read among the queries."""
    token_mask: A
    """``(R, E)`` True where the token exists."""
    tokens: tuple[str, ...]
    """What each of the E tokens is: "node 3", "goal word 0", "camera high left" ..."""
    queries: tuple[str, ...] = QUERIES
    """What each of the D queries decides."""


@dataclass
class BrainOutput(Generic[A]):
    """Logits of every branch and the outlook."""

    logits: dict[str, A]
    """Branch name -> ``(R, size)``; for pointers ``(R, K + 1)`` with "none" first."""
    value: A
    """``(R,)`` expected return."""
    competence: A
    """``(R,)`` logit of the probability that this episode goes well."""
    attention: AttentionWeights[A] | None


class Network(Protocol):
    """A brain as a mind meets it."""

    config: BrainConfig

    def infer(self, inputs: BrainInput[NDArray], attention: bool = False) -> BrainOutput[NDArray]:
        """Decide, softly, on inputs that are trimmed; attention weights only on request."""
        ...


_PATCHES = tuple(
    f"camera {row} {side}"
    for row in ("high", "low")
    for side in ("left", "left of middle", "right of middle", "right")
)


def token_labels(nodes: int) -> tuple[str, ...]:
    """What each token is, for so many nodes."""
    return (
        *(f"node {k}" for k in range(nodes)),
        *(f"goal word {i}" for i in range(GOAL_WORDS)),
        *(f"utterance {i}" for i in range(UTTERANCES)),
        "body", "left ear", "right ear", "ear difference",
        *_PATCHES,
    )  # fmt: skip


def slot_logits(
    pointer: NDArray[np.float32], node_slot: NDArray[np.integer], node_mask: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Pointer logits over nodes ``(R, K + 1)`` -> logits over slots ``(R, SLOTS)``."""
    logits = np.full((len(pointer), SLOTS), BLOCKED, pointer.dtype)
    _place_logits(pointer, node_slot, node_mask, logits)
    return logits


@njit(cache=True, error_model="numpy", nogil=True)
def _place_logits(pointer, node_slot, node_mask, logits):  # type: ignore[no-untyped-def]
    for row in range(pointer.shape[0]):
        logits[row, 0] = pointer[row, 0]
        for k in range(pointer.shape[1] - 1):
            if node_mask[row, k] and node_slot[row, k] > 0:
                logits[row, node_slot[row, k]] = pointer[row, k + 1]
