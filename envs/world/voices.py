"""Who speaks aloud when: sentences as sound, a piece for every decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from envs.contract import EAR_SAMPLES
from envs.voice import load_synthesiser, voice_of
from envs.world.catalogue import say_message
from envs.world.layout import Layout
from envs.world.sound_bank import LEAD_SAMPLES, MAX_WALLS
from envs.world.state import Capacity, WorldState

LONGEST_WAIT = 50
"""Decisions: a sentence that would have to wait longer for its speaker is not spoken aloud."""


@dataclass(frozen=True)
class _Turn:
    """A sentence and when it is heard."""

    first: int
    """Clock of the first observation that has a piece of it."""
    wave: NDArray[np.float32]
    """As ``Synthesiser.frames`` gives it."""

    @property
    def end(self) -> int:
        """Clock of the first observation after it."""
        return self.first + (self.wave.shape[1] - LEAD_SAMPLES) // EAR_SAMPLES


class Voices:
    """The voices of all people of a batch.

    A sentence begins in the decision in which it is said, or when its speaker has finished the one
    before; until the last one ends its speaker counts as speaking. What cannot be pronounced stays
    the babble that it is without voices.
    """

    def __init__(self, num_worlds: int, capacity: Capacity) -> None:
        """Make voices.

        Raises:
            VoiceError: as ``envs.voice.load_synthesiser``.
        """
        self._synthesiser = load_synthesiser()
        self._turns: list[dict[int, list[_Turn]]] = [{} for _ in range(num_worlds)]
        self._allocate(capacity)

    def _allocate(self, capacity: Capacity) -> None:
        shape = (len(self._turns), MAX_WALLS + 1, capacity.people, LEAD_SAMPLES + EAR_SAMPLES)
        self._pieces = np.zeros(shape, np.float32)
        self.pieces = self._pieces.view()
        """(W, MAX_WALLS + 1, Q, LEAD_SAMPLES + EAR_SAMPLES) as ``mix_ears`` takes it; read only,
        which spares the kernels a second version of their code."""
        self.pieces.flags.writeable = False

    def grow(self, capacity: Capacity) -> None:
        """Make room for more people; nobody is cut short."""
        old = self._pieces
        self._allocate(capacity)
        self._pieces[:, :, : old.shape[2]] = old

    def begin(self, world: int) -> None:
        """Silence a world for a new episode."""
        self._turns[world].clear()
        self._pieces[world] = 0.0

    def follow(self, state: WorldState, layouts: Sequence[Layout | None]) -> None:
        """Take up what has just been said, before the clock goes on."""
        for world in np.flatnonzero(state.running & (state.spoken_count > 0)).tolist():
            layout = layouts[world]
            assert layout is not None, "a running world has an episode"
            now = int(state.clock[world])
            said = state.spoken[world, : state.spoken_count[world]].tolist()
            for _, person, say, about, where, _ in said:
                name = layout.names[layout.first_person + person]
                text = say_message(layout, say, about, where)
                self._say(world, person, name, text, now + 1)
                turns = self._turns[world].get(person)
                if turns:
                    state.person_speaks_until[world, person] = turns[-1].end

    def _say(self, world: int, person: int, name: str, text: str, clock: int) -> None:
        turns = self._turns[world].get(person, [])
        first = max(clock, turns[-1].end) if turns else clock
        if first - clock > LONGEST_WAIT:
            return
        turn = _Turn(first, self._synthesiser.frames(voice_of(name), text))
        if turn.end > turn.first:
            self._turns[world].setdefault(person, []).append(turn)

    def speak(self, world: int, clock: int) -> list[int]:
        """Write this decision's pieces of a world; who is speaking, as numbers of people."""
        speaking = []
        for person, turns in list(self._turns[world].items()):
            while turns and turns[0].end <= clock:
                del turns[0]
            piece = self._pieces[world, :, person]
            if not turns:
                piece[:] = 0.0
                del self._turns[world][person]
                continue
            start = (clock - turns[0].first) * EAR_SAMPLES
            piece[:] = turns[0].wave[:, start : start + LEAD_SAMPLES + EAR_SAMPLES]
            speaking.append(person)
        return speaking
