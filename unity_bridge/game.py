"""The player's side of the conversation, without the network: answer in, message out.

greeting, waiting, then for every answer: RESET or STEP the areas and say what is seen
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from typing import Any

from numpy.typing import NDArray

from envs.contract import BEHAVIOR_NAME, CONTRACT_VERSION, GoalColumn, contract_hash
from unity_bridge import channels
from unity_bridge.areas import Areas, EpisodeResult, Record, Turn
from unity_bridge.codec import (
    decode_actions,
    encode_mask,
    encode_observations,
    layout_of_peer,
    make_brain_parameters,
)
from unity_bridge.errors import BridgeError
from unity_bridge.parameters import Parameters
from unity_bridge.programme import Programme
from unity_bridge.protocol import API_VERSION, messages
from unity_bridge.session import STATUS_OK, STOPPING, all_capabilities

BEHAVIOR = f"{BEHAVIOR_NAME}?team=0"
UNITY_PACKAGE_VERSION = "3.0.0"
"""The Unity package that the player behaves like: since 3.0 images have channels first."""

_log = logging.getLogger("unity_bridge.player")


def make_greeting() -> messages.UnityMessageProto:
    """The first message."""
    message = _make_message()
    greeting = message.unity_output.rl_initialization_output
    greeting.name = "Heedful"
    greeting.communication_version = API_VERSION
    greeting.package_version = UNITY_PACKAGE_VERSION
    greeting.capabilities.CopyFrom(all_capabilities())
    return message


def make_waiting() -> messages.UnityMessageProto:
    """The second message: ready, what shall I do?"""
    return _make_message()


class Game:
    """Plays a programme for one server.

    Args:
        programme: what to play.
        answer: the server's answer to the greeting.

    Raises:
        BridgeError: when the server refuses or speaks another version.
    """

    def __init__(self, programme: Programme, answer: messages.UnityMessageProto):
        if answer.header.status != STATUS_OK:
            raise BridgeError(f"the server refused: {answer.header.message or 'without a reason'}")
        greeting = answer.unity_input.rl_initialization_input
        if greeting.communication_version.split(".")[0] != API_VERSION.split(".")[0]:
            raise BridgeError(
                f"the server speaks ML-Agents communicator "
                f"{greeting.communication_version or '(none)'} and this player {API_VERSION}: "
                "use mlagents_envs 0.28 or newer"
            )
        self.dismissed = False
        """True once the server has said quit."""
        self.server_is_ours = False
        """True once the server has said our hello."""
        self.results: list[EpisodeResult] = []
        """Results of the episodes that ended with the last answer."""
        self.round_trip_ms: float | None = None
        """How long the last answer took, when somebody has measured it; the server is told."""
        self._programme = programme
        self._layout = layout_of_peer(greeting.package_version)
        self._areas_wanted = max(greeting.num_areas, 1)
        self.parameters = Parameters(max(greeting.seed, 0))
        """What the server wants of the world."""
        self._in_use: tuple[int, tuple[str, ...]] | None = None
        """Seed and perturbations of the areas that are played."""
        self._phases: Iterator[Areas] = iter(())
        self._areas: Areas | None = None
        self._first_agent = 1
        self._turn: Turn | None = None
        self._announced = False
        """True once the behaviour's brain parameters were sent."""
        self._introduced = False
        """True once the NPC keys of this phase were sent."""

    def answer(self, reply: messages.UnityMessageProto) -> messages.UnityMessageProto | None:
        """Do what a reply says and make the next message; None when this player is to leave.

        Raises:
            BridgeError: when the server lets this player go for a fault of it.
        """
        self.results = []
        command = reply.unity_input.rl_input
        if reply.header.status != STATUS_OK or command.command == messages.QUIT:
            self.dismissed = True
            if reply.header.message not in ("", STOPPING):
                raise BridgeError(f"the server let this player go: {reply.header.message}")
            return None
        self._read_side_channel(command.side_channel)
        if command.command == messages.RESET or self._areas is None or self._turn is None:
            self._turn = self._reset()
        else:
            listed = command.agent_actions
            actions = listed[BEHAVIOR].value if BEHAVIOR in listed else ()
            if len(actions) != len(self._turn.waiting):
                raise BridgeError(
                    f"the server sent {len(actions)} actions for {len(self._turn.waiting)} NPCs"
                )
            if not self._turn.waiting:
                self._turn = self._next_phase()
            else:
                self._turn = self._areas.step(decode_actions(actions), self._turn.waiting)
        if self._turn is None:
            return None
        self.results = self._turn.results
        return self._make_message(self._turn)

    def repeat(self) -> messages.UnityMessageProto:
        """The last message once more, encoded anew: for measuring."""
        if self._turn is None:
            raise BridgeError("there is nothing to repeat before the first answer")
        return self._make_message(self._turn)

    # ------------------------------------------------------------------------------------- playing

    def _reset(self) -> Turn | None:
        wanted = (self.parameters.seed, self.parameters.perturbations)
        if self._areas is None or wanted != self._in_use:
            self._in_use = wanted
            self._phases = self._programme.areas(self.parameters, self._areas_wanted)
            return self._next_phase()
        turn = self._areas.reset()
        return turn if turn.waiting else self._next_phase()

    def _next_phase(self) -> Turn | None:
        if self._areas is not None:
            self._first_agent += len(self._areas.episodes) * self._areas.npcs
        self._areas = next(self._phases, None)
        self._introduced = False
        return self._areas.reset() if self._areas is not None else None

    def _agent(self, row: int) -> int:
        return self._first_agent + row

    # ------------------------------------------------------------------------------------- talking

    def _make_message(self, turn: Turn) -> messages.UnityMessageProto:
        message = _make_message()
        output = message.unity_output
        if turn.waiting and not self._announced:
            self._announced = True
            greeting = output.rl_initialization_output
            greeting.brain_parameters.append(make_brain_parameters(BEHAVIOR))
        infos = output.rl_output.agentInfos[BEHAVIOR].value
        for record in turn.ended:
            info = infos.add(done=True, max_step_reached=record.interrupted)
            self._fill(info, record, turn.last_observations)
        for record in turn.waiting:
            info = infos.add()
            self._fill(info, record, turn.observations)
            encode_mask(info, turn.action_mask[record.row])
        output.rl_output.side_channel = channels.encode_frames(self._make_frames(turn))
        return message

    def _fill(
        self, info: messages.AgentInfoProto, record: Record, observations: dict[str, NDArray]
    ) -> None:
        info.id = self._agent(record.row)
        info.reward = record.reward
        info.group_id = record.group
        info.group_reward = record.group_reward
        encode_observations(info, observations, record.row, self._layout)

    def _make_frames(self, turn: Turn) -> Iterator[channels.Frame]:
        for result in turn.results:
            for name, value in (("Success", result.success), ("SPL", result.spl)):
                yield channels.STATS, channels.encode_stat(f"Heedful/{name}", float(value))
        if not self.server_is_ours:
            return
        catalogue, texts, goals, episodes = self._collect(turn)
        if not self._introduced:
            self._introduced = True
            yield channels.HELLO, channels.encode_json(self._make_hello())
        if self.round_trip_ms is not None:
            measured = {"round_trip_ms": round(self.round_trip_ms, 3)}
            yield channels.HELLO, channels.encode_json(measured)
        for channel, parts in (
            (channels.EPISODE, episodes),
            (channels.GOAL, goals),
            (channels.CATALOGUE, catalogue),
            (channels.DIALOGUE, texts),
        ):
            if parts:
                yield channel, channels.encode_npcs(parts)

    def _make_hello(self) -> dict[str, Any]:
        assert self._areas is not None
        keys = {
            str(self._agent(row)): f"area{area}/npc{npc}"
            for area in range(len(self._areas.episodes))
            for npc, row in enumerate(self._areas.rows(area))
        }
        return {
            "contract": CONTRACT_VERSION,
            "hash": contract_hash(),
            "package": "heedful-player",
            "npcs": keys,
        }

    def _collect(self, turn: Turn) -> tuple[dict[int, Any], ...]:
        """Catalogue, texts, goals and episode news of a turn, by agent id."""
        assert self._areas is not None
        catalogue: dict[int, Any] = {}
        texts: dict[int, Any] = {}
        goals: dict[int, Any] = {}
        episodes: dict[int, Any] = {}
        npcs = self._areas.npcs
        for record in turn.ended:
            result = next(r for r in turn.results if r.area == record.row // npcs)
            episodes[self._agent(record.row)] = [{"op": "end", **dataclasses.asdict(result)}]
        for record in turn.waiting:
            row, agent = record.row, self._agent(record.row)
            if row in turn.began:
                episode = self._areas.episode(row)
                start = {"op": "start", "task": episode.task, "seed": episode.seed,
                         "map": episode.scene.map}  # fmt: skip
                episodes.setdefault(agent, []).append(start)
                goal = int(turn.observations["goal"][row, GoalColumn.GOAL])
                text = episode.npcs[row % npcs].instruction
                goals[agent] = [{"op": "set", "goal": goal, "text": text}]
            entries = self._areas.world.take_catalogue(row)
            if entries:
                catalogue[agent] = [entry.to_json() for entry in entries]
            heard = self._areas.world.texts(row)
            if heard:
                texts[agent] = [dataclasses.asdict(utterance) for utterance in heard]
        return catalogue, texts, goals, episodes

    def _read_side_channel(self, data: bytes) -> None:
        for channel, payload in channels.decode_frames(data):
            if channel == channels.HELLO:
                self._read_hello(channels.decode_json(channel, payload))
            elif channel == channels.ENVIRONMENT_PARAMETERS:
                parameter = channels.decode_parameter(payload)
                if parameter is not None:
                    self.parameters.set(*parameter)
            elif channel == channels.ENGINE_CONFIGURATION:
                setting = channels.decode_engine_setting(payload)
                if setting is not None:
                    self.parameters.set_engine(*setting)

    def _read_hello(self, hello: dict[str, Any]) -> None:
        self.server_is_ours = True
        if hello.get("hash") != contract_hash():
            raise BridgeError(
                f"the server has contract {hello.get('contract')} ({hello.get('hash')}) and this "
                f"player {CONTRACT_VERSION} ({contract_hash()}): update the older of the two"
            )


def _make_message() -> messages.UnityMessageProto:
    return messages.UnityMessageProto(header=messages.HeaderProto(status=STATUS_OK))
