"""A scene file is enough to add a world with tasks of its own: no Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from envs.policies import oracle
from envs.scene import load_scene
from envs.scene_file import written_scenes
from envs.tasks import Episode, make_episode
from envs.world.world import BatchWorld

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


def solved(episodes: list[Episode]) -> list[bool]:
    """Whether the oracle succeeds in each of some episodes of as many NPCs."""
    npcs = len(episodes[0].npcs)
    world = BatchWorld(len(episodes), npcs, senses=(), threads=1)
    for number, episode in enumerate(episodes):
        world.reset(number, episode)
    ended, success = np.zeros(len(episodes), bool), np.zeros(len(episodes), bool)
    while not ended.all():
        world.observe()
        result = world.step(oracle(world))
        over = (result.terminated | result.truncated) & ~ended
        success |= over & result.success.reshape(-1, npcs).all(axis=1)
        ended |= over
    return success.tolist()


def test_a_new_file_brings_a_task_that_can_be_played(tmp_path: Path):
    path = tmp_path / "rooms.yaml"
    path.write_text(FILE, encoding="utf-8")
    episode = make_episode("scene/clear_up", 3, scene=load_scene(path))
    goal = episode.npcs[0].goal
    assert goal.target in ("cup_1", "cup_2")
    assert [str(step.do) for step in goal.steps] == ["take", "put"]
    assert goal.steps[1].where == "cedar"


TASKS = [(name, task.id) for name in written_scenes() for task in load_scene(name).tasks]


@pytest.mark.parametrize(("name", "task"), TASKS)
def test_the_oracle_does_every_task_of_a_written_scene(name, task):
    scene = load_scene(name)
    episodes = [make_episode(f"scene/{task}", seed, scene=scene) for seed in range(6)]
    assert solved(episodes) == [True] * 6


@pytest.mark.parametrize("name", ["class_room", "meeting_room", "service_desk"])
def test_scenes_of_work_bring_their_own_tasks_for_one_and_for_two(name):
    tasks = load_scene(name).tasks
    assert 3 <= len(tasks) <= 5
    assert {len(task.npcs) for task in tasks} == {1, 2}
