"""Teaching the perception heads with the simulator's labels, which are targets only."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from agent.senses.heads import Senses
from agent.senses.percepts import SIGN_GLYPHS, SOUNDS
from agent.senses.senses import crop_entities, spectrograms
from agent.senses.signs import crop_signs
from envs.contract import NO_OP, STATE_NAMES, Act, Branch, EntityColumn, Kind, Move, SelfColumn
from envs.tasks import Episode
from envs.world.layout import GLYPHS
from envs.world.world import BatchWorld

_IS_DOOR = EntityColumn.KIND + Kind.DOOR
_IS_CLOSED = EntityColumn.STATE + STATE_NAMES.index("closed")
REACH = 1.5
PEAK_RATE = 2e-3
NEAREST, FARTHEST = 0.7, 3.2
"""So far in front of a thing the wanderer is set down, metres."""
VISIT_EVERY = 3
"""Decisions between two such visits, in every other world."""


@dataclass
class Examples:
    """Crops and ear signals with what they show."""

    crops: NDArray[np.float32]
    """``(n, CROP_SIZE)``."""
    colors: NDArray[np.int64]
    """``(n,)``."""
    lit: NDArray[np.int64]
    """``(n,)`` 1 where it is lit."""
    signs: NDArray[np.float32]
    """``(k, SIGN_SIZE)``."""
    glyphs: NDArray[np.int64]
    """``(k,)`` 0 for no sign."""
    audio: NDArray[np.float16]
    """``(m, 3200)``."""
    sounds: NDArray[np.float32]
    """``(m, SOUNDS, 3)`` presence, sine of the bearing, loudness."""


@dataclass
class Quality:
    """How good the heads are on scenes that they have not learned from."""

    color_accuracy: float
    lit_recall: float
    sign_recall: float
    sign_false_alarms: float
    sound_recall: float
    false_alarms: float
    sine_error: float

    def __str__(self) -> str:
        return (
            f"colours {self.color_accuracy:.3f} right; lit {self.lit_recall:.3f} and signs "
            f"{self.sign_recall:.3f} recalled, {self.sign_false_alarms:.4f} false signs; sounds "
            f"{self.sound_recall:.3f} recalled, {self.false_alarms:.4f} false alarms, error of "
            f"sin(bearing) {self.sine_error:.3f}"
        )


class Wanderer:
    """Walks about and opens doors, so that the heads see and hear a museum from everywhere."""

    def __init__(self, rows: int, random: np.random.Generator) -> None:
        self.random = random
        self.turning = np.zeros(rows, np.int64)
        self.side = np.zeros(rows, np.int64)

    def act(self, observation: dict[str, NDArray]) -> NDArray[np.int64]:
        """Actions ``(R, 8)`` for one observation."""
        rows = len(self.turning)
        actions = np.tile(np.array(NO_OP, np.int64), (rows, 1))
        bumped = observation["self"][:, SelfColumn.BUMPED] > 0.5
        start = (self.turning == 0) & (bumped | (self.random.random(rows) < 0.06))
        self.turning[start] = self.random.integers(1, 6, start.sum())
        self.side[start] = self.random.choice([0, 1, 3, 4], start.sum())
        turning = self.turning > 0
        actions[:, Branch.TURN] = np.where(turning, self.side, 2)
        actions[:, Branch.MOVE] = np.where(turning & bumped, Move.BACK, Move.WALK)
        actions[:, Branch.LOOK] = self.random.choice(3, rows, p=[0.2, 0.7, 0.1])
        self.turning[turning] -= 1
        entities = observation["entities"]
        shut = (entities[:, :, _IS_DOOR] > 0) & (entities[:, :, _IS_CLOSED] > 0)
        shut &= entities[:, :, EntityColumn.DISTANCE] < REACH
        can = shut.any(axis=1)
        which = shut.argmax(axis=1)
        actions[can, Branch.ACT] = Act.OPEN
        actions[can, Branch.TARGET] = entities[can, which[can], EntityColumn.SLOT].astype(np.int64)
        return actions


def collect(
    episodes: Iterator[Episode], decisions: int, worlds: int = 48, every: int = 3, seed: int = 0
) -> Examples:
    """Wander through scenes and keep what was seen and heard, with labels.

    Args:
        episodes: of one NPC each.
        decisions: how long to wander.
        worlds: worlds at once.
        every: keep one decision in so many.
        seed: of the wandering.
    """
    world = BatchWorld(worlds)
    walker = Wanderer(worlds, np.random.default_rng(seed))
    parts: list[Examples] = []
    for decision in range(decisions):
        if decision % 120 == 0:
            for index in range(worlds):
                world.reset(index, next(episodes))
        observation = world.observe()
        if decision % every == 0:
            parts.append(_look_and_listen(world, observation))
        world.step(walker.act(observation))
        if decision % VISIT_EVERY == VISIT_EVERY - 1:
            for index in range(0, worlds, 2):
                _visit(world, index, walker.random)
    names = [field.name for field in fields(Examples)]
    return Examples(**{
        name: np.concatenate([getattr(part, name) for part in parts]) for name in names
    })  # fmt: skip


def _visit(world: BatchWorld, index: int, random: np.random.Generator) -> None:
    """Set the wanderer down before the front of some thing: signs and light are rare on the way."""
    state = world.state
    count = int(state.object_count[index])
    signed = np.flatnonzero(state.object_sign[index, :count, 0])
    glowing = np.flatnonzero(state.object_glows[index, :count])
    groups = [group for group in (signed, glowing, np.arange(count)) if len(group)]
    if not groups:
        return
    thing = random.choice(groups[random.integers(len(groups))])
    side = state.object_yaw[index, thing] + random.uniform(-1.0, 1.0)
    away = random.uniform(NEAREST, FARTHEST)
    person = state.person[index * world.npcs_per_world]
    x, _, z = state.object_position[index, thing]
    state.person_position[index, person, 0] = x + away * math.sin(side)
    state.person_position[index, person, 2] = z + away * math.cos(side)
    state.person_yaw[index, person] = side + math.pi + random.uniform(-0.6, 0.6)


def _look_and_listen(world: BatchWorld, observation: dict[str, NDArray]) -> Examples:
    """The examples of one observation."""
    cut, weight = crop_entities(observation)
    fronts, readable = crop_signs(observation)
    color = world.labels.entity_color
    lit, glyph = _label_entities(world, observation)
    seen = (weight > 0) & (color >= 0)
    read = readable & seen & (glyph >= 0)
    audible = observation["audio"].any(axis=1)
    return Examples(
        crops=cut[seen],
        colors=color[seen].astype(np.int64),
        lit=lit[seen],
        signs=fronts[read],
        glyphs=glyph[read],
        audio=observation["audio"][audible].astype(np.float16),
        sounds=_label_sounds(world.labels.sound[audible]),
    )


def _label_entities(
    world: BatchWorld, observation: dict[str, NDArray]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Whether each entity ``(R, 32)`` is lit, and its glyph: 0 none, -1 one that is not taught."""
    state = world.state
    slots = observation["entities"][:, :, EntityColumn.SLOT].astype(np.int64)
    things = np.take_along_axis(state.slot_thing, slots, axis=1).astype(np.int64)
    worlds = np.arange(world.num_rows)[:, None] // world.npcs_per_world
    items = things - state.first_thing[worlds, Kind.OBJECT]
    is_object = observation["entities"][:, :, EntityColumn.KIND + Kind.OBJECT] > 0
    items = np.where(is_object, items, 0)
    lit = is_object & state.object_on[worlds, items] & state.object_glows[worlds, items]
    first, more = state.object_sign[worlds, items, 0], state.object_sign[worlds, items, 1]
    taught = np.full(len(GLYPHS) + 1, -1, np.int64)
    taught[0] = 0
    for number, glyph in enumerate(SIGN_GLYPHS, 1):
        taught[GLYPHS.index(glyph) + 1] = number
    return lit.astype(np.int64), np.where(more > 0, -1, taught[first])


