"""The real points: each is a centre, all equally likely, and normal noise about it. So their density is known."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.labs.adversarial.settings import AdversarialSettings

Floats = NDArray[np.float64]

_ALONG = 100  # centres of a spiral or a line
_CHUNK = 64  # centres whose distances to all places are known at once
_TURNS = 1.75  # of the spiral


@dataclass(frozen=True)
class Mixture:
    """Equally likely centres (n, 2) with normal noise of one standard deviation."""

    centres: Floats
    spread: float
    has_modes: bool  # whether the centres can be counted: else they only follow a curve

    def draw(self, count: int, random: np.random.Generator) -> Floats:
        """(count, 2)."""
        chosen = random.integers(len(self.centres), size=count)
        return self.centres[chosen] + random.normal(size=(count, 2)) * self.spread

    def density(self, places: Floats, smoothing: float = 0.0) -> Floats:
        """(n,) at places (n, 2), of the points moved once more by noise of that standard deviation."""
        variance = self.spread**2 + smoothing**2
        whole = np.zeros(len(places))
        for first in range(0, len(self.centres), _CHUNK):
            away = places[:, None] - self.centres[first : first + _CHUNK]
            whole += np.exp(-(away**2).sum(axis=2) / (2 * variance)).sum(axis=1)
        return whole / (2 * math.pi * variance * len(self.centres))

    def nearest(self, places: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Of each place (n, 2) the nearest centre, and how far it is, in standard deviations."""
        centres = self.centres
        squares = (places**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2 * (places @ centres.T)
        number = squares.argmin(axis=1)
        away: Floats = np.hypot(*(places - centres[number]).T) / self.spread
        return number, away


def mixture_of(settings: AdversarialSettings) -> Mixture:
    """The one that the settings ask for."""
    if settings.dataset == "own":
        centres = np.array(settings.drawing, np.float64).reshape(-1, 2)
    else:
        centres = {"ring": _ring, "grid": _grid, "spiral": _spiral, "line": _line}[settings.dataset]()
    return Mixture(centres, settings.spread, settings.dataset in ("ring", "grid"))


def _ring() -> Floats:
    """Eight on the circle of radius 1, as in Metz et al. (2017), there of radius 2."""
    angles = 2 * np.pi * np.arange(8) / 8
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _grid() -> Floats:
    """25, from -1 to 1, as in Dumoulin et al. (2017), there from -4 to 4."""
    side = np.linspace(-1, 1, 5)
    return np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)


def _spiral() -> Floats:
    """Evenly along its length, from near the middle outwards."""
    angles = 2 * np.pi * _TURNS * np.sqrt(np.linspace(0.02, 1, _ALONG))
    radius = 1.1 * angles / angles[-1]
    return np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)


def _line() -> Floats:
    across = np.linspace(-1, 1, _ALONG)
    return np.stack([across, 0.6 * across], axis=1)
