"""First weights, and what becomes of weights when the network changes shape.

A layer's parameters are a matrix (units, inputs + 1) whose last column holds the biases.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.seedrandom import SeedRandom
from engine.settings import Initialization

Weights = NDArray[np.float64]
Draw = Callable[[int, int], Weights]  # units and inputs of a layer, to its first weights

_FIRST_BIAS = 0.1  # TensorFlow Playground's


def drawing(initialization: Initialization, random: SeedRandom) -> Draw:
    """How first weights are drawn from a stream.

    `uniform` is TensorFlow Playground's. The others begin with biases of zero and have variances by the numbers of
    inputs i and units u of a layer: Xavier 2 / (i + u) (Glorot and Bengio, 2010), He 2 / i (2015), LeCun 1 / i (1998).
    `large` has a standard deviation of 3, which saturates.
    """
    bias = _FIRST_BIAS if initialization == "uniform" else 0.0

    def draw(units: int, inputs: int) -> Weights:
        number = _number(initialization, units, max(inputs, 1), random)
        rows = [[number() for _ in range(inputs)] + [bias] for _ in range(units)]  # in TensorFlow Playground's order
        return np.array(rows, np.float64).reshape(units, inputs + 1)

    return draw


def _number(initialization: Initialization, units: int, inputs: int, random: SeedRandom) -> Callable[[], float]:
    """What draws one weight."""
    if initialization == "zeros":  # what all units of a layer have in common, training can never tell apart
        return lambda: 0.0
    variance = _variance(initialization, units, inputs)
    if initialization.endswith("uniform"):
        bound = math.sqrt(3 * variance)
        return lambda: random.uniform(-bound, bound)
    return lambda: random.normal(0, variance)


def _variance(initialization: Initialization, units: int, inputs: int) -> float:
    if initialization in {"xavier-normal", "xavier-uniform"}:
        return 2 / (inputs + units)
    if initialization in {"he-normal", "he-uniform"}:
        return 2 / inputs
    return {"uniform": 1 / 12, "lecun-normal": 1 / inputs, "large": 9.0}[initialization]


def draw_weights(shape: tuple[int, ...], draw: Draw) -> list[Weights]:
    """The first weights of every layer, from the inputs on."""
    return [draw(units, inputs) for inputs, units in pairwise(shape)]


def add_unit(matrices: Sequence[Weights], layer: int, draw: Draw) -> list[Weights]:
    """Append a unit to layer `layer` (from 0); its outgoing weights are zero, so the network still says the same."""
    changed = list(matrices)
    changed[layer] = np.concatenate([changed[layer], draw(1, changed[layer].shape[1] - 1)])
    changed[layer + 1] = np.insert(changed[layer + 1], -1, 0.0, axis=1)
    return changed


def remove_unit(matrices: Sequence[Weights], layer: int, unit: int) -> list[Weights]:
    """Remove a unit (from 0) of layer `layer` with its incoming and outgoing weights."""
    changed = list(matrices)
    changed[layer] = np.delete(changed[layer], unit, axis=0)
    changed[layer + 1] = np.delete(changed[layer + 1], unit, axis=1)
    return changed


def insert_layer(matrices: Sequence[Weights], layer: int, units: int, draw: Draw) -> list[Weights]:
    """Put a layer in front of what is now layer `layer` (from 0).

    As wide as the layer before it, it begins by passing that layer's values on through its activation, and every
    other weight stays. Where it is narrower or wider, weights that have no partner are dropped or drawn.
    """
    changed = list(matrices)
    following = changed[layer]
    before = following.shape[1] - 1
    fresh = np.zeros((units, before + 1))
    np.fill_diagonal(fresh[:, :before], 1.0)
    changed[layer : layer + 1] = [fresh, _refit(following, units, draw)]
    return changed


def remove_layer(matrices: Sequence[Weights], layer: int, draw: Draw) -> list[Weights]:
    """Take layer `layer` (from 0) out; the next one keeps the weights that still have a partner."""
    changed = list(matrices)
    removed = changed.pop(layer)
    changed[layer] = _refit(changed[layer], removed.shape[1] - 1, draw)
    return changed


def select_inputs(first: Weights, old: Sequence[str], new: Sequence[str]) -> Weights:
    """The first layer for other input features: known ones keep their weights, new ones start at zero."""
    result = np.zeros((len(first), len(new) + 1))
    result[:, -1] = first[:, -1]
    for column, feature in enumerate(new):
        if feature in old:
            result[:, column] = first[:, old.index(feature)]
    return result


def _refit(matrix: Weights, inputs: int, draw: Draw) -> Weights:
    """The matrix for another number of inputs; biases stay."""
    result = draw(len(matrix), inputs)
    kept = min(inputs, matrix.shape[1] - 1)
    result[:, :kept] = matrix[:, :kept]
    result[:, -1] = matrix[:, -1]
    return result
