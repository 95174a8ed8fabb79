"""The errors that descend: each with its exact gradient, its minima, and the part of it that a page shows.

Over points an error is the mean of the errors of single points. `error` takes one place (weights,) or many
(..., weights), in float64.
"""

import math
from abc import ABC, abstractmethod
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from engine.labs.descent.settings import DescentSettings, ProblemName

Floats = NDArray[np.float64]
Chosen = NDArray[np.int64]  # numbers of points
Range = tuple[float, float]

_NEWTON_STEPS = 60
_FARTHEST_MINIMUM = 50.0  # of a neuron: beyond it the points are separable, and the minimum is at infinity


class Problem(ABC):
    """An error over one weight or two."""

    weights: tuple[str, ...]  # their names
    window: tuple[Range, ...]  # of each weight, for pictures
    start: tuple[float, ...]  # a good place to begin
    rate: float  # a learning rate with which plain gradient descent gets somewhere
    minima: tuple[tuple[float, ...], ...] = ()  # all that there are, the lowest first
    curvatures: Range | None = None  # the least and the greatest of a quadratic error, the same everywhere

    @property
    def points(self) -> Floats:
        """(n, 2): x and target; empty for an error over no points."""
        return np.empty((0, 2))

    @property
    def across(self) -> Range | None:
        """The range of the points' x; None without points."""
        return None

    @abstractmethod
    def error(self, at: Floats) -> Floats:
        """(...) of places (..., weights)."""

    @abstractmethod
    def gradient(self, at: Floats, chosen: Chosen) -> Floats:
        """(weights,) at one place, the mean over the chosen points, if there are points."""

    def batch_error(self, at: Floats, chosen: Chosen) -> float:  # noqa: ARG002
        """At one place, the mean over the chosen points."""
        return float(self.error(at))

    def whole_gradient(self, at: Floats) -> Floats:
        """The gradient of `error` at one place."""
        return self.gradient(at, np.arange(len(self.points)))


# -- one weight --------------------------------------------------------------------------------------------------------


class Bowl(Problem):
    """E = L w² / 2."""

    weights = ("w",)
    window = ((-3, 3),)
    start = (-2.5,)
    rate = 0.1
    minima = ((0.0,),)

    def __init__(self, settings: DescentSettings) -> None:
        self._curvature = settings.curvature
        self.curvatures = (settings.curvature, settings.curvature)

    def error(self, at: Floats) -> Floats:
        return _array(self._curvature * at[..., 0] ** 2 / 2)

    def gradient(self, at: Floats, chosen: Chosen) -> Floats:  # noqa: ARG002
        return self._curvature * at


class DoubleWell(Problem):
    """E = (w² − 1)² / 4 + w / 10, less its lowest value: the left minimum is the lower one."""

    weights = ("w",)
    window = ((-2, 2),)
    start = (1.8,)
    rate = 0.1

    def __init__(self, settings: DescentSettings) -> None:  # noqa: ARG002
        left, _, right = sorted(float(root.real) for root in np.roots([1, 0, -1, 0.1]))  # a maximum between them
        self.minima = ((left,), (right,))
        self._lowest = float(_tilted_wells(left))

    def error(self, at: Floats) -> Floats:
        return _array(_tilted_wells(at[..., 0]) - self._lowest)

    def gradient(self, at: Floats, chosen: Chosen) -> Floats:  # noqa: ARG002
        return at * (at**2 - 1) + 0.1


def _tilted_wells(w: Any) -> Any:
    return (w**2 - 1) ** 2 / 4 + w / 10


# -- points ------------------------------------------------------------------------------------------------------------


