"""Makes an installed ``mlagents_envs`` load on current protobuf, and gives its modules."""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from unity_bridge.protocol import messages

MESSAGE_MODULES = (
    "agent_action", "agent_info", "agent_info_action_pair", "brain_parameters", "capabilities",
    "command", "custom_reset_parameters", "demonstration_meta", "engine_configuration", "header",
    "observation", "space_type", "training_analytics", "unity_input", "unity_message",
    "unity_output", "unity_rl_initialization_input", "unity_rl_initialization_output",
    "unity_rl_input", "unity_rl_output", "unity_to_external",
)  # fmt: skip
"""Names of the modules of generated messages in ``mlagents_envs.communicator_objects``."""


def is_installed() -> bool:
    """True when ``mlagents_envs`` can be imported."""
    try:
        return find_spec("mlagents_envs") is not None
    except ValueError:  # a stand-in without a spec is in sys.modules
        return False


def replace_messages() -> None:
    """Let ``mlagents_envs`` find our messages where it would import its own.

    Its generated code is of protobuf 3 and does not load on protobuf 4 or newer, so that a mere
    ``import mlagents_envs.side_channel`` fails. Modules that are loaded already stay as they are.
    """
    ours = {name: value for name, value in vars(messages).items() if not name.startswith("_")}
    for name in MESSAGE_MODULES:
        module = ModuleType(f"mlagents_envs.communicator_objects.{name}_pb2")
        vars(module).update(ours)
        sys.modules.setdefault(module.__name__, module)


def choose(official: str, own: ModuleType, names: tuple[str, ...]) -> dict[str, Any]:
    """Classes of an official module where it is installed, of ``own`` for the rest.

    Args:
        official: name of the module in ``mlagents_envs``.
        own: our module with equal classes.
        names: which classes.
    """
    if not is_installed():
        return {name: getattr(own, name) for name in names}
    replace_messages()
    module = importlib.import_module(official)
    return {name: getattr(module, name, getattr(own, name)) for name in names}
