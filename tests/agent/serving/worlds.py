"""Batches for tests: made up, and of a real headless world."""

import numpy as np

from agent.infos import Infos
from agent.serving import ServingOptions, blank_observations
from envs.tasks import TASKS, make_episode
from envs.world.world import BatchWorld
from unity_bridge.batch import WorldBatch

PATIENT = ServingOptions(deadline_seconds=60.0)
"""For tests of what is decided, on a machine that is busy."""
START = {"op": "start", "task": "navigation/ringing", "seed": 7, "map": "known"}
END = {"op": "end", "success": True, "wrong_commit": False, "decisions": 1, "walked": 1.0,
       "shortest": 1.0, "spl": 1.0}  # fmt: skip


def make_batch(
    world, npcs, first=False, episodes=(), goals=(), behavior="Heedful?team=0", endings=()
):
    """NPCs that see and hear nothing."""
    rows = len(npcs)
    return WorldBatch(
        world=world, behavior=behavior, agents=np.arange(rows), npcs=list(npcs),
        observations=blank_observations(rows), action_mask=Infos.empty(rows).action_mask,
        reward=np.zeros(rows, np.float32), first=np.full(rows, first),
        catalogue=[[] for _ in npcs], texts=[[] for _ in npcs],
        goals=list(goals) or [[] for _ in npcs], episodes=list(episodes) or [[] for _ in npcs],
        endings=list(endings),
    )  # fmt: skip


class Stage:
    """A real episode of the headless world, asked for as a game does."""

    def __init__(self, name, task, seed=1_700_000):
        self.name = name
        self._world = BatchWorld(1, TASKS[task].npcs)
        self._world.reset(0, make_episode(task, seed))
        self._decisions = 0

    def batch(self):
        """What its NPCs perceive now."""
        world, rows = self._world, self._world.num_rows
        npcs = [f"npc{row}" for row in range(rows)]
        batch = make_batch(self.name, npcs)
        batch.observations.update({k: v.copy() for k, v in world.observe().items()})
        batch.action_mask[:] = world.action_mask()
        batch.catalogue[:] = [world.take_catalogue(row) for row in range(rows)]
        batch.texts[:] = [world.texts(row) for row in range(rows)]
        if self._decisions == 0:
            episode = world.episodes[0]
            assert episode is not None
            goals = episode.npcs
            batch.goals[:] = [[{"op": "set", "goal": 1, "text": g.instruction}] for g in goals]
        self._decisions += 1
        return batch

    def step(self, actions):
        """Let its NPCs act."""
        self._world.step(np.asarray(actions, np.int64))
