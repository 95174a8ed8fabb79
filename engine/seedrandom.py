"""Uniform random numbers from a text: seedrandom's ARC4, which TensorFlow Playground keys with the seed in its links.

https://github.com/davidbau/seedrandom; the same text gives the same numbers, bit for bit.
"""

import math

_WIDTH = 256
_SIGNIFICANCE = 2.0**52
_OVERFLOW = 2.0**53


class SeedRandom:
    """A stream of uniform numbers."""

    def __init__(self, seed: str) -> None:
        key = _mix(seed) or [0]
        state = list(range(_WIDTH))
        j = 0
        for i in range(_WIDTH):
            j = (j + key[i % len(key)] + state[i]) % _WIDTH
            state[i], state[j] = state[j], state[i]
        self._state, self._i, self._j = state, 0, 0
        for _ in range(_WIDTH):  # the first bytes of ARC4 tell too much of the key
            self._byte()

    def copy(self) -> "SeedRandom":
        """Another stream that goes on from here."""
        other = SeedRandom.__new__(SeedRandom)
        other._state, other._i, other._j = self._state.copy(), self._i, self._j
        return other

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """At least `low`, below `high`, with 52 random bits."""
        numerator, denominator, last = 0.0, float(_WIDTH) ** 6, 0
        for _ in range(6):
            numerator = numerator * _WIDTH + self._byte()
        while numerator < _SIGNIFICANCE:
            numerator = (numerator + last) * _WIDTH
            denominator *= _WIDTH
            last = self._byte()
        while numerator >= _OVERFLOW:
            numerator /= 2
            denominator /= 2
            last >>= 1
        return (numerator + last) / denominator * (high - low) + low

    def normal(self, mean: float, variance: float) -> float:
        """By Marsaglia's polar method, of which TensorFlow Playground keeps one number of two."""
        while True:
            u, v = 2 * self.uniform() - 1, 2 * self.uniform() - 1
            s = u * u + v * v
            if s <= 1:
                return mean + math.sqrt(variance) * math.sqrt(-2 * math.log(s) / s) * u

    def _byte(self) -> int:
        state = self._state
        self._i = i = (self._i + 1) % _WIDTH
        at_i = state[i]
        self._j = j = (self._j + at_i) % _WIDTH
        state[i] = at_j = state[j]
        state[j] = at_i
        return state[(at_i + at_j) % _WIDTH]


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
