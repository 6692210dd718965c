"""``heedful scene``: scenes checked and drawn."""

from __future__ import annotations

from pathlib import Path

from envs.scene import Scene, SceneError
from envs.scene_file import load_scene


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
    except (OSError, ValueError) as error:
        raise SceneError(
            f"{out} cannot be written ({error}): give --out a file that ends in .png or .jpg."
        ) from error
    print(f"Drawn to {out}")


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
