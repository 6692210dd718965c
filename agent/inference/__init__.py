"""Brain and senses on ONNX Runtime: how decisions are made wherever nothing is being learned.

A graph has the structure of a network without its weights, so one small file serves every brain of
the same sizes; the weights come from the checkpoint. Torch is not needed. All numbers are float32:
dynamic quantisation would scale activations by the whole batch, and so let the decision of one NPC
depend on who else is decided for.
"""

from agent.inference.networks import OnnxBrain, OnnxSenses

__all__ = ["OnnxBrain", "OnnxSenses"]
