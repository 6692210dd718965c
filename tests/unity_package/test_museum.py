"""The package's sample under Mono, with the real SDK, against `heedful serve` and its brain."""

import pytest

from agent.report.processes import Child
from tests.unity_package.build import why_not
from tests.unity_package.players import command, run
from unity_bridge.package_classes import SAMPLES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(why_not() is not None, reason=why_not() or ""),
]


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Where `heedful serve` listens; it records, so it shows attention and belief too."""
    folder = str(tmp_path_factory.mktemp("records"))
    with Child(
        "heedful serve", "agent.cli", ["serve", "--port", "0", "--record", folder]
    ) as server:
        yield int(server.wait_for_line("listening on", 240.0).rpartition(":")[2])


def play(port, sdk, goal):
    """The sample, with a goal of at most 60 s."""
    arguments = ("--scene", str(SAMPLES[0]), "--goal", goal, "--seconds", "60")
    return run(command(sdk, port, *arguments, game="museum"))


@pytest.mark.parametrize("sdk", ["3.0.0", "4.0.0"])
def test_an_npc_of_the_sample_goes_where_it_is_told(port, sdk):
    played = play(port, sdk, "go to the quiet studio")
    assert played.said["minds"] == "4"
    assert played.said["goal"].startswith("go to the quiet studio Succeeded")
    assert played.said["place"] == "studio"
    assert 20 <= int(played.said["decisions"]) < 600
    assert float(played.said["competence"]) > 0.5
    assert int(played.said["attended"]) > 20  # things of the scene, by this NPC's slots
    assert int(played.said["believed"]) > 20


def test_it_asks_and_the_guide_answers_what_it_knows(port):
    goal = "ask the guide where the lecture is, then go there"
    played = play(port, "3.0.0", goal)
    said = "\n".join(event for event in played.events if " says " in event)
    assert "NPC 1: where is the lecture" in said
    assert "the guide: the lecture is in the quiet studio" in said
    assert played.said["goal"].startswith(f"{goal} Succeeded")
    assert played.said["place"] == "studio"
