"""The JSON Schema of scene files: complete, described, and the same in the repository."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agent.cli_commands import app
from envs.scene import scene_schema, schema_text
from envs.scene_file import written_scenes

SCENES = Path(__file__).parents[2] / "scenes"


def models() -> list[tuple[str, dict[str, Any]]]:
    schema = scene_schema()
    return [("Scene", schema), *schema["$defs"].items()]


def test_the_schema_names_fields_as_files_do():
    definitions = scene_schema()["$defs"]
    assert "class" in definitions["Object"]["properties"]
    assert definitions["Object"]["additionalProperties"] is False
    assert {"TaskSpec", "NpcGoal", "Step", "Reward"} <= set(definitions)


def test_only_what_nothing_carries_needs_a_position():
    thing = scene_schema()["$defs"]["Object"]
    assert thing["required"] == ["id", "class", "color"]
    assert thing["anyOf"] == [{"required": [name]} for name in ("position", "inside", "upon")]


@pytest.mark.parametrize(("name", "model"), models(), ids=[name for name, _ in models()])
def test_every_field_is_described(name, model):
    assert model["description"]
    missing = [
        field for field, about in model.get("properties", {}).items() if "description" not in about
    ]
    assert missing == []


def test_the_repository_has_the_schema_of_the_models():
    """When this fails: heedful scene schema --out scenes/schema.json."""
    assert (SCENES / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_command_writes_the_schema(tmp_path: Path):
    out = tmp_path / "new" / "schema.json"
    done = CliRunner().invoke(app, ["scene", "schema", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_text(encoding="utf-8") == schema_text()
    assert CliRunner().invoke(app, ["scene", "schema"]).stdout == schema_text()


@pytest.mark.parametrize("name", written_scenes())
def test_written_scenes_name_the_schema_for_editors(name):
    text = (resources.files("scenes") / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=schema.json"
