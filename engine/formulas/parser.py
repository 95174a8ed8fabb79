"""Reads one formula by the precedence of its operators, and writes down the steps that compute it."""

import math
from collections.abc import Iterator
from dataclasses import replace

from engine.choices import Refused
from engine.formulas.expression import (
    CONSTANTS,
    FUNCTIONS,
    NEGATIVE,
    NOT,
    OPERATORS,
    Formula,
    Operation,
    Step,
    comparison,
)
from engine.formulas.tokens import Token, misread, shortened, tokens_of

MAX_LENGTH = 1_000  # characters
MAX_STEPS = 200
MAX_DEPTH = 50  # of operations inside each other, each a few calls deep here

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER = range(1, 9)
_IMPLICIT = "no sign"  # the operator of 2x
_LEVELS = {
    "or": _OR, "and": _AND, **dict.fromkeys(("<", "<=", "=", "==", "!=", ">=", ">"), _COMPARISON),
    "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, _IMPLICIT: _PRODUCT, "^": _POWER,
}  # fmt: skip
_POINT = "a decimal point, as in 0.5"


def parse(text: str, variables: tuple[str, ...] = ("x", "y"), begin: int = 0) -> Formula:
    """The formula that a text says from its character `begin` on. Raises Refused."""
    if len(text) > MAX_LENGTH:
        raise Refused("formula", shortened(text), f"at most {MAX_LENGTH:,} characters, not {len(text):,}")
    return _Parser(text, variables, begin).read()


