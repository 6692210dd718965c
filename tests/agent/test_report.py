import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from agent.report import record as records
from agent.report import video
from agent.report.footage import Footage
from agent.report.html import Card, render_report, write_report
from agent.report.record import EpisodeRecord, RecordError, read_record, write_record
from agent.report.results import ResultsFile, join_results, read_records
from agent.report.story import attended_by_phase, describe_end, tell
from agent.report.svg import attention_strip, bar_chart, belief_graph
from agent.report.video import render, write_video
from tests.agent.report_helpers import TICKETS, film, make_record

NAMED_PLACE, TEAM = (task for task, _ in TICKETS)
VOID = {"meta", "br", "img"}


@pytest.fixture(scope="module")
def footage() -> dict[str, Footage]:
    return film()


# -- recorded episodes ---------------------------------------------------------------------------


def test_a_record_survives_its_file(tmp_path):
    record = make_record()
    path = tmp_path / "new folder" / record.file_name
    write_record(record, path)
    assert path.name == "ask_then_go-2000001-npc0.jsonl"
    assert read_record(path) == record
    assert list(path.parent.iterdir()) == [path]


def test_a_record_whose_writer_was_stopped_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "cut.jsonl"
    write_record(make_record(), path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:6]) + "\n" + lines[6][:40])
    record = read_record(path)
    assert len(record.decisions) == 5
    assert record.result is None
    assert describe_end(record) == "nobody told how it ended"


def test_unknown_keys_and_missing_optional_ones_do_no_harm(tmp_path):
    path = tmp_path / "episode.jsonl"
    head = {"kind": "episode", "npc": "a", "goal": "go", "later": 1}
    decision = {"kind": "decision", "seconds": 0, "position": [1, 2], "place": "", "held": "",
                "action": {"turn": 10.0}, "strategy": "policy", "reason": "",
                "competence": 0.5, "later": []}  # fmt: skip
    path.write_text("\n".join(map(json.dumps, (head, decision, {"kind": "end"}))))
    record = read_record(path)
    assert (record.npc, record.seed, len(record.decisions)) == ("a", None, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a recorded episode: give a file that `heedful serve --record`"),
        ("{}", "is not a recorded episode"),
        ("a recipe: yes", "is not a recorded episode"),
        ('{"kind":"episode","npc":"a","goal":"b","version":9}', "is of version 9 and this heedful"),
        ('{"kind":"episode","npc":"a"}', "is damaged in line 1 (goal: "),
        ('{"kind":"episode","npc":"a","goal":"b"}\nnot json\n{}', "is damaged in line 2 (it is no"),
        ('{"kind":"episode","npc":"a","goal":"b"}\n{"kind":"decision"}\n{}', "damaged in line 2"),
    ],
)
def test_odd_files_are_told_in_one_sentence(tmp_path, text, words):
    path = tmp_path / "odd.jsonl"
    path.write_text(text)
    with pytest.raises(RecordError) as error:
        read_record(path)
    assert words in str(error.value)
    assert str(error.value).endswith(".")


def test_files_that_cannot_be_read_are_told_in_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(RecordError, match="cannot be read"):
        read_record(tmp_path / "missing.jsonl")
    with pytest.raises(RecordError, match="cannot be read"):
        read_record(tmp_path)
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(RecordError, match="is not a recorded episode"):
        read_record(tmp_path / "picture")
    monkeypatch.setattr(records, "MAX_BYTES", 3)
    with pytest.raises(RecordError, match="is too large"):
        read_record(tmp_path / "picture")


def test_a_record_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match=r"cannot be written .*: make room there or give another"):
        write_record(make_record(), tmp_path / "file" / "record.jsonl")


def test_interventions_are_counted_once_with_their_length():
    found = make_record().interventions
    assert [(item.decision, item.strategy, item.decisions) for item in found] == [(8, "route", 3)]


# -- what a mind's decisions become --------------------------------------------------------------


def test_a_filmed_episode_tells_what_was_done_and_why(footage):
    (record,) = footage[NAMED_PLACE].records
    assert record.goal.startswith(("go to", "walk", "find", "head", "enter", "visit"))
    assert record.result is not None and record.result.success
    assert len(record.decisions) == record.result.decisions
    last = record.decisions[-1]
    assert last.action["act"] == "finish"
    assert last.action["target"] == last.place != ""
    for decision in record.decisions:
        assert sum(decision.senses) == pytest.approx(1.0, abs=0.01)
        assert 0 < len(decision.attention) <= 5
        weights = [item.weight for item in decision.attention]
        assert weights == sorted(weights, reverse=True)
    assert any(place.visited for place in record.belief.places)
    assert any(thing.position is not None for thing in record.belief.things)
    assert record.graph["nodes"] and record.graph["facts"]


