"""Batch normalisation (Ioffe and Szegedy, 2015): each unit's values get mean 0 and variance 1, then scale and shift.

While training the mean and variance are those of the batch; otherwise the running ones. Numbers are PyTorch's
(torch.nn.BatchNorm1d 2.13). parameters: scales (units,), then shifts (units,). statistics: running means (units,),
running variances, then means and inverse deviations of the last batch, which the way back needs.
"""

import math
from typing import Any

from engine.kernel import inlined
from engine.vectors.lanes import LANES, fill, keep_first, load, store, total

EPSILON = 1e-5  # added to a variance
_MOMENTUM = 0.1  # share of a batch in the running statistics


@inlined
def batch_norm_forward(row: Any, parameters: Any, statistics: Any, values: Any, width: int, count: int) -> None:
    """By the running statistics."""
    units = row.fan_out
    for unit in range(units):
        deviation = math.sqrt(statistics[row.state + units + unit] + EPSILON)
        scale = parameters[row.parameters + unit] / deviation
        shift = parameters[row.parameters + units + unit] - statistics[row.state + unit] * scale
        source, target = (row.source + unit) * width, (row.target + unit) * width
        for lane in range(0, count, LANES):
            store(values, target + lane, load(values, source + lane) * scale + shift)


@inlined
def batch_norm_training(row: Any, parameters: Any, statistics: Any, values: Any, width: int, count: int) -> None:
    """By the batch's own statistics, which the running ones follow."""
    units = row.fan_out
    for unit in range(units):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        sums = fill(values, 0)
        for lane in range(0, count, LANES):
            sums += keep_first(load(values, source + lane), count - lane)
        mean = total(sums) / count
        squares = fill(values, 0)
        for lane in range(0, count, LANES):
            away = load(values, source + lane) - mean
            squares += keep_first(away * away, count - lane)
        variance = total(squares) / count
        inverse = 1 / math.sqrt(variance + EPSILON)
        scale = parameters[row.parameters + unit] * inverse
        shift = parameters[row.parameters + units + unit] - mean * scale
        for lane in range(0, count, LANES):
            store(values, target + lane, load(values, source + lane) * scale + shift)
        at = row.state + unit
        unbiased = variance * count / max(count - 1, 1)
        statistics[at] += _MOMENTUM * (mean - statistics[at])
        statistics[at + units] += _MOMENTUM * (unbiased - statistics[at + units])
        statistics[at + 2 * units] = mean
        statistics[at + 3 * units] = inverse


@inlined
def batch_norm_backward(
    row: Any, parameters: Any, statistics: Any, values: Any, slopes: Any, gradients: Any, width: int, count: int
) -> None:
    """Set the slopes of the source and the gradients of scale and shift; the statistics depend on every example."""
    units = row.fan_out
    for unit in range(units):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        mean = statistics[row.state + 2 * units + unit]
        inverse = statistics[row.state + 3 * units + unit]
        shifts, scales = fill(values, 0), fill(values, 0)
        for lane in range(0, count, LANES):
            slope = load(slopes, target + lane)
            shifts += slope
            scales += slope * ((load(values, source + lane) - mean) * inverse)
        shift, scale = total(shifts), total(scales)
        gradients[row.parameters + unit] = scale
        gradients[row.parameters + units + unit] = shift
        factor = parameters[row.parameters + unit] * inverse
        for lane in range(0, count, LANES):
            normal = (load(values, source + lane) - mean) * inverse
            slope = (load(slopes, target + lane) - shift / count - normal * (scale / count)) * factor
            store(slopes, source + lane, keep_first(slope, count - lane))


@inlined
def batch_norm_constant_backward(
    row: Any, parameters: Any, statistics: Any, values: Any, slopes: Any, gradients: Any, width: int, count: int
) -> None:
    """Back through `batch_norm_forward`: the running statistics depend on no example of the batch."""
    units = row.fan_out
    for unit in range(units):
        source, target = (row.source + unit) * width, (row.target + unit) * width
        mean = statistics[row.state + unit]
        inverse = 1 / math.sqrt(statistics[row.state + units + unit] + EPSILON)
        shifts, scales = fill(values, 0), fill(values, 0)
        factor = parameters[row.parameters + unit] * inverse
        for lane in range(0, count, LANES):
            slope = load(slopes, target + lane)
            shifts += slope
            scales += slope * ((load(values, source + lane) - mean) * inverse)
            store(slopes, source + lane, slope * factor)
        gradients[row.parameters + unit] = total(scales)
        gradients[row.parameters + units + unit] = total(shifts)
