"""Random numbers from a text: seedrandom's ARC4, which TensorFlow Playground keys with the seed in its links.

The same text gives the same numbers as https://github.com/davidbau/seedrandom, bit for bit.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernel import exact_kernel

_WIDTH = 256
_SIGNIFICANCE = 2.0**52
_OVERFLOW = 2.0**53


class SeedRandom:
    """A stream of random numbers."""

    def __init__(self, seed: str) -> None:
        self._state = np.zeros(_WIDTH + 2, np.int64)  # ARC4's permutation, then its indexes i and j
        _begin(self._state, np.array(_mix(seed) or [0], np.int64))

    def copy(self) -> "SeedRandom":
        """An independent stream with the same state."""
        other = SeedRandom.__new__(SeedRandom)
        other._state = self._state.copy()
        return other

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """The next number, at least `low` and below `high`, with 52 random bits."""
        return float(self.uniforms(1, low, high)[0])

    def uniforms(self, count: int, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
        """The next `count` numbers, as of `uniform`, (count,)."""
        numbers = np.empty(count)
        _fill_uniform(self._state, numbers)
        return numbers * (high - low) + low

    def normal(self, mean: float, variance: float) -> float:
        """By Marsaglia's polar method; like TensorFlow Playground it keeps one number of each pair."""
        return mean + float(self.normals(1, variance)[0])

    def normals(self, count: int, variance: float) -> NDArray[np.float64]:
        """The next `count` numbers, as of `normal` with mean zero, (count,)."""
        numbers = np.empty(count)
        _fill_normal(self._state, math.sqrt(variance), numbers)
        return numbers


@exact_kernel
def _begin(state: Any, key: Any) -> None:
    """Key the state, and skip ARC4's first 256 bytes, which reveal too much of the key."""
    for i in range(_WIDTH):
        state[i] = i
    j = 0
    for i in range(_WIDTH):
        j = (j + key[i % len(key)] + state[i]) % _WIDTH
        state[i], state[j] = state[j], state[i]
    for _ in range(_WIDTH):
        _byte(state)


@exact_kernel
def _byte(state: Any) -> int:
    state[_WIDTH] = i = (state[_WIDTH] + 1) % _WIDTH
    at_i = state[i]
    state[_WIDTH + 1] = j = (state[_WIDTH + 1] + at_i) % _WIDTH
    at_j = state[j]
    state[i], state[j] = at_j, at_i
    return int(state[(at_i + at_j) % _WIDTH])


@exact_kernel
def _uniform(state: Any) -> float:
    """From 0 to below 1, with 52 random bits."""
    numerator, denominator, last = 0.0, float(_WIDTH) ** 6, 0
    for _ in range(6):
        numerator = numerator * _WIDTH + _byte(state)
    while numerator < _SIGNIFICANCE:
        numerator = (numerator + last) * _WIDTH
        denominator *= _WIDTH
        last = _byte(state)
    while numerator >= _OVERFLOW:
        numerator /= 2
        denominator /= 2
        last >>= 1
    return (numerator + last) / denominator


@exact_kernel
def _fill_uniform(state: Any, numbers: Any) -> None:
    for n in range(len(numbers)):
        numbers[n] = _uniform(state)


@exact_kernel
def _fill_normal(state: Any, deviation: float, numbers: Any) -> None:
    for n in range(len(numbers)):
        s = 2.0
        while s > 1:
            u, v = 2 * _uniform(state) - 1, 2 * _uniform(state) - 1
            s = u * u + v * v
        numbers[n] = deviation * math.sqrt(-2 * math.log(s) / s) * u


KERNELS = (_begin, _fill_uniform, _fill_normal)


def _mix(seed: str) -> list[int]:
    """The key: the text's UTF-16 units, smeared over at most 256 bytes."""
    units = memoryview(seed.encode("utf-16-le", "surrogatepass")).cast("H")
    key: list[int] = []
    smear = 0
    for position, unit in enumerate(units):
        place = position % _WIDTH
        if place == len(key):
            key.append(0)
        smear ^= key[place] * 19
        key[place] = (smear + unit) % _WIDTH
    return key
