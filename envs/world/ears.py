"""The ears of a batch: where its sounds and voices are, and what every row hears of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from envs.contract import EAR_SAMPLES, EARS
from envs.scene import MAX_SOUNDS
from envs.suggest import did_you_mean
from envs.voice import load_synthesiser
from envs.world.layout import Layout
from envs.world.sound import EAR_STATE, mix_ears, no_voices
from envs.world.sound_bank import LOOP_SAMPLES, SPEECH_SOUND, muffled_bank
from envs.world.state import Capacity, WorldState
from envs.world.voices import Voices

Speech = Literal["text", "voice"]
"""How people are heard: as babble beside their text, or as spoken sentences beside it."""
SPEECH: tuple[Speech, ...] = get_args(Speech)


class SpeechError(ValueError):
    """There is no such way of speaking; one sentence with the cure."""


def check_speech(speech: str) -> Speech:
    """A way of speaking, after making sure that it can be had.

    Raises:
        SpeechError: there is no such one.
        VoiceError: as ``envs.voice.load_synthesiser``.
    """
    for known in SPEECH:
        if speech == known:
            if known == "voice":
                load_synthesiser()
            return known
    raise SpeechError(f"There is no speech '{speech}': {did_you_mean(speech, SPEECH)}")


class Ears:
    """Sources of sound and listeners; W worlds, R rows, S sources (objects, then people).

    Raises:
        SpeechError: there is no such speech.
        VoiceError: voices are asked for and cannot be had.
    """

    def __init__(
        self, num_worlds: int, row_world: NDArray[np.int32], capacity: Capacity, speech: str
    ) -> None:
        self.num_worlds, self._row_world = num_worlds, row_world
        self.listeners = np.zeros((len(row_world), 3), np.float32)
        """(R, 3) x, z, yaw."""
        self._loops = muffled_bank()
        self._voices = Voices(num_worlds, capacity) if check_speech(speech) == "voice" else None
        self._nobody = no_voices(num_worlds)
        self._allocate(capacity)

    def _allocate(self, capacity: Capacity) -> None:
        worlds, rows, sources = self.num_worlds, len(self._row_world), capacity.people
        sources += MAX_SOUNDS
        self.sound = np.full((worlds, sources), -1, np.int32)
        """(W, S) waveform of each source, -1 silent."""
        self.position = np.zeros((worlds, sources, 2), np.float32)
        """(W, S, 2) x, z."""
        self.walls = np.zeros((rows, sources), np.int32)
        """(R, S) walls and closed doors between."""
        self._phase = np.zeros((worlds, sources), np.int64)
        self._phase_now = np.zeros_like(self._phase)
        self._state = np.zeros((rows, sources, EAR_STATE), np.float32)

    def grow(self, capacity: Capacity) -> None:
        """Make room for more people; what is heard in other worlds goes on."""
        phase, state = self._phase, self._state
        self._allocate(capacity)
        self._phase[:, : phase.shape[1]] = phase
        self._state[:, : state.shape[1]] = state
        if self._voices is not None:
            self._voices.grow(capacity)

    def begin(self, world: int, rows: slice, phase: int) -> None:
        """Begin an episode in silence, with the loops at sample ``phase``."""
        self._phase[world] = phase
        self._state[rows] = 0.0
        if self._voices is not None:
            self._voices.begin(world)

    def follow(self, state: WorldState, layouts: Sequence[Layout | None]) -> None:
        """Let voices take up what has just been said, before the clock goes on."""
        if self._voices is not None:
            self._voices.follow(state, layouts)

    def hear(
        self,
        worlds: tuple[int, int],
        rows: tuple[int, int],
        state: WorldState,
        audio: NDArray[np.float32],
    ) -> None:
        """Mix what rows (first, last) of worlds (first, last) hear into ``audio`` (R, 3200)."""
        own = slice(*worlds)
        elapsed = state.clock[own, None].astype(np.int64) * EAR_SAMPLES
        self._phase_now[own] = (self._phase[own] + elapsed) % LOOP_SAMPLES
        pieces = self._nobody
        if self._voices is not None:
            pieces = self._voices.pieces
            for world in range(*worlds):
                for person in self._voices.speak(world, int(state.clock[world])):
                    if self.sound[world, MAX_SOUNDS + person] >= 0:
                        self.sound[world, MAX_SOUNDS + person] = SPEECH_SOUND + 1 + person
        mix_ears(
            *rows, self._loops, pieces, self.sound, self.position, self._phase_now, self.listeners,
            self._row_world, self.walls, self._state,
            audio.reshape(len(audio), EARS, EAR_SAMPLES),
        )  # fmt: skip
