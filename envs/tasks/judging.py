"""What has been achieved of each goal of an episode, and whether a commit was right.

`finish` always commits. Among look-alikes `switch`, `give`, and `put` into a goal place do so too:
done to a wrong one they fail, and done to the right one they succeed when nothing is left to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from envs.contract import Act
from envs.goals import LASTING, Step, Verb
from envs.tasks.episode import REACHED, Episode

Verdict = Literal["success", "wrong"]


@dataclass(frozen=True)
class DoneAct:
    """An act that an NPC completed in this decision."""

    act: Act
    target: str | None
    """Id of the thing that it was done to."""
    item: str | None
    """Id of the object that was put, dropped or given, else of the target if that is an object."""


class WorldTruth(Protocol):
    """What is true in one world at the end of a decision.

    ``npc`` is the number of a controlled NPC; all else are ids of the scene.
    """

    def act_done(self, npc: int) -> DoneAct | None:
        """The act that an NPC completed in this decision."""

    def place_of_body(self, npc: int) -> str | None:
        """The place that an NPC's body is in."""

    def distance(self, npc: int, thing: str) -> float:
        """Metres to the nearest point of a thing; infinite for places and topics."""

    def holders(self, item: str) -> Sequence[str]:
        """The people who hold an object."""

    def lies_in(self, item: str) -> Sequence[str]:
        """The place, container and surface that an object lies in or on; none while it is held."""

    def is_on(self, item: str) -> bool:
        """Whether an object is switched on."""

    def is_open(self, thing: str) -> bool:
        """Whether a door or a container is open."""

    def is_locked(self, thing: str) -> bool:
        """Whether a door or a container is locked."""

    def was_told(self, listener: str, speaker: str, what: str, where: str | None) -> bool:
        """Whether somebody heard another tell or report that in this decision.

        A ``where`` of None stands for any place.
        """


