"""Spoken sentences kept in the user's cache, as WAV files that anybody can play."""

from __future__ import annotations

import hashlib
import os
import tempfile
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from envs.contract import SAMPLE_RATE

STORE_BYTES = 256 << 20
"""What the files of a folder may take; about 4,000 sentences. The oldest are removed."""


def default_folder() -> Path:
    """Where sentences are kept: ``heedful/voices`` in the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "heedful" / "voices"


class WaveStore:
    """A folder of sentences. One that cannot be read or written does without, in silence."""

    def __init__(self, folder: Path, maker: str) -> None:
        """Use a folder.

        Args:
            folder: made when something is kept.
            maker: all that decides what a sentence sounds like, beside its key.
        """
        self._folder, self._maker = folder, maker
        self.remove_oldest()

    def path(self, key: str) -> Path:
        """The file of a sentence."""
        name = hashlib.sha256(f"{self._maker}\0{key}".encode()).hexdigest()[:32]
        return self._folder / f"{name}.wav"

    def read(self, key: str) -> NDArray[np.int16] | None:
        """The samples of a sentence, None when there is no sound file of it."""
        try:
            with wave.open(str(self.path(key)), "rb") as file:
                layout = (file.getnchannels(), file.getsampwidth(), file.getframerate())
                samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
                whole = layout == (1, 2, SAMPLE_RATE) and samples.size == file.getnframes()
        except (OSError, EOFError, ValueError, wave.Error):
            return None
        return samples.astype(np.int16) if whole else None

    def write(self, key: str, samples: NDArray[np.int16]) -> None:
        """Keep a sentence; other processes see all of its file or none."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(suffix=".part", dir=self._folder)
            with os.fdopen(handle, "wb") as raw, wave.open(raw, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(SAMPLE_RATE)
                file.writeframes(samples.astype("<i2").tobytes())
            os.replace(name, self.path(key))
        except OSError:
            return

    def remove_oldest(self) -> None:
        """Remove files, the oldest first, until the rest is within STORE_BYTES."""
        try:
            files = [(file.stat(), file) for file in self._folder.iterdir()]
        except OSError:
            return
        size = sum(facts.st_size for facts, _ in files)
        for facts, file in sorted(files, key=lambda pair: pair[0].st_mtime_ns):
            if size <= STORE_BYTES:
                return
            file.unlink(missing_ok=True)
            size -= facts.st_size
