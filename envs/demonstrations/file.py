"""The file of a demonstration: an ``.npz`` with a JSON header, no pickle."""

from __future__ import annotations

import contextlib
import json
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from envs import contract
from envs.demonstrations.header import FORMAT, HASH_BYTES, VERSION, DemonstrationError, Header

_ZIP = b"PK\x03\x04"
_WIDTH = len(contract.BRANCHES)


@dataclass(frozen=True)
class Demonstration:
    """An episode, or its beginning, of T decisions by N NPCs."""

    header: Header
    actions: NDArray[np.int32]
    """``(T, N, 8)`` in the order of ``contract.BRANCHES``, words included."""
    rewards: NDArray[np.float32]
    """``(T, N)``"""
    terminated: NDArray[np.bool_]
    """``(T,)``"""
    truncated: NDArray[np.bool_]
    """``(T,)``"""
    observation_hashes: NDArray[np.uint8]
    """``(T + 1, N, 16)`` of what was observed before each decision, and after the last one."""
    name: str = "the demonstration"
    """What it is called in errors: its file."""

    @property
    def decisions(self) -> int:
        """How many there are: T."""
        return len(self.actions)

    @property
    def is_finished(self) -> bool:
        """Whether it goes to the end of the episode; else somebody stopped."""
        return bool(self.terminated.any() or self.truncated.any())


def load_demonstration(path: str | Path) -> Demonstration:
    """Read a file that ``DemonstrationWriter`` wrote.

    Raises:
        DemonstrationError: it is missing, not a demonstration, damaged, or of another version.
    """
    path = Path(path)
    arrays = _read_arrays(path)
    header = _read_header(path, arrays.pop("header"))
    demonstration = Demonstration(header, name=str(path), **arrays)
    if not _fits(demonstration):
        raise _damaged(path)
    return demonstration


def write_demonstration(path: Path, demonstration: Demonstration, *, flush: bool) -> None:
    """Write a file whole or not at all: what was there before stays until the new one is complete.

    Args:
        path: the file.
        demonstration: its contents.
        flush: whether to wait until the disk has it.

    Raises:
        OSError: there is no room, or no permission.
    """
    text = demonstration.header.model_dump_json().encode()
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with fresh.open("wb") as file:
            np.savez_compressed(
                file, header=np.frombuffer(text, np.uint8),
                **{name: getattr(demonstration, name) for name in _ARRAYS},
            )  # fmt: skip
            file.flush()
            if flush:
                os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


_ARRAYS = ("actions", "rewards", "terminated", "truncated", "observation_hashes")


def _read_arrays(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            start = file.read(len(_ZIP))
            if start != _ZIP:
                if start == _ZIP[: len(start)]:
                    raise _damaged(path)
                raise _no_demonstration(path)
            file.seek(0)
            with np.load(file, allow_pickle=False) as stored:
                if "header" not in stored.files:
                    raise _no_demonstration(path)
                return {name: stored[name] for name in ("header", *_ARRAYS)}
    except DemonstrationError:
        raise
    except OSError as error:
        if error.strerror is None:  # numpy's own, about what is in the file
            raise _damaged(path) from None
        raise DemonstrationError(
            f"{path} cannot be read ({error.strerror}): give the path of a demonstration."
        ) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError):
        raise _damaged(path) from None


def _read_header(path: Path, stored: NDArray[Any]) -> Header:
    try:
        raw = json.loads(stored.tobytes())
    except ValueError:
        raise _damaged(path) from None
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise _no_demonstration(path)
    if raw.get("version") != VERSION:
        raise DemonstrationError(
            f"{path} is a demonstration of version {raw.get('version')} and this Heedful reads "
            f"version {VERSION}: use the Heedful that recorded it, or record it again."
        )
    if raw.get("contract_hash") != contract.contract_hash():
        raise DemonstrationError(
            f"{path} was recorded under another contract ({raw.get('contract_hash')}) than this "
            f"Heedful has ({contract.contract_hash()}): use the Heedful that recorded it, or "
            "record it again."
        )
    try:
        return Header.model_validate(raw)
    except ValidationError:
        raise _damaged(path) from None


def _fits(demonstration: Demonstration) -> bool:
    """Whether the arrays have the shapes, types and values that they must have."""
    count, npcs = demonstration.actions.shape[0], demonstration.header.npcs
    wanted: dict[str, tuple[tuple[int, ...], type]] = {
        "actions": ((count, npcs, _WIDTH), np.int32),
        "rewards": ((count, npcs), np.float32),
        "terminated": ((count,), np.bool_),
        "truncated": ((count,), np.bool_),
        "observation_hashes": ((count + 1, npcs, HASH_BYTES), np.uint8),
    }
    for name, (shape, dtype) in wanted.items():
        array = getattr(demonstration, name)
        if array.shape != shape or array.dtype != dtype:
            return False
    actions = demonstration.actions
    return bool(((actions >= 0) & (actions < np.array(contract.BRANCH_SIZES))).all())


def _no_demonstration(path: Path) -> DemonstrationError:
    return DemonstrationError(
        f"{path} is not a demonstration: give a file that `heedful play --record FILE` wrote."
    )


def _damaged(path: Path) -> DemonstrationError:
    return DemonstrationError(
        f"{path} is cut off or damaged: copy it again from where it was recorded, or record it "
        "again."
    )
