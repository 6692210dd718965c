"""Episodes for tests of recordings, videos and pages: short, and played by the expert."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agent.checkpoint import CheckpointHeader, save_checkpoint
from agent.mind import Mind, Proposal, View
from agent.modules import fresh_modules
from agent.policies.adapters import MindPolicy
from agent.policies.expert import expert
from agent.report.footage import Camera, Footage
from agent.report.record import (
    Attended,
    BeliefRecord,
    DecisionRecord,
    DoorwayBelief,
    EpisodeRecord,
    FactBelief,
    Heard,
    PlaceBelief,
    ResultRecord,
    ThingBelief,
)
from agent.rollout import play

TICKETS = (("navigation/named_place", 2_000_000), ("coordination/two_know_halves", 2_000_005))


class ExpertMind(Mind):
    """A mind whose brain is asked, for its attention, but whose actions are the expert's."""

    def propose(self, view: View, *, attention: bool = False) -> Proposal:
        """The brain's proposal with the expert's actions in it."""
        proposal = super().propose(view, attention=attention)
        proposal.actions, _ = expert(view.belief, view.plan)
        return proposal


def film() -> dict[str, Footage]:
    """Two short filmed episodes by task."""
    fresh = Mind.untrained()
    policy = MindPolicy(ExpertMind(fresh.senses, fresh.brain))
    policy.attention = True
    camera = Camera(TICKETS, "expert")
    play(policy, TICKETS, 1, recorder=camera, threads=1)
    return {task: footage for (task, _), footage in camera.footage.items()}


def save_untrained(path: Path) -> Path:
    """A checkpoint of an untrained mind."""
    senses, brain = fresh_modules(0)
    parts = {"senses": senses, "brain": brain}
    tensors = {
        f"{part}.{name}": value
        for part, module in parts.items()
        for name, value in module.state_dict().items()
    }
    save_checkpoint(path, tensors, CheckpointHeader(config=brain.config.model_dump()))
    return path


def make_record(**changes: Any) -> EpisodeRecord:
    """A made-up episode in which everything happens."""
    return EpisodeRecord(**{
        "npc": "area0/npc0",
        "goal": "ask the guide where the concert is, then go there",
        "task": "navigation/ask_then_go", "seed": 2_000_001, "map": "none", "brain": "made up",
        "decisions": (
            _decide(0, said="where is the concert", action={"say": "ask", "target": "the guide"}),
            _decide(1, heard=(Heard("the guide", "the concert is in the amber hall"),)),
            *(_decide(number, action={"move": "walk", "target": "the amber hall"},
                      choosing=(Attended("heard: the concert", 0.5),)) for number in range(2, 8)),
            *(_decide(number, strategy="route", reason="the door is locked, taking another way",
                      action={"move": "walk", "turn": 10.0}) for number in range(8, 11)),
            _decide(11, outcome="open: it is locked", place="the amber hall"),
            _decide(12, place="the amber hall", competence=0.9,
                    action={"act": "finish", "target": "the amber hall"}),
        ),
        "belief": BeliefRecord(
            places=(PlaceBelief("the amber hall", (0.0, 0.0, 4.0, 4.0), True),
                    PlaceBelief("the <old> room", None, False)),
            doorways=(DoorwayBelief((2.0, 4.0), 1.0, True, "locked"),),
            things=(ThingBelief("object", "the vase", "vase", (1.0, 1.0), "", "red", 1.0),
                    ThingBelief("object", "the clock", "clock", (3.0, 1.0), "", "", None),
                    ThingBelief("npc", "the guide", "person", (2.0, 2.0), "", "", 0.2),
                    ThingBelief("topic", "the concert", "", None, "the amber hall", "", None)),
            facts=(FactBelief("the concert", "is in", "the amber hall", "the guide", 0.1, 0.9),),
        ),
        "result": ResultRecord(True, False, 13, 6.5, 6.0, 0.92),
        **changes,
    })  # fmt: skip


def _decide(number: int, **changes: Any) -> DecisionRecord:
    return DecisionRecord(**{
        "seconds": number / 10, "position": (number / 10, 1.0), "place": "the hall", "held": "",
        "action": {}, "strategy": "policy", "reason": "", "competence": 0.5,
        "attention": (Attended("the amber hall", 0.4), Attended("own body", 0.2)),
        "senses": (0.4, 0.2, 0.1, 0.2, 0.05, 0.05),
        **changes,
    })  # fmt: skip