class Judge:
    """Follows one episode.

    Attributes:
        achieved: for each NPC how many of its steps are achieved; they count in their order.
    """

    def __init__(self, episode: Episode) -> None:
        self._goals = [npc.goal for npc in episode.npcs]
        people = [person.id for person in episode.scene.people if person.role == "npc"]
        self._bodies = people[: len(self._goals)]
        self._places = {place.id for place in episode.scene.places}
        self._lifts = {(s.what, s.where) for g in self._goals for s in g.steps if s.do == Verb.LIFT}
        self._in_two_hands: set[str] = set()
        self._lifted: set[tuple[str, str]] = set()
        self.achieved = [0] * len(self._goals)

    @property
    def listens(self) -> bool:
        """Whether anything that is said can achieve a step."""
        spoken = (Verb.ASK, Verb.TELL)
        return any(step.do in spoken for goal in self._goals for step in goal.steps)

    @property
    def watches(self) -> bool:
        """Whether it must see every decision, not only those in which something was done."""
        return bool(self._lifts)

    def advance(self, truth: WorldTruth, playing: Sequence[bool]) -> None:
        """Take in what this decision achieved for the NPCs that are still playing."""
        self._watch_lifting(truth)
        advancing = True
        while advancing:  # what one NPC achieves may be what another waits for
            advancing = False
            for npc, goal in enumerate(self._goals):
                while playing[npc] and self.achieved[npc] < len(goal.steps):
                    step = goal.steps[self.achieved[npc]]
                    if not (self._may_begin(step) and self._is_so(npc, step, truth)):
                        break
                    self.achieved[npc] += 1
                    advancing = True

    def judge_commit(self, npc: int, truth: WorldTruth) -> Verdict | None:
        """Say whether the act of an NPC was a right or a wrong commit, None when it was none."""
        done = truth.act_done(npc)
        if done is None:
            return None
        if done.act == Act.FINISH:
            right = self._is_finished(npc, truth) and self._answers(npc, done, truth)
            return "success" if right else "wrong"
        if done.item is None or done.item not in self._goals[npc].look_alikes:
            return None
        if self._handles_wrong_one(npc, done, truth):
            return "wrong"
        last = self._goals[npc].steps[-1]
        completes = last.what == done.item and last.do in _COMPLETED_BY.get(done.act, ())
        return "success" if completes and self._is_finished(npc, truth) else None

    # -- steps -----------------------------------------------------------------------------------

    def _may_begin(self, step: Step) -> bool:
        return all(self.achieved[npc] > number for npc, number in step.after)

    def _is_so(self, npc: int, step: Step, truth: WorldTruth) -> bool:
        """Whether what a step asks for is so now, or has been done in this decision."""
        match step.do:
            case Verb.ENTER:
                return truth.place_of_body(npc) == step.what
            case Verb.REACH:
                return truth.distance(npc, step.what) <= REACHED
            case Verb.TOUCH | Verb.EXAMINE:
                done = truth.act_done(npc)
                wanted = Act.TOUCH if step.do == Verb.TOUCH else Act.EXAMINE
                return done is not None and done.act == wanted and done.target == step.what
            case Verb.TAKE:
                return self._bodies[npc] in truth.holders(step.what)
            case Verb.ASK:
                return truth.was_told(self._bodies[npc], step.who, step.what, None)
            case Verb.TELL:
                return truth.was_told(
                    step.who, self._bodies[npc], step.what, step.where or None
                )  # fmt: skip
            case _:
                return self._lasts(step, truth)

    def _watch_lifting(self, truth: WorldTruth) -> None:
        """Note what two have lifted and nobody has moved otherwise to where it is to go."""
        done = [truth.act_done(npc) for npc in range(len(self._goals))]
        pushed = {act.item for act in done if act is not None and act.act == Act.PUSH}
        for item, place in self._lifts:
            if len(truth.holders(item)) == 2:
                self._lifted.add((item, place))
            elif place not in truth.lies_in(item) or item in pushed & self._in_two_hands:
                self._lifted.discard((item, place))
        self._in_two_hands = {item for item, _ in self._lifts if len(truth.holders(item)) == 2}

    # -- commits ---------------------------------------------------------------------------------

    def _is_finished(self, npc: int, truth: WorldTruth) -> bool:
        """Whether all is achieved and what was made of the world is still so."""
        steps = self._goals[npc].steps
        if self.achieved[npc] < len(steps):
            return False
        return all(
            self._lasts(step, truth)
            for number, step in enumerate(steps)
            if step.do in LASTING and not self._is_undone_later(npc, number)
        )

    def _lasts(self, step: Step, truth: WorldTruth) -> bool:
        """Whether the outcome of a lasting step is so now, and came about as it should."""
        came_about = step.do != Verb.LIFT or (step.what, step.where) in self._lifted
        return came_about and _is_outcome(step, truth)

    def _is_undone_later(self, npc: int, number: int) -> bool:
        """Whether a later step is about the same thing, such as closing what was opened."""
        step = self._goals[npc].steps[number]
        return any(_same_matter(step, later) for later in self._later_steps(npc, number))

    def _later_steps(self, npc: int, number: int) -> Iterator[Step]:
        yield from self._goals[npc].steps[number + 1 :]
        for other, goal in enumerate(self._goals):
            if other != npc:
                for at, step in enumerate(goal.steps):
                    if (npc, number) in step.after:
                        yield from goal.steps[at:]

    def _answers(self, npc: int, done: DoneAct, truth: WorldTruth) -> bool:
        """Whether the right thing is named, from where it may be named."""
        goal = self._goals[npc]
        if done.target != goal.target:
            return False
        if goal.steps[-1].do == Verb.TELL:
            return True  # what was to be told has been told: it matters no more where they are
        here = truth.place_of_body(npc)
        if goal.target in self._places:
            return here == goal.target
        is_in_goal_place = goal.place is not None and here == goal.place
        return is_in_goal_place or truth.distance(npc, goal.target) <= REACHED

    def _handles_wrong_one(self, npc: int, done: DoneAct, truth: WorldTruth) -> bool:
        """Whether a look-alike was switched or given, or put into a goal place, but wrongly."""
        steps = self._goals[npc].steps
        if done.act in (Act.SWITCH, Act.GIVE):
            return all(step.what != done.item for step in steps)
        if done.act == Act.PUT and done.item is not None:
            there = truth.lies_in(done.item)
            puts = [s for s in steps if s.do in _COMPLETED_BY[Act.PUT] and s.where in there]
            return bool(puts) and all(step.what != done.item for step in puts)
        return False


_COMPLETED_BY = {
    Act.PUT: (Verb.PUT, Verb.LIFT),
    Act.GIVE: (Verb.GIVE,),
    Act.SWITCH: (Verb.SWITCH_ON, Verb.SWITCH_OFF),
}
"""Steps that an act among look-alikes completes."""

_MATTERS = (
    (Verb.TAKE, Verb.PUT, Verb.GIVE, Verb.LIFT),
    (Verb.SWITCH_ON, Verb.SWITCH_OFF),
    (Verb.OPEN, Verb.CLOSE),
)
"""Verbs that change the same about a thing."""


def _same_matter(step: Step, later: Step) -> bool:
    same = any(step.do in matter and later.do in matter for matter in _MATTERS)
    return same and step.what == later.what


def _is_outcome(step: Step, truth: WorldTruth) -> bool:
    """Whether things are now as a lasting step leaves them."""
    match step.do:
        case Verb.PUT | Verb.LIFT:
            return step.where in truth.lies_in(step.what)
        case Verb.GIVE:
            return step.who in truth.holders(step.what)
        case Verb.SWITCH_ON | Verb.SWITCH_OFF:
            return truth.is_on(step.what) == (step.do == Verb.SWITCH_ON)
        case Verb.OPEN | Verb.CLOSE:
            return truth.is_open(step.what) == (step.do == Verb.OPEN)
        case Verb.UNLOCK:
            return not truth.is_locked(step.what)
    raise ValueError(f"the outcome of '{step.do}' does not last")
