"""A network once more, in NumPy and float64: losses, and central differences to check the machine's gradients with.

It shares no code with the kernels, so their agreement says something.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.machine.architecture import Activation, Objective
from engine.machine.operations import Operation
from engine.machine.operations.activations import LEAK, NUMBERS
from engine.machine.operations.batch_norm import EPSILON
from engine.machine.program import Program

Numbers = NDArray[np.float64]

STEP = 1e-5  # to both sides: a smaller one loses more to rounding, a larger one to curvature
_ROOM = 2_000_000  # numbers in the copies of a network that are evaluated at once


def _sigmoid(z: Numbers) -> Numbers:
    return np.exp(-np.logaddexp(0, -z))


_ACTIVATIONS: dict[Activation, Callable[[Numbers], Numbers]] = {
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "relu": lambda z: np.maximum(z, 0),
    "leaky-relu": lambda z: np.where(z > 0, z, LEAK * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "gelu": lambda z: z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))) / 2,
    "swish": lambda z: z * _sigmoid(z),
    "mish": lambda z: z * np.tanh(np.logaddexp(0, z)),
    "sine": np.sin,
}
_FUNCTIONS = {NUMBERS[name]: function for name, function in _ACTIVATIONS.items()}


def losses_of(objective: Objective, sums: NDArray[Any], targets: NDArray[Any]) -> Numbers:
    """The loss of each example (…, examples) from outputs or logits and their targets, both (…, outputs, examples).

    Targets of a cross-entropy are probabilities.
    """
    z, t = sums.astype(np.float64), targets.astype(np.float64)
    if objective == "squared-error":
        losses = (z - t) ** 2 / 2
    elif objective == "cross-entropy":
        losses = np.logaddexp(0, z) - t * z
    else:
        losses = t * (np.logaddexp.reduce(z, axis=-2, keepdims=True) - z)
    whole: Numbers = losses.sum(axis=-2)
    return whole


@dataclass(frozen=True)
class Setup:
    """What a loss depends on, in float64."""

    program: Program
    objective: Objective
    parameters: Numbers
    statistics: Numbers
    inputs: Numbers  # (features, examples)
    targets: Numbers  # (outputs, examples)
    trains: bool  # batch norm by the batch and with these factors of dropout, else by its running statistics
    factors: dict[int, Numbers]  # of each row of dropout, (units, examples)


def loss(setup: Setup) -> float:
    """The mean loss."""
    values = _begin(setup)[None]
    for number in range(setup.program.trained):
        _run(setup, number, values)
    return float(_losses(setup, values)[0])


def central_differences(setup: Setup, places: Sequence[int] | NDArray[np.int64]) -> Numbers:
    """(E(w + h) - E(w - h)) / 2h for the parameters at these places, (places,); E is the mean loss."""
    program, wanted = setup.program, np.asarray(places, np.int64)
    result = np.empty(len(wanted))
    values = _begin(setup)
    for number in range(program.trained):
        row = program.rows[number]
        first, size = int(row["parameters"]), _size(row)
        own = np.flatnonzero((wanted >= first) & (wanted < first + size))
        before = values[row["source"] : row["source"] + row["fan_in"] + 1].copy()
        _run(setup, number, values[None])
        at_once = max(_ROOM // (2 * values.size), 1)
        for start in range(0, len(own), at_once):
            part = own[start : start + at_once]
            result[part] = _differences(setup, number, values, before, wanted[part] - first)
    return result


def _size(row: np.void) -> int:
    """How many parameters a row has."""
    if row["operation"] == Operation.DENSE:
        return int(row["fan_out"] * (row["fan_in"] + 1))
    return int(2 * row["fan_out"]) if row["operation"] == Operation.BATCH_NORM else 0


def _differences(setup: Setup, number: int, values: Numbers, before: Numbers, places: NDArray[np.int64]) -> Numbers:
    """Of the parameters at these places of one row, whose values are there already."""
    program = setup.program
    row = program.rows[number]
    if row["operation"] == Operation.DENSE:
        unit, column = np.divmod(places, row["fan_in"] + 1)
        moves = before[column]
    else:
        is_shift, unit = np.divmod(places, row["fan_out"])
        mean, variance = _moments(setup, row, before[None, :-1])
        normal = ((before[:-1] - mean) / np.sqrt(variance + EPSILON))[0]
        moves = np.where(is_shift[:, None] == 1, 1.0, normal[unit])
    copies = np.repeat(values[None], 2 * len(places), axis=0)
    for sign, half in ((STEP, slice(0, len(places))), (-STEP, slice(len(places), None))):
        copies[half][np.arange(len(places)), row["target"] + unit] += sign * moves
    for later in range(number + 1, program.trained):
        _run(setup, later, copies)
    above, below = _losses(setup, copies).reshape(2, -1)
    quotients: Numbers = (above - below) / (2 * STEP)
    return quotients


def _begin(setup: Setup) -> Numbers:
    values = np.zeros((setup.program.height, setup.inputs.shape[1]))
    values[list(setup.program.ones)] = 1
    values[: len(setup.inputs)] = setup.inputs
    return values


def _losses(setup: Setup, values: Numbers) -> Numbers:
    """The mean loss of each copy."""
    first = int(setup.program.loss["source"][0])
    outputs = values[:, first : first + len(setup.targets)]
    means: Numbers = losses_of(setup.objective, outputs, setup.targets).mean(axis=-1)
    return means


def _moments(setup: Setup, row: np.void, sums: Numbers) -> tuple[Numbers, Numbers]:
    """Means and variances of batch norm, (copies or 1, units, 1)."""
    if setup.trains:
        return sums.mean(axis=-1, keepdims=True), sums.var(axis=-1, keepdims=True)
    first, units = int(row["state"]), int(row["fan_out"])
    running = setup.statistics[first : first + 2 * units].reshape(2, 1, units, 1)
    return running[0], running[1]


def _run(setup: Setup, number: int, values: Numbers) -> None:
    """Run a row over copies of the network's values, (copies, height, examples)."""
    row = setup.program.rows[number]
    operation, units = int(row["operation"]), int(row["fan_out"])
    source = values[:, row["source"] : row["source"] + row["fan_in"]]
    target = values[:, row["target"] : row["target"] + units]
    own = setup.parameters[row["parameters"] :]
    if operation == Operation.DENSE:
        matrix = own[: _size(row)].reshape(units, -1)
        target[:] = matrix[:, :-1] @ source + matrix[:, -1:]
    elif operation == Operation.BATCH_NORM:
        mean, variance = _moments(setup, row, source)
        target[:] = (source - mean) / np.sqrt(variance + EPSILON) * own[:units, None] + own[units : 2 * units, None]
    elif operation == Operation.DROPOUT:
        target[:] = source * setup.factors[number] if setup.trains else source
    elif operation == Operation.COPY:
        target[:] = source
    elif operation == Operation.ADD:
        target += source
    elif operation == Operation.SWITCH_OFF:
        target[:] = 0
    else:
        target[:] = _FUNCTIONS[operation](source)
