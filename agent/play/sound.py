"""What both ears hear, played by pygame's mixer without gaps."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from envs import contract
from envs.window import WindowError, load_pygame

BUFFER = 512
"""Samples that the mixer asks for at once. Whatever is queued is a whole number of these long, so
that the next begins where the last one ends; else there would be a click after each."""
_PRIMED = 2 * contract.EAR_SAMPLES
"""Samples that are gathered before sound begins, so that it does not run dry."""
_FADE = 64
"""Samples over which sound begins and ends that nothing comes before or after."""


class Sound(Protocol):
    """Where what is heard goes."""

    def hear(self, audio: NDArray[np.float32]) -> None:
        """Play 0.1 s, ``(3200,)`` as in ``audio``."""
        ...

    def close(self) -> None:
        """Be silent."""
        ...


class NoSound:
    """Silence."""

    def hear(self, audio: NDArray[np.float32]) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Speakers:
    """Plays the sound of decisions one after the other.

    Args:
        is_steady: whether decisions come ten times a second; else each is played for itself.

    Raises:
        WindowError: pygame is missing, or there is no device that plays sound.
    """

    def __init__(self, *, is_steady: bool) -> None:
        try:
            self._pygame: Any = load_pygame()
        except WindowError:
            raise WindowError(
                "There is no sound, since pygame is not installed: pip install 'heedful[window]', "
                "or give --no-sound."
            ) from None
        try:
            self._pygame.mixer.init(contract.SAMPLE_RATE, -16, 2, BUFFER, allowedchanges=0)
        except (self._pygame.error, NotImplementedError) as error:
            raise WindowError(
                f"There is no sound, since no device plays it ({error}): give --no-sound."
            ) from None
        self._channel = self._pygame.mixer.Channel(0)
        self._is_steady = is_steady
        self._waiting = np.zeros((0, 2), np.int16)

    def hear(self, audio: NDArray[np.float32]) -> None:
        """Play 0.1 s after what was heard before."""
        samples = to_stereo(audio)
        if not self._is_steady:
            self._channel.play(self._pygame.mixer.Sound(buffer=faded(samples).tobytes()))
            return
        self._waiting = np.concatenate((self._waiting, samples))
        if not self._channel.get_busy():
            if len(self._waiting) < _PRIMED:
                return
            self._channel.play(self._next_sound(_PRIMED // 2))
        if self._channel.get_queue() is None and len(self._waiting) >= BUFFER:
            self._channel.queue(self._next_sound(len(self._waiting)))

    def close(self) -> None:
        """Stop and give the device back."""
        self._pygame.mixer.quit()

    def _next_sound(self, samples: int) -> Any:
        """The first whole buffers of what waits, at most so many samples."""
        count = samples // BUFFER * BUFFER
        first, self._waiting = self._waiting[:count], self._waiting[count:]
        return self._pygame.mixer.Sound(buffer=np.ascontiguousarray(first).tobytes())


def to_stereo(audio: NDArray[np.float32]) -> NDArray[np.int16]:
    """``audio`` (left ear, then right) as ``(1600, 2)`` int16 for a mixer."""
    ears = audio.reshape(contract.EARS, contract.EAR_SAMPLES).T
    return np.ascontiguousarray(np.rint(np.clip(ears, -1.0, 1.0) * 32767).astype(np.int16))


def faded(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Samples ``(N, 2)`` that begin and end softly."""
    ramp = np.linspace(0.0, 1.0, _FADE, dtype=np.float32)[:, None]
    soft = samples.astype(np.float32)
    soft[:_FADE] *= ramp
    soft[-_FADE:] *= ramp[::-1]
    return np.ascontiguousarray(soft.astype(np.int16))
