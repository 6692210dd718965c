"""Policies by name: who can be evaluated. Nothing heavy is imported before one is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from envs.suggest import did_you_mean

if TYPE_CHECKING:
    from agent.rollout import Policy

POLICIES: dict[str, str] = {
    "brain": "the trained mind",
    "untrained": "the same pipeline, every learned weight fresh, no metacognition",
    "scripted": "rules on belief and planned routes; sees no colours, hears no sounds",
    "expert": "plans on the mind's own belief; what the brain imitates",
    "oracle": "acts on the world's truth: the ceiling",
    "random": "uniform over what the masks allow: the floor",
}
"""Name -> what it is, in the order of tables."""


class PolicyError(ValueError):
    """There is no policy of a name; one sentence with the cure."""


def check_policy(name: str) -> str:
    """The name, if it is a policy's.

    Raises:
        PolicyError: there is none; the text names the nearest one.
    """
    if name not in POLICIES:
        raise PolicyError(f"No policy is called '{name}': {did_you_mean(name, POLICIES)}")
    return name


def get_policy(
    name: str, *, brain: Path | None = None, without: Iterable[str] = (), seed: int = 0
) -> Policy:
    """A policy by its name.

    Args:
        name: one of ``POLICIES``.
        brain: checkpoint of the brain, and of the perception that the expert sees with; None for
            the shipped one.
        without: parts to leave out, out of ``agent.ablation.PARTS``; oracle and random need none.
        seed: of the noise in moves, of fresh weights, and of random's draws.

    Raises:
        PolicyError: there is no such policy.
        CheckpointError: the checkpoint cannot be used.
    """
    check_policy(name)
    from agent.policies import adapters

    if name in ("oracle", "random"):
        return adapters.OraclePolicy() if name == "oracle" else adapters.RandomPolicy(seed)
    from agent.mind import Mind

    if name == "brain":
        return adapters.MindPolicy(Mind.load(brain, without=without, seed=seed))
    if name == "expert":
        return adapters.expert_policy(Mind.load(brain, without=without, seed=seed))
    if name == "scripted":
        return adapters.scripted_policy(without, seed)
    return adapters.MindPolicy(Mind.untrained(without=without, seed=seed))
