"""Plays real episodes with the belief and a policy on it; the world's labels are the senses."""

from dataclasses import dataclass

import numpy as np

from agent.belief.actions import remember_actions
from agent.belief.evidence import Evidence
from agent.belief.planner import Planner
from agent.belief.state import make_state, reset_rows
from agent.belief.testimony import apply_catalogue, apply_goal, apply_utterances
from agent.belief.update import update
from agent.learning.perception import _label_entities, _label_sounds
from agent.senses.signs import SIGN_RANGE
from envs.contract import MAX_ENTITIES, EntityColumn, GoalColumn
from envs.tasks import TASKS, find_task, make_episode
from envs.world.world import BatchWorld

COLOR_RANGE = 6.0
"""Colours are told from nearer than this, metres."""


@dataclass(frozen=True)
class Play:
    """How one episode went."""

    seed: int
    success: bool
    wrong_commit: bool
    decisions: int


def labels_as_evidence(world: BatchWorld) -> Evidence:
    """What heads that never err would say."""
    evidence = Evidence.blank(world.num_rows)
    distance = world.observation["entities"][:, :, EntityColumn.DISTANCE]
    color = world.labels.entity_color
    rows, places = np.nonzero((color >= 0) & (distance < COLOR_RANGE))
    evidence.color_log_probs[rows, places] = np.log(0.003)
    evidence.color_log_probs[rows, places, color[rows, places]] = np.log(0.979)
    lit, glyphs = _label_entities(world, world.observation)
    rows, places = np.nonzero((color >= 0) & (distance < COLOR_RANGE))
    evidence.lit[rows, places] = np.log(0.01)
    evidence.lit[rows, places, lit[rows, places]] = np.log(0.99)
    rows, places = np.nonzero((glyphs >= 0) & (distance < SIGN_RANGE) & is_facing(world))
    evidence.sign[rows, places] = np.log(0.002)
    evidence.sign[rows, places, glyphs[rows, places]] = np.log(0.98)
    evidence.sound[:] = _label_sounds(world.labels.sound)
    assert evidence.color_log_probs.shape[1] == MAX_ENTITIES
    return evidence


def is_facing(world: BatchWorld):
    """Whether the front of each entity ``(R, 32)`` is towards the NPC."""
    entity = world.observation["entities"]
    sine, cosine = entity[..., EntityColumn.SIN_HEADING], entity[..., EntityColumn.COS_HEADING]
    towards = entity[..., EntityColumn.X] * sine + entity[..., EntityColumn.Z] * cosine
    return towards < 0


def play(task, seeds, policy, *, families=(), perceives=True, moves_at_random=0.0, **world_options):
    """Play one episode per seed, all at once; the results in the order of the seeds.

    Args:
        task: name of a task.
        seeds: of the episodes.
        policy: such as ``expert``.
        families: of the scenes, in turn; the task's first one if none is given.
        perceives: False for a mind without colours and sounds.
        moves_at_random: share of the decisions whose legs are random.
        world_options: of BatchWorld.
    """
    seeds = list(seeds)
    npcs = TASKS[find_task(task).name].npcs
    world = BatchWorld(len(seeds), npcs, senses=(), **world_options)
    state, planner = make_state(world.num_rows), Planner()
    random = np.random.default_rng(0)
    families = families or TASKS[find_task(task).name].families[:1]
    episodes = [
        make_episode(task, seed, families[at % len(families)]) for at, seed in enumerate(seeds)
    ]
    for index, episode in enumerate(episodes):
        world.reset(index, episode)
    reset_rows(state, range(world.num_rows))
    results: list[Play | None] = [None] * len(seeds)
    decisions = 0
    while not all(results):
        observation = world.observe()
        for row in range(world.num_rows):
            apply_catalogue(state, row, world.take_catalogue(row))
            goal = episodes[row // npcs].npcs[row % npcs].instruction
            apply_goal(state, row, goal, observation["goal"][row, GoalColumn.GOAL])
            apply_utterances(state, row, world.texts(row))
        evidence = labels_as_evidence(world) if perceives else Evidence.blank(world.num_rows)
        state = update(state, observation, evidence)
        actions, _ = policy(state, planner.plan(state))
        for row in np.flatnonzero(random.random(world.num_rows) < moves_at_random).tolist():
            actions[row, :2] = random.integers(6), random.integers(5)
        remember_actions(state, actions)
        step = world.step(actions)
        decisions += 1
        for index in np.flatnonzero(step.terminated | step.truncated).tolist():
            if results[index] is None:
                rows = slice(index * npcs, (index + 1) * npcs)
                results[index] = Play(
                    seeds[index], bool(step.success[rows].all()),
                    bool(step.wrong_commit[rows].any()), decisions,
                )  # fmt: skip
    return results
