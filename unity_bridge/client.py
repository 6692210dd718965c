"""The player's end of the wire: one blocking call after the other."""

from __future__ import annotations

import socket
from typing import cast

import grpc

from unity_bridge.errors import BridgeError
from unity_bridge.protocol import METHOD, SERVICE, messages

OFFICIAL_MESSAGE_BYTES = 4 * 2**20
"""The most that the official Python server takes in one message; it never sees a larger one."""
_KNOCK_SECONDS = 2.0
_NO_LIMIT = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Client:
    """A connection to a server; use it in a ``with`` statement.

    Args:
        address: where the server listens.
        port: at which port.
    """

    def __init__(self, address: str, port: int):
        self.target = f"{address}:{port}"
        self.max_message_bytes: int | None = OFFICIAL_MESSAGE_BYTES
        """None for a server that says itself what is too large, as ours does."""
        self._address, self._port = address, port
        self._connected = False
        self._channel = grpc.insecure_channel(self.target, options=_NO_LIMIT)
        self._exchange = self._channel.unary_unary(
            f"/{SERVICE}/{METHOD}", request_serializer=None, response_deserializer=None
        )  # bytes in, bytes out

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self._channel.close()

    def exchange(self, message: messages.UnityMessageProto) -> messages.UnityMessageProto:
        """Say something and wait for the answer, however long that takes.

        Raises:
            BridgeError: when nobody listens, the server goes away or the message is too large.
        """
        data = message.SerializeToString()
        if self.max_message_bytes is not None and len(data) > self.max_message_bytes:
            raise _too_large(len(data))
        try:
            reply = self._exchange(data)
        except grpc.RpcError as error:
            raise self._explain(cast(grpc.Call, error), len(data)) from None
        self._connected = True
        return messages.UnityMessageProto.FromString(reply)

    def leave(self) -> None:
        """Tell the server that this player quits; a server that is gone already is fine."""
        message = messages.UnityMessageProto(header=messages.HeaderProto(status=400))
        try:
            self._exchange(message.SerializeToString(), timeout=1.0)
        except grpc.RpcError:  # the official server never answers a goodbye
            return

    def _explain(self, error: grpc.Call, size: int) -> BridgeError:
        code = error.code()
        if code == grpc.StatusCode.RESOURCE_EXHAUSTED:
            return _too_large(size)
        if code == grpc.StatusCode.UNIMPLEMENTED:
            return BridgeError(
                f"the server at {self.target} does not speak ML-Agents: give the --port of "
                "`heedful serve`"
            )
        if code != grpc.StatusCode.UNAVAILABLE:
            return BridgeError(
                f"the server at {self.target} failed ({code.name}: {error.details()}): "
                "see what it printed"
            )
        if self._connected:
            return BridgeError(f"the server at {self.target} went away: see what it printed")
        if self._somebody_listens():
            return BridgeError(
                f"what listens on {self.target} does not answer as ML-Agents does: it hangs, or "
                "is something else, such as the live link of `heedful serve`; then give its "
                "--port, not its --live-port"
            )
        return BridgeError(
            f"nothing listens on {self.target}; start `heedful serve --port {self._port}` first, "
            "or give --port"
        )

    def _somebody_listens(self) -> bool:
        """Whether the port is open: gRPC fails alike when it is not, hangs or is of others."""
        try:
            with socket.create_connection((self._address, self._port), timeout=_KNOCK_SECONDS):
                return True
        except OSError:
            return False


def _too_large(size: int) -> BridgeError:
    return BridgeError(
        f"a message of {size / 2**20:.1f} MiB is more than the server takes: "
        "play fewer areas at once (--areas)"
    )
