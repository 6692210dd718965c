"""The measurement that chose the live link's transport, run for a moment."""

from tests.unity_bridge.helpers import random_observations
from unity_bridge.live.echo import make_answer
from unity_bridge.live.measure import Span, main, make_question, measure
from unity_bridge.live.observations import encode_observation
from unity_bridge.protocol import live_pb2 as live


def test_the_question_is_what_an_npc_perceives():
    observation = make_question().observation
    for sense in ("audio", "camera_png", "entities", "goal", "self", "forbidden"):
        assert any(getattr(observation, sense)), sense
    answer = make_answer(make_question()).action
    assert (answer.npc, answer.sequence) == (observation.npc, observation.sequence)


def test_both_transports_are_timed_on_both_sides():
    observation = encode_observation("guard", 1, 0.0, random_observations(1), 0)
    question = live.Message(observation=observation)
    figures = measure(question, rounds=30, windows=3)
    assert list(figures) == ["gRPC stream", "TCP"]
    for figure in figures.values():
        for span in (figure.round_trip, figure.client_cpu, figure.server_cpu):
            assert 0 < span.least <= span.median <= span.most
        assert figure.client_cpu.median < 100 and figure.server_cpu.median < 100


def test_a_span_is_the_median_and_the_extremes():
    assert Span.of([3.0, 1.0, 2.0]) == Span(2.0, 1.0, 3.0)
    assert str(Span.of([3.0, 1.0, 2.0])) == "2.000 ms (1.000 to 3.000)"


def test_the_figures_are_printed(capsys):
    main(["--rounds", "5", "--windows", "2"])
    first, *lines = capsys.readouterr().out.splitlines()
    assert "bytes up" in first and "the median of 2 windows" in first
    for line, kind in zip(lines, ("gRPC stream", "TCP"), strict=True):
        assert line.startswith(f"{kind}: round trip ")
        assert "client's CPU" in line and "server's CPU" in line
