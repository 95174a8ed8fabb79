"""From settings to a program: a table of operations over one array of parameters and one of values.

Nothing is compiled for a network: the machine of `engine.machine` reads the table.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.operations import Operation
from engine.settings import Activation, Loss
from engine.vector import LANES

ROW = np.dtype(
    [
        ("operation", np.int64),
        ("source", np.int64),  # first row of values that it reads
        ("target", np.int64),  # first row of values that it writes
        ("fan_in", np.int64),
        ("fan_out", np.int64),
        ("parameters", np.int64),  # place of its first parameter
    ]
)

_ACTIVATIONS: dict[Activation, Operation | None] = {
    "tanh": Operation.TANH,
    "sigmoid": Operation.SIGMOID,
    "relu": Operation.RELU,
    "leaky-relu": Operation.LEAKY_RELU,
    "elu": Operation.ELU,
    "swish": Operation.SWISH,
    "gelu": Operation.GELU,
    "sine": Operation.SINE,
    "linear": None,
}
_KEEPING = {Operation.SWISH, Operation.GELU, Operation.SINE}  # need what came to them once more


@dataclass(frozen=True)
class Layer:
    """Where a dense layer keeps its parameters and its units' values."""

    fan_in: int
    fan_out: int
    parameters: int  # (fan_out, fan_in + 1) from here on, the last column is the bias
    units: int  # row of values of its first unit


@dataclass(frozen=True)
class Program:
    """A network for the machine."""

    rows: NDArray[np.void]  # in the order of the forward pass; the loss is not among them
    trained: int  # the first so many rows are trained, the rest only turn the logit into a probability
    loss: NDArray[np.void]  # one row
    layers: tuple[Layer, ...]
    inputs: int  # how many input features; their rows come first
    output: int  # row of values that holds what the network says
    height: int  # rows of values in all
    parameter_count: int


def compile_program(shape: tuple[int, ...], activation: Activation, output: Activation, loss: Loss) -> Program:
    """A fully connected network of `shape` (inputs, hidden layers, 1 output)."""
    rows: list[tuple[int, ...]] = []
    layers: list[Layer] = []
    source, free, parameters = 0, shape[0] + 1, 0  # below each layer's units lies a row of ones
    for fan_in, fan_out in pairwise(shape):
        is_last = len(layers) == len(shape) - 2
        operation = None if is_last and loss == "cross-entropy" else _ACTIVATIONS[output if is_last else activation]
        rows.append((Operation.DENSE, source, free, fan_in, fan_out, parameters))
        sums = free
        if operation in _KEEPING:
            free += fan_out
        if operation is not None:
            rows.append((operation, sums, free, fan_out, fan_out, 0))
        layer = Layer(fan_in, fan_out, parameters, free)
        layers.append(layer)
        source = free
        free += fan_out + 1
        parameters += fan_out * (fan_in + 1)
    trained, told = len(rows), source
    if loss == "cross-entropy":
        rows.append((Operation.SIGMOID, source, free, 1, 1, 0))
        told, free = free, free + 1
    loss_operation = Operation.CROSS_ENTROPY if loss == "cross-entropy" else Operation.SQUARED_ERROR
    loss_row = (loss_operation, source, source, 1, 1, 0)
    return Program(
        rows=np.array(rows, ROW),
        trained=trained,
        loss=np.array([loss_row], ROW),
        layers=tuple(layers),
        inputs=shape[0],
        output=told,
        height=free + LANES,  # the gradient kernels read whole blocks of rows
        parameter_count=parameters,
    )
