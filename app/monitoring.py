"""What the server tells Prometheus at /metrics. Read when asked, so that no frame pays for it."""

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.keeper import Keeper
from app.scheduler import Scheduler
from app.sessions import Sessions

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Monitoring(Collector):
    """One page of figures."""

    def __init__(
        self, sessions: Sessions, scheduler: Scheduler, keeper: Keeper | None, refusals: Mapping[int, int]
    ) -> None:
        self._sessions = sessions
        self._scheduler = scheduler
        self._keeper = keeper
        self._refusals = refusals
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def page(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Called by the library."""
        sessions, tally = self._sessions, self._sessions.tally()
        yield _gauge("sessions", "Sessions in memory.", len(sessions))
        yield _gauge("sessions_connected", "Sessions with a page.", sessions.connected)
        yield _counter("frames", "Frames made.", tally.frames)
        yield _counter("steps", "Parameter updates.", tally.steps)
        yield _counter("commands", "Commands applied or rejected.", tally.commands)
        yield _counter("rejections", "Messages that were wrong, and changed nothing.", tally.rejections)
        yield _counters("places", "Pages that came, by what they got.", "resumed", sessions.placed)
        yield _counters("refusals", "Pages sent away, by close code or status.", "code", self._refusals)
        turns = self._scheduler.turns
        yield _counter("turns", "Turns of the engine's threads.", turns.count)
        yield _counter("turn_wait_seconds", "How long turns were due before they were taken.", turns.waited)
        yield _counter("turn_cpu_seconds", "Processor time of turns.", turns.used)
        yield _gauge("crowd", "Sessions that want turns of each thread.", self._scheduler.crowd)
        if self._keeper:
            figures = self._keeper.figures
            yield _counter("checkpoints_written", "Checkpoints on disk.", figures.written)
            yield _counter("checkpoints_failed", "Checkpoints that could not be written, at each try.", figures.failed)
            yield _gauge("checkpoints_waiting", "Checkpoints to be written.", figures.waiting)
            yield _gauge("checkpoint_batch_seconds", "How long the last batch took.", figures.batch_seconds)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"hyperplane_{name}", words, value)


def _counter(name: str, words: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"hyperplane_{name}", words, value)


def _counters(name: str, words: str, label: str, values: Mapping[Any, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(f"hyperplane_{name}", words, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([str(value)], count)
    return family
