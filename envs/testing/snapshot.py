"""A snapshot of the world's bytes: what NPCs were shown when it was taken, so that changes show.

    python -m envs.testing.snapshot            # says what differs from the file
    python -m envs.testing.snapshot --write    # the change is meant: take it anew

Every case plays one episode with fixed random actions out of its masks, and every array that the
world shows is hashed at every decision. Pixels, sound and depth come from kernels that may order
and fuse floating-point operations as the processor likes, so their bytes are held on the machine
type and library versions that the file names; on others only ``ANYWHERE`` is compared. (Compiled
for Haswell and for Zen 5 all bytes are the same; for x86-64 without fused operations, which is
``NUMBA_CPU_NAME=x86-64``, depth, sound and some pixels differ.)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding
import numba
import numpy as np
from numpy.typing import NDArray

from envs.tasks import make_episode
from envs.testing.players import busy_actions
from envs.world.world import SENSES, BatchWorld

SEED = 2_000_000
DECISIONS = 60
FILE = Path("tests/envs/world/snapshot.json")
"""Below the checkout."""
WRITE = "python -m envs.testing.snapshot --write"
"""Takes the snapshot anew, in the checkout."""
CURE = f"If the change is meant, take the snapshot anew with '{WRITE}' and say so in the commit."
DIGITS = 4
"""Hexadecimal digits of a hash at each decision; it covers all decisions until then."""
ANYWHERE = (
    "action_mask", "catalogue", "dialogue", "dialogue_mask", "entities_mask", "flags", "goal",
    "reward", "texts",
)  # fmt: skip
"""Arrays that no processor computes differently."""

Hashes = dict[str, str]
"""Array -> its hashes at all decisions, one after the other."""


@dataclass(frozen=True)
class Case:
    """An episode that is played for the snapshot."""

    family: str
    task: str
    npcs: int = 1
    perturbations: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the file and messages call it."""
        return " ".join((self.family, self.task, *self.perturbations))


CASES = (
    Case("museum", "navigation/ringing"),
    Case("city", "navigation/heard_sound"),
    Case("workshop", "interaction/tidy"),
    Case("home", "navigation/coloured_object"),
    Case("class_room", "navigation/described_object"),
    Case("meeting_room", "interaction/rearrange"),
    Case("service_desk", "navigation/ask_then_go"),
    Case("city", "navigation/timed_gate"),
    Case("workshop", "interaction/key_and_lock"),
    Case("museum", "interaction/fetch_and_put"),
    Case("class_room", "interaction/switch_off_beeping"),
    Case("museum", "coordination/two_know_halves", 2),
    Case("workshop", "coordination/two_person_lift", 2),
    Case("city", "coordination/search_and_report", 3),
    Case("museum", "navigation/named_place", 1, ("camera_noise", "audio_noise", "crowd")),
)


class Recorder:
    """Hashes what the rows of one world are shown."""

    def __init__(self) -> None:
        self._running: dict[str, Any] = {}
        self._written: dict[str, list[str]] = {}

    def add(self, shown: Mapping[str, NDArray[Any] | str]) -> None:
        """Take in one decision."""
        for name, values in shown.items():
            running = self._running.setdefault(name, hashlib.sha256())
            if isinstance(values, str):
                running.update(values.encode())
            else:
                running.update(f"{values.dtype} {values.shape}".encode())
                running.update(np.ascontiguousarray(values).tobytes())
            self._written.setdefault(name, []).append(running.hexdigest()[:DIGITS])

    def hashes(self) -> Hashes:
        """Of all decisions so far."""
        return {name: "".join(parts) for name, parts in sorted(self._written.items())}


def record(cases: Sequence[Case] = CASES, batch: int = 1, threads: int = 1) -> dict[str, Hashes]:
    """Play cases and hash what their NPCs are shown.

    Args:
        cases: in which order they are played; those that can share a batch do.
        batch: worlds of a batch.
        threads: that they are dealt over.
    """
    recorded: dict[str, Hashes] = {}
    alike: dict[tuple[int, tuple[str, ...]], list[Case]] = {}
    for case in cases:
        alike.setdefault((case.npcs, case.perturbations), []).append(case)
    for together in alike.values():
        for first in range(0, len(together), batch):
            chosen = together[first : first + batch]
            filled = [chosen[place % len(chosen)] for place in range(batch)]
            for case, hashes in zip(chosen, _play(filled, threads), strict=False):
                recorded[case.name] = hashes
    return {case.name: recorded[case.name] for case in cases}


