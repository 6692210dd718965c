"""Tasks in which only the camera tells which look-alike is meant: by its sign, or by its light."""

from __future__ import annotations

from envs.scene import Object, Spawn
from envs.tasks.episode import Episode, NpcTask
from envs.tasks.navigation import go_to_thing
from envs.tasks.props import turn_into
from envs.tasks.registry import EVERY_FAMILY, task
from envs.tasks.staging import Stage
from envs.tasks.true_map import Way

GLYPHS = "ABCDEFHKTX"
"""Signs that tasks ask for: ten glyphs that are unlike each other."""
WITH_SIGN = (
    "go to the {kind} with the sign {sign}",
    "find the {kind} with the sign {sign} and go to it",
)
LIT = ("go to the lamp that is lit", "find the lit lamp and go to it", "go to the lit lamp")


@task(
    "navigation/described_object",
    "go to the look-alike with the named sign, or to the lamp that is lit",
    families=EVERY_FAMILY,
)
def described_object(stage: Stage) -> Episode:
    """Finish near the thing that only a look can tell apart; signs and lamps in equal shares."""
    by_sign = stage.stream.chance(0.5)
    group = stage.look_alikes("take")
    group = _put_up_signs(stage, group) if by_sign else turn_into(stage, group, "lamp")

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        return stage.ways_to_objects(group)

    ways = stage.best_start(ways_from, "at least two look-alikes that can be reached")
    target = stage.stream.choice(list(ways))
    thing = next(thing for thing in group if thing.id == target)
    if by_sign:
        text = stage.stream.choice(WITH_SIGN).format(kind=thing.class_name, sign=thing.sign)
    else:
        text = stage.stream.choice(LIT)
        stage.replace_object(target, on=True)
    goal = go_to_thing(target, tuple(ways), tuple(other.id for other in group))
    return stage.episode(NpcTask(text, goal, (), shortest_path=ways[target].length))


def _put_up_signs(stage: Stage, group: list[Object]) -> list[Object]:
    """Give each a sign of its own; nothing else in the scene has one of these."""
    ids = {thing.id for thing in group}
    for thing in stage.scene.objects:
        if thing.sign is not None:
            stage.replace_object(thing.id, sign=None)
    for thing, sign in zip(group, stage.stream.sample(GLYPHS, len(group)), strict=True):
        stage.replace_object(thing.id, sign=sign)
    return [thing for thing in stage.scene.objects if thing.id in ids]
