"""gymnasium and PettingZoo over any Unity build."""

import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import parallel_api_test  # type: ignore[import-untyped]

from tests.unity_bridge.builds import (
    BEHAVIOR,
    Build,
    add_floats,
    counting,
    make_agent,
    make_message,
    pixels,
)
from unity_bridge import UnityGymEnv, UnityParallelEnv, llapi
from unity_bridge.protocol import messages
from unity_bridge.unity_spaces import BehaviorSpaces


def told(build):
    """The last actions that reached the player."""
    return build.heard[-1].unity_input.rl_input.agent_actions[BEHAVIOR].value


def spaces_of(continuous, branches, count=1):
    specs = [
        llapi.ObservationSpec(
            (2,), (llapi.DimensionProperty.NONE,), llapi.ObservationType.DEFAULT, "v"
        )
    ] * count
    return BehaviorSpaces(llapi.BehaviorSpec(specs, llapi.ActionSpec(continuous, branches)))


def test_gymnasium_plays_an_episode():
    with Build(counting(episode=3)) as build:
        env = UnityGymEnv(build.env, uint8_images=True)
        assert env.action_space == spaces.MultiDiscrete([3, 2])
        observation, info = env.reset(seed=1)
        assert observation in env.observation_space
        assert (observation["eye"] == pixels(seed=1).transpose(2, 0, 1)).all()
        assert info["action_mask"].tolist() == [True] * 4 + [False]
        for step in (1, 2):
            observation, reward, terminated, truncated, info = env.step(np.array([2, 0]))
            assert list(told(build)[0].discrete_actions) == [2, 0]
            assert (observation["position"][0], reward) == (step, 0.5)
            assert not terminated
            assert not truncated
        observation, reward, terminated, truncated, info = env.step([0, 1])
        assert (observation["position"][0], reward, terminated, truncated) == (3, 1.0, True, False)
        assert info == {}
        with pytest.raises(RuntimeError, match="call reset"):
            env.step([0, 1])
        assert env.reset()[0]["position"][0] == 0


def test_gymnasium_says_truncated_where_unity_says_interrupted():
    def play(number, reply):
        infos = [make_agent(2, number)]
        if number == 3:
            infos.insert(0, make_agent(2, 9, done=True, max_step_reached=True))
        return make_message(infos, announce=number == 0)

    with Build(play) as build:
        env = UnityGymEnv(build.env)
        env.reset()
        env.step([0, 0])
        assert env.step([0, 0])[2:4] == (False, True)


def test_gymnasiums_own_check_passes():
    with Build(counting(episode=5)) as build:
        check_env(UnityGymEnv(build.env), skip_render_check=True, skip_close_check=True)


def test_gymnasium_takes_one_agent_of_one_behavior():
    with Build(counting(agents=2)) as build, pytest.raises(ValueError, match="2 of 1 behaviours"):
        UnityGymEnv(build.env)

    def play(number, reply):
        message = make_message([make_agent()])
        message.MergeFrom(make_message([make_agent()], behavior="Other"))
        return message

    with (
        Build(play) as build,
        pytest.raises(ValueError, match=r"has Made\?team=0, Other: use Unity"),
    ):
        UnityGymEnv(build.env)


@pytest.mark.parametrize(
    ("continuous", "branches", "space"),
    [
        (2, (), spaces.Box(-1, 1, (2,), np.float32)),
        (0, (4,), spaces.Discrete(4)),
        (0, (4, 3), spaces.MultiDiscrete([4, 3])),
        (1, (4,), spaces.Dict({"continuous": spaces.Box(-1, 1, (1,), np.float32),
                               "discrete": spaces.MultiDiscrete([4])})),
    ],
)  # fmt: skip
def test_every_kind_of_action_reaches_the_batch(continuous, branches, space):
    made = spaces_of(continuous, branches)
    assert made.action == space
    space.seed(3)
    action = space.sample()
    batch = llapi.ActionSpec(continuous, branches).empty_action(2)
    made.write_action(batch, 1, action)
    both = isinstance(action, dict)
    if continuous:
        assert (batch.continuous[1] == (action["continuous"] if both else action)).all()
    if branches:
        assert (batch.discrete[1] == (action["discrete"] if both else action)).all()
    assert not batch.continuous[0].any()


