"""The key moments of a recorded episode, in words: what `heedful explain` and the report tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.report.record import Attended, DecisionRecord, EpisodeRecord

MomentKind = Literal["goal", "place", "heard", "said", "chose", "took over", "act", "end"]
STEADY = 4
"""A target counts as chosen when it is kept for so many decisions, or acted upon."""
COMMITS = ("finish",)
STRATEGY_WORDS = {
    "policy": "acting as the brain proposes", "route": "following the planned route",
    "look_around": "looking around", "ask": "asking for help",
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """Something worth telling."""

    seconds: float
    kind: MomentKind
    text: str
    attended: tuple[Attended, ...] = ()
    """What the NPC read most when it decided so."""


def tell(record: EpisodeRecord) -> list[Moment]:
    """The key moments of an episode, in order."""
    moments = [Moment(0.0, "goal", record.goal or "no goal was given")]
    last_act: tuple[object, ...] = ()
    interventions = {item.decision: item for item in record.interventions}
    for number, decision in enumerate(record.decisions):
        before = record.decisions[number - 1] if number else None
        for heard in decision.heard:
            moments.append(Moment(decision.seconds, "heard", describe_heard(heard.speaker,
                                  heard.text, heard.to_me)))  # fmt: skip
        if before is not None and decision.place and decision.place != before.place:
            moments.append(Moment(decision.seconds, "place", f"enters {decision.place}"))
        if decision.outcome and not decision.outcome.endswith("done"):
            moments.append(Moment(decision.seconds, "act", decision.outcome))
        if number in interventions:
            found = interventions[number]
            held = f"{found.decisions} decision{'s' * (found.decisions != 1)}"
            text = f"{strategy_words(found.strategy)} for {held}: {found.reason}"
            moments.append(Moment(decision.seconds, "took over", text))
        if _chooses(record.decisions, number):
            text = f"turns to {decision.action['target']}"
            moments.append(Moment(decision.seconds, "chose", text, decision.choosing))
        if decision.said:
            moments.append(Moment(decision.seconds, "said", f"\u201c{decision.said}\u201d"))
        act = (decision.action.get("act"), decision.action.get("target"))
        if act[0] is not None and act != last_act:
            last_act = act
            moments.append(_act(decision))
    moments.append(_end(record))
    return moments


def describe_heard(speaker: str, text: str, to_me: bool) -> str:
    """A sentence that was heard, with who said it."""
    who = speaker or "known before"
    return f"{who}{'' if to_me else ' (to somebody else)'}: \u201c{text}\u201d"


def strategy_words(strategy: str) -> str:
    """What a strategy does."""
    return STRATEGY_WORDS.get(strategy, strategy.replace("_", " "))


def describe_end(record: EpisodeRecord) -> str:
    """How an episode ended."""
    result = record.result
    if result is None:
        return "nobody told how it ended"
    walked = f"{result.walked:.1f} m walked, {result.shortest:.1f} m needed"
    seconds = f"{result.decisions / 10:.1f} s"
    if result.success:
        return f"succeeded after {seconds}; {walked}"
    why = "a wrong answer was given" if result.wrong_commit else "time ran out"
    return f"failed after {seconds}: {why}; {walked}"


def attended_by_phase(
    record: EpisodeRecord, phases: Sequence[str] = ("beginning", "middle", "end"), top: int = 5
) -> Iterator[tuple[str, list[Attended]]]:
    """What was attended to most in equal parts of an episode; nothing when it was not recorded."""
    count = len(record.decisions)
    for number, phase in enumerate(phases):
        part = record.decisions[number * count // len(phases) : (number + 1) * count // len(phases)]
        total: dict[str, float] = defaultdict(float)
        for decision in part:
            for item in decision.attention:
                total[item.token] += item.weight / len(part)
        best = sorted(total.items(), key=lambda item: -item[1])[:top]
        if best:
            yield phase, [Attended(token, round(weight, 3)) for token, weight in best]


def _chooses(decisions: Sequence[DecisionRecord], number: int) -> bool:
    """Whether a target is chosen here: another one than before, and it is kept or acted upon."""
    target = decisions[number].action.get("target")
    if target is None or decisions[number].said:
        return False
    for earlier in range(number - 1, -1, -1):
        if "target" in decisions[earlier].action and not decisions[earlier].said:
            if decisions[earlier].action["target"] == target:
                return False
            break
    kept = decisions[number : number + STEADY]
    steady = len(kept) == STEADY and all(later.action.get("target") == target for later in kept)
    return steady or "act" in decisions[number].action


def _act(decision: DecisionRecord) -> Moment:
    act, target = decision.action["act"], decision.action.get("target", "nothing")
    if act in COMMITS:
        sure = f"{decision.competence:.0%} sure of itself"
        text = f"commits: it is done, and the answer is {target} ({sure})"
        return Moment(decision.seconds, "act", text, decision.choosing)
    return Moment(decision.seconds, "act", f"{act}: {target}")


def _end(record: EpisodeRecord) -> Moment:
    seconds = record.decisions[-1].seconds if record.decisions else 0.0
    return Moment(seconds, "end", describe_end(record))
