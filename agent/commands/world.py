"""``heedful world``: a headless world that connects to a server."""

from __future__ import annotations

from pathlib import Path

from envs.tasks import parse_seeds
from unity_bridge.areas import EpisodeResult
from unity_bridge.errors import OptionError
from unity_bridge.playing import PlayerOptions, run_player


def run(
    scene: str, host: str, port: int, tasks: tuple[str, ...], seeds: str | None, areas: int,
    results: Path | None, speech: str,
) -> None:  # fmt: skip
    """Play a scene for the server that listens on a port."""
    try:
        chosen = parse_seeds(seeds) if seeds is not None else None
    except ValueError as error:
        raise OptionError(str(error)) from None
    options = PlayerOptions(
        port, host, scene=scene, tasks=tasks, seeds=chosen, areas=areas, results=results,
        speech=speech,
    )  # fmt: skip
    played = run_player(options, on_result=_tell)
    print(f"{played} episodes finished")


def _tell(result: EpisodeResult) -> None:
    """One line for each finished episode."""
    how = "succeeded" if result.success else "failed"
    print(f"{result.task} {result.seed}: {how} after {result.decisions} decisions")
