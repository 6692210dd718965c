"""The brain as a graph for ONNX Runtime: the formulas of `agent.brain` and `agent.attention`.

A traced torch module spends more time on shapes, views and tokens that do not exist than on its
products. Written out, only the N tokens that exist are computed, as one matrix ``(N, W)``, nodes
first; they are laid out by rows ``(R, E, W)`` where tokens read one another. What depends on
weights alone (the queries before they have read anything) is computed once, when the graph is
opened.

R rows, K nodes, E places for tokens, D queries, H heads of d numbers, W = H d width.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from onnx import helper

from agent.inference.layer_writer import LayerWriter
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


def write_brain(config: BrainConfig) -> LayerWriter:
    """The graph of a brain of these sizes."""
    return _BrainWriter(config).write()


class _BrainWriter:
    def __init__(self, config: BrainConfig) -> None:
        self.config = config
        self.graph = LayerWriter("brain", config.width, config.heads)
        self.width = config.width
        self.heads = config.heads

    def write(self) -> LayerWriter:
        graph = self.graph
        inputs = self._declare_inputs()
        tokens, mask = self._embed(inputs)
        graph.scope("mask")
        closed = graph.op("Where", mask, graph.constant(0.0), graph.constant(BLOCKED))
        closed = graph.op("Unsqueeze", closed, graph.constant([1, 2]))  # (R, 1, 1, E)
        bias = self._relate(inputs.relation, closed)

        tokens, a_e = self._encode(tokens, bias)
        queries = graph.weight("queries", len(QUERIES), self.width)
        queries = graph.reshape(queries, 1, len(QUERIES), self.width)  # alike until they read
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
        others = self._embed_others(inputs)
        others = graph.op("Add", others, graph.weight("tokens.place", OTHERS, width))
        others, other_places = self._pack(graph.flat(others, width), others_mask)
        self._node_count = graph.op("Shape", nodes, end=1)
        other_places = graph.op("Add", other_places, self._node_count)
        self._places = graph.op("Concat", node_places, other_places, axis=1)
        self._node_places = node_places
        self._members = self._find_members(inputs.node_mask, others_mask, mask)
        return graph.op("Concat", nodes, others, axis=0), mask

    def _find_members(self, node_mask: str, others_mask: str, mask: str) -> str:
        """Where the N tokens are among ``R * E``: ``(N,)``."""
        graph = self.graph
        shape = graph.op("Shape", mask)
        count = graph.op("Squeeze", graph.op("ReduceProd", shape))
        every = graph.op("Range", graph.constant(0), count, graph.constant(1))
        nodes = graph.op("Shape", node_mask, start=1)
        sizes = graph.op("Concat", nodes, graph.constant([OTHERS]), axis=0)
        parts = graph.ops("Split", 2, graph.op("Reshape", every, shape), sizes, axis=1)
        chosen = [
            graph.op("Compress", graph.reshape(part, -1), graph.reshape(exists, -1), axis=0)
            for part, exists in zip(parts, (node_mask, others_mask), strict=True)
        ]
        return graph.op("Concat", *chosen, axis=0)

    def _pack(self, values: str, mask: str) -> tuple[str, str]:
        """The values that a mask ``(R, n)`` lets through, and where each of ``(R, n)`` is now.

        One that was left out has the place of another: whoever reads there has its own mask.
        """
        graph = self.graph
        flat = graph.reshape(mask, -1)
        count = graph.op("CumSum", graph.op("Cast", flat, to=INT64), graph.constant(0))
        places = graph.op("Sub", count, graph.constant(1))
        places = graph.op("Reshape", places, graph.op("Shape", mask))
        return graph.op("Compress", values, flat, axis=0), places

    def _embed_nodes(self, inputs: _Inputs) -> tuple[str, str]:
        """Tokens of the nodes that exist, and their places."""
        graph, width, config = self.graph, self.width, self.config
        features = graph.flat(inputs.node_features, config.node_features)
        features, places = self._pack(features, inputs.node_mask)
        words = graph.flat(inputs.node_words, config.node_words)
        words = graph.op("Compress", words, graph.reshape(inputs.node_mask, -1), axis=0)
        table = graph.weight("tokens.words.weight", WORD_BUCKETS, width)
        known = graph.op("Cast", self._is_positive(words), to=FLOAT)
        known = graph.op("Unsqueeze", known, graph.constant([2]))
        named = graph.op("Mul", graph.op("Gather", table, words), known)  # (n, 4, W)
        named = graph.op("ReduceSum", named, graph.constant([1]), keepdims=0)
        nodes = graph.linear("tokens.node.0", features, config.node_features, width)
        nodes = graph.linear("tokens.node.2", graph.op("Relu", nodes), width, width)
        return graph.op("Add", nodes, named), places

    def _embed_others(self, inputs: _Inputs) -> str:
        """Goal, utterances, body, ears and picture ``(R, OTHERS, W)``."""
        graph, width = self.graph, self.width
        table = graph.weight("tokens.words.weight", WORD_BUCKETS, width)
        said = graph.flat(inputs.utterances, UTTERANCE_SIZE)
        said = graph.linear("tokens.utterance", said, UTTERANCE_SIZE, width)
        body = graph.linear("tokens.body", inputs.body, self.config.body_features, width)
        left, right = graph.ops("Split", 2, inputs.audio, axis=1)
        ears = graph.op("Concat", inputs.audio, graph.op("Sub", left, right), axis=1)
        ears = graph.linear("tokens.audio", graph.flat(ears, AUDIO_SUMMARY), AUDIO_SUMMARY, width)
        return graph.op(
            "Concat",
            graph.op("Gather", table, inputs.goal),
            graph.reshape(said, -1, UTTERANCES, width),
            graph.reshape(body, -1, 1, width),
            graph.reshape(ears, -1, EARS + 1, width),
            self._see(inputs.camera),
            axis=1,
        )

    def _see(self, camera: str) -> str:
        """Two layers of patches that do not overlap: ``(R, 3, 32, 32)`` -> ``(R, 8, W)``."""
        graph, half = self.graph, self.width // 2
        pixels = graph.op("Mul", graph.op("Cast", camera, to=FLOAT), graph.constant(1 / 255))
        kernel = graph.reshape(
            graph.weight("tokens.patch.weight", half, 3 * _PATCH * _PATCH), half, 3, _PATCH, _PATCH
        )
        small = graph.op(
            "Conv", pixels, kernel, graph.weight("tokens.patch.bias", half),
            strides=[_PATCH, _PATCH], kernel_shape=[_PATCH, _PATCH],
        )  # fmt: skip
        small = graph.op("Relu", small)  # (R, W / 2, 8, 8)
        size = _PATCHES_HIGH * _PATCHES_WIDE * half
        kernel = graph.weight("tokens.patches.weight", self.width, size)
        kernel = graph.reshape(kernel, self.width, _PATCHES_HIGH, _PATCHES_WIDE, half)
        kernel = graph.op("Transpose", kernel, perm=[0, 3, 1, 2])
        seen = graph.op(
            "Conv", small, kernel, graph.weight("tokens.patches.bias", self.width),
            strides=[_PATCHES_HIGH, _PATCHES_WIDE], kernel_shape=[_PATCHES_HIGH, _PATCHES_WIDE],
        )  # fmt: skip
        seen = graph.reshape(seen, -1, self.width, PATCH_ROWS * PATCH_COLUMNS)
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
        normed = graph.norm("encoder.norm", tokens)
        query = graph.per_head(self._unpack(graph.query(name, normed)), self.heads)
        both = graph.linear(f"{name}.key_value", normed, self.width, 2 * self.width)
        both = graph.per_head(self._unpack(both), 2 * self.heads)
        mixed, weights = graph.attend(query, both, bias)
        change = graph.linear(f"{name}.output", self._repack(mixed), self.width, self.width)
        tokens = graph.op("Add", tokens, change)
        return graph.op("Add", tokens, graph.feed("encoder", tokens)), weights

    def _decode(self, name: str, queries: str, tokens: str, closed: str) -> tuple[str, str, str]:
        """Queries attend to each other, then to the tokens: ``(R, D, W)``, A_D and A_E_to_D."""
        graph, width, count = self.graph, self.width, len(QUERIES)
        graph.scope(name)
        layer = f"{name}.attention"
        flat = graph.flat(queries, width)
        normed = graph.norm(f"{name}.norm", flat)
        query = graph.reshape(graph.query(layer, normed), -1, count, width)
        both = graph.linear(f"{layer}.key_value", normed, width, 2 * width)
        both = graph.per_head(graph.reshape(both, -1, count, 2 * width), 2 * self.heads)
        mixed, among = graph.attend(graph.per_head(query, self.heads), both)
        change = graph.linear(f"{layer}.output", graph.flat(mixed, width), width, width)
        flat = graph.op("Add", flat, change)

        query = graph.query(f"{name}.cross", graph.norm(f"{name}.cross_norm", flat))
        query = graph.per_head(graph.reshape(query, -1, count, width), self.heads)
        context = self._unpack(graph.norm(f"{name}.token_norm", tokens))
        change, across = graph.ask(f"{name}.cross", query, count, context, closed)
        queries = graph.op("Add", graph.reshape(flat, -1, count, width), change)
        flat = graph.flat(queries, width)
        flat = graph.op("Add", flat, graph.feed(name, flat))
        return graph.reshape(flat, -1, count, width), among, across

    def _read_back(self, tokens: str, queries: str) -> tuple[str, str]:
        """Tokens ``(N, W)`` read from the queries what is asked of them: the same, and A_D_to_E."""
        graph, width = self.graph, self.width
        graph.scope("back")
        normed = self._unpack(graph.norm("back.norm", tokens))
        context = graph.norm("back.query_norm", graph.flat(queries, width))
        told, weights = graph.tell("back.attention", normed, context, len(QUERIES))
        change = graph.op(
            "Add", self._repack(told), graph.weight("back.attention.output.bias", width)
        )
        return graph.op("Add", tokens, change), weights

    def _unpack(self, tokens: str) -> str:
        """Tokens ``(N, ...)`` to their rows ``(R, E, ...)``."""
        return self.graph.op("Gather", tokens, self._places, axis=0)

    def _repack(self, values: str) -> str:
        """Values of all rows ``(R, E, ...)`` to those of the tokens that exist ``(N, W)``."""
        flat = self.graph.flat(values, self.width)
        return self.graph.op("Gather", flat, self._members, axis=0)

    # -- answers -------------------------------------------------------------------------------

    def _answer(self, inputs: _Inputs, tokens: str, queries: str) -> None:
        """Logits of every branch, value and competence."""
        graph, config, width = self.graph, self.config, self.width
        graph.scope("pointers")
        most = graph.op("Add", self._node_count, graph.constant([1]))  # never none at all
        nodes = graph.op("Slice", tokens, graph.constant([0]), most, graph.constant([0]))
        nodes = graph.norm("node_norm", nodes)
        pointers = self._point(inputs, nodes, queries)  # (R, 3, K + 1)
        nodes = graph.op("Gather", nodes, self._node_places, axis=0)  # (R, K, W)
        for pointer, logits in zip(
            POINTERS, graph.ops("Split", len(POINTERS), pointers, axis=1), strict=True
        ):
            logits = graph.op("Squeeze", logits, graph.constant([1]))
            graph.output(pointer, logits, ("rows", "choices"))

        graph.scope("answers")
        wanted = [POINTERS.index(name) for name in ("target", "about")]
        chosen = graph.op("Gather", pointers, graph.constant(wanted), axis=1)
        weights = graph.op("Softmax", chosen, axis=-1)
        weights = graph.op(
            "Slice", weights, graph.constant([1]), graph.constant([2**31 - 1]), graph.constant([2])
        )  # (R, 2, K)
        pooled = graph.op(
            "Concat",
            graph.op("MatMul", weights, nodes),
            graph.op("MatMul", weights, inputs.node_features),
            axis=-1,
        )  # (R, 2, W + F),
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
            inner = graph.op("Relu", graph.linear(f"heads.{name}.0", known, size + extra, width))
            logits = graph.linear(f"heads.{name}.2", inner, width, dict(BRANCHES)[name])
            graph.output(name, logits, ("rows", dict(BRANCHES)[name]))
        inner = graph.linear("outlook.0", parts[QUERY_OF["outlook"]], size, width)
        outlook = graph.linear("outlook.2", graph.op("Relu", inner), width, 2)
        for number, name in enumerate(("value", "competence")):
            graph.output(
                name, graph.op("Gather", outlook, graph.constant(number), axis=1), ("rows",)
            )

    def _point(self, inputs: _Inputs, nodes: str, queries: str) -> str:
        """Pointer logits ``(R, 3, K + 1)``, "none" first."""
        graph, width, count = self.graph, self.width, len(POINTERS)
        which = graph.constant([QUERY_OF[name] for name in POINTERS])
        chosen = graph.flat(graph.op("Gather", queries, which, axis=1), width)
        scale = POINTER_WIDTH**-0.5
        wanted = graph.linear("pointer_queries", chosen, width, POINTER_WIDTH, scale)
        wanted = graph.reshape(wanted, -1, count, POINTER_WIDTH, 1)
        keys = graph.linear("pointer_keys", nodes, width, count * POINTER_WIDTH)
        keys = graph.op("Gather", keys, self._node_places, axis=0)
        keys = graph.reshape(keys, 0, 0, count, POINTER_WIDTH)
        keys = graph.op("Transpose", keys, perm=[0, 2, 1, 3])
        scores = graph.op("MatMul", keys, wanted)  # (R, 3, K, 1)
        scores = graph.op("Squeeze", scores, graph.constant([3]))
        exists = graph.op("Unsqueeze", inputs.node_mask, graph.constant([1]))
        scores = graph.op("Where", exists, scores, graph.constant(BLOCKED))
        none = graph.reshape(graph.linear("pointer_none", chosen, width, 1), -1, count, 1)
        return graph.op("Concat", none, scores, axis=-1)

    def _is_positive(self, values: str) -> str:
        return self.graph.op("Greater", values, self.graph.constant(0))
