import logging

import pytest

from unity_bridge.limits import Throttle
from unity_bridge.meters import Histogram
from unity_bridge.telling import Gate, Voice


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_a_warning_is_said_once_for_each_cause(caplog):
    voice = Voice("world-1", peer="ipv4:127.0.0.1:9")
    for about in ("a", "a", "b"):
        voice.warn("bad", f"it is {about}", about=about, npc="Ada")
    assert [record.message for record in caplog.records] == [
        "world-1: it is a", "world-1: it is b",
    ]  # fmt: skip
    record = caplog.records[0]
    told = (record.event, record.world, record.npc, record.peer)
    assert told == ("bad", "world-1", "Ada", "ipv4:127.0.0.1:9")


def test_other_worlds_are_told_of_too_and_a_player_without_one_by_its_address(caplog):
    Voice("world-1").warn("bad", "it is bad")
    Voice("", peer="ipv4:1").warn("bad", "it is bad")
    assert [record.message for record in caplog.records] == [
        "world-1: it is bad", "a player (ipv4:1): it is bad",
    ]  # fmt: skip


def test_a_world_with_ever_new_causes_falls_silent(caplog):
    voice = Voice("world-1")
    for number in range(1000):
        voice.warn("bad", "it is bad", about=str(number))
    assert len(caplog.records) == 200


def test_many_worlds_fill_no_log_and_what_was_left_out_is_counted(caplog):
    caplog.set_level(logging.INFO)
    clock = Clock()
    gate = Gate(3, clock)
    for number in range(10):
        Voice(f"world-{number}", gate).note("connected", "connected")
    assert len(caplog.records) == 3
    assert list(gate.turn()) == []
    clock.now += 61
    assert list(gate.turn()) == ["7 more lines of the kind 'connected' were left out"]
    assert list(gate.turn()) == []
    Voice("world-11", gate).note("connected", "connected")
    assert len(caplog.records) == 4


def test_a_failure_is_said_with_where(caplog):
    voice = Voice("world-1")
    for _ in range(2):
        voice.fail("mind_failed", "the mind failed", ZeroDivisionError("x"))
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info[0] is ZeroDivisionError


def test_a_throttle_lets_a_second_through_and_then_spreads():
    clock = Clock()
    throttle = Throttle(10.0, clock)
    assert [throttle.take() for _ in range(10)] == pytest.approx([0.0] * 10)
    assert [throttle.take() for _ in range(2)] == pytest.approx([0.1, 0.2])
    clock.now += 0.5
    assert throttle.take(5.0) == pytest.approx(0.2)
    clock.now += 100.0
    assert throttle.take() == 0.0
    assert throttle.take(20.0) == pytest.approx(1.1)


def test_a_histogram_counts_up_to_and_with_each_bound():
    histogram = Histogram((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 9.0):
        histogram.add(value)
    assert histogram.counts == [2, 1, 1]
    assert (histogram.count, histogram.total) == (4, 12.0)
