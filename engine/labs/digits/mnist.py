"""The digits themselves. The one place where the engine reads a file: data of its own, that travel in the package."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SIDE = 28
PIXELS = SIDE * SIDE
CLASSES = 10
TRAIN_DIGITS = 8_000
TEST_DIGITS = 2_000

_FILE = Path(__file__).parent / "data" / "digits.npz"


class Digits(NamedTuple):
    """Shared by all of a process, and read-only."""

    images: NDArray[np.uint8]  # (n, 784), ink from 0 to 255
    labels: NDArray[np.uint8]  # (n,)


@cache
def training_digits() -> Digits:
    """The 8,000 to learn from."""
    return _read("train")


@cache
def unseen_digits() -> Digits:
    """The 2,000 that no network has seen."""
    return _read("test")


def _read(part: str) -> Digits:
    with np.load(_FILE) as file:
        images, labels = file[f"{part}_images"], file[f"{part}_labels"]
    images = np.ascontiguousarray(images.reshape(len(images), PIXELS))
    images.setflags(write=False)
    labels.setflags(write=False)
    return Digits(images, labels)
