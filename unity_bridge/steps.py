"""Agents' records of any Unity build <-> the arrays of ML-Agents' Python API."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from unity_bridge.codec import Layout, have_shape, why_no_actions
from unity_bridge.errors import BridgeError, shown
from unity_bridge.images import decode_image, decode_usual, usual_layout
from unity_bridge.llapi import (
    ActionSpec,
    ActionTuple,
    BehaviorSpec,
    DecisionSteps,
    DimensionProperty,
    ObservationSpec,
    ObservationType,
    TerminalSteps,
    UnityObservationException,
)
from unity_bridge.packed import read_float_rows, read_floats
from unity_bridge.protocol import messages
from unity_bridge.session import make_reply

_IMAGE_RANK = 3
_MOST_AXES, _MOST = 8, 2**31
"""Axes and numbers of an observation: more than any message holds."""


def make_spec(brain: messages.BrainParametersProto, info: messages.AgentInfoProto) -> BehaviorSpec:
    """What a behaviour observes and does, from its announcement and one of its agents.

    Raises:
        UnityObservationException: when an observation is announced as nothing that ML-Agents has.
        BridgeError: when nobody has so many actions.
    """
    refused = why_no_actions(brain)
    if refused is not None:
        raise BridgeError(f"behavior {shown(brain.brain_name)}: {refused}")
    try:
        observed = [_make_observation_spec(message) for message in info.observations]
    except ValueError as error:
        raise UnityObservationException(f"behavior {shown(brain.brain_name)}: {error}") from None
    spec = brain.action_spec
    sizes = tuple(brain.vector_action_size_deprecated)
    if spec.num_continuous_actions or spec.num_discrete_actions:
        actions = ActionSpec(spec.num_continuous_actions, tuple(spec.discrete_branch_sizes))
    elif brain.vector_action_space_type_deprecated == messages.continuous:
        actions = ActionSpec(sum(sizes), ())
    else:
        actions = ActionSpec(0, sizes)
    return BehaviorSpec(observed, actions)


def _make_observation_spec(message: messages.ObservationProto) -> ObservationSpec:
    sizes = [max(size, 1) for size in message.shape]
    if min(message.shape, default=0) < 0 or len(sizes) > _MOST_AXES or math.prod(sizes) > _MOST:
        raise ValueError(f"observation '{shown(message.name)}' has shape {list(message.shape[:9])}")
    return ObservationSpec(
        name=message.name,
        shape=tuple(message.shape),
        observation_type=ObservationType(message.observation_type),
        dimension_property=tuple(map(DimensionProperty, message.dimension_properties))
        or (DimensionProperty.UNSPECIFIED,) * len(message.shape),
    )


class StepDecoder:
    """Reads records of one behaviour.

    Args:
        behavior: its name, for what goes wrong.
        spec: what it observes and does.
        layout: order of images' shapes where a shape fits both.
    """

    def __init__(self, behavior: str, spec: BehaviorSpec, layout: Layout):
        self._behavior = behavior
        self._spec = spec
        self._layout = layout
        ends = [*accumulate(spec.action_spec.discrete_branches)]
        self._branches = [slice(start, end) for start, end in pairwise([0, *ends])]

    def decode(
        self, infos: Sequence[messages.AgentInfoProto]
    ) -> tuple[DecisionSteps, TerminalSteps]:
        """Read the records of a message.

        Raises:
            UnityObservationException: when an observation is not what the behaviour announced.
            RuntimeError: when a number is not finite (``mlagents_envs`` raises this too).
        """
        ended = [info for info in infos if info.done]
        asking = [info for info in infos if not info.done] if ended else list(infos)
        return self._decisions(asking), self._terminals(ended)

    def _decisions(self, infos: Sequence[messages.AgentInfoProto]) -> DecisionSteps:
        if not infos:
            return DecisionSteps.empty(self._spec)
        return DecisionSteps(
            self._observations(infos), self._rewards(infos, "reward"), _ids(infos),
            self._masks(infos), _groups(infos), self._rewards(infos, "group_reward"),
        )  # fmt: skip

    def _terminals(self, infos: Sequence[messages.AgentInfoProto]) -> TerminalSteps:
        if not infos:
            return TerminalSteps.empty(self._spec)
        return TerminalSteps(
            self._observations(infos), self._rewards(infos, "reward"),
            np.array([info.max_step_reached for info in infos], bool), _ids(infos),
            _groups(infos), self._rewards(infos, "group_reward"),
        )  # fmt: skip

    def _observations(self, infos: Sequence[messages.AgentInfoProto]) -> list[NDArray[np.float32]]:
        specs = self._spec.observation_specs
        sent = [tuple(info.observations) for info in infos]
        for info, observations in zip(infos, sent, strict=True):
            if len(observations) != len(specs):
                raise UnityObservationException(
                    f"behavior {shown(self._behavior)}, agent {info.id}: it has "
                    f"{len(observations)} observations, "
                    f"and {len(specs)} when the behavior began"
                )
        of_each = zip(*sent, strict=True)
        return [
            self._batch(infos, observations, observed)
            for observations, observed in zip(of_each, specs, strict=True)
        ]

    def _batch(
        self,
        infos: Sequence[messages.AgentInfoProto],
        sent: Sequence[messages.ObservationProto],
        observed: ObservationSpec,
    ) -> NDArray[np.float32]:
        """One observation of all agents, ``(n, *shape)``."""
        usual = self._read_usual(sent, observed.shape)
        batch, left = usual or (None, range(len(infos)))
        rows = {}
        for row in left:
            try:
                rows[row] = self._read(sent[row], observed.shape)
            except BridgeError as error:
                where = self._where(infos[row], observed)
                raise UnityObservationException(f"{where}: {error}") from None
        if batch is None:
            batch = np.stack(list(rows.values()))
        else:
            for row, values in rows.items():
                batch[row] = values
        # pixels may be depths, and what is far away infinite
        if len(observed.shape) != _IMAGE_RANK and not np.isfinite(batch).all():
            row = int(np.argwhere(~np.isfinite(batch))[0, 0])
            raise RuntimeError(
                f"{self._where(infos[row], observed)}: it holds a number that is NaN or infinite"
            )
        return batch

    def _read_usual(
        self, observed: Sequence[messages.ObservationProto], shape: tuple[int, ...]
    ) -> tuple[NDArray[np.float32], Sequence[int]] | None:
        """Read one observation of all agents at once, and say which rows are not as usual."""
        if have_shape(observed, shape, messages.NONE):
            numbers = read_float_rows(observed, shape)
            return None if numbers is None else (numbers, ())
        layout = usual_layout(shape, self._layout)
        if layout is None or not have_shape(observed, shape, messages.PNG):
            return None
        if any(message.compressed_channel_mapping for message in observed):
            return None
        files = [message.compressed_data for message in observed]
        return decode_usual(files, (shape[0], shape[1], shape[2]), layout)

    def _read(
        self, message: messages.ObservationProto, shape: tuple[int, ...]
    ) -> NDArray[np.float32]:
        if tuple(message.shape) != shape:
            raise BridgeError(
                f"its shape is {tuple(message.shape)}, and was {shape} when the behavior began"
            )
        if message.compression_type == messages.NONE:
            return read_floats(message, shape)
        if len(shape) != _IMAGE_RANK:
            raise BridgeError(f"it is compressed, which only images can be, not a shape {shape}")
        return decode_image(
            message.compressed_data, (shape[0], shape[1], shape[2]),
            list(message.compressed_channel_mapping), self._layout,
        )  # fmt: skip

    def _where(self, info: messages.AgentInfoProto, observed: ObservationSpec) -> str:
        behavior, name = shown(self._behavior), shown(observed.name)
        return f"behavior {behavior}, agent {info.id}, observation '{name}'"

    def _rewards(self, infos: Sequence[messages.AgentInfoProto], name: str) -> NDArray[np.float32]:
        rewards = [getattr(info, name) for info in infos]
        if not all(map(math.isfinite, rewards)):
            agent = next(
                info.id
                for info, reward in zip(infos, rewards, strict=True)
                if not math.isfinite(reward)
            )
            raise RuntimeError(
                f"behavior {shown(self._behavior)}, agent {agent}: its {name} is NaN or infinite"
            )
        return np.array(rewards, np.float32)

    def _masks(self, infos: Sequence[messages.AgentInfoProto]) -> list[NDArray[np.bool_]] | None:
        """Per branch ``(n, size)``, True = forbidden; None without branches."""
        if not self._branches:
            return None
        width = self._branches[-1].stop
        forbidden = np.zeros((len(infos), width), bool)
        for row, info in enumerate(infos):
            mask = info.action_mask
            if len(mask) == width:  # empty: all is allowed
                forbidden[row] = mask
        return [forbidden[:, branch] for branch in self._branches]


def _ids(infos: Sequence[messages.AgentInfoProto]) -> NDArray[np.int32]:
    return np.array([info.id for info in infos], np.int32)


def _groups(infos: Sequence[messages.AgentInfoProto]) -> NDArray[np.int32]:
    return np.array([info.group_id for info in infos], np.int32)


def encode_step(
    actions: Mapping[str, ActionTuple], side_channel: bytes
) -> messages.UnityMessageProto:
    """The answer that makes the simulation go on, with actions by behaviour."""
    reply = _make_input(messages.STEP, side_channel)
    for behavior, action in actions.items():
        continuous, discrete = action.continuous.tolist(), action.discrete.tolist()
        if not continuous:
            continue
        sent = reply.unity_input.rl_input.agent_actions[behavior].value
        for numbers, indices in zip(continuous, discrete, strict=True):
            one = sent.add()  # filled in place: a third cheaper than made and copied
            one.vector_actions_deprecated.extend(numbers + indices)
            one.continuous_actions.extend(numbers)
            one.discrete_actions.extend(indices)
    return reply


def encode_reset(side_channel: bytes) -> messages.UnityMessageProto:
    """The answer that makes the simulation begin anew."""
    return _make_input(messages.RESET, side_channel)


def _make_input(command: messages.CommandProto, side_channel: bytes) -> messages.UnityMessageProto:
    reply = make_reply()
    reply.unity_input.rl_input.command = command
    reply.unity_input.rl_input.side_channel = side_channel
    return reply


class LargestObservation(NamedTuple):
    """The observation that takes most of a message."""

    behavior: str
    name: str
    agents: int
    size: int
    """Bytes, of all agents together."""


def find_largest_observation(message: messages.UnityMessageProto) -> LargestObservation | None:
    """Which observation takes most of a message; None when it has none."""
    sizes: dict[tuple[str, str], tuple[int, int]] = {}
    for behavior, infos in message.unity_output.rl_output.agentInfos.items():
        for info in infos.value:
            for observation in info.observations:
                agents, size = sizes.get((behavior, observation.name), (0, 0))
                sizes[behavior, observation.name] = (agents + 1, size + observation.ByteSize())
    if not sizes:
        return None
    (behavior, name), (agents, size) = max(sizes.items(), key=lambda item: item[1][1])
    return LargestObservation(behavior, name, agents, size)
