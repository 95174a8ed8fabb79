"""What a formula computes: a list of steps over a stack of float64 arrays.

A condition is 1 where it is true, 0 where it is false, and NaN where that cannot be said, because a number in it has no
value there: `log(x) < 1` at x = -1. So `x > 0 and log(x) < 1` is false there, and `x < 0 or log(x) < 1` true.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Said = TypeVar("Said")
Numbers = NDArray[np.float64]  # or a scalar of float64 from steps without variables


class Operation(NamedTuple):
    """Takes the last values from the stack and leaves one."""

    name: str  # as in formulas; "negative" for the sign in front
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

    @property
    def computes(self) -> frozenset[str]:
        """The names of the operations in it."""
        return frozenset(step.name for step in self.steps if isinstance(step, Operation))

    def say(
        self, number: Callable[[float], Said], operation: Callable[[Operation, list[Said]], Said], *places: Said
    ) -> Said:
        """The formula in another form, from inside: what is said of a number, and of an operation and what it takes.

        `places` are in the order of `variables`.
        """
        given = dict(zip(self.variables, places, strict=True))
        stack: list[Said] = []
        for step in self.steps:
            if isinstance(step, Operation):
                split = len(stack) - step.takes
                stack[split:] = [operation(step, stack[split:])]
            else:
                stack.append(given[step] if isinstance(step, str) else number(step))
        return stack[0]

    def evaluate(self, *places: ArrayLike) -> NDArray[np.float64]:
        """Its value wherever the variables have these values; new, of the places' shape.

        `places` are in the order of `variables` and broadcast. What has no value is NaN, what is too large infinite.
        """
        arrays: list[Any] = [np.asarray(each, np.float64) for each in places]
        with np.errstate(all="ignore"):
            value = self.say(np.float64, lambda operation, taken: operation.compute(*taken), *arrays)
        return np.array(np.broadcast_to(value, np.broadcast_shapes(*(each.shape for each in arrays))))


def comparison(signs: list[str]) -> Operation:
    """Compares each of some numbers with the next: `a < b <= c` has two signs."""
    return Operation(" ".join(signs), len(signs) + 1, partial(_compare, [_COMPARISONS[sign] for sign in signs]))


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
NEGATIVE = Operation("negative", 1, np.negative)
NOT = Operation("not", 1, partial(np.subtract, 1.0))
OPERATORS = {
    "or": Operation("or", 2, _or),
    "and": Operation("and", 2, _and),
    "+": Operation("+", 2, np.add),
    "-": Operation("-", 2, np.subtract),
    "*": Operation("*", 2, np.multiply),
    "/": Operation("/", 2, np.divide),
    "^": Operation("^", 2, np.power),
}
FUNCTIONS = {
    "abs": Operation("abs", 1, np.abs),
    "sign": Operation("sign", 1, np.sign),
    "floor": Operation("floor", 1, np.floor),
    "ceil": Operation("ceil", 1, np.ceil),
    "sqrt": Operation("sqrt", 1, np.sqrt),
    "exp": Operation("exp", 1, np.exp),
    "log": Operation("log", 1, np.log),
    "ln": Operation("ln", 1, np.log),
    "sin": Operation("sin", 1, np.sin),
    "cos": Operation("cos", 1, np.cos),
    "tan": Operation("tan", 1, np.tan),
    "tanh": Operation("tanh", 1, np.tanh),
    "atan2": Operation("atan2", 2, np.arctan2),
    "hypot": Operation("hypot", 2, np.hypot),
    "min": Operation("min", 2, np.minimum),
    "max": Operation("max", 2, np.maximum),
    "mod": Operation("mod", 2, np.mod),  # has the sign of the divisor, so that stripes go on below zero
}
CONSTANTS = {"pi": float(np.pi), "e": float(np.e)}
ARITHMETIC = frozenset({NEGATIVE.name, *FUNCTIONS, "+", "-", "*", "/", "^"})
"""The names of the operations that take numbers and give one."""
