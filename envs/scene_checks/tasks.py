"""The tasks of a scene file: each step's names are there, of the right kind, and can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from envs.classes import CLASSES
from envs.goals import ONE, NpcGoal, Step, TaskSpec, Verb
from envs.scene import Door, Object, Person, Place, Scene, Topic
from envs.scene_checks.problem import Location, Problem
from envs.scene_checks.things import can, is_heavy
from envs.suggest import did_you_mean

Thing = Place | Door | Object | Person | Topic


@dataclass(frozen=True)
class Need:
    """What a name in a step must be."""

    what: str
    """As sentences say it, such as "a place"."""
    fits: Callable[[Thing], bool]


def _is_container(thing: Thing) -> bool:
    return isinstance(thing, Object) and CLASSES[thing.class_name].container


def _is_surface(thing: Thing) -> bool:
    return isinstance(thing, Object) and CLASSES[thing.class_name].surface


def _opens(thing: Thing) -> bool:
    return _is_container(thing) or (isinstance(thing, Door) and thing.kind in ("door", "gate"))


PLACE = Need("a place", lambda thing: isinstance(thing, Place))
THING = Need("an object, a door or a person",
             lambda thing: isinstance(thing, Object | Door | Person))  # fmt: skip
PORTABLE = Need("an object that one alone can carry",
                lambda thing: isinstance(thing, Object) and can(thing, "take")
                and not is_heavy(thing))  # fmt: skip
HEAVY = Need("an object that takes two to lift",
             lambda thing: isinstance(thing, Object) and can(thing, "take")
             and is_heavy(thing))  # fmt: skip
SWITCH = Need("an object that can be switched",
              lambda thing: isinstance(thing, Object) and can(thing, "switch"))  # fmt: skip
LEAF = Need("a door, a gate or a container", _opens)
LOCK = Need("a door or a container with a key",
            lambda thing: isinstance(thing, Door | Object) and thing.key is not None)  # fmt: skip
HOLDER = Need("a place, a container or a surface",
              lambda thing: isinstance(thing, Place) or _is_container(thing)
              or _is_surface(thing))  # fmt: skip
PERSON = Need("a person", lambda thing: isinstance(thing, Person))
ANYTHING = Need("an object, a person or a topic",
                lambda thing: isinstance(thing, Object | Person | Topic))  # fmt: skip

NEEDS: dict[Verb, dict[str, Need]] = {
    Verb.ENTER: {"what": PLACE},
    Verb.TOUCH: {"what": THING},
    Verb.REACH: {"what": THING},
    Verb.TAKE: {"what": PORTABLE},
    Verb.PUT: {"what": PORTABLE, "where": HOLDER},
    Verb.GIVE: {"what": PORTABLE, "who": PERSON},
    Verb.SWITCH_ON: {"what": SWITCH},
    Verb.SWITCH_OFF: {"what": SWITCH},
    Verb.OPEN: {"what": LEAF},
    Verb.CLOSE: {"what": LEAF},
    Verb.UNLOCK: {"what": LOCK},
    Verb.EXAMINE: {"what": THING},
    Verb.ASK: {"who": PERSON, "what": ANYTHING},
    Verb.TELL: {"who": PERSON, "what": ANYTHING, "where": PLACE},
    Verb.LIFT: {"what": HEAVY, "where": PLACE},
}
"""The names that each verb takes; `envs.goals` has the table."""

UNDOES = {
    Verb.SWITCH_ON: Verb.SWITCH_OFF, Verb.SWITCH_OFF: Verb.SWITCH_ON,
    Verb.OPEN: Verb.CLOSE, Verb.CLOSE: Verb.OPEN,
}  # fmt: skip


def task_problems(scene: Scene) -> Iterator[Problem]:
    """What makes a task of the scene impossible to ask, to do or to judge."""
    things: dict[str, Thing] = {}
    for group in (scene.places, scene.doors, scene.objects, scene.people, scene.topics):
        things.update({thing.id: thing for thing in group})
    for number, task in enumerate(scene.tasks):
        yield from _Check(scene, things, task, ("tasks", number)).problems()


class _Check:
    """Looks at one task."""

    def __init__(
        self, scene: Scene, things: dict[str, Thing], task: TaskSpec, at: Location
    ) -> None:  # fmt: skip
        self._scene, self._task, self._at = scene, task, at
        self._things = things
        self._npcs = [f"npc_{number}" for number in range(len(task.npcs))]

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with the task."""
        spawns = len(self._scene.spawns)
        if len(self._task.npcs) > spawns:
            yield Problem((*self._at, "npcs"), f"{len(self._task.npcs)} NPCs need a spawn point "
                          f"each, and the scene has {spawns}: add some.")  # fmt: skip
        for number, goal in enumerate(self._task.npcs):
            at = (*self._at, "npcs", number)
            yield from self._one_of(at, goal)
            for row, step in enumerate(goal.steps):
                yield from self._step((*at, "steps", row), step, goal, number)
                yield from self._after((*at, "steps", row, "after"), step)
                yield from self._order((*at, "steps", row), row, goal)
            if goal.finish is not None:
                yield from self._known((*at, "finish"), goal.finish, goal, None)
        yield from self._waiting_in_a_ring()

    def _step(self, at: Location, step: Step, goal: NpcGoal, npc: int) -> Iterator[Problem]:
        needs = NEEDS[step.do]
        for field in ("what", "where", "who"):
            name = getattr(step, field)
            if field not in needs:
                if name:
                    yield Problem((*at, field), f"'{step.do}' takes no {field}: leave this out.")
            elif not name:
                yield Problem((*at, field), f"is missing: '{step.do}' needs "
                              f"{needs[field].what}.")  # fmt: skip
            else:
                yield from self._known((*at, field), name, goal, needs[field])
        if step.who == f"npc_{npc}":
            yield Problem((*at, "who"), "this is the NPC itself: name somebody else.")
        if step.do is Verb.LIFT and self._lifters(step) != 2:
            yield Problem((*at, "do"), "it takes two to lift: give this step to two NPCs of the "
                          f"task, not to {self._lifters(step)}.")  # fmt: skip
        person = self._things.get(step.who)
        if (
            step.do is Verb.ASK
            and isinstance(person, Person)
            and step.what in self._things
            and step.what not in [fact.about for fact in person.facts]
        ):
            yield Problem((*at, "who"), f"'{step.who}' does not know where '{step.what}' is: "
                          "add a fact or ask somebody else.")  # fmt: skip

    def _lifters(self, step: Step) -> int:
        """How many NPCs of the task are to lift the same thing to the same place."""
        wanted = (Verb.LIFT, step.what, step.where)
        return sum(
            any((s.do, s.what, s.where) == wanted for s in goal.steps) for goal in self._task.npcs
        )

    def _known(
        self, at: Location, name: str, goal: NpcGoal, need: Need | None
    ) -> Iterator[Problem]:  # fmt: skip
        """Nothing when a name is that of what is needed; None: of anything."""
        if name in self._npcs:
            if need is not None and need is not PERSON:
                yield Problem(at, f"'{name}' is a controlled NPC: name {need.what}.")
            return
        if name == ONE and not goal.one_of:
            yield Problem(at, f"there is nothing that {ONE} could stand for: add one_of.")
            return
        for meant in goal.one_of if name == ONE else (name,):
            thing = self._things.get(meant)
            if thing is None:
                if name != ONE:  # else one_of says it
                    known = self._suggested(need)
                    yield Problem(at, f"nothing has the id '{name}', "
                                  f"{did_you_mean(name, known)}")  # fmt: skip
            elif need is not None and not need.fits(thing):
                yield Problem(at, f"'{meant}' is not {need.what}: name one.")
                return

    def _suggested(self, need: Need | None) -> list[str]:
        """Ids that could be meant, the fitting ones when there are any."""
        if need is PERSON:
            people = [name for name, thing in self._things.items() if isinstance(thing, Person)]
            return [*people, *self._npcs]
        fitting = [name for name, thing in self._things.items() if need is None or need.fits(thing)]
        return fitting or list(self._things)

    def _one_of(self, at: Location, goal: NpcGoal) -> Iterator[Problem]:
        if not goal.one_of:
            return
        at = (*at, "one_of")
        objects = [thing.id for thing in self._scene.objects]
        unknown = [(row, name) for row, name in enumerate(goal.one_of) if name not in objects]
        for row, name in unknown:
            yield Problem((*at, row), f"no object has the id '{name}', "
                          f"{did_you_mean(name, objects)}")  # fmt: skip
        if unknown:
            return
        if len(set(goal.one_of)) < max(2, len(goal.one_of)):
            yield Problem(at, "name two different things at least, each of them once.")
            return
        chosen = [thing for thing in self._scene.objects if thing.id in goal.one_of]
        if len({thing.class_name for thing in chosen}) > 1:
            yield Problem(at, "these are of different classes: name things of one class.")
        elif not any(
            len({getattr(thing, field) for thing in chosen}) == len(chosen)
            for field in ("color", "sign", "sound")
        ):
            yield Problem(at, "nothing tells these from each other: give each a color, a sign or a "
                          "sound of its own.")  # fmt: skip
        if not any(ONE in (step.what, step.where, step.who) for step in goal.steps):
            yield Problem(at, f"no step names {ONE}: use it in a step or leave this out.")

    def _after(self, at: Location, step: Step) -> Iterator[Problem]:
        for row, (npc, number) in enumerate(step.after):
            if not 0 <= npc < len(self._task.npcs):
                yield Problem((*at, row), f"the task has no npcs[{npc}]: count from 0 to "
                              f"{len(self._task.npcs) - 1}.")  # fmt: skip
            elif not 0 <= number < len(self._task.npcs[npc].steps):
                yield Problem((*at, row), f"npcs[{npc}] has no steps[{number}]: count from 0 to "
                              f"{len(self._task.npcs[npc].steps) - 1}.")  # fmt: skip

    def _order(self, at: Location, row: int, goal: NpcGoal) -> Iterator[Problem]:
        """A ``reach`` comes last, and no step undoes what must last to the end."""
        step = goal.steps[row]
        if step.do is Verb.REACH and row < len(goal.steps) - 1:
            yield Problem((*at, "do"), "'reach' is for the last step only: use touch or enter "
                          "here.")  # fmt: skip
        for earlier, other in enumerate(goal.steps[:row]):
            if UNDOES.get(step.do) is other.do and step.what == other.what:
                yield Problem((*at, "do"), f"undoes steps[{earlier}], which must still hold at the "
                              "end: leave one of them out.")  # fmt: skip

    def _waiting_in_a_ring(self) -> Iterator[Problem]:
        """Steps that can never come because they wait for each other."""
        waiting = {(npc, row) for npc, goal in enumerate(self._task.npcs)
                   for row in range(len(goal.steps))}  # fmt: skip
        while True:
            free = {
                (npc, row) for npc, row in waiting
                if (npc, row - 1) not in waiting
                and not waiting & set(self._task.npcs[npc].steps[row].after)
            }  # fmt: skip
            if not free:
                break
            waiting -= free
        for npc, row in sorted(waiting):
            if self._task.npcs[npc].steps[row].after:
                yield Problem(
                    (*self._at, "npcs", npc, "steps", row, "after"),
                    "these steps wait for each other: leave one of them out.",
                )
                return  # one sentence for the whole ring
