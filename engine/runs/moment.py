"""The state of a run at one time, to go back to, to save, or to continue elsewhere."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.runs.data import DRAWN, DataRef, Given
from engine.runs.history import History
from engine.runs.stopping import Stop
from engine.vectors.memory import Tensors


class Place(NamedTuple):
    """The position of a run."""

    epoch: int  # whole epochs
    step: int  # parameter updates since the run began
    batch_step: int  # since the examples were last laid out in batches


@dataclass(frozen=True)
class Divergence:
    """Where training overflowed; the parameters are those before that step."""

    epoch: int
    step: int
    layer: int  # where the largest weight is; 1 is the first after the inputs
    largest: float  # its absolute value
    trail: tuple[float | None, ...] = ()  # the training loss after each of the last steps, up to `step`


class State(NamedTuple):
    """Copies of all that distinguishes a model from others with the same settings."""

    tensors: Tensors
    counts: dict[str, int]


@dataclass(frozen=True)
class Moment:
    """A run at one time. Its arrays are shared: do not write to them."""

    settings: Any  # the lab's, a frozen dataclass
    state: State
    place: Place
    history: History  # the run goes on adding to it; the first `samples` samples belong to this moment
    samples: int
    changed: int  # the epoch of the last change to the model or its training
    divergence: Divergence | None = None
    stop: Stop | None = None  # the condition that ended training
    given: Given | None = None  # the examples if somebody gave them; held, not copied

    @property
    def data(self) -> DataRef:
        """Where its examples come from."""
        return self.given.ref if self.given else DRAWN
