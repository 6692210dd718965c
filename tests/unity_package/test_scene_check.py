"""What the editor's menu says that a scene lacks, run under Mono: a test for every sentence."""

import shutil
import subprocess

import pytest

from tests.unity_package.build import HERE, build_game, why_not
from unity_bridge.package_classes import SAMPLES
from unity_bridge.package_meta import PACKAGE

pytestmark = pytest.mark.skipif(why_not() is not None, reason=why_not() or "")

FINDINGS = {
    "empty": [
        "grave: The scene has no NPC: select a character and choose Add Component > Heedful > "
        "Heedful NPC.",
        "warn: The scene has no places, so NPCs cannot be sent to one and plan no routes: add a "
        "Scene Place to every room.",
        "warn: The scene has no Audio Listener, so the player hears nothing: add one to the main "
        "camera.",
    ],
    "good": [],
    "by hand": [],
    "kind": [
        "grave: 'one' is an NPC, but its Scene Entity is of kind Object: set the kind to Npc.",
    ],
    "body": [
        "grave: 'one' has no body, so it cannot move: add a Character Controller Body, a NavMesh "
        "Body, or your own INpcBody.",
    ],
    "senses": [
        "warn: 'one' has no eyes, so it sees no colours and no signs: add an NPC Camera.",
        "warn: 'one' has no ears, so it hears no sounds: add Heedful Ears.",
    ],
    "navmesh": [
        "grave: 'one' has a NavMesh Agent, and there is no NavMesh near it: bake one (Window > AI "
        "> Navigation), or use a Character Controller Body.",
    ],
    "twins": [
        "grave: 'two' and 'one' have the same key 'one', so they would share a mind: give each a "
        "key of its own.",
    ],
    "behaviour": [
        "warn: 'one' has Behavior Parameters called 'My Behavior', and the link calls them Heedful "
        "when the game begins: remove the component, the link adds one.",
    ],
    "heuristic": [
        "grave: 'one' has Behavior Parameters of type HeuristicOnly, so ML-Agents never asks the "
        "server: set the type to Default.",
        "warn: 'one' has Behavior Parameters called 'My Behavior', and the link calls them Heedful "
        "when the game begins: remove the component, the link adds one.",
    ],
    "requester": [
        "grave: 'one' has a Decision Requester with period 5, and NPCs ask ten times a second by "
        "themselves: remove the component.",
    ],
    "stranger": [
        "grave: 'one' has an ML-Agents agent of its own (Stranger), and one object cannot have "
        "two: put it on another object.",
    ],
    "key": [
        "warn: 'vase' and 'hall' have the same key 'hall', so a save cannot tell them apart: give "
        "each a key of its own.",
    ],
    "corners": ["grave: The floor of 'hall' has 2 corners: give it three or more."],
    "doorway": [
        "warn: 'hall' has a doorway to 'shed', which has none back: add it there too.",
    ],
    "class": [
        "warn: 'thing' has no class, so NPCs only know that it is an object: write what it is, "
        "such as vase.",
    ],
    "collider": ["warn: 'ghost' has no collider, so bodies walk through it: add one."],
    "size": [
        "warn: 'flat' has no size: write it in its Scene Entity, or add a collider or a renderer.",
    ],
    "sound": [
        "warn: NPCs do not hear the Audio Source of 'radio': add a Heedful Sound beside it, if "
        "they are to.",
    ],
    "links": [
        "grave: 'other' is a second Live Link, which does nothing beside that of 'link': remove "
        "it.",
    ],
    "far": [
        "grave: The Live Link of 'link' goes to npc.example.org, and a server that other machines "
        "can reach takes no game without TLS and a token: tick Use Tls and give the Token "
        "(--tls-cert, --tls-key and --token-file there).",
    ],
    "safe": [],
    "timestep": [
        "warn: The Fixed Timestep of 0.03 s does not divide the 0.1 s of a decision: set it to "
        "0.02 (Edit > Project Settings > Time).",
    ],
    "background": [
        "warn: Run In Background is off, so the game and its NPCs stop when the window loses the "
        "focus: turn it on (Edit > Project Settings > Player > Resolution).",
    ],
}


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    """A function that says what is found in a scene."""
    sources = tmp_path_factory.mktemp("check")
    for source in (HERE / "games" / "check" / "Main.cs", PACKAGE / "Editor" / "SceneCheck.cs",
                   PACKAGE / "Editor" / "SceneFinding.cs"):  # fmt: skip
        shutil.copy(source, sources)
    program = build_game("3.0.0", sources)

    def run(*arguments):
        done = subprocess.run(["mono", program, *map(str, arguments)], capture_output=True)
        assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
        lines = done.stdout.decode().splitlines()
        return [line for line in lines if line.startswith(("grave: ", "warn: "))]

    return run


@pytest.mark.parametrize("scene", FINDINGS)
def test_what_is_missing_is_said_with_the_cure(scene, check):
    assert check(scene) == FINDINGS[scene]


def test_the_sample_lacks_nothing_but_a_listener(check):
    assert [line.partition(",")[0] for line in check("museum", SAMPLES[0])] == [
        "warn: The scene has no Audio Listener"  # the camera has it, which is added apart
    ]
