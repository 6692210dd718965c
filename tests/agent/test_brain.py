from dataclasses import replace

import numpy as np
import pytest
import torch

from agent.brain import Brain
from agent.inputs import shrink_camera
from agent.network import (
    GOAL_WORDS,
    NODE_STEP,
    POINTERS,
    QUERIES,
    UTTERANCE_SIZE,
    UTTERANCES,
    BrainConfig,
    BrainInput,
    slot_logits,
    trim,
)
from envs.contract import BRANCHES, SLOTS

CONFIG = BrainConfig(node_features=9, body_features=5, relations=3, width=16, heads=2)
ROWS, NODES = 4, 2 * NODE_STEP + 5


@pytest.fixture
def brain():
    torch.manual_seed(0)
    return Brain(CONFIG).eval()


@pytest.fixture
def inputs():
    return random_inputs(9, 5)


def random_inputs(node_features, body_features):
    """Inputs of a few rows with so many features of nodes and body."""
    torch.manual_seed(1)
    mask = torch.zeros(ROWS, NODES, dtype=torch.bool)
    mask[:, :4] = True
    mask[0, 3] = False
    return BrainInput(
        node_features=torch.randn(ROWS, NODES, node_features),
        node_words=torch.randint(0, 100, (ROWS, NODES, 4)),
        node_mask=mask,
        relation=torch.randint(0, 3, (ROWS, NODES, NODES), dtype=torch.uint8),
        goal=torch.randint(0, 100, (ROWS, GOAL_WORDS)),
        utterances=torch.randn(ROWS, UTTERANCES, UTTERANCE_SIZE),
        body=torch.randn(ROWS, body_features),
        audio=torch.rand(ROWS, 2, 128),
        camera=torch.randint(0, 255, (ROWS, 3, 32, 32), dtype=torch.uint8),
    )


@torch.no_grad()
def test_every_branch_has_logits(brain, inputs):
    output = brain(inputs)
    for name, size in BRANCHES:
        expected = NODES + 1 if name in POINTERS else size
        assert output.logits[name].shape == (ROWS, expected)
    assert output.value.shape == output.competence.shape == (ROWS,)
    assert output.attention is None


@torch.no_grad()
def test_attention_leaves_as_a_record_on_request(brain, inputs):
    record = brain(inputs, record_attention=True).attention
    tokens, queries = len(record.tokens), len(QUERIES)
    heads = CONFIG.heads
    assert record.A_E.shape == (ROWS, heads, tokens, tokens)
    assert record.A_D.shape == (ROWS, heads, queries, queries)
    assert record.A_E_to_D.shape == (ROWS, heads, queries, tokens)
    assert record.A_D_to_E.shape == (ROWS, heads, tokens, queries)
    assert record.tokens[0] == "node 0"
    for weights in (record.A_E, record.A_D, record.A_E_to_D, record.A_D_to_E):
        assert torch.allclose(weights.sum(-1), torch.ones(()), atol=1e-5)
    absent = ~record.token_mask[:, None, None, :]
    assert not record.A_E.masked_select(absent).any()
    assert not record.A_E_to_D.masked_select(absent).any()


@torch.no_grad()
def test_masked_nodes_change_nothing(brain, inputs):
    changed = replace(inputs, node_features=inputs.node_features.clone())
    changed.node_features[~inputs.node_mask] = 99.0
    for name, logits in brain(inputs).logits.items():
        assert torch.equal(logits, brain(changed).logits[name])


def test_trimming_changes_nothing_but_the_time(brain, inputs):
    arrays = BrainInput(**{name: value.numpy() for name, value in vars(inputs).items()})
    trimmed = trim(arrays)
    assert trimmed.node_mask.shape == (ROWS, NODE_STEP)
    whole, short = brain.infer(arrays).logits, brain.infer(trimmed).logits
    for name in whole:
        kept = whole[name][:, : short[name].shape[1]]
        assert kept == pytest.approx(short[name], abs=1e-5)


def test_trim_keeps_one_step_when_there_is_no_node(inputs):
    arrays = BrainInput(**{name: value.numpy() for name, value in vars(inputs).items()})
    nothing = trim(replace(arrays, node_mask=np.zeros_like(arrays.node_mask)))
    assert nothing.node_mask.shape == (ROWS, NODE_STEP)


@torch.no_grad()
def test_a_row_decides_alone(brain, inputs):
    alone = BrainInput(**{name: value[2:3] for name, value in vars(inputs).items()})
    together, single = brain(inputs), brain(alone)
    for name, logits in together.logits.items():
        assert torch.allclose(logits[2:3], single.logits[name], atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize(
    "field", ["relation", "goal", "utterances", "body", "audio", "camera", "node_words"]
)
def test_every_input_matters(brain, inputs, field):
    if field == "relation":
        brain.relation_bias.scores.data.normal_()
    blank = replace(inputs, **{field: torch.zeros_like(getattr(inputs, field))})
    assert not torch.allclose(brain(inputs).logits["move"], brain(blank).logits["move"])


def test_every_weight_learns(brain, inputs):
    output = brain(inputs)
    loss = sum(
        logits.clamp(min=-50).log_softmax(-1)[:, 0].sum() for logits in output.logits.values()
    )
    (loss + output.value.sum() + output.competence.sum()).backward()
    for name, parameter in brain.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


def test_the_brain_sees_the_mean_of_each_four_pixels():
    camera = np.random.default_rng(0).integers(0, 256, (2, 3, 64, 64)).astype(np.uint8)
    blocks = camera.reshape(2, 3, 32, 2, 32, 2).astype(np.int64)
    assert np.array_equal(shrink_camera(camera), blocks.sum(axis=(3, 5)) // 4)


def test_pointers_become_slots():
    pointer = np.array([[0.5, 1.0, 2.0, 3.0]], np.float32)
    slots = np.array([[7, 60, 0, 0]], np.int32)
    mask = np.array([[True, True, False, False]])
    logits = slot_logits(pointer, slots, mask)
    assert logits.shape == (1, SLOTS)
    assert logits[0, 0] == 0.5
    assert logits[0, 7] == 1.0
    assert logits[0, 60] == 2.0
    assert (logits[0, 1:7] < -1e3).all()
