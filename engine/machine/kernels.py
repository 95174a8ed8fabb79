"""The machine: one compiled piece of code that runs every program.

A training step goes forward through the rows, takes the loss's slopes, goes backward, and updates. Arrays
belong to the caller; kernels write into them and never allocate, raise or log.
"""

from typing import Any

from engine.kernel import inlined, kernel
from engine.machine.methods import update
from engine.machine.metrics import count_classes
from engine.machine.operations import Operation
from engine.machine.operations.activations import activation_backward, activation_forward
from engine.machine.operations.batch_norm import batch_norm_backward, batch_norm_forward, batch_norm_training
from engine.machine.operations.connections import add_forward, copy_forward, pass_back, switch_off
from engine.machine.operations.dense import dense_backward, dense_forward
from engine.machine.operations.dropout import dropout_backward, dropout_training
from engine.machine.operations.losses import (
    cross_entropy_slopes,
    cross_entropy_sum,
    squared_error_slopes,
    squared_error_sum,
)
from engine.machine.operations.softmax import categorical_slopes, categorical_sum, softmax_forward
from engine.machine.orders import Order, shuffle
from engine.machine.pictures import paint_outputs, paint_rows
from engine.machine.schedules import rate_at
from engine.vectors.lanes import LANES, are_finite, load, pointer, store
from engine.vectors.splitmix import random_below

# Plain integers: inside a kernel they are constants, and the tables below become jump tables.
DENSE = int(Operation.DENSE)
SQUARED_ERROR = int(Operation.SQUARED_ERROR)
CROSS_ENTROPY = int(Operation.CROSS_ENTROPY)
CATEGORICAL = int(Operation.CATEGORICAL_CROSS_ENTROPY)
SOFTMAX = int(Operation.SOFTMAX)
BATCH_NORM = int(Operation.BATCH_NORM)
DROPOUT = int(Operation.DROPOUT)
COPY = int(Operation.COPY)
ADD = int(Operation.ADD)
SWITCH_OFF = int(Operation.SWITCH_OFF)
SEQUENCE = int(Order.SEQUENCE)
SHUFFLE = int(Order.SHUFFLE)
LARGE = 2  # of the four parts that are watched; before it come the examples


@inlined
def forward(row: Any, parameters: Any, statistics: Any, values: Any, width: int, count: int) -> None:
    """Run one operation over the first `count` lanes, not training: by running statistics, without dropout."""
    operation = row.operation
    if operation == DENSE:
        dense_forward(row, parameters, values, width, count)
    elif operation == BATCH_NORM:
        batch_norm_forward(row, parameters, statistics, values, width, count)
    elif operation in (COPY, DROPOUT):
        copy_forward(row, values, width, count)
    elif operation == ADD:
        add_forward(row, values, width, count)
    elif operation == SWITCH_OFF:
        switch_off(row, values, width, count)
    elif operation == SOFTMAX:
        softmax_forward(row, values, width, count)
    else:
        activation_forward(row, values, width, count)


@inlined
def forward_training(
    row: Any, rule: Any, step: int, parameters: Any, statistics: Any, values: Any, width: int, count: int
) -> None:
    """The same in a training step."""
    if row.operation == BATCH_NORM:
        batch_norm_training(row, parameters, statistics, values, width, count)
    elif row.operation == DROPOUT:
        dropout_training(row, rule.dropout, rule.seed, step, values, width, count)
    else:
        forward(row, parameters, statistics, values, width, count)


@inlined
def backward(
    row: Any, parameters: Any, statistics: Any, gradients: Any,
    values: Any, slopes: Any, turned: Any, width: int, count: int,
) -> None:  # fmt: skip
    """From the slopes of an operation's target to those of its source, and to the gradients of its parameters."""
    operation = row.operation
    if operation == DENSE:
        dense_backward(row, parameters, values, slopes, gradients, turned, width, count)
    elif operation == BATCH_NORM:
        batch_norm_backward(row, parameters, statistics, values, slopes, gradients, width, count)
    elif operation == DROPOUT:
        dropout_backward(row, values, slopes, width, count)
    elif operation in (COPY, ADD):
        pass_back(row, slopes, width, count)
    elif operation == SWITCH_OFF:
        switch_off(row, slopes, width, count)
    else:
        activation_backward(row, values, slopes, width, count)


@inlined
def loss_slopes(
    row: Any, smoothing: float, values: Any, slopes: Any, targets: Any, start: int, count: int, width: int
) -> None:
    """Of the loss that is trained; `loss_sum` is that of the true labels."""
    if row.operation == SQUARED_ERROR:
        squared_error_slopes(row, values, slopes, targets, start, count, width)
    elif row.operation == CATEGORICAL:
        categorical_slopes(row, smoothing, values, slopes, targets, start, count, width)
    else:
        cross_entropy_slopes(row, smoothing, values, slopes, targets, start, count, width)


@inlined
def loss_sum(row: Any, values: Any, targets: Any, start: int, count: int, width: int) -> float:
    if row.operation == SQUARED_ERROR:
        return squared_error_sum(row, values, targets, start, count, width)
    if row.operation == CATEGORICAL:
        return categorical_sum(row, values, targets, start, count, width)
    return cross_entropy_sum(row, values, targets, start, count, width)


@inlined
def copy_inputs(inputs: Any, stride: int, features: int, start: int, values: Any, width: int, count: int) -> None:
    """Bring `count` examples of each feature, from `start` on, into the first rows of values."""
    for feature in range(features):
        for lane in range(0, count, LANES):
            store(values, feature * width + lane, load(inputs, feature * stride + start + lane))


