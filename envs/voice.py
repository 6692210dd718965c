"""Spoken sentences: text to speech by hibari (the extra ``voice``), offline and reproducible.

The synthesiser brings one voice. The others are that voice played slower or faster, which makes a
larger or smaller body of it, while the synthesiser undoes the change of pace. (Changing its pitch
alone makes loud clicks: its network knows no other pitch for a sentence than its own.)
A waveform depends on nothing but the voice and the text.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from envs.contract import EAR_SAMPLES, SAMPLE_RATE
from envs.voice_store import WaveStore, default_folder
from envs.words import fnv1a
from envs.world.sound_bank import LEAD_SAMPLES, LOUDNESS, MAX_WALLS, PEAK, muffle_bank

PACKAGE, VERSION = "hibari-tts", "0.2.1"
MODEL_VARIABLE = "HEEDFUL_VOICE_MODEL"
"""Environment variable: path of the model to use in place of the one in the package."""
MODEL_FILE = "hibari.onnx"
WEIGHTS = {
    MODEL_FILE: "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8",
    "oov.onnx": "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76",
    "tagger.json.gz": "d2da7502284bbbe45d49e0b7ce3ce67bdab82254150f4317f1b8559b4d38d0eb",
}
"""SHA-256 of the package's files that were learned: voice, unknown words, parts of speech."""
CACHE_BYTES = 128 << 20
"""Waveforms that are kept, all voices together; about 200 sentences."""

_SOURCE_RATE = 24_000
_FULL_SCALE = 32_767
_LEVELLING = "1"
"""Changes with `_level`, so that a store does not mix what was made in different ways."""
_QUIET = 0.01
"""Share of the peak below which the ends of a sentence count as silence."""
_MARGIN = SAMPLE_RATE // 50
"""Samples of silence before a sentence, in which ears fade in, and after it, in which the delay of
an ear and the ringing of walls end."""


class VoiceError(RuntimeError):
    """Nothing can be spoken; the text says the cure."""


@dataclass(frozen=True)
class Voice:
    """How somebody sounds: the rate at which the synthesiser's voice is played."""

    up: int
    down: int
    """The waveform is resampled by up / down, which is 2/3 for the synthesiser's own voice."""

    @property
    def height(self) -> float:
        """Factor on the pitch and the resonances of the synthesiser's own voice."""
        return SAMPLE_RATE * self.down / (_SOURCE_RATE * self.up)


VOICES = (
    Voice(2, 3), Voice(5, 6), Voice(3, 5), Voice(3, 4),
    Voice(5, 8), Voice(4, 5), Voice(4, 7), Voice(5, 7),
)  # fmt: skip
"""The voices that speakers are dealt by their names, 0.8 to 1.17 times as high as the first."""


def voice_of(name: str) -> Voice:
    """The voice of somebody, the same wherever they are called so."""
    return VOICES[fnv1a(b"voice:" + name.encode()) % len(VOICES)]


class Synthesiser:
    """Makes waveforms of sentences and keeps the latest; may be used by several threads."""

    def __init__(self, model: Path | None = None, folder: Path | None = None) -> None:
        """Load the synthesiser.

        Args:
            model: ONNX file to use in place of the package's, which is checked by its hash.
            folder: where sentences are kept from one run to the next; None: nowhere.

        Raises:
            VoiceError: the extra is not installed or not as it was tested, or there is no model.
        """
        if model is not None and not model.is_file():
            raise VoiceError(f"There is no voice model {model}: set {MODEL_VARIABLE} to a file.")
        hibari = _load_package()
        assets = Path(hibari.__file__).parent / "assets"
        _check_weights(assets, own_model=model is None)
        model_file = model or assets / MODEL_FILE
        try:
            self._engine: Any = hibari.Hibari(model=str(model_file))
        except Exception as error:  # of onnxruntime's own kinds
            raise VoiceError(
                f"The voice model {model_file} cannot be loaded ({error}): "
                f"set {MODEL_VARIABLE} to an ONNX file of {PACKAGE}, or unset it."
            ) from None
        self._engine.phonemize("loads what it needs for that")
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Voice, str], NDArray[np.float32]] = OrderedDict()
        self._kept_bytes = 0
        self._store = None if folder is None else WaveStore(folder, _maker(model_file))

    def frames(self, voice: Voice, text: str) -> NDArray[np.float32]:
        """A sentence as heard through walls, in whole decisions, shared and read-only.

        Args:
            voice: who speaks.
            text: what is said.

        Returns:
            (MAX_WALLS + 1, LEAD_SAMPLES + N * EAR_SAMPLES) f32 at SAMPLE_RATE, N decisions long,
            beginning and ending in silence; N is 0 when nothing of the text can be pronounced.
        """
        key = (voice, text)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            made = _lay_out(self._samples(voice, text))
            self._kept[key] = made
            self._kept_bytes += made.nbytes
            while self._kept_bytes > CACHE_BYTES:
                self._kept_bytes -= self._kept.popitem(last=False)[1].nbytes
            return made

    def _samples(self, voice: Voice, text: str) -> NDArray[np.int16]:
        """A sentence from the store, or made and stored."""
        key = f"{voice.up}/{voice.down} {text}"
        kept = None if self._store is None else self._store.read(key)
        if kept is not None:
            return kept
        spoken = self._engine(text, speed=1 / voice.height, seed=0).astype(np.float64)
        if spoken.size:
            # Loading it takes longer than all else that a world needs, and few worlds speak.
            from scipy.signal import resample_poly

            spoken = resample_poly(spoken, voice.up, voice.down)
        samples = _level(spoken)
        if self._store is not None:
            self._store.write(key, samples)
        return samples


