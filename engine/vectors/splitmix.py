"""Random numbers that depend on a seed and a number alone (SplitMix64; Steele, Lea and Flood, 2014)."""

from typing import Any

import numpy as np

from engine.kernel import inlined

_LAST_PLACE = 2.0**-53  # of a number below 1


@inlined
def random_below(seed: int, number: int, bound: int) -> Any:
    """A whole number from 0 to below the bound that depends on seed and number alone."""
    return np.int64(_mixed(seed, number) % np.uint64(bound))


@inlined
def random_share(seed: int, number: int) -> float:
    """A number from 0 to below 1, with 53 random bits, that depends on seed and number alone."""
    return np.float64(_mixed(seed, number) >> np.uint64(11)) * _LAST_PLACE


@inlined
def _mixed(seed: int, number: int) -> Any:
    z = np.uint64(seed) + np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
