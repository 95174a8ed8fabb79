"""How the learning rate changes over a run. The schedules are those of PyTorch 2.13 (torch.optim.lr_scheduler)."""

import math
from enum import IntEnum
from typing import Any

from engine.kernel import inlined


class Schedule(IntEnum):
    """How the learning rate goes from step 0 to the horizon; from there on it stays."""

    CONSTANT = 0
    STEP = 1
    COSINE = 2
    WARM_UP = 3
    ONE_CYCLE = 4


# Plain integers: inside a kernel they are constants.
CONSTANT, STEP, COSINE = int(Schedule.CONSTANT), int(Schedule.STEP), int(Schedule.COSINE)
WARM_UP = int(Schedule.WARM_UP)


@inlined
def rate_at(rule: Any, step: int) -> Any:
    """The learning rate of a step, from 0."""
    if rule.schedule == CONSTANT:
        return rule.learning_rate
    return rule.learning_rate * _factor(rule.schedule, min(step, rule.horizon) / rule.horizon)


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
