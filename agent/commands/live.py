"""The live link of ``heedful serve``."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from agent.nobody import Nobody
from unity_bridge.batch import MindServer
from unity_bridge.live import LiveLimits, LiveServer, Security
from unity_bridge.live.security import SecurityError


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


def try_live_port(options: LiveOptions, security: Security) -> None:
    """Listen for the live link for a moment, before anything is loaded.

    Raises:
        BridgeError: the port is busy, or the address is not this machine's.
    """
    if options.port is not None:
        asyncio.run(
            _listen(
                LiveServer(Nobody(), address=options.address, port=options.port, security=security)
            )
        )


async def _listen(server: LiveServer) -> None:
    await server.start()
    await server.stop(grace=0.0)


def load_security(options: LiveOptions) -> Security:
    """What protects the live link.

    Raises:
        SecurityError: the address needs what is missing, a file cannot be used, or there is no live
            link to protect.
    """
    if options.port is None:
        if options != LiveOptions():
            raise SecurityError(
                "--live-host, --tls-cert, --tls-key and --token-file are of the live link: give "
                "--live-port too"
            )
        return Security()
    return Security.load(options.address, options.certificate, options.key, options.token_file)
