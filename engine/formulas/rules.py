"""What a visitor's lines say of a point: its class, by conditions, or its value, by a number."""

import re
from collections.abc import Iterator
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


@dataclass(frozen=True)
class _Line:
    text: str
    number: int  # from 1
    start: int  # place of its first character in the whole text, from 0

    def refused(self, expected: str) -> Refused:
        """What is said of all of it."""
        return Refused("formula", shortened(self.text), expected, (self.start, self.start + len(self.text)))


def read_rule(text: str, variables: tuple[str, ...] = ("x", "y")) -> Conditions | Value:
    """One condition in each line, or one number, which may begin with `z =`. Raises Refused."""
    lines = [line for line in _lines(text) if line.text.strip()]
    if not 1 <= len(lines) <= MAX_LINES:
        raise Refused("formula", shortened(text), f"1 to {MAX_LINES} lines, such as y > sin(x)")
    if len(lines) == 1:
        asks_value = _VALUE.match(lines[0].text)
        formula = _read(lines[0], variables, asks_value.end() if asks_value else 0)
        return Value(formula) if asks_value or not formula.is_condition else Conditions((formula,))
    return Conditions(tuple(_condition(line, variables) for line in lines))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for number, (line, whole) in enumerate(zip(text.splitlines(), text.splitlines(keepends=True), strict=True), 1):
        yield _Line(line, number, start)
        start += len(whole)


def _condition(line: _Line, variables: tuple[str, ...]) -> Formula:
    try:
        formula = None if _VALUE.match(line.text) else _read(line, variables)
    except Refused as error:
        raise Refused(error.field, error.came, f"{error.expected}, in line {line.number}", error.place) from None
    if formula is None or not formula.is_condition:
        raise line.refused(f"a condition such as y > sin(x), in line {line.number} as in all others")
    return formula


def _read(line: _Line, variables: tuple[str, ...], begin: int = 0) -> Formula:
    """Raises Refused, with the place in the whole text."""
    try:
        formula = parse(line.text, variables, begin)
    except Refused as error:
        first, last = error.place or (0, len(line.text))
        raise Refused(error.field, error.came, error.expected, (line.start + first, line.start + last)) from None
    if not formula.uses:
        raise line.refused(f"{' or '.join(variables)} in it")
    return formula
