import asyncio
import time

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from tests.unity_bridge.helpers import Serving
from unity_bridge.protocol import METHOD, SERVICE

STATUS = health_pb2.HealthCheckResponse


def ask(port, service=""):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        return stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=5).status


def call(serving, what):
    return asyncio.run_coroutine_threadsafe(what, serving._loop).result(10)


@pytest.mark.parametrize("service", ["", SERVICE])
def test_it_serves_once_the_minds_are_ready(service):
    with Serving(ready=False) as serving:
        assert ask(serving.port, service) == STATUS.NOT_SERVING
        call(serving, serving.host.set_ready())
        assert ask(serving.port, service) == STATUS.SERVING


def test_an_unknown_service_is_not_found():
    with Serving() as serving, pytest.raises(grpc.RpcError) as error:
        ask(serving.port, "somebody.else")
    assert error.value.code() == grpc.StatusCode.NOT_FOUND


def test_watch_tells_of_draining_and_holds_nothing_up():
    with Serving() as serving, grpc.insecure_channel(f"127.0.0.1:{serving.port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        said = stub.Watch(health_pb2.HealthCheckRequest(service=SERVICE), timeout=20)
        assert next(said).status == STATUS.SERVING
        begun = time.monotonic()
        serving.stop(grace=15.0)
        assert time.monotonic() - begun < 5
        assert next(said).status == STATUS.NOT_SERVING
        with pytest.raises(grpc.RpcError):
            next(said)


def test_health_asks_are_no_worlds():
    with Serving() as serving:
        ask(serving.port)
        assert serving.host.worlds == []


def reflect(port, **question):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        request = reflection_pb2.ServerReflectionRequest(**question)
        return next(stub.ServerReflectionInfo(iter([request]), timeout=5))


def test_reflection_lists_the_services():
    with Serving() as serving:
        listed = reflect(serving.port, list_services="").list_services_response.service
    assert {service.name for service in listed} == {
        SERVICE, "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection",
    }  # fmt: skip


@pytest.mark.parametrize("symbol", [SERVICE, "grpc.health.v1.Health"])
def test_reflection_describes_the_services(symbol):
    with Serving() as serving:
        answer = reflect(serving.port, file_containing_symbol=symbol)
    files = [
        FileDescriptorProto.FromString(data)
        for data in answer.file_descriptor_response.file_descriptor_proto
    ]
    services = {f"{file.package}.{service.name}": service for file in files
                for service in file.service}  # fmt: skip
    assert symbol in services
    if symbol == SERVICE:
        assert [method.name for method in services[symbol].method] == [METHOD]
