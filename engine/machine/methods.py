"""Training methods: what a step does with a gradient, at which rate, and in which order examples come.

Formulas, defaults and schedules are PyTorch's (torch.optim 2.13); L1 and L2 are TensorFlow Playground's, a step of
their own after that of the gradient.
"""

import math
from enum import IntEnum
from typing import Any

import numpy as np

from engine.kernel import inlined
from engine.vectors.lanes import LANES, fill, load, square_root, store, total, where_positive


class Method(IntEnum):
    """The numbers by which a rule names its method."""

    SGD = 0
    MOMENTUM = 1
    NESTEROV = 2
    ADAGRAD = 3
    RMSPROP = 4
    ADAM = 5
    ADAMW = 6


class Schedule(IntEnum):
    """How the learning rate goes from step 0 to the horizon; from there on it stays."""

    CONSTANT = 0
    STEP = 1
    COSINE = 2
    WARM_UP = 3
    ONE_CYCLE = 4


class Order(IntEnum):
    """Which examples make up a batch."""

    SEQUENCE = 0  # one after the other, as they were drawn
    SHUFFLE = 1  # one after the other, in another order each epoch
    RANDOM = 2  # drawn with replacement


RULE = np.dtype(
    [
        ("method", np.int64),
        ("schedule", np.int64),
        ("order", np.int64),
        ("seed", np.int64),  # of the order
        ("horizon", np.int64),  # steps
        ("rate", np.float64),
        ("momentum", np.float64),  # also the first moment's share of the past in Adam
        ("l1", np.float64),
        ("l2", np.float64),
        ("weight_decay", np.float64),
        ("clip", np.float64),  # greatest norm of the gradient; 0 for any
        ("dropout", np.float64),  # share of values
        ("label_smoothing", np.float64),  # share of each label that is spread over all classes
    ]
)

_SMOOTHING = 0.99  # of RMSprop's squares
_SECOND_MOMENT = 0.999  # of Adam's
_EPSILON = 1e-8
_ADAGRAD_EPSILON = 1e-10
_CLIP_EPSILON = 1e-6

# Plain integers: inside a kernel they are constants.
SGD, MOMENTUM, NESTEROV = int(Method.SGD), int(Method.MOMENTUM), int(Method.NESTEROV)
ADAGRAD, RMSPROP, ADAMW = int(Method.ADAGRAD), int(Method.RMSPROP), int(Method.ADAMW)
CONSTANT, STEP, COSINE = int(Schedule.CONSTANT), int(Schedule.STEP), int(Schedule.COSINE)
WARM_UP = int(Schedule.WARM_UP)


@inlined
def rate_at(rule: Any, step: int) -> Any:
    """The learning rate of a step, from 0."""
    if rule.schedule == CONSTANT:
        return rule.rate
    return rule.rate * _factor(rule.schedule, min(step, rule.horizon) / rule.horizon)


@inlined
def _factor(schedule: int, part: float) -> float:
    """The share of the rate when that part of the horizon is over."""
    if schedule == STEP:
        return 1.0 if part < 0.5 else (0.1 if part < 0.75 else 0.01)
    if schedule == COSINE:
        return (1 + math.cos(math.pi * part)) / 2
    if schedule == WARM_UP:
        return min(1.0, part * 10)
    if part < 0.3:  # one cycle: from 1/25 up to 1, then down to 1/250,000
        return _between(0.04, 1.0, part / 0.3)
    return _between(1.0, 4e-6, (part - 0.3) / 0.7)


@inlined
def _between(first: float, last: float, part: float) -> float:
    """Half a cosine from one value to the other."""
    return last + (first - last) * (1 + math.cos(math.pi * part)) / 2


@inlined
def update(
    rule: Any,
    rate: float,
    taken: int,
    parameters: Any,
    gradients: Any,
    moments: Any,
    alive: Any,
    is_weight: Any,
    count: int,
    size: int,
) -> None:
    """One step down the mean gradient of `count` examples; `taken` steps were taken by this method before.

    moments: two numbers for each parameter, first those of all parameters in whole vectors, then the others.
    """
    scale = 1.0 / count
    if rule.clip > 0.0:
        scale *= min(1.0, rule.clip / (_norm(gradients, size) / count + _CLIP_EPSILON))
    if rule.method == SGD and rule.weight_decay == 0.0:
        _descend(parameters, gradients, alive, is_weight, rate, scale, rule.l1, rule.l2, size)
    else:
        _step(rule, rate, taken, scale, parameters, gradients, moments, is_weight, size)
        if rule.l1 != 0.0 or rule.l2 != 0.0:
            _shrink(parameters, alive, is_weight, rate * rule.l1, rate * rule.l2, size)


