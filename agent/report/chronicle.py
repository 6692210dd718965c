"""Writing down one NPC's episode as it happens, decision by decision."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.belief.graph import SceneGraph
from agent.report.beliefs import copy_row, name_of, record_belief
from agent.report.record import (
    SENSES,
    Attended,
    BeliefRecord,
    DecisionRecord,
    EpisodeRecord,
    Heard,
    ResultRecord,
)
from envs.contract import (
    REASON_TEXT,
    TURN_DEGREES,
    Act,
    Look,
    Move,
    Reason,
    Result,
    Say,
    SelfColumn,
    make_sentence,
)
from envs.words import split_words

if TYPE_CHECKING:
    from agent.belief.state import BeliefState
    from agent.mind import Decision, View
    from agent.network import AttentionWeights

TOP = 5
"""So many of the things attended to are kept of each decision."""
CONSIDERED = 12
"""So many tokens are looked at for them."""
_STRAIGHT = TURN_DEGREES.index(0.0)


class Chronicle:
    """Collects the decisions of one NPC.

    Args:
        npc: key of the NPC.
        brain: name of the brain, for the reader.
    """

    def __init__(self, npc: str, brain: str = "") -> None:
        self.npc = npc
        self.brain = brain
        self._decisions: list[DecisionRecord] = []
        self._last: BeliefState | None = None

    def __len__(self) -> int:
        return len(self._decisions)

    def note(self, decision: Decision, row: int) -> None:
        """Take in a decision of the mind, before its next one.

        Args:
            decision: of several NPCs, with its view.
            row: which of them is this one.
        """
        self._decisions.append(describe_decision(decision, row))
        self._last = copy_row(view_of(decision).belief, row)

    def close(
        self,
        *,
        task: str | None = None,
        seed: int | None = None,
        map: str | None = None,
        result: ResultRecord | None = None,
    ) -> EpisodeRecord:
        """The episode, as far as it was noted."""
        last = self._last
        return EpisodeRecord(
            npc=self.npc,
            goal=last.memory[0].goal_text if last is not None else "",
            decisions=tuple(self._decisions),
            belief=record_belief(last) if last is not None else BeliefRecord(),
            graph=SceneGraph(last).to_json() if last is not None else {},
            result=result,
            task=task,
            seed=seed,
            map=map,
            brain=self.brain,
        )


def view_of(decision: Decision) -> View:
    """What a decision was made on.

    Raises:
        ValueError: it has no view.
    """
    if decision.view is None:
        raise ValueError("The decision has no view: note it as Mind.decide returns it.")
    return decision.view


def describe_decision(decision: Decision, row: int) -> DecisionRecord:
    """One NPC's decision as plain data; call it before the mind decides again.

    Args:
        decision: of several NPCs, with its view.
        row: which of them.
    """
    view = view_of(decision)
    belief, body = view.belief, view.observations["self"][row]
    yaw = math.degrees(math.atan2(body[SelfColumn.SIN_YAW], body[SelfColumn.COS_YAW]))
    words, said = describe_action(belief, row, np.atleast_2d(decision.action)[row])
    attention: tuple[Attended, ...] = ()
    choosing: tuple[Attended, ...] = ()
    senses: tuple[float, ...] = ()
    if decision.attention is not None:
        attention, choosing, senses = summarize_attention(decision.attention, view, row)
    return DecisionRecord(
        seconds=round(float(body[SelfColumn.CLOCK]), 1),
        position=(round(float(body[SelfColumn.X]), 2), round(float(body[SelfColumn.Z]), 2)),
        yaw=round(yaw, 1),
        place=name_of(belief, row, int(body[SelfColumn.PLACE])),
        held=name_of(belief, row, int(body[SelfColumn.HELD])),
        action=words,
        strategy=decision.strategy[row],
        reason=decision.reason[row],
        competence=round(float(np.atleast_1d(decision.competence)[row]), 3),
        said=said,
        outcome=_outcome(body),
        heard=tuple(
            Heard(name_of(belief, row, text.speaker), text.text, text.to_me)
            for text in view.infos.texts[row]
        ),
        attention=attention,
        choosing=choosing,
        senses=senses,
    )


def describe_action(
    belief: BeliefState, row: int, action: NDArray[np.integer]
) -> tuple[dict[str, str | float], str]:
    """An action in words, without what does nothing, and the sentence that it says."""
    move, turn, look, act, target, say, about, where = (int(value) for value in action)
    words: dict[str, str | float] = {}
    if move != Move.STAY:
        words["move"] = Move(move).name.lower().replace("_", " ")
    if turn != _STRAIGHT:
        words["turn"] = TURN_DEGREES[turn]
    if look != Look.LEVEL:
        words["look"] = Look(look).name.lower()
    if act != Act.NONE:
        words["act"] = Act(act).name.lower()
    if say != Say.NONE:
        words["say"] = Say(say).name.lower()
    named = {name: name_of(belief, row, slot) for name, slot in
             (("target", target), ("about", about), ("where", where))}  # fmt: skip
    kept = ("target",) if say == Say.NONE else ("target", "about", "where")
    words |= {name: named[name] for name in kept if named[name]}
    return words, make_sentence(say, named["about"], named["where"])


def summarize_attention(
    attention: AttentionWeights[NDArray], view: View, row: int
) -> tuple[tuple[Attended, ...], tuple[Attended, ...], tuple[float, ...]]:
    """What the questions read most, what the choice of the target did, and the share by sense."""
    weights = attention.A_E_to_D[row].mean(axis=0)  # (H, D, E) -> (D, E)
    overall = weights.mean(axis=0)
    shares = np.bincount(_senses_of(attention.tokens), overall, len(SENSES))
    choosing = weights[attention.queries.index("target")]
    return (
        _top(view, row, attention.tokens, overall),
        _top(view, row, attention.tokens, choosing),
        tuple(np.round(shares, 3).tolist()),
    )


def _top(view: View, row: int, tokens: Sequence[str], weights: NDArray) -> tuple[Attended, ...]:
    """What has most weight, with names; the heaviest tokens of one name are added up."""
    total: dict[str, float] = defaultdict(float)
    for number in np.argsort(-weights)[:CONSIDERED].tolist():
        label = _label(view, row, tokens[number])
        if label:
            total[label] += float(weights[number])
    best = sorted(total.items(), key=lambda item: -item[1])[:TOP]
    return tuple(Attended(label, round(weight, 3)) for label, weight in best)


@lru_cache(maxsize=64)
def _senses_of(tokens: tuple[str, ...]) -> NDArray[np.intp]:
    """Index into ``SENSES`` of each token."""
    return np.array([SENSES.index(_sense_of(token)) for token in tokens], np.intp)


def _sense_of(token: str) -> str:
    if token.startswith("node"):
        return "graph"
    if token.startswith("goal"):
        return "goal"
    if token.startswith("utterance"):
        return "dialogue"
    if token.startswith("camera"):
        return "sight"
    return "body" if token == "body" else "hearing"


def _label(view: View, row: int, token: str) -> str:
    """What a token is, for a reader; "" for one that is not there."""
    sense = _sense_of(token)
    number = int(token.rpartition(" ")[2]) if sense in ("graph", "goal", "dialogue") else 0
    memory = view.belief.memory[row]
    if sense == "graph":
        if not view.features.node_mask[row, number]:
            return ""
        return _node_label(view.belief, row, int(view.features.node_slot[row, number]))
    if sense == "goal":
        words = split_words(memory.goal_text)
        return f"goal: {words[number]}" if number < len(words) else ""
    if sense == "dialogue":
        heard = memory.heard
        return f"heard: {heard[-1 - number].text}" if number < len(heard) else ""
    if sense == "sight":
        return "sight" + token.removeprefix("camera")
    return "own body" if sense == "body" else token


def _node_label(belief: BeliefState, row: int, slot: int) -> str:
    named = belief.memory[row].names.get(slot)
    label = name_of(belief, row, slot)
    return "a door" if named is not None and named.kind == "door" else label


def _outcome(body: NDArray[np.floating]) -> str:
    """How the last act went, "" while it goes on."""
    result, act = Result(int(body[SelfColumn.RESULT])), Act(int(body[SelfColumn.LAST_ACT]))
    if result == Result.DONE:
        return f"{act.name.lower()}: done"
    if result == Result.FAILED:
        return f"{act.name.lower()}: {REASON_TEXT[Reason(int(body[SelfColumn.REASON]))]}"
    return ""
