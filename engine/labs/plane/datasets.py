"""Generates the data sets: TensorFlow Playground's, drawing the same numbers in the same order, and more like them.

Points are rows (x, y, label) of float64, x and y mostly within the set's domain. Labels are -1 or 1; with more than
two classes their numbers from 0; in a regression values from -1 to 1. Noise is a share from 0 to 0.5.
`engine/labs/plane/kinds.py` describes each set.
"""

import math
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.kinds import KINDS, Dataset
from engine.labs.plane.settings import Settings
from engine.vectors.seedrandom import SeedRandom

Point = tuple[float, float, float]
Generator = Callable[[int, float, SeedRandom], Iterator[Point]]
Points = NDArray[np.float64]  # (n, 3)


def _blobs(classes: int) -> Generator:
    """One blob per class, evenly around the middle."""

    def generate(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
        variance = 0.2 + (noise / 0.5) * 3.5
        for i in range(count):
            angle = i % classes / classes * 2 * math.pi
            x = random.normal(3.8 * math.sin(angle), variance)
            yield x, random.normal(3.8 * math.cos(angle), variance), i % classes

    return generate


def _arms(classes: int) -> Generator:
    """A spiral of one arm per class; together the arms make 3.5 turns."""

    def generate(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
        each = math.ceil(count / classes)
        for i in range(count):
            radius = (i // classes + 0.5) / each * 5
            angle = 3.5 / classes * radius / 5 * 2 * math.pi + i % classes / classes * 2 * math.pi
            x = radius * math.sin(angle) + random.uniform(-1, 1) * noise
            yield x, radius * math.cos(angle) + random.uniform(-1, 1) * noise, i % classes

    return generate


def _many_rings(classes: int) -> Generator:
    """Concentric rings, one per class, the first a disc; noise moves a point only to decide its label."""
    step = 5 / classes

    def generate(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
        for i in range(count):
            radius = (i % classes + random.uniform(0.1, 0.9)) * step
            angle = random.uniform(0, 2 * math.pi)
            x, y = radius * math.sin(angle), radius * math.cos(angle)
            moved = math.hypot(x + random.uniform(-5, 5) * noise, y + random.uniform(-5, 5) * noise)
            yield x, y, min(int(moved / step), classes - 1)

    return generate


def _coloured_board(classes: int) -> Generator:
    """Four by four squares; no two side by side have the same class."""
    return _square(5, lambda x, y: (math.floor(x / 2.5) + 2 * math.floor(y / 2.5)) % classes)


def _gauss(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
    """Two blobs; noise changes their variance, not their labels."""
    variance = 0.5 + (noise / 0.5) * 3.5
    for center, label in ((2.0, 1.0), (-2.0, -1.0)):
        for _ in range(count // 2):
            x = random.normal(center, variance)
            yield x, random.normal(center, variance), label


def _spiral(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
    """Two arms of 1.75 turns."""
    each = count // 2
    for start, label in ((0.0, 1.0), (math.pi, -1.0)):
        for i in range(each):
            radius = i / each * 5
            angle = 1.75 * i / each * 2 * math.pi + start
            x = radius * math.sin(angle) + random.uniform(-1, 1) * noise
            yield x, radius * math.cos(angle) + random.uniform(-1, 1) * noise, label


def _circle(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
    """A disc inside a ring; noise moves a point only to decide its label."""
    for low, high in ((0.0, 2.5), (3.5, 5.0)):
        for _ in range(count // 2):
            radius = random.uniform(low, high)
            angle = random.uniform(0, 2 * math.pi)
            x, y = radius * math.sin(angle), radius * math.cos(angle)
            moved_x = x + random.uniform(-5, 5) * noise
            moved_y = y + random.uniform(-5, 5) * noise
            inside = math.sqrt(moved_x * moved_x + moved_y * moved_y) < 2.5
            yield x, y, 1.0 if inside else -1.0


def _xor(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
    """Four squares, 0.3 away from the axes."""
    for _ in range(count):
        x = random.uniform(-5, 5)
        x += 0.3 if x > 0 else -0.3
        y = random.uniform(-5, 5)
        y += 0.3 if y > 0 else -0.3
        moved_x = x + random.uniform(-5, 5) * noise
        moved_y = y + random.uniform(-5, 5) * noise
        yield x, y, 1.0 if moved_x * moved_y >= 0 else -1.0


def _moons(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
    """Two half circles that reach into each other; noise blurs them."""
    for side, label in ((1.0, 1.0), (-1.0, -1.0)):
        for _ in range(count // 2):
            angle = random.uniform(0, math.pi)
            x = side * (3 * math.cos(angle) - 1.5) + random.uniform(-3, 3) * noise
            yield x, side * (3 * math.sin(angle) - 0.75) + random.uniform(-3, 3) * noise, label


def _rings(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
    """A ring between a disc and another ring; noise moves a point only to decide its label."""
    for i in range(count):
        low, high = ((1.8, 3.0), (0.0, 1.2), (1.8, 3.0), (3.6, 5.0))[i % 4]
        radius, angle = random.uniform(low, high), random.uniform(0, 2 * math.pi)
        x, y = radius * math.sin(angle), radius * math.cos(angle)
        moved = math.hypot(x + random.uniform(-5, 5) * noise, y + random.uniform(-5, 5) * noise)
        yield x, y, 1.0 if 1.5 < moved < 3.3 else -1.0


def _plane(x: float, y: float) -> float:
    return (x + y) / 10


_HILLS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


def _hills(x: float, y: float) -> float:
    """Six cones of radius 2 and alternating sign; where they overlap, the label of greater size wins."""
    label = 0.0
    for center_x, center_y, sign in _HILLS:
        distance = math.sqrt((x - center_x) ** 2 + (y - center_y) ** 2)
        height = sign * max(0.0, 1 - distance / 2)
        if abs(height) > abs(label):
            label = height
    return label


def _square(half: float, value: Callable[[float, float], float]) -> Generator:
    """Points all over a square, labelled by their place; noise moves a point only to decide its label."""

    def generate(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
        for _ in range(count):
            x, y = random.uniform(-half, half), random.uniform(-half, half)
            moved_x = x + random.uniform(-half, half) * noise
            moved_y = y + random.uniform(-half, half) * noise
            yield x, y, value(moved_x, moved_y)

    return generate


def _labelled(is_blue: Callable[[float, float], bool]) -> Generator:
    """A classification of a square."""
    return _square(5, lambda x, y: 1.0 if is_blue(x, y) else -1.0)


def _four_points(rule: Callable[[bool, bool], bool], low: float) -> Generator:
    """All pairs of 0 and 1, labelled by a rule of logic: true is 1, false is `low`."""

    def generate(count: int, noise: float, random: SeedRandom) -> Iterator[Point]:
        for x, y in ((0, 0), (0, 1), (1, 0), (1, 1)):
            yield x, y, 1.0 if rule(bool(x), bool(y)) else low

    return generate


_GENERATORS: dict[Dataset, Generator] = {
    "circle": _circle,
    "xor": _xor,
    "gauss": _gauss,
    "spiral": _spiral,
    "moons": _moons,
    "rings": _rings,
    "checkerboard": _labelled(lambda x, y: (math.floor(x / 2.5) + math.floor(y / 2.5)) % 2 == 0),
    "sine": _labelled(lambda x, y: y > 2.5 * math.sin(x)),
    "cubic": _labelled(lambda x, y: y > x**3 / 8 - 1.5 * x),
    "abs": _labelled(lambda x, y: y > 1.4 * abs(x) - 3.5),
    "logic-xor": _four_points(operator.xor, -1.0),
    "logic-and": _four_points(operator.and_, -1.0),
    "logic-or": _four_points(operator.or_, -1.0),
    "reg-plane": _square(6, _plane),
    "reg-gauss": _square(6, _hills),
    "reg-logic-xor": _four_points(operator.xor, 0.0),
    "reg-logic-and": _four_points(operator.and_, 0.0),
    "reg-logic-or": _four_points(operator.or_, 0.0),
}
_GENERATORS_OF_CLASSES: dict[Dataset, Callable[[int], Generator]] = {
    "gauss": _blobs,
    "spiral": _arms,
    "rings": _many_rings,
    "checkerboard": _coloured_board,
}


@dataclass(frozen=True)
class Data:
    """The points of an experiment, and the random stream that draws its first weights next."""

    train: Points
    test: Points
    random: SeedRandom


def generate(
    dataset: Dataset, noise: float, seed: str | SeedRandom, count: int | None = None, classes: int = 2
) -> Points:
    """All points of a set in the order of generation, (n, 3); noise in per cent."""
    random = SeedRandom(seed) if isinstance(seed, str) else seed
    make = _GENERATORS_OF_CLASSES[dataset](classes) if classes > 2 else _GENERATORS[dataset]
    return np.array(list(make(count or count_points(dataset), noise / 100, random)))


def count_points(dataset: Dataset) -> int:
    """How many points a set has."""
    return KINDS[dataset].points


def count_train_points(dataset: Dataset, train_share: float) -> int:
    """How many of them are training points, all in a fixed set; `train_share` in per cent."""
    return count_points(dataset) if KINDS[dataset].fixed else math.floor(count_points(dataset) * train_share / 100)


def draw_data(settings: Settings) -> Data:
    """The settings' points, shuffled and split; read-only."""
    points, random = _draw(settings.dataset, settings.noise, settings.seed, settings.class_count)
    split = count_train_points(settings.dataset, settings.train_share)
    return Data(points[:split], points[split:], random.copy())


@lru_cache(maxsize=64)  # a class opens the same points a hundred times, and drawing them takes 5 ms
def _draw(dataset: Dataset, noise: float, seed: str, classes: int) -> tuple[Points, SeedRandom]:
    random = SeedRandom(seed)
    points = generate(dataset, noise, random, classes=classes)
    if not KINDS[dataset].fixed:
        _shuffle(points, random)
    points.flags.writeable = False
    return points, random


def _shuffle(points: Points, random: SeedRandom) -> None:
    """A Fisher-Yates shuffle, from the end."""
    for last in range(len(points) - 1, -1, -1):
        other = math.floor(random.uniform() * (last + 1))
        points[[last, other]] = points[[other, last]]
