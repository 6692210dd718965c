"""Compiles every kernel of the headless world: ``python -m envs.warmup``.

What is compiled is kept (see ``envs.kernel_cache``), so this is needed once after an installation
or an update; the first world would do the same, only unexplained.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from envs.compile_notice import notice
from envs.kernel_cache import remove_old_kernels


def main() -> None:
    """Compile them, saying what is being compiled and how long it took."""
    notice.is_on = False  # these steps say more
    print(
        "Compiling the world's kernels; this is needed once and takes about a minute.", flush=True
    )
    remove_old_kernels()
    began = time.perf_counter()
    for number, (name, compile_kernels) in enumerate(STEPS, 1):
        print(f"  {number}/{len(STEPS)} {name} ...", end=" ", flush=True)
        start = time.perf_counter()
        compile_kernels()
        print(f"{time.perf_counter() - start:.0f} s", flush=True)
    print(f"Kernels compiled in {time.perf_counter() - began:.0f} s.", flush=True)


def _stage_tasks() -> None:
    from envs.tasks import TASKS, make_episode

    for name in TASKS:
        make_episode(name, 0)


def _play() -> None:
    from envs.policies import oracle
    from envs.tasks import TASKS, make_episode
    from envs.world.perturbations import PERTURBATIONS
    from envs.world.world import BatchWorld

    for name, task in TASKS.items():
        world = BatchWorld(1, task.npcs, perturbations=tuple(PERTURBATIONS))
        world.reset(0, make_episode(name, 0))
        for _ in range(60):
            world.observe()
            world.action_mask()
            world.step(oracle(world))
        for row in range(world.num_rows):
            world.take_catalogue(row)
            world.texts(row)


STEPS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("planning and tasks", _stage_tasks),
    ("bodies, speech, camera and ears", _play),
)
"""What is compiled, in order."""

if __name__ == "__main__":
    main()
