"""Whether the ports that ``heedful serve`` was given can be had beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from unity_bridge.errors import OptionError

_EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Claim:
    """What one option asks for."""

    option: str
    whose: str
    """Who would listen there, in words."""
    address: str
    port: int | None
    """None for none at all, 0 for a free one."""


def check_ports(claims: Sequence[Claim]) -> None:
    """See that no two options ask for the same port of the same address.

    Raises:
        OptionError: two do.
    """
    for first, second in combinations(claims, 2):
        if first.port and first.port == second.port and _meet(first.address, second.address):
            raise OptionError(
                f"{first.option} and {second.option} are both {first.port}: give {second.whose} "
                f"another {second.option}"
            )


def _meet(first: str, second: str) -> bool:
    names = {"127.0.0.1" if address == "localhost" else address for address in (first, second)}
    return len(names) == 1 or bool(names & {*_EVERYWHERE})
