"""What a layer makes of many examples, phase by phase: what it reads, W x, + b, f, and what follows.

As the network is when it does not train: batch norm by its running statistics, nothing left out.
"""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.machine import row_by_row
from engine.machine.explanation import Kind
from engine.machine.kernels import ADD, DENSE, SWITCH_OFF
from engine.machine.network import Network, Rule
from engine.machine.operations import FIRST_ACTIVATION
from engine.machine.program import Program
from engine.vectors.memory import aligned_zeros, lanes_for

_BLOCK = 512  # examples at once: all rows of values of a wide, deep network are then 10 MB
_RULE = Rule(learning_rate=0.0, batch_size=1)  # nothing is trained


class Phase(NamedTuple):
    """`weights` is W x, `bias` is W x + b; the others are named as in an explained step."""

    kind: Literal["input", "weights", "bias"] | Kind
    values: NDArray[Any]  # (units, examples), of `input` (inputs, examples)


def phases(network: Network, inputs: NDArray[Any], layer: int) -> list[Phase]:
    """All phases of a layer, from 1, for inputs (features, examples); the last is what others read of it."""
    blocks = [_phases(network, inputs[:, first : first + _BLOCK], layer) for first in range(0, inputs.shape[1], _BLOCK)]
    return [
        Phase(same[0].kind, np.concatenate([phase.values for phase in same], axis=1))
        for same in zip(*blocks, strict=True)
    ]


def _phases(network: Network, inputs: NDArray[Any], layer: int) -> list[Phase]:
    walk = _Walk(network, inputs)
    program = network.program
    place, units = program.layers[layer - 1].weights, program.layers[layer - 1].fan_out
    dense, end = _rows_of(program, layer)
    row = program.rows[dense]
    walk.run(0, dense)
    found = [Phase("input", walk.values(row["source"], row["fan_in"]))]
    without = network.state["parameters"].copy()
    place.of(without)[:, -1] = 0
    walk.run(dense, dense + 1, without)
    found.append(Phase("weights", walk.values(row["target"], units)))
    walk.run(dense, dense + 1)
    found.append(Phase("bias", walk.values(row["target"], units)))
    here = row["target"]
    for number in range(dense + 1, end):
        walk.run(number, number + 1)
        kind, row = _kind_of(walk.rows, number, program.trained), walk.rows[number]
        if kind == "switch-off":  # in place, for some of the units
            if found[-1].kind == kind:
                found.pop()
        else:
            here = row["target"]
        if kind:
            found.append(Phase(kind, walk.values(here, units)))
    return found


class _Walk:
    """A forward pass over some examples that stops between rows."""

    def __init__(self, network: Network, inputs: NDArray[Any]) -> None:
        program, self._count = network.program, inputs.shape[1]
        self.rows = row_by_row.as_evaluated(program.rows)
        self._width = lanes_for(self._count)
        self._values = aligned_zeros(program.height * self._width, network.dtype)
        self._table = self._values[: program.height * self._width].reshape(program.height, self._width)
        self._table[list(program.ones)] = 1
        self._table[: program.inputs, : self._count] = inputs
        self._parameters, self._statistics = network.state["parameters"], network.state["statistics"]

    def run(self, first: int, last: int, parameters: NDArray[Any] | None = None) -> None:
        """Rows `first` to before `last`, with the network's parameters or with others."""
        row_by_row.go_forward(
            self.rows, first, last, _RULE.record, 0, self._parameters if parameters is None else parameters,
            self._statistics, self._values, self._width, self._count,
        )  # fmt: skip

    def values(self, first: int, units: int) -> NDArray[Any]:
        """A copy of some rows of values."""
        copy: NDArray[Any] = self._table[first : first + units, : self._count].copy()
        return copy


def _rows_of(program: Program, layer: int) -> tuple[int, int]:
    """The numbers of a layer's first row, which is dense, and of the next layer's, or of the end."""
    dense = np.flatnonzero(program.rows["operation"] == DENSE).tolist()
    return dense[layer - 1], [*dense, len(program.rows)][layer]


def _kind_of(rows: NDArray[Any], number: int, trained: int) -> Kind | None:
    """What a row does, if it makes a phase; copies do not."""
    operation = int(rows["operation"][number])
    if number >= trained:
        return "probability"
    if operation >= FIRST_ACTIVATION:
        return "activation"
    kinds: dict[int, Kind] = {row_by_row.CONSTANT_NORM: "batch-norm", SWITCH_OFF: "switch-off", ADD: "residual"}
    return kinds.get(operation)