def test_team_mates_hear_each_other_by_name(footage):
    team = footage[TEAM]
    for npc, record in enumerate(team.records):
        heard = [heard for decision in record.decisions for heard in decision.heard]
        assert any(sentence.speaker == team.names[1 - npc] for sentence in heard)
        assert any(sentence.speaker == "" for sentence in heard)  # its briefing
        assert any(fact.source == team.names[1 - npc] for fact in record.belief.facts)
        assert any(decision.said for decision in record.decisions)


def test_recorded_files_are_small(footage, tmp_path):
    for filmed in footage.values():
        for record in filmed.records:
            path = tmp_path / record.file_name
            write_record(record, path)
            assert path.stat().st_size < 2_000 * len(record.decisions) + 60_000
            assert read_record(path) == record


def test_server_records_are_joined_with_what_the_player_tells(tmp_path):
    mine = make_record()
    for npc in (1, 0):
        write_record(make_record(npc=f"area0/npc{npc}"), tmp_path / f"w-{npc}.jsonl")
    told = {"number": 0, "task": mine.task, "seed": mine.seed, "map": "none", "success": True,
            "wrong_commit": False, "decisions": 13, "walked": 6.5, "shortest": 6.0,
            "spl": 0.92}  # fmt: skip
    found = read_records(tmp_path)
    assert [record.npc for record in found["navigation/ask_then_go", 2_000_001]] == [
        "area0/npc0", "area0/npc1",
    ]  # fmt: skip
    (result,) = join_results([told], found)
    assert result.competence is not None and result.competence.shape == (13, 2)
    assert result.strategies == {"policy": 20, "route": 6}
    assert result.interventions == 2
    (alone,) = join_results([told], {})
    assert alone.competence is None


def test_results_are_read_as_they_are_written(tmp_path):
    file = ResultsFile(tmp_path / "results.jsonl")
    assert file.new() == []
    file.path.write_text('{"a": 1}\n{"a"')
    assert file.new() == [{"a": 1}]
    file.path.write_text('{"a": 1}\n{"a": 2}\n')
    assert file.new() == [{"a": 2}]
    assert file.new() == []


# -- its story -----------------------------------------------------------------------------------


def test_the_story_has_every_key_moment():
    moments = tell(make_record())
    kinds = [moment.kind for moment in moments]
    assert kinds == [
        "goal", "said", "heard", "chose", "took over", "place", "act", "act", "end",
    ]  # fmt: skip
    texts = {moment.kind: moment.text for moment in moments}
    assert texts["heard"] == "the guide: \u201cthe concert is in the amber hall\u201d"
    assert texts["chose"] == "turns to the amber hall"
    assert texts["took over"].endswith("3 decisions: the door is locked, taking another way")
    assert texts["act"].startswith("commits: it is done, and the answer is the amber hall (90%")
    assert texts["end"].startswith("succeeded after 1.3 s")


def test_the_end_is_told_as_it_was():
    result = make_record().result
    assert result is not None
    wrong = records.ResultRecord(False, True, 20, 1.0, 6.0, 0.0)
    late = records.ResultRecord(False, False, 400, 1.0, 6.0, 0.0)
    assert "a wrong answer was given" in describe_end(make_record(result=wrong))
    assert "time ran out" in describe_end(make_record(result=late))


def test_attention_by_phase():
    phases = dict(attended_by_phase(make_record()))
    assert list(phases) == ["beginning", "middle", "end"]
    assert phases["middle"][0].token == "the amber hall"
    assert list(attended_by_phase(make_record(decisions=()))) == []


# -- videos --------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", [NAMED_PLACE, TEAM])
def test_a_video_is_small_and_plays(footage, tmp_path, task):
    path = tmp_path / "media" / "video.mp4"
    write_video(footage[task], path)
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
    decisions = len(footage[task].shots) - 1
    assert frames == decisions + video.END_FRAMES
    assert seconds == pytest.approx(frames / video.FRAMES_PER_SECOND, abs=0.2)
    assert path.stat().st_size < 400_000
    with Image.open(path.with_suffix(".jpg")) as poster:
        assert poster.size[0] == video.WIDTH
        assert all(side % 2 == 0 for side in poster.size)


def test_what_the_npc_sees_is_shown_crisply(footage):
    filmed = footage[NAMED_PLACE]
    frame = next(render(filmed))
    seen = frame[video.GAP + 24 : video.GAP + 380 : 6, video.GAP + 3 : video.GAP + 381 : 6]
    camera = filmed.shots[0].cameras[0].transpose(1, 2, 0)
    assert np.array_equal(seen, camera[4:64, :63][: len(seen)])


