"""Evaluates the network at one place of the plane, and each point's answer, correctness and loss.

All from the present parameters, not from the pictures, which have a byte per pixel.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.examples import Examples
from engine.labs.plane.trainer import Trainer
from engine.machine.architecture import Objective

Unit = tuple[int, int]  # layer and neuron, both from 1


def value_at(trainer: Trainer, x: float, y: float, unit: Unit | None = None) -> NDArray[Any]:
    """The outputs at a place of the plane, (outputs,), or with the value of `unit` behind them, (outputs + 1,).

    With a cross-entropy loss outputs are probabilities; a single one is that of class 0 (blue).
    """
    network = trainer.network
    rows = network.program.outputs
    if unit:
        rows = np.append(rows, row_of(trainer, *unit))
    place = Examples(np.array([[x, y, 0.0]]), trainer.settings.features, 0, network.dtype)
    return network.values(place, rows)[:, 0].copy()


def outputs_at(trainer: Trainer, points: NDArray[np.float64]) -> NDArray[Any]:
    """The outputs at places (n, 2) of the plane, (n, outputs); what they are, `value_at` says."""
    rows = np.column_stack([points, np.zeros(len(points))])
    places = Examples(rows, trainer.settings.features, 0, trainer.network.dtype)
    return trainer.network.outputs(places).T.copy()


def row_of(trainer: Trainer, layer: int, neuron: int) -> int:
    """The machine's row of values for a hidden neuron or an output; layer and neuron count from 1."""
    program = trainer.network.program
    if layer == len(program.layers):
        return int(program.outputs[neuron - 1])
    return program.layers[layer - 1].units + neuron - 1


def answers(trainer: Trainer) -> NDArray[np.float64]:
    """Four figures of each training point, then of each test point, (points, 4).

    The only output, or with several the most probable class, from 0; the probability of the predicted class, NaN if
    outputs are not probabilities; the loss; 1 if the predicted class is wrong, 0 if it is right, NaN in a regression.
    """
    sets = [each for each in (trainer.model.train_examples, trainer.model.test_examples) if each.count]
    return np.concatenate([_answers(trainer, each) for each in sets])


def _answers(trainer: Trainer, examples: Examples) -> NDArray[np.float64]:
    network, objective = trainer.network, trainer.settings.objective
    outputs = network.program.outputs
    rows = np.arange(len(outputs)) + network.program.loss["source"]  # the logits, or the outputs again
    values = network.values(examples, np.concatenate([outputs, rows])).astype(np.float64)
    said, sums = values[: len(outputs)], values[len(outputs) :]
    labels = examples.labels
    result = np.full((examples.count, 4), np.nan)
    with np.errstate(over="ignore", invalid="ignore"):  # shortly before training diverges
        result[:, 2] = _losses(objective, sums, labels)
    if len(outputs) > 1:
        result[:, 0] = taken = said.argmax(axis=0)
        result[:, 1] = said.max(axis=0)
        result[:, 3] = taken != labels
        return result
    result[:, 0] = said[0]
    if trainer.settings.class_count:
        is_likely = network.program.tells_probability
        is_blue = said[0] > (0.5 if is_likely else 0.0)
        result[:, 1] = np.where(is_blue, said[0], 1 - said[0]) if is_likely else np.nan
        result[:, 3] = is_blue != (labels > 0)
    return result


def _losses(objective: Objective, sums: NDArray[np.float64], labels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Loss of each point. `sums` are logits for a cross-entropy, to avoid the logarithm of zero, else outputs."""
    losses: NDArray[np.float64]
    if objective == "squared-error":
        losses = (sums[0] - labels) ** 2 / 2
    elif objective == "cross-entropy":
        losses = np.logaddexp(0, sums[0]) - (labels + 1) / 2 * sums[0]
    else:
        own = np.take_along_axis(sums, labels.astype(np.int64)[None], 0)[0]
        losses = np.logaddexp.reduce(sums, axis=0) - own
    return losses
