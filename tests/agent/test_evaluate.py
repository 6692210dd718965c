import json
import os
from dataclasses import replace

import numpy as np
import pytest

from agent.evaluate import (
    EvaluationError,
    check_writable,
    choose_seeds,
    evaluate,
    make_plan,
    write_json,
)
from agent.measures import (
    bootstrap_interval,
    calibration,
    percentiles_ms,
    strategy_share,
    summarize,
    wilson_interval,
)
from agent.policies import POLICIES, PolicyError, get_policy
from agent.rollout import EpisodeResult, Moment, Outlook, play
from envs.contract import NO_OP
from envs.tasks import TASKS, make_episode

SHORT = 30
SEEDS = range(1_500_000, 1_500_002)
RESULT = EpisodeResult(
    "navigation/named_place", 1, "known", True, False, 1.0, 10, 4.0, 4.0, 0, (True,)
)


class Still:
    """Does nothing until the step limit."""

    senses: tuple[str, ...] = ()
    outlook: Outlook | None = None

    def __init__(self):
        self.resets: list[int] = []

    def reset(self, rows):
        self.resets.extend(rows.tolist())

    def act(self, observations, infos, world):
        return np.tile(np.array(NO_OP), (infos.rows, 1))


class Ears:
    """Keeps what is heard in every episode."""

    def __init__(self):
        self.audio = []

    def wants(self, task, seed):
        return True

    def decided(self, moment: Moment):
        self.audio.append(moment.world.observation["audio"].copy())

    def ended(self, moment, result):
        pass


class Watcher:
    def __init__(self, seed):
        self.seed, self.decisions, self.endings = seed, [], []

    def wants(self, task, seed):
        return seed == self.seed

    def decided(self, moment: Moment):
        episode = moment.world.episodes[moment.index]
        assert episode is not None
        rows = range(moment.rows.start, moment.rows.stop)
        self.decisions.append((episode.task, episode.seed, [moment.infos.keys[r] for r in rows]))

    def ended(self, moment, result):
        self.endings.append(result)


def make_short(task, seed):
    return replace(make_episode(task, seed), step_limit=SHORT)


def outcome(result):
    return (result.task, result.seed, result.success, result.decisions, result.path, result.spl)


# ------------------------------------------------------------------------------------- rollouts


@pytest.mark.parametrize("name", ["oracle", "random"])
def test_results_depend_on_the_episode_alone(name):
    tickets = [(task, seed) for seed in SEEDS for task in TASKS]
    together = play(get_policy(name), tickets, 8)
    apart = play(get_policy(name), tickets[::-1], 1)
    assert [outcome(r) for r in together.results] == [outcome(r) for r in apart.results[::-1]]
    assert [(r.task, r.seed) for r in together.results] == tickets


def test_every_episode_is_counted_once_the_longest_too():
    tickets = [("named_place", SEEDS[0]), ("two_know_halves", SEEDS[0]), ("ringing", SEEDS[1])]
    tickets += [("named_place", SEEDS[1])]
    policy, ended = Still(), list[EpisodeResult]()
    played = play(policy, tickets, 2, make=make_short, on_result=ended.append)
    assert [(r.task.rpartition("/")[2], r.seed) for r in played.results] == tickets
    assert sorted(map(outcome, ended)) == sorted(map(outcome, played.results))
    assert [r.decisions for r in played.results] == [SHORT] * 4
    assert not any(r.success or r.wrong_commit or r.spl for r in played.results)
    assert sorted(policy.resets) == [0, 0, 0, 1, 1]
    assert sum(played.act_rows) == (3 + 2) * SHORT


def test_a_team_adds_its_paths():
    (result,) = play(get_policy("oracle"), [("two_know_halves", SEEDS[0])]).results
    assert len(result.npc_success) == 2
    assert result.spl == pytest.approx(result.shortest / max(result.shortest, result.path))
    assert result.shortest >= 2.0


def test_recorder_sees_the_episodes_that_it_wants_and_no_others():
    watcher = Watcher(SEEDS[1])
    tickets = [("ringing", seed) for seed in SEEDS]
    played = play(get_policy("oracle"), tickets, 2, recorder=watcher)
    assert len(watcher.decisions) == played.results[1].decisions
    assert set(map(str, watcher.decisions)) == {
        str(("navigation/ringing", SEEDS[1], [f"navigation/ringing/{SEEDS[1]}/npc0"]))
    }
    assert watcher.endings == [played.results[1]]


