"""The headless world as a Unity player: what ``heedful-player --mlagents-port N`` does.

It connects to whoever trains or serves (``heedful serve``, ``mlagents-learn``, any program that
uses ``mlagents_envs``) exactly as a Unity game does, and plays areas of the headless world.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from envs.tasks import parse_seeds
from unity_bridge.areas import EpisodeResult
from unity_bridge.client import Client
from unity_bridge.errors import BridgeError, OptionError
from unity_bridge.game import Game, make_greeting, make_waiting
from unity_bridge.programme import PlayerOptions, Programme

_log = logging.getLogger("unity_bridge.player")


def run_player(
    options: PlayerOptions, on_result: Callable[[EpisodeResult], None] | None = None
) -> int:
    """Play until the server says quit or every episode has been played.

    Args:
        options: what to play, and for whom.
        on_result: called with the result of every finished episode.

    Returns:
        How many episodes were finished.

    Raises:
        OptionError: when something is wrong with the options, in one sentence.
        BridgeError: when something is wrong with the connection.
    """
    programme = Programme(options)
    finished = 0
    with ExitStack() as stack:
        file = None
        if options.results is not None:
            file = stack.enter_context(_open_results(options.results))
        client = stack.enter_context(Client(options.address, options.port))
        game = Game(programme, client.exchange(make_greeting()))
        reply = client.exchange(make_waiting())
        begun = time.perf_counter()
        while True:
            message = game.answer(reply)
            for result in game.results:
                finished += 1
                if file is not None:
                    file.write(json.dumps(dataclasses.asdict(result)) + "\n")
                if on_result is not None:
                    on_result(result)
            if message is None:
                if not game.dismissed:
                    client.leave()
                return finished
            if game.server_is_ours:
                client.max_message_bytes = None
            time.sleep(max(0.0, begun + game.parameters.decision_seconds - time.perf_counter()))
            begun = time.perf_counter()
            reply = client.exchange(message)
            game.round_trip_ms = (time.perf_counter() - begun) * 1000.0


def _open_results(path: Path) -> TextIO:
    """The results file, empty, written line by line."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8", buffering=1)
    except OSError as error:
        raise OptionError(
            f"results cannot be written to {path} ({error.strerror}): give another --results"
        ) from None


def parse_arguments(arguments: Sequence[str] | None = None) -> tuple[PlayerOptions, Path | None]:
    """Read a command line as Unity players get it; exits with a sentence when it is wrong.

    Returns:
        The options, and where Unity's ``-logFile`` is to be written.
    """
    parser = argparse.ArgumentParser(
        prog="heedful-player", description="Play the headless world for an ML-Agents server.",
        allow_abbrev=False,
    )  # fmt: skip
    add = parser.add_argument
    add("--mlagents-port", "--port", dest="port", type=int, default=5004, metavar="N",
        help="where the server listens (5004)")  # fmt: skip
    add("--scene", help="one scene to play in: a name, museum:SEED, or a file")
    add(
        "--family",
        default="museum",
        help="without --scene: make a scene of this family by each seed",
    )
    add("--task", dest="tasks", nargs="+", default=[], metavar="NAME",
        help="tasks to play; without it, every task that the NPCs of an area can play")  # fmt: skip
    add("--seeds", type=_seeds, metavar="A:B",
        help="play each task of each seed once, then quit; without it, play on")  # fmt: skip
    add("--areas", type=int, metavar="K", help="worlds at once (as the server asks, or 1)")
    add("--npcs", type=int, metavar="N", help="NPCs in each area (as the tasks need)")
    add("--threads", type=int, metavar="N", help="threads of the world's kernels (all cores)")
    add("--speech", default="text", metavar="HOW",
        help="voice: sentences are heard, not only read (text)")  # fmt: skip
    add("--results", type=Path, metavar="FILE", help="write finished episodes to it as JSON lines")
    add("-logFile", dest="log_file", type=Path, metavar="FILE", help="write messages to it")
    for unity in ("-nographics", "-batchmode"):
        add(unity, action="store_true", help=argparse.SUPPRESS)
    given = vars(parser.parse_args(arguments))
    names = {field.name for field in dataclasses.fields(PlayerOptions)}
    options = {name: value for name, value in given.items() if name in names}
    options["tasks"] = tuple(given["tasks"])
    return PlayerOptions(**options), given["log_file"]


def _seeds(text: str) -> range:
    try:
        return parse_seeds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def play(arguments: Sequence[str] | None = None) -> int:
    """Play as a command line says; the exit code of ``heedful-player``."""
    options, log_file = parse_arguments(arguments)
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if log_file is not None:
        try:
            handlers.append(logging.FileHandler(log_file))
        except OSError:  # Unity's option: it must not keep a player from playing
            sys.stderr.write(f"heedful-player: messages cannot be written to {log_file}\n")
    logging.basicConfig(level=logging.INFO, format="heedful-player: %(message)s", handlers=handlers)
    try:
        finished = run_player(options)
    except BridgeError as error:
        _log.error("%s", error)
        return 2 if isinstance(error, OptionError) else 1
    _log.info("%d episodes finished", finished)
    return 0
