"""How both networks read many digits, some at a time: by shift, by class, and which are misread.

A survey holds no turn: each call looks at a few digits, and the next goes on there. When all were looked at it begins
again, so while the networks learn each number is that of the latest look.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.labs.digits.mnist import CLASSES, unseen_digits
from engine.labs.digits.model import UNKNOWN, DigitsModel, Numbers
from engine.labs.digits.settings import TWINS, Twin

MOST_SHIFT = 6

Move = tuple[int, int]  # pixels to the right and down


class Survey:
    """Of some test digits, each moved in several ways."""

    def __init__(self, digits: Numbers, moves: Sequence[Move] = ((0, 0),)) -> None:
        self.digits = digits
        self.moves = tuple(moves)
        self.labels = unseen_digits().labels[digits]
        self.said: Mapping[Twin, NDArray[np.uint8]] = {
            twin: np.full((len(moves), len(digits)), UNKNOWN, np.uint8) for twin in TWINS
        }
        self.passes = 0  # how often all were looked at
        self._stamp: object = None  # of the first call for the move that it is at
        self.stamps: list[object] = [None] * len(moves)  # the same of the last look at all digits of each move
        # From the centre outwards, so that what is asked first is known first, and a map grows evenly.
        self._order = sorted(range(len(moves)), key=lambda move: max(map(abs, moves[move])))
        self._move = self._digit = 0  # the next, in that order

    def advance(self, model: DigitsModel, count: int, stamp: object = None) -> bool:
        """Look at the next digits, up to `count` of one move; returns whether a pass has just ended.

        `stamp` says what the networks are: the caller finds it in `stamps`.
        """
        part, move = slice(self._digit, self._digit + count), self._order[self._move]
        if self._digit == 0:
            self._stamp = stamp
        for twin, network in model.networks.items():
            _, said, _ = network.look(model.test_examples, self.digits[part], *self.moves[move])
            self.said[twin][move, part] = said
        self._digit += count
        if self._digit < len(self.digits):
            return False
        self.stamps[move] = self._stamp
        self._digit, self._move = 0, self._move + 1
        if self._move < len(self.moves):
            return False
        self._move, self.passes = 0, self.passes + 1
        return True

    def accuracy(self, twin: Twin) -> NDArray[np.float64]:
        """(moves,): the share that was read correctly, of those that were looked at; NaN where none was."""
        said = self.said[twin]
        looked_at = (said != UNKNOWN).sum(1)
        right = (said == self.labels).sum(1)
        return np.where(looked_at > 0, right / np.maximum(looked_at, 1), np.nan)

    def confusion(self, twin: Twin, move: int = 0) -> Numbers:
        """(classes, classes): how many digits of each class are taken for which."""
        said = self.said[twin][move]
        known = said != UNKNOWN
        pairs = self.labels[known].astype(np.int64) * CLASSES + said[known]
        return np.bincount(pairs, minlength=CLASSES**2).reshape(CLASSES, CLASSES)

    def misread(self, twin: Twin, move: int = 0) -> tuple[Numbers, NDArray[np.uint8]]:
        """The test digits that were misread, and what was said of each."""
        said = self.said[twin][move]
        wrong = (said != UNKNOWN) & (said != self.labels)
        return self.digits[wrong], said[wrong]


def by_shift(digits: int = 200) -> Survey:
    """Of the first test digits, moved by -6 to 6 pixels in both directions: `shift_map` makes a map of its accuracy."""
    ways = range(-MOST_SHIFT, MOST_SHIFT + 1)
    return Survey(np.arange(digits), [(right, down) for down in ways for right in ways])


def shift_map(survey: Survey, twin: Twin) -> NDArray[np.float64]:
    """(13, 13): accuracy by pixels down (rows) and to the right (columns), both from -6."""
    side = 2 * MOST_SHIFT + 1
    return survey.accuracy(twin).reshape(side, side)


def by_distance(survey: Survey, twin: Twin) -> NDArray[np.float64]:
    """(7,): accuracy at 0 to 6 pixels, the mean of the four directions along the axes."""
    accuracy, centre = shift_map(survey, twin), MOST_SHIFT
    ways = [(0, 1), (0, -1), (1, 0), (-1, 0)]
    return np.array(
        [
            np.mean([accuracy[centre + down * way, centre + right * way] for down, right in ways])
            for way in range(MOST_SHIFT + 1)
        ]
    )
