"""What a host tells about itself to tools: gRPC health checking, and reflection of its services.

grpcurl -plaintext 127.0.0.1:5004 grpc.health.v1.Health/Check
"""

from __future__ import annotations

import grpc.aio
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2

from unity_bridge.protocol import SERVICE, messages

_STATUS = health_pb2.HealthCheckResponse
_FILES = (messages.DESCRIPTOR, health_pb2.DESCRIPTOR, reflection_pb2.DESCRIPTOR)


class Health:
    """The health of a server and of its service ``Exchange``: NOT_SERVING until ``set_serving``."""

    def __init__(self) -> None:
        self._servicer = health.aio.HealthServicer()  # type: ignore[attr-defined]  # stubs are older
        self._names = ("", SERVICE)

    async def attach(self, server: grpc.aio.Server) -> None:
        """Offer health and reflection on a server that has not started."""
        for name in self._names:
            await self._servicer.set(name, _STATUS.NOT_SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(self._servicer, server)
        names = (SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server, _make_pool())

    async def set_serving(self) -> None:
        """From now on it is SERVING."""
        for name in self._names:
            await self._servicer.set(name, _STATUS.SERVING)

    async def drain(self) -> None:
        """From now on, and for good, it is NOT_SERVING."""
        await self._servicer.enter_graceful_shutdown()


def _make_pool() -> DescriptorPool:
    """All services in one pool: the messages of ML-Agents are not in the default one."""
    pool = DescriptorPool()
    for file in _FILES:
        pool.AddSerializedFile(file.serialized_pb)
    return pool