class PointsProblem(Problem):
    """The mean of the errors of single points, of a model whose weighted sum is linear in its weights."""

    def __init__(self, points: Floats, across: Range) -> None:
        self._points = points
        self._across = across
        self._inputs = self.inputs(points[:, 0])  # (n, weights)
        self._targets = points[:, 1]

    @property
    def points(self) -> Floats:
        return self._points

    @property
    def across(self) -> Range:
        return self._across

    @abstractmethod
    def inputs(self, x: Floats) -> Floats:
        """(n, weights): what each weight is multiplied with."""

    @abstractmethod
    def errors(self, at: Floats) -> Floats:
        """(..., n): of each point."""

    @abstractmethod
    def outputs(self, sums: Floats) -> Floats:
        """What the model says, of weighted sums."""

    def error(self, at: Floats) -> Floats:
        return _array(self.errors(at).mean(-1))

    def batch_error(self, at: Floats, chosen: Chosen) -> float:
        return float(self.errors(at)[chosen].mean())

    def gradient(self, at: Floats, chosen: Chosen) -> Floats:
        inputs = self._inputs[chosen]
        mistakes = self.outputs(inputs @ at) - self._targets[chosen]  # y − t: the slope of both errors by the sum
        return _array(mistakes @ inputs / len(chosen))

    def model(self, at: Floats, x: Floats) -> Floats:
        """What it says of each x, with these weights."""
        return self.outputs(self.inputs(x) @ at)


class _LeastSquares(PointsProblem):
    """Half the mean squared error: (y − t)² / 2 for each point."""

    def __init__(self, points: Floats, across: Range) -> None:
        super().__init__(points, across)
        hessian = self._inputs.T @ self._inputs / len(points)
        curvatures = np.linalg.eigvalsh(hessian)
        self.curvatures = (float(curvatures[0]), float(curvatures[-1]))
        self.minima = (tuple(np.linalg.lstsq(self._inputs, self._targets, rcond=None)[0].tolist()),)

    def outputs(self, sums: Floats) -> Floats:
        return sums

    def errors(self, at: Floats) -> Floats:
        return _array((at @ self._inputs.T - self._targets) ** 2 / 2)


class Slope(_LeastSquares):
    """A line through the origin, y = w x."""

    weights = ("w",)
    window = ((-1.5, 4.5),)
    start = (-1.0,)
    rate = 0.1

    def __init__(self, settings: DescentSettings) -> None:
        random = _random(settings)
        x = random.uniform(-2, 2, settings.points)
        super().__init__(np.stack([x, 1.5 * x + settings.noise * random.normal(size=len(x))], 1), (-2, 2))

    def inputs(self, x: Floats) -> Floats:
        return x[:, None]


class Line(_LeastSquares):
    """y = w x + b. All x are positive, so both weights pull at each other: a valley that is not along an axis."""

    weights = ("w", "b")
    window = ((-1, 2.6), (-1.5, 3.5))
    start = (-0.5, 3.0)
    rate = 0.1

    def __init__(self, settings: DescentSettings) -> None:
        random = _random(settings)
        x = random.uniform(0, 3, settings.points)
        super().__init__(np.stack([x, 0.8 * x + 1 + settings.noise * random.normal(size=len(x))], 1), (0, 3))

    def inputs(self, x: Floats) -> Floats:
        return np.stack([x, np.ones_like(x)], 1)


