"""What the headless world's ears hear in hand-made scenes, kept for the Unity package's ears.

``python tests/unity_package/ears_golden.py`` writes ``golden/ears.json``. Every scene is lopsided,
and those with ``by_hand`` say what a few samples must be, worked out on paper from the formulas.
"""

import base64
import json
import zlib
from pathlib import Path

import numpy as np

from envs.contract import EAR_SAMPLES, SAMPLE_RATE
from envs.world.sound import EAR_STATE, mix_ears, no_voices
from envs.world.sound_bank import muffle_bank

GOLDEN = Path(__file__).parent / "golden" / "ears.json"
LOOP = 2 * SAMPLE_RATE
LEFT, RIGHT = 0, EAR_SAMPLES
"""Where the ears begin in a frame."""
NOBODY = {"sound": -1, "x": 0.0, "z": 0.0, "walls": 0}


def make_waves():
    """The loops, (3, LOOP) f32: clicks of 0.5 in sample 400 of each frame, a tone, loud clicks."""
    waves = np.zeros((3, LOOP), np.float32)
    waves[0, 400::EAR_SAMPLES] = 0.5
    waves[1] = 0.3 * np.sin(2 * np.pi * 437 * np.arange(LOOP) / SAMPLE_RATE)
    waves[2, 400::EAR_SAMPLES] = 0.9
    return waves


def at(x, z, sound=0, walls=0):
    return {"sound": sound, "x": x, "z": z, "walls": walls}


def steady(source, x=0.0, z=0.0, yaw=0.0):
    """Two frames of the same: the first fades in, the second is the one to look at."""
    return [{"ears": [x, z, yaw], "sources": [source]}] * 2


def scenes():
    """All scenes without what is heard: name, frames, and samples of the last one by hand."""
    quarter = np.pi / 2
    return [
        # 2 m to the right: level 1 / 2, times 0.65 -+ 0.35; 0.00066 s are 10.56, so 11, samples.
        {"name": "right", "frames": steady(at(2, 0)),
         "by_hand": {RIGHT + 400: 0.25, LEFT + 411: 0.075}},
        # Facing east, what is in the north is on the left.
        {"name": "left of who faces east", "frames": steady(at(3, 6), 3, 4, quarter),
         "by_hand": {LEFT + 400: 0.25, RIGHT + 411: 0.075}},
        # Facing north, 30 degrees to the left at 4 m: side -1/2, 5.28 samples, 0.65 + 0.175.
        {"name": "half left", "frames": steady(at(-2, 4 * np.cos(np.pi / 6))),
         "by_hand": {LEFT + 400: 0.103125, RIGHT + 405: 0.059375}},
        # Behind a wall straight ahead at 4 m: 0.65 / 4 * 0.6 * (1 - k), then k times as much.
        {"name": "behind a wall", "frames": steady(at(0, 4, walls=1)),
         "by_hand": {LEFT + 400: 0.026522987, LEFT + 401: 0.012092853, RIGHT + 400: 0.026522987}},
        # At 12 m half of the fade: 0.5 * 0.5 * 2 / 12.
        {"name": "far to the right", "frames": steady(at(12, 0)),
         "by_hand": {RIGHT + 400: 0.5 / 24, LEFT + 411: 0.15 / 24}},
        {"name": "too far", "frames": steady(at(-14.5, 0)), "by_hand": {LEFT + 400: 0.0}},
        # 0.1 m to the right counts as 0.5 m: side 1/5, gain 2 * (0.65 + 0.07) = 1.44 of 0.9 is
        # 1.296, bent to 0.8 + 0.2 * 2.48 / 3.48; the other ear 2 samples later 1.044, bent.
        {"name": "loud at the right ear", "frames": steady(at(0.1, 0, sound=2)),
         "by_hand": {RIGHT + 400: 0.942528736, LEFT + 402: 0.8 + 0.2 * 1.22 / 2.22}},
        {"name": "much at once", "frames": _busy()},
    ]  # fmt: skip


def _busy():
    """A walk past two sources, of which one goes behind walls, changes its sound and stops."""
    frames = []
    for frame in range(9):
        first = at(-3 + 0.5 * frame, 2.0, sound=1, walls=(0, 0, 1, 1, 3, 2, 2, 0, 0)[frame])
        if frame == 3:
            first["sound"] = 0
        if frame in (6, 7):
            first = NOBODY
        second = at(4.0, -1.0 - frame, sound=2 if frame > 1 else -1, walls=5)
        ears = [0.14 * frame, 0.1, -0.4 + 0.25 * frame]
        frames.append({"ears": ears, "sources": [first, second]})
    return frames


def hear(frames):
    """What the headless world hears, (frames, 2 * EAR_SAMPLES) f32."""
    loops = muffle_bank(make_waves())
    count = len(frames[0]["sources"])
    state = np.zeros((1, count, EAR_STATE), np.float32)
    heard = np.zeros((len(frames), 1, 2, EAR_SAMPLES), np.float32)
    for number, frame in enumerate(frames):
        sources = frame["sources"]
        mix_ears(
            0, 1, loops, no_voices(1),
            np.array([[source["sound"] for source in sources]], np.int32),
            np.array([[[source["x"], source["z"]] for source in sources]], np.float32),
            np.full((1, count), number * EAR_SAMPLES % LOOP, np.int64),
            np.array([frame["ears"]], np.float32),
            np.zeros(1, np.int32),
            np.array([[source["walls"] for source in sources]], np.int32),
            state, heard[number],
        )  # fmt: skip
    return heard.reshape(len(frames), 2 * EAR_SAMPLES)


def pack(heard):
    """Samples as text: float32, little-endian, deflated, base 64."""
    return base64.b64encode(zlib.compress(heard.astype("<f4").tobytes(), 9)).decode()


def unpack(text):
    """The inverse of ``pack``, (frames, 2 * EAR_SAMPLES) f32."""
    samples = np.frombuffer(zlib.decompress(base64.b64decode(text)), "<f4")
    return samples.reshape(-1, 2 * EAR_SAMPLES)


def main():
    """Write the golden file."""
    kept = [{**scene, "heard": pack(hear(scene["frames"]))} for scene in scenes()]
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps({"scenes": kept}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
