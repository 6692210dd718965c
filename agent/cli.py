"""The entry point ``heedful``: what ends a command becomes one sentence and an exit code.

The codes: 0 when all went well, 2 when another command line is needed (a wrong value, an unknown
name, options that contradict each other, a file that cannot be used), 1 for everything that fails
later, 130 after Ctrl-C.
"""

from __future__ import annotations

import errno
import os
import sys
from collections import namedtuple
from collections.abc import Sequence
from typing import NoReturn

from agent.operations.interrupts import noting_interrupts

BAD_INPUT = (
    "CheckError",
    "CheckpointError",
    "DemoError",
    "DemonstrationError",
    "DocsError",
    "EvaluationError",
    "OptionError",
    "PlayError",
    "PolicyError",
    "RecipeError",
    "RecordError",
    "RecordingError",
    "SceneError",
    "SnapshotError",
    "SpeechError",
    "TaskError",
    "TrainingError",
)
"""Errors that are about what was typed; they and their kinds exit with 2, all others with 1."""
INTERRUPTED = 130
"""Exit code after Ctrl-C."""
_PACKAGES = ("agent", "envs", "unity_bridge")


def main() -> None:
    """Run the command line; errors of ours become one sentence, unless ``--debug`` is given."""
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    with noting_interrupts() as interrupts:
        _run_to_the_end(debug, interrupts)


def _run_to_the_end(debug: bool, interrupts: Sequence[int]) -> None:
    try:
        _run()
    except KeyboardInterrupt:
        _stop()
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:
            _stop()
        raise
    except OSError as error:
        if debug or error.errno not in (errno.ENOSPC, errno.EPIPE):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left would fail at exit again
        if error.errno == errno.ENOSPC:
            _complain("The disk is full: make room, or write elsewhere.")
        sys.exit(1)
    except Exception as error:
        if debug:
            raise
        if not _is_ours(error):
            if interrupts:  # compiled modules turn it into errors of their own
                _stop()
            raise
        _complain(_sentence(error))
        sys.exit(_exit_code(error))


def _run() -> None:
    # Imported here, since Ctrl-C may come meanwhile: reading all modules takes a while.
    from agent.cli_commands import app

    try:
        app()
    finally:
        if sys.stdout is not None:  # None where the shell closed it
            sys.stdout.flush()


def _stop() -> NoReturn:
    _complain("stopped.")
    # Where Ctrl-C met code that runs text, as dataclasses do, Python remembers it as unhandled
    # and would end by the signal instead of the code, unless other text has run since: that of
    # which a named tuple is made.
    namedtuple("AnyText", ())
    sys.exit(INTERRUPTED)


def _complain(sentence: str) -> None:
    from agent.operations.logs import complain

    complain(sentence)


def _is_ours(error: Exception) -> bool:
    return type(error).__module__.split(".")[0] in _PACKAGES


def _exit_code(error: Exception) -> int:
    # By name: importing all that a command may raise would take longer than most commands.
    return 2 if any(kind.__name__ in BAD_INPUT for kind in type(error).__mro__) else 1


def _sentence(error: Exception) -> str:
    text = str(error).strip()
    return text if text.endswith((".", "!", "?")) else text + "."


if __name__ == "__main__":
    main()
