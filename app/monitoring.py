"""What the server tells Prometheus at /metrics. Read when asked, so that no frame pays for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.board import Figures
from app.keeper import Keeper
from app.scheduler import Scheduler
from app.sessions import Sessions

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


_GAUGES = {
    "sessions": "Sessions in memory.",
    "sessions_connected": "Sessions with a page.",
    "crowd": "Sessions that want turns of each thread.",
    "checkpoints_waiting": "Checkpoints to be written.",
    "checkpoint_batch_seconds": "How long the last batch took.",
}
_COUNTERS = {
    "frames": "Frames made.",
    "steps": "Parameter updates.",
    "commands": "Commands applied or rejected.",
    "rejections": "Messages that were wrong, and changed nothing.",
    "turns": "Turns of the engine's threads.",
    "turn_wait_seconds": "How long turns were due before they were taken.",
    "turn_cpu_seconds": "Processor time of turns.",
    "checkpoints_written": "Checkpoints on disk.",
    "checkpoints_failed": "Checkpoints that could not be written, at each try.",
}
_LABELLED = {  # counters by what is in brackets
    "places": ("resumed", "Pages that came, by what they got."),
    "refusals": ("code", "Pages sent away, by close code or status."),
    "addresses_refused": ("limit", "Newcomers whose address had all that one may have, by limit."),
}
_LARGEST = {"crowd", "checkpoint_batch_seconds"}  # of several workers' figures; others are added


class Monitoring:
    """Of this process."""

    def __init__(
        self, sessions: Sessions, scheduler: Scheduler, keeper: Keeper | None, refusals: Mapping[int, int]
    ) -> None:
        self._sessions = sessions
        self._scheduler = scheduler
        self._keeper = keeper
        self._refusals = refusals

    def own(self) -> Figures:
        """Figures by name, those of a kind by their label."""
        tally, turns = self._sessions.tally(), self._scheduler.turns
        figures = {
            "sessions": len(self._sessions),
            "sessions_connected": self._sessions.connected,
            "crowd": self._scheduler.crowd,
            **asdict(tally),
            "turns": turns.count,
            "turn_wait_seconds": turns.waited,
            "turn_cpu_seconds": turns.used,
            "places": self._sessions.placed,
            "refusals": {str(code): number for code, number in self._refusals.items()},
            "addresses_refused": self._sessions.quotas.refused,
        }
        if self._keeper:
            kept = self._keeper.figures
            figures |= {
                "checkpoints_written": kept.written,
                "checkpoints_failed": kept.failed,
                "checkpoints_waiting": kept.waiting,
                "checkpoint_batch_seconds": kept.batch_seconds,
            }
        return figures


def merged(workers: Sequence[Figures]) -> Figures:
    """The figures of all workers together."""
    together: Figures = {}
    for name in {name: None for figures in workers for name in figures}:
        values = [figures[name] for figures in workers if name in figures]
        if isinstance(values[0], dict):
            together[name] = merged(values)
        else:
            together[name] = max(values) if name in _LARGEST else sum(values)
    return together


def page(workers: Sequence[Figures]) -> bytes:
    """In Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Page(merged(workers)))
    return generate_latest(registry)


class _Page(Collector):
    """As the library wants it."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Called by the library."""
        for kind, names in ((GaugeMetricFamily, _GAUGES), (CounterMetricFamily, _COUNTERS)):
            for name, words in names.items():
                if name in self._figures:
                    yield kind(f"hyperplane_{name}", words, self._figures[name])
        for name, (label, words) in _LABELLED.items():
            family = CounterMetricFamily(f"hyperplane_{name}", words, labels=[label])
            for value, number in sorted(self._figures[name].items()):
                family.add_metric([value], number)
            yield family
