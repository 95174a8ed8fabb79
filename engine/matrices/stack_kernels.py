"""What is compiled for stacks of dense layers that reproduce their inputs: steps in parts, and the way forward.

A step has *phases*, which take a few milliseconds each where layers are wide, so that a caller can leave others a turn
between them: filling, each layer forward, comparing, each layer's slopes, and then each layer's learning.

Arrays belong to the caller; kernels write into them and never allocate, raise or log.
"""

from typing import Any, NamedTuple

import numpy as np

from engine.kernel import called, inlined, kernel
from engine.machine.methods import update_range
from engine.machine.schedules import rate_at
from engine.matrices.activations import activated, slope_before
from engine.matrices.blocks import HALF, fill_half, load_half
from engine.matrices.products import outer, times, times_turned
from engine.vectors.lanes import LANES, are_finite, fill, keep_first, load, pointer, store, total

ROW = np.dtype(
    [
        (name, np.int64)
        for name in (
            "activation",
            "inputs",
            "units",
            "source",  # where the first example's values begin
            "source_row",  # the way from an example's to the next
            "target",
            "target_row",  # the same; also the way from a row of weights to the next
            "weights",  # (inputs, target_row), behind them the biases (target_row,)
        )
    ]
)
AT_ONCE = 48  # rows of weights whose gradients are made, and used at once, so that they stay in the cache


class StackMemory(NamedTuple):
    """Of one stack, for its greatest batch."""

    parameters: Any
    moments: Any  # two for each parameter: first those of all, then the others
    values: Any
    slopes: Any
    gradients: Any  # of some rows of weights
    turned: Any  # some columns of weights as rows


class Lesson(NamedTuple):
    """What a step learns from."""

    examples: Any  # (n, inputs)
    order: Any  # (n,): of all examples, in this epoch
    errors: Any  # (n,): each example's squared error, when it was last learned from
    is_entropy: (
        bool  # cross-entropy of values from 0 to 1, before which the last layer has a sigmoid; else squared error
    )


@inlined
def _pointers(memory: Any) -> Any:
    return StackMemory(
        pointer(memory.parameters),
        pointer(memory.moments),
        pointer(memory.values),
        pointer(memory.slopes),
        pointer(memory.gradients),
        pointer(memory.turned),
    )


@inlined
def _whole(units: int) -> int:
    """In whole vectors."""
    return (units + LANES - 1) // LANES * LANES


@inlined
def _fill(rows: Any, lesson: Any, first: int, count: int, m: Any) -> None:
    inputs = rows[0].inputs
    for e in range(count):
        at = rows[0].source + e * rows[0].source_row
        example = lesson.order[first + e]
        for i in range(inputs):
            m.values[at + i] = lesson.examples[example, i]


@called
def _forward(row: Any, count: int, m: Any) -> None:
    """Set the targets of `count` examples; numbers behind the units mean nothing."""
    columns = _whole(row.units)
    times(
        m.values, row.source, row.source_row, row.inputs, m.parameters, row.weights, row.target_row, columns,
        row.weights + row.inputs * row.target_row, m.values, row.target, row.target_row, count,
    )  # fmt: skip
    for e in range(count):
        at = row.target + e * row.target_row
        for o in range(0, columns, HALF):
            store(m.values, at + o, activated(row.activation, load_half(m.values, at + o)))


@inlined
def _compare(rows: Any, lesson: Any, first: int, count: int, m: Any) -> None:
    """Set the errors, and the slopes of the last layer's sums."""
    source, last = rows[0], rows[len(rows) - 1]
    factor = 1.0 if lesson.is_entropy else 2.0
    for e in range(count):
        inputs, at = source.source + e * source.source_row, last.target + e * last.target_row
        squares = fill(m.values, 0)
        for o in range(0, last.units, LANES):
            gap = keep_first(load(m.values, at + o) - load(m.values, inputs + o), last.units - o)
            squares += gap * gap
            store(m.slopes, at + o, gap * factor)
        lesson.errors[lesson.order[first + e]] = total(squares)


