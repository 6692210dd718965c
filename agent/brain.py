"""The brain: tokens of the graph and of every sense, attention over all of them, and the heads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from agent.attention import (
    BLOCKED,
    AttentionWeights,
    BackAttention,
    DecoderLayer,
    EncoderLayer,
    RelationBias,
)
from agent.senses.percepts import AUDIO_SUMMARY
from envs.contract import BRANCHES, EARS, SLOTS

WORD_BUCKETS = 4096
"""Word ids are taken modulo this before they are embedded."""
GOAL_WORDS = 12
UTTERANCES = 4
UTTERANCE_SIZE = 37
"""A remembered utterance: presence, addressed to me, age, direction (2), then its bag (32)."""
CAMERA_SIDE = 32
"""The brain sees the frame at half resolution; the crops see it in full."""
PATCH_ROWS, PATCH_COLUMNS = 2, 4
"""The frame becomes two rows of four tokens: low and high, from left to right."""
PATCH_TOKENS = PATCH_ROWS * PATCH_COLUMNS
POINTER_WIDTH = 32

POINTERS = ("target", "about", "where")
"""Branches that point at nodes; index 0 of their logits is "none", index k + 1 is node k."""
PLAIN = tuple(name for name, _ in BRANCHES if name not in POINTERS)
QUERIES = ("body", "act", "target", "say", "about", "where", "outlook")
"""One query per question; "body" answers move, turn and look, "outlook" value and competence."""
_QUERY_OF = {"move": 0, "turn": 0, "look": 0, "act": 1, "target": 2, "say": 3, "about": 4}
_QUERY_OF |= {"where": 5, "outlook": 6}


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


@dataclass
class BrainInput:
    """What the brain reads for R rows: NPCs now, or stored decisions while it learns.

    K may be anything: trailing nodes that no row has are best cut off (``trim``), since time
    grows with the number of tokens.
    """

    node_features: Tensor
    """``(R, K, F)`` float."""
    node_words: Tensor
    """``(R, K, 4)`` word buckets, 0 for none."""
    node_mask: Tensor
    """``(R, K)`` bool."""
    relation: Tensor | None
    """``(R, K, K)`` relation types, or None."""
    goal: Tensor
    """``(R, GOAL_WORDS)`` word buckets, 0 for none."""
    utterances: Tensor
    """``(R, UTTERANCES, UTTERANCE_SIZE)`` float."""
    body: Tensor
    """``(R, Bf)`` float."""
    audio: Tensor
    """``(R, EARS, AUDIO_SUMMARY)`` float, 0 is silence."""
    camera: Tensor
    """``(R, 3, 32, 32)`` uint8, 0 is the blank."""

    def trim(self) -> BrainInput:
        """Without the trailing nodes, words and utterances that no row has (one node stays)."""
        count = max(1, _last(self.node_mask))
        relation = None if self.relation is None else self.relation[:, :count, :count]
        return replace(
            self,
            node_features=self.node_features[:, :count],
            node_words=self.node_words[:, :count],
            node_mask=self.node_mask[:, :count],
            relation=relation,
            goal=self.goal[:, : _last(self.goal > 0)],
            utterances=self.utterances[:, : _last(self.utterances[..., 0] > 0)],
        )


def _last(present: Tensor) -> int:
    """How many leading columns of ``(R, n)`` hold everything that any row has."""
    used = present.any(dim=0).nonzero()
    return int(used[-1]) + 1 if len(used) else 0


@dataclass
class BrainOutput:
    """Logits of every branch and the outlook."""

    logits: dict[str, Tensor]
    """Branch name -> ``(R, size)``; for pointers ``(R, K + 1)`` with "none" first."""
    value: Tensor
    """``(R,)`` expected return."""
    competence: Tensor
    """``(R,)`` logit of the probability that this episode goes well."""
    attention: AttentionWeights | None


class Tokens(nn.Module):
    """Everything the mind has at this moment, as one sequence of tokens."""

    def __init__(self, config: BrainConfig) -> None:
        super().__init__()
        width = config.width
        self.words = nn.Embedding(WORD_BUCKETS, width)
        nn.init.normal_(self.words.weight, std=0.1)
        self.node = nn.Sequential(
            nn.Linear(config.node_features, width), nn.ReLU(), nn.Linear(width, width)
        )
        self.utterance = nn.Linear(UTTERANCE_SIZE, width)
        self.body = nn.Linear(config.body_features, width)
        self.audio = nn.Linear(AUDIO_SUMMARY, width)
        self.patch = nn.Linear(3 * 4 * 4, width // 2)
        self.patches = nn.Linear(8 * (width // 2), width)
        count = GOAL_WORDS + UTTERANCES + 1 + EARS + 1 + PATCH_TOKENS
        self.place = nn.Parameter(torch.randn(count, width) * 0.05)
        patches = (
            f"camera {row} {side}"
            for row in ("high", "low")
            for side in ("left", "left of middle", "right of middle", "right")
        )
        self.fixed_labels = ("body", "left ear", "right ear", "ear difference", *patches)

    def forward(self, inputs: BrainInput) -> tuple[Tensor, Tensor]:
        """Tokens ``(R, E, width)`` and their mask ``(R, E)``; nodes come first."""
        rows = len(inputs.body)
        words = inputs.node_words
        named = (self.words(words) * (words > 0).unsqueeze(-1)).sum(dim=2)
        nodes = self.node(inputs.node_features) + named
        audio = torch.cat([inputs.audio, inputs.audio[:, :1] - inputs.audio[:, 1:]], dim=1)
        others = torch.cat(
            [
                self.words(inputs.goal),
                self.utterance(inputs.utterances),
                self.body(inputs.body).unsqueeze(1),
                self.audio(audio),
                self._see(inputs.camera),
            ],
            dim=1,
        )
        here = torch.ones(rows, 1 + EARS + 1 + PATCH_TOKENS, dtype=torch.bool)
        mask = torch.cat(
            [inputs.node_mask, inputs.goal > 0, inputs.utterances[..., 0] > 0, here], dim=1
        )
        place = self._places(inputs.goal.shape[1], inputs.utterances.shape[1])
        return torch.cat([nodes, others + place], dim=1), mask

    def _places(self, words: int, utterances: int) -> Tensor:
        """What tells apart the tokens after the nodes, ``(n, width)``."""
        first = GOAL_WORDS + UTTERANCES
        return torch.cat(
            [self.place[:words], self.place[GOAL_WORDS:][:utterances], self.place[first:]]
        )

    def labels(self, inputs: BrainInput) -> tuple[str, ...]:
        """What each token is."""
        return (
            *(f"node {k}" for k in range(inputs.node_mask.shape[1])),
            *(f"goal word {i}" for i in range(inputs.goal.shape[1])),
            *(f"utterance {i}" for i in range(inputs.utterances.shape[1])),
            *self.fixed_labels,
        )

    def _see(self, camera: Tensor) -> Tensor:
        """Two layers of non-overlapping patches: ``(R, 3, 32, 32)`` -> ``(R, 8, width)``."""
        rows = len(camera)
        small = camera.view(rows, 3, 8, 4, 8, 4).permute(0, 2, 4, 1, 3, 5)
        small = small.reshape(rows, 64, 48).float() * (1 / 255)
        small = torch.relu(self.patch(small))
        blocks = small.view(rows, PATCH_ROWS, 4, PATCH_COLUMNS, 2, -1).permute(0, 1, 3, 2, 4, 5)
        return self.patches(blocks.reshape(rows, PATCH_TOKENS, -1))


class Brain(nn.Module):
    """Tokens -> attention -> heads."""

    def __init__(self, config: BrainConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.tokens = Tokens(config)
        self.relation_bias = RelationBias(config.relations, config.heads)
        self.encoder = EncoderLayer(width, config.heads)
        self.queries = nn.Parameter(torch.randn(len(QUERIES), width) * 0.05)
        self.decoder = DecoderLayer(width, config.heads)
        self.back = BackAttention(width, config.heads)
        self.second_decoder = DecoderLayer(width, config.heads)
        self.node_norm = nn.LayerNorm(width)
        self.pointer_keys = nn.Linear(width, len(POINTERS) * POINTER_WIDTH)
        self.pointer_queries = nn.Linear(width, POINTER_WIDTH)
        self.pointer_none = nn.Linear(width, 1)
        pooled = 2 * width + config.node_features + config.body_features
        spoken = pooled + width + config.node_features
        sizes = dict(BRANCHES)
        self.heads = nn.ModuleDict(
            {
                name: nn.Sequential(
                    nn.Linear(spoken if name == "say" else pooled, width),
                    nn.ReLU(),
                    nn.Linear(width, sizes[name]),
                )
                for name in PLAIN
            }
        )
        self.outlook = nn.Sequential(nn.Linear(pooled, width), nn.ReLU(), nn.Linear(width, 2))

    def forward(self, inputs: BrainInput, record_attention: bool = False) -> BrainOutput:
        """Decide, softly: logits for every branch of every row."""
        tokens, mask = self.tokens(inputs)
        closed = torch.where(mask, 0.0, BLOCKED)[:, None, None, :]
        tokens, a_e = self.encoder(tokens, self._bias(inputs, closed))
        queries = self.queries.expand(len(tokens), -1, -1)
        queries, a_d, a_e_to_d = self.decoder(queries, tokens, closed)
        tokens, a_d_to_e = self.back(tokens, queries)
        queries, _, _ = self.second_decoder(queries, tokens, closed)

        nodes = self.node_norm(tokens[:, : inputs.node_mask.shape[1]])
        logits = self._point(nodes, queries, inputs.node_mask)
        target = self._pool(logits["target"], nodes, inputs.node_features)
        about = self._pool(logits["about"], nodes, inputs.node_features)
        for name in PLAIN:
            parts = [queries[:, _QUERY_OF[name]], inputs.body, target]
            if name == "say":
                parts.append(about)
            logits[name] = self.heads[name](torch.cat(parts, dim=-1))
        outlook = self.outlook(
            torch.cat([queries[:, _QUERY_OF["outlook"]], inputs.body, target], dim=-1)
        )
        record = None
        if record_attention:
            record = AttentionWeights(
                a_e, a_d, a_e_to_d, a_d_to_e, mask, self.tokens.labels(inputs), QUERIES
            )
        return BrainOutput(logits, outlook[:, 0], outlook[:, 1], record)

    def _bias(self, inputs: BrainInput, closed: Tensor) -> Tensor:
        """Bias of the encoder's scores: masks everywhere, relations among the nodes."""
        if inputs.relation is None:
            return closed
        others = closed.shape[-1] - inputs.node_mask.shape[1]
        related = self.relation_bias(inputs.relation)
        return nn.functional.pad(related, (0, others, 0, others)) + closed

    def _point(self, nodes: Tensor, queries: Tensor, node_mask: Tensor) -> dict[str, Tensor]:
        """Pointer logits ``(R, K + 1)``, "none" first."""
        first = _QUERY_OF["target"]
        chosen = queries[:, [first, _QUERY_OF["about"], _QUERY_OF["where"]]]
        wanted = self.pointer_queries(chosen) * POINTER_WIDTH**-0.5
        keys = self.pointer_keys(nodes).unflatten(-1, (len(POINTERS), -1))
        scores = torch.einsum("rkpw,rpw->rpk", keys, wanted)
        scores = scores.masked_fill(~node_mask[:, None], BLOCKED)
        scores = torch.cat([self.pointer_none(chosen), scores], dim=-1)
        return dict(zip(POINTERS, scores.unbind(1), strict=True))

    @staticmethod
    def _pool(pointer: Tensor, nodes: Tensor, features: Tensor) -> Tensor:
        """What a pointer points at, softly: its token and raw features, ``(R, width + F)``."""
        weights = pointer.softmax(dim=-1)[:, None, 1:]
        return torch.cat([(weights @ nodes)[:, 0], (weights @ features)[:, 0]], dim=-1)


def slot_logits(pointer: Tensor, node_slot: Tensor, node_mask: Tensor) -> Tensor:
    """Pointer logits over nodes ``(R, K + 1)`` -> logits over slots ``(R, SLOTS)``."""
    count = pointer.shape[1] - 1
    slots = torch.where(node_mask, node_slot.long(), 0)[:, :count]
    logits = torch.full((len(pointer), SLOTS), BLOCKED, dtype=pointer.dtype)
    logits.scatter_(1, slots, pointer[:, 1:])
    logits[:, 0] = pointer[:, 0]
    return logits
