"""Success as pictures: a table of coloured cells, tasks by policies or tasks by families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from agent.evaluate import EvaluationError
from envs.palette import RGB
from envs.plan_brush import INK, PALE_INK, PAPER, font_of

CELL = (92, 26)
"""Width and height of a cell, pixels."""
LABELS = 250
"""Width of the row names."""
HEAD = 64
EMPTY: RGB = (236, 233, 226)
LOW: RGB = (222, 150, 120)
MIDDLE: RGB = (240, 224, 170)
HIGH: RGB = (112, 176, 138)


def heat_table(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[str, str], float | None],
) -> Image.Image:
    """A picture of fractions.

    Args:
        title: written above.
        rows, columns: names, in order.
        values: (row, column) -> 0 to 1; a missing or None one is an empty cell.
    """
    width = LABELS + CELL[0] * len(columns) + 16
    height = HEAD + CELL[1] * len(rows) + 16
    picture = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((12, 10), title, INK, font_of(17))
    small, bold = font_of(13), font_of(14)
    for place, column in enumerate(columns):
        x = LABELS + CELL[0] * place + CELL[0] / 2
        draw.text((x, HEAD - 12), column.replace("_", " "), PALE_INK, small, "mm")
    for number, row in enumerate(rows):
        y = HEAD + CELL[1] * number
        draw.text((LABELS - 12, y + CELL[1] / 2), row.replace("_", " "), INK, small, "rm")
        for place, column in enumerate(columns):
            x, value = LABELS + CELL[0] * place, values.get((row, column))
            box = (x + 1, y + 1, x + CELL[0] - 2, y + CELL[1] - 2)
            draw.rounded_rectangle(box, 4, EMPTY if value is None else _color(value))
            if value is not None:
                middle = (x + CELL[0] / 2, y + CELL[1] / 2)
                draw.text(middle, f"{value:.2f}", INK, bold, "mm")
    return picture


def _color(value: float) -> RGB:
    low, high, part = (LOW, MIDDLE, 2 * value) if value < 0.5 else (MIDDLE, HIGH, 2 * value - 1)
    mixed = [round(a + (b - a) * part) for a, b in zip(low, high, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def save(picture: Image.Image, path: Path) -> None:
    """Write a PNG.

    Raises:
        EvaluationError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, optimize=True)
    except OSError as error:
        raise EvaluationError(
            f"{path} cannot be written ({error.strerror}): give --out another folder."
        ) from error