def test_long_episodes_are_shown_faster(footage, monkeypatch):
    monkeypatch.setattr(video, "MAX_FRAMES", 8)
    filmed = footage[NAMED_PLACE]
    step = -(-len(filmed.shots) // 8)
    count = sum(1 for _ in render(filmed))
    assert count == -(-(len(filmed.shots) - 1) // step) + video.END_FRAMES


def test_a_video_that_cannot_be_written_is_told_in_one_sentence(footage, tmp_path):
    (tmp_path / "media").write_text("")
    with pytest.raises(RecordError, match=r"cannot be written .*give another folder, on a disk"):
        write_video(footage[NAMED_PLACE], tmp_path / "media" / "video.mp4")


# -- the page ------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Checks that tags are closed, and collects links and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("href", "src", "poster"):
                self.links.append(value)
            if name == "id":
                self.ids.add(value)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_data(self, data):
        self.text += data


def make_summary(tasks: tuple[str, ...] = (NAMED_PLACE, TEAM)) -> dict:
    row = {"episodes": 10, "success": 0.9, "success_ci": [0.6, 0.98], "spl": 0.85,
           "wrong_commit": 0.0}  # fmt: skip
    part = {"tasks": dict.fromkeys(tasks, row), "overall": row}
    return {
        "policy": "brain", "without": [], "seeds": "2000000:2000010", **part,
        "decision_ms": {"p50": 12.0, "p99": 30.0}, "calibration": {"ece": 0.1, "brier": 0.1},
        "strategy_share": {"policy": 0.9, "route": 0.1},
        "baselines": {"random": part, "oracle": part},
    }  # fmt: skip


def make_card(task: str, film_records: tuple[EpisodeRecord, ...], **changes) -> Card:
    names = ("Anna", "Bruno")[: len(film_records)]
    name = task.rpartition("/")[2]
    return Card(task, 2_000_000, f"media/{name}.mp4", names, film_records, **changes)


def test_the_page_is_whole_and_its_links_exist(footage, tmp_path):
    cards = []
    for task, film_of in footage.items():
        card = make_card(task, film_of.records)
        write_video(film_of, tmp_path / card.video)
        cards.append(card)
    path = tmp_path / "report.html"
    write_report(path, make_summary(), cards, "the shipped brain")
    page = Page(path.read_text(encoding="utf-8"))
    assert len(page.links) == 2 + 4
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        else:
            assert (tmp_path / link).is_file()
    assert "://" not in path.read_text().replace("http://www.w3.org/", "")
    for words in ("the shipped brain", "test seeds 2000000:2000010", "12.0 ms", "What was said",
                  "Never: the brain had its way"):  # fmt: skip
        assert words in page.text
    assert footage[NAMED_PLACE].records[0].goal in page.text


def test_the_page_tells_dialogue_interventions_and_a_replay_that_differs():
    card = make_card("navigation/ask_then_go", (make_record(),), difference="decisions was 3")
    page = Page(render_report(make_summary(("navigation/ask_then_go",)), [card], "x"))
    assert "not the episode that was played over the wire: decisions was 3" in page.text
    assert "where is the concert" in page.text
    assert "the door is locked, taking another way" in page.text
    assert "the guide, 0.1 s, trusted 90%" in page.text
    assert not card.same


def test_names_cannot_break_the_page():
    nasty = make_record(goal='<script>alert("x")</script>')
    card = make_card("navigation/ask_then_go", (nasty,))
    text = render_report(make_summary((card.task,)), [card], "<b>")
    assert "<script" not in text
    assert '<script>alert("x")</script>' in Page(text).text


def test_endless_talk_is_cut_off():
    chatter = replace(make_record().decisions[0], said="yes")
    decisions = tuple(replace(chatter, seconds=number / 10) for number in range(200))
    card = make_card("navigation/ask_then_go", (make_record(decisions=decisions),))
    text = render_report(make_summary((card.task,)), [card], "x")
    assert text.count("<q>") == 60
    assert "and 140 more sentences" in Page(text).text


def test_missing_figures_are_dashes():
    summary = make_summary()
    summary["decision_ms"] = {"p50": None, "p99": None}
    summary["calibration"] = {"ece": None, "brier": None}
    assert "\u2013" in Page(render_report(summary, [], "x")).text


def test_a_page_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match="cannot be written"):
        write_report(tmp_path / "file" / "report.html", make_summary(), [], "x")


def test_drawings_are_well_formed():
    for drawing in (
        bar_chart(make_summary()), belief_graph(make_record()), attention_strip(make_record()),
    ):  # fmt: skip
        ElementTree.fromstring(drawing)
    assert "never seen" in belief_graph(make_record())
    assert "the concert is here, said the guide" in belief_graph(make_record())


def test_drawings_say_when_there_is_nothing_to_draw():
    empty = EpisodeRecord(npc="a", goal="")
    assert "the shape of no place" in belief_graph(empty)
    assert "was not recorded" in attention_strip(empty)
