"""Computes the report of a load run: frames, gaps, clicks, processor and memory."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

SHARES = (50, 95, 99)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99, the largest and the count; only the count if there are no values."""
    if not values:
        return {"count": 0}
    found = {f"p{share}": float(np.percentile(values, share)) for share in SHARES}
    return {"count": len(values), **found, "max": float(max(values))}


def jain(values: Sequence[float]) -> float:
    """Jain's index of fairness: 1 if all have the same, 1/n if one has all; NaN if the sum is 0."""
    squares = len(values) * sum(value * value for value in values)
    return sum(values) ** 2 / squares if squares else float("nan")


def spread(values: Sequence[float]) -> dict[str, float]:
    """Minimum, median, mean and maximum; empty without values."""
    if not values:
        return {}
    return {
        "min": float(min(values)),
        "median": float(np.median(values)),
        "mean": float(np.mean(values)),
        "max": float(max(values)),
    }


@dataclass(frozen=True)
class Usage:
    """Use by the server's processes over the measured time."""

    cpu: float  # cores
    memory: int  # bytes, resident, at the end
    growth: int  # bytes since before the first visitor


@dataclass(frozen=True)
class Report:
    """The results of a load run, as JSON or for the terminal."""

    sessions: int
    seconds: float
    mode: str
    refused: dict[int, int]  # connections that ended, by close code
    frames_per_second: dict[str, float]  # of each session; this and the following without heavy ones
    heavy_frames_per_second: dict[str, float]  # of those with a network near the size limit
    fairness: float  # Jain's index of frames per session
    arrival_ms: dict[str, float]  # from arrival to the first frame, also before measuring begins
    gap_ms: dict[str, float]  # between two frames of a session
    click_to_frame_ms: dict[str, float]  # from sending a command to a frame that shows it
    megabytes_per_second: float
    usage: Usage | None  # None if the server's process is not visible
    notes: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether any visitor got in."""
        return self.sessions > 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def rows(self) -> list[tuple[str, str]]:
        """Name and value."""
        rows = [
            ("sessions", f"{self.sessions:,} {self.mode}, {self.seconds:.0f} s"),
            ("connections that ended", _counts(self.refused)),
            ("frames a second and session", _figures(self.frames_per_second)),
            *([("of heavy ones", _figures(self.heavy_frames_per_second))] if self.heavy_frames_per_second else []),
            ("Jain's index of frames", f"{self.fairness:.3f}"),
            ("coming to frame, ms", _figures(self.arrival_ms)),
            ("between frames, ms", _figures(self.gap_ms)),
            ("click to frame, ms", _figures(self.click_to_frame_ms)),
            ("received", f"{self.megabytes_per_second:.1f} MB/s"),
        ]
        if self.usage:
            each = self.usage.growth / max(self.sessions, 1) / 2**20
            rows += [
                ("server's processor", f"{self.usage.cpu:.2f} cores"),
                ("server's memory", f"{self.usage.memory / 2**20:.0f} MiB, {each:.2f} more a session"),
            ]
        return rows + [("note", note) for note in self.notes]


def _counts(counts: dict[int, int]) -> str:
    return ", ".join(f"{count} with code {code}" for code, count in sorted(counts.items())) or "none"


def _figures(figures: dict[str, float]) -> str:
    shown = [f"{name} {value:,.0f}" if name == "count" else f"{name} {value:.1f}" for name, value in figures.items()]
    return ", ".join(shown) or "none"
