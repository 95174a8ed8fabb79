"""One racer: its weights, what its method remembers of gradients, and its next step."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.labs.descent.kernels import choose, descend, rate_of
from engine.labs.descent.problems import Chosen, Floats, Problem
from engine.labs.descent.settings import DescentSettings, Racer, Runner
from engine.machine.methods import Method
from engine.machine.network import Rule
from engine.machine.orders import Order
from engine.machine.schedules import Schedule
from engine.vectors.lanes import LANES
from engine.vectors.memory import aligned_zeros

_ORDERS: dict[Runner, Order] = {
    "batch": Order.SEQUENCE,
    "sequence": Order.SEQUENCE,
    "replacement": Order.RANDOM,
    "mini-batch": Order.SHUFFLE,
}
_SCHEDULES = {"warm-up": Schedule.WARM_UP, "one-cycle": Schedule.ONE_CYCLE}
_BIAS = "b"  # which weight decay leaves alone


def rule_of(settings: DescentSettings, racer: Racer, points: int, seed: int) -> Rule:
    """How the racer takes a step."""
    return Rule(
        learning_rate=racer.rate,
        batch_size=batch_of(settings, racer, points),
        method=Method[racer.method.upper()],
        momentum=settings.momentum,
        weight_decay=settings.weight_decay if racer.method == "adamw" else 0.0,
        schedule=_SCHEDULES.get(settings.schedule) or Schedule[settings.schedule.upper()],
        horizon=settings.schedule_steps,
        order=_ORDERS[racer.runner],
        seed=seed,
    )


def batch_of(settings: DescentSettings, racer: Racer, points: int) -> int:
    """How many points it looks at in a step."""
    if racer.runner == "batch":
        return points
    return min(settings.batch_size, points) if racer.runner == "mini-batch" else 1


class Descent:
    """Weights on their way down an error. `dtype` is that of the weights and of the update; errors are float64."""

    def __init__(self, problem: Problem, dtype: DTypeLike) -> None:
        self._problem = problem
        self._size = len(problem.weights)
        self._weights = aligned_zeros(self._size, dtype)
        self._gradient = aligned_zeros(self._size, dtype)
        self._moments = aligned_zeros(2 * LANES, dtype)  # two vectors, as the machine's update has them
        self._alive = aligned_zeros(self._size, dtype)
        self._is_weight = aligned_zeros(self._size, dtype)
        self._alive[: self._size] = 1
        self._is_weight[: self._size] = [name != _BIAS for name in problem.weights]
        self._order = np.zeros(len(problem.points), np.int64)
        self._rule: NDArray[np.void]
        self._chosen: Chosen

    def take_rule(self, rule: Rule) -> None:
        """Descend by this rule from now on."""
        self._rule = rule.record
        self._chosen = np.zeros(rule.batch_size, np.int64)

    @property
    def weights(self) -> NDArray[Any]:
        """A view, (weights,)."""
        return self._weights[: self._size]

    @property
    def place(self) -> Floats:
        """The same in float64: a copy."""
        return self.weights.astype(np.float64)

    @property
    def moments(self) -> NDArray[Any]:
        """What the method remembers of each weight, a view (2, weights)."""
        return self._moments[: 2 * LANES].reshape(2, LANES)[:, : self._size]

    def error(self) -> float:
        """Where it is, over all points."""
        return float(self._problem.error(self.place))

    def next_points(self, step: int) -> Chosen:
        """The points that step number `step` looks at; valid until the next call."""
        if len(self._order):
            choose(self._rule, self._chosen, self._order, step)
        return self._chosen

    def next_gradient(self, step: int) -> Floats:
        """What that step goes by, (weights,)."""
        return self._problem.gradient(self.place, self.next_points(step))

    def next_rate(self, step: int) -> float:
        """The learning rate of that step."""
        return rate_of(self._rule, step)

    def take(self, batch_step: int, taken: int, step: int) -> None:
        """Step number `step` of the run, `batch_step` since points were laid in order, after `taken` by the method."""
        self._gradient[: self._size] = self.next_gradient(batch_step)
        descend(
            self._rule, self._weights, self._gradient, self._moments, self._alive, self._is_weight, taken, step,
            self._size,
        )  # fmt: skip
