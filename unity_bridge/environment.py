"""A drop-in for ``mlagents_envs``' ``UnityEnvironment`` on current Python, protobuf and numpy.

from unity_bridge import ActionTuple, UnityEnvironment

env = UnityEnvironment("builds/3DBall", seed=1, no_graphics=True)
env.reset()
for name, spec in env.behavior_specs.items():
    decisions, terminals = env.get_steps(name)
    env.set_actions(name, spec.action_spec.random_action(len(decisions)))
env.step()
env.close()
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np

from unity_bridge import channels
from unity_bridge.conversation import Conversation
from unity_bridge.errors import BridgeError
from unity_bridge.host import LOOPBACK
from unity_bridge.llapi import (
    ActionTuple,
    BaseEnv,
    BehaviorMapping,
    BehaviorSpec,
    DecisionSteps,
    IncomingMessage,
    SideChannel,
    TerminalSteps,
    UnityActionException,
    UnityEnvironmentException,
    UnityObservationException,
    UnityWorkerInUseException,
)
from unity_bridge.player_link import PortTakenError
from unity_bridge.protocol import API_VERSION, messages
from unity_bridge.steps import StepDecoder, encode_reset, encode_step, make_spec

MESSAGE_BYTES = 256 * 2**20
"""The most that a message of the player may hold, when nothing else is given."""
_LAST_PORT = 65535
_INT32 = range(-(2**31), 2**31)
"""Whole numbers that a message can carry."""
_log = logging.getLogger("unity_bridge.environment")


class UnityEnvironment(BaseEnv):
    """A Unity player (an executable, or the editor) whose agents act as they are told.

    Takes the arguments of ``mlagents_envs.environment.UnityEnvironment`` and does what that does;
    beyond it: messages of any size up to a limit, images in either layout, and a player that dies,
    vanishes, hangs or speaks another version is reported with the reason and the end of its log.

    Args:
        file_name: the player's program, with or without its ending; None to wait for the editor.
        worker_id: added to ``base_port``, so that several can run at once.
        base_port: first port; as it is 5005 with a program, else 5004.
        seed: what the player seeds itself with, of 32 bits.
        no_graphics: start the player without a window.
        timeout_wait: seconds that the player may take for each answer.
        additional_args: more of the player's command line.
        side_channels: ours, those of ``mlagents_envs``, or your own.
        log_folder: where the player writes ``Player-<worker_id>.log``.
        num_areas: how many copies of its training area the player should make.
        max_message_bytes: the most that a message of the player may hold.
        address: where to listen; any but loopback lets other machines in, unprotected.

    Raises:
        UnityEnvironmentException: when an argument is of no use, or the player cannot be started,
            dies or speaks another version.
        UnityTimeOutException: when it does not connect in time.
        UnityWorkerInUseException: when another program has the port.
    """

    API_VERSION = API_VERSION
    DEFAULT_EDITOR_PORT = 5004
    BASE_ENVIRONMENT_PORT = 5005

    def __init__(
        self,
        file_name: str | None = None,
        worker_id: int = 0,
        base_port: int | None = None,
        seed: int = 0,
        no_graphics: bool = False,
        timeout_wait: float = 60,
        additional_args: Sequence[str] | None = None,
        side_channels: Sequence[SideChannel] | None = None,
        log_folder: str | None = None,
        num_areas: int = 1,
        *,
        max_message_bytes: int = MESSAGE_BYTES,
        address: str = LOOPBACK,
    ):
        if file_name is None and worker_id != 0:
            raise UnityEnvironmentException(
                "If the environment name is None, the worker-id must be 0 in order to connect with "
                "the Editor."
            )
        if base_port is None:
            base_port = self.BASE_ENVIRONMENT_PORT if file_name else self.DEFAULT_EDITOR_PORT
        port = base_port + worker_id
        if not 0 < port <= _LAST_PORT:
            raise UnityEnvironmentException(
                f"port {port} (base_port {base_port} and worker_id {worker_id}) is none: ports are "
                f"1 to {_LAST_PORT}"
            )
        if not timeout_wait >= 0.0:
            raise UnityEnvironmentException(
                f"timeout_wait is {timeout_wait}: give the seconds that the player may take"
            )
        _check_whole("seed", seed, _INT32.start)
        _check_whole("num_areas", num_areas, 1)
        if not max_message_bytes >= 1:
            raise UnityEnvironmentException(
                f"max_message_bytes is {max_message_bytes}: give the bytes that a message of the "
                "player may hold, 1 or more"
            )
        self._side_channels = _by_id(side_channels or ())
        self._unknown_channels: set[UUID] = set()
        self._env_state: dict[str, tuple[DecisionSteps, TerminalSteps]] = {}
        self._env_specs: dict[str, BehaviorSpec] = {}
        self._env_actions: dict[str, ActionTuple] = {}
        self._announced: dict[str, messages.BrainParametersProto] = {}
        self._decoders: dict[str, StepDecoder] = {}
        self._was_reset = False
        try:
            self._conversation = Conversation(
                address, port, timeout_wait=timeout_wait, max_message_bytes=max_message_bytes
            )
        except PortTakenError:
            raise UnityWorkerInUseException(worker_id) from None
        if file_name is None:
            _log.info("listening on port %d: press Play in the Unity editor to begin", port)
        else:
            self._conversation.launch(
                file_name,
                _command_line(port, worker_id, no_graphics, log_folder, additional_args or ()),
            )
        greeting = self._conversation.shake_hands(seed, num_areas)
        self.academy_capabilities = greeting.capabilities

    # --------------------------------------------------------------------------------- the API

    def reset(self) -> None:
        """Begin anew, and wait for the first agents.

        Raises:
            UnityException: when anything is wrong with the player, which is then stopped.
        """
        self._check_open()
        self._exchange(encode_reset(self._take_outgoing()))
        self._was_reset = True

    def step(self) -> None:
        """Send the actions and wait for the next agents; agents without an action get zeros.

        Raises:
            UnityException: when anything is wrong with the player, which is then stopped.
        """
        if not self._was_reset:
            self.reset()
            return
        self._check_open()
        for name, (decisions, _) in self._env_state.items():
            if name not in self._env_actions:
                empty = self._env_specs[name].action_spec.empty_action(len(decisions))
                self._env_actions[name] = empty
        self._exchange(encode_step(self._env_actions, self._take_outgoing()))

    def close(self) -> None:
        """Tell the player to quit, wait for it, stop listening; safe to call twice."""
        self._conversation.close()

    @property
    def behavior_specs(self) -> Mapping[str, BehaviorSpec]:
        """What each behaviour observes and does; grows as behaviours appear."""
        return BehaviorMapping(self._env_specs)

    def get_steps(self, behavior_name: str) -> tuple[DecisionSteps, TerminalSteps]:
        """The agents that ask for an action, and those whose episode has ended."""
        self._check_behavior(behavior_name)
        return self._env_state[behavior_name]

    def set_actions(self, behavior_name: str, action: ActionTuple) -> None:
        """Set the actions of all agents that ask for one, in the order of their DecisionSteps.

        Raises:
            UnityActionException: when the behaviour is unknown, it is no ActionTuple with arrays,
                or the shapes do not fit.
        """
        self._check_behavior(behavior_name)
        _check_action(behavior_name, action)
        spec = self._env_specs[behavior_name].action_spec
        agents = len(self._env_state[behavior_name][0])
        self._env_actions[behavior_name] = spec._validate_action(action, agents, behavior_name)

    def set_action_for_agent(self, behavior_name: str, agent_id: int, action: ActionTuple) -> None:
        """Set the action of one agent, arrays of one row; the others keep theirs.

        Raises:
            UnityActionException: when the behaviour is unknown, it is no ActionTuple with arrays,
                or the shapes do not fit.
            IndexError: when the agent does not ask for an action.
        """
        self._check_behavior(behavior_name)
        _check_action(behavior_name, action)
        spec = self._env_specs[behavior_name].action_spec
        spec._validate_action(action, 1, behavior_name)
        decisions = self._env_state[behavior_name][0]
        rows = np.flatnonzero(decisions.agent_id == agent_id)
        if not rows.size:
            raise IndexError(f"agent {agent_id} of {behavior_name} does not ask for an action")
        before = self._env_actions.get(behavior_name) or spec.empty_action(len(decisions))
        continuous, discrete = before.continuous.copy(), before.discrete.copy()
        continuous[rows[0]], discrete[rows[0]] = action.continuous[0], action.discrete[0]
        self._env_actions[behavior_name] = ActionTuple(continuous, discrete)

    def _check_behavior(self, name: str) -> None:
        if name not in self._env_specs:
            known = ", ".join(self._env_specs) or "none yet: call reset() first"
            raise UnityActionException(
                f"The group {name} does not correspond to an existing agent group in the "
                f"environment ({known})"
            )

    def _check_open(self) -> None:
        if self._conversation.closed:
            raise UnityEnvironmentException("No Unity environment is loaded.")

    # ------------------------------------------------------------------------------- what came

    def _exchange(self, reply: messages.UnityMessageProto) -> None:
        self._env_actions.clear()
        output = self._conversation.exchange(reply)
        try:
            self._update(output)
            frames = channels.decode_frames(output.rl_output.side_channel)
        except UnityObservationException as error:
            self._conversation.fail(UnityObservationException, str(error))
        except BridgeError as error:
            self._conversation.fail(UnityEnvironmentException, str(error))
        for channel_id, payload in frames:
            self._hear(channel_id, payload)

    def _update(self, output: messages.UnityOutputProto) -> None:
        for brain in output.rl_initialization_output.brain_parameters:
            self._announced[brain.brain_name] = brain
        infos = output.rl_output.agentInfos
        for name in list(self._announced):  # its spec needs an agent to look at
            if name in infos and infos[name].value:
                spec = make_spec(self._announced.pop(name), infos[name].value[0])
                self._env_specs[name] = spec
                self._decoders[name] = StepDecoder(name, spec, self._conversation.layout)
        for name, spec in self._env_specs.items():
            if name in infos:
                self._env_state[name] = self._decoders[name].decode(infos[name].value)
            else:
                self._env_state[name] = DecisionSteps.empty(spec), TerminalSteps.empty(spec)

    # ---------------------------------------------------------------------------- side channels

    def _take_outgoing(self) -> bytes:
        frames = []
        for channel_id, channel in self._side_channels.items():
            frames += [(channel_id, bytes(payload)) for payload in channel.message_queue]
            channel.message_queue = []
        return channels.encode_frames(frames)

    def _hear(self, channel_id: UUID, payload: bytes) -> None:
        channel = self._side_channels.get(channel_id)
        if channel is not None:
            channel.on_message_received(IncomingMessage(payload))
        elif channel_id not in self._unknown_channels:
            self._unknown_channels.add(channel_id)
            _log.warning(
                "the player uses side channel %s, which is not among side_channels", channel_id
            )


def _check_whole(name: str, value: object, least: int) -> None:
    """Hold that a message can carry a number, before a player has to connect for that."""
    if value is None:  # mlagents_envs takes it for the usual
        return
    if not (isinstance(value, int | np.integer) and least <= int(value) < _INT32.stop):
        raise UnityEnvironmentException(
            f"{name} is {value!r}: give a whole number from {least} to {_INT32.stop - 1}"
        )


def _check_action(behavior: str, action: object) -> None:
    parts = (getattr(action, "continuous", None), getattr(action, "discrete", None))
    if not all(isinstance(part, np.ndarray) for part in parts):
        raise UnityActionException(
            f"The behavior {behavior} was given {type(action).__name__} as its action: give an "
            "ActionTuple that holds arrays"
        )


def _by_id(side_channels: Sequence[SideChannel]) -> dict[UUID, SideChannel]:
    found: dict[UUID, SideChannel] = {}
    for channel in side_channels:
        if channel.channel_id in found:
            raise UnityEnvironmentException(
                f"There cannot be two side channels with the same channel id {channel.channel_id}."
            )
        found[channel.channel_id] = channel
    return found


def _command_line(
    port: int,
    worker_id: int,
    no_graphics: bool,
    log_folder: str | None,
    additional_args: Sequence[str],
) -> list[str]:
    """What ``mlagents_envs`` gives a player."""
    arguments = ["-nographics", "-batchmode"] if no_graphics else []
    arguments += ["--mlagents-port", str(port)]
    if log_folder and not any(given.lower() == "-logfile" for given in additional_args):
        arguments += ["-logFile", os.path.join(log_folder, f"Player-{worker_id}.log")]
    return [*arguments, *additional_args]
