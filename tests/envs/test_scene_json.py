"""Scenes as JSON: they mean what the YAML means, and nothing must be looked up."""

from __future__ import annotations

import json

import pytest

from envs.classes import CLASSES
from envs.generate import FAMILIES
from envs.scene import Object, Scene, SceneError, load_scene
from envs.scene_file import parse_scene, written_scenes
from envs.scene_json import dump_scene_json


@pytest.mark.parametrize("name", [*written_scenes(), *(f"{family}:7" for family in FAMILIES)])
def test_json_means_what_the_scene_means(name):
    scene = load_scene(name)
    text = dump_scene_json(scene)
    assert _as_its_classes_have_it(parse_scene(text, f"{name}.json")) == scene
    json.loads(text)  # JSON, not only YAML


def test_nothing_must_be_looked_up():
    data = json.loads(dump_scene_json(load_scene("home")))
    for thing in data["objects"]:
        assert len(thing["position"]) == 2
        assert len(thing["size"]) == 3
        assert "examine" in thing["affordances"]
        assert None not in thing.values()
    carried = [thing for thing in data["objects"] if "inside" in thing or "upon" in thing]
    by_id = {thing["id"]: thing for thing in data["objects"]}
    assert carried
    for thing in carried:
        assert thing["position"] == by_id[thing.get("inside") or thing["upon"]]["position"]


def test_a_crate_is_said_to_be_heavy_only_where_it_can_be_lifted():
    workshop = load_scene("workshop")
    crates = [thing for thing in workshop.objects if thing.class_name == "crate"]
    assert crates
    fixed = {crate.id: crate.model_copy(update={"affordances": ("examine",)}) for crate in crates}
    for scene, written in (
        (workshop, True),
        (workshop.model_copy(update={
            "objects": tuple(fixed.get(o.id, o) for o in workshop.objects), "tasks": (),
        }), None),
    ):  # fmt: skip
        data = json.loads(dump_scene_json(scene))
        heavy = {thing["id"]: thing.get("heavy") for thing in data["objects"]}
        assert {heavy[crate.id] for crate in crates} == {written}
        parse_scene(json.dumps(data), "workshop.json")


def test_a_json_file_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SceneError, match=r"musem\.json: there is no such file"):
        load_scene("musem.json")


def _as_its_classes_have_it(scene: Scene) -> Scene:
    """The scene with everything that is as its class has it left out again."""
    return scene.model_copy(update={"objects": tuple(map(_short, scene.objects))})


def _short(thing: Object) -> Object:
    info = CLASSES[thing.class_name]
    return thing.model_copy(update={
        name: None for name in ("size", "affordances", "heavy")
        if getattr(thing, name) == getattr(info, name)
    })  # fmt: skip
