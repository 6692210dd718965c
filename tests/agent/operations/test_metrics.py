import socket
import subprocess
import sys
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.operations.metrics import Metrics, MetricsServer
from agent.serving.counters import Counters
from unity_bridge.errors import BridgeError
from unity_bridge.meters import HostMeters


def read(server):
    """The page as {sample name: {labels: value}}."""
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=5) as page:
        text = page.read().decode()
    found: dict = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


@pytest.fixture
def page():
    meters, counters = HostMeters(), Counters()
    server = MetricsServer(Metrics({"lockstep": lambda: meters}, lambda: counters), 0)
    yield meters, counters, lambda: read(server)
    server.close()


LOCKSTEP = (("link", "lockstep"),)


def test_a_server_that_did_nothing_shows_zeros(page):
    _, _, look = page
    found = look()
    assert found["heedful_decisions_total"] == {(): 0}
    assert found["heedful_worlds"] == {LOCKSTEP: 0}
    assert found["heedful_answer_seconds_count"] == {LOCKSTEP: 0}
    assert found["heedful_decision_seconds_count"] == {(): 0}
    assert "heedful_decision_seconds" not in found


def test_what_the_host_counted_is_shown_as_of_now(page):
    meters, _, look = page
    meters.messages, meters.bytes_received, meters.bytes_sent, meters.worlds = 7, 100, 20, 2
    meters.npcs = 16
    meters.refused["garbage"] += 3
    meters.idle["mind_failed"] += 2
    for seconds in (0.004, 0.005, 0.06, 99.0):
        meters.answer_seconds.add(seconds)
    meters.note_link(12.0, 30.0)
    found = look()
    assert found["heedful_messages_total"] == {LOCKSTEP: 7}
    assert found["heedful_received_bytes_total"] == {LOCKSTEP: 100}
    assert found["heedful_sent_bytes_total"] == {LOCKSTEP: 20}
    assert found["heedful_worlds"] == {LOCKSTEP: 2}
    assert found["heedful_npcs"] == {LOCKSTEP: 16}
    refused = (("event", "garbage"), *LOCKSTEP)
    assert found["heedful_messages_refused_total"] == {refused: 3}
    assert found["heedful_idle_actions_total"] == {(("event", "mind_failed"), *LOCKSTEP): 2}
    buckets = {
        dict(labels)["le"]: n for labels, n in found["heedful_answer_seconds_bucket"].items()
    }
    assert (buckets["0.002"], buckets["0.005"], buckets["0.1"], buckets["+Inf"]) == (0, 2, 3, 4)
    assert found["heedful_answer_seconds_count"] == {LOCKSTEP: 4}
    assert found["heedful_answer_seconds_sum"][LOCKSTEP] == pytest.approx(99.069)
    assert found["heedful_round_trip_seconds_sum"][LOCKSTEP] == pytest.approx(0.012)
    assert found["heedful_staleness_seconds_sum"][LOCKSTEP] == pytest.approx(0.03)
    meters.messages = 8
    assert look()["heedful_messages_total"] == {LOCKSTEP: 8}


def test_what_the_deciding_side_counted_is_shown(page):
    _, counters, look = page
    counters.decisions, counters.fallbacks, counters.waiting = 40, 3, 5
    for milliseconds in (1.0, 2.0, 3.0):
        counters.call_ms.add(milliseconds)
    counters.batch_rows.add(16)
    found = look()
    assert found["heedful_decisions_total"] == {(): 40}
    assert found["heedful_fallbacks_total"] == {(): 3}
    assert found["heedful_queue_npcs"] == {(): 5}
    assert found["heedful_decision_seconds"][(("quantile", "0.5"),)] == pytest.approx(0.002)
    assert found["heedful_decision_seconds_sum"] == {(): pytest.approx(0.006)}
    assert found["heedful_batch_npcs_sum"] == {(): 16}


def test_a_busy_port_is_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BridgeError, match=r"metrics cannot be .* give another --metrics-port"):
            MetricsServer(Metrics({}), port)


def test_metrics_need_no_torch():
    program = "import sys, agent.operations.metrics; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
