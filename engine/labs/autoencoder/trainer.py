"""A run of the autoencoder lab: what a visitor can change in it, and steps that leave others a turn."""

import time
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.labs.autoencoder.model import AutoencoderModel
from engine.labs.autoencoder.settings import MAX_PARAMETERS, AutoencoderSettings
from engine.labs.contract import LabRun
from engine.runs.history import History
from engine.runs.moment import Moment


class AutoencoderRun(LabRun):
    """Not for two threads at once.

    It keeps no marks before each chunk of steps: a run that diverges goes back to its last good weights.
    """

    model: AutoencoderModel

    def __init__(
        self, settings: AutoencoderSettings, dtype: DTypeLike = np.float32, parameter_limit: int = MAX_PARAMETERS
    ) -> None:
        settings.check_size(parameter_limit)
        self._parameter_limit = parameter_limit
        super().__init__(AutoencoderModel(settings, dtype), budget=0)
        self.starts = 1  # how often it began at epoch 0
        self.changes = 0  # how often something but training has changed the stack
        self.begin(epoch=0)

    @property
    def settings(self) -> AutoencoderSettings:
        """Of the run as it is."""
        return self.model.settings

    def train_for(self, seconds: float, epochs: int | None = None) -> int:
        """As of any run; but most of a step of a wide stack is prepared in turns of its own."""
        if not self.model.is_slow:
            return super().train_for(seconds, epochs)
        first, end = self.epoch, time.perf_counter() + seconds
        while not self.has_ended and (epochs is None or self.epoch < first + epochs):
            if not self.model.prepare(self.place, end - time.perf_counter()):
                break
            self.train_steps(1)
            if time.perf_counter() >= end:
                break
        return self.epoch - first

    def change(self, settings: AutoencoderSettings) -> bool:
        """Take other settings and keep what can be kept; True when training started over at epoch 0. Raises Refused."""
        settings.check_size(self._parameter_limit)
        model = self.model
        old, model.settings = model.settings, settings
        costs = old.costs_of(settings)
        if "run" in costs:
            self._start()
            return True
        if "network" in costs or "batches" in costs:
            model.rebuild()
            self.lay_out()
        if old.method != settings.method:
            model.forget()
        model.take_rule()
        if costs:
            self.go_on()
        return False

    def reset(self) -> None:
        """Begin again with the same first weights."""
        self._start()

    def _start(self) -> None:
        self.model.draw_first()
        self.starts += 1
        self.begin(epoch=0)

    def begin(self, epoch: int) -> None:
        """Something has changed."""
        super().begin(epoch)
        self.changes += 1

    def go_on(self) -> None:
        """Something has changed."""
        super().go_on()
        self.changes += 1

    def stand_at(self, moment: Moment, history: History) -> None:
        """Something has changed."""
        super().stand_at(moment, history)
        self.changes += 1

    def saved(self) -> NDArray[Any]:
        """What a link keeps of the stack, for `load`."""
        return self.model.saved()

    def load(self, saved: NDArray[Any], epoch: int) -> None:
        """Begin at `epoch` with what `saved` returned. Raises Refused."""
        self.model.load(saved)
        self.begin(epoch)

    def resume(self, moment: Moment) -> None:
        """Continue from a moment of another run with these settings. Raises Refused, KeyError."""
        self.model.check(moment.state)
        super().resume(moment)
