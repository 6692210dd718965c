"""One world's conversation with a host, without the network: message in, message out."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from envs.contract import CONTRACT_VERSION, NO_OP, contract_hash
from unity_bridge import channels
from unity_bridge.batch import Ending, MindServer, WorldBatch, allow_actions
from unity_bridge.codec import (
    decode_masks,
    decode_observations,
    encode_actions,
    make_idle_action,
    why_not_ours,
)
from unity_bridge.errors import BridgeError, shown
from unity_bridge.inbox import Inbox
from unity_bridge.keeping import MindRequests
from unity_bridge.limits import Throttle
from unity_bridge.meters import HostMeters
from unity_bridge.protocol import API_VERSION, PACKAGE_VERSION, messages
from unity_bridge.telling import Voice

STATUS_OK = 200
STATUS_QUIT = 400
STOPPING = "the server is stopping"
"""What worlds are told that call while it stops."""
READING_AT_ONCE = 1.0
"""Seconds that reading side channels may take before the share of the time counts: a world begins
with much to say."""
LARGE_BYTES = 64 * 1024
"""Side channels longer than this are read beside what other worlds ask."""
_MOST_BEHAVIORS = 256
"""Of one world; a game has a handful."""
_MOST_ENDINGS = 4096
"""Of one behaviour between two batches; the oldest make room."""


@dataclass
class _Behavior:
    """What is known of one behaviour of a world."""

    name: str
    brain: messages.BrainParametersProto | None = None
    playing: set[int] = field(default_factory=set)
    """Agents that have had a decision in their present episode."""
    endings: list[Ending] = field(default_factory=list)
    complaint: str | None = None
    """Why it does not speak the contract; None while it does."""
    checked: bool = False


@dataclass
class _Said:
    """What is to be said beside the actions of one step, by agent id."""

    display: dict[int, Any] = field(default_factory=dict)
    """What to show of each mind."""
    goals: dict[int, Any] = field(default_factory=dict)
    """Messages about its goals."""

    def frames(self) -> list[channels.Frame]:
        """The same as side channel messages."""
        parts = ((channels.MIND, self.display), (channels.GOAL, self.goals))
        return [(channel, channels.encode_npcs(said)) for channel, said in parts if said]


class Session:
    """The conversation with one player, from handshake to goodbye.

    Args:
        world: name of the world for logs and minds.
        mind: who decides.
        seed: what the player is told to seed itself with.
        hello: what our ``hello`` says beside contract version and hash.
        max_npcs: so many NPCs are decided for; the others stand still.
        reading_share: of the time that reading its side channels may take; it waits when that takes
            more.
        voice: tells what happens.
        meters: counts it.
    """

    def __init__(
        self,
        world: str,
        mind: MindServer,
        seed: int,
        hello: Mapping[str, Any],
        *,
        max_npcs: int | None = None,
        reading_share: float = math.inf,
        voice: Voice | None = None,
        meters: HostMeters | None = None,
    ):
        self.world = world
        self.greeted = False
        """True once the handshake is done."""
        self.closed = False
        self._mind = mind
        self._seed = seed
        self._hello = dict(hello)
        self._reset_sent = False
        self._behaviors: dict[str, _Behavior] = {}
        self._inbox = Inbox()
        self._max_npcs = max_npcs
        self._reading_share = reading_share
        self._reading = Throttle(reading_share, at_once=READING_AT_ONCE / reading_share)
        self._voice = voice or Voice(world)
        self._meters = meters or HostMeters()
        self._requests = MindRequests(
            mind,
            world,
            lambda sentence, npc: self._voice.warn("mind_not_kept", sentence, about=npc),
        )

    @property
    def npcs(self) -> int:
        """NPCs that have had a decision in an episode that has not ended."""
        return sum(len(behavior.playing) for behavior in list(self._behaviors.values()))

    async def answer(self, message: messages.UnityMessageProto) -> messages.UnityMessageProto:
        """Answer one message.

        Raises:
            BridgeError: when the other side does not speak ML-Agents; the session is at its end.
        """
        if message.header.status != STATUS_OK:
            if not message.header.status:
                raise BridgeError("its message has no status, so it is no ML-Agents player")
            self._voice.note("left", "left")
            self.close()
            return make_reply()
        output = message.unity_output
        if not self.greeted:
            return self._shake_hands(output)
        if not self._reset_sent:
            self._reset_sent = True
            if not output.HasField("rl_output"):
                return self._make_reset()
        return await self._step(output)

    def close(self) -> None:
        """Let go of the world's minds; safe to call twice."""
        self._requests.close()
        if self.greeted and not self.closed:
            self._mind.released(self.world)
        self.closed = True

    # --------------------------------------------------------------------------------- handshake

    def _shake_hands(self, output: messages.UnityOutputProto) -> messages.UnityMessageProto:
        if not output.HasField("rl_initialization_output"):
            raise BridgeError("it did not begin with ML-Agents' handshake")
        greeting = output.rl_initialization_output
        if greeting.communication_version.split(".")[0] != API_VERSION.split(".")[0]:
            version = shown(greeting.communication_version) or "(none)"
            raise BridgeError(
                f"it speaks ML-Agents communicator {version}, "
                f"and this server {API_VERSION}: use the Unity package com.unity.ml-agents 2.0 "
                "or newer"
            )
        self.greeted = True
        self._mind.connected(self.world)
        self._meters.worlds_connected += 1
        name, package = shown(greeting.name), shown(greeting.package_version) or "unknown"
        self._voice.note("connected", f"connected: {name}, ML-Agents package {package}")
        reply = make_reply()
        answer = reply.unity_input.rl_initialization_input
        answer.seed = self._seed
        answer.communication_version = API_VERSION
        answer.package_version = PACKAGE_VERSION
        answer.num_areas = 1
        answer.capabilities.CopyFrom(all_capabilities())
        return reply

    def _make_reset(self) -> messages.UnityMessageProto:
        reply = make_reply()
        reply.unity_input.rl_input.command = messages.RESET
        hello = {"contract": CONTRACT_VERSION, "hash": contract_hash(), **self._hello}
        reply.unity_input.rl_input.side_channel = channels.encode_frames(
            [(channels.HELLO, channels.encode_json(hello))]
        )
        return reply

    # -------------------------------------------------------------------------------------- step

    async def _step(self, output: messages.UnityOutputProto) -> messages.UnityMessageProto:
        for brain in output.rl_initialization_output.brain_parameters:
            behavior = self._behavior(brain.brain_name)
            behavior.brain = brain
            behavior.checked = False
        await self._read_side_channel(output.rl_output.side_channel)
        frames = await self._keep_minds()
        reply = make_reply()
        answer = reply.unity_input.rl_input
        answer.command = messages.STEP
        said = _Said()
        for name, listed in output.rl_output.agentInfos.items():
            behavior = self._behavior(name)
            self._note_endings(behavior, [info for info in listed.value if info.done])
            infos = [info for info in listed.value if not info.done]
            if infos:
                actions = await self._act(behavior, infos, said)
                answer.agent_actions[name].value.extend(actions)
        frames += said.frames()
        if frames:
            answer.side_channel = channels.encode_frames(frames)
        return reply

    async def _keep_minds(self) -> list[channels.Frame]:
        """Save, restore and introduce minds as the world asks; what it is to be answered."""
        inbox = self._inbox
        asked = [
            (agent, inbox.npc_keys[agent], request)
            for agent in list(inbox.minds)
            for request in inbox.minds.pop(agent)
            if agent in inbox.npc_keys
        ]
        return await self._requests.take(asked)

    async def _act(
        self,
        behavior: _Behavior,
        infos: list[messages.AgentInfoProto],
        said: _Said,
    ) -> list[messages.AgentActionProto]:
        if not behavior.checked:
            self._check(behavior, infos[0])
        if behavior.complaint is not None:
            self._meters.idle["unknown_behaviour"] += len(infos)
            return [make_idle_action(behavior.brain, info) for info in infos]
        seated = self._seat(behavior, infos)
        actions = np.tile(np.array(NO_OP), (len(infos), 1))
        if seated:
            actions[seated] = await self._decide(behavior, [infos[row] for row in seated], said)
        return encode_actions(actions)

    async def _decide(
        self,
        behavior: _Behavior,
        infos: list[messages.AgentInfoProto],
        said: _Said,
    ) -> NDArray[np.int64]:
        """Actions ``(n, 8)`` for n NPCs; they stand still when something is wrong."""
        idle = np.tile(np.array(NO_OP), (len(infos), 1))
        try:
            batch = self._make_batch(behavior, infos)
        except BridgeError as error:
            self._meters.idle["bad_observation"] += len(infos)
            self._voice.warn(
                "bad_observation", f"behaviour {shown(behavior.name)}: {error}; "
                "its NPCs stand still until that is mended", about=behavior.name,
            )  # fmt: skip
            return idle
        try:
            reply = await self._mind.decide(batch)
            actions, allowed = allow_actions(reply, batch)
            if not allowed:
                self._voice.warn("masked_action", "the mind chose a masked action")
        except Exception as error:  # whatever a mind does, the game must get an answer
            self._meters.idle["mind_failed"] += len(infos)
            self._voice.fail("mind_failed", f"the mind failed ({type(error).__name__}: {error}); "
                             "its NPCs stand still", error)  # fmt: skip
            return idle
        if self._inbox.greeted:
            for agent, part in zip(batch.agents.tolist(), reply.mind, strict=False):
                if part is not None:
                    said.display[agent] = part
            if reply.goals:
                for agent, npc in zip(batch.agents.tolist(), batch.npcs, strict=True):
                    if npc in reply.goals:
                        said.goals[agent] = list(reply.goals[npc])
        return actions

    def _seat(self, behavior: _Behavior, infos: list[messages.AgentInfoProto]) -> list[int]:
        """Rows of the NPCs that are decided for; who was before stays."""
        if self._max_npcs is None:
            return list(range(len(infos)))
        room = self._max_npcs - self.npcs
        rows = []
        for row, info in enumerate(infos):
            is_new = info.id not in behavior.playing
            if is_new and room <= 0:
                continue
            room -= is_new
            rows.append(row)
        surplus = len(infos) - len(rows)
        if surplus:
            self._meters.idle["too_many_npcs"] += surplus
            self._voice.warn(
                "too_many_npcs", f"{surplus} of its NPCs stand still: this server decides for "
                f"{self._max_npcs} of one world (heedful serve --max-npcs-per-world)",
            )  # fmt: skip
        return rows

    async def _read_side_channel(self, data: bytes) -> None:
        """Take in what its side channels say, and let it wait when reading them takes too long."""
        inbox = self._inbox
        if len(data) > LARGE_BYTES:
            said, seconds = await asyncio.to_thread(_read, inbox, data)
        else:
            said, seconds = _read(inbox, data)
        for event, channel, sentence in said:
            self._voice.warn(event, sentence, about=channel)
        wait = self._reading.take(seconds)
        if wait > 0.0:
            self._voice.warn(
                "too_fast", "its answers are held back: reading its side channels takes more than "
                f"{self._reading_share:.0%} of the server's time; send shorter or fewer messages",
                about="side channels",
            )  # fmt: skip
            await asyncio.sleep(wait)
        self._meters.note_link(inbox.round_trip_ms, inbox.staleness_ms)
        inbox.round_trip_ms = inbox.staleness_ms = None

    def _make_batch(self, behavior: _Behavior, infos: list[messages.AgentInfoProto]) -> WorldBatch:
        observations = decode_observations(infos)
        action_mask = decode_masks(infos)
        reward = np.array([info.reward + info.group_reward for info in infos], np.float32)
        if not np.isfinite(reward).all():
            raise BridgeError("a reward is not finite")
        agents = [info.id for info in infos]
        inbox = self._inbox
        batch = WorldBatch(
            world=self.world,
            behavior=behavior.name,
            agents=np.array(agents, np.int64),
            npcs=self._npc_keys(behavior, agents),
            observations=observations,
            action_mask=action_mask,
            reward=reward,
            first=np.array([agent not in behavior.playing for agent in agents]),
            catalogue=[inbox.catalogue.pop(agent, []) for agent in agents],
            texts=[inbox.texts.pop(agent, []) for agent in agents],
            goals=[inbox.goals.pop(agent, []) for agent in agents],
            episodes=[inbox.episodes.pop(agent, []) for agent in agents],
            endings=behavior.endings,
        )
        behavior.endings = []
        behavior.playing.update(agents)
        return batch

    def _check(self, behavior: _Behavior, info: messages.AgentInfoProto) -> None:
        behavior.checked = True
        if behavior.brain is None:
            behavior.complaint = "it came without brain parameters"
        else:
            behavior.complaint = why_not_ours(behavior.brain, info)
        if behavior.complaint is not None:
            self._voice.warn(
                "unknown_behaviour",
                f"behaviour {shown(behavior.name)} gets actions that do nothing, because "
                f"{behavior.complaint} (contract {CONTRACT_VERSION}, {contract_hash()})",
                about=behavior.name,
            )

    def _note_endings(self, behavior: _Behavior, infos: list[messages.AgentInfoProto]) -> None:
        for info in infos:
            behavior.playing.discard(info.id)
            behavior.endings.append(
                Ending(info.id, self._npc_key(behavior, info.id), info.reward, info.group_reward,
                       info.max_step_reached)
            )  # fmt: skip
        del behavior.endings[:-_MOST_ENDINGS]

    def _behavior(self, name: str) -> _Behavior:
        if name not in self._behaviors and len(self._behaviors) >= _MOST_BEHAVIORS:
            raise BridgeError(f"it names more than {_MOST_BEHAVIORS} behaviours")
        return self._behaviors.setdefault(name, _Behavior(name))

    def _npc_keys(self, behavior: _Behavior, agents: list[int]) -> list[str]:
        """Their keys; of two that say they are the same NPC the second is another."""
        keys: dict[str, None] = {}
        for agent in agents:
            key = self._npc_key(behavior, agent)
            if key in keys:
                self._voice.warn(
                    "same_key", f"two of its NPCs have the key {key} at once, so the second one "
                    "has a mind of its own: give every NPC another key",
                    about=key,
                )  # fmt: skip
                while key in keys:
                    key = f"{key}#{agent}"
            keys[key] = None
        return list(keys)

    def _npc_key(self, behavior: _Behavior, agent: int) -> str:
        return self._inbox.npc_keys.get(agent) or f"{behavior.name.split('?')[0]}#{agent}"


def _read(inbox: Inbox, data: bytes) -> tuple[list[tuple[str, str, str]], float]:
    """What had to be ignored, and the seconds of a processor that reading took."""
    begun = time.thread_time()
    ignored = list(inbox.read(data))
    return ignored, time.thread_time() - begun


def all_capabilities() -> messages.UnityRLCapabilitiesProto:
    """All seven capabilities: the SDK refuses mixed actions when one is missing."""
    fields = messages.UnityRLCapabilitiesProto.DESCRIPTOR.fields
    return messages.UnityRLCapabilitiesProto(**{field.name: True for field in fields})


def make_reply(status: int = STATUS_OK, text: str = "") -> messages.UnityMessageProto:
    """A message that holds a header only."""
    header = messages.HeaderProto(status=status, message=text)
    return messages.UnityMessageProto(header=header)


def is_greeting(message: messages.UnityMessageProto) -> bool:
    """Is this the first message of a conversation?"""
    output = message.unity_output
    return output.HasField("rl_initialization_output") and not output.HasField("rl_output")
