"""What is compiled: training, looking at examples, and the order of an epoch.

Convolutions go example by example, so that what one needs stays near the processor; dense layers take the batch at
once. Arrays belong to the caller; kernels write into them and never allocate, raise or log.
"""

import math
from typing import Any, NamedTuple

from engine.kernel import inlined, kernel
from engine.machine.methods import update
from engine.machine.orders import shuffle
from engine.machine.schedules import rate_at
from engine.matrices.convolution import (
    begin_convolution,
    convolution_backward,
    convolution_forward,
    end_convolution,
)
from engine.matrices.dense import (
    dense_backward,
    dense_forward,
    dropout_backward,
    dropout_forward,
    dropout_training,
)
from engine.matrices.memory import pointers
from engine.matrices.program import DENSE
from engine.vectors.elementary import exponential
from engine.vectors.lanes import LANES, are_finite, keep_first, load, pointer, store, total
from engine.vectors.splitmix import random_below

MOST_CLASSES = LANES  # of the softmax, which is one vector


class Examples(NamedTuple):
    """Images with their classes."""

    images: Any  # (n * side * side,) bytes, ink from 0 to 255
    labels: Any  # (n,) bytes
    pixels: (
        Any  # where each pixel lies among an example's values; outside the kernels: which place in the image it takes
    )
    side: int


class Batches(NamedTuple):
    """How examples fall into batches."""

    order: Any  # of all examples, in this epoch
    size: int  # of a batch
    shift: int  # at most so many pixels are images moved, in each direction


@inlined
def _copy_image(examples: Any, example: int, right: int, down: int, place: int, memory: Any) -> None:
    """Among the values, moved by so many pixels; zeros come in."""
    side, pixels, images = examples.side, examples.pixels, examples.images
    first = example * side * side - down * side - right
    i = 0
    for y in range(side):
        is_inside = 0 <= y - down < side
        for x in range(side):
            ink = images[first + i] if is_inside and 0 <= x - right < side else 0
            memory.values[place + pixels[i]] = ink * (1 / 255)
            i += 1


@inlined
def _forward(rows: Any, convolutions: int, count: int, memory: Any) -> None:
    """Not training."""
    for example in range(count):
        for r in range(convolutions):
            convolution_forward(rows[r], example, memory)
    for r in range(convolutions, len(rows)):
        if rows[r].operation == DENSE:
            dense_forward(rows[r], count, memory)
        else:
            dropout_forward(rows[r], count, memory)


@inlined
def _forward_training(rows: Any, convolutions: int, rule: Any, step: int, count: int, memory: Any) -> None:
    for example in range(count):
        for r in range(convolutions):
            convolution_forward(rows[r], example, memory)
    for r in range(convolutions, len(rows)):
        if rows[r].operation == DENSE:
            dense_forward(rows[r], count, memory)
        else:
            dropout_training(rows[r], rule, step, count, memory)


@inlined
def _backward(rows: Any, convolutions: int, rule: Any, step: int, count: int, memory: Any) -> None:
    """From the slopes of the logits to the gradients of all parameters."""
    for r in range(len(rows) - 1, convolutions - 1, -1):
        if rows[r].operation == DENSE:
            dense_backward(rows[r], count, memory)
        else:
            dropout_backward(rows[r], rule, step, count, memory)
    for r in range(convolutions):
        begin_convolution(rows[r], memory)
    for example in range(count):
        for r in range(convolutions - 1, -1, -1):
            convolution_backward(rows[r], example, memory)
    for r in range(convolutions):
        end_convolution(rows[r], memory)


@inlined
def _softmax(row: Any, example: int, memory: Any) -> Any:
    """Set the slopes of an example's logits to the probabilities; the last layer is stored in whole vectors.

    Returns the class that wins, and the logarithm of the sum of all exponentials.
    """
    at = row.target + example * row.target_size
    winner = 0
    for k in range(1, row.units):
        if memory.values[at + k] > memory.values[at + winner]:
            winner = k
    largest = memory.values[at + winner]
    parts = keep_first(exponential(load(memory.values, at) - largest), row.units)
    whole = total(parts)
    store(memory.slopes, at, parts / whole)
    return winner, largest + math.log(whole)


@kernel
def train(
    rows: Any, convolutions: int, rules: Any, memory: Any, size: int, examples: Any, batches: Any,
    step: int, taken: int, run_step: int, steps: int, losses: Any, said: Any,
) -> bool:  # fmt: skip
    """Take `steps` steps of an epoch, the first of them number `step` since batches began.

    Returns whether all parameters are finite then. taken: steps by the method before; run_step: since the run began.
    Sets losses and said of the examples that are learned from: the loss before the step, and the class that wins.
    """
    m, rule = pointers(memory), rules[0]
    ink = Examples(pointer(examples.images), pointer(examples.labels), pointer(examples.pixels), examples.side)
    order, last = pointer(batches.order), rows[len(rows) - 1]
    batch, in_epoch = batches.size, len(batches.order) // batches.size
    for k in range(steps):
        first = (step + k) % in_epoch * batch
        for e in range(batch):
            right, down = _shift(rule.seed, (step + k) * batch + e, batches.shift)
            _copy_image(ink, order[first + e], right, down, rows[0].source + e * rows[0].source_size, m)
        _forward_training(rows, convolutions, rule, run_step + k, batch, m)
        for e in range(batch):
            example = order[first + e]
            label = int(ink.labels[example])
            winner, logarithm = _softmax(last, e, m)
            at = last.target + e * last.target_size + label
            losses[example] = logarithm - m.values[at]
            said[example] = winner
            m.slopes[at] -= 1.0
        _backward(rows, convolutions, rule, run_step + k, batch, m)
        rate = rate_at(rule, run_step + k)
        update(rule, rate, taken + k, m.parameters, m.gradients, m.moments, m.alive, m.is_weight, batch, size)
    return are_finite(m.parameters, size)


@inlined
def _shift(seed: int, number: int, most: int) -> Any:
    """Pixels to the right and down, drawn for one image of one step."""
    if most == 0:
        return 0, 0
    right = random_below(seed + 1, 2 * number, 2 * most + 1) - most
    return right, random_below(seed + 1, 2 * number + 1, 2 * most + 1) - most


@kernel
def look(
    rows: Any, convolutions: int, memory: Any, examples: Any, chosen: Any, right: int, down: int, most: int,
    losses: Any, said: Any, probabilities: Any,
) -> None:  # fmt: skip
    """Go forward over the chosen examples, moved by so many pixels, at most `most` at once.

    Sets, in the order of `chosen`: the loss, the class that wins, and (n, classes) the probabilities.
    """
    m = pointers(memory)
    ink = Examples(pointer(examples.images), pointer(examples.labels), pointer(examples.pixels), examples.side)
    last = rows[len(rows) - 1]
    for first in range(0, len(chosen), most):
        count = min(most, len(chosen) - first)
        for e in range(count):
            _copy_image(ink, chosen[first + e], right, down, rows[0].source + e * rows[0].source_size, m)
        _forward(rows, convolutions, count, m)
        for e in range(count):
            winner, logarithm = _softmax(last, e, m)
            at = last.target + e * last.target_size
            losses[first + e] = logarithm - m.values[at + int(ink.labels[chosen[first + e]])]
            said[first + e] = winner
            for k in range(last.units):
                probabilities[first + e, k] = m.slopes[at + k]


@kernel
def lay_order(order: Any, seed: int, epoch: int) -> None:
    """Set the order of an epoch's examples."""
    shuffle(order, len(order), seed, epoch)


KERNELS: tuple[Any, ...] = (train, look, lay_order)
