"""Trains a run beside all others: a slice of some milliseconds at a time, at the speed that the visitor chose."""

from collections.abc import Callable
from typing import Literal

from app.sessions.pace import Meter, Pace
from engine.labs.contract import LabRun

SLICE_SECONDS = 0.002
_SHORTEST_SLICE = 0.00015
_SHORT_WORK = 500_000  # multiplications of an epoch that a step trains at once: some milliseconds, with batches of one
_CROWDED = 6  # sessions of a thread beyond which slices become shorter, so that all of them get frames


class Slices:
    """The slices of one session. `crowd`: how many sessions share a thread."""

    def __init__(self, clock: Callable[[], float], crowd: Callable[[], float]) -> None:
        self._clock = clock
        self._crowd = crowd
        self._meter = Meter()
        self._pace: Pace
        self._last: int | None = None  # the epoch that a step, or a way along the timeline, leads to
        self._is_replay = False

    def begin(self, run: LabRun) -> None:
        """Count from now on when epochs are due."""
        self._pace = Pace(self._clock(), run.epoch)

    def play(self, run: LabRun) -> None:
        """The same, and measure the speed anew."""
        self.begin(run)
        self._meter = Meter()
        self._note(run)

    def due(self, run: LabRun, speed: float | None) -> float:
        """When the next slice is due, by the clock."""
        return self._pace.due(run.epoch, speed)

    def train(self, run: LabRun, speed: float | None, most: float) -> int | None:
        """Train for a slice, at most so many epochs, and return how many steps were taken; None if no epoch is due."""
        epochs = int(min(self._pace.affordable(self._clock(), run.epoch, speed), most))
        if epochs == 0:
            return None
        before, share = run.step, min(1.0, _CROWDED / max(self._crowd(), 1e-9))
        run.train_for(max(_SHORTEST_SLICE, SLICE_SECONDS * share), epochs)
        self._note(run)
        return run.step - before

    def _note(self, run: LabRun) -> None:
        """Where it is: parts of epochs count, as an epoch of some labs takes longer than a second."""
        self._meter.note(self._clock(), run.epoch + run.step_in_epoch / run.steps_in_epoch, run.step)

    def rates(self, now: float) -> tuple[float, float]:
        """Epochs and steps per second, over about the last second of training."""
        return self._meter.rates(now)

    # -- single steps -------------------------------------------------------------------------------------------------

    def step(self, run: LabRun, unit: Literal["epoch", "batch"], work: int) -> None:
        """Train a step. `go_on` trains an epoch of much `work` (multiplications) in parts, between others' turns."""
        if unit == "batch":
            run.train_steps(1)
        elif work <= _SHORT_WORK:
            run.train(1)
        else:
            self._last = run.epoch + 1

    @property
    def is_busy(self) -> bool:
        """Whether a step is under way."""
        return self._last is not None

    def go_on(self, run: LabRun) -> int:
        """Train a part of the step that is under way; returns how many mini-batches were trained."""
        if self._last is None:
            return 0
        if self._is_replay:
            self.replay(run, self._last)
            return 0
        before = run.step
        run.train_for(SLICE_SECONDS, self._last - run.epoch)
        if run.epoch >= self._last or run.has_ended:
            self._last = None
        return run.step - before

    def replay(self, run: LabRun, epoch: int) -> None:
        """Repeat training up to an epoch of the run's timeline, in parts if it takes long."""
        self._is_replay = not run.replay_for(SLICE_SECONDS, epoch)
        self._last = epoch if self._is_replay else None

    def give_up(self) -> None:
        """Give up the step that is under way."""
        self._last, self._is_replay = None, False
