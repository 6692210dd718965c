"""Tasks about the way: obstructed, against the clock, in stages, or told turn by turn."""

from __future__ import annotations

import math
from dataclasses import dataclass

from envs.goals import Step, Verb
from envs.palette import COLOR_NAMES
from envs.scene import Door, Place, Point, Scene, Spawn
from envs.tasks.episode import Briefing, Episode, NpcTask
from envs.tasks.navigation import go_to_place, named_place
from envs.tasks.props import add_object, replace_door
from envs.tasks.registry import EVERY_FAMILY, task
from envs.tasks.staging import SHORTEST, Stage
from envs.tasks.true_map import Way, object_area

WAYPOINTS = (
    "go to {first}, then go to {second}, then go to {third}",
    "visit {first}, then {second}, then go to {third}",
)
GATE = (
    "go to {place}, a button opens its gate",
    "press the button that opens the gate, then go to {place}",
)
FOLLOW = ("follow the directions", "go where you have been told to go")
DIRECTIONS = {
    "left": "the door on your left", "ahead": "the door ahead", "right": "the door on your right",
}  # fmt: skip
DOORS_TO_PASS = (2, 3)
BARRIER_SHARE, CLOSED_SHARE = 0.35, 0.35
"""Chances that a doorway has a barrier, or a closed door, in an obstructed scene."""
BUTTON_RANGE = (4.0, 8.0)
"""Way from a button to its gate, metres: too far to walk in time, near enough to run."""
RUN_SPEED, REACTION, CORNERS = 2.8, 1.6, 1.25
"""Metres per second; seconds for turning about; what running around corners costs more."""


@task("navigation/waypoints", "go to three places in order", step_limit=800, families=EVERY_FAMILY)
def waypoints(stage: Stage) -> Episode:
    """Enter two places in the named order and finish in the third."""

    def ways_from(spawn: Spawn) -> dict[str, Way]:
        stage.true_map.start_from(spawn.position)
        start = stage.place_under(spawn)
        return stage.ways_to_places(place for place in stage.scene.places if place != start)

    ways = stage.best_start(ways_from, "three places to go to beside the one of the start")
    if len(ways) < 3:
        raise stage.fail("three places to go to beside the one of the start")
    names = stage.stream.sample(list(ways), 3)
    length, here = 0.0, stage.actors[0].position
    for name in names:
        stage.true_map.start_from(here)
        way = stage.true_map.to_place(stage.place(name))
        if way is None:
            raise stage.fail(f"a way to {name}")
        length, here = length + way.length, way.end
    first, second, third = (stage.place(name).name for name in names)
    text = stage.stream.choice(WAYPOINTS).format(first=first, second=second, third=third)
    before = [Step(do=Verb.ENTER, what=name) for name in names[:2]]
    goal = go_to_place(names[2], tuple(ways), *before)
    return stage.episode(NpcTask(text, goal, tuple(names), shortest_path=length))


@task(
    "navigation/obstructed_route",
    "go to a named place past barriers and closed doors",
    families=EVERY_FAMILY,
)
def obstructed_route(stage: Stage) -> Episode:
    """Finish inside the named place; barriers must be jumped over, doors opened."""
    for door in stage.scene.doors:
        if door.kind != "door" or door.state == "locked":
            continue
        drawn = stage.stream.uniform(0, 1)
        if drawn < BARRIER_SHARE:
            replace_door(stage, door, kind="barrier", state="open")
        elif drawn < BARRIER_SHARE + CLOSED_SHARE:
            replace_door(stage, door, state="closed")
    return named_place(stage)


# -- gates -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Gated:
    """A place that only a gate leads to, and the way there over its button."""

    place: Place
    length: float


@task(
    "navigation/timed_gate",
    "go to a place whose gate stays open for a short time only",
    step_limit=600,
    families=tuple(name for name in EVERY_FAMILY if name != "workshop"),  # it has no dead ends
)
def timed_gate(stage: Stage) -> Episode:
    """Press the button, run, and be through before the gate closes; two places have such gates."""
    _wall_up_gates(stage)
    for spawn in stage.stream.shuffled(stage.scene.spawns):
        scene, true_map = stage.scene, stage.true_map
        stage.begin_at(spawn)
        gated: list[_Gated] = []
        for place in _spare_places(stage, stage.place_under(spawn)):
            made = _put_up_gate(stage, place, spawn, [other.place for other in gated])
            if made is not None:
                gated.append(made)
            if len(gated) == 2:
                break
        if len(gated) == 2:
            break
        stage.scene = scene
        stage.true_map = type(true_map)(scene)
    else:
        raise stage.fail("two places at the end of a way, with room for a button before each")
    chosen = stage.stream.choice(gated)
    candidates = tuple(other.place.id for other in gated)
    text = stage.stream.choice(GATE).format(place=chosen.place.name)
    goal = go_to_place(chosen.place.id, candidates)
    return stage.episode(NpcTask(text, goal, (chosen.place.id,), shortest_path=chosen.length))


