"""Decides at each sample of the history whether training ends by itself."""

import math
from dataclasses import dataclass
from typing import Literal

from engine.runs.settings import RunSettings

Reason = Literal["epochs", "loss", "accuracy", "plateau"]

_LEAST_GAIN = 1e-3  # smallest relative fall of the loss that counts as an improvement


@dataclass(frozen=True)
class Stop:
    """Which condition was met, where, and at which value."""

    reason: Reason
    epoch: int
    value: float | None  # None if not finite, as when a run never had a finite loss


class Watch:
    """Watches from one press of Play on; conditions met before do not stop training again."""

    def __init__(self, settings: RunSettings, epoch: int, loss: float, accuracy: float) -> None:
        """`loss` and `accuracy` (0 to 1, NaN in a regression) are those at `epoch`, where training begins."""
        self.last_epoch = settings.stop_epochs if settings.stop_epochs > epoch else math.inf
        self.wants_accuracy = settings.stop_accuracy > 0
        self._loss = settings.stop_loss
        if loss <= settings.stop_loss:
            self._loss = 0.0 if loss > 0 else -math.inf
        self._accuracy = settings.stop_accuracy / 100 if accuracy * 100 < settings.stop_accuracy else math.inf
        self._patience = settings.stop_plateau or math.inf
        self._best, self.best_epoch = math.inf if math.isnan(loss) else loss, epoch  # since Play

    def look(self, epoch: int, loss: float, accuracy: float) -> Stop | None:
        """The condition that a new sample of the history meets, or None."""
        if loss < self._best * (1 - _LEAST_GAIN):
            self._best, self.best_epoch = loss, epoch
        if epoch >= self.last_epoch:
            return Stop("epochs", epoch, epoch)
        if loss <= self._loss:
            return Stop("loss", epoch, loss)
        if accuracy >= self._accuracy:
            return Stop("accuracy", epoch, accuracy)
        if epoch - self.best_epoch >= self._patience:
            return Stop("plateau", epoch, self._best if math.isfinite(self._best) else None)
        return None