@inlined
def _norm(gradients: Any, size: int) -> float:
    """Euclid's, of the whole gradient."""
    squares = fill(gradients, 0)
    for at in range(0, size, LANES):
        slope = load(gradients, at)
        squares += slope * slope
    return math.sqrt(total(squares))


@inlined
def _descend(
    parameters: Any, gradients: Any, alive: Any, is_weight: Any,
    rate: float, scale: float, l1: float, l2: float, size: int,
) -> None:  # fmt: skip
    """Plain gradient descent, then the regulariser, on weights only.

    As in TensorFlow Playground: the regulariser's slope is that of the weight before the step, and a weight
    that L1 takes across zero is zero from then on (alive becomes 0).
    """
    factor = rate * scale
    if l1 == 0.0 and l2 == 0.0:
        for at in range(0, size, LANES):
            store(parameters, at, load(parameters, at) - load(gradients, at) * load(alive, at) * factor)
        return
    for at in range(0, size, LANES):
        w, weight, living = load(parameters, at), load(is_weight, at), load(alive, at)
        one, zero = fill(parameters, 1), fill(parameters, 0)
        sign = where_positive(w, one, zero) - where_positive(zero - w, one, zero)
        stepped = w - load(gradients, at) * living * factor
        after = stepped - (sign * (rate * l1) + w * (rate * l2)) * weight * living
        if l1 != 0.0:
            crossed = where_positive(zero - stepped * after, weight, zero)
            store(alive, at, living * (one - crossed))
            after = where_positive(crossed, zero, after)
        store(parameters, at, after)


@inlined
def _step(
    rule: Any, rate: float, taken: int, scale: float,
    parameters: Any, gradients: Any, moments: Any, is_weight: Any, size: int,
) -> None:  # fmt: skip
    """A step with memory of the gradients before. Weight decay is part of the slope, in AdamW a step of its own."""
    method, keep = rule.method, rule.momentum
    coupled = 0.0 if method == ADAMW else rule.weight_decay
    decay = rate * rule.weight_decay if method == ADAMW else 0.0
    adam_rate = rate / (1 - keep ** (taken + 1))
    adam_root = 1 / math.sqrt(1 - _SECOND_MOMENT ** (taken + 1))
    half = (size + LANES - 1) // LANES * LANES
    for at in range(0, size, LANES):
        w, weight = load(parameters, at), load(is_weight, at)
        slope = load(gradients, at) * scale + w * weight * coupled
        first, second = load(moments, at), load(moments, half + at)
        if method == SGD:
            step = slope * rate
        elif method == MOMENTUM:
            first = first * keep + slope
            step = first * rate
        elif method == NESTEROV:
            first = first * keep + slope
            step = (slope + first * keep) * rate
        elif method == ADAGRAD:
            second = second + slope * slope
            step = slope * rate / (square_root(second) + _ADAGRAD_EPSILON)
        elif method == RMSPROP:
            second = second * _SMOOTHING + slope * slope * (1 - _SMOOTHING)
            step = slope * rate / (square_root(second) + _EPSILON)
        else:
            first = first * keep + slope * (1 - keep)
            second = second * _SECOND_MOMENT + slope * slope * (1 - _SECOND_MOMENT)
            step = first * adam_rate / (square_root(second) * adam_root + _EPSILON)
        store(moments, at, first)
        store(moments, half + at, second)
        store(parameters, at, w - w * weight * decay - step)


@inlined
def _shrink(parameters: Any, alive: Any, is_weight: Any, l1: float, l2: float, size: int) -> None:
    """L1 and L2 after a step with memory: towards zero, and with L1 not beyond it."""
    for at in range(0, size, LANES):
        w, weight = load(parameters, at), load(is_weight, at)
        one, zero = fill(parameters, 1), fill(parameters, 0)
        sign = where_positive(w, one, zero) - where_positive(zero - w, one, zero)
        after = w - (sign * l1 + w * l2) * weight
        if l1 != 0.0:
            after = where_positive(where_positive(zero - w * after, weight, zero), zero, after)
        store(parameters, at, after)


@inlined
def random_below(seed: int, number: int, bound: int) -> Any:
    """A whole number from 0 to below the bound that depends on seed and number alone (SplitMix64)."""
    z = np.uint64(seed) + np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((z ^ (z >> np.uint64(31))) % np.uint64(bound))


@inlined
def shuffle(sequence: Any, examples: int, seed: int, epoch: int) -> None:
    """Set the order of an epoch, by Fisher and Yates."""
    for i in range(examples):
        sequence[i] = i
    for i in range(examples - 1, 0, -1):
        other = random_below(seed, epoch * examples + i, i + 1)
        sequence[i], sequence[other] = sequence[other], sequence[i]