def _wall_up_gates(stage: Stage) -> None:
    """Leave out the scene's own gates, whose buttons would have to be pressed in time as well."""
    gates = {door.id for door in stage.scene.doors if door.kind == "gate"}
    if not gates:
        return
    for thing in stage.scene.objects:
        if gates & {*thing.powers}:
            powers = tuple(name for name in thing.powers if name not in gates)
            stage.replace_object(thing.id, powers=powers)
    doors = tuple(door for door in stage.scene.doors if door.id not in gates)
    stage.scene = stage.scene.model_copy(update={"doors": doors})
    stage.true_map = type(stage.true_map)(stage.scene)


def _spare_places(stage: Stage, start: Place) -> list[Place]:
    """Places that can be a dead end: all others hang together without them."""
    others = [place for place in stage.scene.places if place != start]
    return [
        place for place in stage.stream.shuffled(others)
        if _hang_together(stage, {place.id}) and not _people_in(stage, place)
    ]  # fmt: skip


def _people_in(stage: Stage, place: Place) -> bool:
    return any(place.contains(*person.position) for person in stage.scene.people)


def _hang_together(stage: Stage, without: set[str]) -> bool:
    """Whether all places but some can be reached from each other."""
    left = {place.id for place in stage.scene.places} - without
    if not left:
        return False
    reached, waiting = set(), [sorted(left)[0]]
    while waiting:
        here = waiting.pop()
        if here in reached:
            continue
        reached.add(here)
        for door in stage.scene.doors:
            if here in door.between and door.state != "locked":
                waiting += [other for other in door.between if other in left]
    return reached == left


def _put_up_gate(stage: Stage, place: Place, spawn: Spawn, gated: list[Place]) -> _Gated | None:
    """Close a place with one gate and put a button before it; None where that does not work."""
    if not _hang_together(stage, {place.id, *(other.id for other in gated)}):
        return None
    if any(door.kind == "gate" and place.id in door.between for door in stage.scene.doors):
        return None  # it is on the way to another gated place
    buttons = (thing.position for thing in stage.scene.objects if thing.class_name == "button")
    if any(place.contains(*position) for position in buttons):
        return None  # another gate's button is in it
    behind = {other.id for other in gated}
    ways_in = [
        door for door in stage.scene.doors
        if place.id in door.between and door.state != "locked" and not behind & {*door.between}
    ]  # fmt: skip
    for door in stage.stream.shuffled(ways_in):
        before = _before(stage, door, place)
        stage.true_map.start_from(before)
        spots = [
            (point, way) for point, way in stage.true_map.spots(BUTTON_RANGE[1])
            if way >= BUTTON_RANGE[0] and not place.contains(*point)
            and not any(other.contains(*point) for other in gated)
        ]  # fmt: skip
        scene = stage.scene
        kept = tuple(
            other for other in scene.doors if place.id not in other.between or other.id == door.id
        )
        stage.scene = scene.model_copy(update={"doors": kept})
        stage.true_map = type(stage.true_map)(stage.scene)
        stage.true_map.start_from(before)
        reachable = {point for point, _ in stage.true_map.spots(BUTTON_RANGE[1])}
        near = [(point, way) for point, way in spots if point in reachable]
        color = stage.stream.choice(COLOR_NAMES)
        button = add_object(stage, "button", color, near, powers=(door.id,))
        length = None if button is None else _length_over(stage, spawn, button.id, before, place)
        if button is None or length is None:
            stage.scene = scene
            stage.true_map = type(stage.true_map)(scene)
            continue
        seconds = round(CORNERS * length[1] / RUN_SPEED + REACTION, 1)
        replace_door(stage, door, kind="gate", state="closed", stays_open=seconds, key=None)
        return _Gated(place, sum(length))
    return None


def _length_over(
    stage: Stage, spawn: Spawn, button_id: str, before: Point, place: Place
) -> tuple[float, float, float] | None:
    """Metres from the start to the button, on to the gate, and through it into the place."""
    button = next(thing for thing in stage.scene.objects if thing.id == button_id)
    stage.true_map.start_from(spawn.position)
    first = stage.true_map.to_thing(object_area(button), stage.place_under(button))
    if first is None:
        return None
    stage.true_map.start_from(first.end)
    x, z = before
    home = stage.scene.place_at(x, z)
    second = None if home is None else stage.true_map.to_thing((x, z, x, z), home, 0.3)
    if second is None:
        return None
    stage.true_map.start_from(second.end)
    third = stage.true_map.to_place(place)
    return None if third is None else (first.length, second.length, third.length)