class Neuron(PointsProblem):
    """A logistic neuron y = σ(w x + b) with cross-entropy. With more noise the classes overlap more."""

    weights = ("w", "b")
    window = ((-4, 6), (-5, 5))
    start = (-2.0, 3.0)
    rate = 1.0

    def __init__(self, settings: DescentSettings) -> None:
        random = _random(settings)
        x = random.uniform(-3, 3, settings.points)
        is_one = x - 0.5 + 2 * settings.noise * random.logistic(size=len(x)) > 0
        super().__init__(np.stack([x, is_one.astype(float)], 1), (-3, 3))
        self.minima = self._found()

    def inputs(self, x: Floats) -> Floats:
        return np.stack([x, np.ones_like(x)], 1)

    def outputs(self, sums: Floats) -> Floats:
        return _array(np.exp(-np.logaddexp(0, -sums)))  # without overflow

    def errors(self, at: Floats) -> Floats:
        sums = at @ self._inputs.T
        return _array(np.logaddexp(0, sums) - self._targets * sums)  # −t ln y − (1 − t) ln(1 − y)

    def _found(self) -> tuple[tuple[float, ...], ...]:
        """By Newton's method, halving steps that go up; none where the points are separable."""
        at = np.zeros(2)
        for _ in range(_NEWTON_STEPS):
            y = self.outputs(self._inputs @ at)
            hessian = (self._inputs * (y * (1 - y))[:, None]).T @ self._inputs / len(y)
            if np.linalg.det(hessian) < 1e-12:
                return ()
            step, error = np.linalg.solve(hessian, self.whole_gradient(at)), self.error(at)
            while self.error(at - step) > error and np.abs(step).max() > 1e-15:
                step = step / 2
            at = at - step
        return (tuple(at.tolist()),) if np.abs(at).max() < _FARTHEST_MINIMUM else ()


# -- classical surfaces ------------------------------------------------------------------------------------------------


class Valley(Problem):
    """E = (w₁² + L w₂²) / 2: an ill-conditioned quadratic."""

    weights = ("w₁", "w₂")
    window = ((-3, 3), (-3, 3))
    start = (-2.5, 1.5)
    rate = 0.1
    minima = ((0.0, 0.0),)

    def __init__(self, settings: DescentSettings) -> None:
        self._curvature = np.array([1.0, settings.curvature])
        self.curvatures = (min(1.0, settings.curvature), max(1.0, settings.curvature))

    def error(self, at: Floats) -> Floats:
        return _array((self._curvature * at**2).sum(-1) / 2)

    def gradient(self, at: Floats, chosen: Chosen) -> Floats:  # noqa: ARG002
        return _array(self._curvature * at)


class Rosenbrock(Problem):
    """E = (1 − w₁)² + 100 (w₂ − w₁²)² (Rosenbrock, 1960)."""

    weights = ("w₁", "w₂")
    window = ((-2, 2), (-1, 3))
    start = (-1.2, 1.0)
    rate = 0.001
    minima = ((1.0, 1.0),)

    def __init__(self, settings: DescentSettings) -> None:
        """It is the same in all experiments."""

    def error(self, at: Floats) -> Floats:
        x, y = at[..., 0], at[..., 1]
        return _array((1 - x) ** 2 + 100 * (y - x**2) ** 2)

    def gradient(self, at: Floats, chosen: Chosen) -> Floats:  # noqa: ARG002
        x, y = at
        off = y - x**2
        return np.array([2 * (x - 1) - 400 * x * off, 200 * off])


class Beale(Problem):
    """E = (1.5 − w₁ + w₁ w₂)² + (2.25 − w₁ + w₁ w₂²)² + (2.625 − w₁ + w₁ w₂³)² (Beale, 1958)."""

    weights = ("w₁", "w₂")
    window = ((-4.5, 4.5), (-4.5, 4.5))
    start = (1.0, 1.5)
    rate = 0.01
    minima = ((3.0, 0.5),)
    _targets = (1.5, 2.25, 2.625)

    def __init__(self, settings: DescentSettings) -> None:
        """It is the same in all experiments."""

    def error(self, at: Floats) -> Floats:
        x, y = at[..., 0], at[..., 1]
        return _array(sum((target - x + x * y**power) ** 2 for power, target in enumerate(self._targets, start=1)))

    def gradient(self, at: Floats, chosen: Chosen) -> Floats:  # noqa: ARG002
        x, y = at
        total = np.zeros(2)
        for power, target in enumerate(self._targets, start=1):
            off = target - x + x * y**power
            total += 2 * off * np.array([y**power - 1, power * x * y ** (power - 1)])
        return total


