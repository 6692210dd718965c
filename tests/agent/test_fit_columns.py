from pathlib import Path

import pytest
import torch

from agent.belief.feature_columns import BODY_FEATURES, NODE_FEATURES
from agent.brain import Brain
from agent.fit_columns import FIRST_COLUMNS, fit_columns, own_columns
from agent.modules import fill_module
from agent.network import BrainConfig
from agent.relations import Related
from tests.agent.test_brain import random_inputs

OLD = {"node": len(FIRST_COLUMNS["node"]), "body": len(FIRST_COLUMNS["body"])}


def old_brain():
    torch.manual_seed(0)
    config = BrainConfig(
        node_features=OLD["node"], body_features=OLD["body"], relations=len(Related), width=16
    )
    brain = Brain(config).eval()
    return brain, {f"brain.{name}": value.numpy() for name, value in brain.state_dict().items()}


def test_the_first_columns_are_all_still_there():
    assert set(FIRST_COLUMNS["node"]) <= set(NODE_FEATURES)
    assert set(FIRST_COLUMNS["body"]) <= set(BODY_FEATURES)


def test_an_old_brain_decides_as_before_whatever_the_new_columns_hold():
    brain, tensors = old_brain()
    fitted, sizes = fit_columns(tensors, brain.config.model_dump(), FIRST_COLUMNS)
    new = Brain(BrainConfig.model_validate(sizes)).eval()
    fill_module(new, fitted, "brain", Path("fitted"))
    inputs = random_inputs(OLD["node"], OLD["body"])
    wide = random_inputs(len(NODE_FEATURES), len(BODY_FEATURES))
    for name, own in (("node", NODE_FEATURES), ("body", BODY_FEATURES)):
        field = "node_features" if name == "node" else "body"
        for at, column in enumerate(FIRST_COLUMNS[name]):
            getattr(wide, field)[..., own.index(column)] = getattr(inputs, field)[..., at]
    for field in ("node_words", "node_mask", "relation", "goal", "utterances", "audio", "camera"):
        setattr(wide, field, getattr(inputs, field))
    with torch.inference_mode():
        before, after = brain(inputs), new(wide)
    for name, logits in before.logits.items():
        assert torch.allclose(logits, after.logits[name], atol=1e-5), name
    assert torch.allclose(before.value, after.value, atol=1e-5)


def test_own_columns_need_no_change():
    brain, tensors = old_brain()
    config = brain.config.model_dump() | {
        "node_features": len(NODE_FEATURES), "body_features": len(BODY_FEATURES)
    }  # fmt: skip
    fitted, sizes = fit_columns(tensors, config, own_columns())
    assert sizes == config
    assert all(fitted[name] is tensor for name, tensor in tensors.items())


@pytest.mark.parametrize("changed", [{"node": ["smell"]}, {"body": FIRST_COLUMNS["body"][:-1]}])
def test_columns_that_do_not_fit_are_refused(changed):
    brain, tensors = old_brain()
    with pytest.raises(ValueError, match="columns"):
        fit_columns(tensors, brain.config.model_dump(), FIRST_COLUMNS | changed)
