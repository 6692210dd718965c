"""All minds of a server in one file, so that it goes on where it stopped.

Layout: magic, version, checksum of the rest, then for each mind the world, the NPC's key and the
mind's blob, each behind its length.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from agent.belief.state import BLOB_LIMIT

MAGIC = b"HFDS"
VERSION = 1
_HEADER = struct.Struct("<4sHI")
_LENGTH = struct.Struct("<I")

Saved = dict[tuple[str, str], bytes]
"""Minds by world and NPC."""


class SnapshotError(Exception):
    """A snapshot cannot be written or read; one sentence with the cure."""


def hold_snapshot(path: Path) -> FileLock:
    """Keep the file for this process: another server would write its own minds over ours.

    The lock, a file beside it, goes with the process, however that ends.

    Raises:
        SnapshotError: another server has it, or nothing can be written there.
    """
    # Of the process and not of a thread: whichever writes last gives it back.
    lock = FileLock(path.with_name(f".{path.name}.lock"), thread_local=False)
    try:
        path.parent.resolve(strict=True)  # the lock would make the folder
        lock.acquire(timeout=0)
    except Timeout:
        raise SnapshotError(
            f"{path} is the --snapshot of another server that runs: stop that one, or give "
            "--snapshot another file."
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from error
    return lock


def _unwritable(path: Path, error: OSError) -> SnapshotError:
    return SnapshotError(
        f"The minds cannot be written to {path} ({error.strerror}): make room or give the user "
        "the right to write there, or give --snapshot another file."
    )


def write_snapshot(path: Path, minds: Mapping[tuple[str, str], bytes]) -> None:
    """Write beside the file and move it into its place, so that no half file is ever seen.

    Raises:
        SnapshotError: the file cannot be written.
    """
    parts = []
    for (world, npc), blob in minds.items():
        for part in (world.encode(), npc.encode(), blob):
            parts += [_LENGTH.pack(len(part)), part]
    body = b"".join(parts)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            with open(fresh, "wb") as file:
                file.write(_HEADER.pack(MAGIC, VERSION, zlib.crc32(body)) + body)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def read_snapshot(path: Path) -> Saved:
    """The minds of a file that ``write_snapshot`` wrote; none when there is no file.

    Raises:
        SnapshotError: the file cannot be used.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SnapshotError(
            f"The minds in {path} cannot be read ({error.strerror}): give --snapshot another file."
        ) from error
    if len(data) < _HEADER.size or data[:4] != MAGIC:
        raise SnapshotError(f"{path} holds no minds: give --snapshot another file.")
    _, version, checksum = _HEADER.unpack_from(data)
    if version != VERSION:
        raise SnapshotError(
            f"{path} is of version {version} and this package reads version {VERSION}: move it "
            "away, or use the heedful that wrote it."
        )
    body = data[_HEADER.size :]
    if zlib.crc32(body) != checksum:
        raise SnapshotError(f"{path} is damaged: move it away, and the minds begin anew.")
    parts = list(_split(body, path))
    if len(parts) % 3:
        raise SnapshotError(f"{path} is damaged: move it away, and the minds begin anew.")
    names = [part.decode("utf-8", "replace") for part in parts]
    return {(names[start], names[start + 1]): parts[start + 2] for start in range(0, len(parts), 3)}


def _split(body: bytes, path: Path) -> Iterator[bytes]:
    offset = 0
    while offset < len(body):
        end = offset + _LENGTH.size
        length = _LENGTH.unpack_from(body, offset)[0] if end <= len(body) else BLOB_LIMIT + 1
        if length > BLOB_LIMIT or end + length > len(body):
            raise SnapshotError(f"{path} is damaged: move it away, and the minds begin anew.")
        yield body[end : end + length]
        offset = end + length
