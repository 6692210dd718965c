"""Runs in .venv-peer: the official mlagents_envs launches a player and checks what it gets.

    official_client.py PLAYER PORT STEPS [PLAYER_ARGUMENT ...]

Prints a JSON object that says what was seen; an assertion fails where something is wrong.
"""

import json
import sys

import numpy as np
from mlagents_envs.base_env import ActionTuple, ObservationType
from mlagents_envs.environment import UnityEnvironment
from mlagents_envs.side_channel.engine_configuration_channel import EngineConfigurationChannel
from mlagents_envs.side_channel.environment_parameters_channel import EnvironmentParametersChannel
from mlagents_envs.side_channel.stats_side_channel import StatsSideChannel

BRANCHES = (8, 5, 3, 13, 64, 8, 64, 64)


FINISH_BRANCH, FINISH = 3, 12


def choose(masks, rng):
    """A random allowed action for every agent, seldom to finish; masks are true where forbidden."""
    agents = len(masks[0])
    action = np.zeros((agents, len(BRANCHES)), np.int32)
    for branch, mask in enumerate(masks):
        assert mask.shape == (agents, BRANCHES[branch]), mask.shape
        assert not mask.all(axis=1).any(), f"branch {branch} allows nothing"
        for agent in range(agents):
            action[agent, branch] = rng.choice(np.flatnonzero(~mask[agent]))
    action[rng.random(agents) < 0.7, FINISH_BRANCH] %= FINISH
    return action


def check(steps, spec):
    for value, observed in zip(steps.obs, spec.observation_specs, strict=True):
        assert value.shape == (len(steps), *observed.shape), (observed.name, value.shape)
        assert value.dtype == np.float32
        assert np.isfinite(value).all()
        if len(observed.shape) == 3:
            assert value.min() >= 0
            assert value.max() <= 1
    names = [observed.name for observed in spec.observation_specs]
    assert (np.abs(steps.obs[names.index("self")]) > 0).any()


def main(player, port, count, *arguments):
    parameters, stats, engine = (
        EnvironmentParametersChannel(),
        StatsSideChannel(),
        EngineConfigurationChannel(),
    )
    env = UnityEnvironment(
        file_name=player, base_port=int(port), seed=3, no_graphics=True, timeout_wait=60,
        additional_args=list(arguments), side_channels=[parameters, stats, engine],
    )  # fmt: skip
    rng = np.random.default_rng(0)
    seen: dict = {
        "steps": 0,
        "decisions": 0,
        "terminals": 0,
        "interrupted": 0,
        "masked": 0,
        "both": 0,
    }
    camera = []
    try:
        parameters.set_float_parameter("seed", 41)
        engine.set_configuration_parameters(time_scale=20.0)
        env.reset()
        (behavior,) = env.behavior_specs
        spec = env.behavior_specs[behavior]
        assert spec.action_spec.discrete_branches == BRANCHES
        assert spec.action_spec.continuous_size == 0
        names = [observed.name for observed in spec.observation_specs]
        goal = spec.observation_specs[names.index("goal")]
        assert goal.observation_type == ObservationType.GOAL_SIGNAL
        for step in range(int(count)):
            if step == int(count) // 2:
                env.reset()
            decisions, terminals = env.get_steps(behavior)
            assert len(decisions), "nobody asks for a decision"
            check(decisions, spec)
            if len(terminals):
                check(terminals, spec)
            camera.append(decisions.obs[names.index("camera")].copy())
            seen["steps"] += 1
            seen["decisions"] += len(decisions)
            seen["terminals"] += len(terminals)
            seen["interrupted"] += int(terminals.interrupted.sum())
            seen["both"] += len(set(decisions.agent_id) & set(terminals.agent_id))
            seen["masked"] += int(sum(mask.sum() for mask in decisions.action_mask))
            action = choose(decisions.action_mask, rng)
            env.set_actions(behavior, ActionTuple(discrete=action))
            env.step()
        seen["behavior"] = behavior
        seen["shapes"] = {o.name: list(o.shape) for o in spec.observation_specs}
        seen["stats"] = {name: len(values) for name, values in stats.get_and_reset_stats().items()}
        seen["camera_std"] = float(np.concatenate(camera).std())
        seen["groups"] = sorted({int(group) for group in decisions.group_id})
    finally:
        env.close()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
