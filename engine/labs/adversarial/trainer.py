"""A run of the adversarial lab: what a visitor can change in its two networks and in how they learn."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.labs.adversarial.model import AdversarialModel
from engine.labs.adversarial.settings import MAX_PARAMETERS, AdversarialSettings
from engine.labs.contract import LabRun
from engine.runs.moment import Moment


class AdversarialRun(LabRun):
    """Not for two threads at once."""

    model: AdversarialModel

    def __init__(
        self, settings: AdversarialSettings, dtype: DTypeLike = np.float32, parameter_limit: int = MAX_PARAMETERS
    ) -> None:
        settings.check_size(parameter_limit)
        self._parameter_limit = parameter_limit
        super().__init__(AdversarialModel(settings, dtype))
        self.starts = 1  # how often it began at round 0
        self.begin(epoch=0)

    @property
    def settings(self) -> AdversarialSettings:
        """Of the run as it is."""
        return self.model.settings

    def change(self, settings: AdversarialSettings) -> bool:
        """Take other settings and keep what can be kept; True when training started over. Raises Refused."""
        settings.check_size(self._parameter_limit)
        model = self.model
        old, model.settings = model.settings, settings
        costs = old.costs_of(settings)
        if "run" in costs:
            self.reset()
            return True
        if "batches" in costs:
            model.lay_out()
            self.lay_out()
        if old.method != settings.method:
            model.forget()
        model.take_rule()
        if costs:
            self.go_on()
        return False

    def reset(self) -> None:
        """Begin again with the same first weights."""
        self.model.draw_first()
        self.starts += 1
        self.begin(epoch=0)

    def saved(self) -> NDArray[Any]:
        """What a link keeps of both networks, for `load`."""
        return self.model.saved()

    def load(self, saved: NDArray[Any], epoch: int) -> None:
        """Begin after `epoch` rounds with what `saved` returned. Raises Refused."""
        self.model.load(saved)
        self.begin(epoch)

    def resume(self, moment: Moment) -> None:
        """Continue from a moment of another run with these settings. Raises Refused, KeyError."""
        self.model.check(moment.state)
        super().resume(moment)
