"""The stub engine does what the package's tests rely on: rays, bodies, sounds, one main thread."""

import subprocess

import pytest

from tests.unity_package.build import HERE, VERSIONS, build_game, missing_in_stubs, why_not

pytestmark = [
    pytest.mark.slow,
    pytest.mark.peer,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]


def said(part):
    """What the game ``engine`` says of itself: name -> value."""
    game = build_game("3.0.0", HERE / "games" / "engine")
    run = subprocess.run(["mono", game, part], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
    return dict(line.split(": ", 1) for line in run.stdout.splitlines())


def test_rays_bodies_agents_and_sounds():
    assert said("world") == {
        "ray at the wall": "2.900",
        "ray past the wall": "False",
        "ray too short": "False",
        "ray at the turned wall": "1.000",  # its long side now reaches from z = 1 to z = 5
        "ray past the turned wall": "False",
        "walker slid along the wall": "2.00 0.00 2.68",  # 3 - 0.1 - the radius
        "walker is grounded": "True",
        "agent after a second": "-3.00 1.00",
        "agent has arrived": "-2.00 False",
        "sound of half a second": "24000 False",  # 24,000 frames of two channels at 0.5
        "sound runs on a thread of its own": "True",
        "a paused second": "0.00 1.00",
        "microphone": "16000 0.25 0.75",
    }


def test_unity_is_refused_off_the_main_thread():
    answers = said("threads")
    assert {name for name, answer in answers.items() if answer == "allowed"} == {
        "Debug.Log", "Mathf", "compare",
    }  # fmt: skip
    assert {name for name, answer in answers.items() if answer == "refused"} == {
        "position", "new GameObject", "GetComponent", "Time.time", "Time.unscaledTime", "Raycast",
        "Random", "AudioClip", "Destroy", "name",
    }  # fmt: skip
    assert answers["violations"] == "10"


@pytest.mark.parametrize("sdk", VERSIONS)
def test_the_sdk_finds_everything_that_it_names(sdk):
    assert missing_in_stubs(sdk, HERE / "games" / "engine") == ""
