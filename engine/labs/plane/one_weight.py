"""The loss of a run along one of its weights: of all points, of the next batch, of single points, and the next step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.choices import Refused
from engine.labs.plane.examples import Examples
from engine.labs.plane.explanation import explain_step
from engine.labs.plane.trainer import Trainer
from engine.machine import sections
from engine.machine.terrain import Terrain

Floats = NDArray[np.float64]

_PLACES, _FEW = 81, 41
_MANY = 10_000  # parameters, from which on there are few places
_POINTS = 8  # of the batch that have curves of their own, at most
_RADIUS = 4.0


@dataclass(frozen=True)
class Slice:
    """Curves over the values of one weight, all other parameters as they are."""

    values: Floats  # of the weight, (n,)
    whole: Floats  # mean loss of all training points, (n,)
    batch: Floats  # of the next batch, (n,)
    points: Floats  # of single points of that batch, (points, n)
    numbers: NDArray[np.int64]  # of these, from 0
    count: int  # points in the batch
    here: Floats  # the weight, the loss of all points, that of the batch, (3,)
    slope: float  # of the loss of the batch: what backpropagation says
    after: float  # the weight after the next step


def slice_of(run: Trainer, weight: int, zoom: int = 0) -> Slice:
    """The curves around the weight's present value. Raises Refused."""
    network, data = run.network, run.data.train
    count = network.program.parameter_count
    if weight >= count:
        raise Refused("weights", weight, f"a place below {count}")
    with np.errstate(over="ignore", invalid="ignore"):
        step = explain_step(run)
        numbers = np.array(step.numbers)
        shown = numbers[np.unique(np.linspace(0, len(numbers) - 1, _POINTS).astype(np.int64))]
        here = float(network.parameters[weight])
        values = here + np.linspace(-1, 1, _FEW if count > _MANY else _PLACES) * _RADIUS * 2 ** (-zoom / 2)
        section = sections.of_weights(network.parameters, [weight])

        def curve(points: NDArray[np.float64], at: Floats) -> Floats:
            examples = Examples(points, run.settings.features, 0, network.dtype)
            return Terrain(network, examples, section).heights(np.stack([at, np.zeros_like(at)], axis=1))

        with_here = np.append(values, here)
        whole, batch = curve(data, with_here), curve(data[numbers], with_here)
        points = np.array([curve(data[number : number + 1], values) for number in shown])
    update = step.update
    if update is None:
        raise ValueError("a training step has an update")
    return Slice(
        values, whole[:-1], batch[:-1], points, shown, len(numbers), np.array([here, whole[-1], batch[-1]]),
        float(update.gradient[weight]), float(update.after[weight]),
    )  # fmt: skip