@pytest.mark.parametrize(
    ("continuous", "branches", "words"),
    [(2, (), "3 numbers: give 2"), (0, (4, 3), "3 branches: give 2")],
)
def test_an_action_of_another_size_is_told(continuous, branches, words):
    made = spaces_of(continuous, branches)
    batch = llapi.ActionSpec(continuous, branches).empty_action(1)
    with pytest.raises(ValueError, match=words):
        made.write_action(batch, 0, [0, 0, 0])


def test_one_observation_is_an_array_and_equal_names_get_numbers():
    assert spaces_of(1, ()).observation == spaces.Box(-np.inf, np.inf, (2,), np.float32)
    assert list(spaces_of(1, (), count=2).observation.spaces) == ["v", "v_1"]


def test_pettingzoo_plays_and_agents_leave_as_their_episode_ends():
    def play(number, reply):
        infos = [make_agent(agent, number, reward=1.0, group_reward=0.25) for agent in (1, 2)]
        if number == 2 + 1:  # the second step after the second reset
            infos.insert(0, make_agent(2, 9, done=True, max_step_reached=True, reward=5.0))
        return make_message(infos, announce=number == 0)

    with Build(play) as build:
        env = UnityParallelEnv(build.env)
        first, second = (f"{BEHAVIOR}?agent_id={agent}" for agent in (1, 2))
        observations, _ = env.reset()
        assert env.agents == env.possible_agents == [first, second]
        assert observations[first] in env.observation_space(first)
        _, rewards, terminations, _, _ = env.step({first: [1, 0], second: [2, 1]})
        assert [list(action.discrete_actions) for action in told(build)] == [[1, 0], [2, 1]]
        assert rewards == {first: 1.25, second: 1.25}
        assert not any(terminations.values())
        observations, rewards, terminations, truncations, _ = env.step({first: [1, 1]})
        assert [list(action.discrete_actions) for action in told(build)] == [[1, 1], [0, 0]]
        assert (rewards[second], observations[second]["position"][0]) == (5.0, 9.0)
        assert (terminations[second], truncations[second]) == (False, True)
        assert env.agents == [first]
        env.step({first: [0, 0]})
        assert env.agents == [first]
        env.reset()
        assert env.agents == [first, second]


def test_pettingzoo_agents_that_do_not_ask_keep_their_observation_and_idle_is_allowed():
    forbidden = [True, True, False, True, False]

    def play(number, reply):
        agents = (1, 2) if number < 2 else (1,)
        infos = [make_agent(agent, number, action_mask=forbidden) for agent in agents]
        if number == 3:
            infos.append(make_agent(5, number))
        return make_message(infos, announce=number == 0)

    with Build(play) as build:
        env = UnityParallelEnv(build.env)
        env.reset()
        observations, rewards, _, _, infos = env.step({})
        first, second = env.agents
        assert [list(action.discrete_actions) for action in told(build)] == [[2, 1], [2, 1]]
        assert (infos[first]["asks"], infos[second]["asks"]) == (True, False)
        assert observations[second]["position"].tolist() == [1.0, 2.0]
        assert rewards[second] == 0.0
        env.step({first: [2, 1]})
        assert env.agents == [first, second, f"{BEHAVIOR}?agent_id=5"]


def test_pettingzoos_own_check_passes():
    def play(number, reply):
        infos = [make_agent(agent, number) for agent in (1, 2, 3)]
        if number % 7 == 6:
            infos = [make_agent(agent, 9, done=True) for agent in (1, 2, 3)] + infos
        return make_message(infos, announce=number == 0)

    with Build(play) as build:
        parallel_api_test(UnityParallelEnv(build.env), num_cycles=40)


def test_continuous_actions_reach_unity():
    def play(number, reply):
        info = messages.AgentInfoProto(id=1)
        add_floats(info, "position", [float(number)])
        return make_message([info], continuous=2, branches=(), announce=number == 0)

    with Build(play) as build:
        env = UnityGymEnv(build.env)
        observation, info = env.reset()
        assert (observation.shape, info) == ((1,), {})
        env.step(np.array([0.5, -0.5], np.float32))
        assert list(told(build)[0].continuous_actions) == [0.5, -0.5]
