"""A scene file is enough to add a world with tasks of its own: no Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from envs.scene import load_scene
from envs.scene_file import written_scenes
from envs.tasks import make_episode

FILE = """\
name: two rooms
places:
  - {id: amber, name: the amber hall, floor: [0, 0, 4, 4]}
  - {id: cedar, name: the cedar room, floor: [4, 0, 8, 4]}
doors:
  - {id: door_1, between: [amber, cedar], position: [4, 2]}
objects:
  - {id: cup_1, class: cup, color: red, position: [0.5, 0.5]}
  - {id: cup_2, class: cup, color: blue, position: [0.5, 3.5]}
spawns:
  - {position: [2, 2]}
tasks:
  - id: clear_up
    npcs:
      - one_of: [cup_1, cup_2]
        steps: [{do: take, what: $one}, {do: put, what: $one, where: cedar}]
"""


def test_a_new_file_brings_a_task_that_can_be_played(tmp_path: Path):
    path = tmp_path / "rooms.yaml"
    path.write_text(FILE, encoding="utf-8")
    episode = make_episode("scene/clear_up", 3, scene=load_scene(path))
    goal = episode.npcs[0].goal
    assert goal.target in ("cup_1", "cup_2")
    assert [str(step.do) for step in goal.steps] == ["take", "put"]
    assert goal.steps[1].where == "cedar"


@pytest.mark.parametrize("name", written_scenes())
def test_every_task_of_a_written_scene_can_be_staged(name):
    scene = load_scene(name)
    for task in scene.tasks:
        assert make_episode(f"scene/{task.id}", 1, scene=scene).npcs
