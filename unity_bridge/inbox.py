"""What a world says on our side channels, kept for each NPC until its next decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from envs.contract import CONTRACT_VERSION, CatalogueEntry, Utterance, contract_hash
from unity_bridge import channels
from unity_bridge.errors import BridgeError


class Inbox:
    """Messages that came for each NPC, by agent id, and the NPCs' keys."""

    def __init__(self) -> None:
        self.greeted = False
        """True once the player has said hello, so that it understands our channels."""
        self.npc_keys: dict[int, str] = {}
        self.catalogue: dict[int, list[CatalogueEntry]] = defaultdict(list)
        self.texts: dict[int, list[Utterance]] = defaultdict(list)
        self.goals: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.episodes: dict[int, list[dict[str, Any]]] = defaultdict(list)

    def read(self, data: bytes) -> Iterator[str]:
        """Take in the ``side_channel`` bytes of a message.

        Yields:
            A sentence for everything that had to be ignored though it is on a channel of ours.
        """
        try:
            frames = channels.decode_frames(data)
        except BridgeError as error:
            yield f"its side channel is ignored: {error}"
            return
        for channel, payload in frames:
            if channel not in channels.OUR_CHANNELS:
                continue
            try:
                if channel == channels.HELLO:
                    yield from self._read_hello(channels.decode_json(channel, payload))
                else:
                    self._read_npcs(channel, payload)
            except (BridgeError, AttributeError, KeyError, TypeError, ValueError) as error:
                what = str(error) if isinstance(error, BridgeError) else repr(error)
                name = channels.OUR_CHANNELS[channel]
                yield f"a message of the {name} channel is ignored: {what}"

    def _read_hello(self, hello: Mapping[str, Any]) -> Iterator[str]:
        self.npc_keys.update({int(agent): str(key) for agent, key in hello["npcs"].items()})
        self.greeted = True
        if hello.get("hash") != contract_hash():
            yield (
                f"its contract is {hello.get('contract')} ({hello.get('hash')}) and this server's "
                f"{CONTRACT_VERSION} ({contract_hash()}): update the older of the two"
            )

    def _read_npcs(self, channel: UUID, payload: bytes) -> None:
        for agent, part in channels.decode_npcs(channel, payload).items():
            self.add(channel, agent, part)

    def add(self, channel: UUID, agent: int, part: Any) -> None:
        """Take in one NPC's part of a message.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: when it is not of that channel.
        """
        if channel == channels.CATALOGUE:
            self.catalogue[agent] += [CatalogueEntry.from_json(entry) for entry in part]
        elif channel == channels.DIALOGUE:
            self.texts[agent] += [_read_utterance(text) for text in part]
        elif channel == channels.GOAL:
            self.goals[agent] += [dict(goal) for goal in part]
        elif channel == channels.EPISODE:
            self.episodes[agent] += [dict(episode) for episode in part]


def _read_utterance(data: Mapping[str, Any]) -> Utterance:
    return Utterance(
        int(data["utterance"]), int(data["speaker"]), bool(data["to_me"]), str(data["text"])
    )
