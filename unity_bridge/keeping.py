"""Saving and restoring minds for worlds that ask for it on the mind channel.

A world sends {"op": "save", "request": number} and gets {"op": "saved", "request": number, "mind"}
with the mind as base64, null when there is none; {"op": "restore", "mind"} puts one back, and
{"op": "persona", "text"} says who the NPC is.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from unity_bridge import channels
from unity_bridge.batch import MindKeeper, PersonaTaker
from unity_bridge.errors import BridgeError, shown

MOST_BYTES = 64 * 1024
"""Of one saved mind."""


async def save_mind(
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


async def restore_mind(minds: object, world: str, npc: str, request: Mapping[str, Any]) -> None:
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
