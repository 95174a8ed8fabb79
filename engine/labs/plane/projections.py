"""Where values of a layer are seen: on axes of two or three of its units, or in its first principal plane."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
_LARGEST = float(np.finfo(np.float32).max)  # whose squares float64 still holds
_NOTHING = 1e-7  # of a weight's size: float32 knows no better


class Projection(NamedTuple):
    """Orthogonal: `axes` are orthonormal, or zero where the layer has fewer units than there are axes."""

    center: Reals  # (units,), what lies at the origin
    axes: Reals  # (dimensions, units)
    shares: Reals  # of the variance of the training points along each axis, (dimensions,); 0 if there is none

    def of(self, values: NDArray[Any]) -> Reals:
        """(dimensions, points) of values (units, points)."""
        seen: Reals = self.axes @ (finite(values) - self.center[:, None])
        return seen


def finite(values: NDArray[Any]) -> Reals:
    """In float64, with the largest numbers of float32 for infinite ones and 0 for NaN."""
    return np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=_LARGEST, neginf=-_LARGEST)


def onto_units(values: NDArray[Any], units: tuple[int, ...]) -> Projection:
    """The axes are these units, from 1; an axis of a unit that is not there is zero."""
    known = finite(values)
    axes = np.zeros((len(units), len(known)))
    for axis, unit in enumerate(units):
        if unit <= len(known):
            axes[axis, unit - 1] = 1
    spread = known.var(axis=1)
    whole = spread.sum()
    return Projection(np.zeros(len(known)), axes, axes @ spread / whole if whole else np.zeros(len(units)))


def onto_principal(values: NDArray[Any], dimensions: int = 2) -> Projection:
    """The directions in which these values (units, points) vary most; of each, the largest part is positive."""
    known = finite(values)
    center = known.mean(axis=1)
    axes, shares = np.zeros((dimensions, len(known))), np.zeros(dimensions)
    _, sizes, directions = np.linalg.svd((known - center[:, None]).T, full_matrices=False)
    count = min(dimensions, len(sizes))
    largest = directions[:count][np.arange(count), np.abs(directions[:count]).argmax(axis=1)]
    axes[:count] = directions[:count] * np.where(largest < 0, -1, 1)[:, None]
    whole = float((sizes**2).sum())
    if whole:
        shares[:count] = sizes[:count] ** 2 / whole
    return Projection(center, axes, shares)


class Border(NamedTuple):
    """Where two classes are equally probable: normal · place + offset = 0 in the projection; above it is the first."""

    classes: tuple[int, int]  # from 0
    normal: Reals  # (dimensions,)
    offset: float
    is_exact: bool  # whether nothing that is not seen moves it
    agrees: float  # the share of training points that it puts on the side where the network has them


def border(
    classes: tuple[int, int], weights: Reals, bias: float, values: NDArray[Any], count: int, projection: Projection
) -> Border:
    """Of weights · values + bias = 0. values: (units, places), of which the first `count` are training points."""
    known = finite(values)
    seen = projection.of(known)
    normal = projection.axes @ weights
    sums = weights @ known + bias
    unseen = sums - normal @ seen  # what the weights make of all that the projection does not show
    offset = float(weights @ projection.center + bias)
    scale = float(np.abs(weights).max(initial=0) * np.abs(known).max(initial=1))
    is_exact = bool(np.ptp(unseen) <= _NOTHING * scale)
    if is_exact:  # also where other units say the same everywhere
        offset = float(unseen.mean())
    said = normal @ seen[:, :count] + offset > 0
    agrees = float((said == (sums[:count] > 0)).mean()) if count else 0.0
    return Border(classes, normal, offset, is_exact, agrees)
