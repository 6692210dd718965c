"""The ML-Agents wire: messages generated from ``mlagents.proto``."""

from unity_bridge.protocol import mlagents_pb2 as messages

SERVICE = "communicator_objects.UnityToExternalProto"
METHOD = "Exchange"
API_VERSION = "1.5.0"
"""Version of the communicator API that both sides name in the handshake; majors must agree."""
PACKAGE_VERSION = "1.1.0"
"""The mlagents_envs release that we answer like: a player chooses its image layout by it."""

__all__ = ["API_VERSION", "METHOD", "PACKAGE_VERSION", "SERVICE", "messages"]
