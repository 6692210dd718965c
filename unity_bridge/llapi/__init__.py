"""The types of ML-Agents' Python API: those of ``mlagents_envs`` where it is installed, else ours.

So ``isinstance(env, mlagents_envs.base_env.BaseEnv)`` holds for users who have it, and nobody needs
it. The two are equal in names, fields and meaning.
"""

from typing import TYPE_CHECKING

from unity_bridge.llapi import own_exceptions, own_side_channels, own_specs, own_steps
from unity_bridge.llapi.official import choose

if TYPE_CHECKING:
    from unity_bridge.llapi.own_exceptions import (
        UnityActionException,
        UnityCommunicationException,
        UnityCommunicatorStoppedException,
        UnityEnvironmentException,
        UnityException,
        UnityObservationException,
        UnitySideChannelException,
        UnityTimeOutException,
        UnityWorkerInUseException,
    )
    from unity_bridge.llapi.own_side_channels import (
        EngineConfig,
        EngineConfigurationChannel,
        EnvironmentParametersChannel,
        FloatPropertiesChannel,
        IncomingMessage,
        OutgoingMessage,
        RawBytesChannel,
        SideChannel,
        StatsAggregationMethod,
        StatsSideChannel,
    )
    from unity_bridge.llapi.own_specs import (
        ActionSpec,
        ActionTuple,
        BaseEnv,
        BehaviorMapping,
        BehaviorSpec,
        DimensionProperty,
        ObservationSpec,
        ObservationType,
    )
    from unity_bridge.llapi.own_steps import (
        DecisionStep,
        DecisionSteps,
        TerminalStep,
        TerminalSteps,
    )

_CHANNELS = "mlagents_envs.side_channel"
_SOURCES = (
    ("mlagents_envs.exception", own_exceptions, (
        "UnityActionException", "UnityCommunicationException",
        "UnityCommunicatorStoppedException", "UnityEnvironmentException", "UnityException",
        "UnityObservationException", "UnitySideChannelException", "UnityTimeOutException",
        "UnityWorkerInUseException",
    )),
    ("mlagents_envs.base_env", own_specs, (
        "ActionSpec", "ActionTuple", "BaseEnv", "BehaviorMapping", "BehaviorSpec",
        "DimensionProperty", "ObservationSpec", "ObservationType",
    )),
    ("mlagents_envs.base_env", own_steps, (
        "DecisionStep", "DecisionSteps", "TerminalStep", "TerminalSteps",
    )),
    (_CHANNELS, own_side_channels, ("IncomingMessage", "OutgoingMessage", "SideChannel")),
    (f"{_CHANNELS}.engine_configuration_channel", own_side_channels, (
        "EngineConfig", "EngineConfigurationChannel",
    )),
    (f"{_CHANNELS}.environment_parameters_channel", own_side_channels, (
        "EnvironmentParametersChannel",
    )),
    (f"{_CHANNELS}.float_properties_channel", own_side_channels, ("FloatPropertiesChannel",)),
    (f"{_CHANNELS}.raw_bytes_channel", own_side_channels, ("RawBytesChannel",)),
    (f"{_CHANNELS}.stats_side_channel", own_side_channels, (
        "StatsAggregationMethod", "StatsSideChannel",
    )),
)  # fmt: skip

if not TYPE_CHECKING:
    for _official, _own, _names in _SOURCES:
        globals().update(choose(_official, _own, _names))

__all__ = [
    "ActionSpec",
    "ActionTuple",
    "BaseEnv",
    "BehaviorMapping",
    "BehaviorSpec",
    "DecisionStep",
    "DecisionSteps",
    "DimensionProperty",
    "EngineConfig",
    "EngineConfigurationChannel",
    "EnvironmentParametersChannel",
    "FloatPropertiesChannel",
    "IncomingMessage",
    "ObservationSpec",
    "ObservationType",
    "OutgoingMessage",
    "RawBytesChannel",
    "SideChannel",
    "StatsAggregationMethod",
    "StatsSideChannel",
    "TerminalStep",
    "TerminalSteps",
    "UnityActionException",
    "UnityCommunicationException",
    "UnityCommunicatorStoppedException",
    "UnityEnvironmentException",
    "UnityException",
    "UnityObservationException",
    "UnitySideChannelException",
    "UnityTimeOutException",
    "UnityWorkerInUseException",
]