@cache
def load_synthesiser() -> Synthesiser:
    """The synthesiser of this process: sentences are kept in the user's cache.

    The environment variable MODEL_VARIABLE may name another model.

    Raises:
        VoiceError: as ``Synthesiser``.
    """
    given = os.environ.get(MODEL_VARIABLE)
    return Synthesiser(Path(given) if given else None, default_folder())


def _load_package() -> Any:
    """The synthesiser's module, of the version that was tested."""
    try:
        import hibari
        import onnxruntime  # noqa: F401  # it is loaded later; whether it is there is said now

        found = metadata.version(PACKAGE)
    except ImportError:
        raise VoiceError(
            'speech="voice" needs a synthesiser, which is not installed: '
            "pip install 'heedful[voice]', or leave speech=\"text\"."
        ) from None
    if found != VERSION:
        raise VoiceError(
            f'speech="voice" was made for {PACKAGE} {VERSION}, but {found} is installed: '
            "pip install 'heedful[voice]'."
        )
    return hibari


def _check_weights(folder: Path, *, own_model: bool) -> None:
    """Compare the package's learned files with what was tested."""
    for name, expected in WEIGHTS.items():
        if name == MODEL_FILE and not own_model:
            continue
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise VoiceError(
                f"{path} is not the file of {PACKAGE} {VERSION}: "
                f"pip install --force-reinstall --no-deps {PACKAGE}=={VERSION}."
            )


def _maker(model: Path) -> str:
    """All that decides what a sentence of a voice sounds like."""
    parts = [f"{name} {metadata.version(name)}" for name in (PACKAGE, "onnxruntime", "scipy")]
    return " ".join([*parts, hashlib.sha256(model.read_bytes()).hexdigest(), _LEVELLING])


def _level(wave: NDArray[np.float64]) -> NDArray[np.int16]:
    """Trim a sentence and set its loudness as that of every sound."""
    loud = np.flatnonzero(np.abs(wave) > _QUIET * np.abs(wave).max(initial=0.0))
    if not loud.size:
        return np.zeros(0, np.int16)
    spoken = wave[loud[0] : loud[-1] + 1]
    spoken = spoken * min(LOUDNESS / np.sqrt(np.mean(spoken**2)), PEAK / np.abs(spoken).max())
    return np.rint(spoken * _FULL_SCALE).astype(np.int16)


def _lay_out(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Put a sentence between silences and muffle it by walls."""
    if not samples.size:
        return np.zeros((MAX_WALLS + 1, LEAD_SAMPLES), np.float32)
    decisions = -(-(_MARGIN + samples.size + _MARGIN) // EAR_SAMPLES)
    padded = np.zeros((1, decisions * EAR_SAMPLES), np.float32)
    padded[0, _MARGIN : _MARGIN + samples.size] = samples / np.float32(_FULL_SCALE)
    muffled = muffle_bank(padded)[:, 0, : LEAD_SAMPLES + padded.shape[1]].copy()
    muffled[:, :LEAD_SAMPLES] = 0.0  # of a loop it would be the end, muffled
    muffled.flags.writeable = False
    return muffled
