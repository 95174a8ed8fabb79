"""Flat sections through the space of a network's parameters: two weights, the gradient, along a path, at random."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.machine.program import Program

Vector = NDArray[np.float64]  # (parameters,)


@dataclass(frozen=True)
class Section:
    """All places origin + a axes[0] + b axes[1]. The axes are orthogonal; either may be zero."""

    origin: Vector
    axes: NDArray[np.float64]  # (2, parameters)

    def coordinates(self, points: NDArray[Any]) -> NDArray[np.float64]:
        """a and b of the nearest places of the section to some points (n, parameters), (n, 2)."""
        lengths = (self.axes**2).sum(axis=1)
        products: NDArray[np.float64] = (points - self.origin) @ self.axes.T
        return products / np.where(lengths > 0, lengths, 1)

    def share(self, points: NDArray[Any], centre: NDArray[Any]) -> float:
        """How much of the points' squared distances from a centre the section holds, from 0 to 1; NaN without any."""
        moved = points - centre.astype(np.float64)
        whole = float((moved**2).sum())
        lengths = np.sqrt((self.axes**2).sum(axis=1, keepdims=True))
        held = moved @ (self.axes / np.where(lengths > 0, lengths, 1)).T
        return min(float((held**2).sum()) / whole, 1.0) if whole > 0 else float("nan")


def of_weights(parameters: NDArray[Any], places: Sequence[int]) -> Section:
    """The section in which only the parameters at one or two places change: a and b are their values."""
    origin = parameters.astype(np.float64)
    axes = np.zeros((2, len(origin)))
    for axis, place in zip(axes, places, strict=False):
        origin[place] = 0
        axis[place] = 1
    return Section(origin, axes)


def along_gradient(parameters: NDArray[Any], gradient: NDArray[Any], other: Vector) -> Section:
    """Down the gradient, and along another direction; both have length 1 unless they are zero."""
    down = _scaled(-gradient.astype(np.float64), 1)
    return Section(parameters.astype(np.float64), np.stack([down, _scaled(_without(other, down), 1)]))


def along_path(parameters: NDArray[Any], points: NDArray[Any], others: Sequence[Vector]) -> Section:
    """The section through `parameters` that holds the most of some points (n, parameters): their principal components.

    Each axis has length 1, and points to that side to which the points reach further. A path that has no extent in two
    directions gets `others` instead.
    """
    centre = parameters.astype(np.float64)
    moved = points.astype(np.float64) - centre
    axes: list[Vector] = []
    for axis in [*_components(moved), *others]:
        rest = axis
        for taken in axes:
            rest = _without(rest, taken)
        axes.append(_scaled(rest, 1))
    reach = moved @ np.stack(axes[:2]).T
    signs = [-1.0 if len(reach) and -each.min() > each.max() else 1.0 for each in reach.T]
    return Section(centre, np.stack(axes[:2]) * np.array(signs)[:, None])


def at_random(parameters: NDArray[Any], directions: Sequence[Vector]) -> Section:
    """Along two directions of `filter_normalised`, the second without what it has of the first."""
    first, second = directions[:2]
    rest = _scaled(_without(second, first), float(np.linalg.norm(second)))
    return Section(parameters.astype(np.float64), np.stack([first, rest]))


def filter_normalised(direction: Vector, program: Program, parameters: NDArray[Any]) -> Vector:
    """A direction in which each unit's weights change in proportion to their size (Li et al., 2018).

    Biases and the parameters of batch norm do not change, as there.
    """
    scaled = np.zeros(program.parameter_count)
    for layer in program.layers:
        raw, own = layer.weights.of(direction)[:, :-1], layer.weights.of(parameters)[:, :-1].astype(np.float64)
        lengths = np.linalg.norm(raw, axis=1, keepdims=True)
        sizes = np.linalg.norm(own, axis=1, keepdims=True)
        layer.weights.of(scaled)[:, :-1] = raw / np.where(lengths > 0, lengths, 1) * sizes
    return scaled


def _components(moved: NDArray[np.float64]) -> list[Vector]:
    """The first two principal directions of rows, fewer where they have fewer.

    From the eigenvectors of the smaller of two products, in a tenth of the time of a singular value decomposition.
    """
    if not moved.any():
        return []
    is_tall = moved.shape[0] > moved.shape[1]
    values, vectors = np.linalg.eigh(_products(moved.T if is_tall else moved))
    found = [-1, -2] if len(values) > 1 and values[-2] > values[-1] * _FLAT else [-1]
    return [_scaled(vectors[:, k] if is_tall else vectors[:, k] @ moved, 1) for k in found]


def _products(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each row with each. Small ones without BLAS, whose threads wait for each other where cores are busy."""
    is_large = rows.shape[0] * rows.size > _MANY
    products: NDArray[np.float64] = rows @ rows.T if is_large else np.einsum("ik,jk->ij", rows, rows)
    return products


_MANY = 1e6  # multiplications
_FLAT = 1e-12  # of the largest eigenvalue: below it there is only rounding


def _without(vector: Vector, axis: Vector) -> Vector:
    """What is left of a vector without its part along an axis; nothing where only rounding would be left."""
    length = float(axis @ axis)
    rest: Vector = vector - axis * (float(vector @ axis) / length if length else 0)
    return rest if float(rest @ rest) > _FLAT * float(vector @ vector) else np.zeros_like(rest)


def _scaled(vector: Vector, length: float) -> Vector:
    size = float(np.linalg.norm(vector))
    return vector * (length / size) if size else vector
