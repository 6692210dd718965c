"""The command ``heedful play`` with its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli_options import Brain, Speaking


def play(
    scene: Annotated[
        str | None,
        typer.Argument(help="A name, a generated scene or a file; without it, made by the seed."),
    ] = None,
    task: Annotated[str, typer.Option(help="What you are asked.")] = "named_place",
    seed: Annotated[int, typer.Option(help="Of the episode.")] = 0,
    family: Annotated[str, typer.Option(help="Without SCENE: its family.")] = "museum",
    map_known: Annotated[
        bool | None,
        typer.Option("--map/--no-map", help="Whether the names of all places are known before."),
    ] = None,
    npcs: Annotated[int | None, typer.Option(min=1, max=8, help="NPCs, you among them.")] = None,
    partner: Annotated[
        str, typer.Option(metavar="POLICY", help="Who drives the other NPCs.")
    ] = "brain",
    brain: Brain = None,
    perturbation: Annotated[
        list[str] | None,
        typer.Option(help="What goes wrong (`heedful envs` lists them); may be repeated."),
    ] = None,
    action_delay: Annotated[
        int, typer.Option(min=0, max=3, help="Decisions from an observation to its action.")
    ] = 0,
    speech: Speaking = "text",
    mode: Annotated[
        str | None, typer.Option(help="window or terminal; without it, a window if there can be.")
    ] = None,
    turn_based: Annotated[
        bool | None,
        typer.Option(
            "--turn-based/--real-time",
            help="Whether the world waits for your keys; in a terminal it does by default.",
        ),
    ] = None,
    sound: Annotated[bool, typer.Option(help="Whether you hear what the NPC hears.")] = True,
    top: Annotated[
        bool, typer.Option(help="Whether you see the world from above, which no NPC does.")
    ] = True,
    record: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The recording; without it, a new file in runs/play."),
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Show a recording and check it.")
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0.1, max=1000.0, help="With --replay: times as fast.")
    ] = 1.0,
    keys: Annotated[
        str | None,
        typer.Option(metavar="SCRIPT", help="Play these keys, such as 'w*10 d e q'; no keyboard."),
    ] = None,
) -> None:
    """Drive an NPC yourself, by keys, in a window or a terminal, and record it.

    You see its camera, hear with its ears and read what is said to it. The recording is a
    demonstration that learners can read, and --replay shows it again.
    """
    from agent.commands import play as command

    show = command.Show(mode=mode, sound=sound, plan=top)
    if replay is not None:
        if scene is not None or record is not None or keys is not None:
            raise typer.BadParameter("--replay goes without SCENE, --record and --keys.")
        command.run_replay(replay, show, speed)
        return
    request = command.Request(
        scene=scene, task=task, seed=seed, family=family, npcs=npcs, partner=partner,
        map=None if map_known is None else "known" if map_known else "none",
        perturbations=tuple(perturbation or ()), action_delay=action_delay, speech=speech,
    )  # fmt: skip
    command.run(request, show, brain=brain, record=record, by_turns=turn_based, keys=keys)
