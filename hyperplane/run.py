"""A run in this program, without a server: what `hyperplane.train` returns."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.training import Length, Training


class Run:
    """A model that has been trained here. It can be trained further."""

    def __init__(self, training: Training) -> None:
        self._training = training

    def train(self, epochs: int | None = None, *, steps: int | None = None, seconds: float | None = None) -> None:
        """Train on, for so many epochs, steps or seconds, or until training ends by itself. Raises Refused."""
        self._training.train(Length(epochs, steps, seconds))

    @property
    def lab(self) -> str:
        """The name of the kind of experiment."""
        return self._training.lab.name

    @property
    def epoch(self) -> int:
        """Whole ones."""
        return self._training.run.epoch

    @property
    def steps(self) -> int:
        """Updates of the parameters since epoch 0."""
        return self._training.run.step

    @property
    def losses(self) -> dict[str, float]:
        """By name, such as "train" and "test"; NaN over no examples."""
        return self._training.losses()

    @property
    def metrics(self) -> dict[str, Any]:
        """How well, as plain numbers by name, such as "accuracy_test" from 0 to 1; NaN over no examples.

        Of models that train side by side a dictionary each.
        """
        return dict(self._training.engine.metrics(self._training.run))

    @property
    def history(self) -> NDArray[np.float64]:
        """The losses of the whole run (n, 1 + losses): the epoch, then each in the order of `losses`.

        Every epoch at first, later at distances of 1/256 of the epoch.
        """
        return np.array(self._training.run.history.samples)

    @property
    def settings(self) -> dict[str, Any]:
        """All of them by name."""
        settings: Any = self._training.run.settings  # a dataclass
        return asdict(settings)

    @property
    def warnings(self) -> list[str]:
        """What should be known of the figures: a divergence, a stop condition that was met, repairs of the link."""
        return self._training.warnings

    @property
    def link(self) -> str:
        """The experiment, for any Hyperplane page: its address, then this, which begins with #."""
        return self._training.link()

    def share(self, *, weights: bool = False) -> str:
        """The same, with the weights as they are if wanted."""
        return self._training.link(weights=weights)

    def as_json(self) -> dict[str, Any]:
        """What `hyperplane train --json` prints: config, the model before and after, losses, warnings."""
        return self._training.as_json()

    def __repr__(self) -> str:
        losses = ", ".join(f"{name} {loss:.4g}" for name, loss in self.losses.items())
        return f"<{self.lab}, epoch {self.epoch:,}, {losses}>"