@called
def _slopes(row: Any, is_last: bool, is_first: bool, count: int, m: Any) -> None:
    """The slopes of a layer's sums from those of its values, unless it is the last, and then of its source's values."""
    columns = _whole(row.units)
    if not is_last:
        for e in range(count):
            at = row.target + e * row.target_row
            for o in range(0, columns, LANES):
                for part in range(0, LANES, HALF):
                    k = at + o + part
                    store(m.slopes, k, slope_before(row.activation, load_half(m.values, k), load_half(m.slopes, k)))
                store(m.slopes, at + o, keep_first(load(m.slopes, at + o), row.units - o))
    if not is_first:
        times_turned(
            m.slopes, row.target, row.target_row, columns, m.parameters, row.weights, row.target_row,
            _whole(row.inputs), m.turned, m.slopes, row.source, row.source_row, count,
        )  # fmt: skip


@called
def _learn(row: Any, rule: Any, rate: float, taken: int, count: int, half: int, m: Any) -> None:
    """A step of a layer's weights and biases: gradients of some rows at once, and used while they are at hand."""
    columns, scale = _whole(row.units), 1.0 / count
    for k in range(0, row.inputs, AT_ONCE):
        some = min(AT_ONCE, row.inputs - k)
        outer(
            m.values, row.source + k, row.source_row, count, m.slopes, row.target, row.target_row, columns,
            m.gradients, row.target_row, some,
        )  # fmt: skip
        for behind in range(columns, some * row.target_row, row.target_row):
            if columns < row.target_row:  # what no unit has stays zero
                store(m.gradients, behind, fill(m.gradients, 0))
        begin = row.weights + k * row.target_row
        update_range(
            rule, rate, taken, scale, True, m.parameters, begin, m.gradients, m.moments, half, some * row.target_row
        )
    for o in range(0, columns, HALF):
        bias = fill_half(m.slopes, 0)
        for e in range(count):
            bias += load_half(m.slopes, row.target + e * row.target_row + o)
        store(m.gradients, o, bias)
    begin = row.weights + row.inputs * row.target_row
    update_range(rule, rate, taken, scale, False, m.parameters, begin, m.gradients, m.moments, half, columns)


@kernel
def run_phases(
    rows: Any, rules: Any, memory: Any, size: int, lesson: Any, count: int, in_epoch: int,
    step: int, taken: int, run_step: int, first: int, last: int,
) -> bool:  # fmt: skip
    """The phases from `first` to before `last`, counted over the steps from number `step` since batches began.

    Returns whether all parameters are finite then. count: examples of a batch; taken: steps by the method before;
    run_step: since the run began.
    """
    m, rule = _pointers(memory), rules[0]
    layers = len(rows)
    phases = 3 * layers + 2
    for phase in range(first, last):
        k, part = phase // phases, phase % phases
        begin = (step + k) % in_epoch * count
        back = part - layers - 2
        if part == 0:
            _fill(rows, lesson, begin, count, m)
        elif part <= layers:
            _forward(rows[part - 1], count, m)
        elif back < 0:
            _compare(rows, lesson, begin, count, m)
        elif back < layers:
            layer = layers - 1 - back
            _slopes(rows[layer], layer == layers - 1, layer == 0, count, m)
        else:
            rate = rate_at(rule, run_step + k)
            _learn(rows[back - layers], rule, rate, taken + k, count, size, m)
    return last % phases != 0 or are_finite(m.parameters, size)


@kernel
def run_forward(rows: Any, memory: Any, first: int, last: int, count: int) -> None:
    """The layers from number `first` to before `last`, from 0, for the first `count` examples."""
    m = _pointers(memory)
    for layer in range(first, last):
        _forward(rows[layer], count, m)


KERNELS: tuple[Any, ...] = (run_phases, run_forward)
