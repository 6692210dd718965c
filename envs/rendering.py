"""Pictures of running worlds for ``render``: what NPCs see, and plans from above.

=============  ==================================================================================
render mode    ``render`` returns
=============  ==================================================================================
``rgb_array``  what the NPCs of a world see, side by side: ``(size, size * NPCs, 3)`` uint8
``top``        the world from above: ``(size, size, 3)`` uint8
``human``      nothing: what the NPCs see is shown in a window (needs the extra ``window``)
=============  ==================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from envs.contract import DECISION_SECONDS
from envs.suggest import did_you_mean

if TYPE_CHECKING:
    from envs.scene_picture import TopView
    from envs.window import Window
    from envs.world.layout import Layout
    from envs.world.world import BatchWorld

RENDER_MODES = ("rgb_array", "top", "human")
FRAMES_PER_SECOND = round(1 / DECISION_SECONDS)
LARGE = 512
"""Height of plans and of what a window shows, unless asked for otherwise; pixels."""

Frame = NDArray[np.uint8]


def check_render_mode(mode: str | None) -> None:
    """Raise ValueError unless there is such a render mode (None is one)."""
    if mode is not None and mode not in RENDER_MODES:
        raise ValueError(f"There is no render mode '{mode}': {did_you_mean(mode, RENDER_MODES)}")


class Renderer:
    """Draws the worlds of a batch, one picture for each world."""

    def __init__(self, world: BatchWorld, mode: str | None, size: int | None = None) -> None:
        """Make a renderer; a window opens with the first picture.

        Args:
            world: whose worlds are drawn.
            mode: one of RENDER_MODES, or None: nothing is ever drawn.
            size: height of the pictures, pixels.

        Raises:
            ValueError: the size is not positive.
        """
        if size is not None and size < 1:
            raise ValueError(f"A render size of {size} pixels shows nothing: take 1 or more.")
        self._world, self._mode = world, mode
        self._size = size or (world.camera.size if mode == "rgb_array" else LARGE)
        self._plans: dict[int, tuple[Layout, TopView]] = {}
        self._window: Window | None = None

    @property
    def is_window(self) -> bool:
        """Whether pictures are for a window, which is brought up to date at every decision."""
        return self._mode == "human"

    def render(self) -> list[Frame] | None:
        """A picture of every world as it was last observed; None for a window or no mode."""
        if self._mode is None:
            return None
        draw = self._plan if self._mode == "top" else self._cameras
        frames = [draw(index) for index in range(self._world.num_worlds)]
        if self._mode == "human":
            self._show(tile(frames))
            return None
        return frames

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def _cameras(self, index: int) -> Frame:
        npcs = self._world.npcs_per_world
        frames = self._world.observation["camera"][index * npcs : (index + 1) * npcs]
        return np.concatenate(
            [resized(frame.transpose(1, 2, 0), self._size) for frame in frames], 1
        )

    def _plan(self, index: int) -> Frame:
        from envs.scene_picture import TopView

        layout, state = self._world.layouts[index], self._world.state
        if layout is None:
            raise ValueError("There is nothing to draw before the first episode: call reset first.")
        drawn_for, view = self._plans.get(index, (None, None))
        if view is None or drawn_for is not layout:
            view = TopView(layout, self._size)
            self._plans[index] = layout, view
        return view.frame(
            state.person_position[index, : layout.person_count],
            state.person_yaw[index, : layout.person_count],
            door_state=state.door_state[index, : layout.door_count],
            object_position=state.object_position[index, : layout.object_count],
        )

    def _show(self, frame: Frame) -> None:
        from envs.window import Window

        if self._window is None:
            self._window = Window("heedful", (frame.shape[1], frame.shape[0]))
        self._window.show(frame)


def resized(frame: NDArray[np.uint8], size: int) -> Frame:
    """A square picture ``(S, S, 3)`` with another side, by its nearest pixels."""
    nearest = np.arange(size) * frame.shape[0] // size
    return np.ascontiguousarray(frame[nearest][:, nearest])


def tile(frames: Sequence[Frame]) -> Frame:
    """Pictures of one shape in a grid that is about square; places left over are black."""
    columns = math.ceil(math.sqrt(len(frames)))
    rows = math.ceil(len(frames) / columns)
    grid: NDArray[Any] = np.zeros((rows * columns, *frames[0].shape), np.uint8)
    grid[: len(frames)] = frames
    height, width = frames[0].shape[:2]
    grid = grid.reshape(rows, columns, height, width, 3).swapaxes(1, 2)
    return np.ascontiguousarray(grid.reshape(rows * height, columns * width, 3))
