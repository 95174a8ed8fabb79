"""In which order examples fall into batches."""

from enum import IntEnum
from typing import Any

from engine.kernel import inlined
from engine.vectors.splitmix import random_below


class Order(IntEnum):
    """Which examples make up a batch."""

    SEQUENCE = 0  # one after the other, as they were drawn
    SHUFFLE = 1  # one after the other, in another order each epoch
    RANDOM = 2  # drawn with replacement


@inlined
def shuffle(sequence: Any, examples: int, seed: int, epoch: int) -> None:
    """Set the order of an epoch, by Fisher and Yates."""
    for i in range(examples):
        sequence[i] = i
    for i in range(examples - 1, 0, -1):
        other = random_below(seed, epoch * examples + i, i + 1)
        sequence[i], sequence[other] = sequence[other], sequence[i]
