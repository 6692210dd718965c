"""The mind: one decision for many NPCs at once, as one straight walk.

observation -> senses -> belief -> plan -> features -> brain -> metacognition -> action

A mind keeps what it remembers by the NPC's key. It never sees a simulator: only the contract's
arrays and the names and texts that come beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from agent.ablation import SENSES, blank_graph, blank_senses, check_parts
from agent.belief.actions import remember_actions
from agent.belief.evidence import Evidence
from agent.belief.features import Features, build_features
from agent.belief.planner import Plan, Planner
from agent.belief.state import BeliefState
from agent.belief.testimony import apply_catalogue, apply_goal, apply_utterances
from agent.belief.update import update
from agent.checkpoint import SHIPPED, CheckpointError
from agent.infos import Infos
from agent.inputs import brain_input
from agent.memories import Memories
from agent.metacognition.judge import Judge
from agent.metacognition.regulator import Regulator as MetaRegulator
from agent.network import POINTERS, AttentionWeights, BrainInput, Network, slot_logits, trim
from agent.relations import relate
from agent.sampling import allow_no_op, choose_actions
from agent.senses import Percepts
from agent.weights_file import read_weights
from envs.contract import GoalColumn

POLICY = "policy"
"""The strategy of acting as the brain proposes."""
_SURE = 30.0
"""Logits beyond it are as good as certain; larger ones would overflow."""


@dataclass
class View:
    """Everything that a mind knows at the moment of one decision, for R rows."""

    indices: NDArray[np.int64]
    """``(R,)`` where each NPC's memory is; arrays that others keep per NPC use the same."""
    observations: Mapping[str, NDArray]
    infos: Infos
    percepts: Percepts
    belief: BeliefState
    plan: Plan
    features: Features
    inputs: BrainInput[NDArray]


@dataclass
class Proposal:
    """What the brain would do."""

    actions: NDArray[np.int64]
    """``(R, 8)`` under the world's masks."""
    logits: dict[str, NDArray[np.float32]]
    """Per branch ``(R, size)``; pointers are over slots."""
    competence: NDArray[np.float32]
    """``(R,)`` the brain's own probability that this goes well."""
    value: NDArray[np.float32]
    """``(R,)`` expected return."""
    attention: AttentionWeights[NDArray] | None = None


@dataclass
class Regulation:
    """What metacognition makes of a proposal."""

    actions: NDArray[np.int64]
    """``(R, 8)``."""
    competence: NDArray[np.float32]
    """``(R,)`` calibrated probability of success."""
    strategy: list[str]
    """R names."""
    reason: list[str]
    """R reasons, "" where the brain had its way."""


class Perception(Protocol):
    """The senses as a mind meets them."""

    def perceive(self, observations: Mapping[str, NDArray]) -> Percepts:
        """Evidence of one observation of R rows."""


class Regulator(Protocol):
    """Metacognition as the mind meets it."""

    def reliability(
        self, indices: NDArray[np.int64], observations: Mapping[str, NDArray], percepts: Percepts
    ) -> NDArray[np.float32] | None:
        """``(R, 4)`` trust in camera, audio, entities and dialogue; None for full trust."""

    def regulate(self, view: View, proposal: Proposal) -> Regulation:
        """Judge the proposal and keep or change it."""

    def forget(self, indices: Sequence[int]) -> None:
        """Clear what is remembered of these NPCs."""

    def forget_everybody(self) -> None:
        """Clear what is remembered, and that anybody was there."""

    def save(self, index: int) -> dict[str, Any]:
        """What is remembered of one NPC, as plain data."""

    def restore(self, index: int, saved: Mapping[str, Any] | None) -> None:
        """Remember what ``save`` gave; None to forget."""


@dataclass
class Decision:
    """What R NPCs do now, and why."""

    action: NDArray[np.int64]
    """``(R, 8)`` in branch order; ``(8,)`` for one NPC observed without a row dimension."""
    competence: NDArray[np.float32]
    """``(R,)`` probability of success."""
    strategy: list[str]
    """R names of strategies."""
    reason: list[str]
    """R reasons of interventions, "" where there was none."""
    attention: AttentionWeights[NDArray] | None = None
    """On request."""
    view: View | None = field(default=None, repr=False)
    """What it was decided on; its arrays are valid until the next decision."""


