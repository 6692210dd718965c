"""``heedful scene``: scenes checked, drawn and written as files, and the schema of these."""

from __future__ import annotations

from pathlib import Path

from envs.scene import Scene, SceneError, schema_text
from envs.scene_file import dump_scene, load_scene
from envs.scene_json import dump_scene_json


def validate(name: str) -> None:
    """Say what a valid scene has in it; a wrong one raises the sentence that says the cure."""
    scene = load_scene(name)
    print(f"{name} is valid: {describe(scene)}")


def render(name: str, out: Path, size: int) -> None:
    """Draw a scene from above into a PNG or JPEG file."""
    from envs.scene_picture import draw_scene

    picture = draw_scene(load_scene(name), size)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        picture.save(out)
    except OSError as error:
        raise _cannot_write(out, error) from error
    except ValueError as error:
        raise SceneError(
            f"{out} cannot be written ({error}): give --out a file that ends in .png or .jpg."
        ) from error
    print(f"Drawn to {out}")


def export(name: str, out: Path | None) -> None:
    """Write a scene as a scene file, such as a generated one to change it; None prints it.

    A name that ends in .json makes it JSON, which a Unity game's `SceneBuilder` reads.
    """
    scene = load_scene(name)
    is_json = out is not None and out.suffix == ".json"
    _write(dump_scene_json(scene) if is_json else dump_scene(scene), out)


def schema(out: Path | None) -> None:
    """Write the JSON Schema of scene files, for editors; None prints it."""
    _write(schema_text(), out)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _cannot_write(out, error) from error
    print(f"Written to {out}")


def _cannot_write(out: Path, error: OSError) -> SceneError:
    return SceneError(f"{out} cannot be written ({error.strerror}): give --out another file.")


def describe(scene: Scene) -> str:
    """What a scene has in it."""
    counts = {
        "place": len(scene.places), "door": len(scene.doors), "object": len(scene.objects),
        "person": len(scene.people), "topic": len(scene.topics),
    }  # fmt: skip
    plurals = {"person": "people"}
    return ", ".join(
        f"{count} {name if count == 1 else plurals.get(name, name + 's')}"
        for name, count in counts.items()
    )
