"""What an autoencoder learns to reproduce: digits, faces, or points of the plane."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from engine.labs.autoencoder.settings import FACTORS, AutoencoderSettings, Data, Shape
from engine.labs.digits.mnist import training_digits, unseen_digits

TEST_FACES = 800
POINTS = 500  # of the plane, for training and for the test
_FILE = Path(__file__).parent / "data" / "faces.npz"

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


class Examples(NamedTuple):
    """Those of one kind. Read-only: all runs of a process share them."""

    train: Floats  # (n, inputs); pixels from 0 to 1
    test: Floats  # (m, inputs)
    labels: Bytes  # (m,): the class of each test example; 0 of all where there are none
    factors: Floats  # (m, factors): what is true of each face; no columns of others


@cache
def images(data: Data) -> Examples:
    """Digits or faces."""
    if data == "digits":
        known, unseen = training_digits(), unseen_digits()
        return _shared(known.images, unseen.images, unseen.labels, np.zeros((len(unseen.labels), 0)))
    with np.load(_FILE) as file:
        faces, factors = file["images"], file["factors"]
    flat = faces.reshape(len(faces), -1)
    return _shared(flat[:-TEST_FACES], flat[-TEST_FACES:], np.zeros(TEST_FACES, np.uint8), factors[-TEST_FACES:])


def _shared(train: Bytes, test: Bytes, labels: Bytes, factors: NDArray[np.floating]) -> Examples:
    pixels = [np.divide(each, 255, dtype=np.float32) for each in (train, test)]
    return _frozen(Examples(pixels[0], pixels[1], labels, np.ascontiguousarray(factors, np.float32)))


def examples_of(settings: AutoencoderSettings) -> Examples:
    """Those that the settings ask for."""
    if settings.is_images:
        return images(settings.examples)
    random = np.random.default_rng(crc32(f"{settings.seed}, points".encode()))
    train, test = (_points(settings, random) for _ in range(2))
    return _frozen(Examples(train, test, np.zeros(POINTS, np.uint8), np.zeros((POINTS, 0), np.float32)))


def _points(settings: AutoencoderSettings, random: np.random.Generator) -> Floats:
    """(POINTS, 2), near a curve."""
    along = random.random(POINTS)
    points = np.stack(_CURVES[settings.examples](along), axis=1)
    return np.ascontiguousarray(points + random.normal(0, settings.noise, points.shape), np.float32)


_Along = NDArray[np.float64]  # from 0 to 1

_CURVES: dict[Shape | Data, Callable[[_Along], tuple[_Along, _Along]]] = {
    "ring": lambda t: (np.cos(2 * np.pi * t), np.sin(2 * np.pi * t)),
    "arc": lambda t: (2 * t - 1, 1.5 * (2 * t - 1) ** 2 - 0.75),
    "spiral": lambda t: (
        (0.2 + 0.8 * t) * np.cos(3 * np.pi * t),
        (0.2 + 0.8 * t) * np.sin(3 * np.pi * t),
    ),
    "line": lambda t: (2 * t - 1, 0.5 * (2 * t - 1)),
}


def _frozen(examples: Examples) -> Examples:
    for each in examples:
        each.flags.writeable = False
    return examples


def followed(codes: NDArray[np.floating], factors: Floats) -> list[tuple[int, float]]:
    """Of each number of the codes (n, numbers) the factor that it follows most, and their correlation, -1 to 1.

    A number that is the same for all follows none: (0, 0.0).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ours, theirs = (
            (each - each.mean(0)) / each.std(0) for each in (codes.astype(np.float64), factors.astype(np.float64))
        )
        correlations = np.nan_to_num(ours.T @ theirs / len(factors))  # (numbers, factors)
    most = np.abs(correlations).argmax(1)
    return [(int(factor), float(row[factor])) for factor, row in zip(most, correlations, strict=True)]


def is_named_as_declared() -> bool:
    """Whether the file's factors are those of `FACTORS`, in their order."""
    with np.load(_FILE) as file:
        return tuple(file["names"].tolist()) == tuple(FACTORS)
