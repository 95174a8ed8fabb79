"""A run at one time: the one form in which it is remembered, gone back to, saved and handed on."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.runs.history import History
from engine.runs.stopping import Stop
from engine.vectors.memory import Tensors


class Place(NamedTuple):
    """Where a run stands."""

    epoch: int  # whole ones
    step: int  # parameter updates since the run began
    batch_step: int  # since the examples were last laid out in batches


@dataclass(frozen=True)
class Divergence:
    """Where training left the finite numbers; the parameters are those before that step."""

    epoch: int
    step: int
    layer: int  # where the largest weight is; 1 is the first after the inputs
    largest: float  # its size
    trail: tuple[float | None, ...] = ()  # the training loss after each of the last steps, up to `step`


class State(NamedTuple):
    """All that tells a model from another one of the same settings: copies."""

    tensors: Tensors
    counts: dict[str, int]


@dataclass(frozen=True)
class Moment:
    """Nobody may write to it."""

    settings: Any  # those of the lab, a frozen dataclass
    state: State
    place: Place
    history: History  # which goes on: the run's first `samples` samples are those of this moment
    samples: int
    changed: int  # the epoch of the last change to the model or its training
    divergence: Divergence | None = None
    stop: Stop | None = None  # the condition that had ended training