@inlined
def choose(
    rule: Any, sequence: Any, step: int, batch: int, examples: int, before: int,
    inputs: Any, stride: int, features: int, targets: Any, values: Any, chosen: Any, width: int,
) -> None:  # fmt: skip
    """Bring a batch that does not lie side by side into the first rows of values, and its targets into `chosen`."""
    position = step % (examples // batch)
    for e in range(batch):
        if rule.order == SHUFFLE:
            example = before + sequence[position * batch + e]
        else:
            example = before + random_below(rule.seed, step * batch + e, examples)
        for feature in range(features):
            values[feature * width + e] = inputs[feature * stride + example]
        chosen[e] = targets[example]


@kernel
def train(
    rows: Any, trained: int, loss: Any, rules: Any,
    parameters: Any, statistics: Any, gradients: Any, moments: Any, alive: Any, is_weight: Any, size: int,
    values: Any, slopes: Any, turned: Any, chosen: Any, width: int,
    inputs: Any, targets: Any, sequence: Any, features: int, stride: int, before: int, examples: int,
    batch: int, step: int, taken: int, run_step: int, steps: int,
) -> bool:  # fmt: skip
    """Take `steps` steps, `batch` examples at a time, the first of them number `step` (from 0) since batches began.

    Returns whether all parameters and statistics are finite then.

    `taken` steps were taken by the method before, `run_step` since the run began. inputs (features, stride),
    targets (stride,): example e lies at [before + e]. In sequence, the examples that an epoch leaves over are taken
    along by the first batch of the next, as in TensorFlow Playground; so they stand once more in front of the first
    example. In another order they are left out, others each epoch.
    """
    p, n, g, m = pointer(parameters), pointer(statistics), pointer(gradients), pointer(moments)
    living, decays = pointer(alive), pointer(is_weight)
    v, s, t, c = pointer(values), pointer(slopes), pointer(turned), pointer(chosen)
    x, y, order = pointer(inputs), pointer(targets), pointer(sequence)
    rule = rules[0]
    in_epoch = examples // batch
    left_over = examples - in_epoch * batch if rule.order == SEQUENCE else 0
    position = step % in_epoch
    carried = left_over if position == 0 and step > 0 else 0
    for k in range(steps):
        count = batch + carried
        if rule.order == SEQUENCE:
            start = before + position * batch - carried
            copy_inputs(x, stride, features, start, v, width, count)
            loss_targets = y
        else:
            if rule.order == SHUFFLE and (position == 0 or k == 0):
                shuffle(order, examples, rule.seed, (step + k) // in_epoch)
            start = 0
            choose(rule, order, step + k, batch, examples, before, x, stride, features, y, v, c, width)
            loss_targets = c
        for r in range(trained):
            forward_training(rows[r], rule, run_step + k, p, n, v, width, count)
        loss_slopes(loss[0], rule.label_smoothing, v, s, loss_targets, start, count, width)
        for r in range(trained - 1, -1, -1):
            backward(rows[r], p, n, g, v, s, t, width, count)
        update(rule, rate_at(rule, run_step + k), taken + k, p, g, m, living, decays, count, size)
        position += 1
        carried = 0
        if position == in_epoch:
            position = 0
            carried = left_over
    is_finite: bool = are_finite(p, size) and are_finite(n, len(statistics) - LANES)
    return is_finite


@kernel
def watch(
    rows: Any, loss: Any, parameters: Any, statistics: Any, values: Any, width: int, features: int,
    outputs: Any, pictured: Any, hidden: int, are_likely: bool,
    inputs: Any, strides: Any, befores: Any, points: Any, targets: Any,
    losses: Any, counts: Any, said: Any, pictures: Any,
) -> None:  # fmt: skip
    """Go forward over two sets of examples, then the pixels of a large picture and those of small ones: `inputs` has
    the four, each may be empty. All in one call: each return to Python waits for its lock, which many sessions share.

    Of the examples: sets losses[set] to the mean loss; where there is room in counts (2, classes, classes), adds how
    many of each class are taken for which; where there is in said (outputs, strides[0]), sets it to the outputs.
    Of the pixels: sets pictures[0] to the only output, or to the winner of several and how far it stands out, and
    pictures[1][k * points[3] + pixel] to row pictured[k], a byte each. The outputs, which are among these rows from
    pictured[hidden] on, are probabilities if they are likely.
    """
    p, n, v, all_said = pointer(parameters), pointer(statistics), pointer(values), pointer(said)
    for part in range(4):
        x, y, picture = pointer(inputs[part]), pointer(targets[part % 2]), pointer(pictures[part % 2])
        of_set = counts[part % 2 * (len(counts) // 2) :]
        stride, before, end = strides[part], befores[part], points[part]
        whole = 0.0
        for start in range(0, end, width):
            count = min(width, end - start)
            copy_inputs(x, stride, features, before + start, v, width, count)
            for r in range(len(rows)):
                forward(rows[r], p, n, v, width, count)
            if part < LARGE:
                whole += loss_sum(loss[0], v, y, before + start, count, width)
                count_classes(v, width, count, outputs, are_likely, y, before + start, of_set)
                copy_outputs(v, width, count, outputs, all_said, len(said), stride, start)
            elif part == LARGE:
                paint_outputs(v, width, count, outputs, are_likely, picture, start, end)
            else:
                paint_rows(v, width, count, pictured, hidden, are_likely, picture, start, end)
        if part < LARGE:
            losses[part] = whole / end


@inlined
def copy_outputs(
    values: Any, width: int, count: int, outputs: Any, said: Any, room: int, stride: int, start: int
) -> None:
    for k in range(len(outputs) if room > 0 else 0):
        for lane in range(0, count, LANES):
            store(said, k * stride + start + lane, load(values, outputs[k] * width + lane))
