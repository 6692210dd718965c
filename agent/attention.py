"""Attention, written out: softmax(Q K^T / sqrt(d_k) + bias) V, with the weights on request.

The matrix products are explicit on purpose: on CPUs ``scaled_dot_product_attention`` with a mask
took more than half of the training time in its backward pass.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Attention(nn.Module):
    """Multi-head attention of a sequence to a context.

    Args:
        width: size of every token, a multiple of ``heads``.
        heads: number of heads.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"width {width} must be a multiple of heads {heads}: choose another.")
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.output = nn.Linear(width, width)

    def forward(
        self, sequence: Tensor, context: Tensor, bias: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Attend.

        Args:
            sequence: ``(R, n, width)``.
            context: ``(R, m, width)``.
            bias: added to the scores, broadcastable to ``(R, heads, n, m)``.

        Returns:
            ``(R, n, width)`` and the weights ``(R, heads, n, m)``.
        """
        rows, length, width = sequence.shape
        depth = width // self.heads
        query = self.query(sequence) * depth**-0.5
        query = query.view(rows, length, self.heads, depth).transpose(1, 2)
        key, value = (
            part.view(rows, context.shape[1], self.heads, depth).transpose(1, 2)
            for part in self.key_value(context).chunk(2, dim=-1)
        )
        scores = query @ key.transpose(-1, -2)
        if bias is not None:
            scores = scores + bias
        weights = scores.softmax(dim=-1)
        mixed = (weights @ value).transpose(1, 2).reshape(rows, length, width)
        return self.output(mixed), weights


def feed_forward(width: int, factor: int = 2) -> nn.Sequential:
    """The two-layer network that follows attention."""
    return nn.Sequential(
        nn.Linear(width, factor * width), nn.ReLU(), nn.Linear(factor * width, width)
    )


class EncoderLayer(nn.Module):
    """Tokens attend to tokens."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.feed_norm = nn.LayerNorm(width)
        self.feed = feed_forward(width)

    def forward(self, tokens: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """``(R, E, width)`` -> the same shape, and A_E."""
        normed = self.norm(tokens)
        change, weights = self.attention(normed, normed, bias)
        tokens = tokens + change
        return tokens + self.feed(self.feed_norm(tokens)), weights


class DecoderLayer(nn.Module):
    """Queries attend to each other, then to the tokens."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.cross_norm = nn.LayerNorm(width)
        self.token_norm = nn.LayerNorm(width)
        self.cross = Attention(width, heads)
        self.feed_norm = nn.LayerNorm(width)
        self.feed = feed_forward(width)

    def forward(self, queries: Tensor, tokens: Tensor, bias: Tensor) -> tuple[Tensor, ...]:
        """``(R, D, width)`` queries -> the same shape, A_D and A_E_to_D."""
        normed = self.norm(queries)
        change, among = self.attention(normed, normed)
        queries = queries + change
        change, across = self.cross(self.cross_norm(queries), self.token_norm(tokens), bias)
        queries = queries + change
        return queries + self.feed(self.feed_norm(queries)), among, across


class BackAttention(nn.Module):
    """Tokens read from the queries what is being asked of them."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.query_norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads)

    def forward(self, tokens: Tensor, queries: Tensor) -> tuple[Tensor, Tensor]:
        """``(R, E, width)`` tokens -> the same shape, and A_D_to_E."""
        change, weights = self.attention(self.norm(tokens), self.query_norm(queries))
        return tokens + change, weights


class RelationBias(nn.Module):
    """How the relations between the graph's nodes change their attention scores.

    Args:
        relations: number of relation types; type 0 is "none in particular".
        heads: number of attention heads.
    """

    def __init__(self, relations: int, heads: int) -> None:
        super().__init__()
        self.relations = relations
        self.scores = nn.Parameter(torch.zeros(relations, heads))

    def forward(self, relation: Tensor) -> Tensor:
        """``(R, K, K)`` relation types -> bias ``(R, heads, K, K)``."""
        if not torch.is_grad_enabled():
            return self.scores[relation.long()].permute(0, 3, 1, 2)
        # The same numbers; the gradient of a product is quicker than that of a look-up.
        chosen = nn.functional.one_hot(relation.long(), self.relations).to(self.scores.dtype)
        return (chosen @ self.scores).permute(0, 3, 1, 2)
