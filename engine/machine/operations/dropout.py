"""Dropout (Srivastava and others, 2014): a training step leaves some values out, and makes up for it in the rest.

Above the target rows lie as many with each value's factor, which the way back needs.
"""

from typing import Any

from engine.kernel import inlined
from engine.vectors.lanes import LANES, load, store
from engine.vectors.splitmix import random_below

_PARTS = 1 << 24  # in so many equal parts the random numbers fall


@inlined
def dropout_training(row: Any, rate: float, seed: int, step: int, values: Any, width: int, count: int) -> None:
    """Which values are left out depends on seed, step, row and example alone."""
    left_out = int(rate * _PARTS)
    factor = 1 / (1 - rate)
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        factors = (row.target - row.fan_out + unit) * width
        number = (step << 32) + ((row.target + unit) << 12)
        for lane in range(0, count, LANES):
            for e in range(lane, lane + LANES):
                is_in = random_below(seed, number + e, _PARTS) >= left_out
                values[factors + e] = factor if is_in else 0.0
            store(values, target + lane, load(values, source + lane) * load(values, factors + lane))


@inlined
def dropout_backward(row: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    for unit in range(row.fan_out):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        factors = (row.target - row.fan_out + unit) * width
        for lane in range(0, count, LANES):
            store(slopes, source + lane, load(slopes, target + lane) * load(values, factors + lane))
