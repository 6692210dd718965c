"""The metrics page of ``heedful serve --metrics-port``, for Prometheus.

Numbers are read when the page is asked for: nothing is done for it per decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from unity_bridge.errors import BridgeError
from unity_bridge.meters import Histogram, HostMeters

QUANTILES = (0.5, 0.9, 0.99)
"""Of the measurements of the deciding side."""


class Measured(Protocol):
    """Measurements of one kind (`agent.serving.counters.Recent`)."""

    count: int
    total: float

    def values(self) -> NDArray[np.float64]:
        """The last ones, ``(n,)``."""
        ...


class Counted(Protocol):
    """What the deciding side counts (`agent.serving.counters.Counters`)."""

    decisions: int
    fallbacks: int
    idles: int
    late: int
    paced: int
    refused: int
    failures: int
    swaps: int
    rollbacks: int
    waiting: int

    @property
    def call_ms(self) -> Measured:
        """From a question to its answer."""
        ...

    @property
    def mind_ms(self) -> Measured:
        """Of each batch in the mind."""
        ...

    @property
    def batch_rows(self) -> Measured:
        """NPCs of each batch."""
        ...

    @property
    def staleness_ms(self) -> Measured:
        """Age of what an action was decided on, as it was sent."""
        ...


_COUNTERS = (
    ("decisions", "decisions", "Decisions of single NPCs that the mind made"),
    ("fallbacks", "fallbacks", "Decisions that were missed: the last intent went on, or idle"),
    (
        "idles",
        "fallback_idles",
        "Answers that are the game's idle: missed or postponed, without an intent to go on with",
    ),
    ("late", "decisions_late", "Decisions that came too late for their own question"),
    ("paced", "decisions_paced", "Decisions left to the last intent because time was short"),
    ("refused", "decisions_refused", "Decisions refused because a limit was reached"),
    ("failures", "mind_failures", "Calls of the mind that failed"),
    ("swaps", "weight_swaps", "Weights that took over while serving"),
    ("rollbacks", "weight_rollbacks", "Weights that were given up again"),
)
_SUMMARIES = (
    ("call_ms", "decision_seconds", "From a world's question to its answer", 1e-3),
    ("mind_ms", "mind_seconds", "One batch in the mind", 1e-3),
    ("batch_rows", "batch_npcs", "NPCs of each batch", 1.0),
    ("staleness_ms", "observation_age_seconds",
     "Age of the observation that an action was decided on, as it is sent", 1e-3),
)  # fmt: skip
_LINK_COUNTERS = (
    ("messages", "messages", "Messages received"),
    ("bytes_received", "received_bytes", "Bytes received"),
    ("bytes_sent", "sent_bytes", "Bytes sent"),
    ("worlds_connected", "worlds_connected", "Worlds that have connected"),
)
_LINK_GAUGES = (
    ("worlds", "worlds", "Worlds connected now"),
    ("npcs", "npcs", "NPCs that are decided for now"),
)
_LINK_CAUSES = (
    ("refused", "messages_refused", "Messages for which a world was told to quit, by event"),
    ("idle", "idle_actions", "Actions that did nothing because none could be decided, by event"),
)
_LINK_TIMES = (
    ("answer_seconds", "From a message's arrival to its answer"),
    ("round_trip_seconds", "Round trip as players measured it"),
    ("staleness_seconds", "Age of the observation behind an action as players applied it"),
)


class Metrics(Collector):
    """Everything a server counts, as Prometheus wants it.

    Args:
        links: name of a link (lockstep, live) -> its meters as of now.
        decisions: what the deciding side has counted; None where nobody decides.
    """

    def __init__(
        self,
        links: Mapping[str, Callable[[], HostMeters]],
        decisions: Callable[[], Counted] | None = None,
    ) -> None:
        self._links = links
        self._decisions = decisions

    def collect(self) -> Iterator[Metric]:
        """The numbers as of now."""
        if self._decisions is not None:
            yield from _describe_decisions(self._decisions())
        yield from _describe_links({name: read() for name, read in self._links.items()})


class MetricsServer:
    """Serves the page over HTTP from a thread.

    Args:
        metrics: what to show.
        port: port to listen at, 0 for a free one.
        address: address to listen at.

    Raises:
        BridgeError: the port is busy or the address is not ours.
    """

    def __init__(self, metrics: Metrics, port: int, address: str = "127.0.0.1") -> None:
        registry = CollectorRegistry()
        registry.register(metrics)
        try:
            self._server, self._thread = start_http_server(port, address, registry)
        except (OSError, OverflowError):
            raise BridgeError(
                f"metrics cannot be served on {address}:{port}: another program has that port, or "
                "the address is not this machine's; give another --metrics-port or --metrics-host"
            ) from None
        self.port = self._server.server_port
        """Where it listens."""

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _describe_decisions(counted: Counted) -> Iterator[Metric]:
    for name, shown, text in _COUNTERS:
        yield CounterMetricFamily(f"heedful_{shown}", text, getattr(counted, name))
    yield GaugeMetricFamily("heedful_queue_npcs", "NPCs that wait for the mind", counted.waiting)
    for name, shown, text, unit in _SUMMARIES:
        yield _summary(f"heedful_{shown}", text, getattr(counted, name), unit)


def _summary(name: str, text: str, measured: Measured, unit: float) -> Metric:
    metric = Metric(name, text, "summary")
    values = measured.values()
    if len(values):
        for quantile, value in zip(QUANTILES, np.quantile(values, QUANTILES), strict=True):
            metric.add_sample(name, {"quantile": str(quantile)}, float(value) * unit)
    metric.add_sample(f"{name}_count", {}, measured.count)
    metric.add_sample(f"{name}_sum", {}, measured.total * unit)
    return metric


def _describe_links(meters: Mapping[str, HostMeters]) -> Iterator[Metric]:
    for name, shown, text in _LINK_COUNTERS:
        counter = CounterMetricFamily(f"heedful_{shown}", text, labels=["link"])
        for link, meter in meters.items():
            counter.add_metric([link], getattr(meter, name))
        yield counter
    for name, shown, text in _LINK_GAUGES:
        gauge = GaugeMetricFamily(f"heedful_{shown}", text, labels=["link"])
        for link, meter in meters.items():
            gauge.add_metric([link], getattr(meter, name))
        yield gauge
    for name, shown, text in _LINK_CAUSES:
        causes = CounterMetricFamily(f"heedful_{shown}", text, labels=["link", "event"])
        for link, meter in meters.items():
            for event, count in dict(getattr(meter, name)).items():
                causes.add_metric([link, event], count)
        yield causes
    for name, text in _LINK_TIMES:
        histogram = HistogramMetricFamily(f"heedful_{name}", text, labels=["link"])
        for link, meter in meters.items():
            times: Histogram = getattr(meter, name)
            histogram.add_metric([link], list(_buckets(times)), times.total)
        yield histogram


def _buckets(histogram: Histogram) -> Iterable[tuple[str, float]]:
    """(upper bound, values up to it), as Prometheus has them."""
    reached = 0
    for bound, count in zip((*histogram.bounds, "+Inf"), list(histogram.counts), strict=True):
        reached += count
        yield str(bound), float(reached)
