"""Points that a visitor's formula labels: `y > sin(x)` makes two classes, `z = x*y` values of a regression."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.choices import Refused, settings_of
from engine.formulas.rules import Conditions, Value, read_rule
from engine.formulas.tokens import shortened
from engine.labs.plane.given import MAX_NAME_LENGTH, MAX_POINTS, give_classes, give_values
from engine.labs.plane.kinds import MAX_CLASSES
from engine.labs.plane.settings import Settings
from engine.runs.data import Given
from engine.vectors.seedrandom import SeedRandom

HALF = 6.0  # of the square that the points lie in
STEPS = 1_000  # of the grid that coordinates and values are rounded to, in one unit

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class FormulaPoints:
    """Points, their labels, and what a visitor would not expect of them."""

    given: Given
    undefined: int = 0  # points at which the formula has no finite value: left out, or not in a condition's class
    scale: float = 1.0  # by which values were divided
    empty: tuple[str, ...] = ()  # conditions that give no point its class

    @property
    def notices(self) -> Iterator[str]:
        """A sentence for each of these."""
        if self.undefined and self.given.targets == "values":
            yield f"The formula has no finite value at {self.undefined:,} points, which are left out."
        elif self.undefined:
            yield f"A condition has no value at {self.undefined:,} points and counts as false there."
        if self.scale != 1:
            yield f"Values are divided by {self.scale:.6g}, so that they lie from -1 to 1."
        for condition in self.empty:
            yield f"No point is in the class of {condition}."


def label_by_formula(text: str, seed: str, count: int = 500, noise: float = 0.0) -> FormulaPoints:
    """So many points all over the plane, labelled by the formula. Raises Refused.

    Noise, in per cent, moves a point only to decide its label. Coordinates and values are whole thousandths, and
    without noise a label is the formula's at the rounded place.
    """
    rule = read_rule(text)
    if not 1 <= count <= MAX_POINTS:
        raise Refused("count", count, f"1 to {MAX_POINTS:,} points")
    settings_of(Settings)["noise"].check(noise)
    numbers = SeedRandom(seed).uniforms(4 * count, -HALF, HALF).reshape(count, 4)
    points = _rounded(numbers[:, :2])
    places = points + numbers[:, 2:] * (noise / 100)
    return _classes(rule, text, points, places) if isinstance(rule, Conditions) else _values(rule, text, points, places)


def _classes(rule: Conditions, text: str, points: Numbers, places: Numbers) -> FormulaPoints:
    classes, is_undefined = rule.classes(*places.T)
    counts = np.bincount(classes, minlength=len(rule.formulas) + 1)
    names = [_name(formula.text) for formula in rule.formulas] + ["else"] * bool(counts[-1])
    if np.count_nonzero(counts) < 2:
        raise Refused("formula", shortened(text), _undivided(rule, names[classes[0]]))
    if len(names) > MAX_CLASSES:
        raise Refused("formula", shortened(text), f"at most {MAX_CLASSES} classes, with that of all other points")
    empty = tuple(name for name, each in zip(names, counts, strict=False) if not each)
    return FormulaPoints(give_classes(points, classes, names=names), int(is_undefined.sum()), empty=empty)


def _values(rule: Value, text: str, points: Numbers, places: Numbers) -> FormulaPoints:
    values = rule.formula.evaluate(*places.T)
    is_finite = np.isfinite(values)
    if not is_finite.any():
        raise Refused("formula", shortened(text), "a finite value at some of the points")
    points, values = points[is_finite], values[is_finite]
    scale = max(1.0, float(np.abs(values).max()))
    values = _rounded(values / scale)
    if (values == values[0]).all():
        raise Refused("formula", shortened(text), f"values that differ: all are {values[0]:g}, rounded to thousandths")
    return FormulaPoints(give_values(points, values, ("x", "y", "z")), int((~is_finite).sum()), scale)


def _undivided(rule: Conditions, only: str) -> str:
    if len(rule.formulas) > 1:
        return f"conditions that divide the points: all are in the class of {only}"
    return f"a condition that divides the points: {'none satisfies' if only == 'else' else 'all satisfy'} this one"


def _name(text: str) -> str:
    return text if len(text) <= MAX_NAME_LENGTH else f"{text[: MAX_NAME_LENGTH - 1]}…"


def _rounded(numbers: Numbers) -> Numbers:
    """To thousandths. A zero has no sign, as equal points must have equal bytes."""
    return np.rint(numbers * STEPS) / STEPS + 0.0
