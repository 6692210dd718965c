"""Scenes as JSON, for programs that have no YAML: Unity's builder reads it, its exporter writes it.

It has the fields of scene files and means the same, so everything that takes a scene file takes it
too. Nothing in it must be looked up elsewhere: every default is written out, an object has the size
and the affordances of its class, and what is carried has its position.
"""

from __future__ import annotations

import json

from envs.classes import CLASSES
from envs.scene import Scene


def dump_scene_json(scene: Scene) -> str:
    """Write a scene as JSON that `envs.scene_file.parse_scene` reads back; None is left out."""
    data = scene.model_dump(mode="json", by_alias=True, exclude_none=True)
    for thing in data["objects"]:
        info = CLASSES[thing["class"]]
        thing.setdefault("size", info.size)
        thing.setdefault("affordances", info.affordances)
        if info.heavy and "take" in thing["affordances"]:
            thing.setdefault("heavy", True)
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"
