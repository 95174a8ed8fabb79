"""Points that a visitor's formula labels: `y > sin(x)` makes two classes, `z = x*y` values of a regression."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.choices import Refused, settings_of
from engine.formulas.rules import Conditions, Value, read_rule
from engine.formulas.tokens import shortened
from engine.labs.plane.given import MAX_FORMULA_LENGTH, MAX_NAME_LENGTH, MAX_POINTS, give_classes, give_values
from engine.labs.plane.kinds import MAX_CLASSES
from engine.labs.plane.settings import Settings
from engine.runs.data import Given
from engine.vectors.seedrandom import SeedRandom

HALF = 6.0  # of the square that the points lie in
STEPS = 1_000  # of the grid that coordinates and values are rounded to, in one unit

Numbers = NDArray[np.float64]


def label_by_formula(text: str, seed: str, count: int = 500, noise: float = 0.0) -> Given:
    """So many points all over the plane, labelled by the formula, with notices of what surprises. Raises Refused.

    Noise, in per cent, moves a point only to decide its label. Coordinates and values are whole thousandths, and
    without noise a label is the formula's at the rounded place.
    """
    if len(text) > MAX_FORMULA_LENGTH:
        raise Refused("formula", shortened(text), f"at most {MAX_FORMULA_LENGTH:,} characters, not {len(text):,}")
    rule = read_rule(text)
    if not 1 <= count <= MAX_POINTS:
        raise Refused("count", count, f"1 to {MAX_POINTS:,} points")
    settings_of(Settings)["noise"].check(noise)
    numbers = SeedRandom(seed).uniforms(4 * count, -HALF, HALF).reshape(count, 4)
    points = _rounded(numbers[:, :2])
    places = points + numbers[:, 2:] * (noise / 100)
    told = (text, points, places)
    given, notices = _classes(rule, *told) if isinstance(rule, Conditions) else _values(rule, *told)
    return replace(given, formula=text.strip(), notices=tuple(notices))


def _classes(rule: Conditions, text: str, points: Numbers, places: Numbers) -> tuple[Given, list[str]]:
    classes, is_undefined = rule.classes(*places.T)
    counts = np.bincount(classes, minlength=len(rule.formulas) + 1)
    names = [_name(formula.text) for formula in rule.formulas] + ["else"] * bool(counts[-1])
    if np.count_nonzero(counts) < 2:
        raise Refused("formula", shortened(text), _undivided(rule, names[classes[0]]))
    if len(names) > MAX_CLASSES:
        raise Refused("formula", shortened(text), f"at most {MAX_CLASSES} classes, with that of all other points")
    notices = [f"No point is in the class of {name}." for name, each in zip(names, counts, strict=False) if not each]
    if undefined := int(is_undefined.sum()):
        notices.insert(0, f"A condition has no value at {undefined:,} points and counts as false there.")
    return give_classes(points, classes, names=names), notices


def _values(rule: Value, text: str, points: Numbers, places: Numbers) -> tuple[Given, list[str]]:
    values = rule.formula.evaluate(*places.T)
    is_finite = np.isfinite(values)
    if not is_finite.any():
        raise Refused("formula", shortened(text), "a finite value at some of the points")
    points, values = points[is_finite], values[is_finite]
    scale = max(1.0, float(np.abs(values).max()))
    values = _rounded(values / scale)
    if (values == values[0]).all():
        raise Refused("formula", shortened(text), f"values that differ: all are {values[0]:g}, rounded to thousandths")
    notices = []
    if left_out := int((~is_finite).sum()):
        notices.append(f"The formula has no finite value at {left_out:,} points, which are left out.")
    if scale != 1:
        notices.append(f"Values are divided by {scale:.6g}, so that they lie from -1 to 1.")
    return give_values(points, values, ("x", "y", "z")), notices


def _undivided(rule: Conditions, only: str) -> str:
    if len(rule.formulas) > 1:
        return f"conditions that divide the points: all are in the class of {only}"
    return f"a condition that divides the points: {'none satisfies' if only == 'else' else 'all satisfy'} this one"


def _name(text: str) -> str:
    return text if len(text) <= MAX_NAME_LENGTH else f"{text[: MAX_NAME_LENGTH - 1]}…"


def _rounded(numbers: Numbers) -> Numbers:
    """To thousandths. A zero has no sign, as equal points must have equal bytes."""
    return np.rint(numbers * STEPS) / STEPS + 0.0
