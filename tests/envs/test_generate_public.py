"""Schools, offices and service desks: valid, quick, and with all that tasks build on."""

from __future__ import annotations

from collections import Counter

import pytest

from envs.classes import CLASSES
from envs.generate import generate
from envs.scene import Scene
from envs.scene_checks import find_problems

ROLES = {"class_room": "teacher", "meeting_room": "clerk", "service_desk": "clerk"}
SEEDS = (*range(12), *range(1_000_000, 1_000_006))


@pytest.mark.parametrize("family", ROLES)
def test_every_scene_is_valid_and_has_what_tasks_need(family):
    for seed in SEEDS:
        scene = generate(family, seed)
        assert find_problems(scene) == []
        assert Scene.model_validate(scene.model_dump()) == scene
        check_ingredients(scene, ROLES[family])


def check_ingredients(scene: Scene, role: str) -> None:
    objects = scene.objects
    kinds = Counter(thing.class_name for thing in objects)
    assert len(scene.thing_ids()) <= 60
    assert 5 <= len(scene.places) <= 8
    assert len({place.name for place in scene.places}) == len(scene.places)
    assert len(scene.spawns) >= 4
    knowing = [person for person in scene.people if person.role == role]
    assert len(knowing) == 1
    assert {fact.about for fact in knowing[0].facts} == {topic.id for topic in scene.topics}
    alike = [
        name for name, count in kinds.items()
        if count >= 4 and CLASSES[name].portable
        and len({t.color for t in objects if t.class_name == name}) == count
    ]  # fmt: skip
    assert alike
    assert any(count >= 4 and CLASSES[name].switchable for name, count in kinds.items())
    assert sum(thing.text is not None for thing in objects) >= 3
    assert any(CLASSES[thing.class_name].surface for thing in objects)
    full = {thing.inside for thing in objects}
    assert any(CLASSES[t.class_name].container and t.id not in full for t in objects)
    single = [t for t in objects if kinds[t.class_name] == 1 and CLASSES[t.class_name].portable]
    assert len(single) >= 2


@pytest.mark.parametrize("family", ROLES)
def test_difficulty_grows_the_building(family):
    easy = [len(generate(family, seed, 0.0).places) for seed in range(8)]
    hard = [len(generate(family, seed, 1.0).places) for seed in range(8)]
    assert max(easy) < min(hard)


@pytest.mark.parametrize("family", ROLES)
def test_the_same_seed_is_the_same_scene(family):
    assert generate(family, 5) == generate(family, 5) != generate(family, 6)
