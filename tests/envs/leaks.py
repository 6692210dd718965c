"""What could betray an answer: everything that an NPC can observe, as features of each candidate.

Episodes are played by a wanderer that walks from place to place, opens doors and never speaks or
commits, so it knows nothing of the target. For every candidate of the answer there is one row of
features, out of all observations, masks, slots and catalogue entries but those in which the answer
is meant to be (the carrier of the task).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from envs import contract
from envs.classes import CLASSES, SOUND_NAMES
from envs.contract import BRANCH_STARTS, Branch, EntityColumn, SelfColumn
from envs.oracle import Body
from envs.palette import COLORS
from envs.policies import oracle
from envs.scene import Spawn
from envs.tasks import TASKS, Episode, make_episode
from envs.tasks.routes import describe_route, told_routes
from envs.world.world import BatchWorld

CARRIERS = {
    "navigation/named_place": ("goal",),
    "navigation/ringing": ("audio",),
    "navigation/coloured_object": ("camera",),
    "navigation/ask_then_go": (),  # the guide's answer: the wanderer does not ask
    "navigation/described_object": ("camera",),
    "navigation/heard_sound": ("audio",),
    "navigation/unheard_sound": ("audio",),
    "navigation/silent_sound": ("audio",),
    "navigation/distracted_sound": ("audio",),
    "navigation/waypoints": ("goal",),
    "navigation/obstructed_route": ("goal",),
    "navigation/timed_gate": ("goal",),
    "navigation/spoken_directions": ("dialogue",),
    "interaction/fetch_and_put": ("camera",),
    "interaction/rearrange": ("camera",),
    "interaction/tidy": ("goal",),
    "interaction/key_and_lock": ("camera",),
    "interaction/examine_and_answer": (),  # what a note says: the wanderer reads none
    "interaction/switch_off_beeping": ("audio",),
    "coordination/two_know_halves": (),  # the mate's words: the wanderer does not speak
    "coordination/two_person_lift": ("camera",),
    "coordination/hand_over": ("camera",),
    "coordination/split_errands": ("goal",),
    "coordination/search_and_report": ("camera",),
}
"""What carries the answer of each task."""

BANDS = 8
NEAR = 3.0
"""Metres within which what is heard is put down to a thing."""
_ACTS = len(contract.Act)


@dataclass
class Candidates:
    """Features of all candidates of many answers; C candidates in all."""

    features: np.ndarray
    """(C, F)"""
    carrier: np.ndarray
    """(C,) what the carrier says for a candidate: the positive control."""
    is_target: np.ndarray
    """(C,) bool."""
    answer: np.ndarray
    """(C,) number of the answer that a candidate belongs to."""
    episode: np.ndarray
    """(C,) number of the episode; the NPCs of a team share a secret."""
    first_look: np.ndarray
    """(C, G) features out of the first observation alone."""
    slot: np.ndarray
    """(C,) slot after the first observation, 0 for none."""


def collect(
    task: str, seeds: range, decisions: int, speaks: bool = False, family: str = "museum"
) -> Candidates:
    """Play episodes and describe the candidates.

    Args:
        task: full name.
        seeds: one episode each.
        decisions: how long they are played.
        speaks: play the oracle, which asks and tells, instead of the wanderer.
        family: of the scenes.
    """
    npcs = TASKS[task].npcs
    episodes = [make_episode(task, seed, family) for seed in seeds]
    world = BatchWorld(len(episodes), npcs, threads=1)
    for index, episode in enumerate(episodes):
        world.reset(index, episode)
    rng = np.random.default_rng(seeds[0])
    watchers = [Watcher(world, row) for row in range(world.num_rows)]
    aims = np.full(world.num_rows, -1)
    for decision in range(decisions):
        observation = world.observe()
        mask = world.action_mask()
        actions = np.tile(np.array(contract.NO_OP, np.int32), (world.num_rows, 1))
        bands = audio_bands(observation["audio"])
        for row, watcher in enumerate(watchers):
            watcher.watch(decision, observation, mask, bands[row])
            if speaks:
                continue
            body = Body(world, row)
            if aims[row] in (-1, body.place) or decision % 60 == 59:
                aims[row] = rng.integers(body.layout.place_count)
            body.enter(int(aims[row]), 0.8)
            actions[row] = body.action
        world.step(oracle(world) if speaks else actions)
    rows = [watcher.describe(CARRIERS[task]) for watcher in watchers]
    answer = np.repeat(np.arange(len(rows)), [len(target) for _, _, target in rows])
    return Candidates(
        features=np.concatenate([features for features, _, _ in rows]),
        carrier=np.concatenate([carrier for _, carrier, _ in rows]),
        is_target=np.concatenate([target for _, _, target in rows]),
        answer=answer,
        episode=answer // npcs,
        first_look=np.concatenate([watcher.first_look(CARRIERS[task]) for watcher in watchers]),
        slot=np.concatenate([watcher.first_slots for watcher in watchers]),
    )


class Watcher:
    """Puts down what one NPC observes to the candidates of its answer."""

    def __init__(self, world: BatchWorld, row: int) -> None:
        self._world, self._row = world, row
        self._index = row // world.npcs_per_world
        episode, layout = world.episodes[self._index], world.layouts[self._index]
        assert episode is not None and layout is not None
        self._episode: Episode = episode
        self._task = episode.npcs[row % world.npcs_per_world]
        self._ids = self._task.goal.candidates
        self._layout = layout
        self._things = [layout.index[name] for name in self._ids]
        count = len(self._ids)
        self._at_start = np.zeros(count)
        self._seen = Mean(count, contract.ENTITY_SIZE)
        self._color = Mean(count, 3)
        self._heard = Mean(count, 2 * BANDS + 2)
        self._allowed = Mean(count, _ACTS + 1)
        self._inside = Mean(count, 1)
        self._told = np.zeros(count)
        self._sequence = np.full(count, 999.0)
        self._nearest = np.full(count, 99.0)
        self._ring_error = Mean(count, 1)
        self._entries = np.zeros(count)
        self._first = np.zeros((count, 3 + contract.ENTITY_SIZE))
        self.first_slots = np.zeros(count, int)
        """Slot of each candidate after the first observation, 0 for none."""

    def watch(self, decision: int, observation: dict, mask: np.ndarray, bands: np.ndarray) -> None:
        """Take in one observation."""
        row, layout = self._row, self._layout
        slots = self._world.state.thing_slot[row]
        me = observation["self"][row]
        entities = observation["entities"][row]
        rings = self._world.labels.sound[row, self._sound()]
        for entry in self._world.take_catalogue(row):
            for number, thing in enumerate(self._things):
                if entry.slot == slots[thing]:
                    self._entries[number] += 1
                    self._sequence[number] = min(self._sequence[number], entry.sequence)
        texts = [line.text for line in self._world.texts(row)]
        visible: dict[int, tuple[int, ...]] = {
            int(slot): (place,) for place, slot in enumerate(entities[:, 0]) if slot > 0
        }
        for number, thing in enumerate(self._things):
            slot = int(slots[thing])
            self._at_start[number] += decision == 0 and slot > 0
            self._told[number] += sum(layout.names[thing] in text for text in texts)
            start = BRANCH_STARTS[Branch.ACT]
            acts = mask[row, start : start + _ACTS]
            if thing < layout.place_count:
                is_here = slot > 0 and int(me[SelfColumn.PLACE]) == slot
                self._inside.add(number, np.array([is_here]))
                if is_here:
                    frame = observation["camera"][row].reshape(3, -1)
                    self._color.add(number, frame.mean(axis=1))
                    self._heard.add(number, bands)
            else:
                found = visible.get(slot, ())
                is_here = len(found) > 0 and entities[found[0], EntityColumn.DISTANCE] < 1.5
                if len(found):
                    self._look(number, entities[found[0]], observation["camera"][row], bands, rings)
            if decision == 0:
                self._see_first(number, slot, visible, entities, mask[row], texts)
            if is_here:
                target = mask[row, BRANCH_STARTS[Branch.TARGET] + slot]
                self._allowed.add(number, np.append(acts, target))

    def _see_first(
        self,
        number: int,
        slot: int,
        visible: dict[int, tuple[int, ...]],
        entities: np.ndarray,
        mask: np.ndarray,
        texts: list[str],
    ) -> None:
        """Take in a candidate in the first observation: its row, whether it may be named."""
        self.first_slots[number] = slot
        place = visible[slot][0] if slot in visible else -1
        name = self._layout.names[self._things[number]]
        said = [text.find(name) for text in texts if name in text]
        pointed = float(mask[BRANCH_STARTS[Branch.TARGET] + slot]) if slot else 0.0
        self._first[number, :3] = place, pointed, min(said, default=-1)
        if place >= 0:
            self._first[number, 3:] = entities[place]
            self._first[number, 3 + EntityColumn.SLOT] = 0

    def first_look(self, carriers: tuple[str, ...]) -> np.ndarray:
        """``(C, G)`` what the first observation says of each candidate."""
        if "goal" in carriers:  # what the goal names has a slot from the start, and may be named
            return self._first[:, [0, *range(3, self._first.shape[1])]]
        slots = self.first_slots
        below = (slots[:, None] > slots).sum(axis=1) * (slots > 0)
        return np.column_stack([self._first, slots, below, slots > 0])

    def _look(
        self,
        number: int,
        entity: np.ndarray,
        frame: np.ndarray,
        bands: np.ndarray,
        rings: np.ndarray,
    ) -> None:
        self._seen.add(number, entity)
        distance = float(entity[EntityColumn.DISTANCE])
        self._nearest[number] = min(self._nearest[number], distance)
        pixel = project(*entity[EntityColumn.X : EntityColumn.Z + 1])
        if pixel is not None and distance < 4.0:
            x, y = pixel
            self._color.add(number, frame[:, y - 1 : y + 2, x - 1 : x + 2].mean(axis=(1, 2)))
        if distance < NEAR:
            self._heard.add(number, bands)
        if rings[0] > 0:
            right, forward = float(entity[EntityColumn.X]), float(entity[EntityColumn.Z])
            sine = right / max(math.hypot(right, forward), 1e-6)
            self._ring_error.add(number, np.array([abs(sine - float(rings[1]))]))

    def _sound(self) -> int:
        """The sound that the target makes, whatever it is where no sound tells."""
        things = {thing.id: thing for thing in self._episode.scene.objects}
        secret = things.get(self._task.goal.secret)
        named = secret.sound if secret is not None else None
        return SOUND_NAMES.index(named) if named else 0

    def describe(self, carriers: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Features ``(C, F)``, what the carrier says ``(C,)`` and which is the target ``(C,)``."""
        slots = self._world.state.thing_slot[self._row, self._things].astype(float)
        geometry = np.array([self._geometry(thing) for thing in self._things])
        seen = self._seen.values()
        seen[:, [EntityColumn.SLOT, EntityColumn.X, EntityColumn.Z, EntityColumn.DISTANCE]] = 0
        parts = [
            geometry, seen, self._seen.counts(), self._allowed.values(), self._inside.values(),
            self._nearest[:, None], self._told[:, None],
        ]  # fmt: skip
        if "goal" not in carriers:  # what the goal names has a slot from the start
            parts += [slots[:, None], self._at_start[:, None], self._sequence[:, None]]
            parts += [self._entries[:, None]]
            parts += [np.array([[self._is_named(name)] for name in self._ids])]
            parts += [np.array([[self._is_in_goal_place(thing)] for thing in self._things])]
        if "camera" not in carriers:
            parts += [self._color.values(), self._color.counts()]
        if "audio" not in carriers:
            parts += [self._heard.values(), self._heard.counts()]
        target = np.array([name == self._task.goal.secret for name in self._ids])
        return np.concatenate(parts, axis=1), self._carried(carriers), target

    def _is_named(self, name: str) -> float:
        """Whether the goal or a briefing names the candidate."""
        return float(name in self._task.known_things)

    def _is_in_goal_place(self, thing: int) -> float:
        """Whether a candidate is, or is in, the place that the goal names for putting."""
        scene, name = self._episode.scene, self._layout.ids[thing]
        place = None if thing < self._layout.place_count else scene.place_of(name)
        return float((name if place is None else place.id) == self._task.goal.place)

    def _geometry(self, thing: int) -> list[float]:
        """Where a candidate is, and what is around it."""
        layout, scene = self._layout, self._episode.scene
        actor = [person for person in scene.people if person.role == "npc"][
            self._row % self._world.npcs_per_world
        ]
        if thing < layout.place_count:
            place = scene.places[thing]
            (x, z), own = place.center, [0.0, 0.0]
        else:
            item = scene.objects[thing - layout.first_object]
            glows = CLASSES[item.class_name].glows  # that it is on is only visible
            (x, z), own = item.position, [item.yaw_degrees, float(item.on and not glows)]
            found = scene.place_at(x, z)
            assert found is not None
            place = found
        x0, z0, x1, z1 = place.floor
        doors = [door for door in scene.doors if place.id in door.between]
        dx, dz = x - actor.position[0], z - actor.position[1]
        others = [place.contains(*other.position) for other in scene.objects]
        people = [place.contains(*person.position) for person in scene.people]
        return [
            x, z, math.hypot(dx, dz), math.atan2(dx, dz), math.radians(actor.yaw_degrees),
            x1 - x0, z1 - z0, len(doors), sum(door.state != "open" for door in doors),
            sum(others), sum(people), float(place.contains(*actor.position)),
            thing, len(self._ids), *own,
        ]  # fmt: skip

    def _carried(self, carriers: tuple[str, ...]) -> np.ndarray:
        """What the carrier of the task says for each candidate; more is likelier."""
        goal, text = self._task.goal, self._task.instruction
        if "camera" in carriers:
            said = [name for name in COLORS if name in text]
            color = min(said, key=text.index, default=None)
            if color is None:  # a sign or a light: what a good look tells
                looked = self._color.counts()[:, 0] > 0
                return looked * np.array([name == goal.secret for name in self._ids])
            return -np.linalg.norm(self._color.values() - np.array(COLORS[color]), axis=1)
        if "audio" in carriers:
            heard = self._ring_error.counts()[:, 0] > 0
            return -np.where(heard, self._ring_error.values()[:, 0], 1)
        if "dialogue" in carriers:
            return self._directed()
        if "goal" not in carriers:
            return self._told - np.array([self._is_named(name) for name in self._ids])
        return np.array([self._is_meant(thing) for thing in self._things])

    def _is_meant(self, thing: int) -> float:
        """Whether the instruction ends with a candidate, or says its class and place."""
        layout, text = self._layout, self._task.instruction
        if thing < layout.place_count:
            return float(text.rfind(layout.names[thing])) / len(text)
        item = self._episode.scene.objects[thing - layout.first_object]
        home = self._episode.scene.place_of(item.id)
        return float(home is not None and f"the {item.class_name} in {home.name}" in text)

    def _directed(self) -> np.ndarray:
        """Where the directions that were given lead to."""
        actor = next(person for person in self._episode.scene.people if person.role == "npc")
        start = Spawn(position=actor.position, yaw_degrees=actor.yaw_degrees)
        routes = told_routes(self._episode.scene, start)
        said = self._task.briefings[0].text
        return np.array([float(describe_route(routes[name]) == said) for name in self._ids])


