"""A scene file is enough to add a world with tasks of its own: no Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from envs.goals import Verb
from envs.policies import oracle
from envs.scene import load_scene
from envs.scene_file import written_scenes
from envs.tasks import Episode, make_episode
from envs.world.world import BatchWorld

DOCS = Path(__file__).parents[3] / "docs" / "scenes.md"
EXAMPLE = DOCS.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]


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


@pytest.fixture
def tea_house(tmp_path: Path) -> Path:
    path = tmp_path / "tea.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


@pytest.mark.parametrize("task", ["lay_the_table", "find_the_tea"])
def test_the_example_of_the_page_brings_tasks_that_can_be_done(tea_house: Path, task: str):
    scene = load_scene(tea_house)
    assert [spec.id for spec in scene.tasks] == ["lay_the_table", "find_the_tea"]
    episodes = [make_episode(f"scene/{task}", seed, scene=scene) for seed in range(4)]
    assert solved(episodes) == [True] * 4


def test_the_example_of_the_page_says_which_cup(tea_house: Path):
    scene = load_scene(tea_house)
    (npc,) = make_episode("scene/lay_the_table", 3, scene=scene).npcs
    color = {"cup_1": "red", "cup_2": "blue"}[npc.goal.target]
    assert npc.instruction == f"take the {color} cup, then put the {color} cup on the table"
    assert npc.goal.steps[1].where == "table"


def test_the_page_names_every_verb_of_the_goal_language():
    page = DOCS.read_text(encoding="utf-8")
    assert [verb for verb in Verb if f"| `{verb}`" not in page and f", `{verb}`" not in page] == []


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
