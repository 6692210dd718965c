"""Pictures of the pages: an episode as its NPC sees it and from above, and scenes by difficulty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from envs.generate import generate
from envs.goals import Goal
from envs.plan_brush import INK, PAPER, font_of
from envs.policies import oracle
from envs.scene_picture import TopView, draw_scene
from envs.tasks import Episode
from envs.world.world import BatchWorld

EYE = 256
"""Side of a first-person view, pixels."""
PLAN, GAP = 480, 12
"""Side of a plan, and what is between pictures; pixels."""
MOMENT = 0.55
"""Share of the episode that has passed in the picture."""
PLAN_WIDTH = 330
"""Of one plan of a family's page."""
DIFFICULTIES = (0.0, 0.5, 1.0)


def picture_episode(episode: Episode) -> Image.Image:
    """What the first NPCs see in the middle of an episode that the oracle plays, and their ways."""
    npcs = len(episode.npcs)
    world = BatchWorld(1, npcs, senses=("camera",), camera_size=EYE, threads=1)
    world.reset(0, episode)
    layout = world.layouts[0]
    assert layout is not None
    state, people = world.state, world.state.person[:npcs]
    frames: list[NDArray[np.uint8]] = []
    moments: list[dict[str, Any]] = []
    while state.running[0]:
        seen = world.observe()["camera"][:2].transpose(0, 2, 3, 1).copy()
        frames.append(seen)
        moments.append({
            "person_position": state.person_position[0, : layout.person_count].copy(),
            "person_yaw": state.person_yaw[0, : layout.person_count].copy(),
            "door_state": state.door_state[0, : layout.door_count].copy(),
            "object_position": state.object_position[0, : layout.object_count].copy(),
        })  # fmt: skip
        world.step(oracle(world))
    now = round(MOMENT * (len(moments) - 1))
    trails = [
        np.array([moment["person_position"][person, ::2] for moment in moments])
        for person in people
    ]
    targets = sorted({layout.index[name] for npc in episode.npcs for name in _named(npc.goal)})
    top = TopView(layout, PLAN).frame(**moments[now], trails=trails, targets=targets)
    return _beside([*frames[now], top])


def _named(goal: Goal) -> set[str]:
    return {name for step in goal.steps for name in (step.what, step.where) if name}


def _beside(parts: Sequence[NDArray[np.uint8]]) -> Image.Image:
    height = max(len(part) for part in parts)
    width = sum(part.shape[1] for part in parts) + GAP * (len(parts) - 1)
    picture = Image.new("RGB", (width, height), PAPER)
    x = 0
    for part in parts:
        picture.paste(Image.fromarray(part), (x, (height - len(part)) // 2))
        x += part.shape[1] + GAP
    return picture


def picture_family(family: str, seed: int) -> Image.Image:
    """Plans of an easy, a middling and a hard scene of a family, side by side."""
    plans = []
    for difficulty in DIFFICULTIES:
        plan = draw_scene(generate(family, seed, difficulty), PLAN_WIDTH * 2).reduce(2)
        head = Image.new("RGB", (plan.width, plan.height + 22), PAPER)
        head.paste(plan, (0, 22))
        ImageDraw.Draw(head).text(
            (plan.width / 2, 12), f"difficulty {difficulty:g}", INK, font_of(13), "mm"
        )
        plans.append(np.asarray(head, np.uint8))
    return _beside(plans)
