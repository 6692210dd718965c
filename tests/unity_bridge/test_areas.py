"""Episodes are dealt and played in an order that nothing else changes."""

import numpy as np
import pytest

from envs.contract import BRANCH_STARTS, NO_OP, SLOTS, Act, Branch, Say
from envs.tasks import TASKS
from unity_bridge.deal import Deal, Ticket
from unity_bridge.errors import BridgeError
from unity_bridge.parameters import Parameters
from unity_bridge.programme import Phase, PlayerOptions, Programme

TARGETS = slice(BRANCH_STARTS[Branch.TARGET], BRANCH_STARTS[Branch.TARGET] + SLOTS)
SINGLE = tuple(name for name, task in TASKS.items() if task.npcs == 1)
TEAM = tuple(name for name, task in TASKS.items() if task.npcs == 2)


def make_areas(**options):
    return next(Programme(PlayerOptions(port=1, threads=1, **options)).areas(Parameters(0)))


def act(turn, action=NO_OP, finish=()):
    """Everybody takes ``action``, and the rows in ``finish`` commit, far from anything, as well."""
    actions = np.tile(action, (len(turn.waiting), 1))
    for index, record in enumerate(turn.waiting):
        if record.row in finish:
            actions[index, Branch.ACT] = Act.FINISH
            actions[index, Branch.TARGET] = np.flatnonzero(turn.action_mask[record.row, TARGETS])[
                -1
            ]
    return actions


def test_every_task_of_every_seed_is_dealt_once_seed_by_seed():
    deal = Deal(("a", "b"), range(5, 7), first_number=10)
    tickets = [deal.take() for _ in range(6)]
    assert tickets == [
        Ticket(10, "a", 5), Ticket(11, "b", 5), Ticket(12, "a", 6), Ticket(13, "b", 6), None, None,
    ]  # fmt: skip


def test_without_seeds_the_deal_has_no_end():
    deal = Deal(("a",), first_seed=100)
    assert [deal.take() for _ in range(2)] == [Ticket(0, "a", 100), Ticket(1, "a", 101)]


def test_an_area_that_ends_takes_the_next_episode_in_the_same_turn():
    areas = make_areas(areas=2, seeds=range(3), tasks=("named_place",))
    turn = areas.reset()
    assert [r.row for r in turn.waiting] == [0, 1]
    assert turn.began == {0, 1}
    after = areas.step(act(turn, finish={1}), turn.waiting)
    assert [r.row for r in after.ended] == [1]
    assert after.ended[0].reward == pytest.approx(-0.501)
    assert [(r.row, r.reward) for r in after.waiting][1] == (1, 0.0)
    assert after.began == {1}
    (result,) = after.results
    assert (result.number, result.seed, result.area, result.decisions) == (1, 1, 1, 1)
    assert (result.success, result.wrong_commit, result.interrupted) == (False, True, False)
    assert areas.episode(1).seed == 2
    last = areas.step(act(after, finish={0, 1}), after.waiting)
    assert [r.number for r in last.results] == [0, 2]
    assert last.waiting == []


def test_the_last_observation_is_of_the_moment_of_the_ending():
    areas = make_areas(areas=1, tasks=("named_place",))
    turn = areas.reset()
    before = {name: value.copy() for name, value in turn.observations.items()}
    action = [0, 4, 1, 0, 0, 0, 0, 0]
    turn = areas.step(act(turn, action, finish={0}), turn.waiting)
    last = turn.last_observations
    assert last["self"].any()
    assert not np.array_equal(last["self"], before["self"])
    assert not np.array_equal(last["camera"], before["camera"])


def test_an_area_is_not_disturbed_by_endings_next_door():
    def play(ends):
        areas = make_areas(areas=2, seeds=range(8), tasks=("ringing",))
        turn = areas.reset()
        seen = []
        for step in range(30):
            action = [1, 3 if step % 3 else 2, 1, 0, 0, 0, 0, 0]
            actions = act(turn, action, finish={1} if ends and step % 7 == 3 else ())
            turn = areas.step(actions, turn.waiting)
            assert not any(record.row == 0 for record in turn.ended)
            seen.append({name: value[0].copy() for name, value in turn.observations.items()})
        return seen

    for calm, busy in zip(play(ends=False), play(ends=True), strict=True):
        for name, value in calm.items():
            assert np.array_equal(value, busy[name]), name


def test_a_reset_abandons_what_is_played_and_deals_on():
    areas = make_areas(areas=2, tasks=("named_place",))
    areas.reset()
    areas.reset()
    assert [areas.episode(row).seed for row in (0, 1)] == [2, 3]


def test_a_team_is_a_group_and_shares_its_reward():
    areas = make_areas(areas=2, npcs=2)
    turn = areas.reset()
    assert [record.group for record in turn.waiting] == [1, 1, 2, 2]
    turn = areas.step(act(turn, finish={2}), turn.waiting)
    assert [record.row for record in turn.ended] == [2, 3]
    shares = {record.group_reward for record in turn.ended}
    assert len(shares) == 1
    assert shares.pop() == pytest.approx((-0.501 - 0.001) / 2)
    assert {record.reward for record in turn.ended} == {0.0}


def test_areas_speak_as_they_are_told_to():
    heard = {}
    for speech in ("text", "voice"):
        areas = make_areas(areas=1, seeds=range(1), tasks=("named_place",), speech=speech)
        turn = areas.reset()
        ask = np.array(NO_OP)
        ask[Branch.SAY] = Say.ASK
        areas.step(act(turn, ask), turn.waiting)
        heard[speech] = areas.world.observation["audio"].copy()
    assert heard["text"].any() and heard["voice"].any()
    assert not np.array_equal(heard["text"], heard["voice"])


def test_phases_have_the_npcs_that_their_tasks_need():
    mixed = PlayerOptions(port=1, tasks=(*TEAM, "ringing"), seeds=range(2), areas=3)
    programme = Programme(mixed)
    assert programme.phases == [Phase(1, ("navigation/ringing",)), Phase(2, TEAM)]
    first, second = programme.areas(Parameters(0))
    assert (first.npcs, len(first.episodes)) == (1, 2)
    assert (second.npcs, len(second.episodes)) == (2, 2 * len(TEAM) if len(TEAM) < 2 else 3)
    assert second.deal.take() == Ticket(2, TEAM[0], 0)


def test_without_tasks_all_are_played_that_the_npcs_can_play():
    assert Programme(PlayerOptions(port=1)).phases == [Phase(1, SINGLE)]
    assert Programme(PlayerOptions(port=1, npcs=2)).phases == [Phase(2, TEAM)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"scene": "musem"}, "museum"),
        ({"scene": "no/such/file.yaml"}, "no/such/file.yaml"),
        ({"family": "musem"}, "museum"),
        ({"tasks": ("named_plaice",)}, "did you mean 'named_place'"),
        ({"npcs": 7}, "--npcs 7 does not fit the tasks, which need (NPCs): navigation/"),
        ({"npcs": 2, "tasks": ("ringing",)}, "--npcs 2 does not fit the tasks"),
        ({"speech": "aloud"}, "There is no speech 'aloud': known are text, voice."),
        ({"areas": 0}, "0 areas cannot be played: give --areas 1 or more"),
        ({"tasks": (TEAM[0], "ringing")}, "tasks for 1 and for 2 NPCs cannot be mixed"),
    ],
)
def test_wrong_options_get_a_sentence_before_anything_connects(options, sentence):
    with pytest.raises(BridgeError) as error:
        Programme(PlayerOptions(port=1, **options))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)
