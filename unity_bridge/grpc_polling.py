"""How gRPC waits for its sockets: it reads this once, when it is imported."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

_DIRECTLY = "-event_engine_listener,-event_engine_client"
_LAST_TRIED = (1, 85)
"""A later release may no longer know these words, and would say so on standard error."""


def poll_directly() -> None:
    """Let the threads that wait for messages read the sockets themselves; before gRPC is imported.

    By default gRPC hands messages over from threads of its own, its event engine, which the gRPC
    inside Unity does not have. Between two who ask and answer in turn, going without saves a
    quarter of what a call costs at either end. Nothing is changed where the user has set
    ``GRPC_EXPERIMENTS``, off Linux, or with a gRPC newer than the last that was tried.
    """
    release = tuple(int(part) for part in version("grpcio").split(".")[:2])
    if sys.platform == "linux" and release <= _LAST_TRIED:
        os.environ.setdefault("GRPC_EXPERIMENTS", _DIRECTLY)
