"""The formula of an own input as Python of NumPy, PyTorch or Keras, and as nodes of ONNX."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.formulas.expression import Operation
from engine.labs.plane.own_input import MOST_OF_AN_INPUT, own_input

Module = str  # as the file calls it: np, torch or ops

_SIGNS = {"negative": "(-{})", "^": "({} ** {})", **{sign: f"({{}} {sign} {{}})" for sign in "+-*/"}}
_NAMES = {"ln": "log", "min": "minimum", "max": "maximum"}
_OTHERS: dict[tuple[Module, str], str] = {
    ("np", "atan2"): "np.arctan2({}, {})",
    ("ops", "atan2"): "ops.arctan2({}, {})",
    ("ops", "hypot"): "ops.sqrt({0} * {0} + {1} * {1})",
    ("torch", "mod"): "torch.remainder({}, {})",
}
_BOUNDED = {
    "np": "np.nan_to_num(np.clip({}, {}, {}))",
    "torch": "torch.nan_to_num(torch.clamp({}, {}, {}))",
    "ops": "ops.nan_to_num(ops.clip({}, {}, {}))",
}


@dataclass(frozen=True)
class _Part:
    """Python source, and its value where that is the same at every point."""

    source: str
    value: float | None = None


def python(text: str, module: Module) -> str:
    """An expression of x and y. What is the same everywhere is computed here: PyTorch's functions take no numbers."""

    def number(value: float) -> _Part:
        source = repr(float(value)) if math.isfinite(value) else f'float("{value}")'
        return _Part(source, float(value))

    def operation(done: Operation, taken: list[_Part]) -> _Part:
        values = [part.value for part in taken if part.value is not None]
        if len(values) == len(taken):
            with np.errstate(all="ignore"):
                return number(float(done.compute(*map(np.float64, values))))
        if done.name in _SIGNS:
            return _Part(_SIGNS[done.name].format(*(part.source for part in taken)))
        called = f"{module}.{_NAMES.get(done.name, done.name)}({', '.join('{}' for _ in taken)})"
        return _Part(_OTHERS.get((module, done.name), called).format(*(_argument(part, module) for part in taken)))

    said = own_input(text).say(number, operation, _Part("x"), _Part("y"))
    return _BOUNDED[module].format(_outermost(said.source), -MOST_OF_AN_INPUT, MOST_OF_AN_INPUT)


def _argument(part: _Part, module: Module) -> str:
    if part.value is None:
        return _outermost(part.source)
    return f"torch.tensor({part.source}, dtype=torch.float64)" if module == "torch" else part.source


def _outermost(source: str) -> str:
    """Without the brackets around all of it: those of `(x + y)`, but not of `(x) + (y)`."""
    depths, depth = [], 0
    for sign in source:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        depths.append(depth)
    return source[1:-1] if source.startswith("(") and 0 not in depths[:-1] else source


_ONNX = {
    "+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "^": "Pow", "negative": "Neg", "abs": "Abs", "sign": "Sign",
    "floor": "Floor", "ceil": "Ceil", "sqrt": "Sqrt", "exp": "Exp", "log": "Log", "ln": "Log", "sin": "Sin",
    "cos": "Cos", "tan": "Tan", "tanh": "Tanh", "min": "Min", "max": "Max",
}  # fmt: skip


class OnnxFormula:
    """Adds the nodes of a formula to a graph."""

    def __init__(self, add: Callable[..., str], constant: Callable[[str, float], str]) -> None:
        self._add = add
        self._constant = constant

    def write(self, text: str, x: str, y: str) -> str:
        """The name of what it computes from those of x and y."""
        value = own_input(text).say(self._number, self._operation, x, y)
        known = self._add("Where", [self._add("IsNaN", [value]), self._number(0.0), value])
        bounds = [self._number(-MOST_OF_AN_INPUT), self._number(MOST_OF_AN_INPUT)]
        return self._add("Clip", [known, *bounds])

    def _number(self, value: float) -> str:
        return self._constant(f"number_{float(value)!r}", float(value))

    def _operation(self, done: Operation, taken: list[str]) -> str:
        if done.name in _ONNX:
            return self._add(_ONNX[done.name], taken)
        return {"hypot": self._hypot, "mod": self._mod, "atan2": self._atan2}[done.name](*taken)

    def _hypot(self, a: str, b: str) -> str:
        return self._add("Sqrt", [self._add("Add", [self._add("Mul", [a, a]), self._add("Mul", [b, b])])])

    def _mod(self, a: str, b: str) -> str:
        """With the sign of the divisor, which ONNX has for whole numbers alone."""
        times = self._add("Floor", [self._add("Div", [a, b])])
        return self._add("Sub", [a, self._add("Mul", [b, times])])

    def _atan2(self, a: str, b: str) -> str:
        """ONNX has the arc tangent of a quotient, which is that of the right half plane."""
        zero = self._number(0.0)
        right = self._add("Atan", [self._add("Div", [a, b])])
        turn = self._add("Where", [self._add("Less", [a, zero]), self._number(-math.pi), self._number(math.pi)])
        left = self._add("Add", [right, turn])
        on_axis = self._add("Mul", [self._add("Sign", [a]), self._number(math.pi / 2)])
        not_right = self._add("Where", [self._add("Less", [b, zero]), left, on_axis])
        return self._add("Where", [self._add("Greater", [b, zero]), right, not_right])
