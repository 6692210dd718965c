"""Is a player still there? gRPC tells a server only while a call runs, so Linux is asked."""

from __future__ import annotations

from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_ESTABLISHED = "01"


def connected_ports(port: int) -> set[int] | None:
    """Remote ports of the established TCP connections to a local port.

    Returns:
        The ports, or None where the system does not say (any but Linux).
    """
    ports = set()
    readable = False
    for table in _TABLES:
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue
        readable = True
        for line in lines:
            _, local, remote, state, *_ = line.split()
            if state == _ESTABLISHED and _port(local) == port:
                ports.add(_port(remote))
    return ports if readable else None


def port_of_peer(peer: str) -> int | None:
    """The port in gRPC's name of a peer (``ipv4:127.0.0.1:43210``); None when it has none."""
    tail = peer.rpartition(":")[2]
    return int(tail) if tail.isdigit() else None


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
