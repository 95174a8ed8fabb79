"""Describes each data set in one record: its labels, its part of the plane, how it is drawn, and what changes it."""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.choices import Refused
from engine.labs.plane import generators
from engine.labs.plane.generators import Generator, four_points, labelled, square

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
    "own",
    "reg-own",
]
Problem = Literal["classification", "regression"]
Domain = tuple[float, float]

MAX_CLASSES = 10


@dataclass(frozen=True)
class Kind:
    """A data set. Pictures show `domain` in both directions."""

    label: str
    draw: Generator | None = None  # None: somebody gives the points
    draw_classes: Callable[[int], Generator] | None = None  # more than two
    problem: Problem = "classification"
    most_classes: int = 2  # 0 in a regression
    points: int = 500  # that are drawn
    domain: Domain = (-6.0, 6.0)
    uses: tuple[str, ...] = ("noise", "train_share", "seed")  # the settings that change the points or their split
    fills_plane: bool = False  # so that it takes many points to show where the colours meet

    @property
    def fixed(self) -> bool:
        """Whether its points are always the same, and all of them train."""
        return not self.uses


def _many(
    label: str,
    draw: Generator,
    draw_classes: Callable[[int], Generator],
    most: int = MAX_CLASSES,
    *,
    fills_plane: bool = False,
) -> Kind:
    """A data set of two or more classes."""
    uses = ("noise", "train_share", "classes", "seed")
    return Kind(label, draw, draw_classes, most_classes=most, uses=uses, fills_plane=fills_plane)


def _filled(label: str, is_blue: Callable[[float, float], bool]) -> Kind:
    return Kind(label, labelled(is_blue), fills_plane=True)


def _surface(label: str, height: Callable[[float, float], float]) -> Kind:
    """A regression all over the plane."""
    return Kind(label, square(6, height), problem="regression", most_classes=0, points=1200, fills_plane=True)


def _logic(label: str, rule: Callable[[bool, bool], bool], problem: Problem) -> Kind:
    """The four pairs of 0 and 1, at the corners of a square in the middle of the picture.

    No label contains "XOR": that is another set's name on the page.
    """
    low, most = (-1.0, 2) if problem == "classification" else (0.0, 0)
    draw = four_points(rule, low)
    return Kind(label, draw, problem=problem, most_classes=most, points=4, domain=(-0.5, 1.5), uses=())


def _is_blue_square(x: float, y: float) -> bool:
    return (math.floor(x / 2.5) + math.floor(y / 2.5)) % 2 == 0


KINDS: dict[Dataset, Kind] = {
    "circle": Kind("Circle", generators.circle),
    "xor": Kind("XOR", generators.xor, fills_plane=True),
    "gauss": _many("Gaussian", generators.gauss, generators.blobs),
    "spiral": _many("Spiral", generators.spiral, generators.arms, most=6),
    "moons": Kind("Moons", generators.moons),
    "rings": _many("Rings", generators.rings, generators.many_rings),
    "checkerboard": _many("Checkers", labelled(_is_blue_square), generators.coloured_board, fills_plane=True),
    "sine": _filled("Sine", lambda x, y: y > 2.5 * math.sin(x)),
    "cubic": _filled("Cubic", lambda x, y: y > x**3 / 8 - 1.5 * x),
    "abs": _filled("|x|", lambda x, y: y > 1.4 * abs(x) - 3.5),
    "logic-xor": _logic("Excl. or", operator.xor, "classification"),
    "logic-and": _logic("And", operator.and_, "classification"),
    "logic-or": _logic("Or", operator.or_, "classification"),
    "reg-plane": _surface("Plane", generators.plane),
    "reg-gauss": _surface("Multi Gaussian", generators.hills),
    "reg-logic-xor": _logic("Excl. or", operator.xor, "regression"),
    "reg-logic-and": _logic("And", operator.and_, "regression"),
    "reg-logic-or": _logic("Or", operator.or_, "regression"),
    "own": Kind("Own points", most_classes=MAX_CLASSES, uses=("train_share", "classes", "seed")),
    "reg-own": Kind("Own points", problem="regression", most_classes=0, uses=("train_share", "seed")),
}


def points_missing(dataset: Dataset) -> Refused:
    """What is said where a set's points must be given, and none were."""
    drawn = ", ".join(name for name, kind in KINDS.items() if kind.draw)
    return Refused("dataset", dataset, f"the points with it, or a set that can be drawn: one of {drawn}")