class _Parser:
    def __init__(self, text: str, variables: tuple[str, ...], begin: int) -> None:
        self._text = text[begin:].strip()
        self._variables = variables
        self._tokens = [part for token in tokens_of(text, begin) for part in self._split(token)]
        self._next = 0
        self._steps: list[Step] = []
        self._depth = 0
        self._in_bars = False  # with no bracket in between, so that the next | closes
        self._behind_divisor = 0  # the token after the last divisor

    def read(self) -> Formula:
        is_condition = self._expression(_OR)
        left = self._token
        if left.text == ",":
            raise self._refused(left, _POINT)
        if left.kind != "end":
            raise self._refused(left, "an opening bracket before it")
        return Formula(self._text, self._variables, tuple(self._steps), is_condition)

    def _split(self, token: Token) -> Iterator[Token]:
        """The tokens of `xy`, if nothing else is called so."""
        if token.kind == "name" and not self._knows(token.text) and set(token.text) <= {*self._variables}:
            for offset, letter in enumerate(token.text):
                yield Token("name", letter, letter, token.position + offset)
        else:
            yield token

    def _knows(self, name: str) -> bool:
        return name in self._variables or name in CONSTANTS or name in FUNCTIONS

    # Each of the following reads something, writes its steps and returns whether it is a condition.

    def _expression(self, level: int) -> bool:
        """A value, and all operators after it that bind as tightly as `level` or more tightly."""
        start = self._token
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._refused(start, f"at most {MAX_DEPTH} operations inside each other")
        is_condition = self._value(level)
        while _LEVELS.get(operator := self._operator(), 0) >= level:
            is_condition = self._operation(operator, start, is_condition)
        self._depth -= 1
        return is_condition

    def _value(self, level: int) -> bool:
        """What comes before any operator."""
        before, token = self._tokens[: self._next][-1:], self._take()
        if token.kind == "number":
            self._write(token, self._number(token))
        elif token.kind == "name":
            self._named(token)
        elif token.text == "(":
            return self._enclosed(")")
        elif token.text == "|":
            self._absolute(token)
        elif token.text in {"-", "+"}:
            self._expression(_SIGN)
            if token.text == "-":
                self._write(token, NEGATIVE)
        elif token.text == "not":
            return self._negation(token, level)
        else:
            expected = f"a number, {', '.join(self._variables)}, a function or an opening bracket"
            raise self._refused(token, " ".join([expected, *(f"behind {each.typed}" for each in before)]))
        return False

    def _enclosed(self, end: str) -> bool:
        outer, self._in_bars = self._in_bars, end == "|"
        is_condition = self._expression(_OR)
        self._close(end)
        self._in_bars = outer
        return is_condition

    def _absolute(self, bar: Token) -> None:
        if self._enclosed("|"):  # somebody's x > 0 | y > 0 | x + y > 1
            raise self._refused(bar, "a number between two |, or the word or")
        self._write(bar, FUNCTIONS["abs"])

    def _negation(self, token: Token, level: int) -> bool:
        if level > _NOT:
            raise self._refused(token, f"brackets around {token.typed} and its condition")
        start = self._token
        self._require(start, token, self._expression(_NOT))
        self._write(token, NOT)
        return True

    def _named(self, token: Token) -> None:
        name = token.text
        if name in self._variables:
            self._write(token, name)
        elif name in CONSTANTS:
            self._write(token, CONSTANTS[name])
        elif name in FUNCTIONS:
            self._call(token, FUNCTIONS[name])
        else:
            known = ", ".join([*self._variables, *CONSTANTS, *FUNCTIONS])
            raise self._refused(token, f"one of {known}")

    def _call(self, token: Token, function: Operation) -> None:
        form = f"{token.text}({', '.join('ab'[: function.takes])})"
        if self._token.text != "(":
            raise self._refused(token, f"its argument in brackets behind it, {form}")
        self._take()
        outer, self._in_bars = self._in_bars, False
        for number in range(function.takes):
            if number:
                self._close(",", form)
            self._expression(_OR)
        if self._token.text == ",":
            raise self._refused(self._token, f"{form} with no more arguments, or {_POINT}")
        self._close(")", form)
        self._in_bars = outer
        self._write(token, function)

    def _operation(self, operator: str, start: Token, is_condition: bool) -> bool:
        """An operator and what is behind it; `start` is where the value before it begins."""
        level = _LEVELS[operator]
        if level == _COMPARISON:
            return self._comparisons(start)
        token = self._operator_taken(operator)
        if level < _NOT:
            self._require(start, token, is_condition)
            right = self._token
            self._require(right, token, self._expression(level + 1))
        else:
            self._expression(_SIGN if operator == "^" else level + 1)
        if operator == "/":
            self._behind_divisor = self._next
        self._write(token, OPERATORS["*" if operator == _IMPLICIT else operator])
        return level < _NOT

    def _comparisons(self, start: Token) -> bool:
        signs = []
        first = self._token
        if self._next == 1 and first.text == "=" and start.text in self._variables:  # a curve, which no point is on
            raise self._refused(first, f"{start.text} > … or {start.text} < … for two classes, or z = … for values")
        while _LEVELS.get(self._operator()) == _COMPARISON:
            signs.append(self._take().text)
            self._expression(_SUM)
        self._write(first, comparison(signs))
        return True

    # What these read has no value of its own.

    def _operator(self) -> str:
        """The operator that comes next, empty if none does."""
        token = self._token
        if token.text == "|":
            return self._operator_of_bar()
        if token.kind == "name" or token.text == "(":
            return _IMPLICIT
        if token.kind == "number":
            raise self._refused(token, f"an operator such as * or ^ before it, or {_POINT}")
        if token.text == "not":
            raise self._refused(token, "and or or before it")
        return token.text if token.text in _LEVELS else ""

    def _operator_of_bar(self) -> str:
        if self._in_bars:
            return ""
        bar, after = self._token, self._tokens[self._next + 1]
        return "or" if after.text == "|" and after.position == bar.position + 1 else _IMPLICIT

    def _operator_taken(self, operator: str) -> Token:
        token = self._token
        if operator != _IMPLICIT:
            is_double = token.text == "|"
            self._next += 2 if is_double else 1
            return replace(token, typed="||") if is_double else token
        if self._next == self._behind_divisor:
            raise self._refused(token, "brackets around the divisor, or * before what is not part of it")
        if self._tokens[self._next - 1].text == "|":  # |2|x|-1| can be read in two ways
            raise self._refused(token, "* behind |…|, or abs(…) inside of it")
        return token

    def _close(self, sign: str, form: str = "") -> None:
        if self._token.text != sign:
            missing = form or {")": "a closing bracket", "|": "a closing |, or the word or"}[sign]
            raise self._refused(self._token, missing)
        self._take()

    def _take(self) -> Token:
        token = self._token
        self._next += token.kind != "end"
        return token

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    # Checks and refusals.

    def _number(self, token: Token) -> float:
        number = float(token.text)
        if math.isinf(number):
            raise self._refused(token, "a number below 1.8e308")
        return number

    def _write(self, token: Token, step: Step) -> None:
        if len(self._steps) == MAX_STEPS:
            raise self._refused(token, f"at most {MAX_STEPS} numbers, names and operations")
        self._steps.append(step)

    def _require(self, start: Token, word: Token, is_condition: bool) -> None:
        if not is_condition:
            raise self._refused(start, f"a condition such as x > 0 beside {word.typed}")

    def _refused(self, token: Token, expected: str) -> Refused:
        return misread(token.typed, expected, token.position, token.length)
