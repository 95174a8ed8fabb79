"""Describes each data set in one record: its labels, its part of the plane, and what can be changed."""

from dataclasses import dataclass
from typing import Literal

Dataset = Literal[
    "circle",
    "xor",
    "gauss",
    "spiral",
    "moons",
    "rings",
    "checkerboard",
    "sine",
    "cubic",
    "abs",
    "logic-xor",
    "logic-and",
    "logic-or",
    "reg-plane",
    "reg-gauss",
    "reg-logic-xor",
    "reg-logic-and",
    "reg-logic-or",
]
Problem = Literal["classification", "regression"]
Domain = tuple[float, float]


@dataclass(frozen=True)
class Kind:
    """A data set. Pictures show `domain` in both directions; a fixed set has nothing random."""

    label: str
    problem: Problem = "classification"
    most_classes: int = 2  # 0 in a regression
    points: int = 500
    domain: Domain = (-6.0, 6.0)
    fixed: bool = False  # no noise, no seed, no test points


def _regression(label: str) -> Kind:
    return Kind(label, "regression", most_classes=0, points=1200)


def _logic(label: str, problem: Problem) -> Kind:
    """The four pairs of 0 and 1, at the corners of a square in the middle of the picture.

    No label contains "XOR": that is another set's name on the page.
    """
    return Kind(label, problem, 2 if problem == "classification" else 0, points=4, domain=(-0.5, 1.5), fixed=True)


KINDS: dict[Dataset, Kind] = {
    "circle": Kind("Circle"),
    "xor": Kind("XOR"),
    "gauss": Kind("Gaussian", most_classes=10),
    "spiral": Kind("Spiral", most_classes=6),
    "moons": Kind("Moons"),
    "rings": Kind("Rings", most_classes=10),
    "checkerboard": Kind("Checkers", most_classes=10),
    "sine": Kind("Sine"),
    "cubic": Kind("Cubic"),
    "abs": Kind("|x|"),
    "logic-xor": _logic("Excl. or", "classification"),
    "logic-and": _logic("And", "classification"),
    "logic-or": _logic("Or", "classification"),
    "reg-plane": _regression("Plane"),
    "reg-gauss": _regression("Multi Gaussian"),
    "reg-logic-xor": _logic("Excl. or", "regression"),
    "reg-logic-and": _logic("And", "regression"),
    "reg-logic-or": _logic("Or", "regression"),
}
