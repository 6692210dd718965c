"""The brain as a graph for ONNX Runtime: the formulas of `agent.brain` and `agent.attention`.

A traced torch module spends more time on shapes, views and separate biases than on its products.
Written out, tokens stay one matrix ``(R * E, width)`` wherever no row looks at another token, a
product takes its bias along, and whatever depends on weights alone (the queries before they see
anything) is computed once when the graph is opened.

R rows, K nodes, E tokens (nodes first), D queries, H heads, W width.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from onnx import helper

from agent.inference.graph_writer import GraphWriter
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
    BrainConfig,
)
from agent.senses.percepts import AUDIO_SUMMARY
from envs.contract import BRANCHES, EARS

OTHERS = GOAL_WORDS + UTTERANCES + 1 + EARS + 1 + PATCH_TOKENS
"""Tokens that are no nodes."""
SOMETIMES = GOAL_WORDS + UTTERANCES
"""Those of them that may be absent; they come first."""
BOOL, FLOAT, INT32, INT64 = (
    helper.np_dtype_to_tensor_dtype(np.dtype(kind)) for kind in ("?", "f4", "i4", "i8")
)
_EPSILON = 1e-5
"""Of layer norms."""
_PATCH, _PATCHES_HIGH, _PATCHES_WIDE = 4, 4, 2
"""Pixels on the side of a small patch; small patches in a token's patch."""


@dataclass
class _Inputs:
    node_features: str
    node_words: str
    node_mask: str
    relation: str
    goal: str
    utterances: str
    body: str
    audio: str
    camera: str


def write_brain(config: BrainConfig) -> GraphWriter:
    """The graph of a brain of these sizes."""
    return _BrainWriter(config).write()


