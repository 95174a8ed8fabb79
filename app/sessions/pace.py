"""How fast a session trains: when epochs are due, and how many were trained in the last second."""

import math
from collections import deque


class Pace:
    """Says when epochs are due. Epochs that a busy machine missed are not made up for.

    Full speed begins slowly and grows by a factor of e every `_RAMP` seconds, so that one sees how the network learns
    even if full speed needs only a millisecond for it; after some seconds the machine is the limit.
    """

    _BACKLOG = 0.25  # seconds
    _RAMP = 0.35
    _RAMP_START = 20  # epochs in the first `_RAMP`, about

    def __init__(self, now: float, epoch: int = 0) -> None:
        self._start, self._epoch = now, epoch
        self._ramp_start = now - self._RAMP * math.log1p(epoch / self._RAMP_START)

    def due(self, epoch: int, speed: float | None) -> float:
        """When the epoch after `epoch` is due."""
        if speed is None:
            return self._ramp_start + self._RAMP * math.log1p((epoch + 1) / self._RAMP_START)
        return self._start + (epoch + 1 - self._epoch) / speed

    def affordable(self, now: float, epoch: int, speed: float | None) -> int:
        """How many epochs are due by now."""
        if speed is None:
            e_folds = min((now - self._ramp_start) / self._RAMP, 60.0)
            return max(0, int(self._RAMP_START * math.expm1(e_folds) + 1e-6) - epoch)
        behind = now - self.due(epoch, speed)
        if behind > max(self._BACKLOG, 1 / speed):
            self._start, self._epoch = now - 1 / speed, epoch
        return max(0, int((now - self._start) * speed + 1e-9) + self._epoch - epoch)


class Meter:
    """Epochs and steps per second over about the last second."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, float, int]] = deque()

    def note(self, now: float, epoch: float, step: int) -> None:
        if self._notes and epoch < self._notes[-1][1]:
            self._notes.clear()
        self._notes.append((now, epoch, step))
        while len(self._notes) > 2 and self._notes[1][0] < now - 1:
            self._notes.popleft()

    def rates(self, now: float) -> tuple[float, float]:
        if len(self._notes) < 2:
            return 0.0, 0.0
        (start, epoch, step), (_, last_epoch, last_step) = self._notes[0], self._notes[-1]
        seconds = max(now - start, 1e-9)
        return (last_epoch - epoch) / seconds, (last_step - step) / seconds
