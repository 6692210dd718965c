"""The goal language: what is asked, as steps that a world can check.

A goal is a short list of steps for one controlled NPC. Each step is a verb with up to three names;
scene files write them, tasks compose them, the judge checks them, the oracle and the expert carry
them out. One small example::

    - {do: take, what: vase_2}
    - {do: put, what: vase_2, where: court}

=============  ====================================  ===========================================
verb           names                                 achieved when
=============  ====================================  ===========================================
``enter``      what: a place                         the body is inside it
``touch``      what: a thing                         ``touch`` was done to it
``reach``      what: a thing                         the body is within 1.5 m of it (last step only)
``take``       what: an object                       the NPC holds it
``put``        what: an object, where: a place,      it lies there and nobody holds it
               a container or a surface
``give``       what: an object, who: a person        that person holds it
``switch_on``  what: an object                       it is on
``switch_off`` what: an object                       it is off
``open``       what: a door or a container           it is open
``close``      what: a door or a container           it is closed
``unlock``     what: a door or a container           it is not locked
``examine``    what: a thing                         ``examine`` was done to it
``ask``        who: a person, what: anything         that person has told it where ``what`` is
``tell``       who: a person, what: anything,        that person has heard the NPC tell or report
               where: a place                        it
``lift``       what: a heavy object, where: a place  it lies there, and two have lifted it since
                                                     it last lay elsewhere
=============  ====================================  ===========================================

Steps count in their order: a step is achieved only once all before it are, and stays achieved. A
step may also wait for steps of others (``after``). At ``finish`` every step must be achieved, and
what steps have made of the world (where things lie, what is on, open or unlocked) must still be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from envs.contract import MAX_UTTERANCES
from envs.model import Identifier, Model

MAX_STEPS = 8
"""Steps of one NPC's goal."""
ONE = "$one"
"""In the steps of a scene file's task: the thing that the seed chooses out of ``one_of``."""


class Verb(StrEnum):
    """What a step asks for; the module's docstring has the table."""

    ENTER = "enter"
    TOUCH = "touch"
    REACH = "reach"
    TAKE = "take"
    PUT = "put"
    GIVE = "give"
    SWITCH_ON = "switch_on"
    SWITCH_OFF = "switch_off"
    OPEN = "open"
    CLOSE = "close"
    UNLOCK = "unlock"
    EXAMINE = "examine"
    ASK = "ask"
    TELL = "tell"
    LIFT = "lift"


LASTING = frozenset((Verb.PUT, Verb.SWITCH_ON, Verb.SWITCH_OFF, Verb.OPEN, Verb.CLOSE,
                     Verb.UNLOCK, Verb.LIFT, Verb.GIVE))  # fmt: skip
"""Verbs whose outcome must still be so at ``finish``."""


class Step(Model):
    """One thing to achieve; ids are the scene's."""

    do: Verb
    """What to achieve."""
    what: str = ""
    """The id of what it is done to."""
    where: str = ""
    """The id of where it is to be."""
    who: str = ""
    """A person's id; ``npc_0``, ``npc_1``, ... are the controlled NPCs in order."""
    after: tuple[tuple[int, int], ...] = ()
    """(NPC, step) pairs that must be achieved first, both counted from 0."""


@dataclass(frozen=True)
class Goal:
    """What one controlled NPC is to do, and so how its commits are judged."""

    steps: tuple[Step, ...]
    """1 to MAX_STEPS; all names resolved to ids (``npc_0`` too)."""
    target: str
    """What ``finish`` must name: the place or thing of the last step, from inside or within 1.5 m;
    after a ``tell`` the person who was told, from anywhere."""
    candidates: tuple[str, ...] = ()
    """What the secret of the goal was drawn from, each equally likely: the ground of the leak
    tests."""
    secret: str = ""
    """Which of the candidates it is: the target, unless the task says otherwise."""
    look_alikes: tuple[str, ...] = ()
    """Things that differ from the one that is meant only in what must be perceived (it included):
    switching, giving, or putting into the goal place a wrong one commits and fails."""

    @property
    def place(self) -> str | None:
        """Where the thing of the last ``put`` or ``lift`` goes, None without one."""
        wanted = (Verb.PUT, Verb.LIFT)
        return next((step.where for step in reversed(self.steps) if step.do in wanted), None)


class NpcGoal(Model):
    """What a scene file asks of one controlled NPC."""

    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MAX_STEPS)]
    """In the order in which they count."""
    instruction: Annotated[str, Field(max_length=200)] | None = None
    """What the NPC is told; None: a sentence made from the steps."""
    finish: str | None = None
    """What ``finish`` must name; None: the place or thing of the last step."""
    one_of: tuple[str, ...] = ()
    """Things of one class, one of which the seed chooses: it stands for ``$one`` in the steps, and
    the instruction tells it from the others by its colour, sign or sound."""
    knows: Annotated[tuple[str, ...], Field(max_length=MAX_UTTERANCES)] = ()
    """Sentences that it has been told before."""


class Reward(Model):
    """What an episode is worth to each NPC."""

    success: float = 1.0
    """For finishing well."""
    wrong: float = -0.5
    """For a wrong commit."""
    decision: float = -0.001
    """For every decision of an NPC that has not finished."""
    step: float = 0.0
    """For every achieved step of the goal."""


DEFAULT_REWARD = Reward()


class TaskSpec(Model):
    """A task of a scene file."""

    id: Identifier
    """Asked for as ``scene/ID``."""
    npcs: Annotated[tuple[NpcGoal, ...], Field(min_length=1, max_length=8)]
    """What each controlled NPC is to do; all must succeed."""
    step_limit: Annotated[int, Field(ge=10, le=5000)] = 400
    """Decisions."""
    reward: Reward = DEFAULT_REWARD
    """What the episode is worth."""
