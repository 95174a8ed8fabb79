"""Computes what the page shows of a network: pictures of the plane, scores, and the state of each layer."""

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.labs.plane.answers import row_of
from engine.labs.plane.diagnostics import dead_share, flat_share, size
from engine.labs.plane.examples import grid_for
from engine.labs.plane.features import evaluate_features
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.architecture import Activation
from engine.machine.examples import Grid, Inputs
from engine.machine.metrics import Confusion, regression
from engine.machine.network import Pictures


@dataclass(frozen=True)
class Figures:
    """All that a frame shows of a trainer."""

    losses: tuple[float, float]  # of training and test points; NaN over none
    metrics: NDArray[np.float64]  # of both: `confusion` (2, classes, classes) or `regression` (2, 2)
    large: Pictures  # one output (1, size, size); with several, the winner and its lead (2, size, size)
    small: Pictures  # each hidden neuron, and each output if there are several, (units, size, size)


def figures(trainer: Trainer, large: int = 100, small: int | None = 50) -> Figures:
    """Figures of the present parameters; `large` and `small` are pixels per side, None for no small pictures."""
    tiles = _grid(trainer, small) if small else None
    found = trainer.network.survey(
        trainer.model.train_examples, trainer.model.test_examples, _grid(trainer, large), tiles
    )
    return Figures(found.losses, _metrics(trainer, found.confusions, found.losses), found.large, found.small)


def metrics(trainer: Trainer) -> NDArray[np.float64]:
    """Only the metrics, as in `Figures`."""
    sets = (trainer.model.train_examples, trainer.model.test_examples)
    return _metrics(trainer, np.array([trainer.network.confusion(each) for each in sets]), trainer.losses())


def _metrics(trainer: Trainer, confusions: Confusion, losses: tuple[float, ...]) -> NDArray[np.float64]:
    if trainer.settings.class_count:
        return confusions.astype(np.float64)
    sets = (trainer.model.train_examples, trainer.model.test_examples)
    return np.array([regression(loss, examples.variance) for loss, examples in zip(losses, sets, strict=True)])


def unit_picture(trainer: Trainer, layer: int, neuron: int, size: int = 100) -> Pictures:
    """A picture of one hidden neuron or one of several outputs, (size, size); layer and neuron count from 1."""
    is_output = layer == len(trainer.network.program.layers)
    row = np.array([row_of(trainer, layer, neuron)])
    picture: Pictures = trainer.network.pictures(_grid(trainer, size), row, hidden=int(not is_output))[0]
    return picture


def large_picture(trainer: Trainer, size: int, unit: tuple[int, int] | None = None) -> Pictures:
    """One picture of any size: `large` of `figures`, or that of a unit, (1, size, size).

    Its grid is made for it alone: the one that is kept for frames would hold 13 MB at 480 pixels.
    """
    settings, network = trainer.settings, trainer.network
    low, high = settings.domain
    steps = (np.arange(size) + 0.5) * ((high - low) / size)
    x, y = np.meshgrid(steps + low, high - steps)
    grid = Grid(evaluate_features(settings.features, x.ravel(), y.ravel()), network.dtype)
    if unit:
        is_output = unit[0] == len(network.program.layers)
        return network.pictures(grid, np.array([row_of(trainer, *unit)]), hidden=int(not is_output))
    model = trainer.model
    return network.survey(model.train_examples, model.test_examples, grid, None).large


def places_in_parts(settings: Settings, dtype: DTypeLike, size: int, pixels: int) -> Iterator[Inputs]:
    """The places of a picture's pixels, cut into parts of about so many: whole rows, from the top."""
    low, high = settings.domain
    steps = (np.arange(size) + 0.5) * ((high - low) / size)
    rows = max(pixels // size, 1)
    for first in range(0, size, rows):
        x, y = np.meshgrid(steps + low, high - steps[first : first + rows])
        yield Inputs(evaluate_features(settings.features, x.ravel(), y.ravel()), dtype)


def large_picture_in_parts(trainer: Trainer, size: int, parts: Sequence[Inputs]) -> Generator[None, None, Pictures]:
    """`large_picture` of the output, with a pause after each part of `places_in_parts`; (1 or 2, size, size)."""
    painted = []
    for places in parts:
        painted.append(trainer.network.painted(places))
        yield
    return np.concatenate(painted, axis=1).reshape(-1, size, size)


def hidden_pictures(trainer: Trainer, size: int) -> Pictures:
    """A picture of each hidden neuron, (units, size, size)."""
    program = trainer.network.program
    return trainer.network.pictures(_grid(trainer, size), program.pictured[: program.hidden], hidden=program.hidden)


def _grid(trainer: Trainer, size: int) -> Grid:
    return grid_for(trainer.settings.features, size, trainer.network.dtype, trainer.settings.domain)


def layer_figures(trainer: Trainer) -> NDArray[np.float64]:
    """Four figures of each hidden layer and the output over 64 training points, (layers, 4).

    The size of the weights' gradient; the size of the next update over that of the weights; the share of values in
    the flat part of the activation; the share of ReLU units that are zero everywhere. NaN if not applicable.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # huge weights overflow here first
        return _layer_figures(trainer)


def _layer_figures(trainer: Trainer) -> NDArray[np.float64]:
    network, settings = trainer.network, trainer.settings
    look = network.look(trainer.model.train_examples, trainer.model.rule, trainer.step)
    output: Activation = "tanh" if settings.objective == "squared-error" and settings.class_count else "linear"
    rows = []
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
        rows.append((size(slopes[:, :-1]), share, flat_share(activation, units), dead_share(activation, units)))
    return np.array(rows)