class Mind:
    """Belief, brain and metacognition of any number of NPCs.

    Args:
        senses: perception heads.
        brain: the network.
        regulator: metacognition, None to act by policy always.
        without: parts to leave out, out of ``agent.ablation.PARTS``.
        seed: of the noise in moves and turns.
    """

    def __init__(
        self,
        senses: Perception,
        brain: Network,
        regulator: Regulator | None = None,
        *,
        without: Iterable[str] = (),
        seed: int = 0,
    ) -> None:
        self.senses = senses
        self.brain = brain
        self.without = check_parts(without)
        self.regulator = None if "metacognition" in self.without else regulator
        self.memories = Memories(seed)
        self._planner = Planner()

    @staticmethod
    def load(
        path: str | Path | None = None,
        *,
        without: Iterable[str] = (),
        seed: int = 0,
    ) -> Mind:
        """A mind from a checkpoint, the shipped one by default, on ONNX Runtime.

        Args:
            path: of a checkpoint.
            without: parts to leave out.
            seed: of the noise in moves and turns.

        Raises:
            CheckpointError: the file cannot be used; the message says what to do.
        """
        from agent.inference import OnnxBrain, OnnxSenses

        weights = read_weights(Path(path) if path is not None else SHIPPED)
        try:
            known = weights.extra.get("judge")
            judge = Judge.from_json(known) if known is not None else None
        except ValueError as error:
            raise CheckpointError(f"{weights.path} holds an unusable judge: {error}") from error
        senses, brain = OnnxSenses.load(weights), OnnxBrain.load(weights)
        return Mind(senses, brain, MetaRegulator(judge), without=without, seed=seed)

    @staticmethod
    def untrained(*, without: Iterable[str] = (), seed: int = 0) -> Mind:
        """A mind with every learned weight fresh, perception too, that acts by policy always."""
        from agent.modules import fresh_modules

        senses, brain = fresh_modules(seed)
        return Mind(senses, brain, None, without=without, seed=seed)

    # -- deciding ------------------------------------------------------------------------------

    def decide(
        self,
        observations: Mapping[str, NDArray],
        infos: Infos | Mapping[str, Any] | Sequence[Mapping[str, Any]],
        *,
        attention: bool = False,
        revise: Callable[[View, NDArray[np.int64]], NDArray[np.int64]] | None = None,
    ) -> Decision:
        """Decide for every row.

        Args:
            observations: contract arrays with a row dimension, or without one for a single NPC.
            infos: what came beside them, from any of our faces (see ``Infos.of``).
            attention: whether to return the attention weights too.
            revise: has the last word on the actions ``(R, 8)``, before they are remembered.
        """
        single = np.ndim(observations["self"]) == 1
        if single:
            observations = {name: np.asarray(array)[None] for name, array in observations.items()}
        view = self.perceive(observations, Infos.of(infos, len(observations["self"])))
        proposal = self.propose(view, attention=attention)
        regulation = self._regulate(view, proposal)
        if revise is not None:
            regulation.actions = revise(view, regulation.actions)
        self.act(view, regulation.actions)
        return Decision(
            action=regulation.actions[0] if single else regulation.actions,
            competence=regulation.competence,
            strategy=regulation.strategy,
            reason=regulation.reason,
            attention=proposal.attention,
            view=view,
        )

    def reset(self, npcs: Iterable[object]) -> None:
        """Forget everything about the NPCs with these keys (row numbers where none were given)."""
        self._forget(self.memories.known(npcs))

    def forget_everybody(self) -> None:
        """Forget all NPCs, and that they were there: whoever comes next takes the first places."""
        self.memories.drop_all()
        if self.regulator is not None:
            self.regulator.forget_everybody()

    # -- the steps of a decision ---------------------------------------------------------------

    def perceive(self, observations: Mapping[str, NDArray], infos: Infos) -> View:
        """Senses, belief, plan and features: everything up to the brain."""
        memories = self.memories
        indices = memories.find(infos.keys)
        if infos.restart.any():
            self._forget(indices[infos.restart])
        left_out = [sense for sense in SENSES if sense in self.without]
        if left_out:
            observations = blank_senses(observations, left_out)
        if "dialogue" in self.without:
            infos = replace(infos, texts=[()] * infos.rows)
        percepts = self.senses.perceive(observations)
        trust = None
        if self.regulator is not None:
            trust = self.regulator.reliability(indices, observations, percepts)

        belief = memories.take_belief(indices)
        goal_ids = observations["goal"][:, GoalColumn.GOAL]
        for row in range(infos.rows):
            apply_catalogue(belief, row, infos.catalogue[row])
            if infos.goals[row]:
                apply_goal(belief, row, infos.goals[row], float(goal_ids[row]))
            apply_utterances(belief, row, infos.texts[row])
        belief = update(belief, observations, Evidence.from_percepts(percepts, trust))
        memories.put_belief(indices, belief)
        plan = self._planner.plan(belief)
        features = build_features(belief, plan)
        if "graph" in self.without:
            features, plan = blank_graph(features, plan)
        utterances = memories.hear(indices, observations["dialogue"])
        related = relate(belief, features)
        inputs = brain_input(observations, percepts, features, related, utterances)
        return View(indices, observations, infos, percepts, belief, plan, features, inputs)

    def propose(self, view: View, *, attention: bool = False) -> Proposal:
        """What the brain would do."""
        output = self.brain.infer(trim(view.inputs), attention)
        logits = {
            name: slot_logits(values, view.features.node_slot, view.inputs.node_mask)
            if name in POINTERS
            else values
            for name, values in output.logits.items()
        }
        memories, indices = self.memories, view.indices
        actions = choose_actions(
            logits,
            allow_no_op(view.infos.action_mask),
            memories.numbers[indices],
            memories.decisions[indices],
        )
        return Proposal(
            actions=actions,
            logits=logits,
            competence=1.0 / (1.0 + np.exp(-np.clip(output.competence, -_SURE, _SURE))),
            value=output.value,
            attention=output.attention,
        )

    def act(self, view: View, actions: NDArray[np.int64]) -> None:
        """Remember what is being done; call it with the actions that are sent."""
        remember_actions(view.belief, actions)
        self.memories.put_belief(view.indices, view.belief)
        self.memories.decisions[view.indices] += 1

    def _regulate(self, view: View, proposal: Proposal) -> Regulation:
        if self.regulator is not None:
            return self.regulator.regulate(view, proposal)
        rows = len(proposal.actions)
        return Regulation(proposal.actions, proposal.competence, [POLICY] * rows, [""] * rows)

    def _forget(self, indices: Iterable[int]) -> None:
        chosen = [int(index) for index in indices]
        self.memories.forget(chosen)
        if self.regulator is not None:
            self.regulator.forget(chosen)