class Mean:
    """Running means of vectors, one for each candidate."""

    def __init__(self, count: int, size: int) -> None:
        self._sum = np.zeros((count, size))
        self._count = np.zeros((count, 1))

    def add(self, number: int, vector: np.ndarray) -> None:
        """Add one vector."""
        self._sum[number] += vector
        self._count[number] += 1

    def values(self) -> np.ndarray:
        """The means, 0 where there is nothing."""
        return self._sum / np.maximum(self._count, 1)

    def counts(self) -> np.ndarray:
        """How many there were, ``(count, 1)``."""
        return self._count


def audio_bands(audio: np.ndarray) -> np.ndarray:
    """Log energy of each ear in some bands of frequency, and how loud it is, ``(R, features)``."""
    ears = audio.reshape(len(audio), contract.EARS, contract.EAR_SAMPLES)
    spectrum = np.abs(np.fft.rfft(ears, axis=2)[:, :, : contract.EAR_SAMPLES // 2]) ** 2
    bands = spectrum.reshape(*ears.shape[:2], BANDS, -1).sum(axis=3)
    loudness = np.sqrt((ears**2).mean(axis=2))
    return np.concatenate([np.log(bands.reshape(len(audio), -1) + 1e-4), loudness], axis=1)


def project(right: float, up: float, forward: float) -> tuple[int, int] | None:
    """Pixel (column, row) of a point in the camera that looks level, None outside the frame."""
    pitch = contract.LOOK_PITCH[contract.Look.LEVEL]
    rise = up - contract.EYE_HEIGHT
    depth = forward * math.cos(pitch) + rise * math.sin(pitch)
    height = rise * math.cos(pitch) - forward * math.sin(pitch)
    if depth < 0.1:
        return None
    half = contract.CAMERA_SIZE / 2
    column, row = int(half + half * right / depth), int(half - half * height / depth)
    inside = 1 <= column < contract.CAMERA_SIZE - 1 and 1 <= row < contract.CAMERA_SIZE - 1
    return (column, row) if inside else None
