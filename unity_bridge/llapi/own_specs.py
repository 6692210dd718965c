"""Our equals of the types in ``mlagents_envs.base_env``: what a behaviour observes and does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from enum import Enum, IntFlag
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from unity_bridge.llapi.own_exceptions import UnityActionException

if TYPE_CHECKING:
    from unity_bridge.llapi.own_steps import DecisionSteps, TerminalSteps


class ActionTuple:
    """Actions of n agents: ``continuous`` float32, ``discrete`` int32, ``(n, size)`` each.

    Where only one of the two is given, the other is an array of no columns.
    """

    discrete_dtype = np.int32

    def __init__(self, continuous: NDArray | None = None, discrete: NDArray | None = None):
        self._continuous: Any = None
        self._discrete: Any = None
        if continuous is not None:
            self.add_continuous(continuous)
        if discrete is not None:
            self.add_discrete(discrete)

    @property
    def continuous(self) -> NDArray[np.float32]:
        """Continuous actions, None before anything was added."""
        return self._continuous

    @property
    def discrete(self) -> NDArray[np.int32]:
        """Index in each branch, None before anything was added."""
        return self._discrete

    def add_continuous(self, continuous: NDArray) -> None:
        """Set the continuous actions."""
        self._continuous = continuous.astype(np.float32, copy=False)
        if self._discrete is None:
            self._discrete = np.zeros((len(continuous), 0), self.discrete_dtype)

    def add_discrete(self, discrete: NDArray) -> None:
        """Set the discrete actions."""
        self._discrete = discrete.astype(self.discrete_dtype, copy=False)
        if self._continuous is None:
            self._continuous = np.zeros((len(discrete), 0), np.float32)


class ActionSpec(NamedTuple):
    """How many continuous actions, and how many values each discrete branch has."""

    continuous_size: int
    discrete_branches: tuple[int, ...]

    def __str__(self) -> str:
        return f"Continuous: {self.continuous_size}, Discrete: {self.discrete_branches}"

    def is_discrete(self) -> bool:
        """True when all actions are discrete."""
        return self.discrete_size > 0 and self.continuous_size == 0

    def is_continuous(self) -> bool:
        """True when all actions are continuous."""
        return self.discrete_size == 0 and self.continuous_size > 0

    @property
    def discrete_size(self) -> int:
        """Number of discrete branches."""
        return len(self.discrete_branches)

    def empty_action(self, n_agents: int) -> ActionTuple:
        """Zeros for n agents."""
        return ActionTuple(
            np.zeros((n_agents, self.continuous_size), np.float32),
            np.zeros((n_agents, self.discrete_size), np.int32),
        )

    def random_action(self, n_agents: int) -> ActionTuple:
        """Uniform actions for n agents, from numpy's global generator as in ``mlagents_envs``."""
        continuous = np.random.uniform(-1.0, 1.0, (n_agents, self.continuous_size))
        sizes = np.array(self.discrete_branches, np.int32)
        discrete = np.random.randint(0, sizes, (n_agents, self.discrete_size), np.int32)
        return ActionTuple(continuous.astype(np.float32), discrete)

    def _validate_action(self, actions: ActionTuple, n_agents: int, name: str) -> ActionTuple:
        """Check the shapes; the name is that of ``mlagents_envs``, whose trainers call it."""
        for kind, value, size in (
            ("continuous", actions.continuous, self.continuous_size),
            ("discrete", actions.discrete, self.discrete_size),
        ):
            expected = (n_agents, size)
            received = np.shape(value)  # of nothing at all: ()
            if received != expected:
                raise UnityActionException(
                    f"The behavior {name} needs a {kind} input of dimension {expected} for "
                    f"(<number of agents>, <action size>) but received input of dimension "
                    f"{received}"
                )
        return actions

    @staticmethod
    def create_continuous(continuous_size: int) -> ActionSpec:
        """Only continuous actions."""
        return ActionSpec(continuous_size, ())

    @staticmethod
    def create_discrete(discrete_branches: tuple[int, ...]) -> ActionSpec:
        """Only discrete branches."""
        return ActionSpec(0, discrete_branches)

    @staticmethod
    def create_hybrid(continuous_size: int, discrete_branches: tuple[int, ...]) -> ActionSpec:
        """Both kinds."""
        return ActionSpec(continuous_size, discrete_branches)


class DimensionProperty(IntFlag):
    """What may be assumed of an axis of an observation."""

    UNSPECIFIED = 0
    NONE = 1
    TRANSLATIONAL_EQUIVARIANCE = 2
    VARIABLE_SIZE = 4


class ObservationType(Enum):
    """What an observation is for."""

    DEFAULT = 0
    GOAL_SIGNAL = 1


class ObservationSpec(NamedTuple):
    """One observation: shape, a property for each axis, type and the sensor's name."""

    shape: tuple[int, ...]
    dimension_property: tuple[DimensionProperty, ...]
    observation_type: ObservationType
    name: str


class BehaviorSpec(NamedTuple):
    """What agents of a behaviour observe, in order, and do."""

    observation_specs: list[ObservationSpec]
    action_spec: ActionSpec


class BehaviorMapping(Mapping[str, BehaviorSpec]):
    """Behaviour names to specs, for reading; it grows as behaviours appear."""

    def __init__(self, specs: dict[str, BehaviorSpec]):
        self._dict = specs

    def __len__(self) -> int:
        return len(self._dict)

    def __getitem__(self, behavior: str) -> BehaviorSpec:
        return self._dict[behavior]

    def __iter__(self) -> Iterator[str]:
        return iter(self._dict)


class BaseEnv(ABC):
    """A simulation whose agents are grouped by behaviour; see ``UnityEnvironment``."""

    @abstractmethod
    def step(self) -> None:
        """Send the actions and wait until an agent asks for the next or ends its episode."""

    @abstractmethod
    def reset(self) -> None:
        """Begin anew."""

    @abstractmethod
    def close(self) -> None:
        """End the simulation."""

    @property
    @abstractmethod
    def behavior_specs(self) -> Mapping[str, BehaviorSpec]:
        """What each behaviour observes and does."""

    @abstractmethod
    def set_actions(self, behavior_name: str, action: ActionTuple) -> None:
        """Set the actions of all agents that ask for one, in the order of their DecisionSteps."""

    @abstractmethod
    def set_action_for_agent(self, behavior_name: str, agent_id: int, action: ActionTuple) -> None:
        """Set the action of one agent, arrays of one row."""

    @abstractmethod
    def get_steps(self, behavior_name: str) -> tuple[DecisionSteps, TerminalSteps]:
        """The agents that ask for an action, and those whose episode has ended."""
