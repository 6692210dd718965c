"""Tasks in which what is heard tells where to go, or what to do with which thing."""

from __future__ import annotations

from collections.abc import Sequence

from envs.classes import HEARD_SOUNDS, SOUNDING, UNHEARD_SOUNDS
from envs.goals import Goal, Step, Verb
from envs.scene import Spawn
from envs.tasks.episode import Episode, NpcTask
from envs.tasks.navigation import go_to_thing
from envs.tasks.props import draw_sounds, silence, turn_into
from envs.tasks.registry import EVERY_FAMILY, task
from envs.tasks.seeds import TRAIN_SEEDS
from envs.tasks.staging import Stage
from envs.tasks.true_map import Way

HEARD = (
    "go to the thing that is {doing}",
    "find the thing that is {doing} and go to it",
    "something is {doing}, go to it",
)
UNHEARD = (
    "go to the thing that makes a sound",
    "find the thing that makes a sound and go to it",
)
SWITCH_OFF = (
    "switch off the {kind} that is {doing}",
    "find the {kind} that is {doing} and switch it off",
)
SILENT_AFTER = (4.0, 8.0)
"""Seconds after which a sound ends that is to be remembered."""
DISTRACTORS = (3, 4)
ALARMS = ("beep", "alarm", "buzz", "ring")
"""Sounds of a thing that wants to be switched off."""


def _stage_sound(
    stage: Stage, sound: str, text: str, distractors: Sequence[str], until: float | None = None
) -> Episode:
    """Let one thing sound, and others in their own ways; the NPC is to go to the one."""
    silence(stage)

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        return stage.ways_to_objects(
            thing for thing in stage.scene.objects if not (thing.inside or thing.upon)
        )

    ways = stage.best_start(ways_from, "at least two objects that can be reached")
    target = stage.stream.choice(list(ways))
    stage.replace_object(target, sound=sound, sounding=True, sounds_until=until)
    others = [thing for thing in stage.scene.objects if thing.id != target]
    for thing, name in zip(stage.stream.shuffled(others), distractors, strict=False):
        stage.replace_object(thing.id, sound=name, sounding=True)
    goal = go_to_thing(target, tuple(ways))
    return stage.episode(NpcTask(text, goal, (), shortest_path=ways[target].length))


def _wording(stage: Stage, sound: str) -> str:
    return stage.stream.choice(HEARD).format(doing=SOUNDING[sound])


@task("navigation/heard_sound", "go to the thing that makes the named sound", families=EVERY_FAMILY)
def heard_sound(stage: Stage) -> Episode:
    """Finish near the one thing that sounds; the sound is one of those that occur in training."""
    (sound,) = draw_sounds(stage, HEARD_SOUNDS, 1)
    return _stage_sound(stage, sound, _wording(stage, sound), ())


@task(
    "navigation/unheard_sound",
    "go to the thing that makes a sound, one that never occurs in training",
    families=EVERY_FAMILY,
)
def unheard_sound(stage: Stage) -> Episode:
    """Finish near the one thing that sounds; training seeds use the sounds of training instead."""
    sounds = HEARD_SOUNDS if stage.seed in TRAIN_SEEDS else UNHEARD_SOUNDS
    (sound,) = draw_sounds(stage, sounds, 1)
    return _stage_sound(stage, sound, stage.stream.choice(UNHEARD), ())


@task(
    "navigation/silent_sound",
    "go to the thing that made the named sound before it fell silent",
    families=EVERY_FAMILY,
)
def silent_sound(stage: Stage) -> Episode:
    """Finish near the thing that sounded for the first few seconds only."""
    (sound,) = draw_sounds(stage, HEARD_SOUNDS, 1)
    until = stage.stream.uniform(*SILENT_AFTER)
    return _stage_sound(stage, sound, _wording(stage, sound), (), until)


@task(
    "navigation/distracted_sound",
    "go to the thing that makes the named sound among others that make other sounds",
    families=EVERY_FAMILY,
)
def distracted_sound(stage: Stage) -> Episode:
    """Finish near the thing with the named sound; three or four others sound as well."""
    sound, *others = draw_sounds(stage, HEARD_SOUNDS, 1 + max(DISTRACTORS))
    distractors = others[: stage.stream.choice(DISTRACTORS)]
    return _stage_sound(stage, sound, _wording(stage, sound), distractors)


@task(
    "interaction/switch_off_beeping",
    "switch off the one of some look-alikes that sounds",
    families=EVERY_FAMILY,
)
def switch_off_beeping(stage: Stage) -> Episode:
    """All look-alikes are on, one of them sounds: switching off another one fails."""
    silence(stage)
    group = turn_into(stage, stage.look_alikes("take"), "radio")
    for thing in group:
        stage.replace_object(thing.id, on=True)

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        return stage.ways_to_objects(group)

    ways = stage.best_start(ways_from, "at least two look-alikes that can be reached")
    target = stage.stream.choice(list(ways))
    (sound,) = draw_sounds(stage, ALARMS, 1)
    stage.replace_object(target, sound=sound, sounding=True)
    goal = Goal(
        (Step(do=Verb.SWITCH_OFF, what=target),), target, tuple(ways), target,
        tuple(thing.id for thing in group),
    )  # fmt: skip
    text = stage.stream.choice(SWITCH_OFF).format(kind="radio", doing=SOUNDING[sound])
    return stage.episode(NpcTask(text, goal, (), shortest_path=ways[target].length))
