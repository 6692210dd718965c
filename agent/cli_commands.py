"""The commands of ``heedful`` with their options.

What a command does is imported when it runs, so that help is quick.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli import INTERRUPTED
from agent.cli_options import Brain, JsonFile, Scene, Speaking, Without, split_names
from agent.cli_play import play
from agent.cli_recordings import recordings_app
from agent.cli_serve import serve

app = typer.Typer(
    name="heedful",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
envs_app = typer.Typer(help="List environments, or check one (`heedful envs check`).")
scene_app = typer.Typer(no_args_is_help=True, help="Check, draw and write scenes.")
bench_app = typer.Typer(no_args_is_help=True, help="Measure speed.")
app.add_typer(envs_app, name="envs")
app.add_typer(scene_app, name="scene")
app.add_typer(bench_app, name="bench")
app.add_typer(recordings_app, name="recordings")


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show where errors come from.")] = False,
) -> None:
    """Minds for NPCs that pay attention: they see, hear, talk, remember, act and work in teams."""


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder of the report.")] = Path("runs/demo"),
    brain: Brain = None,
    episodes: Annotated[int, typer.Option(help="Episodes of each task.")] = 10,
) -> None:
    """Trained NPCs in a headless world over real gRPC, and a report with videos."""
    from agent.demo import run_demo

    run_demo(out, brain=brain, episodes=episodes)


app.command()(serve)


@app.command()
def world(
    scene: Scene,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the server listens.")] = 5004,
    host: Annotated[str, typer.Option(help="The server's address.")] = "127.0.0.1",
    task: Annotated[
        list[str] | None, typer.Option(help="Task to play; may be repeated. Without it, all.")
    ] = None,
    seeds: Annotated[
        str | None, typer.Option(metavar="A:B", help="One episode per seed and task, then quit.")
    ] = None,
    areas: Annotated[int, typer.Option(help="Worlds at once.")] = 1,
    results: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write results as JSON lines.")
    ] = None,
    speech: Speaking = "text",
) -> None:
    """A headless world that connects to a server as a Unity player does."""
    from agent.commands.world import run

    run(scene, host, port, tuple(task or ()), seeds, areas, results, speech)


@app.command()
def train(
    recipe: Annotated[
        str, typer.Argument(help="Name of a recipe (families, museum, unity) or a YAML file.")
    ],
    run_id: Annotated[str, typer.Option(help="Name of the run, a folder below runs/.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the run stopped.")] = False,
    unity: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Practise in this Unity build.")
    ] = None,
    players: Annotated[
        int, typer.Option(min=1, max=16, help="With --unity: how many of it to launch.")
    ] = 1,
    graphics: Annotated[
        bool,
        typer.Option(
            "--graphics/--no-graphics",
            help="With --unity: draw what NPCs see, which needs a display; else cameras are blank.",
        ),
    ] = True,
) -> None:
    """Train a brain by a recipe, in headless worlds or in a Unity build."""
    from agent.learning.train import train as train_brain

    outcome = train_brain(
        recipe, run_id, resume=resume, unity=unity, players=players, graphics=graphics
    )
    print(outcome.message)
    raise typer.Exit(0 if outcome.finished else INTERRUPTED)


@app.command()
def evaluate(
    suite: Annotated[
        str | None, typer.Option(help="A named evaluation: standard, quick, perturbed.")
    ] = None,
    family: Annotated[str | None, typer.Option(help="Only scenes of this family.")] = None,
    task: Annotated[list[str] | None, typer.Option(help="Only this task; may be repeated.")] = None,
    scene: Annotated[
        str | None, typer.Option(help="Play in this scene instead of generated ones.")
    ] = None,
    policy: Annotated[
        str, typer.Option(help="brain, untrained, scripted, expert, oracle or random.")
    ] = "brain",
    brain: Brain = None,
    without: Without = "",
    seeds: Annotated[
        str | None, typer.Option(metavar="A:B", help="One episode per seed and task, B left out.")
    ] = None,
    episodes: Annotated[
        int | None, typer.Option(help="Episodes of each task: the first of the seeds.")
    ] = None,
    perturbation: Annotated[
        list[str] | None,
        typer.Option(help="What goes wrong (`heedful envs` lists them); may be repeated."),
    ] = None,
    partner: Annotated[
        str | None,
        typer.Option(metavar="POLICY", help="Who plays all but the first NPC of each team."),
    ] = None,
    npcs: Annotated[
        int | None, typer.Option(min=2, max=8, help="NPCs of each team, where tasks allow it.")
    ] = None,
    action_delay: Annotated[
        int, typer.Option(min=0, max=3, help="Decisions from an observation to its action.")
    ] = 0,
    speech: Speaking = "text",
    worlds: Annotated[int, typer.Option(min=1, help="Worlds at once.")] = 32,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of a suite's page and episodes; by default runs/SUITE."),
    ] = None,
    baselines: Annotated[
        bool, typer.Option(help="With a suite: the other policies play the same seeds.")
    ] = True,
    json_file: JsonFile = None,
) -> None:
    """Play test seeds of every task and report success, SPL, calibration and latency.

    A suite plays all baselines too, keeps every episode as it ends, goes on where it was stopped,
    and writes a page with pictures.
    """
    from agent.evaluate import make_plan

    plan = make_plan(
        policy, suite=suite, tasks=task or (), family=family, scene=scene, seeds=seeds,
        episodes=episodes, without=split_names(without), perturbations=perturbation or (),
        partner=partner, npcs=npcs, speech=speech,
    )  # fmt: skip
    if suite is None:
        if out is not None or not baselines:
            raise typer.BadParameter("--out and --no-baselines go with --suite; --json is for all.")
        from agent.commands.evaluation import run

        run(plan, brain, worlds, action_delay, json_file)
        return
    from agent.commands.suite import run as run_suite
    from agent.suite.play import BASELINES

    folder = out or Path("runs") / suite
    others = BASELINES if baselines else ()
    run_suite(plan, suite, others, brain, worlds, action_delay, folder, json_file)


app.command()(play)


@app.command()
def explain(
    episode: Annotated[Path, typer.Argument(help="A file that `serve --record` wrote.")],
) -> None:
    """Why the NPC did what it did."""
    from agent.explain import explain_episode

    print(explain_episode(episode))


@envs_app.callback(invoke_without_command=True)
def envs(context: typer.Context) -> None:
    """List environment ids, families, tasks, policies and suites, or check an environment."""
    if context.invoked_subcommand is None:
        from agent.commands.listing import run

        run()


@envs_app.command()
def check(
    world: Annotated[
        str, typer.Argument(help="An id (heedful/City-v0), a scene (museum:7) or a file.")
    ],
    task: Annotated[list[str] | None, typer.Option(help="Task to play; may be repeated.")] = None,
    npcs: Annotated[int | None, typer.Option(min=1, max=8, help="NPCs of a team.")] = None,
    camera_size: Annotated[
        int | None, typer.Option(min=16, max=512, help="Pixels along a side of images.")
    ] = None,
    depth: Annotated[bool, typer.Option("--depth", help="With images of depth.")] = False,
    semantic: Annotated[bool, typer.Option("--semantic", help="With images of classes.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the episodes and actions.")] = 0,
    decisions: Annotated[int, typer.Option(min=1, help="How many are looked at.")] = 100,
) -> None:
    """Check that an environment keeps the contract; exits with 1 if it does not."""
    from agent.commands.checking import run

    asked = {"task": task, "camera_size": camera_size, "depth": depth, "semantic": semantic}
    settings = {name: value for name, value in asked.items() if value}
    raise typer.Exit(0 if run(world, npcs, seed, decisions, settings) else 1)


@scene_app.command()
def validate(scene: Scene) -> None:
    """Say whether a scene is valid, and if not, what to change."""
    from agent.commands.scenes import validate

    validate(scene)


@scene_app.command()
def render(
    scene: Scene,
    out: Annotated[Path, typer.Option(help="The picture's file.")] = Path("scene.png"),
    size: Annotated[int, typer.Option(min=64, max=8192, help="Width in pixels.")] = 800,
) -> None:
    """Draw a scene from above."""
    from agent.commands.scenes import render

    render(scene, out, size)


@scene_app.command()
def export(
    scene: Scene,
    out: Annotated[
        Path | None,
        typer.Option(help="The scene file, JSON if it ends in .json; without it, it is printed."),
    ] = None,
) -> None:
    """Write a scene as a file, such as a generated one that you want to change."""
    from agent.commands.scenes import export

    export(scene, out)


@scene_app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option(help="The schema's file; without it, it is printed.")
    ] = None,
) -> None:
    """Write the JSON Schema of scene files, with which editors complete and check them."""
    from agent.commands.scenes import schema

    schema(out)


@bench_app.command("world")
def bench_world(
    json_file: JsonFile = None,
    agents: Annotated[int, typer.Option(min=8, help="NPCs in the batch.")] = 256,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time for each setting.")] = 5.0,
) -> None:
    """Agent-steps per second of the headless world: by setting, by part, and beside peers."""
    from agent.bench.world import run

    run(agents, seconds, json_file)


@bench_app.command("bridge")
def bench_bridge(
    json_file: JsonFile = None,
    peer: Annotated[
        Path | None,
        typer.Option(help="Python that has the official mlagents_envs; else that of make setup."),
    ] = None,
) -> None:
    """Our client of Unity players beside the official one: steps per second and CPU time."""
    from agent.bench.bridge import run

    run(json_file, peer)


@bench_app.command("serve")
def bench_serve(
    npcs: Annotated[str, typer.Option(help="Numbers of NPCs, separated by commas.")] = "8,16,64",
    exchanges: Annotated[int, typer.Option(min=1, help="Decisions to time for each.")] = 300,
    brain: Brain = None,
    json_file: JsonFile = None,
) -> None:
    """How long NPCs wait for their decisions over gRPC."""
    from agent.bench.serve import run

    counts = split_names(npcs)
    if not counts or not all(count.isdecimal() and int(count) > 0 for count in counts):
        raise typer.BadParameter(f"'{npcs}' is no list of numbers such as 8,16,64.")
    run([int(count) for count in counts], exchanges, brain, json_file)


@app.command()
def docs(
    out: Annotated[Path, typer.Option(help="Folder of the pages.")] = Path("docs"),
) -> None:
    """Write the pages of all families and tasks, with their pictures."""
    from agent.docs.write import run

    run(out)


@app.command()
def doctor(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port that you want to use.")
    ] = 5004,
    brain: Brain = None,
) -> None:
    """Say in words why nothing connects."""
    from agent.doctor import run

    raise typer.Exit(run(port, brain))
