"""Losses of a single output: their slopes for training and their sums for showing.

Targets are -1 or 1 in classification, any value in regression. Lanes past `count` hold no example: their slopes
are set to zero, so they vanish from every gradient.
"""

from typing import Any

from engine.kernel import inlined
from engine.vectors.elementary import sigmoid, softplus
from engine.vectors.lanes import LANES, keep_first, load, store, total


@inlined
def squared_error_slopes(row: Any, values: Any, slopes: Any, targets: Any, start: int, count: int, width: int) -> None:
    """The slope of (y - t)² / 2."""
    at = row.source * width
    for lane in range(0, count, LANES):
        error = load(values, at + lane) - load(targets, start + lane)
        store(slopes, at + lane, keep_first(error, count - lane))


@inlined
def squared_error_sum(row: Any, values: Any, targets: Any, start: int, count: int, width: int) -> float:
    """The sum of (y - t)² / 2 over `count` examples."""
    loss = 0.0
    for lane in range(0, count, LANES):
        error = load(values, row.source * width + lane) - load(targets, start + lane)
        loss += total(keep_first(error * error, count - lane))
    return loss / 2


@inlined
def cross_entropy_slopes(
    row: Any, smoothing: float, values: Any, slopes: Any, targets: Any, start: int, count: int, width: int
) -> None:
    """With respect to the logit, where sigmoid and logarithm cancel: probability - target.

    The target t of 0 or 1 is (1 - s) t + s / 2 where labels are smoothed by s.
    """
    at = row.source * width
    half = 0.5 - 0.5 * smoothing  # exactly 0.5 without
    for lane in range(0, count, LANES):
        expected = load(targets, start + lane) * half + 0.5
        error = sigmoid(load(values, at + lane)) - expected
        store(slopes, at + lane, keep_first(error, count - lane))


@inlined
def cross_entropy_sum(row: Any, values: Any, targets: Any, start: int, count: int, width: int) -> float:
    """The sum of -t log p - (1 - t) log(1 - p), from the logit so that no logarithm of zero arises."""
    loss = 0.0
    for lane in range(0, count, LANES):
        logit = load(values, row.source * width + lane)
        expected = load(targets, start + lane) * 0.5 + 0.5
        loss += total(keep_first(softplus(logit) - expected * logit, count - lane))
    return loss
