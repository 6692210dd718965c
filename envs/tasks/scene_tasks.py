"""Tasks that a scene file brings along: ``scene/ID``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from envs.goals import ONE, Goal, NpcGoal, Step, TaskSpec, Verb
from envs.scene import Door, Object, Person, Place, Scene, Spawn, Topic
from envs.suggest import did_you_mean
from envs.tasks.episode import Briefing, Episode, NpcTask, TaskError
from envs.tasks.registry import TASKS, Task
from envs.tasks.routing import NoWayError, route_length
from envs.tasks.staging import Stage
from envs.tasks.wording import Wording, WordingError

PREFIX = "scene/"


def find_task(name: str, scene: Scene | None = None) -> Task:
    """The task of a full name, or of its last part ("named_place").

    Args:
        name: ``scene/ID`` is a task of the scene.
        scene: where it is to be played, if that is a certain one.

    Raises:
        TaskError: there is none; the text names the nearest one.
    """
    if name.startswith(PREFIX):
        return _task_of_scene(name, scene)
    short = {full.rpartition("/")[2]: full for full in TASKS}
    found = TASKS.get(name) or TASKS.get(short.get(name, ""))
    if found is None:
        known = TASKS if "/" in name else short
        raise TaskError(f"No task is called '{name}': {did_you_mean(name, known)}")
    return found


def _task_of_scene(name: str, scene: Scene | None) -> Task:
    if scene is None:
        raise TaskError(f"'{name}' is a task of a scene file: give that scene as well.")
    for spec in scene.tasks:
        if PREFIX + spec.id == name:
            return Task(
                name, f"a task of {scene.name}", partial(_stage, spec), len(spec.npcs),
                spec.step_limit, (scene.family,), (len(spec.npcs),), spec.reward,
            )  # fmt: skip
    known = [PREFIX + spec.id for spec in scene.tasks]
    cure = did_you_mean(name, known) if known else "it has no tasks of its own."
    raise TaskError(f"The scene '{scene.name}' has no task '{name}': {cure}")


def _stage(spec: TaskSpec, stage: Stage) -> Episode:
    """Make an episode of a scene's task; the seed chooses the starts and what `$one` stands for."""
    stage.begin_at(*_starts(stage, len(spec.npcs)))
    chosen = [stage.stream.choice(goal.one_of) if goal.one_of else "" for goal in spec.npcs]
    ids = {f"npc_{number}": actor.id for number, actor in enumerate(stage.actors)}
    steps = [
        tuple(_resolved(step, {**ids, ONE: one}) for step in goal.steps)
        for goal, one in zip(spec.npcs, chosen, strict=True)
    ]
    people = (*stage.scene.people, *stage.actors)
    scene = stage.scene.model_copy(update={"people": people})
    return stage.episode(*(
        _npc_task(stage, scene, goal, steps, npc, chosen[npc])
        for npc, goal in enumerate(spec.npcs)
    ))  # fmt: skip


def _starts(stage: Stage, npcs: int) -> list[Spawn]:
    """The scene's own controlled NPCs where they are, the others at different spawn points."""
    own = [actor for actor in stage.actors if actor.id in stage.own_npcs]
    if npcs - len(own) > len(stage.scene.spawns):
        raise stage.fail(f"{npcs - len(own)} spawn points")
    drawn = stage.stream.sample(stage.scene.spawns, npcs - len(own))
    return [*(_as_spawn(actor) for actor in own), *drawn]


def _as_spawn(person: Person) -> Spawn:
    return Spawn.model_construct(position=person.position, yaw_degrees=person.yaw_degrees)


def _resolved(step: Step, ids: dict[str, str]) -> Step:
    return step.model_copy(update={
        field: ids.get(getattr(step, field), getattr(step, field))
        for field in ("what", "where", "who")
    })  # fmt: skip


def _npc_task(
    stage: Stage, scene: Scene, goal: NpcGoal, steps: Sequence[tuple[Step, ...]], npc: int, one: str
) -> NpcTask:
    mine = steps[npc]
    mates = [_mate(stage, step, steps, npc) for step in mine]
    wording = Wording(scene)
    try:
        text = goal.instruction or wording.instruct(mine, mates)
        if ONE in text:
            text = text.replace(ONE, wording.name(one))
        length = route_length(scene, stage.actors[npc].position, mine)
    except NoWayError as error:
        raise stage.fail(str(error)) from None
    except WordingError as error:
        raise TaskError(f"{stage.task} cannot be asked in '{scene.name}'. {error}") from None
    target = goal.finish or _last_name(mine[-1])
    target = one if target == ONE else target
    return NpcTask(
        instruction=text,
        goal=Goal(mine, target, goal.one_of, one or target, goal.one_of),
        known_things=_named(scene, mine, mates),
        briefings=tuple(Briefing(text, _mentioned(scene, text)) for text in goal.knows),
        shortest_path=length,
    )


def _mate(stage: Stage, step: Step, steps: Sequence[tuple[Step, ...]], npc: int) -> str:
    """Who lifts the same thing, "" when nobody does."""
    if step.do != Verb.LIFT:
        return ""
    for other, theirs in enumerate(steps):
        if other != npc and any(s.do == Verb.LIFT and s.what == step.what for s in theirs):
            return stage.actors[other].id
    return ""


def _last_name(step: Step) -> str:
    """What ``finish`` names when the scene does not say it: where one is after the last step."""
    return step.who if step.do in (Verb.ASK, Verb.TELL) else step.what


def _named(scene: Scene, steps: Sequence[Step], mates: Sequence[str]) -> tuple[str, ...]:
    """What the instruction names for certain: places, people, topics, and what is talked about.

    Other objects must be found: their class is said, and has no slot before one is seen.
    """
    things: tuple[Object | Door, ...] = (*scene.objects, *scene.doors)
    objects = {thing.id for thing in things}
    named = [mate for mate in mates if mate]
    for step in steps:
        talks = step.do in (Verb.ASK, Verb.TELL)
        for name in (step.what, step.where, step.who):
            if name and (talks or name not in objects):
                named.append(name)
    return tuple(dict.fromkeys(named))


def _mentioned(scene: Scene, text: str) -> tuple[str, ...]:
    """The things that a sentence names."""
    said = f" {text.lower()} "
    named: tuple[Place | Person | Topic, ...] = (*scene.places, *scene.people, *scene.topics)
    return tuple(thing.id for thing in named if thing.name.lower() in said)
