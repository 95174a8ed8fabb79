"""Draws the first weights of a network."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.settings import Initialization
from engine.machine.architecture import Architecture
from engine.machine.weights import LayerWeights, Matrix, without_history
from engine.vectors.seedrandom import SeedRandom

Draw = Callable[[int, int], Matrix]  # from a layer's units and inputs to its first weights

_FIRST_BIAS = 0.1  # TensorFlow Playground's


def drawing(initialization: Initialization, random: SeedRandom) -> Draw:
    """A function that draws a layer's first weights from a stream.

    `uniform` is TensorFlow Playground's. The others have zero biases and a variance that depends on a layer's inputs i
    and units u: Xavier 2 / (i + u) (Glorot and Bengio, 2010), He 2 / i (2015), LeCun 1 / i (1998).
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
    if initialization == "zeros":  # training never separates units that begin the same
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
