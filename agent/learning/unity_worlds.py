"""Unity players that practise: launched, served over ML-Agents, and asked one decision at a time.

The host runs in a thread of its own; the learner takes the questions that wait, and answers them.
Between two takes the players stand still, as on any lock-step link.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from envs.contract import NO_OP
from unity_bridge.batch import WorldBatch, WorldReply
from unity_bridge.errors import BridgeError
from unity_bridge.host import Host
from unity_bridge.launch import Player

START_SECONDS = 120.0
"""So long a player may take from its launch to its first question."""
SILENT_SECONDS = 60.0
"""So long a player may take over one step of its game."""
GATHER_SECONDS = 0.05
"""So long the first question of a step waits for those of other players."""
STOP_SECONDS = 5.0


@dataclass
class Question:
    """What one world asks; answer it with `UnityWorlds.answer`."""

    batch: WorldBatch
    answer: asyncio.Future[WorldReply]


class UnityWorlds:
    """Launched players and their questions; use it in a ``with`` statement.

    Args:
        build: path of a Unity build, or of ``heedful-player``.
        players: how many to launch.
        graphics: whether they draw what their NPCs see; without it cameras stay blank.

    Raises:
        BridgeError: there is no such build or it cannot be started.
    """

    def __init__(self, build: Path, players: int, graphics: bool = True) -> None:
        self._questions: queue.Queue[Question] = queue.Queue()
        self._connected: set[str] = set()
        self._asked = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._host = Host(self, port=0)
        self._run(self._host.start())
        arguments = ["-batchmode", "--mlagents-port", str(self._host.port)]
        if not graphics:
            arguments.insert(0, "-nographics")
        self._players: list[Player] = []
        try:
            for _ in range(players):
                self._players.append(Player(str(build), arguments))
        except BridgeError:
            self.close()
            raise

    def __enter__(self) -> UnityWorlds:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def take(self) -> list[Question]:
        """The questions that wait: of every world, or of those that ask within a moment.

        Raises:
            BridgeError: no player asks any more; the message says why and ends with its log.
        """
        taken = [self._wait()]
        deadline = time.monotonic() + GATHER_SECONDS
        while len(taken) < len(self._connected):
            try:
                taken.append(self._questions.get(timeout=max(0.0, deadline - time.monotonic())))
            except queue.Empty:
                break
        self._asked = True
        return sorted(taken, key=lambda question: question.batch.world)

    def answer(self, question: Question, reply: WorldReply) -> None:
        """Let a world go on."""
        self._loop.call_soon_threadsafe(_set_result, question.answer, reply)

    def close(self) -> None:
        """Tell the players to quit, and end them; safe to call twice."""
        if self._loop.is_closed():
            return
        stopping = asyncio.run_coroutine_threadsafe(self._host.stop(grace=STOP_SECONDS), self._loop)
        while not stopping.done():  # whoever still asks stands still, then hears that it may quit
            with contextlib.suppress(queue.Empty):
                question = self._questions.get(timeout=0.05)
                idle = np.tile(np.array(NO_OP), (len(question.batch.npcs), 1))
                self.answer(question, WorldReply(idle))
        for player in self._players:
            player.stop(STOP_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # -- what the host calls, in its thread ----------------------------------------------------

    async def decide(self, batch: WorldBatch) -> WorldReply:
        """Wait for the learner's answer."""
        question = Question(batch, asyncio.get_running_loop().create_future())
        self._questions.put(question)
        return await question.answer

    def connected(self, world: str) -> None:
        """One world more is waited for."""
        self._connected.add(world)

    def released(self, world: str) -> None:
        """It is waited for no more."""
        self._connected.discard(world)

    # ------------------------------------------------------------------------------------------

    def _wait(self) -> Question:
        deadline = time.monotonic() + (SILENT_SECONDS if self._asked else START_SECONDS)
        while time.monotonic() < deadline:
            try:
                return self._questions.get(timeout=0.5)
            except queue.Empty:
                pass
            dead = [player for player in self._players if player.why_dead() is not None]
            if len(dead) == len(self._players):
                raise BridgeError(f"{dead[0].why_dead()}; {dead[0].tail()}")
        player = self._players[0]
        raise BridgeError(
            "the Unity player asks for no decision: its scene needs an active Heedful NPC and its "
            f"behaviour type must not be Heuristic Only; {player.tail()}"
        )

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _set_result(future: asyncio.Future[WorldReply], reply: WorldReply) -> None:
    if not future.done():
        future.set_result(reply)
