"""Fills the template of the plane's page: cards of data sets and features, formulas, fields."""

from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from latex2mathml.converter import convert as latex_to_mathml

from app.labs.plane.controls import CONTROLS, OWN
from app.labs.plane.scaling import HOWS
from app.pages.fields import fields_of
from app.tables.reading import MAX_BYTES
from engine.choices import Group
from engine.formulas.expression import FUNCTIONS
from engine.labs.plane.datasets import generate
from engine.labs.plane.given import MAX_FORMULA_LENGTH, MAX_POINTS
from engine.labs.plane.kinds import KINDS, Dataset, Kind, Problem
from engine.labs.plane.own_input import MAX_LENGTH
from engine.labs.plane.settings import SETTINGS, Settings
from engine.machine.architecture import Objective

_FORMULAS: dict[Objective, tuple[str, str]] = {  # in words, and in LaTeX
    "squared-error": (
        "Squared error: half the mean of the squared errors.",
        r"E = \frac{1}{2N} \sum_{n} ( y_n - t_n )^2",
    ),
    "cross-entropy": (
        "Cross-entropy for two classes: a sigmoid makes the output the probability of blue.",
        r"E = -\frac{1}{N} \sum_{n} \left[ t_n \log y_n + (1 - t_n) \log (1 - y_n) \right]",
    ),
    "categorical-cross-entropy": (
        "Categorical cross-entropy: softmax makes the outputs, one per class, probabilities.",
        r"E = -\frac{1}{N} \sum_{n} \sum_{k} t_{nk} \log y_{nk} , \quad y_k = \frac{e^{z_k}}{\sum_{r} e^{z_r}}",
    ),
}

_SEED = "thumbnail"
_POINTS = 200
_FILLING = 700  # points that show where the colours meet, in sets that fill the plane
_HALF_CARD = 60  # units from the middle of a card to the edge of the domain


@dataclass(frozen=True)
class DatasetCard:
    """A data set to choose, with a few of its points."""

    name: Dataset
    label: str
    problem: Problem
    is_fixed: bool  # four points and no more
    dots: list[tuple[str, str]]  # a class for their colour, and an SVG path of dots


@dataclass(frozen=True)
class ControlCard:
    """A control that a lesson can hide."""

    name: str
    label: str


@dataclass(frozen=True)
class FeatureCard:
    """An input feature to choose."""

    name: str
    label: str


def _dataset_card(name: Dataset, kind: Kind) -> DatasetCard:
    low, high = kind.domain
    middle, scale = (low + high) / 2, _HALF_CARD / (high - low) * 2
    points = generate(name, 0, _SEED, _FILLING if kind.fills_plane else _POINTS)
    dots: dict[str, str] = {"low": "", "middle": "", "high": ""}
    for x, y, value in points:
        level = "low" if value < -1 / 3 else "high" if value > 1 / 3 else "middle"
        # A line without length, whose round ends make a dot.
        dots[level] += f"M{(x - middle) * scale:.0f} {(middle - y) * scale:.0f}h0"
    return DatasetCard(name, kind.label, kind.problem, kind.fixed, list(dots.items()))


_FORMULA_DIALOG = {
    "examples": ("y > sin(x)", "x^2 + y^2 < 9", "y > x + 2\ny > x - 2", "z = sin(x) cos(y)"),
    "functions": tuple(FUNCTIONS),
    "counts": (50, 100, 200, 500, 1000, MAX_POINTS),
    "most": MAX_FORMULA_LENGTH,
}
_OWN_INPUT = {
    "standard": Settings().own_input,
    "examples": ("sin(x*y)", "|x| + |y|", "hypot(x, y)", "atan2(y, x)", "max(x, y)"),
    "most": MAX_LENGTH,
}
_WITHOUT_A_FIELD = {"dataset", "own_input"}  # visitors choose them by cards, and in a dialog
_IN_STATES_ALONE = {
    "activation": ("mixed", "Mixed"),
    "loss": ("categorical-cross-entropy", "Softmax"),
}


@cache
def page() -> dict[str, Any]:
    """The values of the template, by name."""
    return {
        "datasets": [_dataset_card(name, kind) for name, kind in KINDS.items() if kind.draw],
        "own_sets": [(name, kind.problem, kind.label) for name, kind in KINDS.items() if not kind.draw],
        "fields": {group: fields_of(Settings, group, _WITHOUT_A_FIELD, _IN_STATES_ALONE) for group in get_args(Group)},
        "layer_activations": SETTINGS["activations"].choices.items(),
        "controls": [ControlCard(name, CONTROLS[name]) for name in OWN],
        "formulas": [(objective, words, latex_to_mathml(latex)) for objective, (words, latex) in _FORMULAS.items()],
        "table_bytes": MAX_BYTES,
        "table_scalings": HOWS.items(),
        "formula": _FORMULA_DIALOG,
        "own_input": _OWN_INPUT,
        "features": [FeatureCard(name, label) for name, label in SETTINGS["inputs"].choices.items()],
    }
