"""The package's ears, run under Mono, against what the headless world hears, sample by sample."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from envs.contract import EAR_SAMPLES, SAMPLE_RATE
from tests.unity_package.ears_golden import GOLDEN, LOOP, at, hear, make_waves, scenes, unpack
from unity_bridge.package_meta import PACKAGE

HERE = Path(__file__).parent
EARS = ("Acoustics", "BinauralMixer", "ClipWaveform", "IWaveform", "Resampler", "StreamWaveform")
SAME = 3e-6
"""How far samples may be apart: the two worlds round float32 in their own ways."""
WINDOW = 96 + 32 + EAR_SAMPLES
"""Samples of a source that the package's ears ask for."""

needs_mono = pytest.mark.skipif(
    shutil.which("mono") is None or shutil.which("mcs") is None,
    reason="needs Mono: apt-get install mono-runtime mono-mcs",
)


@pytest.fixture(scope="module")
def golden():
    return {scene["name"]: scene for scene in json.loads(GOLDEN.read_text())["scenes"]}


@pytest.fixture(scope="module")
def ears(tmp_path_factory):
    """A function that sends lines to the package's ears and gives back their samples."""
    folder = tmp_path_factory.mktemp("ears")
    program = folder / "ears.exe"
    sources = [PACKAGE / "Runtime" / "Ears" / f"{name}.cs" for name in EARS]
    sources += [PACKAGE / "Runtime" / "Contract" / "Contract.cs", HERE / "EarsCheck.cs"]
    build = ["mcs", "-nologo", "-langversion:latest", "-optimize", f"-out:{program}"]
    subprocess.run([*build, *map(str, sources)], check=True)
    for number, wave in enumerate(make_waves()):
        wave.tofile(folder / f"{number}.f32")
    waves = [f"wave {folder}/{number}.f32" for number in range(len(make_waves()))]

    def run(lines, *, samples=None):
        if samples is not None:
            np.asarray(samples, np.float32).tofile(folder / "samples.f32")
        text = "\n".join([*waves, *lines]).replace("FILE", str(folder / "samples.f32"))
        done = subprocess.run(["mono", program], input=text.encode(), capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return np.frombuffer(done.stdout, "<f4")

    return run


def lines_of(frames):
    yield "forget"
    for number, frame in enumerate(frames):
        x, z, yaw = frame["ears"]
        yield f"begin {x} {z} {yaw} {(number + 1) * EAR_SAMPLES}"
        for source, heard in enumerate(frame["sources"]):
            if heard["sound"] >= 0:
                yield f"add {source} {heard['sound']} {heard['x']} {heard['z']} {heard['walls']}"
        yield "finish"


def test_the_golden_file_is_what_the_headless_world_hears(golden):
    made = {scene["name"]: scene for scene in scenes()}
    assert made.keys() == golden.keys(), "run python tests/unity_package/ears_golden.py"
    for name, scene in made.items():
        np.testing.assert_allclose(hear(scene["frames"]), unpack(golden[name]["heard"]), atol=SAME)


@pytest.mark.parametrize("scene", [s for s in scenes() if "by_hand" in s], ids=lambda s: s["name"])
def test_the_headless_world_hears_what_was_worked_out_by_hand(scene):
    last = hear(scene["frames"])[-1]
    for sample, value in scene["by_hand"].items():
        assert last[sample] == pytest.approx(value, abs=SAME), sample


@needs_mono
@pytest.mark.parametrize("name", [scene["name"] for scene in scenes()])
def test_the_packages_ears_hear_the_same_sample_by_sample(name, golden, ears):
    scene = golden[name]
    heard = ears(lines_of(scene["frames"])).reshape(-1, 2 * EAR_SAMPLES)
    np.testing.assert_allclose(heard, unpack(scene["heard"]), rtol=0, atol=SAME)
    for sample, value in scene.get("by_hand", {}).items():
        assert heard[-1, int(sample)] == pytest.approx(value, abs=SAME)


@needs_mono
@pytest.mark.parametrize(("name", "louder"), [("left of who faces east", 0), ("half left", 0),
                                              ("right", 1), ("far to the right", 1)])  # fmt: skip
def test_what_is_on_the_left_is_louder_on_the_left_in_both_worlds(name, louder, golden, ears):
    frames = golden[name]["frames"]
    for heard in (hear(frames), ears(lines_of(frames)).reshape(-1, 2 * EAR_SAMPLES)):
        left, right = np.abs(heard[-1].reshape(2, EAR_SAMPLES)).sum(1)
        assert (left > 1.5 * right) if louder == 0 else (right > 1.5 * left)


@needs_mono
def test_too_far_is_exact_silence(golden, ears):
    assert not ears(lines_of(golden["too far"]["frames"])).any()


@needs_mono
def test_nothing_clicks_when_everything_changes(golden, ears):
    """A tone of 437 Hz at 0.3 m never jumps by more than its own slope does, twice over."""
    frames = [
        {"ears": [0.1 * n, 0, 0.5 * n], "sources": [at(1, n % 2, sound=1, walls=n % 3)]}
        for n in range(8)
    ]
    heard = ears(lines_of(frames)).reshape(-1, 2, EAR_SAMPLES)
    for ear in (0, 1):
        steps = np.abs(np.diff(heard[:, ear].ravel()))
        slope = 0.3 * 2 * 2 * np.pi * 437 / SAMPLE_RATE
        assert 0.001 < steps.max() < 2 * slope


@needs_mono
def test_a_thousand_frames_allocate_nothing(ears):
    assert ears(["allocate"])[0] < 50_000  # what the run time itself does, not 1000 buffers


def tone(rate, seconds, hertz=1000.0, channels=1):
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)
    return np.repeat(wave[:, None], channels, 1).ravel()


