"""Plans and frames show what they should, where they should."""

from __future__ import annotations

import time

import numpy as np
import pytest

from envs.generate import generate
from envs.palette import COLORS
from envs.plan_brush import DOOR, GLOW, NPC_COLORS, PAPER, WALL, Paper
from envs.scene import Person, Scene, load_scene
from envs.scene_picture import TopView, draw_scene
from envs.world.layout import DOOR_STATES, build_layout


@pytest.fixture(scope="module")
def museum() -> Scene:
    scene = load_scene("museum")
    ada = Person(id="ada", name="Ada", role="npc", position=(5.25, 1.25))
    return scene.model_copy(update={"people": (*scene.people, ada)})


def near(pixel, color, slack=30) -> bool:
    return bool(np.abs(np.asarray(pixel, int) - color).max() <= slack)


@pytest.fixture(scope="module")
def at(museum):
    """Pixel of a point on the frames."""
    layout = build_layout(museum)
    paper = Paper.around(layout, 384, 384, margin=0.3)

    def find(x, z):
        column, row = paper.at(x, z)
        return int(row), int(column)

    return find


def test_a_plan_is_a_labelled_picture(museum):
    image = draw_scene(museum, 400)
    assert image.mode == "RGB"
    assert image.width == 400
    assert image.getpixel((1, 1)) == PAPER
    colors = {tuple(color) for color in np.asarray(image).reshape(-1, 3).tolist()}
    assert WALL in colors
    for name in ("red", "green", "blue", "yellow"):
        assert COLORS[name] in colors
    for state in ("closed", "locked"):
        assert DOOR[state] in colors


@pytest.mark.parametrize("seed", range(12))
def test_any_scene_can_be_drawn(seed):
    assert draw_scene(generate("museum", seed), 200).width == 200


def test_frames_show_things_where_they_are(museum, at):
    layout = build_layout(museum)
    view = TopView(layout)
    frame = view.frame()
    assert frame.shape == (384, 384, 3)
    assert frame.dtype == np.uint8
    assert near(frame[at(4.0, 0.3)], WALL)
    row, column = at(0.3, 3.71)  # beside the inner mark of the red vase
    assert near(frame[row, column], COLORS["red"])
    moved = layout.object_position.copy()
    moved[0] = (2.0, 0.0, 1.2)
    frame = view.frame(object_position=moved)
    assert not near(frame[row, column], COLORS["red"])
    assert near(frame[at(2.0, 1.31)], COLORS["red"])


def test_frames_show_people_doors_trails_and_targets(museum, at):
    layout = build_layout(museum)
    view = TopView(layout)
    people = layout.person_position.copy()
    people[3] = (2.0, 1.0)
    assert near(view.frame(people)[at(2.0, 1.0)], NPC_COLORS[0])
    lifted = np.insert(people, 1, 0.0, axis=1)  # x, feet, z
    assert np.array_equal(view.frame(lifted), view.frame(people))

    east = layout.index["east_door"] - layout.first_door
    states = np.full(layout.door_count, DOOR_STATES.index("closed"))
    assert near(view.frame(door_state=states)[at(8.0, 2.0)], DOOR["closed"])
    states[east] = DOOR_STATES.index("open")
    assert not near(view.frame(door_state=states)[at(8.0, 2.0)], DOOR["closed"])

    trail = np.array([(9.0, 3.0), (11.0, 3.0)])
    changed = np.abs(view.frame(trails=[trail]).astype(int) - view.frame()).sum(2)
    assert changed[at(10.0, 3.0)] > 100
    assert changed[at(10.0, 3.4)] == 0
    assert not np.array_equal(view.frame(routes=[trail]), view.frame())
    assert np.array_equal(view.frame(trails=[trail[:1]], routes=[trail[:0]]), view.frame())

    ring = view.frame(targets=[layout.index["harp_1"]])
    assert near(ring[at(10.0, 1.6 + 0.42)], GLOW, 60)
    room = view.frame(targets=[layout.index["court"]])
    assert (room != view.frame()).any(2).sum() > 5_000
    topic = view.frame(targets=[layout.index["concert"]])  # has no body
    assert np.array_equal(topic, view.frame())


def test_a_frame_is_quick(museum):
    """Measured 4 ms on a busy core; the bound leaves room for slow machines."""
    view = TopView(build_layout(museum))
    start = time.process_time()
    for _ in range(10):
        view.frame()
    assert (time.process_time() - start) / 10 < 0.04
