"""How a racer goes on: by theory where the error is a quadratic and it descends plainly, else by its last steps.

On a quadratic with curvatures from l to L each step multiplies the distance along an axis by 1 - η times its curvature:
the racer settles for η below 1/L, oscillates and settles up to 2/L, and diverges above.
"""

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.labs.descent.model import NEAR, DescentModel

Behaviour = Literal["rests", "creeps", "settles", "oscillates", "for-ever", "diverges", "falls", "swings", "starts"]

_SLOW = 100  # steps to come near, from which on it creeps
_EXACT = 1e-12  # relative, of a rate that is 2/L
_LAST = 12  # steps that a path is judged by
_LEAST_FALL = 0.01  # of the error over them


class Manner(NamedTuple):
    """How a racer goes on, and how that is known."""

    behaviour: Behaviour
    by_theory: bool
    factor: float  # by which a step multiplies the distance, along the slowest axis; NaN where that is not known


def manner(model: DescentModel, racer: int) -> Manner:
    """Of one racer."""
    factors = _factors(model, racer)
    if factors is None:
        return Manner(_by_path(model, racer), False, math.nan)
    return Manner(_by_theory(*factors), True, max(factors, key=abs))


def _factors(model: DescentModel, racer: int) -> tuple[float, float] | None:
    """1 - ηl and 1 - ηL of a racer that descends a quadratic plainly, by all points, at a constant rate."""
    method, runner, rate = model.racers[racer]
    curvatures = model.problem.curvatures
    is_plain = method == "sgd" and runner == "batch" and model.settings.schedule == "constant"
    return (1 - rate * curvatures[0], 1 - rate * curvatures[1]) if is_plain and curvatures else None


def _by_theory(flat: float, steep: float) -> Behaviour:
    if steep == 1:
        return "rests"
    if steep < -1 - _EXACT:
        return "diverges"
    if steep <= -1 + _EXACT:
        return "for-ever"
    if steep < 0:
        return "oscillates"
    return "creeps" if flat >= NEAR ** (1 / _SLOW) else "settles"


def _by_path(model: DescentModel, racer: int) -> Behaviour:
    if model.diverged[racer] >= 0:
        return "diverges"
    places: NDArray[np.float64] = model.paths.known[racer][-_LAST - 1 :]
    if len(places) < 3:
        return "starts"
    moves = np.diff(places, axis=0)
    if not moves.any():
        return "rests"
    turns = (moves[1:] * moves[:-1]).sum(-1)
    if (turns < 0).mean() > 0.5:
        return "swings"
    if model.arrived[racer] >= 0:
        return "settles"
    first, last = float(model.problem.error(places[0])), float(model.problem.error(places[-1]))
    return "falls" if first - last > _LEAST_FALL * abs(first) else "creeps"
