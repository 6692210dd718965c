"""What is shown: the camera, the plan from above and the words beneath; the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from agent.play.view import View
from envs.rendering import Renderer
from envs.world.world import BatchWorld

PLAN_SIZE = 512
"""Side of the plan, pixels."""


@dataclass(frozen=True)
class Shown:
    """One moment."""

    camera: NDArray[np.uint8]
    """``(S, S, 3)``"""
    plan: NDArray[np.uint8] | None
    """``(PLAN_SIZE, PLAN_SIZE, 3)``, None where it is hidden."""
    goal: str
    subtitles: Sequence[str]
    status: Sequence[str]
    prompt: Sequence[str]

    def lines(self) -> list[tuple[str, str]]:
        """(kind, text) of every line beneath the pictures."""
        return [
            ("goal", self.goal),
            *(("speech", text) for text in self.subtitles),
            *(("status", text) for text in self.status if text),
            *(("prompt", text) for text in self.prompt),
        ]


class Screen(Protocol):
    """Where moments are shown."""

    def show(self, shown: Shown) -> None:
        """Show one."""
        ...

    def close(self) -> None:
        """Give the screen back."""
        ...


class NoScreen:
    """Shows nothing: where keys are scripted and there is no terminal."""

    def show(self, shown: Shown) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Camera:
    """Composes moments of a world.

    Args:
        world: one world.
        plan: whether it is shown from above too.
    """

    def __init__(self, world: BatchWorld, *, plan: bool) -> None:
        self._renderer = Renderer(world, "top", PLAN_SIZE) if plan else None

    def take(self, view: View, prompt: Sequence[str]) -> Shown:
        """The present moment, as the view has it."""
        frames = self._renderer.render() if self._renderer is not None else None
        return Shown(
            camera=np.ascontiguousarray(view.observation["camera"].transpose(1, 2, 0)),
            plan=frames[0] if frames else None,
            goal=view.instruction,
            subtitles=[str(subtitle) for subtitle in view.subtitles],
            status=[view.body_line(), view.sight_line(), view.act_line(), view.notice],
            prompt=prompt,
        )
