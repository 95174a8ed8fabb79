"""Finds by trial how coarse the pictures of one page must be for its connection."""

from collections import deque
from statistics import median

from app.labs.contract import COARSEST

_ENOUGH = 8  # acknowledgements to judge by
_SLOW = 0.12  # seconds from making a frame to its acknowledgement; with two on their way, 17 frames a second
_QUICK = 0.04
_HELPED = 0.75  # coarser pictures help if at most this share of the delay is left; a long distance they cannot shorten
_AGAIN = 20.0  # seconds until a change that did not help is tried again, twice as long each time
_LONGEST = 600.0


class Detail:
    """Makes pictures coarser when frames are slow, if that helps; finer when they are quick, if they stay quick."""

    def __init__(self) -> None:
        self.coarseness = 0
        self._delays: deque[float] = deque(maxlen=_ENOUGH)
        self._before: float | None = None  # the delay before the coarser pictures that are on trial
        self._coarser_at = self._finer_at = 0.0  # no trial before these times
        self._pause = _AGAIN
        self._is_finer_tried = False

    def note(self, now: float, coarseness: int, delay: float) -> None:
        """A frame of this coarseness was acknowledged `delay` seconds after it was made."""
        if coarseness != self.coarseness:  # made before the last change, or a crowd decides
            return
        self._delays.append(delay)
        if len(self._delays) == _ENOUGH:
            self._judge(now, median(self._delays))

    def _judge(self, now: float, delay: float) -> None:
        before, self._before = self._before, None
        was_finer_tried, self._is_finer_tried = self._is_finer_tried, False
        if before is not None and delay > _HELPED * before:
            self._become(self.coarseness - 1)
            self._coarser_at = self._later(now)
        elif delay > _SLOW and was_finer_tried:
            self._become(self.coarseness + 1)
            self._finer_at = self._later(now)
        elif delay > _SLOW and self.coarseness < COARSEST and now >= self._coarser_at:
            self._before = delay
            self._become(self.coarseness + 1)
        elif delay < _QUICK and self.coarseness > 0 and now >= self._finer_at:
            self._is_finer_tried = True
            self._become(self.coarseness - 1)

    def _become(self, coarseness: int) -> None:
        self.coarseness = coarseness
        self._delays.clear()

    def _later(self, now: float) -> float:
        self._pause = min(2 * self._pause, _LONGEST)
        return now + self._pause / 2
