"""A suite plays everything once, goes on where it stopped, and shows it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from agent.evaluate import EvaluationError, make_plan
from agent.policies.partner import PartnerPolicy
from agent.rollout import EpisodeResult, Outlook, play
from agent.suite.chart import heat_table
from agent.suite.log import EpisodeLog
from agent.suite.page import write_page
from agent.suite.play import play_suite
from envs.contract import NO_OP

IDENTITY = {"policy": "oracle", "brain": None}
RESULT = EpisodeResult(
    "navigation/named_place", 7, "known", True, False, 0.5, 3, 4.0, 2.0, 0, (True,),
    np.array([[0.25], [0.5], [0.75]], np.float32), {"policy": 3}, 0, "museum", {"spl": 0.5},
)  # fmt: skip


@pytest.fixture
def plan():
    return make_plan("scripted", tasks=["named_place", "two_know_halves"],
                     seeds="1500000:1500002", family="museum")  # fmt: skip


def test_a_log_gives_back_what_was_kept(tmp_path):
    log = EpisodeLog(tmp_path / "a.jsonl", IDENTITY)
    log.add(RESULT)
    log.add_times({"p50": 1.0, "p99": 2.0, "npcs": 3.0})
    again = EpisodeLog(tmp_path / "a.jsonl", IDENTITY)
    (kept,) = again.results.values()
    assert replace(kept, competence=None) == replace(RESULT, competence=None)
    assert kept.competence is not None and kept.competence.ravel().tolist() == [0.25, 0.5, 0.75]
    assert again.decision_ms == {"p50": 1.0, "p99": 2.0, "npcs": 3.0}
    tickets = [("navigation/named_place", 7), ("navigation/named_place", 8)]
    assert again.missing(tickets) == tickets[1:]


def test_a_line_that_was_cut_off_is_dropped(tmp_path):
    file = tmp_path / "a.jsonl"
    EpisodeLog(file, IDENTITY).add(RESULT)
    with file.open("a") as torn:
        torn.write('{"task": "navigation/na')
    assert len(EpisodeLog(file, IDENTITY).results) == 1
    EpisodeLog(file, IDENTITY).add(replace(RESULT, seed=8))
    assert len(EpisodeLog(file, IDENTITY).results) == 2


def test_episodes_of_another_brain_are_not_mixed_in(tmp_path):
    EpisodeLog(tmp_path / "a.jsonl", IDENTITY)
    with pytest.raises(EvaluationError, match=r"another evaluation.*brain is None, not abc.*--out"):
        EpisodeLog(tmp_path / "a.jsonl", {**IDENTITY, "brain": "abc"})


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match=r"cannot be written.*--out a folder"):
        EpisodeLog(tmp_path / "file" / "a.jsonl", IDENTITY)


@pytest.mark.parametrize("line", ["junk", "{}", "[]", '{"task": "navigation/ringing"}', "7"])
def test_a_damaged_line_is_named(line, tmp_path):
    file = tmp_path / "a.jsonl"
    EpisodeLog(file, IDENTITY).add(RESULT)
    whole = file.read_text()
    sentence = "is damaged: remove that line, or give --out another folder."
    file.write_text(f"{whole}{line}\n")
    with pytest.raises(EvaluationError) as caught:
        EpisodeLog(file, IDENTITY)
    assert str(caught.value) == f"{file}:3 {sentence}"
    file.write_text(f"junk\n{whole}")
    with pytest.raises(EvaluationError, match=f"a.jsonl:1 {sentence}"):
        EpisodeLog(file, IDENTITY)
    file.write_text("7\n")
    with pytest.raises(EvaluationError, match=f"a.jsonl:1 {sentence}"):
        EpisodeLog(file, IDENTITY)


def test_a_stopped_suite_goes_on(tmp_path, plan):
    class StopError(Exception):
        pass

    def stop(name, result):
        raise StopError

    with pytest.raises(StopError):
        play_suite(plan, tmp_path, baselines=("oracle",), on_result=stop)
    told = []
    report = play_suite(
        plan, tmp_path, baselines=("oracle",), on_result=lambda *what: told.append(what)
    )
    assert [result is None for _, result in told[:2]] == [True, False]  # one was kept
    assert len(told) == 8
    whole = play_suite(plan, tmp_path / "other", baselines=("oracle",))
    for key in ("tasks", "overall", "families", "baselines"):
        assert report[key] == whole[key]
    assert set(report["baselines"]) == {"oracle"}
    assert report["families"]["museum"].keys() == report["tasks"].keys()


def test_the_page_shows_every_task_and_policy(tmp_path, plan):
    report = play_suite(plan, tmp_path, baselines=("random", "oracle"))
    page = write_page(tmp_path, report, "suite quick")
    text = page.read_text()
    for word in ("named place", "two know halves", "scripted", "random", "oracle", "soft spl"):
        assert word in text
    for name in ("success.png", "families.png"):
        assert Image.open(tmp_path / name).width > 300
    json.dumps(report)


def test_cells_are_greener_the_higher():
    picture = heat_table("t", ["a"], ["low", "high"], {("a", "low"): 0.0, ("a", "high"): 1.0})
    low, high = (np.asarray(picture)[64 + 13, 250 + 92 * column + 8] for column in (0, 1))
    assert low[0] > low[1] and high[1] > high[0]


class Named:
    senses: tuple[str, ...] = ()
    outlook: Outlook | None = None

    def __init__(self, turn):
        self.turn, self.keys = turn, []

    def reset(self, rows):
        pass

    def act(self, observations, infos, world):
        self.keys += [key for key in infos.keys if key is not None]
        actions = np.tile(np.array(NO_OP), (infos.rows, 1))
        actions[:, 1] = self.turn
        return actions


def test_a_partner_plays_all_but_the_first():
    first, other = Named(0), Named(4)
    policy = PartnerPolicy(first, other)
    yaws = []

    class Watch:
        def wants(self, task, seed):
            return True

        def decided(self, moment):
            yaws.append(moment.actions[moment.rows, 1].tolist())

        def ended(self, moment, result):
            pass

    play(policy, [("two_know_halves", 1_500_000)], recorder=Watch())
    assert {tuple(turns) for turns in yaws} == {(0, 4)}
    assert all(key.endswith("npc0") for key in first.keys)
    assert all(key.endswith("npc1") for key in other.keys)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"partner": "brian"}, "No policy is called 'brian'"),
        ({"partner": "oracle", "tasks": ["ringing"]}, "None of the tasks is for a team"),
        ({"npcs": 7, "tasks": ["ringing"]}, "None of the tasks is for a team of 7"),
    ],
)
def test_what_partners_cannot_do_is_one_sentence(asked, sentence):
    with pytest.raises(EvaluationError, match=sentence):
        make_plan("oracle", **asked)
