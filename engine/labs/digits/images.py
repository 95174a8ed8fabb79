"""Images of digits: moved, scaled and turned, and centred and scaled as those of MNIST are."""

import numpy as np
from numpy.typing import NDArray

from engine.labs.digits.mnist import SIDE

Image = NDArray[np.uint8]  # (28, 28), ink from 0 to 255

_BOX = 20  # height or width of the ink, whichever is larger
_CENTRE = SIDE / 2  # where the centre of mass goes, in both directions


def moved(image: Image, right: int, down: int) -> Image:
    """By so many pixels; what leaves the image is lost, and no ink comes in."""
    result = np.zeros_like(image)
    rows, columns = (slice(max(way, 0), max(SIDE + min(way, 0), 0)) for way in (down, right))
    from_rows, from_columns = (slice(max(-way, 0), max(SIDE - max(way, 0), 0)) for way in (down, right))
    result[rows, columns] = image[from_rows, from_columns]
    return result


def transformed(image: Image, right: float, down: float, turn: float, scale: float) -> Image:
    """Scaled and turned about the middle, then moved; by shares of pixels, and by degrees with the clock."""
    places = np.arange(SIDE) - (SIDE - 1) / 2
    y, x = np.meshgrid(places - down, places - right, indexing="ij")
    angle = np.radians(turn)
    cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
    rows = cosine * y - sine * x + (SIDE - 1) / 2  # where each pixel of the result comes from
    columns = sine * y + cosine * x + (SIDE - 1) / 2
    return np.rint(_between(image, rows, columns)).astype(np.uint8)


def _between(image: Image, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ink at places between pixels, linear in both directions; outside there is none."""
    padded = np.pad(image.astype(np.float64), 1)
    rows, columns = (np.clip(places + 1, 0, SIDE + 1) for places in (rows, columns))
    top, left = (np.minimum(places.astype(np.int64), SIDE) for places in (rows, columns))
    under, beside = rows - top, columns - left
    upper = padded[top, left] * (1 - beside) + padded[top, left + 1] * beside
    lower = padded[top + 1, left] * (1 - beside) + padded[top + 1, left + 1] * beside
    return np.asarray(upper * (1 - under) + lower * under)


def centred(image: Image) -> Image:
    """As MNIST's digits were made: the ink scaled into a box of 20 pixels, its centre of mass in the middle.

    An image without ink stays as it is.
    """
    rows, columns = (np.flatnonzero(image.any(axis)) for axis in (1, 0))
    if not len(rows):
        return image.copy()
    ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float64)
    scale = _BOX / max(ink.shape)
    height, width = (max(round(length * scale), 1) for length in ink.shape)
    scaled = _resampling(ink.shape[0], height) @ ink @ _resampling(ink.shape[1], width).T
    return _placed(scaled)


def _resampling(before: int, after: int) -> NDArray[np.float64]:
    """(after, before): each pixel becomes the mean of those that it covers, by the share that it covers of them."""
    edges = np.arange(after + 1) * (before / after)
    pixels = np.arange(before)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.maximum(covered, 0) * (after / before))


def _placed(ink: NDArray[np.float64]) -> Image:
    """In a whole image, by whole pixels; ink that is far from its centre of mass stays inside."""
    whole = ink.sum()
    result = np.zeros((SIDE, SIDE), np.uint8)
    starts = []
    for axis, length in enumerate(ink.shape):
        centre = ink.sum(1 - axis) @ np.arange(length) / whole
        starts.append(min(max(round(_CENTRE - centre), 0), SIDE - length))
    top, left = starts
    result[top : top + ink.shape[0], left : left + ink.shape[1]] = np.clip(np.rint(ink), 0, 255)
    return result
