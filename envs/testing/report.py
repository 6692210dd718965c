"""What a check found: one result for each rule, and the error that names those that were broken."""

from __future__ import annotations

from dataclasses import dataclass


class WorldError(AssertionError):
    """A world that does not keep the contract."""


class CheckError(TypeError):
    """What was given is nothing that can be checked, or not so."""


@dataclass(frozen=True)
class CheckResult:
    """How one check went."""

    name: str
    passed: bool
    sentence: str
    """What was expected, what came, and at which decision; or what the check holds."""
    seconds: float
    """How long it took."""


@dataclass(frozen=True)
class Report:
    """How all checks of a world went, in the order in which they were made."""

    world: str
    """What was checked."""
    results: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return not self.failures

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """Those that did not."""
        return tuple(result for result in self.results if not result.passed)

    def __str__(self) -> str:
        """A line for each check."""
        width = max((len(result.name) for result in self.results), default=0)
        lines = [
            f"  {'ok  ' if result.passed else 'FAIL'}  {result.name:<{width}}  {result.sentence}"
            for result in self.results
        ]
        return "\n".join([self.world, *lines])
