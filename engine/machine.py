"""The machine: one compiled piece of code that runs every program.

A training step goes forward through the rows, takes the loss's slopes, goes backward, and updates. Arrays
belong to the caller; kernels write into them and never allocate, raise or log.
"""

from typing import Any

from engine.kernel import inlined, kernel
from engine.operations import Operation
from engine.operations.activations import (
    relu_backward,
    relu_forward,
    sigmoid_backward,
    sigmoid_forward,
    tanh_backward,
    tanh_forward,
)
from engine.operations.dense import dense_backward, dense_forward
from engine.operations.losses import (
    cross_entropy_slopes,
    cross_entropy_sum,
    squared_error_slopes,
    squared_error_sum,
)
from engine.vector import LANES, fill, load, pointer, store, where_positive

# Plain integers: inside a kernel they are constants, and the tables below become jump tables.
DENSE = int(Operation.DENSE)
TANH = int(Operation.TANH)
SIGMOID = int(Operation.SIGMOID)
RELU = int(Operation.RELU)
SQUARED_ERROR = int(Operation.SQUARED_ERROR)
CROSS_ENTROPY = int(Operation.CROSS_ENTROPY)


@inlined
def forward(row: Any, parameters: Any, values: Any, width: int, count: int) -> None:
    """Run one operation over the first `count` lanes."""
    operation = row.operation
    if operation == DENSE:
        dense_forward(row, parameters, values, width, count)
    elif operation == TANH:
        tanh_forward(row, values, width, count)
    elif operation == SIGMOID:
        sigmoid_forward(row, values, width, count)
    elif operation == RELU:
        relu_forward(row, values, width, count)


@inlined
def backward(
    row: Any, parameters: Any, gradients: Any, values: Any, slopes: Any, turned: Any, width: int, count: int
) -> None:
    """From the slopes of an operation's target to those of its source, and to the gradients of its parameters."""
    operation = row.operation
    if operation == DENSE:
        dense_backward(row, parameters, values, slopes, gradients, turned, width, count)
    elif operation == TANH:
        tanh_backward(row, values, slopes, width, count)
    elif operation == SIGMOID:
        sigmoid_backward(row, values, slopes, width, count)
    elif operation == RELU:
        relu_backward(row, values, slopes, width, count)


@inlined
def loss_slopes(row: Any, values: Any, slopes: Any, targets: Any, start: int, count: int, width: int) -> None:
    if row.operation == SQUARED_ERROR:
        squared_error_slopes(row, values, slopes, targets, start, count, width)
    else:
        cross_entropy_slopes(row, values, slopes, targets, start, count, width)


@inlined
def loss_sum(row: Any, values: Any, targets: Any, start: int, count: int, width: int) -> float:
    if row.operation == SQUARED_ERROR:
        return squared_error_sum(row, values, targets, start, count, width)
    return cross_entropy_sum(row, values, targets, start, count, width)


@inlined
def copy_inputs(inputs: Any, stride: int, features: int, start: int, values: Any, width: int, count: int) -> None:
    """Bring `count` examples of each feature, from `start` on, into the first rows of values."""
    for feature in range(features):
        for lane in range(0, count, LANES):
            store(values, feature * width + lane, load(inputs, feature * stride + start + lane))


@inlined
def update(
    parameters: Any,
    gradients: Any,
    alive: Any,
    is_weight: Any,
    count: int,
    rate: float,
    l1: float,
    l2: float,
    size: int,
) -> None:
    """One step down the mean gradient of `count` examples, then the regulariser, on weights only.

    As in TensorFlow Playground: the regulariser's slope is that of the weight before the step, and a weight
    that L1 takes across zero is zero from then on (alive becomes 0).
    """
    if l1 == 0.0 and l2 == 0.0:
        for at in range(0, size, LANES):
            step = load(gradients, at) * load(alive, at) * (rate / count)
            store(parameters, at, load(parameters, at) - step)
        return
    for at in range(0, size, LANES):
        w, weight, living = load(parameters, at), load(is_weight, at), load(alive, at)
        one, zero = fill(parameters, 1), fill(parameters, 0)
        sign = where_positive(w, one, zero) - where_positive(zero - w, one, zero)
        stepped = w - load(gradients, at) * living * (rate / count)
        after = stepped - (sign * (rate * l1) + w * (rate * l2)) * weight * living
        if l1 != 0.0:
            crossed = where_positive(zero - stepped * after, weight, zero)
            store(alive, at, living * (one - crossed))
            after = where_positive(crossed, zero, after)
        store(parameters, at, after)


@kernel
def train(
    rows: Any, trained: int, loss: Any,
    parameters: Any, gradients: Any, alive: Any, is_weight: Any, size: int,
    values: Any, slopes: Any, turned: Any, width: int,
    inputs: Any, targets: Any, features: int, stride: int, before: int, examples: int,
    batch: int, step: int, steps: int, rate: float, l1: float, l2: float,
) -> None:  # fmt: skip
    """Take `steps` steps, `batch` examples at a time in their order, the first of them step number `step` (from 0).

    inputs (features, stride), targets (stride,): example e lies at [before + e]. The examples that an epoch
    leaves over are taken along by the first batch of the next, as in TensorFlow Playground; so they stand once more
    in front of the first example.
    """
    p, g, living, decays = pointer(parameters), pointer(gradients), pointer(alive), pointer(is_weight)
    v, s, t = pointer(values), pointer(slopes), pointer(turned)
    x, y = pointer(inputs), pointer(targets)
    in_epoch = examples // batch
    left_over = examples - in_epoch * batch
    position = step % in_epoch
    carried = left_over if position == 0 and step > 0 else 0
    for _ in range(steps):
        count = batch + carried
        start = before + position * batch - carried
        copy_inputs(x, stride, features, start, v, width, count)
        for r in range(trained):
            forward(rows[r], p, v, width, count)
        loss_slopes(loss[0], v, s, y, start, count, width)
        for r in range(trained - 1, -1, -1):
            backward(rows[r], p, g, v, s, t, width, count)
        update(p, g, living, decays, count, rate, l1, l2, size)
        position += 1
        carried = 0
        if position == in_epoch:
            position = 0
            carried = left_over


@kernel
def evaluate(
    rows: Any, loss: Any, parameters: Any, values: Any, width: int,
    inputs: Any, targets: Any, features: int, stride: int, before: int, examples: int,
) -> float:  # fmt: skip
    """The mean loss over the examples."""
    p, v, x, y = pointer(parameters), pointer(values), pointer(inputs), pointer(targets)
    result = 0.0
    for start in range(0, examples, width):
        count = min(width, examples - start)
        copy_inputs(x, stride, features, before + start, v, width, count)
        for r in range(len(rows)):
            forward(rows[r], p, v, width, count)
        result += loss_sum(loss[0], v, y, before + start, count, width)
    return result / examples


@kernel
def field(
    rows: Any, parameters: Any, values: Any, width: int,
    inputs: Any, features: int, stride: int, points: int, wanted: Any, pictures: Any,
) -> None:  # fmt: skip
    """Set pictures[k * stride + point] to the value of row wanted[k] at each point: all in one pass."""
    p, v, x, out = pointer(parameters), pointer(values), pointer(inputs), pointer(pictures)
    for start in range(0, points, width):
        count = min(width, points - start)
        copy_inputs(x, stride, features, start, v, width, count)
        for r in range(len(rows)):
            forward(rows[r], p, v, width, count)
        for k in range(len(wanted)):
            source = wanted[k] * width
            for lane in range(0, count, LANES):
                store(out, k * stride + start + lane, load(v, source + lane))
