"""What a formula computes: a list of steps over a stack of float64 arrays.

A condition is 1 where it is true, 0 where it is false, and NaN where that cannot be said, because a number in it has no
value there: `log(x) < 1` at x = -1. So `x > 0 and log(x) < 1` is false there, and `x < 0 or log(x) < 1` true.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]  # or a scalar of float64 from steps without variables


class Operation(NamedTuple):
    """Takes the last values from the stack and leaves one."""

    takes: int
    compute: Callable[..., Any]


Step = float | str | Operation  # a number, the name of a variable, or what is done with what came before


@dataclass(frozen=True)
class Formula:
    """A formula that has been read and checked."""

    text: str
    variables: tuple[str, ...]
    steps: tuple[Step, ...]
    is_condition: bool

    @property
    def uses(self) -> frozenset[str]:
        """The variables in it."""
        return frozenset(step for step in self.steps if isinstance(step, str))

    def evaluate(self, *places: ArrayLike) -> NDArray[np.float64]:
        """Its value wherever the variables have these values; new, of the places' shape.

        `places` are in the order of `variables` and broadcast. What has no value is NaN, what is too large infinite.
        """
        arrays = [np.asarray(each, np.float64) for each in places]
        given = dict(zip(self.variables, arrays, strict=True))
        stack: list[Any] = []
        with np.errstate(all="ignore"):
            for step in self.steps:
                if isinstance(step, Operation):
                    split = len(stack) - step.takes
                    stack[split:] = [step.compute(*stack[split:])]
                else:
                    stack.append(given[step] if isinstance(step, str) else np.float64(step))
        return np.array(np.broadcast_to(stack[0], np.broadcast_shapes(*(each.shape for each in arrays))))


def comparison(signs: list[str]) -> Operation:
    """Compares each of some numbers with the next: `a < b <= c` has two signs."""
    return Operation(len(signs) + 1, partial(_compare, [_COMPARISONS[sign] for sign in signs]))


def _compare(comparisons: list[Callable[..., Any]], *numbers: Numbers) -> Numbers:
    pairs = zip(comparisons, numbers, numbers[1:], strict=False)
    return reduce(_and, [np.where(np.isnan(a) | np.isnan(b), np.nan, compare(a, b)) for compare, a, b in pairs])


def _and(a: Numbers, b: Numbers) -> Numbers:
    return np.where((a == 0) | (b == 0), 0.0, a * b)


def _or(a: Numbers, b: Numbers) -> Numbers:
    return np.where((a == 1) | (b == 1), 1.0, a + b)


_COMPARISONS: dict[str, Callable[..., Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    "=": np.equal,
    "==": np.equal,
    "!=": np.not_equal,
    ">=": np.greater_equal,
    ">": np.greater,
}
NEGATIVE = Operation(1, np.negative)
NOT = Operation(1, partial(np.subtract, 1.0))
OPERATORS = {
    "or": Operation(2, _or),
    "and": Operation(2, _and),
    "+": Operation(2, np.add),
    "-": Operation(2, np.subtract),
    "*": Operation(2, np.multiply),
    "/": Operation(2, np.divide),
    "^": Operation(2, np.power),
}
FUNCTIONS = {
    "abs": Operation(1, np.abs),
    "sign": Operation(1, np.sign),
    "floor": Operation(1, np.floor),
    "ceil": Operation(1, np.ceil),
    "sqrt": Operation(1, np.sqrt),
    "exp": Operation(1, np.exp),
    "log": Operation(1, np.log),
    "ln": Operation(1, np.log),
    "sin": Operation(1, np.sin),
    "cos": Operation(1, np.cos),
    "tan": Operation(1, np.tan),
    "tanh": Operation(1, np.tanh),
    "atan2": Operation(2, np.arctan2),
    "hypot": Operation(2, np.hypot),
    "min": Operation(2, np.minimum),
    "max": Operation(2, np.maximum),
    "mod": Operation(2, np.mod),  # has the sign of the divisor, so that stripes go on below zero
}
CONSTANTS = {"pi": float(np.pi), "e": float(np.e)}
