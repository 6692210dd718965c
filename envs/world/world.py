"""Many worlds stepped as one batch: the headless world.

One decision is: ``observe`` (bodies, entities, dialogue, camera, ears), then ``step`` with an
action for every row: bodies move, hands act, mouths talk, tasks judge. Worlds share nothing, so a
world behaves the same whatever else is in the batch and however many threads there are.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from envs import compile_notice, contract
from envs.contract import CatalogueEntry, Utterance
from envs.suggest import did_you_mean
from envs.tasks.episode import Episode
from envs.world import entities, masks, motion, observe
from envs.world.actions import check_actions, delay_actions
from envs.world.acts import ACT_KERNELS
from envs.world.camera import Camera
from envs.world.catalogue import build_entries, build_texts
from envs.world.ears import Ears
from envs.world.knowledge import give_common_knowledge
from envs.world.layout import Layout, build_layout
from envs.world.load import load_layout, needed_capacity, npc_people, start_row, start_world
from envs.world.paths import drive_paths, walk_paths
from envs.world.perturbations import Perturber
from envs.world.perturbations.trap import spring_traps
from envs.world.referee import Referee, StepResult
from envs.world.scenery import dress_worlds
from envs.world.shards import Shards
from envs.world.sound_bank import SOUND_NAMES, SPEECH_SOUND
from envs.world.speech import hear, sentence_templates, talk
from envs.world.state import Capacity, WorldState, allocate, grown
from envs.world.tally import Tally
from envs.world.truth import place_id_at

T = TypeVar("T")
SENSES = ("camera", "depth", "semantic", "audio")
"""Senses that cost something, computed on request."""


@dataclass
class Labels:
    """Targets of learning; never an input of a mind."""

    entity_color: NDArray[np.int32]
    """(R, MAX_ENTITIES) palette index of each entity row, -1 where it has no colour."""
    sound: NDArray[np.float32]
    """(R, 8, 3) presence, sin(bearing), loudness of each class of sound."""


class BatchWorld:
    """``num_worlds`` worlds of ``npcs_per_world`` NPCs; row = world * npcs_per_world + npc.

    Args:
        senses: which out of SENSES to compute; the others are blank (black, silent).
        perturbations: names out of ``PERTURBATIONS`` that every episode gets.
        action_delay: decisions between an observation and its action, 0 to MAX_ACTION_DELAY.
        tell_slots: False withholds slots that would be given by telling (``--without dialogue``).
        speech: "text", or "voice" for sentences that are heard as well (``envs.world.ears``).
        threads: threads that the worlds are dealt over, None for all cores.
        camera_size: pixels along an image's side; the contract has 64, and so has every mind.
    """

    def __init__(
        self,
        num_worlds: int,
        npcs_per_world: int = 1,
        *,
        senses: Sequence[str] = ("camera", "audio"),
        perturbations: Sequence[str] = (),
        action_delay: int = 0,
        tell_slots: bool = True,
        speech: str = "text",
        threads: int | None = None,
        camera_size: int = contract.CAMERA_SIZE,
    ) -> None:
        if num_worlds < 1 or npcs_per_world < 1:
            raise ValueError("a batch needs at least one world and one NPC per world")
        if action_delay not in range(contract.MAX_ACTION_DELAY + 1):
            raise ValueError(
                f"action_delay is {action_delay!r}: give a whole number of decisions from 0 to "
                f"{contract.MAX_ACTION_DELAY}."
            )
        strange = [sense for sense in senses if sense not in SENSES]
        if strange:
            raise ValueError(f"unknown sense {strange[0]!r}; {did_you_mean(strange[0], SENSES)}")
        compile_notice.listen()
        self.num_worlds, self.npcs_per_world = num_worlds, npcs_per_world
        self.num_rows = rows = num_worlds * npcs_per_world
        self.senses, self.perturbations = tuple(senses), tuple(perturbations)
        self.action_delay, self.tell_slots, self.speech = action_delay, tell_slots, speech
        self._perturber = Perturber(perturbations, num_worlds, npcs_per_world)
        self._shards = Shards(num_worlds, threads)
        self.capacity = Capacity()
        self.state: WorldState = allocate(num_worlds, npcs_per_world, self.capacity)
        self.episodes: list[Episode | None] = [None] * num_worlds
        self.layouts: list[Layout | None] = [None] * num_worlds
        self.referee = Referee(num_worlds, npcs_per_world)
        """Says what has been achieved: ``referee.steps_done``."""
        self.tally = Tally(rows)
        """Counts what is done."""
        self._sequence = np.zeros(rows, np.int64)
        self._arguments: dict[Callable[..., None], list[Any]] = {}
        """What each kernel takes after the worlds; empty again when the arrays have grown."""
        self._actions = np.zeros((rows, len(contract.BRANCHES)), np.int32)
        """(R, 8) actions that the bodies carry out in this decision."""
        self._shown = np.zeros(num_worlds, bool)
        """(W,) worlds that can be observed: an ended one shows its last state once."""

        self.camera = Camera(num_worlds, rows, camera_size, self.senses, self.capacity)
        self.observation: dict[str, NDArray] = {
            "audio": np.zeros((rows, contract.EARS * contract.EAR_SAMPLES), np.float32),
            "camera": np.zeros((rows, 3, camera_size, camera_size), np.uint8),
            "dialogue": np.zeros(
                (rows, contract.MAX_UTTERANCES, contract.DIALOGUE_SIZE), np.float32
            ),
            "entities": np.zeros((rows, contract.MAX_ENTITIES, contract.ENTITY_SIZE), np.float32),
            "goal": np.zeros((rows, contract.GOAL_SIZE), np.float32),
            "self": np.zeros((rows, contract.SELF_SIZE), np.float32),
            "entities_mask": np.zeros((rows, contract.MAX_ENTITIES), np.int8),
            "dialogue_mask": np.zeros((rows, contract.MAX_UTTERANCES), np.int8),
        }
        self.labels = Labels(
            np.full((rows, contract.MAX_ENTITIES), -1, np.int32),
            np.zeros((rows, len(SOUND_NAMES), 3), np.float32),
        )
        self._mask = np.zeros((rows, contract.MASK_SIZE), bool)
        self._seen_count = np.zeros(rows, np.int32)
        self._seen_thing = np.zeros((rows, contract.MAX_ENTITIES), np.int32)
        self._heard_count = np.zeros(rows, np.int32)
        self._heard = np.zeros((rows, contract.MAX_UTTERANCES, 6), np.int32)
        self._row_world = (np.arange(rows) // npcs_per_world).astype(np.int32)
        self.eyes = np.zeros((rows, 5), np.float32)
        self.ears = Ears(num_worlds, self._row_world, self.capacity, speech)
        self._templates = sentence_templates()

    # -- episodes ------------------------------------------------------------------------------

    def reset(self, world: int, episode: Episode) -> None:
        """Begin an episode in one world of the batch.

        Raises:
            ValueError: the episode has another number of NPCs than the worlds of this batch.
        """
        people = npc_people(episode.scene)
        if len(episode.npcs) != self.npcs_per_world or len(people) < len(episode.npcs):
            raise ValueError(
                f"task {episode.task!r} is for {len(episode.npcs)} NPCs but this batch has "
                f"{self.npcs_per_world} per world; set npcs_per_world={len(episode.npcs)}"
            )
        episode = self._perturber.stage(episode)
        layout = build_layout(episode.scene)
        capacity = needed_capacity(layout, self.capacity)
        if capacity != self.capacity:
            self.state = grown(self.state, self.num_worlds, self.npcs_per_world, capacity)
            self.capacity = capacity
            self._arguments.clear()
            self.ears.grow(capacity)
            self.camera.grow(capacity)
        state = self.state
        self.episodes[world], self.layouts[world] = episode, layout
        self.referee.begin(world, episode)
        self.tally.begin(slice(world * self.npcs_per_world, (world + 1) * self.npcs_per_world))
        load_layout(state, world, layout, episode.scene)
        self.camera.scenery.load(world, layout)
        start_world(state, world, step_limit=episode.step_limit, team=episode.team)
        random = np.random.Generator(np.random.PCG64([episode.seed, 0x5107]))
        phase = int(random.integers(0, 20)) * contract.EAR_SAMPLES
        first = world * self.npcs_per_world
        for npc, task in enumerate(episode.npcs):
            row = first + npc
            named = [layout.index[name] for name in task.known_things]
            start_row(
                state, row, person=people[npc], instruction=task.instruction,
                goal_id=episode.seed % (1 << 23) + 1, goal_things=named,
                briefings=[briefing.text for briefing in task.briefings],
                action_delay=self.action_delay, tell_slots=self.tell_slots,
                slot_order=random.permutation(np.arange(1, contract.SLOTS)).astype(np.uint8),
            )  # fmt: skip
            give_common_knowledge(state, row, world, layout, episode, named)
        rows = slice(first, first + self.npcs_per_world)
        self.ears.begin(world, rows, phase)
        self._sequence[rows] = 0
        self._shown[world] = True
        self._perturber.begin(world, episode, layout, state, random)

    # -- observing -----------------------------------------------------------------------------

    def observe(self, only: int | None = None) -> dict[str, NDArray]:
        """What every row perceives now; the arrays are valid until the next call.

        Args:
            only: the world to observe, when the others have been observed in this decision.
        """
        if only is None:
            self._shards.run(self._observe_worlds)
        else:
            self._observe_worlds(only, only + 1)
        return self.observation

    def _observe_worlds(self, first: int, last: int) -> None:
        """``observe`` for the worlds ``first`` to ``last`` - 1."""
        seen, worlds = self.observation, (first, last)
        run = partial(self._run, running=self._shown)
        word, place, sign = self._templates
        run(observe.observe_bodies, worlds, self_rows=seen["self"])
        selected = {"seen_count": self._seen_count, "seen_thing": self._seen_thing}
        run(entities.select_entities, worlds, **selected)
        run(entities.observe_entities, worlds, entities=seen["entities"],
                  entity_color=self.labels.entity_color, **selected)  # fmt: skip
        run(hear, worlds, dialogue=seen["dialogue"], heard_count=self._heard_count,
                  heard=self._heard, template_word=word, template_place=place,
                  template_sign=sign)  # fmt: skip
        run(observe.place_senses, worlds, eyes=self.eyes, listeners=self.ears.listeners,
                  source_sound=self.ears.sound, source_position=self.ears.position,
                  source_walls=self.ears.walls, sound_label=self.labels.sound,
                  speech_sound=SPEECH_SOUND)  # fmt: skip
        run(masks.allow_actions, worlds, mask=self._mask)
        rows = slice(first * self.npcs_per_world, last * self.npcs_per_world)
        seen["goal"][rows] = self.state.goal[rows]
        seen["entities_mask"][rows] = seen["entities"][rows, :, 0] != 0
        seen["dialogue_mask"][rows] = seen["dialogue"][rows, :, 0] != 0
        if self.camera.is_on:
            self._see(worlds, rows)
        if "audio" in self.senses:
            self.ears.hear(worlds, (rows.start, rows.stop), self.state, seen["audio"])
        if self.perturbations:
            self._perturber.disturb_senses(worlds, self.state, seen)

    def _see(self, worlds: tuple[int, int], rows: slice) -> None:
        s, scenery, rgb = self.state, self.camera.scenery, self.observation["camera"]
        self._run(dress_worlds, worlds, drawn=scenery.boxes, look=scenery.look,
                  front=scenery.front, object_start=scenery.object_start,
                  object_item=scenery.object_item, object_place=scenery.object_place)  # fmt: skip
        self.camera.take(worlds, (rows.start, rows.stop), s, self.eyes, self._row_world, rgb)
        dark = ((s.clock >= s.dark_from) & (s.clock < s.dark_until))[self._row_world[rows]]
        self.camera.blank(rows.start + np.flatnonzero(dark), rgb)

    @property
    def depth(self) -> NDArray[np.float32]:
        """(R, S, S) metres along the view axis, of the last ``observe``.

        Raises:
            ValueError: it was not asked for.
        """
        return self._asked_for("depth", self.camera.depth)

    @property
    def semantic(self) -> NDArray[np.uint8]:
        """(R, S, S) ids as in ``envs.world.layout.semantic_names``, of the last ``observe``.

        Raises:
            ValueError: it was not asked for.
        """
        return self._asked_for("semantic", self.camera.semantic)

    def _asked_for(self, sense: str, images: NDArray) -> NDArray:
        if sense not in self.senses:
            raise ValueError(
                f"{sense} was not asked for; make the world with senses=(..., {sense!r})"
            )
        return images

    def action_mask(self) -> NDArray[np.bool_]:
        """(R, MASK_SIZE) True where a branch value is allowed in the last observation."""
        return self._mask

    def take_catalogue(self, row: int) -> list[CatalogueEntry]:
        """Catalogue entries of a row that are new since the last call."""
        if self.state.event_count[row] == 0:
            return []
        world = row // self.npcs_per_world
        layout = self._layout(world)
        entries = build_entries(self.state, row, world, layout, int(self._sequence[row]) + 1)
        self._sequence[row] += len(entries)
        return entries

    def texts(self, row: int) -> list[Utterance]:
        """What a row heard in the last observation, as text."""
        count = int(self._heard_count[row])
        if count == 0:
            return []
        world = row // self.npcs_per_world
        task = self._episode(world).npcs[row % self.npcs_per_world]
        briefings = tuple(briefing.text for briefing in task.briefings)
        return build_texts(self._heard[row, :count].tolist(), briefings, self._layout(world))

    # -- stepping ------------------------------------------------------------------------------

    def step(self, actions: NDArray[np.integer]) -> StepResult:
        """Take one action per row.

        Args:
            actions: ``(R, 8)`` integers in the order of ``contract.BRANCHES``.

        Raises:
            ValueError: wrong shape, or a value outside its branch.
        """
        actions = check_actions(actions, self.num_rows)
        if self.state.action_delay.any():
            actions = delay_actions(actions, self.state)
        self._actions[:] = self._perturber.disturb_actions(actions, self.state.clock)
        running = self.state.running.copy()
        playing = running[self._row_world] & (self.state.done == 0)
        self._shards.run(self._step_worlds)
        self.ears.follow(self.state, self.layouts)
        self.state.clock[running] += 1
        self.tally.add(self._actions, self.state.last_act, playing)
        self._shown[:] = running
        return self.referee.judge(self.state, self.layouts, running, playing)

    def _step_worlds(self, first: int, last: int) -> None:
        worlds = (first, last)
        for kernel in (motion.move_bodies, walk_paths, drive_paths, *ACT_KERNELS, talk):
            self._run(kernel, worlds, actions=self._actions)
        if self.perturbations:
            self._run(spring_traps, worlds)
            self._perturber.disturb_things(worlds, self.state)

    def place_id(self, world: int, x: float, z: float) -> str | None:
        """Id of the place at (x, z) of a world, None when there is none."""
        return place_id_at(self._layout(world), x, z)

    def _layout(self, world: int) -> Layout:
        return _begun(self.layouts[world], world)

    def _episode(self, world: int) -> Episode:
        return _begun(self.episodes[world], world)

    def _run(self, kernel: Callable[..., None], worlds: tuple[int, int], **extra: Any) -> None:
        """Call a kernel for a run of worlds (first, last).

        Arguments that are not given are the state's arrays of that name. They are collected once,
        as threads cannot do that side by side: what is given must be the same arrays every time.
        """
        arguments = self._arguments.get(kernel)
        if arguments is None:
            given = {"npcs": self.npcs_per_world, **extra}
            arguments = self._arguments[kernel] = [
                given[name] if name in given else getattr(self.state, name)
                for name in _parameters(kernel)[2:]
            ]
        kernel(*worlds, *arguments)


def _begun(value: T | None, world: int) -> T:
    if value is None:
        raise ValueError(f"world {world} has no episode yet; call reset({world}, episode) first")
    return value


@cache
def _parameters(kernel: Any) -> tuple[str, ...]:
    return tuple(inspect.signature(kernel.py_func).parameters)
