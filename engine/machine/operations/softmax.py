"""More than two classes: softmax, and the categorical cross-entropy of its logits.

A class has a row of values; targets hold the number of each example's class, from 0.
"""

from typing import Any

from engine.kernel import inlined
from engine.vectors.elementary import exponential, logarithm
from engine.vectors.lanes import LANES, fill, keep_first, load, store, total, where_positive


@inlined
def _largest(values: Any, at: int, classes: int, width: int) -> Any:
    """In each lane, so that no exponential overflows."""
    largest = load(values, at)
    for k in range(1, classes):
        z = load(values, at + k * width)
        largest = where_positive(z - largest, z, largest)
    return largest


@inlined
def _exponentials(values: Any, at: int, classes: int, width: int, largest: Any, result: Any, to: int) -> Any:
    """Set result, class by class, and tell their sum."""
    whole = fill(values, 0)
    for k in range(classes):
        e = exponential(load(values, at + k * width) - largest)
        store(result, to + k * width, e)
        whole += e
    return whole


@inlined
def _is(label: Any, k: int, like: Any) -> Any:
    """1 in the lanes whose label is k."""
    away = label - k
    return where_positive(0.25 - away * away, fill(like, 1), fill(like, 0))


@inlined
def softmax_forward(row: Any, values: Any, width: int, count: int) -> None:
    """exp z_k / sum of exp z: the probability of each class."""
    for lane in range(0, count, LANES):
        source, target = row.source * width + lane, row.target * width + lane
        largest = _largest(values, source, row.fan_in, width)
        whole = _exponentials(values, source, row.fan_in, width, largest, values, target)
        for k in range(row.fan_in):
            store(values, target + k * width, load(values, target + k * width) / whole)


@inlined
def categorical_slopes(
    row: Any, smoothing: float, values: Any, slopes: Any, targets: Any, start: int, count: int, width: int
) -> None:
    """With respect to the logits, where softmax and logarithm cancel: probability - one-hot target.

    Where labels are smoothed by s, a target t is (1 - s) t + s / classes. The difference is added afterwards: as part
    of the same sum it would change how LLVM divides, and with it the last digit of a run without.
    """
    for lane in range(0, count, LANES):
        at = row.source * width + lane
        label = load(targets, start + lane)
        largest = _largest(values, at, row.fan_in, width)
        whole = _exponentials(values, at, row.fan_in, width, largest, slopes, at)
        for k in range(row.fan_in):
            error = load(slopes, at + k * width) / whole - _is(label, k, values)
            store(slopes, at + k * width, keep_first(error, count - lane))
        if smoothing > 0.0:
            for k in range(row.fan_in):
                less = (_is(label, k, values) - 1.0 / row.fan_in) * smoothing
                store(slopes, at + k * width, load(slopes, at + k * width) + keep_first(less, count - lane))


@inlined
def categorical_sum(row: Any, values: Any, targets: Any, start: int, count: int, width: int) -> float:
    """The sum of -log p of the right class, from the logits so that no logarithm of zero arises."""
    loss = 0.0
    for lane in range(0, count, LANES):
        at = row.source * width + lane
        label = load(targets, start + lane)
        largest = _largest(values, at, row.fan_in, width)
        whole, right = fill(values, 0), fill(values, 0)
        for k in range(row.fan_in):
            z = load(values, at + k * width)
            whole += exponential(z - largest)
            right += _is(label, k, values) * z
        loss += total(keep_first(logarithm(whole) + largest - right, count - lane))
    return loss
