"""Training methods: what a step does with a gradient.

Formulas and defaults are PyTorch's (torch.optim 2.13); L1 and L2 are TensorFlow Playground's, a step of
their own after that of the gradient.
"""

import math
from enum import IntEnum
from typing import Any, NamedTuple

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


RULE = np.dtype(
    [
        ("method", np.int64),
        ("schedule", np.int64),
        ("order", np.int64),
        ("seed", np.int64),  # of the order
        ("horizon", np.int64),  # steps
        ("learning_rate", np.float64),
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
SECOND_MOMENT = 0.999  # of Adam's
_EPSILON = 1e-8
_ADAGRAD_EPSILON = 1e-10
CLIP_EPSILON = 1e-6

# Plain integers: inside a kernel they are constants.
SGD, MOMENTUM, NESTEROV = int(Method.SGD), int(Method.MOMENTUM), int(Method.NESTEROV)
ADAGRAD, RMSPROP, ADAMW = int(Method.ADAGRAD), int(Method.RMSPROP), int(Method.ADAMW)


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
        scale *= min(1.0, rule.clip / (_norm(gradients, size) / count + CLIP_EPSILON))
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
    pace = _pace_of(rule, rate, taken)
    half = (size + LANES - 1) // LANES * LANES
    for at in range(0, size, LANES):
        w, weight = load(parameters, at), load(is_weight, at)
        slope = load(gradients, at) * scale + w * weight * pace.coupled
        step, first, second = _advance(rule, pace, slope, load(moments, at), load(moments, half + at))
        store(moments, at, first)
        store(moments, half + at, second)
        store(parameters, at, w - w * weight * pace.decay - step)


class Pace(NamedTuple):
    """What a step's size depends on beside slopes: the same for all parameters."""

    rate: float
    coupled: float  # weight decay that is part of the slope
    decay: float  # the same as a step of its own
    adam_rate: float
    adam_root: float


@inlined
def _pace_of(rule: Any, rate: float, taken: int) -> Pace:
    return Pace(
        rate,
        0.0 if rule.method == ADAMW else rule.weight_decay,
        rate * rule.weight_decay if rule.method == ADAMW else 0.0,
        rate / (1 - rule.momentum ** (taken + 1)),
        1 / math.sqrt(1 - SECOND_MOMENT ** (taken + 1)),
    )


@inlined
def _advance(rule: Any, pace: Any, slope: Any, first: Any, second: Any) -> Any:
    """The step of a vector of parameters, and what the method remembers of them afterwards."""
    method, keep, rate = rule.method, rule.momentum, pace.rate
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
        second = second * SECOND_MOMENT + slope * slope * (1 - SECOND_MOMENT)
        step = first * pace.adam_rate / (square_root(second) * pace.adam_root + _EPSILON)
    return step, first, second


@inlined
def update_range(
    rule: Any, rate: float, taken: int, scale: float, is_weight: bool,
    parameters: Any, begin: int, gradients: Any, moments: Any, half: int, count: int,
) -> None:  # fmt: skip
    """A step of the `count` parameters from `begin` on, in whole vectors, that are all weights or all biases.

    gradients: theirs alone, of the sum over a batch; `scale` makes it the mean. half: where the second moments begin.
    """
    pace = _pace_of(rule, rate, taken)
    coupled, decay = (pace.coupled, pace.decay) if is_weight else (0.0, 0.0)
    for at in range(0, count, LANES):
        w = load(parameters, begin + at)
        slope = load(gradients, at) * scale + w * coupled
        if rule.method == SGD:  # it remembers nothing
            store(parameters, begin + at, w - w * decay - slope * rate)
        else:
            first, second = load(moments, begin + at), load(moments, half + begin + at)
            step, first, second = _advance(rule, pace, slope, first, second)
            store(moments, begin + at, first)
            store(moments, half + begin + at, second)
            store(parameters, begin + at, w - w * decay - step)


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
