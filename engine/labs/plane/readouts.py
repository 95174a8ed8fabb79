"""What a linear read-out of each layer would score: ridge regression on the training points, asked about others."""

import math

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.projections import finite
from engine.labs.plane.trainer import Trainer
from engine.ridge import ridge

_SHARE = 0.001  # of the penalty: a layer has few units here

Reals = NDArray[np.float64]


def read_outs(trainer: Trainer) -> Reals:
    """Of the inputs and of each hidden layer the score on training and on test points, (layers, 2).

    The share of points whose class it tells, or R² in a regression; NaN without points.
    """
    return np.array([scores(trainer, values) for values in zip(*_layers(trainer), strict=True)])


def _layers(trainer: Trainer) -> list[list[Reals]]:
    """Values of the inputs and each hidden layer, for training and for test points, each (points, units)."""
    network, sets = trainer.network, (trainer.model.train_examples, trainer.model.test_examples)
    firsts = [0, *(layer.units for layer in network.program.layers[:-1])]
    widths = [network.program.inputs, *(layer.fan_out for layer in network.program.layers[:-1])]
    rows = np.concatenate(
        [np.arange(first, first + width) for first, width in zip(firsts, widths, strict=True)]
    ).astype(np.int64)  # fmt: skip
    places = np.cumsum(widths)[:-1]
    return [np.split(finite(network.values(each, rows)).T, places, axis=1) for each in sets]


def scores(trainer: Trainer, values: tuple[Reals, Reals]) -> tuple[float, float]:
    """Of a read-out of these values of training and test points, (points, units)."""
    classes = trainer.settings.class_count
    sets = (trainer.model.train_examples, trainer.model.test_examples)
    known, asked = (np.column_stack([each, np.ones(len(each))]) for each in values)
    labels = [each.labels for each in sets]
    if not len(known):
        return math.nan, math.nan
    weights = ridge(known, np.eye(classes)[labels[0].astype(int)] if classes > 2 else labels[0][:, None], _SHARE)
    return _score(known @ weights, labels[0], classes), _score(asked @ weights, labels[1], classes)


def _score(said: Reals, labels: Reals, classes: int) -> float:
    if not len(labels):
        return math.nan
    if classes > 2:
        return float((said.argmax(axis=1) == labels).mean())
    if classes:
        return float(((said[:, 0] > 0) == (labels > 0)).mean())
    variance = labels.var()
    return float(1 - ((said[:, 0] - labels) ** 2).mean() / variance) if variance else math.nan
