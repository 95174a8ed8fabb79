"""The points of an experiment: drawn from its settings or given, put in order, and split for training and test.

Points are rows (x, y, label) of float64, with labels as in `engine/labs/plane/generators.py`.
`engine/labs/plane/kinds.py` describes each set.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.given import rows_of
from engine.labs.plane.kinds import KINDS, Dataset, points_missing
from engine.labs.plane.settings import Settings
from engine.runs.data import Given
from engine.vectors.seedrandom import SeedRandom

Points = NDArray[np.float64]  # (n, 3)


@dataclass(frozen=True)
class Data:
    """The points of an experiment, and the random stream that draws its first weights next."""

    train: Points
    test: Points
    random: SeedRandom


def generate(
    dataset: Dataset, noise: float, seed: str | SeedRandom, count: int | None = None, classes: int = 2
) -> Points:
    """All points of a set in the order of generation, (n, 3); noise in per cent. Raises Refused if none are drawn."""
    random, kind = SeedRandom(seed) if isinstance(seed, str) else seed, KINDS[dataset]
    draw = kind.draw_classes(classes) if kind.draw_classes and classes > 2 else kind.draw
    if draw is None:
        raise points_missing(dataset)
    return np.array(list(draw(count or kind.points, noise / 100, random)))


def count_train_points(dataset: Dataset, train_share: float, count: int | None = None) -> int:
    """How many of a set's points are training points, all in a fixed set and always one; `train_share` in per cent.

    `count`: how many points there are, by default as many as are drawn.
    """
    kind = KINDS[dataset]
    total = kind.points if count is None else count
    return total if kind.fixed else max(1, math.floor(total * train_share / 100))


def draw_data(settings: Settings) -> Data:
    """The settings' points, shuffled and split; read-only. Raises Refused if none are drawn."""
    points, random = _draw(settings.dataset, settings.noise, settings.seed, settings.class_count)
    return _split(settings, points, random.copy())


def given_data(settings: Settings, given: Given) -> Data:
    """Given points, in the order in which the seed puts them and split by the share; read-only.

    A place alone decides where its point comes in this order, so a point that comes or goes leaves the others in
    theirs, and at most one of them changes sides. The first weights do not depend on the points.
    """
    key = blake2b(settings.seed.encode(errors="surrogatepass")).digest()
    places = given.examples["points"] + 0.0  # no negative zero
    order = sorted(range(len(places)), key=lambda each: blake2b(places[each].tobytes(), key=key).digest())
    points = rows_of(given, settings.class_count)[order]
    points.flags.writeable = False
    return _split(settings, points, SeedRandom(settings.seed))


def _split(settings: Settings, points: Points, random: SeedRandom) -> Data:
    split = count_train_points(settings.dataset, settings.train_share, len(points))
    return Data(points[:split], points[split:], random)


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
