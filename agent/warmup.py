"""Compiles every kernel of the mind: ``python -m agent.warmup``, once after an installation."""

from __future__ import annotations

import time

DECISIONS = 12


def main() -> None:
    """Let an untrained mind and the rules decide a few times, saying how long it took."""
    print("Compiling the mind's kernels; this is needed once and takes a minute.", flush=True)
    began = time.perf_counter()
    _read_pictures()
    _decide()
    print(f"Kernels compiled in {time.perf_counter() - began:.0f} s.", flush=True)


def _read_pictures() -> None:
    from unity_bridge.pictures import compile_kernels

    compile_kernels()


def _decide() -> None:
    from agent.infos import Infos
    from agent.metacognition.regulator import Regulator
    from agent.mind import Mind
    from agent.policies.expert import expert
    from agent.policies.scripted import scripted
    from envs.tasks import TASKS, make_episode
    from envs.world.world import BatchWorld

    mind = Mind.untrained()
    mind.regulator = Regulator()
    for number, (name, task) in enumerate(TASKS.items()):
        world = BatchWorld(1, task.npcs)
        world.reset(0, make_episode(name, 0))
        for decision in range(DECISIONS):
            observations = world.observe()
            infos = Infos.empty(world.num_rows)
            infos.keys = [f"{number}/{row}" for row in range(world.num_rows)]
            infos.catalogue = [world.take_catalogue(row) for row in range(world.num_rows)]
            infos.texts = [world.texts(row) for row in range(world.num_rows)]
            infos.action_mask = world.action_mask()
            if decision == 0:
                episode = world.episodes[0]
                assert episode is not None
                infos.goals = [npc.instruction for npc in episode.npcs]
            view = mind.perceive(observations, infos)
            expert(view.belief, view.plan)
            scripted(view.belief, view.plan)
            world.step(mind.decide(observations, infos).action)


if __name__ == "__main__":
    main()
