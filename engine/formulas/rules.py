"""What a visitor's lines say of a point: its class, by conditions, or its value, by a number."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.choices import Refused
from engine.formulas.expression import Formula
from engine.formulas.parser import parse
from engine.formulas.tokens import shortened

MAX_LINES = 10

_VALUE = re.compile(r"\s*z\s*=(?!=)", re.IGNORECASE)


@dataclass(frozen=True)
class Conditions:
    """Class 0 is where the first is true, class 1 where the second is and the first is not, the last class the rest."""

    formulas: tuple[Formula, ...]

    def classes(self, *places: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The class of each place, and whether a condition that would decide it has no value there.

        Such a condition counts as false.
        """
        truths = np.array([formula.evaluate(*places) for formula in self.formulas])
        truths = np.concatenate([truths, np.ones_like(truths[:1])])
        classes = np.argmax(truths == 1, axis=0)
        is_before = np.arange(len(truths)).reshape(-1, *[1] * classes.ndim) < classes
        return classes, (np.isnan(truths) & is_before).any(axis=0)


@dataclass(frozen=True)
class Value:
    """The value at a place."""

    formula: Formula


def read_rule(text: str, variables: tuple[str, ...] = ("x", "y")) -> Conditions | Value:
    """One condition in each line, or one number, which may begin with `z =`. Raises Refused."""
    lines = {number: line for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    if not 1 <= len(lines) <= MAX_LINES:
        raise Refused("formula", shortened(text), f"1 to {MAX_LINES} lines, such as y > sin(x)")
    if len(lines) == 1:
        (line,) = lines.values()
        asks_value = _VALUE.match(line)
        formula = _read(line, variables, asks_value.end() if asks_value else 0)
        return Value(formula) if asks_value or not formula.is_condition else Conditions((formula,))
    return Conditions(tuple(_condition(line, variables, number) for number, line in lines.items()))


def _condition(line: str, variables: tuple[str, ...], number: int) -> Formula:
    try:
        formula = None if _VALUE.match(line) else _read(line, variables)
    except Refused as error:
        raise Refused(error.field, error.came, f"{error.expected}, in line {number}") from None
    if formula is None or not formula.is_condition:
        raise Refused("formula", shortened(line), f"a condition such as y > sin(x), in line {number} as in all others")
    return formula


def _read(line: str, variables: tuple[str, ...], begin: int = 0) -> Formula:
    formula = parse(line, variables, begin)
    if not formula.uses:
        raise Refused("formula", shortened(line), f"{' or '.join(variables)} in it")
    return formula
