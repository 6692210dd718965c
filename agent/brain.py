"""The brain: tokens of the graph and of every sense, attention over all of them, and the heads."""

from __future__ import annotations

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from agent.attention import BackAttention, DecoderLayer, EncoderLayer, RelationBias
from agent.network import (
    BLOCKED,
    GOAL_WORDS,
    PATCH_COLUMNS,
    PATCH_ROWS,
    PATCH_TOKENS,
    PLAIN,
    POINTER_WIDTH,
    POINTERS,
    QUERIES,
    QUERY_OF,
    UTTERANCE_SIZE,
    UTTERANCES,
    WORD_BUCKETS,
    AttentionWeights,
    BrainConfig,
    BrainInput,
    BrainOutput,
    token_labels,
)
from agent.senses.percepts import AUDIO_SUMMARY
from envs.contract import BRANCHES, EARS


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

    def forward(self, inputs: BrainInput[Tensor]) -> tuple[Tensor, Tensor]:
        """Tokens ``(R, E, width)`` and their mask ``(R, E)``; nodes come first."""
        rows = inputs.body.shape[0]
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
        here = inputs.node_mask.new_ones((rows, 1 + EARS + 1 + PATCH_TOKENS))
        mask = torch.cat(
            [inputs.node_mask, inputs.goal > 0, inputs.utterances[..., 0] > 0, here], dim=1
        )
        return torch.cat([nodes, others + self.place], dim=1), mask

    def _see(self, camera: Tensor) -> Tensor:
        """Two layers of non-overlapping patches: ``(R, 3, 32, 32)`` -> ``(R, 8, width)``."""
        rows = camera.shape[0]
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

    def forward(
        self, inputs: BrainInput[Tensor], record_attention: bool = False
    ) -> BrainOutput[Tensor]:
        """Decide, softly: logits for every branch of every row."""
        tokens, mask = self.tokens(inputs)
        closed = torch.where(mask, 0.0, BLOCKED)[:, None, None, :]
        tokens, a_e = self.encoder(tokens, self._bias(inputs, closed))
        queries = self.queries.expand(tokens.shape[0], -1, -1)
        queries, a_d, a_e_to_d = self.decoder(queries, tokens, closed)
        tokens, a_d_to_e = self.back(tokens, queries)
        queries, _, _ = self.second_decoder(queries, tokens, closed)

        nodes = self.node_norm(tokens[:, : inputs.node_mask.shape[1]])
        logits = self._point(nodes, queries, inputs.node_mask)
        target = self._pool(logits["target"], nodes, inputs.node_features)
        about = self._pool(logits["about"], nodes, inputs.node_features)
        for name in PLAIN:
            parts = [queries[:, QUERY_OF[name]], inputs.body, target]
            if name == "say":
                parts.append(about)
            logits[name] = self.heads[name](torch.cat(parts, dim=-1))
        outlook = self.outlook(
            torch.cat([queries[:, QUERY_OF["outlook"]], inputs.body, target], dim=-1)
        )
        record = None
        if record_attention:
            labels = token_labels(inputs.node_mask.shape[1])
            record = AttentionWeights(a_e, a_d, a_e_to_d, a_d_to_e, mask, labels)
        return BrainOutput(logits, outlook[:, 0], outlook[:, 1], record)

    @torch.inference_mode()
    def infer(self, inputs: BrainInput[NDArray], attention: bool = False) -> BrainOutput[NDArray]:
        """The same on arrays, without gradients (`agent.network.Network`)."""
        tensors = {name: torch.from_numpy(array) for name, array in vars(inputs).items()}
        output = self(BrainInput(**tensors), record_attention=attention)
        seen, record = output.attention, None
        if seen is not None:
            record = AttentionWeights(
                A_E=seen.A_E.numpy(),
                A_D=seen.A_D.numpy(),
                A_E_to_D=seen.A_E_to_D.numpy(),
                A_D_to_E=seen.A_D_to_E.numpy(),
                token_mask=seen.token_mask.numpy(),
                tokens=seen.tokens,
            )
        return BrainOutput(
            {name: logits.numpy() for name, logits in output.logits.items()},
            output.value.numpy(),
            output.competence.numpy(),
            record,
        )

    def _bias(self, inputs: BrainInput[Tensor], closed: Tensor) -> Tensor:
        """Bias of the encoder's scores: masks everywhere, relations among the nodes."""
        others = closed.shape[-1] - inputs.node_mask.shape[1]
        related = self.relation_bias(inputs.relation)
        return nn.functional.pad(related, (0, others, 0, others)) + closed

    def _point(self, nodes: Tensor, queries: Tensor, node_mask: Tensor) -> dict[str, Tensor]:
        """Pointer logits ``(R, K + 1)``, "none" first."""
        first = QUERY_OF["target"]
        chosen = queries[:, [first, QUERY_OF["about"], QUERY_OF["where"]]]
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
