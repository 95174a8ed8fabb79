"""Serves figures for Prometheus at /metrics, collected on request, so that no frame pays for them."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.config import Config
from app.serving.shared_figures import Figures
from app.sessions.register import Sessions
from app.sessions.scheduler import Scheduler
from app.storage.checkpoint_writer import Keeper

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_VERSION = version("hyperplane")


_GAUGES = {
    "sessions": "Sessions in memory.",
    "sessions_most": "Places for sessions; a part of them is for pages that come back.",
    "sessions_connected": "Sessions with a page.",
    "crowd": "Sessions that want turns of each thread.",
    "checkpoints_waiting": "Checkpoints to be written.",
    "checkpoint_batch_seconds": "How long the last batch took.",
    "store_reachable": "Whether sessions can be kept beyond the server's life: 1 or 0. Nothing where none are to be.",
}
_COUNTERS = {
    "frames": "Frames made.",
    "steps": "Parameter updates.",
    "commands": "Commands applied or rejected.",
    "rejections": "Messages that were wrong, and changed nothing.",
    "failures": "Turns of sessions that raised: mistakes of ours, with a traceback in the log.",
    "turns": "Turns of the engine's threads.",
    "turn_wait_seconds": "How long turns were due before they were taken.",
    "turn_cpu_seconds": "Processor time of turns.",
    "checkpoints_written": "Checkpoints on disk.",
    "checkpoints_failed": "Checkpoints that could not be written, at each try.",
    "workers_ended": "Workers that crashed or were killed, and were followed by another.",
}
_LABELLED_GAUGES = {
    "worker_resident_bytes": ("worker", "Memory of each worker; pages that workers share count in each."),
    "workers": ("version", "Workers that answer, by the version that they run."),
}
_LABELLED_COUNTERS = {
    "places": ("resumed", "Pages that came, by what they got."),
    "refusals": ("code", "Pages sent away, by close code or status."),
    "addresses_refused": ("limit", "Newcomers whose address had all that one may have, by limit."),
}
_TOGETHER = {"crowd": max, "checkpoint_batch_seconds": max, "store_reachable": min}  # over workers; others are summed


class Monitoring:
    """Figures of this process."""

    def __init__(
        self,
        config: Config,
        number: int,
        sessions: Sessions,
        scheduler: Scheduler,
        keeper: Keeper | None,
        refusals: Mapping[int, int],
    ) -> None:
        self._config = config
        self._number = str(number)
        self._sessions = sessions
        self._scheduler = scheduler
        self._keeper = keeper
        self._refusals = refusals

    def own(self) -> Figures:
        """Figures by name; labelled ones are dicts by label."""
        tally, turns = self._sessions.tally(), self._scheduler.turns
        figures = {
            "sessions": len(self._sessions),
            "sessions_most": self._config.sessions,
            "sessions_connected": self._sessions.connected,
            "crowd": self._scheduler.crowd,
            **asdict(tally),
            "turns": turns.count,
            "turn_wait_seconds": turns.waited,
            "turn_cpu_seconds": turns.used,
            "places": self._sessions.placed,
            "refusals": {str(code): number for code, number in self._refusals.items()},
            "addresses_refused": self._sessions.quotas.refused,
            "workers": {_VERSION: 1},
        }
        if resident := _resident_bytes():
            figures["worker_resident_bytes"] = {self._number: resident}
        if not self._config.no_store:
            figures["store_reachable"] = int(self._keeper is not None and self._keeper.figures.is_reachable)
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
            together[name] = _TOGETHER.get(name, sum)(values)
    return together


def page(workers: Sequence[Figures]) -> bytes:
    """The figures of all workers in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Page(merged(workers)))
    return generate_latest(registry)


class _Page(Collector):
    """The figures as a collector of the Prometheus library."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Called by the library."""
        for kind, names in ((GaugeMetricFamily, _GAUGES), (CounterMetricFamily, _COUNTERS)):
            for name, words in names.items():
                if name in self._figures:
                    yield kind(f"hyperplane_{name}", words, self._figures[name])
        labelled_kinds = ((GaugeMetricFamily, _LABELLED_GAUGES), (CounterMetricFamily, _LABELLED_COUNTERS))
        for labelled_kind, labelled in labelled_kinds:
            for name, (label, words) in labelled.items():
                family = labelled_kind(f"hyperplane_{name}", words, labels=[label])
                for value, number in sorted(self._figures.get(name, {}).items()):
                    family.add_metric([value], number)
                yield family


def _resident_bytes() -> int | None:
    """Resident memory of this process; None except on Linux."""
    if sys.platform != "linux":
        return None
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
