"""Options that several commands of ``heedful`` have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.operations.standard_output import STDOUT, kept_for_numbers


def _keep_standard_output(context: typer.Context, file: Path | None) -> Path | None:
    if file == STDOUT:
        context.with_resource(kept_for_numbers())
    return file


Brain = Annotated[
    Path | None, typer.Option(help="Checkpoint of the brain; without it, the shipped one.")
]
JsonFile = Annotated[
    Path | None,
    typer.Option(
        "--json", metavar="FILE", callback=_keep_standard_output,
        help="Write the numbers to this file; - prints them, and all else to standard error.",
    ),
]  # fmt: skip
Speaking = Annotated[
    str, typer.Option(help="text, or voice: sentences are heard too (needs the extra voice).")
]
Without = Annotated[
    str,
    typer.Option(
        metavar="PARTS",
        help="Leave out, separated by commas: camera, audio, dialogue, graph, metacognition.",
    ),
]
Scene = Annotated[
    str, typer.Argument(help="A name (museum), a generated scene (museum:7) or a file.")
]


def split_names(text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