def _play(cases: Sequence[Case], threads: int) -> list[Hashes]:
    """Play cases at once, a world each."""
    npcs = cases[0].npcs
    world = BatchWorld(
        len(cases), npcs, senses=SENSES, perturbations=cases[0].perturbations, threads=threads
    )
    for index, case in enumerate(cases):
        world.reset(index, make_episode(case.task, SEED, case.family, npcs=npcs))
    recorders = [Recorder() for _ in cases]
    draws = [np.random.Generator(np.random.PCG64(SEED)) for _ in cases]
    for _ in range(DECISIONS):
        world.observe()
        shown = [_shown(world, index) for index in range(len(cases))]
        mask = world.action_mask()
        result = world.step(
            np.concatenate(
                [
                    busy_actions(mask[index * npcs : (index + 1) * npcs], shown[index], rng)
                    for index, rng in enumerate(draws)
                ]
            )
        )
        for index, recorder in enumerate(recorders):
            rows = slice(index * npcs, (index + 1) * npcs)
            flags = [result.terminated[index], result.truncated[index], *result.success[rows]]
            recorder.add(
                shown[index] | {"reward": result.reward[rows], "flags": np.array(flags, np.bool_)}
            )
    return [recorder.hashes() for recorder in recorders]


def _shown(world: BatchWorld, index: int) -> dict[str, NDArray[Any] | str]:
    """Everything that the NPCs of one world are shown now."""
    rows = range(index * world.npcs_per_world, (index + 1) * world.npcs_per_world)
    own = slice(rows.start, rows.stop)
    arrays = world.observation | {
        "action_mask": world.action_mask(),
        "depth": world.depth,
        "semantic": world.semantic,
        "label of colours": world.labels.entity_color,
        "label of sounds": world.labels.sound,
    }
    shown: dict[str, NDArray[Any] | str] = {name: array[own] for name, array in arrays.items()}
    shown["catalogue"] = repr([world.take_catalogue(row) for row in rows])
    shown["texts"] = repr([world.texts(row) for row in rows])
    return shown


def machine() -> dict[str, str]:
    """The processor that kernels are compiled for, and the versions of what computes."""
    processor = numba.config.CPU_NAME or llvmlite.binding.get_host_cpu_name()
    return {
        "processor": processor,
        "llvmlite": llvmlite.__version__,
        "numba": numba.__version__,
        "numpy": np.__version__,
    }


def differences(
    recorded: Mapping[str, Hashes],
    expected: Mapping[str, Hashes],
    arrays: Iterable[str] | None = None,
) -> list[str]:
    """Sentences about what was recorded and is not as it was, at the first decision that differs.

    Args:
        recorded: by ``record``.
        expected: what it is compared with.
        arrays: which to compare; None: all of them.
    """
    told = [f"'{case}' is gone." for case in expected if case not in recorded]
    for case, hashes in recorded.items():
        if case not in expected:
            told.append(f"'{case}' is new.")
            continue
        known = expected[case]
        names = sorted({*hashes, *known} if arrays is None else set(arrays))
        for name in names:
            now, before = hashes.get(name, ""), known.get(name, "")
            if now == before:
                continue
            if not now or not before:
                told.append(f"'{name}' of '{case}' is {'new' if now else 'gone'}.")
                continue
            told.append(f"'{name}' of '{case}' differs from decision {_first(now, before)} on.")
    return told


def _first(one: str, other: str) -> int:
    """The first decision at which two strings of hashes differ."""
    decisions = range(max(len(one), len(other)) // DIGITS + 1)
    return next(
        number for number in decisions
        if one[: (number + 1) * DIGITS] != other[: (number + 1) * DIGITS]
    )  # fmt: skip


def read(file: Path = FILE) -> tuple[dict[str, str], dict[str, Hashes]]:
    """The machine and the hashes of a snapshot's file.

    Raises:
        FileNotFoundError: there is none; says how to take it.
    """
    if not file.is_file():
        raise FileNotFoundError(f"There is no snapshot '{file}': take it with '{WRITE}'.")
    data = json.loads(file.read_text(encoding="utf-8"))
    return data["machine"], data["cases"]


def write(recorded: Mapping[str, Hashes], file: Path = FILE) -> None:
    """Write a snapshot of this machine."""
    data = {"machine": machine(), "cases": recorded}
    file.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def compare(recorded: Mapping[str, Hashes], file: Path = FILE) -> list[str]:
    """What differs from a file, as ``differences``; only ``ANYWHERE`` on another machine type."""
    where, expected = read(file)
    return differences(recorded, expected, None if where == machine() else ANYWHERE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare with the file or write it; returns how many things differ, at most 1."""
    parser = argparse.ArgumentParser(prog="python -m envs.testing.snapshot")
    parser.add_argument("--write", action="store_true", help="take the snapshot anew")
    parser.add_argument("--file", type=Path, default=FILE, help=f"by default {FILE}")
    given = parser.parse_args(arguments)
    recorded = record()
    if given.write:
        write(recorded, given.file)
        print(f"{len(recorded)} cases written to {given.file}.")
        return 0
    told = compare(recorded, given.file)
    print("\n".join([*told, CURE] if told else [f"All {len(recorded)} cases are as they were."]))
    return min(len(told), 1)


if __name__ == "__main__":
    sys.exit(main())
