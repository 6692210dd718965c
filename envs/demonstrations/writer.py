"""Recording an episode while it is played."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from envs import contract
from envs.demonstrations.file import Demonstration, write_demonstration
from envs.demonstrations.header import DemonstrationError, Header, hash_observations
from envs.world.world import BatchWorld, StepResult

SAVED_EVERY = 50
"""Decisions after which the file is brought up to date: at most five seconds can be lost."""


class _Kept(NamedTuple):
    """One decision."""

    actions: NDArray[np.int32]
    rewards: NDArray[np.float32]
    ends: tuple[bool, bool]
    hashes: NDArray[np.uint8]
    """Of what was perceived after it."""


class DemonstrationWriter:
    """Keeps the decisions of one episode and writes them every five seconds and at the end.

    A context: leaving it, by an error or Ctrl-C too, writes all decisions so far.

    Args:
        path: a file that does not exist yet.
        header: what is played.
        observations: the first ones, ``(N, ...)``.

    Raises:
        DemonstrationError: the file exists or cannot be written.
    """

    def __init__(self, path: Path, header: Header, observations: Mapping[str, NDArray]) -> None:
        if path.exists():
            raise DemonstrationError(
                f"{path} exists already: give another file, so that no recording is lost."
            )
        self.path, self.header = path, header
        self._first = hash_observations(observations)
        self._decisions: list[_Kept] = []
        self._written = 0
        try:
            write_demonstration(path, self.demonstration(), flush=False)
        except OSError as error:
            raise DemonstrationError(
                f"{path} cannot be written ({error.strerror}): give another file."
            ) from None

    def add(
        self,
        actions: NDArray[np.integer],
        result: StepResult,
        observations: Mapping[str, NDArray],
    ) -> None:
        """Keep one decision.

        A disk without room stops no episode: the next time the file is written again.

        Args:
            actions: ``(N, 8)`` as they were given to the world.
            result: what the world said.
            observations: what is perceived after it.
        """
        ends = bool(result.terminated[0]), bool(result.truncated[0])
        kept = _Kept(
            np.array(actions, np.int32), np.array(result.reward, np.float32), ends,
            hash_observations(observations),
        )  # fmt: skip
        self._decisions.append(kept)  # at once: Ctrl-C leaves no half of a decision
        if any(ends) or len(self._decisions) % SAVED_EVERY == 0:
            with contextlib.suppress(OSError):
                self._write(flush=False)

    def demonstration(self) -> Demonstration:
        """What was recorded so far."""
        npcs, decisions = self.header.npcs, list(self._decisions)
        count = len(decisions)
        ends = np.array([kept.ends for kept in decisions], np.bool_).reshape(count, 2)
        actions = np.array([kept.actions for kept in decisions], np.int32)
        rewards = np.array([kept.rewards for kept in decisions], np.float32)
        return Demonstration(
            self.header,
            actions.reshape(count, npcs, len(contract.BRANCHES)),
            rewards.reshape(count, npcs),
            ends[:, 0].copy(),
            ends[:, 1].copy(),
            np.stack([self._first, *(kept.hashes for kept in decisions)]),
            str(self.path),
        )

    def close(self) -> None:
        """Write all decisions; nothing is left behind when there was none.

        Raises:
            DemonstrationError: there is no room; says how much of it the file has.
        """
        try:
            if self._decisions:
                self._write(flush=True)
            else:
                self.path.unlink(missing_ok=True)
        except OSError as error:
            raise DemonstrationError(
                f"{self.path} cannot be written ({error.strerror}) and keeps the first "
                f"{self._written} of {len(self._decisions)} decisions: make room on the disk."
            ) from None

    def __enter__(self) -> DemonstrationWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _write(self, *, flush: bool) -> None:
        demonstration = self.demonstration()
        write_demonstration(self.path, demonstration, flush=flush)
        self._written = demonstration.decisions


def record_episode(
    path: Path, header: Header, policy: Callable[[BatchWorld], NDArray[np.integer]]
) -> Demonstration:
    """Let a policy play an episode to its end and record it.

    Args:
        path: a file that does not exist yet.
        header: what is played and by whom.
        policy: from a world that was just observed to actions ``(N, 8)``, such as
            ``envs.policies.oracle``.

    Raises:
        DemonstrationError: the file exists or cannot be written.
        TaskError, SceneError, ValueError: as ``Header.begin_world``.
    """
    world = header.begin_world()
    with DemonstrationWriter(path, header, world.observe()) as writer:
        is_over = False
        while not is_over:
            actions = policy(world)
            result = world.step(actions)
            writer.add(actions, result, world.observe())
            is_over = bool(result.terminated[0] or result.truncated[0])
    return writer.demonstration()
