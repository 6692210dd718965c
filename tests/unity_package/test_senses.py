"""The package's ears, camera, bodies and voice as components, in the stub engine under Mono."""

import base64
import io
import json
import math
import subprocess

import numpy as np
import pytest
from PIL import Image

from tests.unity_package.build import HERE, build_game, why_not
from unity_bridge.png import decode_png

pytestmark = [
    pytest.mark.slow,
    pytest.mark.peer,
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
]


def said(part):
    """What the game ``senses`` says: name -> value; it may not log errors."""
    game = build_game("3.0.0", HERE / "games" / "senses")
    run = subprocess.run(["mono", game, part], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
    answers = dict(line.split(": ", 1) for line in run.stdout.splitlines() if ": " in line)
    assert answers.pop("errors") == "0", run.stdout
    return answers


def loudness(text):
    """Root mean square of the left and the right ear."""
    return pytest.approx([float(number) for number in text.split()], abs=2e-4)


TONE = 0.12
"""What every sound is set to; 2 m to one side it is halved, times 1 and 0.3 at the two ears."""


def test_an_npc_hears_a_sound_where_it_is():
    answers = said("ears")
    assert answers["nothing plays"] == "0.0000 0.0000"
    assert loudness(answers["two metres to the left"]) == [TONE / 2, 0.3 * TONE / 2]
    assert loudness(answers["turned round"]) == [0.3 * TONE / 2, TONE / 2]
    # One pole at 2 kHz lets 0.6 * 0.97 of 500 Hz through.
    through = 0.6 * wall_at(500)
    assert [through * TONE / 2, 0.3 * through * TONE / 2] == loudness(answers["behind a wall"])
    assert answers["behind an object"] == answers["two metres to the left"]
    assert answers["out of range"] == answers["stopped"] == answers["disabled"] == "0.0000 0.0000"
    assert answers["back"] == answers["two metres to the left"]
    left, right = map(float, answers["fades out"].split())
    assert 0 < right < left < 0.5 * TONE / 2
    assert answers["no such sound"].endswith("add it to its clips, or call AddWave.")
    assert answers["bytes of 500 frames"] == "few"
    assert answers["numbers are used again"] == answers["and once more"] == "1 True"


def wall_at(hertz):
    """What the contract's one-pole low-pass lets through of a tone, without its factor."""
    keep = math.exp(-2 * math.pi * 2000 / 16000)
    return (1 - keep) / abs(1 - keep * np.exp(-2j * np.pi * hertz / 16000))


@pytest.mark.parametrize("link", ["sources", "live sources"])
def test_a_clip_is_followed_and_a_stream_is_tapped_on_the_audio_thread(link):
    answers = said(link)
    for kind in ("DecompressOnLoad", "Streaming"):
        ahead = 0.65 * TONE / 4
        assert [ahead, ahead] == loudness(answers[f"{kind} ahead"])
        assert [ahead, ahead] == loudness(answers[f"{kind} goes on"])
        assert [ahead / 2, ahead / 2] == loudness(answers[f"{kind} softer"])
        assert answers[f"{kind} stopped"] == "0.0000 0.0000"
    assert answers["valid before the device was seen to run"] == "False"
    assert answers["valid"] == "True"
    assert answers["warnings"] == "0"


def test_without_an_audio_device_ears_are_silent_and_not_valid_until_a_script_plays():
    answers = said("deaf")
    assert answers["valid without a device"] == answers["valid later"] == "False"
    assert answers["without a device"] == "0.0000 0.0000"
    assert loudness(answers["played by the game's clock"]) == [0.3 * TONE, TONE]
    assert answers["valid when a script plays"] == "True"


def corners(text):
    """The colours of a picture's corners, top left, top right, bottom left, bottom right."""
    picture = decode_png(base64.b64decode(text), 64, 64)
    assert picture.shape == (64, 64, 3)
    return [tuple(picture[y, x].tolist()) for y in (0, 63) for x in (0, 63)]


RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def test_pictures_are_upright_and_rgb_at_once_and_staggered():
    answers = said("camera")
    assert corners(answers["at once"]) == [RED, GREEN, BLUE, WHITE]
    assert corners(answers["staggered"]) == [RED, GREEN, BLUE, WHITE]
    assert answers["age"] == "0"
    assert answers["staggered, too early"] == "none"
    assert answers["staggered age is some frames"] == "True"
    # At the entity's eyes, facing east, tilted down by 10 degrees.
    assert answers["lens"] == "1.00 1.50 2.00 0.985 -0.174 90.0"


def test_a_picture_of_several_blocks_is_a_png_to_others():
    answers = said("png")
    with Image.open(io.BytesIO(base64.b64decode(answers["png"]))) as picture:
        read = np.asarray(picture)
    place = np.arange(4 * 301 * 203)
    pixels = ((place * 7 + place // 251) % 256).reshape(203, 301, 4)
    np.testing.assert_array_equal(read, pixels[::-1, :, :3])
    assert answers["array used again"] == "True"


def test_twenty_npcs_share_an_atlas_and_no_frame_pays_for_many():
    answers = said("atlas")
    assert answers["most in a frame"] == "4"  # 20 NPCs, 10 pictures a second, 50 frames a second
    assert answers["pictures in 2 seconds"] == "400"
    assert answers["seen"] == "20"
    assert answers["oldest is at most 0.16"] == "True"


def test_a_character_controller_moves_as_bodies_of_the_headless_world():
    answers = said("walker")
    # 1.4 m/s ahead; 0.14 m at 30 degrees; 0.28 m at 20; at 0 degrees 0.07 back; 0.1 to the right
    x, z = 0.14 * math.sin(math.radians(30)), 1.4 + 0.14 * math.cos(math.radians(30))
    assert answers["ten decisions ahead"] == "0.000 0.000 1.400 0.0 False"
    assert answers["one along the turn"] == f"{x:.3f} 0.000 {z:.3f} 30.0 False"
    x, z = x + 0.28 * math.sin(math.radians(20)), z + 0.28 * math.cos(math.radians(20))
    assert answers["one run"] == f"{x:.3f} 0.000 {z:.3f} 20.0 False"
    assert answers["one back"] == f"{x:.3f} 0.000 {z - 0.07:.3f} 0.0 False"
    assert answers["a sidestep to the right"] == f"{x + 0.1:.3f} 0.000 {z - 0.07:.3f} 0.0 False"
    # 3.2 m/s up against 9.81 m/s^2: 0.52 m high and 0.65 s long
    assert answers["jump"] == "0.52 0.64 True"
    assert answers["stopped by the wall"] == "0.68 True"  # 1 m less half a wall and the radius
    assert answers["eyes"] == "15 0.259 1.50"
    assert answers["can"] == "False True"


def test_acts_start_run_end_and_fail():
    assert said("acts") == {
        "begun": "Started 3",
        "later": "Running",
        "done": "Done 0",
        "idle": "Idle",
        "failed": "Failed Refused",
        "anew": "Started None",
        "stopped": "Idle 0",
        "speed": "1.40",
        "turning": "12.0",  # 30 degrees in 0.1 s
    }


def test_going_is_done_by_the_planner_and_says_why_it_fails():
    assert said("goer") == {
        "arrived after": "2.9",  # 5 m less 1.0 at 1.4 m/s
        "distance": "1.00",
        "facing": "37 False Idle",
        "no path": "NoPath Failed NotPossible True",
        "no target": "NoTarget NoTarget",
        "blocked": "Blocked NoRoom 2.0",
        "another move ends it": "False None",
        "can": "True False",
        "failures": "NoPath NoTarget Blocked",
    }


def test_a_player_speaks_in_text_and_by_voice():
    answers = said("voice")
    assert answers["blank"] == "nothing"
    assert answers["said"] == "hello there|True"
    assert answers["talking"] == "True True"
    left, right = map(float, answers["heard on the right"].split())
    assert 0.06 < right < 0.0708
    assert left == pytest.approx(0.3 * right, rel=0.02)
    assert answers["voice"] == "16960 11 1 0.20 False"  # 1.06 s in 11 pieces
    assert answers["without a microphone"] == "False 1"
    assert answers["slot"] == "True"
    assert answers["pieces"] == "13"  # start, 11 chunks, stop; the NPC at 40 m is told nothing
    first, second, last = (piece(answers[name]) for name in ("first", "second", "last"))
    assert first.pop("speaker") > 0
    assert first == {
        "voice": "start", "utterance": 2, "to_me": True, "language": "en", "rate": 16000,
    }  # fmt: skip
    assert (second["voice"], second["utterance"]) == ("chunk", 2)
    wave = np.frombuffer(base64.b64decode(second["pcm"]), "<i2") / 32767
    assert len(wave) == 1600
    assert np.sqrt(np.mean(wave**2)) == pytest.approx(0.2 / np.sqrt(2), rel=0.02)
    assert last == {"voice": "stop", "utterance": 2}


def piece(line):
    """An entry of the dialogue channel that was sent for the NPC in earshot."""
    npc, number, channel, entry = line.split(" ", 3)
    assert (npc, number, channel) == ("npc", "0", "dialogue")
    return json.loads(entry)


def test_npcs_hear_on_while_the_game_is_paused():
    assert said("paused") == {"rises": "True"}
