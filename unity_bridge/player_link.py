"""Our end of a player's conversation, for synchronous code: wait for a message, answer it.

gRPC calls from threads of its own; here each call waits in one of them until ``answer`` is called.
The threads are daemons: a program that dies of an error ends, instead of waiting for its player.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

import grpc

from unity_bridge.connections import connected_ports, port_of_peer
from unity_bridge.errors import BridgeError
from unity_bridge.protocol import METHOD, SERVICE, messages
from unity_bridge.session import STATUS_OK, STATUS_QUIT, make_reply

POLL_SECONDS = 0.1
"""So often a player that keeps us waiting is looked at."""
GOODBYE_SECONDS = 1.0
"""So long a player may take to ask, at the end, before the line is cut."""
_PATH = f"/{SERVICE}/{METHOD}"
_WORKERS = 3
"""One for the player, the others tell strangers at once that they are not wanted."""


class PlayerQuitError(BridgeError):
    """The player has said that it quits."""


class LineLostError(BridgeError):
    """The player has vanished."""


class PlayerSilentError(BridgeError):
    """The player did not say anything in time."""


class PortTakenError(BridgeError):
    """Another program listens on the port."""


class PlayerLink:
    """Listens on a port for one player.

    Args:
        address: address to listen at.
        port: port to listen at.

    Raises:
        PortTakenError: when another program has it.
    """

    def __init__(self, address: str, port: int):
        self.port = port
        self._calls: queue.SimpleQueue[_Call | BridgeError] = queue.SimpleQueue()
        self._open: _Call | None = None
        self._peer: str | None = None
        self._waiting: _Call | None = None
        self._lock = threading.Lock()
        self._closing = False
        self._threads = _DaemonExecutor(_WORKERS)
        self._server = grpc.server(
            self._threads,  # type: ignore[arg-type]  # the stubs ask for ThreadPoolExecutor
            options=[
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", -1),  # the size is judged with the message
                ("grpc.max_send_message_length", -1),
            ],
        )
        self._server.add_generic_rpc_handlers((_Handlers(self._exchange, self._refuse_method),))
        host = f"[{address}]" if ":" in address else address
        try:
            self._server.add_insecure_port(f"{host}:{port}")
        except RuntimeError:
            self._threads.shutdown()
            raise PortTakenError(f"port {port} of {address} is taken by another program") from None
        self._server.start()

    @property
    def connected(self) -> bool:
        """True once a player has called."""
        return self._peer is not None

    def receive(self, seconds: float, watch: Callable[[float], None]) -> bytes:
        """Wait for the player's next message; ``answer`` must follow.

        Args:
            seconds: how long to wait.
            watch: called every 0.1 s with the seconds waited; may raise to end the waiting.

        Returns:
            The message's bytes.

        Raises:
            LineLostError: when it vanished.
            PlayerSilentError: when the time is over.
            BridgeError: when it speaks another protocol.
        """
        start = time.monotonic()
        while True:
            waited = time.monotonic() - start
            try:
                call = self._calls.get(timeout=max(0.001, min(POLL_SECONDS, seconds - waited)))
            except queue.Empty:
                watch(waited)
                if self._vanished():
                    raise LineLostError("its connection was lost") from None
                if waited >= seconds:
                    raise PlayerSilentError(f"it said nothing for {seconds:g} s") from None
                continue
            if isinstance(call, BridgeError):
                raise call
            self._open = call
            return call.data

    def answer(self, message: messages.UnityMessageProto) -> None:
        """Answer the message that came last."""
        if self._open is not None:
            self._open.reply.put(message.SerializeToString())
            self._open = None

    def close(self, why: str = "") -> None:
        """Tell the player to quit and stop listening; safe to call twice.

        Args:
            why: goes to the player with the goodbye.
        """
        if self._closing:
            return
        self._closing = True
        goodbye = make_reply(STATUS_QUIT, why)
        if self._open is None and self._peer is not None and not self._vanished():
            try:
                call = self._calls.get(timeout=GOODBYE_SECONDS)
                self._open = call if isinstance(call, _Call) else None
            except queue.Empty:
                pass  # it is busy; it will find nobody when it asks
        self.answer(goodbye)
        self._server.stop(GOODBYE_SECONDS).wait(2 * GOODBYE_SECONDS)
        self._threads.shutdown()

    # --------------------------------------------------------------------------- in gRPC's threads

    def _exchange(self, data: bytes, context: grpc.ServicerContext) -> bytes:
        call = _Call(data, queue.SimpleQueue())
        with self._lock:
            self._peer = self._peer or context.peer()
            if context.peer() != self._peer or self._waiting is not None:
                why = "this port serves one player, and another is connected"
                return bytes(make_reply(STATUS_QUIT, why).SerializeToString())
            self._waiting = call
        if context.add_callback(lambda: self._ended(call)):  # else it has hung up already
            self._calls.put(call)
        else:
            self._ended(call)
        reply = call.reply.get()
        call.answered = reply is not None
        with self._lock:
            self._waiting = None
        return reply or b""

    def _ended(self, call: _Call) -> None:
        """Called when a call is over, whether it was answered or the player hung up."""
        if not call.answered:
            self._calls.put(LineLostError("its connection was lost"))
            call.reply.put(None)

    def _refuse_method(self, path: str) -> None:
        self._calls.put(
            BridgeError(
                f"it calls {path}, and ML-Agents 1.0 and newer call {_PATH}: build it with "
                "com.unity.ml-agents 2.0 or newer"
            )
        )

    def _vanished(self) -> bool:
        """True when the player was connected and is no more, where the system tells."""
        remote = port_of_peer(self._peer) if self._peer is not None else None
        present = connected_ports(self.port) if remote is not None else None
        return present is not None and remote not in present


@dataclass(eq=False)
class _Call:
    """A message that waits for its answer."""

    data: bytes
    reply: queue.SimpleQueue[bytes | None]
    answered: bool = False


class _Handlers(grpc.GenericRpcHandler):
    """Knows ``Exchange``, and says which other method was called."""

    def __init__(
        self,
        exchange: Callable[[bytes, grpc.ServicerContext], bytes],
        refuse: Callable[[str], None],
    ):
        self._exchange = grpc.unary_unary_rpc_method_handler(exchange)  # bytes in, bytes out
        self._refuse = refuse

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """How a call is handled; None when it is not known."""
        if details.method == _PATH:
            return self._exchange
        self._refuse(str(details.method))
        return None


class _DaemonExecutor(Executor):
    """A few threads that do not keep the interpreter from ending."""

    def __init__(self, workers: int):
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._workers = workers
        for number in range(workers):
            threading.Thread(target=self._work, name=f"player-{number}", daemon=True).start()

    def submit(self, function: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        """Call a function in one of the threads."""
        future: Future[Any] = Future()

        def job() -> None:
            try:
                future.set_result(function(*args, **named))
            except BaseException as error:
                future.set_exception(error)

        self._jobs.put(job)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads end once they have nothing to do."""
        for _ in range(self._workers):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def check_status(message: messages.UnityMessageProto) -> None:
    """See that a player's message goes on with the conversation.

    Raises:
        PlayerQuitError: when it says that the player quits.
        BridgeError: when it is not of ML-Agents.
    """
    status = message.header.status
    if not status:
        raise BridgeError("its message has no status, so it is no ML-Agents player")
    if status != STATUS_OK:
        said = f" ({message.header.message})" if message.header.message else ""
        raise PlayerQuitError(f"it quit by itself{said}")