class _BrainWriter:
    def __init__(self, config: BrainConfig) -> None:
        self.config = config
        self.graph = GraphWriter("brain")
        self.width = config.width
        self.heads = config.heads
        self.depth = config.width // config.heads

    def write(self) -> GraphWriter:
        graph, config = self.graph, self.config
        inputs = self._declare_inputs()
        tokens, mask = self._embed(inputs)
        graph.scope("mask")
        closed = self._where(mask, 0.0, BLOCKED)
        closed = graph.op("Unsqueeze", closed, graph.constant([1, 2]))  # (R, 1, 1, E)
        bias = self._relate(inputs.relation, closed)

        tokens, a_e = self._encode(tokens, bias)
        queries = graph.weight("queries", len(QUERIES), self.width)
        queries = self._reshape(queries, 1, len(QUERIES), self.width)  # until they read, all alike
        queries, a_d, a_e_to_d = self._decode("decoder", queries, tokens, closed)
        tokens, a_d_to_e = self._read_back(tokens, queries)
        queries, _, _ = self._decode("second_decoder", queries, tokens, closed)
        self._answer(inputs, tokens, queries)

        graph.scope("record")
        heads, count = self.heads, len(QUERIES)
        size = graph.op("Concat", self._rows, graph.constant([1, 1, 1]), axis=0)
        graph.output("A_E", a_e, ("rows", heads, "tokens", "tokens"))
        graph.output("A_D", graph.op("Expand", a_d, size), ("rows", heads, count, count))
        graph.output("A_E_to_D", a_e_to_d, ("rows", heads, count, "tokens"))
        graph.output("A_D_to_E", a_d_to_e, ("rows", heads, "tokens", count))
        graph.output("token_mask", mask, ("rows", "tokens"), np.bool_)
        return graph

    def _declare_inputs(self) -> _Inputs:
        config, declare = self.config, self.graph.input
        real, whole, yes_no = np.dtype("f4"), np.dtype("i8"), np.dtype("?")
        return _Inputs(
            node_features=declare("node_features", real, ("rows", "nodes", config.node_features)),
            node_words=declare("node_words", whole, ("rows", "nodes", config.node_words)),
            node_mask=declare("node_mask", yes_no, ("rows", "nodes")),
            relation=declare("relation", np.dtype("u1"), ("rows", "nodes", "nodes")),
            goal=declare("goal", whole, ("rows", GOAL_WORDS)),
            utterances=declare("utterances", real, ("rows", UTTERANCES, UTTERANCE_SIZE)),
            body=declare("body", real, ("rows", config.body_features)),
            audio=declare("audio", real, ("rows", EARS, AUDIO_SUMMARY)),
            camera=declare("camera", np.dtype("u1"), ("rows", 3, 32, 32)),
        )

    # -- tokens --------------------------------------------------------------------------------

    def _embed(self, inputs: _Inputs) -> tuple[str, str]:
        """Tokens ``(N, W)``, all nodes first, and the mask ``(R, E)`` of the rows' tokens."""
        graph, width = self.graph, self.width
        graph.scope("tokens")
        self._rows = graph.op("Shape", inputs.body, end=1)
        here = graph.op("Concat", self._rows, graph.constant([OTHERS - SOMETIMES]), axis=0)
        present = graph.op("Gather", inputs.utterances, graph.constant(0), axis=2)
        others_mask = graph.op(
            "Concat", self._is_positive(inputs.goal),
            graph.op("Greater", present, graph.constant(0.0)),
            graph.op("Expand", graph.op("Cast", graph.constant([1]), to=BOOL), here), axis=1,
        )  # fmt: skip
        mask = graph.op("Concat", inputs.node_mask, others_mask, axis=1)
        nodes, node_places = self._embed_nodes(inputs)
        others = graph.op("Add", self._embed_others(inputs), graph.weight("tokens.place", OTHERS, width))
        others, other_places = self._pack(self._flat(others, width), others_mask)
        self._node_count = graph.op("Shape", nodes, end=1)
        other_places = graph.op("Add", other_places, self._node_count)
        self._places = graph.op("Concat", node_places, other_places, axis=1)
        self._node_places = node_places
        self._members = self._find_members(inputs.node_mask, mask, others_mask)
        return graph.op("Concat", nodes, others, axis=0), mask

    def _find_members(self, node_mask: str, mask: str, others_mask: str) -> str:
        """Where the tokens, nodes first, are among ``R * E``: ``(N,)``."""
        graph = self.graph
        shape = graph.op("Shape", mask)
        count = graph.op("Squeeze", graph.op("ReduceProd", shape))
        every = graph.op("Range", graph.constant(0), count, graph.constant(1))
        every = graph.op("Reshape", every, shape)
        sizes = graph.op(
            "Concat", graph.op("Shape", node_mask, start=1), graph.constant([OTHERS]), axis=0
        )
        nodes, others = graph.ops("Split", 2, every, sizes, axis=1)
        return graph.op(
            "Concat", graph.op("Compress", self._reshape(nodes, -1), self._reshape(node_mask, -1), axis=0),
            graph.op("Compress", self._reshape(others, -1), self._reshape(others_mask, -1), axis=0), axis=0,
        )  # fmt: skip

    def _pack(self, values: str, mask: str) -> tuple[str, str]:
        """Only the values that the mask ``(R, n)`` lets through ``(m, ...)``, and where each of
        ``(R, n)`` is among them; for one that was left out that is any place."""
        graph = self.graph
        flat = self._reshape(mask, -1)
        count = graph.op("CumSum", graph.op("Cast", flat, to=INT64), graph.constant(0))
        places = graph.op("Sub", count, graph.constant(1))
        places = graph.op("Reshape", places, graph.op("Shape", mask))
        return graph.op("Compress", values, flat, axis=0), places

    def _embed_nodes(self, inputs: _Inputs) -> tuple[str, str]:
        """Tokens of the nodes that exist, and their places."""
        graph, width, config = self.graph, self.width, self.config
        features = self._flat(inputs.node_features, config.node_features)
        features, places = self._pack(features, inputs.node_mask)
        words = self._flat(inputs.node_words, config.node_words)
        words = graph.op("Compress", words, self._reshape(inputs.node_mask, -1), axis=0)
        table = graph.weight("tokens.words.weight", WORD_BUCKETS, width)
        known = graph.op("Cast", self._is_positive(words), to=FLOAT)
        known = graph.op("Unsqueeze", known, graph.constant([2]))
        named = graph.op("Mul", graph.op("Gather", table, words), known)  # (n, 4, W)
        named = graph.op("ReduceSum", named, graph.constant([1]), keepdims=0)
        nodes = self._linear("tokens.node.0", features, config.node_features, width)
        nodes = self._linear("tokens.node.2", graph.op("Relu", nodes), width, width)
        return graph.op("Add", nodes, named), places

    def _embed_others(self, inputs: _Inputs) -> str:
        """Goal, utterances, body, ears and picture ``(R, OTHERS, W)``."""
        graph, width = self.graph, self.width
        table = graph.weight("tokens.words.weight", WORD_BUCKETS, width)
        said = self._flat(inputs.utterances, UTTERANCE_SIZE)
        said = self._linear("tokens.utterance", said, UTTERANCE_SIZE, width)
        body = self._linear("tokens.body", inputs.body, self.config.body_features, width)
        left, right = graph.ops("Split", 2, inputs.audio, axis=1)
        ears = graph.op("Concat", inputs.audio, graph.op("Sub", left, right), axis=1)
        ears = self._linear("tokens.audio", self._flat(ears, AUDIO_SUMMARY), AUDIO_SUMMARY, width)
        return graph.op(
            "Concat",
            graph.op("Gather", table, inputs.goal),
            self._reshape(said, -1, UTTERANCES, width),
            self._reshape(body, -1, 1, width),
            self._reshape(ears, -1, EARS + 1, width),
            self._see(inputs.camera),
            axis=1,
        )

    def _see(self, camera: str) -> str:
        """Two layers of patches that do not overlap: ``(R, 3, 32, 32)`` -> ``(R, 8, W)``."""
        graph, half = self.graph, self.width // 2
        pixels = graph.op("Mul", graph.op("Cast", camera, to=FLOAT), graph.constant(1 / 255))
        kernel = self._reshape(
            graph.weight("tokens.patch.weight", half, 3 * _PATCH * _PATCH), half, 3, _PATCH, _PATCH
        )
        small = graph.op(
            "Conv", pixels, kernel, graph.weight("tokens.patch.bias", half),
            strides=[_PATCH, _PATCH], kernel_shape=[_PATCH, _PATCH],
        )  # fmt: skip
        small = graph.op("Relu", small)  # (R, W / 2, 8, 8)
        size = _PATCHES_HIGH * _PATCHES_WIDE * half
        kernel = graph.weight("tokens.patches.weight", self.width, size)
        kernel = self._reshape(kernel, self.width, _PATCHES_HIGH, _PATCHES_WIDE, half)
        kernel = graph.op("Transpose", kernel, perm=[0, 3, 1, 2])
        seen = graph.op(
            "Conv", small, kernel, graph.weight("tokens.patches.bias", self.width),
            strides=[_PATCHES_HIGH, _PATCHES_WIDE], kernel_shape=[_PATCHES_HIGH, _PATCHES_WIDE],
        )  # fmt: skip
        seen = self._reshape(seen, -1, self.width, PATCH_ROWS * PATCH_COLUMNS)
        return graph.op("Transpose", seen, perm=[0, 2, 1])

    # -- attention -----------------------------------------------------------------------------

    def _relate(self, relation: str, closed: str) -> str:
        """Bias of the encoder's scores ``(R, H, E, E)``: masks, and relations among nodes."""
        graph = self.graph
        graph.scope("relations")
        table = graph.weight("relation_bias.scores", self.config.relations, self.heads)
        chosen = graph.op("Gather", table, graph.op("Cast", relation, to=INT32))  # (R, K, K, H)
        chosen = graph.op("Transpose", chosen, perm=[0, 3, 1, 2])
        room = graph.constant([0, 0, 0, 0, 0, 0, OTHERS, OTHERS])
        return graph.op("Add", graph.op("Pad", chosen, room), closed)

    def _encode(self, tokens: str, bias: str) -> tuple[str, str]:
        """Tokens attend to tokens: ``(N, W)`` -> the same shape, and A_E."""
        graph = self.graph
        graph.scope("encoder")
        name = "encoder.attention"
        normed = self._norm("encoder.norm", tokens)
        query = self._per_head(self._unpack(self._query(name, normed)), self.heads)
        both = self._linear(f"{name}.key_value", normed, self.width, 2 * self.width)
        both = self._per_head(self._unpack(both), 2 * self.heads)
        mixed, weights = self._attend(query, both, bias)
        change = self._linear(f"{name}.output", self._repack(mixed), self.width, self.width)
        tokens = graph.op("Add", tokens, change)
        return graph.op("Add", tokens, self._feed("encoder", tokens)), weights

    def _decode(self, name: str, queries: str, tokens: str, closed: str) -> tuple[str, str, str]:
        """Queries ``(R, D, W)`` attend to each other, then to the tokens: the same, A_D, A_E_to_D."""
        graph, width, count = self.graph, self.width, len(QUERIES)
        graph.scope(name)
        layer = f"{name}.attention"
        flat = self._flat(queries, width)
        normed = self._norm(f"{name}.norm", flat)
        query = self._reshape(self._query(layer, normed), -1, count, width)
        both = self._linear(f"{layer}.key_value", normed, width, 2 * width)
        both = self._per_head(self._reshape(both, -1, count, 2 * width), 2 * self.heads)
        mixed, among = self._attend(self._per_head(query, self.heads), both)
        change = self._linear(f"{layer}.output", self._flat(mixed, width), width, width)
        flat = graph.op("Add", flat, change)

        query = self._query(f"{name}.cross", self._norm(f"{name}.cross_norm", flat))
        query = self._per_head(self._reshape(query, -1, count, width), self.heads)
        context = self._unpack(self._norm(f"{name}.token_norm", tokens))
        change, across = self._ask(f"{name}.cross", query, context, closed)
        queries = graph.op("Add", self._reshape(flat, -1, count, width), change)
        flat = self._flat(queries, width)
        flat = graph.op("Add", flat, self._feed(name, flat))
        return self._reshape(flat, -1, count, width), among, across

    def _ask(self, name: str, query: str, context: str, closed: str) -> tuple[str, str]:
        """A few queries ``(R, H, D, d)`` attend to many tokens ``(R, E, W)``.

        With few queries it is cheaper to take them to the tokens than the tokens to keys and
        values: q (W_k x) = (q W_k) x, and the weighted mean is taken before W_v. What b_k adds is
        the same for every token, so the softmax does not see it.

        Returns:
            ``(R, D, W)`` and the weights ``(R, H, D, E)``.
        """
        graph, width, heads, depth = self.graph, self.width, self.heads, self.depth
        count = len(QUERIES)
        to_keys, to_values, value_bias = self._key_value(name)
        wanted = self._reshape(graph.op("MatMul", query, to_keys), -1, heads * count, width)
        scores = graph.op("MatMul", wanted, graph.op("Transpose", context, perm=[0, 2, 1]))
        scores = self._reshape(scores, 0, heads, count, -1)
        weights = graph.op("Softmax", graph.op("Add", scores, closed), axis=-1)
        mean = graph.op("MatMul", self._reshape(weights, 0, heads * count, -1), context)
        mean = self._reshape(mean, -1, heads, count, width)
        mixed = graph.op("MatMul", mean, graph.op("Transpose", to_values, perm=[0, 2, 1]))
        mixed = graph.op("Add", mixed, self._reshape(value_bias, heads, 1, depth))
        mixed = self._flat(graph.op("Transpose", mixed, perm=[0, 2, 1, 3]), width)
        change = self._linear(f"{name}.output", mixed, width, width)
        return self._reshape(change, -1, count, width), weights

    def _read_back(self, tokens: str, queries: str) -> tuple[str, str]:
        """Tokens ``(N, W)`` read from the queries what is asked of them: the same, and A_D_to_E.

        The tokens stay as they are here too: (W_q x + b_q) k = x (W_q^T k) + b_q k, and W_o is
        applied to the few values rather than to the many results.
        """
        graph, width, heads, depth = self.graph, self.width, self.heads, self.depth
        graph.scope("back")
        name, count, scale = "back.attention", len(QUERIES), graph.constant(self.depth**-0.5)
        normed = self._unpack(self._norm("back.norm", tokens))
        context = self._norm("back.query_norm", self._flat(queries, width))
        both = self._linear(f"{name}.key_value", context, width, 2 * width)
        both = self._per_head(self._reshape(both, -1, count, 2 * width), 2 * heads)
        key, value = graph.ops("Split", 2, both, axis=1)  # (R, H, D, d)

        asks = graph.op("Mul", graph.weight(f"{name}.query.weight", width, width), scale)
        bias = graph.op("Mul", graph.weight(f"{name}.query.bias", width), scale)
        asked = graph.op("MatMul", key, self._reshape(asks, heads, depth, width))
        asked = self._reshape(asked, -1, heads * count, width)
        offset = graph.op("MatMul", key, self._reshape(bias, heads, depth, 1))
        scores = graph.op("MatMul", normed, graph.op("Transpose", asked, perm=[0, 2, 1]))
        scores = graph.op("Add", scores, self._reshape(offset, -1, 1, heads * count))
        weights = graph.op("Softmax", self._reshape(scores, 0, -1, heads, count), axis=-1)

        output = graph.weight(f"{name}.output.weight", width, width)
        output = self._reshape(graph.op("Transpose", output, perm=[1, 0]), heads, depth, width)
        told = self._reshape(graph.op("MatMul", value, output), -1, heads * count, width)
        change = graph.op("MatMul", self._reshape(weights, 0, -1, heads * count), told)
        change = self._repack(change)
        change = graph.op("Add", change, graph.weight(f"{name}.output.bias", width))
        return graph.op("Add", tokens, change), graph.op("Transpose", weights, perm=[0, 2, 1, 3])

    def _key_value(self, name: str) -> tuple[str, str, str]:
        """Per head, what makes keys and values ``(H, d, W)``, and the bias of values ``(W,)``."""
        graph, width = self.graph, self.width
        shape = (2, self.heads, self.depth, width)
        weight = graph.weight(f"{name}.key_value.weight", 2 * width, width)
        weight = self._reshape(weight, *shape)
        keys, values = (
            graph.op("Gather", weight, graph.constant(half), axis=0) for half in (0, 1)
        )
        bias = graph.weight(f"{name}.key_value.bias", 2 * width)
        first, last = graph.constant([width]), graph.constant([2 * width])
        return keys, values, graph.op("Slice", bias, first, last)

    def _attend(self, query: str, both: str, bias: str | None = None) -> tuple[str, str]:
        """softmax(Q K^T / sqrt(d) + bias) V.

        Args:
            query: Q / sqrt(d), ``(R, H, n, d)``.
            both: K and V, ``(R, 2 H, m, d)``.
            bias: of the scores, which broadcasts to ``(R, H, n, m)``.

        Returns:
            ``(R, n, H, d)`` and the weights ``(R, H, n, m)``.
        """
        graph = self.graph
        key, value = graph.ops("Split", 2, both, axis=1)
        scores = graph.op("MatMul", query, graph.op("Transpose", key, perm=[0, 1, 3, 2]))
        if bias is not None:
            scores = graph.op("Add", scores, bias)
        weights = graph.op("Softmax", scores, axis=-1)
        return graph.op("Transpose", graph.op("MatMul", weights, value), perm=[0, 2, 1, 3]), weights

    def _query(self, name: str, normed: str) -> str:
        scale = self.depth**-0.5
        return self._linear(f"{name}.query", normed, self.width, self.width, scale)

    def _per_head(self, values: str, heads: int) -> str:
        """``(R, n, H * d)`` -> ``(R, H, n, d)``."""
        split = self._reshape(values, 0, 0, heads, self.depth)
        return self.graph.op("Transpose", split, perm=[0, 2, 1, 3])

    def _unpack(self, tokens: str) -> str:
        """Tokens ``(N, ...)`` to their rows ``(R, E, ...)``."""
        return self.graph.op("Gather", tokens, self._places, axis=0)

    def _repack(self, values: str) -> str:
        """Values of all rows ``(R, E, ...)`` to those of the tokens that exist ``(N, W)``."""
        return self.graph.op("Gather", self._flat(values, self.width), self._members, axis=0)

    def _feed(self, name: str, flat: str) -> str:
        """The two-layer network that follows attention."""
        wide = 2 * self.width
        normed = self._norm(f"{name}.feed_norm", flat)
        inner = self.graph.op(
            "Relu", self._linear(f"{name}.feed.0", normed, self.width, wide)
        )
        return self._linear(f"{name}.feed.2", inner, wide, self.width)

    # -- answers -------------------------------------------------------------------------------

    def _answer(self, inputs: _Inputs, tokens: str, queries: str) -> None:
        """Logits of every branch, value and competence."""
        graph, config, width = self.graph, self.config, self.width
        graph.scope("pointers")
        most = graph.op("Add", self._node_count, graph.constant([1]))  # never none at all
        nodes = graph.op("Slice", tokens, graph.constant([0]), most, graph.constant([0]))
        nodes = self._norm("node_norm", nodes)
        pointers = self._point(inputs, nodes, queries)  # (R, 3, K + 1)
        nodes = graph.op("Gather", nodes, self._node_places, axis=0)  # (R, K, W)
        for pointer, logits in zip(
            POINTERS, graph.ops("Split", len(POINTERS), pointers, axis=1), strict=True
        ):
            logits = graph.op("Squeeze", logits, graph.constant([1]))
            graph.output(pointer, logits, ("rows", "choices"))

        graph.scope("answers")
        target, about = (POINTERS.index(name) for name in ("target", "about"))
        chosen = graph.op("Gather", pointers, graph.constant([target, about]), axis=1)
        weights = graph.op("Softmax", chosen, axis=-1)
        weights = graph.op(
            "Slice", weights, graph.constant([1]), graph.constant([2**31 - 1]), graph.constant([2])
        )  # (R, 2, K)
        pooled = graph.op(
            "Concat", graph.op("MatMul", weights, nodes),
            graph.op("MatMul", weights, inputs.node_features), axis=-1,
        )  # (R, 2, W + F), fmt: skip
        target, about = (
            graph.op("Gather", pooled, graph.constant(number), axis=1) for number in (0, 1)
        )
        about_size = width + config.node_features
        size = width + config.body_features + about_size
        parts = {
            query: graph.op(
                "Concat", graph.op("Gather", queries, graph.constant(query), axis=1),
                inputs.body, target, axis=-1,
            )
            for query in sorted({QUERY_OF[name] for name in (*PLAIN, "outlook")})
        }  # fmt: skip
        for name in PLAIN:
            known, extra = parts[QUERY_OF[name]], 0
            if name == "say":
                known, extra = graph.op("Concat", known, about, axis=-1), about_size
            inner = graph.op("Relu", self._linear(f"heads.{name}.0", known, size + extra, width))
            logits = self._linear(f"heads.{name}.2", inner, width, dict(BRANCHES)[name])
            graph.output(name, logits, ("rows", dict(BRANCHES)[name]))
        inner = self._linear("outlook.0", parts[QUERY_OF["outlook"]], size, width)
        outlook = self._linear("outlook.2", graph.op("Relu", inner), width, 2)
        for number, name in enumerate(("value", "competence")):
            graph.output(
                name, graph.op("Gather", outlook, graph.constant(number), axis=1), ("rows",)
            )

    def _point(self, inputs: _Inputs, nodes: str, queries: str) -> str:
        """Pointer logits ``(R, 3, K + 1)``, "none" first."""
        graph, width, count = self.graph, self.width, len(POINTERS)
        which = graph.constant([QUERY_OF[name] for name in POINTERS])
        chosen = self._flat(graph.op("Gather", queries, which, axis=1), width)
        scale = POINTER_WIDTH**-0.5
        wanted = self._linear("pointer_queries", chosen, width, POINTER_WIDTH, scale)
        wanted = self._reshape(wanted, -1, count, POINTER_WIDTH, 1)
        keys = self._linear("pointer_keys", nodes, width, count * POINTER_WIDTH)
        keys = graph.op("Gather", keys, self._node_places, axis=0)
        keys = self._reshape(keys, 0, 0, count, POINTER_WIDTH)
        keys = graph.op("Transpose", keys, perm=[0, 2, 1, 3])
        scores = graph.op("MatMul", keys, wanted)  # (R, 3, K, 1)
        scores = graph.op("Squeeze", scores, graph.constant([3]))
        exists = graph.op("Unsqueeze", inputs.node_mask, graph.constant([1]))
        scores = graph.op("Where", exists, scores, graph.constant(BLOCKED))
        none = self._reshape(self._linear("pointer_none", chosen, width, 1), -1, count, 1)
        return graph.op("Concat", none, scores, axis=-1)

    # -- small parts ---------------------------------------------------------------------------

    def _linear(self, name: str, values: str, size: int, results: int, scale: float = 1.0) -> str:
        """``scale * (x W^T + b)`` of ``(n, size)``."""
        weight = self.graph.weight(f"{name}.weight", results, size)
        bias = self.graph.weight(f"{name}.bias", results)
        return self.graph.op("Gemm", values, weight, bias, transB=1, alpha=scale, beta=scale)

    def _norm(self, name: str, values: str) -> str:
        weight = self.graph.weight(f"{name}.weight", self.width)
        bias = self.graph.weight(f"{name}.bias", self.width)
        return self.graph.op("LayerNormalization", values, weight, bias, axis=-1, epsilon=_EPSILON)

    def _flat(self, values: str, size: int) -> str:
        return self._reshape(values, -1, size)

    def _reshape(self, values: str, *shape: int) -> str:
        return self.graph.op("Reshape", values, self.graph.constant(list(shape)))

    def _is_positive(self, values: str) -> str:
        return self.graph.op("Greater", values, self.graph.constant(0))

    def _where(self, mask: str, yes: float, no: float) -> str:
        graph = self.graph
        return graph.op("Where", mask, graph.constant(yes), graph.constant(no))