def test_untrained_mind_plays_and_leaves_its_thoughts():
    policy = get_policy("untrained")
    (result,) = play(policy, [("two_know_halves", SEEDS[0])], make=make_short).results
    assert result.competence is not None
    assert 0 < result.decisions <= SHORT
    assert result.competence.shape == (result.decisions, 2)
    assert ((result.competence >= 0) & (result.competence <= 1)).all()
    assert result.strategies == {"policy": 2 * result.decisions}
    assert result.interventions == 0


def test_scripted_needs_no_brain_and_finds_named_places():
    played = play(get_policy("scripted"), [("named_place", seed) for seed in SEEDS])
    assert all(result.success for result in played.results)


def test_unknown_policy_names_the_nearest_one():
    with pytest.raises(PolicyError, match="No policy is called 'orcale': did you mean 'oracle'"):
        get_policy("orcale")


# ------------------------------------------------------------------------------------- measures


def test_wilson_interval_by_hand():
    assert wilson_interval(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert wilson_interval(200, 200)[1] == 1.0


def test_bootstrap_interval_holds_the_mean_and_repeats():
    values = np.linspace(0, 1, 50)
    interval = bootstrap_interval(values)
    assert interval is not None
    assert interval[0] < 0.5 < interval[1]
    assert bootstrap_interval(values) == interval
    assert bootstrap_interval([]) is None


def test_calibration_by_hand():
    sure = replace(RESULT, competence=np.full((3, 1), 0.9, np.float32))
    unsure = replace(RESULT, competence=np.full((1, 1), 0.25, np.float32), npc_success=(False,))
    measured = calibration([sure, unsure])
    assert measured["ece"] == pytest.approx((3 * 0.1 + 0.25) / 4, abs=1e-4)
    assert measured["brier"] == pytest.approx((3 * 0.01 + 0.0625) / 4, abs=1e-4)
    assert calibration([RESULT]) == {"ece": None, "brier": None}


def test_shares_and_percentiles():
    first = replace(RESULT, strategies={"policy": 3, "ask_for_help": 1})
    assert strategy_share([first]) == {"policy": 0.75, "ask_for_help": 0.25}
    assert strategy_share([RESULT]) == {}
    assert percentiles_ms([]) == {"p50": None, "p99": None}
    assert percentiles_ms([1.0, 3.0])["p50"] == 2.0


def test_summary_splits_by_task_and_map():
    failed = replace(RESULT, map="none", success=False, spl=0.0, wrong_commit=True)
    summary = summarize([RESULT, failed])
    row = summary["tasks"]["navigation/named_place"]
    assert (row["episodes"], row["success"], row["spl"], row["wrong_commit"]) == (2, 0.5, 0.5, 0.5)
    assert row["by_map"]["known"]["success"] == 1.0
    assert row["by_map"]["none"]["success"] == 0.0
    assert summary["overall"]["success"] == 0.5


# ----------------------------------------------------------------------------------- evaluation


def test_report_has_the_keys_that_people_compare(tmp_path):
    plan = make_plan("oracle", tasks=["ringing", "two_know_halves"], seeds="1500000:1500002")
    report = evaluate(plan)
    assert report["policy"] == "oracle"
    assert report["without"] == []
    assert report["seeds"] == "1500000:1500002"
    assert list(report["tasks"]) == ["navigation/ringing", "coordination/two_know_halves"]
    for row in report["tasks"].values():
        assert {"episodes", "success", "success_ci", "spl", "wrong_commit"} <= row.keys()
        assert row["episodes"] == 2
    assert {"success", "spl"} <= report["overall"].keys()
    assert {"p50", "p99"} <= report["decision_ms"].keys()
    assert report["calibration"] == {"ece": None, "brier": None}
    assert report["strategy_share"] == {}
    file = tmp_path / "deep" / "report.json"
    write_json(file, report)
    assert json.loads(file.read_text()) == report
    assert os.listdir(file.parent) == ["report.json"]


def test_voices_are_asked_for_and_told_of():
    heard = {}
    for speech in ("text", "voice"):
        ears = Ears()
        plan = make_plan("random", tasks=["ask_then_go"], episodes=1, speech=speech)
        report = evaluate(plan, num_worlds=1, threads=1, recorder=ears)
        heard[speech] = np.stack(ears.audio)
        assert report.get("speech", "text") == speech
    assert heard["text"].shape == heard["voice"].shape  # random does not listen
    assert not np.array_equal(heard["text"], heard["voice"])


def test_without_dialogue_nobody_learns_of_places_by_telling():
    plan = make_plan("scripted", tasks=["ask_then_go"], episodes=2, without=["dialogue"])
    assert evaluate(plan)["overall"]["success"] == 0.0


def test_plan_of_a_suite_and_of_nothing():
    assert make_plan("oracle").tasks == tuple(TASKS)
    assert make_plan("oracle").seeds == range(2_000_000, 2_000_200)
    quick = make_plan("oracle", suite="quick")
    assert len(quick.tickets()) == 3 * len(TASKS)
    assert make_plan("oracle", suite="quick", episodes=3).seeds == range(2_000_000, 2_000_003)
    assert make_plan("oracle", suite="perturbed").perturbations == ("door_closes",)


def test_seeds_and_episodes_together():
    assert choose_seeds("10:20", None) == range(10, 20)
    assert choose_seeds("10:20", 4) == range(10, 14)
    assert choose_seeds(None, 4) == range(2_000_000, 2_000_004)


def test_a_scene_leaves_out_what_it_cannot_stage(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(
        """
name: small
places:
  - {id: a, name: the amber hall, floor: [0, 0, 4, 4]}
  - {id: b, name: the blue hall, floor: [4, 0, 8, 4]}
  - {id: c, name: the green hall, floor: [8, 0, 12, 4]}
doors:
  - {id: d, between: [a, b], position: [4, 2]}
  - {id: e, between: [b, c], position: [8, 2]}
spawns:
  - {position: [1, 2]}
"""
    )
    plan = make_plan("oracle", scene=str(path))
    assert plan.tasks == ("navigation/named_place", "navigation/obstructed_route")
    assert "navigation/ringing" in plan.left_out
    with pytest.raises(EvaluationError, match="cannot stage navigation/ringing"):
        make_plan("oracle", scene=str(path), tasks=["ringing"])


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"policy": "brian"}, "No policy is called 'brian': did you mean 'brain'?"),
        ({"tasks": ["ring"]}, "No task is called 'ring': did you mean 'ringing'?"),
        ({"suite": "standart"}, "No suite is called 'standart': did you mean 'standard'?"),
        ({"family": "musem"}, "No family is called 'musem': did you mean 'museum'?"),
        ({"scene": "musem"}, "No scene is called 'musem': did you mean 'museum'?"),
        (
            {"scene": "museum", "family": "museum"},
            "Give --family or --scene, not both: a scene has its own family.",
        ),
        ({"without": ["camra"]}, "Nothing called 'camra' can be left out: choose from camera,"),
        (
            {"perturbations": ["door_close"]},
            "No perturbation is called 'door_close': did you mean 'door_closes'?",
        ),
        ({"seeds": "7"}, "Seeds are written A:B, two whole numbers such as"),
        ({"seeds": "9:9"}, "There are no seeds in 9:9"),
        ({"episodes": 0}, "0 episodes cannot be played: give --episodes 1 or more."),
        ({"seeds": "1:3", "episodes": 9}, "--seeds 1:3 are 2 seeds and --episodes asks for 9"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(asked, sentence):
    with pytest.raises(EvaluationError) as caught:
        make_plan(**{"policy": "oracle", **asked})
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_written_is_found_before_playing(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "report.json"
    with pytest.raises(EvaluationError, match="give another file"):
        check_writable(path)
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_json(path, {})


@pytest.mark.parametrize("write", [check_writable, lambda path: write_json(path, {})])
def test_a_device_is_not_replaced_by_a_file(write, tmp_path):
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "elsewhere.json")
    (tmp_path / "elsewhere.json").write_text("{}")
    for path in (pipe, link):
        with pytest.raises(EvaluationError) as caught:
            write(path)
        assert str(caught.value) == f"{path} is not an ordinary file: give another file."
    assert pipe.is_fifo() and link.is_symlink()


def test_policies_are_those_of_the_design():
    assert set(POLICIES) == {"brain", "untrained", "scripted", "expert", "oracle", "random"}
