"""Coverage-guided fuzzing of one target of ``fuzzing`` with atheris.

    python -m tests.unity_bridge.fuzz_atheris host_answers --runs 20000

Without a target it fuzzes all of them, one after the other, each in a process of its own, and tells
how far each came. It begins with the kept corpus. An input that fails is left beside it as
``failed-...``; once that is mended, rename it to ``found-....bin``.
"""

import argparse
import importlib.util
import logging
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

MISSING = (
    "fuzzing by coverage is left out, because atheris is not installed: `make setup` takes it on "
    "Linux on x86_64 with Python 3.11 to 3.13, where it has wheels"
)
TARGETS_WITHOUT_KERNELS = ["unity_bridge", "envs.contract"]
KERNELS = ["unity_bridge.png_kernels"]
"""numba reads their bytecode, which must stay as it is."""
LONGEST_BYTES = 64_000
"""The longest seed has 35,290."""
SLOWEST_SECONDS = 10
CORPUS_TOLD = "tests/fixtures/corpus/TARGET"


def find_atheris() -> bool:
    """Is it installed?"""
    return importlib.util.find_spec("atheris") is not None


def main() -> None:
    """Fuzz until an input fails or enough have run; libFuzzer ends the process itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="?", help="one of fuzzing.TARGETS; all when left out")
    parser.add_argument("--runs", type=int, default=20_000, help="inputs to try")
    parser.add_argument("--seconds", type=int, default=0, help="at most so long; 0: no limit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", help="where inputs are gathered; kept for the next run")
    options = parser.parse_args()
    if not find_atheris():
        print(MISSING)
        return
    if options.target is None:
        fuzz_all(sys.argv[1:])
        return
    import atheris

    with atheris.instrument_imports(include=TARGETS_WITHOUT_KERNELS, exclude=KERNELS):
        from tests.unity_bridge import fuzzing

    if options.target not in fuzzing.TARGETS:
        sys.exit(f"there is no target {options.target}; there are {', '.join(fuzzing.TARGETS)}")
    logging.disable(logging.CRITICAL)
    targets = fuzzing.Targets()
    for data in fuzzing.make_seeds()[options.target]:  # compile kernels before the clock runs
        fuzzing.run(targets, options.target, data)

    def try_one(data: bytes) -> None:
        fuzzing.run(targets, options.target, data)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        rng: Any = random.Random(seed)
        if rng.random() < 0.4:
            return atheris.Mutate(data, most)
        return bytes(fuzzing.mutate(data, rng, options.target)[:most])

    work = Path(options.work or tempfile.mkdtemp(prefix="heedful-fuzz-"))
    work.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(fuzzing.make_seeds()[options.target]):
        (work / f"seed-{number}").write_bytes(data)
    kept = fuzzing.CORPUS / options.target
    kept.mkdir(parents=True, exist_ok=True)
    arguments = [
        sys.argv[0], str(work), str(kept), f"-runs={options.runs}", f"-seed={options.seed}",
        f"-timeout={SLOWEST_SECONDS}", f"-max_len={LONGEST_BYTES}", "-rss_limit_mb=4096",
        f"-max_total_time={options.seconds}", f"-artifact_prefix={kept}/failed-",
    ]  # fmt: skip
    atheris.Setup(arguments, try_one, custom_mutator=mutate)
    atheris.Fuzz()


def fuzz_all(options: list[str]) -> None:
    """Fuzz every target in turn; libFuzzer ends its process, so each has one."""
    from tests.unity_bridge.fuzzing import TARGETS

    failed = []
    for target in TARGETS:
        command = [sys.executable, "-m", "tests.unity_bridge.fuzz_atheris", target, *options]
        run = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace")
        last = [line for line in run.stderr.splitlines() if "DONE" in line or "Done" in line]
        print(f"{target}: {' '.join(last) or 'failed'}", flush=True)
        if run.returncode:
            failed.append(target)
            print(run.stderr[-4000:], file=sys.stderr)
    if failed:
        sys.exit(f"an input made {', '.join(failed)} fail; it is left in {CORPUS_TOLD}/failed-...")


if __name__ == "__main__":
    main()
