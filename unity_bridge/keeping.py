"""Saving and restoring minds for worlds that ask for it on the mind channel.

A world sends {"op": "save", "request": number} and gets {"op": "saved", "request": number, "mind"}
with the mind as base64, null when there is none; {"op": "restore", "mind"} puts one back, and
{"op": "persona", "text"} says who the NPC is.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from unity_bridge import channels
from unity_bridge.batch import MindKeeper, PersonaTaker
from unity_bridge.errors import BridgeError, shown

MOST_BYTES = 64 * 1024
"""Of one saved mind."""
WAIT_SECONDS = 0.05
"""So long a step of a game waits for its requests; answers that come later go with a later step."""
MOST_OPEN = 1024
"""Requests of one world that are not done."""


class MindRequests:
    """What one world asks of its minds, beside its decisions.

    Args:
        minds: the mind server.
        world: name of the world.
        warn: is told what could not be done, and for which NPC.
    """

    def __init__(self, minds: object, world: str, warn: Callable[[str, str], None]):
        self._minds = minds
        self._world = world
        self._warn = warn
        self._open: set[asyncio.Task[None]] = set()
        self._answers: list[channels.Frame] = []

    async def take(
        self, asked: Iterable[tuple[int, str, Mapping[str, Any]]]
    ) -> list[channels.Frame]:
        """Begin with what is asked, in this order, and wait for it a moment.

        What takes longer goes on beside the next decisions, and its answer comes with a later call.

        Args:
            asked: the NPC's number on the wire, its key, and what the world said of it.

        Returns:
            The answers that are ready, of earlier calls too.
        """
        tasks = []
        for agent, npc, request in asked:
            if len(self._open) >= MOST_OPEN:
                self._warn(f"a request for the mind of '{shown(npc)}' is left out: the minds do "
                           f"not answer, and {MOST_OPEN} requests wait", npc)  # fmt: skip
                continue
            task = asyncio.create_task(self._do(agent, npc, request))
            self._open.add(task)
            task.add_done_callback(self._open.discard)
            tasks.append(task)
        if tasks:
            await asyncio.wait(tasks, timeout=WAIT_SECONDS)
        answers, self._answers = self._answers, []
        return answers

    def close(self) -> None:
        """Give up what is not done."""
        for task in self._open:
            task.cancel()

    async def _do(self, agent: int, npc: str, request: Mapping[str, Any]) -> None:
        try:
            if request["op"] == "persona":
                await introduce(self._minds, self._world, npc, request)
            elif request["op"] == "restore":
                await _restore(self._minds, self._world, npc, request)
            else:
                answer = await _save(self._minds, self._world, npc, agent, request)
                self._answers.append(answer)
        except BridgeError as error:
            self._warn(str(error), npc)
        except Exception as error:  # whatever a mind does, the game goes on
            failed = f"{type(error).__name__}: {error}"
            self._warn(f"a request for the mind of '{shown(npc)}' failed ({failed})", npc)


async def _save(
    minds: object, world: str, npc: str, agent: int, request: Mapping[str, Any]
) -> channels.Frame:
    """The answer to a world that wants to save the mind of an NPC.

    Args:
        minds: the mind server; one that keeps nothing has nothing to save.
        world: name of the world.
        npc: the NPC's key.
        agent: the NPC's number on the wire.
        request: what the world said.

    Raises:
        BridgeError: when the mind cannot be saved, in one sentence.
    """
    try:
        blob = await minds.save(world, npc) if isinstance(minds, MindKeeper) else None
    except ValueError as error:
        raise BridgeError(f"the mind of '{shown(npc)}' is not saved: {error}") from None
    mind = None if blob is None else base64.b64encode(blob).decode("ascii")
    saved = {"op": "saved", "request": request.get("request"), "mind": mind}
    return channels.MIND, channels.encode_npcs({agent: saved})


async def _restore(minds: object, world: str, npc: str, request: Mapping[str, Any]) -> None:
    """Put a saved mind back into an NPC.

    Raises:
        BridgeError: when it cannot be used, in one sentence.
    """
    refused = f"the mind of '{shown(npc)}' is not restored"
    if not isinstance(minds, MindKeeper):
        raise BridgeError(f"{refused}: this server keeps none")
    text = request.get("mind")
    if not isinstance(text, str) or len(text) > 2 * MOST_BYTES:
        raise BridgeError(f"{refused}: it is no base64 text of one")
    try:
        await minds.restore(world, npc, base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise BridgeError(f"{refused}: {error}") from None


async def introduce(minds: object, world: str, npc: str, request: Mapping[str, Any]) -> None:
    """Tell an NPC who it is; nothing where minds take no persona, or where it is no text."""
    text = request.get("text")
    if isinstance(text, str) and isinstance(minds, PersonaTaker):
        await minds.introduce(world, npc, text)
