"""What people look at while a network learns: pictures of the plane, scores, and the state of each layer."""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.diagnostics import dead_share, flat_share, size
from engine.features import grid_features
from engine.memory import aligned_zeros, lanes_for
from engine.metrics import confusion, regression
from engine.pictures import quantize, winners
from engine.settings import Activation, Feature
from engine.trainer import Trainer

Picture = NDArray[np.uint8]  # a byte for -1 to 1 as `pictures.quantize` writes it


def output_picture(trainer: Trainer, size: int = 100) -> Picture:
    """What a network with one output says over the plane, (size, size)."""
    picture: Picture = _pictures(trainer, trainer.network.program.outputs, size)[0]
    return picture


def class_pictures(trainer: Trainer, size: int = 100) -> Picture:
    """Of a network with more outputs the most probable class, and how sure it is of it, (2, size, size).

    The second goes from 0, where no class is preferred, to 255.
    """
    return winners(field(trainer, trainer.network.program.outputs, size))[:, : size * size].reshape(2, size, size)


def unit_pictures(trainer: Trainer, size: int = 50) -> Picture:
    """Every hidden neuron, and every output if there are several, layer by layer, (units, size, size)."""
    return _pictures(trainer, _rows(trainer), size)


def unit_picture(trainer: Trainer, layer: int, neuron: int, size: int = 100) -> Picture:
    """One of those; layer and neuron count from 1."""
    program = trainer.network.program
    is_output = layer == len(program.layers)
    row = program.outputs[neuron - 1] if is_output else program.layers[layer - 1].units + neuron - 1
    picture: Picture = _pictures(trainer, (row,), size)[0]
    return picture


def _rows(trainer: Trainer) -> tuple[int, ...]:
    program = trainer.network.program
    hidden = tuple(layer.units + unit for layer in program.layers[:-1] for unit in range(layer.fan_out))
    return hidden + program.outputs if len(program.outputs) > 1 else hidden


def _pictures(trainer: Trainer, rows: tuple[int, ...], size: int) -> Picture:
    program = trainer.network.program
    values = field(trainer, rows, size)
    if program.tells_probability:
        for place, row in enumerate(rows):
            if row in program.outputs:
                values[place] = values[place] * 2 - 1
    return quantize(values)[:, : size * size].reshape(-1, size, size)


def field(trainer: Trainer, rows: tuple[int, ...], size: int) -> NDArray[Any]:
    """The values of some rows of the program over size x size points, in one pass: (rows, lanes_for(size²))."""
    grid = _grid(trainer.settings.inputs, size, trainer.network.dtype)
    return trainer.network.field(grid, size * size, rows)


@lru_cache(maxsize=64)
def _grid(features: tuple[Feature, ...], size: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """The inputs at every pixel, flat, shared by all sessions."""
    stride = lanes_for(size * size)
    inputs = aligned_zeros(len(features) * stride, dtype)
    rows = inputs[: len(features) * stride].reshape(len(features), stride)
    rows[:, : size * size] = grid_features(features, size)
    return inputs


def metrics(trainer: Trainer) -> NDArray[np.float64]:
    """Of the training points and of the test points: `confusion` (2, classes, classes) or `regression` (2, 2)."""
    sets = ((trainer.train_examples, trainer.data.train), (trainer.test_examples, trainer.data.test))
    classes = trainer.settings.class_count
    if classes:
        return np.array([confusion(*trainer.classes(examples, points), classes) for examples, points in sets])
    return np.array([regression(trainer.network.outputs(examples)[0], points[:, 2]) for examples, points in sets])


def layer_figures(trainer: Trainer) -> NDArray[np.float64]:
    """Of each layer, hidden ones and output, over 64 training points, (layers, 4).

    The size of the weights' gradient; by what share of their size the next step moves them; the share of values in
    the flat part of the activation, and of ReLU units that are zero everywhere; NaN where that cannot be.
    """
    network, settings = trainer.network, trainer.settings
    look = network.look(trainer.train_examples, trainer.rule, trainer.step)
    output: Activation = "tanh" if settings.objective == "squared-error" and settings.class_count else "linear"
    figures = []
    for layer, weights, slopes, moves, activation in zip(
        network.program.layers,
        network.matrices,
        network.by_layer(look.gradient),
        network.by_layer(look.update),
        (*settings.layer_activations, output),  # a logit has no flat part
        strict=True,
    ):
        units = look.values[layer.activated : layer.activated + layer.fan_out]
        weight = size(weights[:, :-1])
        share = size(moves[:, :-1]) / weight if weight else math.nan
        figures.append((size(slopes[:, :-1]), share, flat_share(activation, units), dead_share(activation, units)))
    return np.array(figures)
