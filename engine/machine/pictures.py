"""Turns values into the bytes of a picture."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernel import inlined


def quantize(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Bytes of values: 0 for -1 and below, 128 for zero, 255 for 1 and above; NaN counts as zero."""
    clipped = np.clip(np.nan_to_num(values.astype(np.float32), nan=0.0), -1, 1)
    return (clipped * np.float32(127.5) + np.float32(128)).astype(np.uint8)


@inlined
def paint_rows(
    values: Any, width: int, count: int, rows: Any, hidden: int, are_likely: bool, picture: Any, start: int, points: int
) -> None:
    """A picture of `points` bytes for each row of values; those from rows[hidden] on may be probabilities."""
    for k in range(len(rows)):
        _paint(values, rows[k] * width, count, are_likely and k >= hidden, picture, k * points + start)


@inlined
def paint_outputs(
    values: Any, width: int, count: int, outputs: Any, are_likely: bool, picture: Any, start: int, points: int
) -> None:
    """The only output; with several, the winner and, `points` bytes later, its lead."""
    if len(outputs) > 1:
        _paint_winners(values, width, count, outputs, picture, start, points)
    else:
        _paint(values, outputs[0] * width, count, are_likely, picture, start)


@inlined
def _paint(values: Any, first: int, count: int, is_probability: bool, picture: Any, place: int) -> None:
    """`quantize` for `count` adjacent values; a probability p counts as 2p - 1."""
    for at in range(count):
        value = np.float32(values[first + at])
        value = value * np.float32(2) - np.float32(1) if is_probability else value
        value = value if value == value else np.float32(0)
        value = min(max(value, np.float32(-1)), np.float32(1))
        picture[place + at] = np.uint8(value * np.float32(127.5) + np.float32(128))


@inlined
def _paint_winners(values: Any, width: int, count: int, rows: Any, picture: Any, place: int, points: int) -> None:
    """The most probable class and its lead.

    A lead of 0 means that all classes are equally probable, 255 that the others are impossible; NaN counts as zero.
    """
    even = np.float32(1 / len(rows))
    for at in range(count):
        best, largest = 0, np.float32(0)
        for k in range(len(rows)):
            value = np.float32(values[rows[k] * width + at])
            if value > largest:
                best, largest = k, value
        picture[place + at] = best
        lead = max(largest - even, np.float32(0)) / (1 - even)
        picture[place + points + at] = np.uint8(lead * np.float32(255) + np.float32(0.5))
