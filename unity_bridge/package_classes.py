"""Classes and colours as C#: ``python -m unity_bridge.package_classes`` writes the tables.

`SceneBuilder` and `SceneExporter` of the Unity package need them to read and write scene files. The
files are checked in; a test fails when they differ from what this module makes of ``envs``.
"""

from __future__ import annotations

from collections.abc import Iterator

from envs import palette
from envs.classes import CLASSES, SOUND_NAMES, ClassInfo
from envs.scene import BARRIER_HEIGHT, DOOR_HEIGHT, WALL_THICKNESS, load_scene
from envs.scene_json import dump_scene_json
from unity_bridge.package_meta import PACKAGE

TARGET = PACKAGE / "Runtime" / "Export" / "SceneTables.cs"
SAMPLES = (PACKAGE / "Editor" / "museum.json", PACKAGE / "Samples~" / "Museum" / "museum.json")
"""The museum as JSON: what the editor's menu and the sample build."""


def make_csharp() -> str:
    """The text of ``SceneTables.cs``."""
    lines = [
        "// Generated from envs/classes.py, envs/palette.py and envs/scene.py by",
        "// `python -m unity_bridge.package_classes`: do not edit.",
        "using UnityEngine;",
        "",
        "namespace Heedful",
        "{",
        *(f"    {line}" if line else "" for line in (*_classes(), "", *_palette(), "", *_sizes())),
        "}",
    ]
    return "\n".join(lines) + "\n"


def make_sample() -> str:
    """The text of the samples' ``museum.json``."""
    return dump_scene_json(load_scene("museum"))


def _classes() -> Iterator[str]:
    yield "public static partial class SceneClasses"
    yield "{"
    yield "    /// <summary>Every class of object of the headless world.</summary>"
    yield "    public static readonly SceneClass[] All ="
    yield "    {"
    for info in CLASSES.values():
        yield f"        {_class(info)},"
    yield "    };"
    yield ""
    yield "    /// <summary>What a thing can sound like.</summary>"
    yield "    public static readonly string[] SoundNames ="
    yield "    {"
    yield f"        {_quoted(SOUND_NAMES)}"
    yield "    };"
    yield "}"


def _class(info: ClassInfo) -> str:
    size = ", ".join(f"{side:g}f" for side in info.size)
    acts = " ".join(info.affordances)
    traits = " | ".join(
        f"EntityTraits.{name.title()}"
        for name in ("container", "surface", "heavy", "glows")
        if getattr(info, name)
    )
    flags = f"{str(info.machine).lower()}, {str(info.written).lower()}"
    return (
        f'new SceneClass("{info.name}", new Vector3({size}), "{acts}", '
        f"{traits or 'EntityTraits.None'}, {flags})"
    )


def _palette() -> Iterator[str]:
    yield "public static partial class ScenePalette"
    yield "{"
    yield "    /// <summary>Names of the colours.</summary>"
    yield f"    public static readonly string[] Names = {{ {_quoted(palette.COLOR_NAMES)} }};"
    yield ""
    yield "    /// <summary>The colours, in the order of Names.</summary>"
    yield "    public static readonly Color32[] Colors ="
    yield "    {"
    for color in palette.COLORS.values():
        yield f"        {_color(color)},"
    yield "    };"
    for name, color in (
        ("Door", palette.DOOR_COLOR), ("Gate", palette.GATE_COLOR),
        ("Barrier", palette.BARRIER_COLOR), ("Floor", palette.FLOOR_COLORS[0]),
        ("Wall", palette.WALL_COLORS[0]), ("Ceiling", palette.CEILING_COLOR),
        ("Npc", palette.PERSON_COLORS["npc"][0]), ("Guide", palette.PERSON_COLORS["guide"][0]),
        ("Person", palette.PERSON_COLORS["visitor"][0]),
    ):  # fmt: skip
        yield ""
        yield f"    /// <summary>Colour of a {name.lower()}.</summary>"
        yield f"    public static readonly Color32 {name} = {_color(color)};"
    yield "}"


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _color(color: palette.RGB) -> str:
    return f"new Color32({', '.join(map(str, color))}, 255)"


def _sizes() -> Iterator[str]:
    yield "public static partial class SceneWalls"
    yield "{"
    for name, value, meaning in (
        ("Thickness", WALL_THICKNESS, "Of a wall, centred on the edge of places; metres."),
        ("DoorHeight", DOOR_HEIGHT, "Of the gap of a door, metres."),
        ("BarrierHeight", BARRIER_HEIGHT, "Of a barrier in a doorway, metres."),
    ):
        yield f"    /// <summary>{meaning}</summary>"
        yield f"    public const float {name} = {value:g}f;"
    yield "}"


def main() -> None:
    """Write the files."""
    TARGET.write_text(make_csharp(), encoding="utf-8")
    for sample in SAMPLES:
        sample.write_text(make_sample(), encoding="utf-8")


if __name__ == "__main__":
    main()
