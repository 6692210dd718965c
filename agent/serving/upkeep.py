"""What goes on beside deciding: minds are written to a file, and other weights are taken in."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from filelock import FileLock

from agent.checkpoint import CheckpointError
from agent.operations.serial import SerialExecutor
from agent.serving.minds import Minds
from agent.serving.snapshot import (
    SnapshotError,
    hold_snapshot,
    read_snapshot,
    write_snapshot,
)
from agent.serving.swap import SwapError

SNAPSHOT_SECONDS = 30.0
LAST_SECONDS = 10.0
"""So long the last writing may take."""

_log = logging.getLogger("agent.serving")
_NOT_WRITTEN = {"event": "snapshot_failed"}


class Upkeep:
    """Keeps a server's minds in a file, from which it goes on when it starts again.

    Args:
        minds: whose.
        snapshot: the file, None for none.
        seconds: so often it is written.
        brain: where the weights are read from again (``reload``), None for the shipped ones.

    Raises:
        SnapshotError: the file cannot be used, or another server that runs uses it.
    """

    def __init__(
        self,
        minds: Minds,
        *,
        snapshot: Path | None = None,
        seconds: float = SNAPSHOT_SECONDS,
        brain: Path | None = None,
    ) -> None:
        self._minds = minds
        self._snapshot = snapshot
        self._seconds = seconds
        self._brain = brain
        self._task: asyncio.Task[None] | None = None
        self._reloads: set[asyncio.Task[None]] = set()
        self._lock: FileLock | None = None
        if snapshot is not None:
            self._lock = hold_snapshot(snapshot)
            saved = read_snapshot(snapshot)
            minds.expect(saved)
            if saved:
                _log.info(
                    "%d minds of %s wait for their NPCs", len(saved), snapshot,
                    extra={"event": "snapshot_read"},
                )  # fmt: skip
            write_snapshot(snapshot, saved)  # now, not in an hour, it shows whether that works
        self._writer = SerialExecutor("writer of the snapshot")

    def start(self) -> None:
        """Write the minds from time to time."""
        if self._snapshot is not None:
            self._task = asyncio.create_task(self._write_again_and_again())

    def reload(self) -> None:
        """Read the weights again and go on with them; called by a signal."""
        task = asyncio.create_task(self._reload())
        self._reloads.add(task)
        task.add_done_callback(self._reloads.discard)

    async def stop(self) -> None:
        """Write the minds for the last time; before worlds are let go and forgotten."""
        for reload in self._reloads:  # nobody needs other weights any more
            reload.cancel()
        seconds = LAST_SECONDS
        if self._task is not None:
            self._task.cancel()
            self._task = None
            try:
                await asyncio.wait_for(self.write(), LAST_SECONDS)
            except TimeoutError:
                seconds = 0.0
                _log.warning(
                    "the mind or the disk hangs: %s holds what was written before", self._snapshot,
                    extra=_NOT_WRITTEN,
                )  # fmt: skip
        if self._lock is not None:
            # After a writing that hangs: what it writes in the end must not replace another's.
            self._writer.submit(self._lock.release)
        await asyncio.to_thread(self._writer.close, seconds)

    async def write(self) -> None:
        """Write the minds now; NPCs go on, whatever becomes of the file."""
        if self._snapshot is None:
            return
        try:
            saved = await self._minds.save_all()
            writing = self._writer.submit(write_snapshot, self._snapshot, saved)
            await asyncio.wrap_future(writing)
        except SnapshotError as error:
            _log.warning("%s", error, extra=_NOT_WRITTEN)
        except Exception:  # the next time may be better, and a server that stops goes on with it
            _log.exception(
                "the minds could not be written: this is a mistake of the server, please report it",
                extra=_NOT_WRITTEN,
            )

    async def _write_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            await self.write()

    async def _reload(self) -> None:
        name = self._brain if self._brain is not None else "the shipped brain"
        try:
            await self._minds.swap(self._brain)
        except (CheckpointError, SwapError) as error:
            _log.warning("%s", error, extra={"event": "weights_refused"})
        except Exception as error:
            _log.warning(
                "the weights of %s cannot be used (%s: %s), so the old ones go on",
                name, type(error).__name__, error, extra={"event": "weights_refused"},
            )  # fmt: skip
        else:
            _log.info(
                "the minds go on with the weights of %s", name, extra={"event": "weights_taken"}
            )
