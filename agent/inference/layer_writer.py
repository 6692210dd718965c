"""The layers of `agent.attention` as operations of a graph.

R rows, n and m items of sequences, H heads, d numbers of a head, W = H * d width.
"""

from __future__ import annotations

from agent.inference.graph_writer import GraphWriter

_EPSILON = 1e-5
"""Of layer norms."""


class LayerWriter(GraphWriter):
    """A graph of layers of one width.

    Args:
        title: name of the graph.
        width: size of every token.
        heads: of attention.
    """

    def __init__(self, title: str, width: int, heads: int) -> None:
        super().__init__(title)
        self.width = width
        self.heads = heads
        self.depth = width // heads

    def norm(self, name: str, values: str) -> str:
        """Layer norm of ``(..., W)``."""
        weight = self.weight(f"{name}.weight", self.width)
        bias = self.weight(f"{name}.bias", self.width)
        return self.op("LayerNormalization", values, weight, bias, axis=-1, epsilon=_EPSILON)

    def feed(self, name: str, flat: str) -> str:
        """The two-layer network that follows attention."""
        wide = 2 * self.width
        normed = self.norm(f"{name}.feed_norm", flat)
        inner = self.op("Relu", self.linear(f"{name}.feed.0", normed, self.width, wide))
        return self.linear(f"{name}.feed.2", inner, wide, self.width)

    def query(self, name: str, normed: str) -> str:
        """Q / sqrt(d) of ``(n, W)``."""
        scale = self.depth**-0.5
        return self.linear(f"{name}.query", normed, self.width, self.width, scale)

    def attend(self, query: str, both: str, bias: str | None = None) -> tuple[str, str]:
        """softmax(Q K^T / sqrt(d) + bias) V.

        Args:
            query: Q / sqrt(d), ``(R, H, n, d)``.
            both: K and V, ``(R, 2 H, m, d)``.
            bias: of the scores, which broadcasts to ``(R, H, n, m)``.

        Returns:
            ``(R, n, H, d)`` and the weights ``(R, H, n, m)``.
        """
        key, value = self.ops("Split", 2, both, axis=1)
        scores = self.op("MatMul", query, self.op("Transpose", key, perm=[0, 1, 3, 2]))
        if bias is not None:
            scores = self.op("Add", scores, bias)
        weights = self.op("Softmax", scores, axis=-1)
        return self.op("Transpose", self.op("MatMul", weights, value), perm=[0, 2, 1, 3]), weights

    def ask(self, name: str, query: str, count: int, context: str, closed: str) -> tuple[str, str]:
        """A few queries ``(R, H, D, d)`` attend to many tokens ``(R, E, W)``.

        With few queries it is cheaper to take them to the tokens than the tokens to keys and
        values: q (W_k x) = (q W_k) x, and the weighted mean is taken before W_v. What b_k adds is
        the same for every token, so the softmax does not see it.

        Returns:
            ``(R, D, W)`` and the weights ``(R, H, D, E)``.
        """
        width, heads, depth = self.width, self.heads, self.depth
        to_keys, to_values, value_bias = self._key_value(name)
        wanted = self.reshape(self.op("MatMul", query, to_keys), -1, heads * count, width)
        scores = self.op("MatMul", wanted, self.op("Transpose", context, perm=[0, 2, 1]))
        scores = self.reshape(scores, 0, heads, count, -1)
        weights = self.op("Softmax", self.op("Add", scores, closed), axis=-1)
        mean = self.op("MatMul", self.reshape(weights, 0, heads * count, -1), context)
        mean = self.reshape(mean, -1, heads, count, width)
        mixed = self.op("MatMul", mean, self.op("Transpose", to_values, perm=[0, 2, 1]))
        mixed = self.op("Add", mixed, self.reshape(value_bias, heads, 1, depth))
        mixed = self.flat(self.op("Transpose", mixed, perm=[0, 2, 1, 3]), width)
        change = self.linear(f"{name}.output", mixed, width, width)
        return self.reshape(change, -1, count, width), weights

    def tell(self, name: str, tokens: str, context: str, count: int) -> tuple[str, str]:
        """Many tokens ``(R, E, W)`` attend to a few items ``(R * D, W)``.

        The tokens stay as they are here too: (W_q x + b_q) k = x (W_q^T k) + b_q k, and W_o is
        applied to the few values rather than to the many results.

        Returns:
            ``(R, E, W)``, to which the bias of the output is still to be added, and the weights
            ``(R, H, E, D)``.
        """
        width, heads, depth = self.width, self.heads, self.depth
        both = self.linear(f"{name}.key_value", context, width, 2 * width)
        both = self.per_head(self.reshape(both, -1, count, 2 * width), 2 * heads)
        key, value = self.ops("Split", 2, both, axis=1)  # (R, H, D, d)
        scale = self.constant(depth**-0.5)
        asks = self.op("Mul", self.weight(f"{name}.query.weight", width, width), scale)
        bias = self.op("Mul", self.weight(f"{name}.query.bias", width), scale)
        asked = self.op("MatMul", key, self.reshape(asks, heads, depth, width))
        asked = self.reshape(asked, -1, heads * count, width)
        offset = self.op("MatMul", key, self.reshape(bias, heads, depth, 1))
        scores = self.op("MatMul", tokens, self.op("Transpose", asked, perm=[0, 2, 1]))
        scores = self.op("Add", scores, self.reshape(offset, -1, 1, heads * count))
        weights = self.op("Softmax", self.reshape(scores, 0, -1, heads, count), axis=-1)

        output = self.weight(f"{name}.output.weight", width, width)
        output = self.reshape(self.op("Transpose", output, perm=[1, 0]), heads, depth, width)
        values = self.reshape(self.op("MatMul", value, output), -1, heads * count, width)
        told = self.op("MatMul", self.reshape(weights, 0, -1, heads * count), values)
        return told, self.op("Transpose", weights, perm=[0, 2, 1, 3])

    def _key_value(self, name: str) -> tuple[str, str, str]:
        """Per head, what makes keys and values ``(H, d, W)``, and the bias of values ``(W,)``."""
        width = self.width
        shape = (2, self.heads, self.depth, width)
        weight = self.weight(f"{name}.key_value.weight", 2 * width, width)
        weight = self.reshape(weight, *shape)
        keys, values = (self.op("Gather", weight, self.constant(half), axis=0) for half in (0, 1))
        bias = self.weight(f"{name}.key_value.bias", 2 * width)
        first, last = self.constant([width]), self.constant([2 * width])
        return keys, values, self.op("Slice", bias, first, last)

    def per_head(self, values: str, heads: int) -> str:
        """``(R, n, H * d)`` -> ``(R, H, n, d)``."""
        split = self.reshape(values, 0, 0, heads, self.depth)
        return self.op("Transpose", split, perm=[0, 2, 1, 3])

    def flat(self, values: str, size: int) -> str:
        """``(..., size)`` as one matrix."""
        return self.reshape(values, -1, size)

    def reshape(self, values: str, *shape: int) -> str:
        """Another shape; 0 keeps a size, -1 is what is left."""
        return self.op("Reshape", values, self.constant(list(shape)))
