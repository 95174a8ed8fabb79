"""What sessions, links, checkpoints and the command line ask of a lab's run, whatever it trains."""

from abc import ABC, abstractmethod
from typing import Any

from numpy.typing import NDArray

from engine.choices import Choices, Refused
from engine.runs.data import Given
from engine.runs.run import Run


class LabRun(Run, ABC):
    """A run of a lab's model, and what the lab lets a visitor change in it.

    Not for two threads at once. Settings are those of the lab; what else a lab's edits, frames and facts need, its own
    modules ask of its own class.
    """

    starts: int  # how often it began at epoch 0

    @property
    @abstractmethod
    def settings(self) -> Choices:
        """Of the run as it is."""

    @abstractmethod
    def change(self, settings: Any) -> bool:
        """Take other settings and keep what can be kept; True when training started over. Raises Refused."""

    @abstractmethod
    def reset(self) -> None:
        """Epoch 0 and the first weights again."""

    def learn(self, given: Given) -> None:
        """Learn what somebody gives from epoch 0 on, with the settings that fit it. Raises Refused, as a lab does that
        has no own data."""
        raise Refused("data", f"{given.ref.count} examples", "none: this lab learns only what its settings draw")

    @abstractmethod
    def saved(self) -> NDArray[Any]:
        """What a link keeps of a trained model, for `load`: a vector of finite numbers."""

    @abstractmethod
    def load(self, saved: NDArray[Any], epoch: int) -> None:
        """Begin with what `saved` returned after `epoch` epochs, not at epoch 0. Raises Refused."""
