import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from agent.attention import Attention, RelationBias
from agent.network import BLOCKED


def test_attention_is_softmax_of_scaled_products():
    torch.manual_seed(0)
    layer = Attention(16, heads=2)
    sequence, context = torch.randn(3, 5, 16), torch.randn(3, 7, 16)
    mask = torch.rand(3, 7) < 0.7
    mask[:, 0] = True
    bias = torch.where(mask, 0.0, BLOCKED)[:, None, None, :]
    output, weights = layer(sequence, context, bias)

    def split(tensor):
        return tensor.view(3, -1, 2, 8).transpose(1, 2)

    key, value = layer.key_value(context).chunk(2, dim=-1)
    expected = scaled_dot_product_attention(
        split(layer.query(sequence)), split(key), split(value), attn_mask=mask[:, None, None, :]
    )
    expected = layer.output(expected.transpose(1, 2).reshape(3, 5, 16))
    assert torch.allclose(output, expected, atol=1e-6)
    assert torch.allclose(weights.sum(-1), torch.ones(3, 2, 5))
    assert not weights.masked_select(~mask[:, None, None, :]).any()


def test_width_must_be_a_multiple_of_heads():
    with pytest.raises(ValueError, match="multiple of heads"):
        Attention(10, heads=4)


def test_each_relation_has_its_own_bias_per_head():
    layer = RelationBias(3, heads=2)
    layer.scores.data = torch.tensor([[0.0, 0.0], [1.0, 2.0], [3.0, 4.0]])
    relation = torch.tensor([[[0, 1], [2, 0]]], dtype=torch.uint8)
    bias = layer(relation)
    assert bias.shape == (1, 2, 2, 2)
    assert bias[0, 0].tolist() == [[0.0, 1.0], [3.0, 0.0]]
    assert bias[0, 1].tolist() == [[0.0, 2.0], [4.0, 0.0]]