@needs_mono
@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000, 96000])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_clip_of_any_rate_comes_out_at_16_khz_in_its_place(rate, channels, ears):
    made = ears([f"resample FILE {rate} {channels} 0"], samples=tone(rate, 0.5, channels=channels))
    expected = tone(SAMPLE_RATE, 0.5)
    assert len(made) == len(expected)
    inside = slice(400, -400)
    np.testing.assert_allclose(made[inside], expected[inside], atol=2e-3)


@needs_mono
@pytest.mark.parametrize("chunk", [37, 1024])
@pytest.mark.parametrize("rate", [44100, 48000])
def test_chunks_have_no_seams(rate, chunk, ears):
    samples = tone(rate, 0.5, channels=2)
    whole = ears([f"resample FILE {rate} 2 {len(samples) // 2}"], samples=samples)
    parts = ears([f"resample FILE {rate} 2 {chunk}"], samples=samples)
    assert 0.4 * SAMPLE_RATE < len(parts) <= len(whole)
    np.testing.assert_array_equal(parts, whole[: len(parts)])


@needs_mono
def test_what_16_khz_cannot_hold_is_filtered_out(ears):
    made = ears(["resample FILE 48000 1 0"], samples=tone(48000, 0.5, hertz=10_500))
    assert np.abs(made[400:-400]).max() < 0.01


@needs_mono
def test_a_stream_gives_its_newest_samples_and_then_silence(ears):
    samples = np.arange(1, 20 * 500 + 1, dtype=np.float32)
    windows = ears(["stream FILE 500"], samples=samples).reshape(-1, WINDOW)
    assert len(windows) == 21
    for number, window in enumerate(windows[:-1]):
        newest = (number + 1) * 500
        kept = min(newest, WINDOW)
        expected = 0.5 * samples[newest - kept : newest]
        np.testing.assert_array_equal(window[WINDOW - kept :], expected)
        assert not window[: WINDOW - kept].any()
    assert not windows[-1].any()


def test_loops_are_whole_frames():
    """Otherwise the clicks would not be where the scenes say."""
    assert LOOP % EAR_SAMPLES == 0
