"""What is compiled: a step by the machine's own update, the rate of its schedule, and which points a step looks at."""

from typing import Any

from engine.kernel import kernel
from engine.machine.methods import update
from engine.machine.orders import Order, shuffle
from engine.machine.schedules import rate_at
from engine.vectors.lanes import pointer
from engine.vectors.splitmix import random_below

# Plain integers: inside a kernel they are constants.
SEQUENCE, SHUFFLE = int(Order.SEQUENCE), int(Order.SHUFFLE)


@kernel
def descend(
    rules: Any, weights: Any, gradient: Any, moments: Any, alive: Any, is_weight: Any, taken: int, step: int, size: int
) -> None:
    """One step down a gradient: number `step` of the run, after `taken` steps by this method."""
    rule = rules[0]
    update(
        rule, rate_at(rule, step), taken, pointer(weights), pointer(gradient), pointer(moments), pointer(alive),
        pointer(is_weight), 1, size,
    )  # fmt: skip


@kernel
def rate_of(rules: Any, step: int) -> float:
    """The learning rate of a step, from 0."""
    rate: float = rate_at(rules[0], step)
    return rate


@kernel
def choose(rules: Any, chosen: Any, order: Any, step: int) -> None:
    """Set `chosen` to the numbers of the points of a step, from 0; `order` (points,) is scratch.

    A shuffled order leaves out what does not fill a batch, other points each time, as the machine does.
    """
    rule, points, batch = rules[0], len(order), len(chosen)
    in_epoch = points // batch
    if rule.order == SHUFFLE:
        shuffle(order, points, rule.seed, step // in_epoch)
    for e in range(batch):
        if rule.order == SEQUENCE:
            chosen[e] = (step * batch + e) % points
        elif rule.order == SHUFFLE:
            chosen[e] = order[step % in_epoch * batch + e]
        else:
            chosen[e] = random_below(rule.seed, step * batch + e, points)


KERNELS = (descend, rate_of, choose)