class Himmelblau(Problem):
    """E = (w₁² + w₂ − 11)² + (w₁ + w₂² − 7)² (Himmelblau, 1972): four minima, all of error 0."""

    weights = ("w₁", "w₂")
    window = ((-5, 5), (-5, 5))
    start = (-0.5, 0.0)
    rate = 0.01

    def __init__(self, settings: DescentSettings) -> None:  # noqa: ARG002
        near = [(3.0, 2.0), (-2.805118, 3.131312), (-3.77931, -3.283186), (3.584428, -1.848126)]
        self.minima = tuple(tuple(self._polished(np.array(at)).tolist()) for at in near)

    def error(self, at: Floats) -> Floats:
        x, y = at[..., 0], at[..., 1]
        return _array((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2)

    def gradient(self, at: Floats, chosen: Chosen) -> Floats:  # noqa: ARG002
        x, y = at
        first, second = x**2 + y - 11, x + y**2 - 7
        return np.array([4 * x * first + 2 * second, 2 * first + 4 * y * second])

    def _polished(self, at: Floats) -> Floats:
        """Newton's method for both brackets, which are 0 at the minima."""
        for _ in range(4):
            x, y = at
            brackets = np.array([x**2 + y - 11, x + y**2 - 7])
            at = at - np.linalg.solve(np.array([[2 * x, 1], [1, 2 * y]]), brackets)
        return at


class Saddle(Problem):
    """E = w₁² / 2 + (w₂² − 1)² / 4: a saddle in the middle, and a minimum above and below it."""

    weights = ("w₁", "w₂")
    window = ((-2, 2), (-2, 2))
    start = (-1.8, 0.001)
    rate = 0.1
    minima = ((0.0, 1.0), (0.0, -1.0))

    def __init__(self, settings: DescentSettings) -> None:
        """It is the same in all experiments."""

    def error(self, at: Floats) -> Floats:
        x, y = at[..., 0], at[..., 1]
        return _array(x**2 / 2 + (y**2 - 1) ** 2 / 4)

    def gradient(self, at: Floats, chosen: Chosen) -> Floats:  # noqa: ARG002
        x, y = at
        return np.array([x, y**3 - y])


PROBLEMS: dict[ProblemName, type[Problem]] = {
    "bowl": Bowl,
    "double-well": DoubleWell,
    "slope": Slope,
    "line": Line,
    "neuron": Neuron,
    "valley": Valley,
    "rosenbrock": Rosenbrock,
    "beale": Beale,
    "himmelblau": Himmelblau,
    "saddle": Saddle,
}


def problem_of(settings: DescentSettings) -> Problem:
    """The error of an experiment."""
    make: Any = PROBLEMS[settings.problem]
    problem: Problem = make(settings)
    return problem


def heights(problem: Problem) -> list[float]:
    """The error at each minimum."""
    return [float(problem.error(np.array(minimum))) for minimum in problem.minima]


def is_lowest(problem: Problem, minimum: int) -> bool:
    """Whether no minimum is lower than this one."""
    errors = heights(problem)
    return errors[minimum] <= min(errors) + 1e-9


def grid(problem: Problem, side: int) -> Floats:
    """Places of a picture of the window: (side, 1) from left to right, or (side, side, 2) row by row from the top."""
    low, high = problem.window[0]
    across = np.linspace(low, high, side)
    if len(problem.weights) == 1:
        return across[:, None]
    bottom, top = problem.window[1]
    return np.stack(np.meshgrid(across, np.linspace(top, bottom, side)), -1)


def _array(values: Any) -> Floats:
    return np.asarray(values, np.float64)


def _random(settings: DescentSettings) -> np.random.Generator:
    return np.random.default_rng(crc32(f"{settings.seed}, points".encode()))


def distance(one: Floats, other: tuple[float, ...]) -> float:
    """Euclid's."""
    return math.dist(one.tolist(), other)
