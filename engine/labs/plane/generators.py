"""How the points of each data set are drawn: TensorFlow Playground's numbers in their order, and more like them.

Points are (x, y, label), x and y mostly within the set's domain. Labels are -1 or 1; with more than two classes their
numbers from 0; in a regression values from -1 to 1. Noise is a share from 0 to 0.5.
"""

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # settings know the data sets, and load no kernel
    from engine.vectors.seedrandom import SeedRandom

Point = tuple[float, float, float]
Generator = Callable[[int, float, "SeedRandom"], Iterator[Point]]  # from how many, noise and random numbers


def blobs(classes: int) -> Generator:
    """One blob per class, evenly around the middle."""

    def generate(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
        variance = 0.2 + (noise / 0.5) * 3.5
        for i in range(count):
            angle = i % classes / classes * 2 * math.pi
            x = random.normal(3.8 * math.sin(angle), variance)
            yield x, random.normal(3.8 * math.cos(angle), variance), i % classes

    return generate


def arms(classes: int) -> Generator:
    """A spiral of one arm per class; together the arms make 3.5 turns."""

    def generate(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
        each = math.ceil(count / classes)
        for i in range(count):
            radius = (i // classes + 0.5) / each * 5
            angle = 3.5 / classes * radius / 5 * 2 * math.pi + i % classes / classes * 2 * math.pi
            x = radius * math.sin(angle) + random.uniform(-1, 1) * noise
            yield x, radius * math.cos(angle) + random.uniform(-1, 1) * noise, i % classes

    return generate


def many_rings(classes: int) -> Generator:
    """Concentric rings, one per class, the first a disc; noise moves a point only to decide its label."""
    step = 5 / classes

    def generate(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
        for i in range(count):
            radius = (i % classes + random.uniform(0.1, 0.9)) * step
            angle = random.uniform(0, 2 * math.pi)
            x, y = radius * math.sin(angle), radius * math.cos(angle)
            moved = math.hypot(x + random.uniform(-5, 5) * noise, y + random.uniform(-5, 5) * noise)
            yield x, y, min(int(moved / step), classes - 1)

    return generate


def coloured_board(classes: int) -> Generator:
    """Four by four squares; no two side by side have the same class."""
    return square(5, lambda x, y: (math.floor(x / 2.5) + 2 * math.floor(y / 2.5)) % classes)


def gauss(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
    """Two blobs; noise changes their variance, not their labels."""
    variance = 0.5 + (noise / 0.5) * 3.5
    for center, label in ((2.0, 1.0), (-2.0, -1.0)):
        for _ in range(count // 2):
            x = random.normal(center, variance)
            yield x, random.normal(center, variance), label


def spiral(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
    """Two arms of 1.75 turns."""
    each = count // 2
    for start, label in ((0.0, 1.0), (math.pi, -1.0)):
        for i in range(each):
            radius = i / each * 5
            angle = 1.75 * i / each * 2 * math.pi + start
            x = radius * math.sin(angle) + random.uniform(-1, 1) * noise
            yield x, radius * math.cos(angle) + random.uniform(-1, 1) * noise, label


def circle(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
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


def xor(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
    """Four squares, 0.3 away from the axes."""
    for _ in range(count):
        x = random.uniform(-5, 5)
        x += 0.3 if x > 0 else -0.3
        y = random.uniform(-5, 5)
        y += 0.3 if y > 0 else -0.3
        moved_x = x + random.uniform(-5, 5) * noise
        moved_y = y + random.uniform(-5, 5) * noise
        yield x, y, 1.0 if moved_x * moved_y >= 0 else -1.0


def moons(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
    """Two half circles that reach into each other; noise blurs them."""
    for side, label in ((1.0, 1.0), (-1.0, -1.0)):
        for _ in range(count // 2):
            angle = random.uniform(0, math.pi)
            x = side * (3 * math.cos(angle) - 1.5) + random.uniform(-3, 3) * noise
            yield x, side * (3 * math.sin(angle) - 0.75) + random.uniform(-3, 3) * noise, label


def rings(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
    """A ring between a disc and another ring; noise moves a point only to decide its label."""
    for i in range(count):
        low, high = ((1.8, 3.0), (0.0, 1.2), (1.8, 3.0), (3.6, 5.0))[i % 4]
        radius, angle = random.uniform(low, high), random.uniform(0, 2 * math.pi)
        x, y = radius * math.sin(angle), radius * math.cos(angle)
        moved = math.hypot(x + random.uniform(-5, 5) * noise, y + random.uniform(-5, 5) * noise)
        yield x, y, 1.0 if 1.5 < moved < 3.3 else -1.0


def plane(x: float, y: float) -> float:
    return (x + y) / 10


_HILLS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


def hills(x: float, y: float) -> float:
    """Six cones of radius 2 and alternating sign; where they overlap, the label of greater size wins."""
    label = 0.0
    for center_x, center_y, sign in _HILLS:
        distance = math.sqrt((x - center_x) ** 2 + (y - center_y) ** 2)
        height = sign * max(0.0, 1 - distance / 2)
        if abs(height) > abs(label):
            label = height
    return label


def square(half: float, value: Callable[[float, float], float]) -> Generator:
    """Points all over a square, labelled by their place; noise moves a point only to decide its label."""

    def generate(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
        for _ in range(count):
            x, y = random.uniform(-half, half), random.uniform(-half, half)
            moved_x = x + random.uniform(-half, half) * noise
            moved_y = y + random.uniform(-half, half) * noise
            yield x, y, value(moved_x, moved_y)

    return generate


def labelled(is_blue: Callable[[float, float], bool]) -> Generator:
    """A classification of a square."""
    return square(5, lambda x, y: 1.0 if is_blue(x, y) else -1.0)


def four_points(rule: Callable[[bool, bool], bool], low: float) -> Generator:
    """All pairs of 0 and 1, labelled by a rule of logic: true is 1, false is `low`."""

    def generate(count: int, noise: float, random: "SeedRandom") -> Iterator[Point]:
        for x, y in ((0, 0), (0, 1), (1, 0), (1, 1)):
            yield x, y, 1.0 if rule(bool(x), bool(y)) else low

    return generate