def _label_sounds(labels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The world's labels ``(m, K, 3)`` as targets ``(m, SOUNDS, 3)``: the last is the loudest."""
    loudest = labels[:, :, 2].argmax(axis=1)
    known = labels[:, : SOUNDS - 1]
    return np.concatenate((known, labels[np.arange(len(labels)), loudest][:, None]), axis=1)


def teach(
    senses: Senses,
    examples: Examples,
    color_steps: int,
    sound_steps: int,
    seed: int = 0,
    progress: Callable[[float, float], None] | None = None,
) -> None:
    """Train all heads, in place.

    Args:
        senses: whose heads to train.
        examples: what to learn from.
        color_steps: batches for each of the heads that look at crops.
        sound_steps: batches for the sound head.
        seed: of the order of the examples.
        progress: told the fraction done and the loss, now and then.
    """
    generator = torch.Generator().manual_seed(seed)
    crops, colors = torch.from_numpy(examples.crops), torch.from_numpy(examples.colors)

    def color_loss() -> Tensor:
        chosen = torch.randint(len(colors), (256,), generator=generator)
        return nn.functional.cross_entropy(senses.color(crops[chosen]), colors[chosen])

    def lit_loss() -> Tensor:
        chosen = _even_draw(lit_kinds, generator)
        return nn.functional.cross_entropy(senses.lit(crops[chosen]), lit[chosen])

    def sign_loss() -> Tensor:
        chosen = _even_draw(sign_kinds, generator)
        return nn.functional.cross_entropy(senses.sign(signs[chosen]), glyphs[chosen])

    lit, signs = torch.from_numpy(examples.lit), torch.from_numpy(examples.signs)
    glyphs = torch.from_numpy(examples.glyphs)
    lit_kinds, sign_kinds = _kinds(lit), _kinds(glyphs.clamp(max=1))

    audio, sounds = torch.from_numpy(examples.audio), torch.from_numpy(examples.sounds)

    def sound_loss() -> Tensor:
        wave, label = _mixed(audio, sounds, 256, generator)
        presence, sine, loudness = senses.sound(torch.from_numpy(spectrograms(wave.numpy())))
        there = label[..., 0]
        heard = nn.functional.binary_cross_entropy_with_logits(presence, there, reduction="sum")
        off = (nn.functional.smooth_l1_loss(sine, label[..., 1], reduction="none", beta=0.1)
               + (loudness - label[..., 2].clamp(max=1.0)).abs()) * there  # fmt: skip
        return (heard + 2.0 * off.sum()) / len(wave)

    total, before = 3 * color_steps + sound_steps, 0
    for head, loss, steps in (
        (senses.color, color_loss, color_steps),
        (senses.lit, lit_loss, color_steps if len(lit_kinds) > 1 else 0),
        (senses.sign, sign_loss, color_steps if len(sign_kinds) > 1 else 0),
        (senses.sound, sound_loss, sound_steps),
    ):
        for step, value in _descend(head, loss, steps):
            if progress is not None and step % 50 == 0:
                progress((before + step) / total, value)
        before += steps


def _kinds(labels: Tensor) -> list[Tensor]:
    """Numbers of the examples of each label that occurs."""
    return [torch.nonzero(labels == label)[:, 0] for label in labels.unique()]


def _even_draw(kinds: list[Tensor], generator: torch.Generator) -> Tensor:
    """256 examples, as many of each label: what is rare is learned too."""
    share = 256 // len(kinds)
    return torch.cat([
        kind[torch.randint(len(kind), (share,), generator=generator)] for kind in kinds
    ])  # fmt: skip


def _mixed(
    audio: Tensor, sounds: Tensor, count: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """A batch in which half of the frames hear another frame's sources too."""
    first = torch.randint(len(audio), (count,), generator=generator)
    second = torch.randint(len(audio), (count,), generator=generator)
    both = torch.rand(count, generator=generator) < 0.5
    gain = 0.3 + 0.7 * torch.rand(count, 1, generator=generator)
    wave = audio[first].float() + audio[second].float() * (gain * both[:, None])
    label, other = sounds[first].clone(), sounds[second].clone()
    other[..., 2] *= gain
    other[~both] = 0.0
    louder = other[..., 2] > label[..., 2]
    label[louder] = other[louder]
    return wave, label


def _descend(
    head: nn.Module, loss: Callable[[], Tensor], steps: int
) -> Iterator[tuple[int, float]]:
    """Adam with a cosine; yields the number of each step and its loss."""
    optimizer = torch.optim.Adam(head.parameters(), PEAK_RATE)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * step / steps)))
        value = loss()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        yield step + 1, float(value.detach())


@torch.no_grad()
def measure(senses: Senses, examples: Examples) -> Quality:
    """Quality of the heads on examples that they were not taught with."""
    crops = torch.from_numpy(examples.crops)
    color = senses.color(crops).argmax(-1).numpy()
    lit = senses.lit(crops).argmax(-1).numpy()
    glyph = senses.sign(torch.from_numpy(examples.signs)).argmax(-1).numpy()
    presence, sine, _ = senses.sound(
        torch.from_numpy(spectrograms(examples.audio.astype(np.float32)))
    )
    there = examples.sounds[..., 0] > 0.5
    found = presence.numpy() > 0
    signed = examples.glyphs > 0
    return Quality(
        color_accuracy=_share(color == examples.colors),
        lit_recall=_share(lit[examples.lit == 1] == 1),
        sign_recall=_share(glyph[signed] == examples.glyphs[signed]),
        sign_false_alarms=_share(glyph[~signed] > 0),
        sound_recall=_share(found[there]),
        false_alarms=_share(found[~there]),
        sine_error=_share(np.abs(sine.numpy() - examples.sounds[..., 1])[there]),
    )


def _share(values: NDArray) -> float:
    """Mean; not a number where there is nothing to judge."""
    return float(values.mean()) if values.size else math.nan
