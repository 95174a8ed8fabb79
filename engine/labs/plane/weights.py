"""Weights layer by layer, and how the first ones are drawn."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.settings import Initialization
from engine.machine.program import Architecture
from engine.vectors.seedrandom import SeedRandom

Matrix = NDArray[Any]  # a dense layer's parameters, (units, inputs + 1), the last column is the bias
Draw = Callable[[int, int], Matrix]  # units and inputs of a layer, to its first weights

_FIRST_BIAS = 0.1  # TensorFlow Playground's


def no_norm(units: int) -> Matrix:
    """Scale 1, shift 0, running mean 0, running variance 1: a batch norm that changes nothing yet."""
    return np.repeat([[1.0], [0.0], [0.0], [1.0]], units, axis=1)


@dataclass(frozen=True)
class LayerWeights:
    """Of a dense layer, and of its batch norm, which counts only where the network has one."""

    matrix: Matrix
    norm: Matrix  # (4, units): scales, shifts, running means and variances


def without_history(matrix: Matrix) -> LayerWeights:
    """A layer whose batch norm has seen nothing yet."""
    return LayerWeights(matrix, no_norm(len(matrix)))


def drawing(initialization: Initialization, random: SeedRandom) -> Draw:
    """How first weights are drawn from a stream.

    `uniform` is TensorFlow Playground's. The others begin with biases of zero and have variances by the numbers of
    inputs i and units u of a layer: Xavier 2 / (i + u) (Glorot and Bengio, 2010), He 2 / i (2015), LeCun 1 / i (1998).
    `large` has a standard deviation of 3, which saturates.
    """
    bias = _FIRST_BIAS if initialization == "uniform" else 0.0

    def draw(units: int, inputs: int) -> Matrix:
        weights = _numbers(initialization, units, inputs, random)
        matrix = np.full((units, inputs + 1), bias)
        matrix[:, :-1] = weights.reshape(units, inputs)  # in TensorFlow Playground's order
        return matrix

    return draw


def _numbers(initialization: Initialization, units: int, inputs: int, random: SeedRandom) -> NDArray[np.float64]:
    """A layer's weights, (units * inputs,)."""
    count = units * inputs
    if initialization == "zeros":  # what all units of a layer have in common, training can never tell apart
        return np.zeros(count)
    variance = _variance(initialization, units, max(inputs, 1))
    if initialization.endswith("uniform"):
        bound = math.sqrt(3 * variance)
        return random.uniforms(count, -bound, bound)
    return random.normals(count, variance)


def _variance(initialization: Initialization, units: int, inputs: int) -> float:
    if initialization in {"xavier-normal", "xavier-uniform"}:
        return 2 / (inputs + units)
    if initialization in {"he-normal", "he-uniform"}:
        return 2 / inputs
    return {"uniform": 1 / 12, "lecun-normal": 1 / inputs, "large": 9.0}[initialization]


def draw_weights(architecture: Architecture, draw: Draw) -> list[LayerWeights]:
    """The first weights of every layer, from the inputs on."""
    shape = architecture.shape
    fans_in = [sum(shape[source] for source in architecture.reads(layer)) for layer in range(1, len(shape))]
    return [without_history(draw(units, fan_in)) for fan_in, units in zip(fans_in, shape[1:], strict=True)]
