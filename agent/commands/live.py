"""The live link of ``heedful serve``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from unity_bridge.batch import MindServer
from unity_bridge.live import LiveLimits, LiveServer, Security


@dataclass(frozen=True)
class LiveOptions:
    """Where shipped games connect, and what protects the server."""

    port: int | None = None
    """None for no live link, 0 for a free port."""
    address: str = "127.0.0.1"
    certificate: Path | None = None
    """PEM files of the certificate and its key, for TLS."""
    key: Path | None = None
    token_file: Path | None = None
    """Text file whose first line every game must say."""


def make_live_server(
    minds: MindServer, options: LiveOptions, security: Security, limits: LiveLimits, weights: str
) -> LiveServer | None:
    """The server of the live link, not yet listening; None when it was not asked for."""
    if options.port is None:
        return None
    return LiveServer(
        minds, address=options.address, port=options.port, security=security, limits=limits,
        package=f"heedful {version('heedful')}", weights=weights,
    )  # fmt: skip


def load_security(options: LiveOptions) -> Security:
    """What protects the live link.

    Raises:
        BridgeError: the address needs what is missing, or a file cannot be used.
    """
    if options.port is None:
        return Security()
    return Security.load(options.address, options.certificate, options.key, options.token_file)
