"""Numbers for how good fakes are, and the best discriminator there could be.

A fake is good if it lies within three standard deviations of the nearest mode, and a mode is covered if it is the
nearest of at least one good fake out of 2,500: the definitions of VEEGAN (Srivastava et al., 2017) and PacGAN (Lin et
al., 2018).

The best discriminator is p / (p + q) (Goodfellow et al., 2014), with the densities p of real points and q of fakes. p
is known. A generator's q is not, and has none where its noise is a line; so both are smoothed alike, by normal noise,
and q is counted in the pixels of the picture. That is the best discriminator of real points and fakes that both jitter
by the smoothing. A low, even density is added to both, so that it is a half where there are neither.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.labs.adversarial.mixtures import Floats, Mixture
from engine.labs.adversarial.settings import FARTHEST

SAMPLES = 2_500  # fakes that numbers are taken from
GOOD = 3  # standard deviations
SMOOTHING = 0.07  # standard deviation
SIDE = 60  # pixels of the picture, from -FARTHEST to FARTHEST in both directions
_EVEN = 0.01  # density

_PIXEL = 2 * FARTHEST / SIDE


@dataclass(frozen=True)
class Score:
    """Of 2,500 fakes."""

    covered: int  # modes
    modes: int  # 0 where the real points follow a curve or a drawing
    good: float  # share, 0 to 1


def score_of(mixture: Mixture, fakes: NDArray[np.generic]) -> Score:
    """Of fakes (2, count); those that are not finite are not good."""
    number, away = mixture.nearest(np.nan_to_num(fakes.T.astype(np.float64), nan=1e9, posinf=1e9, neginf=-1e9))
    is_good = away <= GOOD
    if not mixture.has_modes:
        return Score(0, 0, float(is_good.mean()))
    return Score(len(np.unique(number[is_good])), len(mixture.centres), float(is_good.mean()))


def pixels(side: int = SIDE) -> Floats:
    """The middles of the picture's pixels, (side * side, 2), row by row from the top left."""
    middles = (np.arange(side) + 0.5) * 2 * FARTHEST / side - FARTHEST
    return np.stack(np.meshgrid(middles, -middles), axis=-1).reshape(-1, 2)


@dataclass(frozen=True)
class Best:
    """The best discriminator against some fakes."""

    picture: Floats  # (SIDE, SIDE): p / (p + q) in each pixel, from the top left
    weights: Floats  # (SIDE, SIDE): how much of real points and fakes, half and half, is there; sums to 1 at most
    divergence: float  # Jensen and Shannon's, of the smoothed densities, in nats: 0 if they are equal, log 2 if apart

    def gap(self, picture: Floats) -> float:
        """How far another discriminator (SIDE, SIDE) is from this one, on average over real points and fakes."""
        return float((self.weights * np.abs(self.picture - picture)).sum())


class Judge:
    """Knows the best discriminator of a mixture against any fakes."""

    def __init__(self, mixture: Mixture) -> None:
        self._real = mixture.density(pixels(), math.hypot(SMOOTHING, _PIXEL / math.sqrt(12))).reshape(SIDE, SIDE)
        middles = (np.arange(SIDE) + 0.5) * _PIXEL
        away = middles[:, None] - middles
        self._smear = np.exp(-(away**2) / (2 * SMOOTHING**2)) / (math.sqrt(2 * math.pi) * SMOOTHING)

    def best(self, fakes: NDArray[np.generic]) -> Best:
        """Against fakes (2, count). Those outside the picture have no density in it."""
        across, up = fakes.astype(np.float64)
        edges = np.linspace(-FARTHEST, FARTHEST, SIDE + 1)
        counts, _, _ = np.histogram2d(-up, across, [edges, edges])
        p, q = self._real, self._smear @ counts @ self._smear / fakes.shape[1]
        a, b = p * _PIXEL**2, q * _PIXEL**2
        middle = (a + b) / 2
        outside = max(1 - b.sum(), 0.0) + max(1 - a.sum(), 0.0)
        divergence = (_relative(a, middle) + _relative(b, middle) + outside * math.log(2)) / 2
        return Best((p + _EVEN / 2) / (p + q + _EVEN), middle, divergence)


def _relative(a: Floats, b: Floats) -> float:
    """The sum of a log(a / b), in nats."""
    known = a > 0
    return float((a[known] * np.log(a[known] / b[known])).sum())
