"""Writes all pages and pictures into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.progress import track

from agent.docs.pictures import picture_episode, picture_family
from agent.docs.text import FIRST, example, family_page, index_page, page_name, task_page
from envs.generate import FAMILIES
from envs.tasks import TASKS, Task

COLORS = 128
"""Of a picture's palette: enough for plans and frames, and a quarter of the size."""


class DocsError(ValueError):
    """The pages cannot be written; one sentence with the cure."""


def pages() -> dict[str, str]:
    """Markdown of every page by its file name."""
    return {
        "README.md": index_page(),
        **{f"family-{family}.md": family_page(family) for family in FAMILIES},
        **{f"{page_name(name)}.md": task_page(task) for name, task in TASKS.items()},
    }


def pictures() -> Iterator[tuple[str, Callable[[], Image.Image]]]:
    """Every picture's file name, and what draws it."""
    for family in FAMILIES:
        yield f"families/{family}.png", partial(picture_family, family, FIRST)
    for name, task in TASKS.items():
        yield f"tasks/{page_name(name)}.png", partial(_picture_task, task)


def _picture_task(task: Task) -> Image.Image:
    return picture_episode(example(task, 0))


def run(out: Path) -> None:
    """Write them, with a bar.

    Raises:
        DocsError: the folder cannot be written.
    """
    console = Console()
    try:
        for name in ("families", "tasks"):
            (out / name).mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (out / name).write_text(text, encoding="utf-8")
        for name, draw in track(list(pictures()), "drawing", console=console, transient=True):
            draw().quantize(COLORS).save(out / name, optimize=True)
    except OSError as error:
        raise DocsError(
            f"{out} cannot be written ({error.strerror}): give --out another folder."
        ) from error
    console.print(f"Written to {out / 'README.md'}", highlight=False)