def _before(stage: Stage, door: Door, place: Place) -> Point:
    """The point half a metre before a doorway, seen from outside a place."""
    x, z = door.position
    dx, dz = _crossing(door, place)
    return round(x - 0.5 * dx, 3), round(z - 0.5 * dz, 3)


def _crossing(door: Door, into: Place) -> tuple[int, int]:
    """Direction in which one passes a doorway into a place, along x and along z."""
    x, z = door.position
    x0, z0 = into.floor[:2]
    if door.along_x(into.floor):
        return (0, 1) if z == z0 else (0, -1)
    return (1, 0) if x == x0 else (-1, 0)


# -- directions ------------------------------------------------------------------------------------


@task(
    "navigation/spoken_directions",
    "find a place by directions that somebody gave at the start",
    step_limit=600,
    families=EVERY_FAMILY,
)
def spoken_directions(stage: Stage) -> Episode:
    """Finish in the place where the told doors lead to; the NPC does not know the map.

    Directions are as seen by somebody who comes in through the door before: every told door is the
    only one on its side of the room.
    """
    stage.scene = stage.scene.model_copy(update={"map": "none"})
    best: dict[str, list[str]] = {}
    start = stage.scene.spawns[0]
    for spawn in stage.stream.shuffled(stage.scene.spawns):
        turned = Spawn.model_construct(
            position=spawn.position, yaw_degrees=stage.stream.choice((0.0, 90.0, 180.0, 270.0))
        )
        routes = told_routes(stage.scene, turned)
        if len(routes) > len(best):
            best, start = routes, turned
    if len(best) < 2:
        raise stage.fail("two places that unmistakable directions lead to")
    stage.begin_at(start)
    target = stage.stream.choice(list(best))
    briefing = Briefing(describe_route(best[target]), ())
    stage.true_map.start_from(start.position)
    way = stage.true_map.to_place(stage.place(target))
    length = way.length if way is not None else SHORTEST
    goal = go_to_place(target, tuple(best))
    text = stage.stream.choice(FOLLOW)
    return stage.episode(NpcTask(text, goal, (), briefings=(briefing,), shortest_path=length))


def describe_route(sides: list[str]) -> str:
    """Directions as somebody says them.

    >>> describe_route(["left", "ahead"])
    'go through the door on your left, then go through the door ahead'
    """
    return ", then ".join(f"go through {DIRECTIONS[side]}" for side in sides)


def told_routes(scene: Scene, spawn: Spawn) -> dict[str, list[str]]:
    """Places that two or three unmistakable doors lead to, and the sides of these doors.

    Args:
        scene: where.
        spawn: the start; its yaw is a multiple of 90 degrees.
    """
    places = {place.id: place for place in scene.places}
    found: dict[str, list[str]] = {}
    yaw = math.radians(spawn.yaw_degrees)
    heading = (round(math.sin(yaw)), round(math.cos(yaw)))
    first = scene.place_at(*spawn.position)
    if first is None:
        return {}
    waiting: list[tuple[Place, tuple[int, int], list[str], frozenset[str]]] = [
        (first, heading, [], frozenset((first.id,)))
    ]
    while waiting:
        here, ahead, sides, passed = waiting.pop(0)
        if len(sides) in DOORS_TO_PASS and here.id not in found:
            found[here.id] = sides
        if len(sides) == max(DOORS_TO_PASS):
            continue
        for side, door in _unmistakable(scene, here, ahead):
            behind = next(other for other in door.between if other != here.id)
            if behind not in passed:
                place = places[behind]
                waiting.append((place, _crossing(door, place), [*sides, side], passed | {behind}))
    return found


def _unmistakable(scene: Scene, place: Place, ahead: tuple[int, int]) -> list[tuple[str, Door]]:
    """Sides of a place, as one faces, on which there is exactly one door."""
    right = (ahead[1], -ahead[0])
    directions = {"ahead": ahead, "right": right, "left": (-right[0], -right[1])}
    doors: dict[str, list[Door]] = {side: [] for side in directions}
    for door in scene.doors:
        if place.id not in door.between or door.state == "locked" or door.kind == "gate":
            continue
        inward = _crossing(door, place)
        for side, direction in directions.items():
            if (-inward[0], -inward[1]) == direction:
                doors[side].append(door)
    return [(side, found[0]) for side, found in doors.items() if len(found) == 1]
