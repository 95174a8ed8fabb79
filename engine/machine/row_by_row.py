"""A training step in parts, to look between them: single rows forward and back, the loss, the update.

The parts are those that `engine.machine.kernels.train` joins, compiled from the same functions.
"""

from typing import Any

from numpy.typing import NDArray

from engine.kernel import kernel
from engine.machine.kernels import BATCH_NORM, COPY, DROPOUT, SHUFFLE, backward, forward_training, loss_slopes
from engine.machine.methods import update
from engine.machine.operations.batch_norm import batch_norm_constant_backward, batch_norm_forward
from engine.machine.orders import shuffle
from engine.machine.schedules import rate_at
from engine.vectors.lanes import pointer
from engine.vectors.splitmix import random_below

CONSTANT_NORM = -1  # an operation: batch norm by the running statistics, which depend on no example of the batch


def as_evaluated(rows: NDArray[Any]) -> NDArray[Any]:
    """A copy of a program's rows as they are when the network does not train: nothing is left out."""
    evaluated = rows.copy()
    evaluated["operation"][evaluated["operation"] == DROPOUT] = COPY
    evaluated["operation"][evaluated["operation"] == BATCH_NORM] = CONSTANT_NORM
    return evaluated


@kernel
def go_forward(
    rows: Any, first: int, last: int, rules: Any, step: int,
    parameters: Any, statistics: Any, values: Any, width: int, count: int,
) -> None:  # fmt: skip
    """Run rows `first` to before `last`, as in step `step` of a run."""
    p, n, v = pointer(parameters), pointer(statistics), pointer(values)
    rule = rules[0]
    for r in range(first, last):
        if rows[r].operation == CONSTANT_NORM:
            batch_norm_forward(rows[r], p, n, v, width, count)
        else:
            forward_training(rows[r], rule, step, p, n, v, width, count)


@kernel
def go_back(
    rows: Any, first: int, last: int,
    parameters: Any, statistics: Any, gradients: Any, values: Any, slopes: Any, turned: Any, width: int, count: int,
) -> None:  # fmt: skip
    """Run rows from `last` - 1 back to `first`."""
    p, n, g = pointer(parameters), pointer(statistics), pointer(gradients)
    v, s, t = pointer(values), pointer(slopes), pointer(turned)
    for r in range(last - 1, first - 1, -1):
        if rows[r].operation == CONSTANT_NORM:
            batch_norm_constant_backward(rows[r], p, n, v, s, g, width, count)
        else:
            backward(rows[r], p, n, g, v, s, t, width, count)


@kernel
def begin_back(loss: Any, smoothing: float, values: Any, slopes: Any, targets: Any, width: int, count: int) -> None:
    """Set the slopes of the loss of `count` examples; the target of example e is targets[e]."""
    loss_slopes(loss[0], smoothing, pointer(values), pointer(slopes), pointer(targets), 0, count, width)


@kernel
def descend(
    rules: Any, step: int, taken: int, parameters: Any, gradients: Any, moments: Any, alive: Any, is_weight: Any,
    count: int, size: int,
) -> float:  # fmt: skip
    """Update the parameters in step `step` of a run, after `taken` steps of the method; returns the learning rate."""
    p, g, m, living, decays = (
        pointer(parameters), pointer(gradients), pointer(moments), pointer(alive), pointer(is_weight)
    )  # fmt: skip
    rate: float = rate_at(rules[0], step)
    update(rules[0], rate, taken, p, g, m, living, decays, count, size)
    return rate


@kernel
def choose_numbers(rules: Any, sequence: Any, step: int, batch: int, examples: int, numbers: Any) -> None:
    """Set numbers[e] to the number of example e of the batch of step `step`, in an order that is not the sequence."""
    rule = rules[0]
    in_epoch = examples // batch
    if rule.order == SHUFFLE:
        shuffle(sequence, examples, rule.seed, step // in_epoch)
    for e in range(batch):
        if rule.order == SHUFFLE:
            numbers[e] = sequence[step % in_epoch * batch + e]
        else:
            numbers[e] = random_below(rule.seed, step * batch + e, examples)


KERNELS = (go_forward, begin_back, go_back, descend, choose_numbers)
