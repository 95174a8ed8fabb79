"""A run of any model: training in slices, its losses, when it ends, and the ways back."""

import math
import time
from typing import Protocol

from engine.choices import Refused
from engine.runs.history import History
from engine.runs.moment import Divergence, Moment, Place, State
from engine.runs.rewind import Marks
from engine.runs.settings import RunSettings
from engine.runs.stopping import Stop, Watch

TRAIL = 100  # steps before a divergence whose losses are told
_FIRST_STEPS = 8  # to time before the speed is known
_BUDGET = 64 * 2**20  # bytes for the moments that a run keeps to go back to
_MOMENTS = 6  # of them at most: three marks, a good one, the best, and the one before the steps that are being taken


class Model(Protocol):
    """Something that learns by steps: the same steps lead to the same bits, however they are cut."""

    steps_in_epoch: int

    @property
    def settings(self) -> RunSettings:
        """Those of its lab."""

    def take(self, place: Place, steps: int) -> bool:
        """Take so many steps from a place of the run on; returns whether all that was learned is finite."""

    def losses(self) -> tuple[float, float]:
        """Mean loss over the training and the test examples, as the model is; NaN over none."""

    def loss(self) -> float:
        """The first of them alone."""

    def watched(self, losses: tuple[float, float]) -> tuple[float, float]:
        """Loss, and accuracy where a condition asks for it (else NaN), that the stop conditions are about."""

    def largest(self) -> tuple[int, float]:
        """Layer, from 1, and size of the largest weight."""

    def state(self) -> State:
        """A copy of all that training and edits change."""

    def restore(self, state: State) -> None:
        """Take one over that a model of the same settings gave."""

    @property
    def nbytes(self) -> int:
        """Of a state."""


class Run:
    """Not for two threads at once.

    `budget`: bytes for copies of the model. Where it is large enough the last finite step before a divergence is found,
    bit for bit; where not, a run that diverges goes back to the last good weights.
    """

    def __init__(self, model: Model, budget: int = _BUDGET) -> None:
        self.model = model
        self._budget = budget
        self.epoch = 0
        self.step = 0  # parameter updates
        self.divergence: Divergence | None = None
        self.stop: Stop | None = None  # the condition that has ended training
        self.history = History()
        self.changed = 0  # the epoch of the last change to the model or its training
        self._batch_step = 0  # steps since the examples were laid out in batches
        self._steps_per_second = 0.0
        self._marks = Marks(TRAIL)
        self._good: Moment | None = None  # the last one whose loss was not far above the lowest
        self._lowest = math.inf  # training loss, of this network and these batches
        self._watch: Watch
        self._best: Moment | None = None  # by the watched loss since Play, where the plateau is watched

    # -- training -----------------------------------------------------------------------------------------------------

    def train(self, epochs: int) -> int:
        """Train so many epochs unless training diverges or a stop condition is met; returns how many.

        One that has begun is finished first, and counts.
        """
        first = self.epoch
        while self.epoch < first + epochs and not self.has_ended:
            self._take(self._steps_until(min(first + epochs, self._next_look())))
        return self.epoch - first

    def train_steps(self, steps: int) -> int:
        """Train so many mini-batches, unless it ends before; returns how many. It may then stand inside an epoch."""
        first = self.step
        while self.step < first + steps and not self.has_ended:
            self._take(min(first + steps - self.step, self._steps_until(self._next_look())))
        return self.step - first

    def train_for(self, seconds: float, epochs: int | None = None) -> int:
        """Train about so long, at least one step and at most to the end of so many epochs; returns how many were ended.

        Where the time is too short for an epoch it ends inside one, which changes no bit of the result.
        """
        first, last = self.epoch, math.inf if epochs is None else self.epoch + epochs
        begun, end = self.step, time.perf_counter() + seconds
        while self.epoch < last and not self.has_ended:
            start = time.perf_counter()
            if start >= end and self.step > begun:
                break
            affordable = max(int(self._steps_per_second * (end - start)), 1) if self._steps_per_second else _FIRST_STEPS
            steps = min(self._in_whole_epochs(affordable), self._steps_until(int(min(last, self._next_look()))))
            self._take(steps)
            self._steps_per_second = steps / (time.perf_counter() - start)
        return self.epoch - first

    def arm(self) -> None:
        """Training begins: stop conditions that are met already are no reason to end it again."""
        self.stop = None
        settings = self.model.settings
        loss, accuracy = self.model.watched(self.model.losses())
        self._watch = Watch(settings, self.epoch, loss, accuracy)
        self._best = self.moment() if settings.stop_plateau else None

    @property
    def has_ended(self) -> bool:
        """Whether training has come to an end by itself."""
        return self.divergence is not None or self.stop is not None

    # -- where it stands ----------------------------------------------------------------------------------------------

    @property
    def steps_in_epoch(self) -> int:
        """Mini-batches."""
        return self.model.steps_in_epoch

    @property
    def step_in_epoch(self) -> int:
        """Steps that were taken since the last whole epoch: where a run stands is said here and nowhere else."""
        return self._batch_step % self.model.steps_in_epoch

    def moment(self) -> Moment:
        """The run as it is, to go back to or to go on from elsewhere."""
        return Moment(
            self.model.settings,
            self.model.state(),
            Place(self.epoch, self.step, self._batch_step),
            self.history,
            len(self.history.samples),
            self.changed,
            self.divergence,
            self.stop,
        )

    def begin(self, epoch: int) -> None:
        """A new run of the model as it is, which has been trained for so many epochs."""
        self.epoch, self.step = epoch, epoch * self.steps_in_epoch
        self.changed = epoch
        self.history = History(epoch)
        self.lay_out()
        self.divergence = None
        self._sample(self.model.losses())
        self.arm()

    def lay_out(self) -> None:
        """The network or its batches are others: what the last epoch left over is forgotten, and what was good."""
        self._batch_step = 0
        self._good, self._lowest = None, math.inf
        self._marks.forget()

    def go_on(self) -> None:
        """Something has changed, and training goes on with it: the same steps would lead elsewhere."""
        self.divergence = None
        self._marks.forget()
        self.changed = self.epoch
        self.arm()

    def resume(self, moment: Moment) -> None:
        """Go on where another run of a model of the same settings was. Raises Refused."""
        history, place = moment.history.until(moment.samples), moment.place
        if not history.last_epoch <= place.epoch < history.next_epoch():
            raise Refused("epoch", place.epoch, f"one from {history.last_epoch} on, before {history.next_epoch()}")
        self.model.restore(moment.state)
        self.lay_out()
        self.history = history
        self._stand(place)
        self.changed = moment.changed
        self.arm()
        self.divergence, self.stop = moment.divergence, moment.stop

    # -- ways back ----------------------------------------------------------------------------------------------------

    @property
    def best_epoch(self) -> int | None:
        """Where `go_to_best` leads: None unless training stopped without gain, and after `resume`."""
        if self._best and self._best.place.epoch < self.epoch and self.stop and self.stop.reason == "plateau":
            return self._best.place.epoch
        return None

    def go_to_best(self) -> None:
        """After a stop without gain, go back to the epoch of the best loss, bit for bit. Raises Refused."""
        if self._best is None or self.best_epoch is None:
            raise Refused("type", "go-to-best", "training that has just stopped without gain")
        self._good, self._lowest = self._best, math.inf  # a later one lies ahead now
        self._return_to(self._best)
        self._marks.forget()
        self.arm()

    def recover(self) -> None:
        """After a divergence, go back to the last good weights and their epoch. Raises Refused."""
        if self.divergence is None:
            raise Refused("type", "recover", "training that has diverged")
        self.divergence = None
        self._marks.forget()
        if self._good:
            self._return_to(self._good)

    def _return_to(self, moment: Moment) -> None:
        self.model.restore(moment.state)
        self._stand(moment.place)
        self.history = moment.history.until(moment.samples)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _in_whole_epochs(self, steps: int) -> int:
        """So many steps or a few less, so that a run stands between two epochs wherever the time allows it."""
        rest = self.steps_in_epoch - self.step_in_epoch
        return steps if steps < rest else rest + (steps - rest) // self.steps_in_epoch * self.steps_in_epoch

    def _steps_until(self, epoch: int) -> int:
        """From here to the end of so many epochs."""
        return (epoch - self.epoch) * self.steps_in_epoch - self.step_in_epoch

    def _next_look(self) -> int:
        """The epoch of the next sample, or the last of all."""
        return int(min(self.history.next_epoch(), self._watch.last_epoch))

    def _take(self, steps: int) -> None:
        """Take steps up to the next sample of the history at most, and take the sample if it is due."""
        before = self._mark()
        place = Place(self.epoch, self.step, self._batch_step)
        is_finite = self.model.take(place, steps)
        self._stand(place, steps)
        is_whole = self.step_in_epoch == 0
        is_sampled = is_whole and self.epoch == self.history.next_epoch()
        is_last = is_whole and self.epoch >= self._watch.last_epoch
        losses = self.model.losses() if is_sampled or is_last else None
        if not is_finite or (losses and not math.isfinite(losses[0])):
            self._diverge(before, place, steps)
            return
        if losses and is_sampled:
            self._sample(losses)
        if losses:
            self.stop = self._watch.look(self.epoch, *self.model.watched(losses))
            if self._best and self._watch.best_epoch == self.epoch:
                self._best = self.moment()

    def _mark(self) -> Moment | None:
        """Steps are taken from here; None where there is no room for copies."""
        if self.model.nbytes * _MOMENTS > self._budget:
            return None
        moment = self.moment()
        self._marks.add(moment, begins_epoch=self.step_in_epoch == 0)
        return moment

    def _stand(self, place: Place, steps: int = 0) -> None:
        """The parameters are those of so many steps after a place."""
        into_epoch = place.batch_step % self.steps_in_epoch
        self.epoch = place.epoch + (into_epoch + steps) // self.steps_in_epoch
        self.step, self._batch_step = place.step + steps, place.batch_step + steps

    def _sample(self, losses: tuple[float, float]) -> None:
        """For the history; good weights are remembered: a loss that has doubled since its best is on its way out."""
        self.history.add(*losses)
        self._lowest = min(self._lowest, losses[0])
        if losses[0] <= 2 * self._lowest:
            self._good = self.moment()

    def _diverge(self, before: Moment | None, place: Place, steps: int) -> None:
        """Training has left the finite numbers within the last steps."""
        trail: tuple[float | None, ...] = ()
        if before:
            trail = self._find_last_finite(before, steps)
        elif self._good:
            self._return_to(self._good)
        else:  # of a run that never was finite
            self._stand(place)
        layer, largest = self.model.largest()
        self.divergence = Divergence(self.epoch, self.step, layer, largest, trail)
        self._marks.forget()

    def _find_last_finite(self, before: Moment, steps: int) -> tuple[float | None, ...]:
        """Go to the last finite step, by bisection: steps can be taken again, bit for bit. Returns the losses until it.

        Inside an epoch the loss may have left the numbers before, as only whole epochs are looked at; so that the
        same step is found however the epoch was cut, its start counts.
        """
        is_inside = before.place.batch_step % self.steps_in_epoch != 0
        start = (self._marks.epoch or before) if is_inside else before
        low, high = 0, steps + before.place.step - start.place.step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._is_finite_after(start, middle) else (low, middle)
        self._stand(start.place, low)
        return self._retake(start)

    def _is_finite_after(self, mark: Moment, steps: int) -> bool:
        is_finite = self._take_again(mark, steps)
        return is_finite and math.isfinite(self.model.loss())

    def _take_again(self, mark: Moment, steps: int) -> bool:
        self.model.restore(mark.state)
        return self.model.take(mark.place, steps)

    def _retake(self, start: Moment) -> tuple[float | None, ...]:
        """Take the last steps up to the present one again, and tell the training loss before and after each."""
        mark = self._marks.before(self.step - TRAIL) or start
        first = max(mark.place.step, self.step - TRAIL)
        self._take_again(mark, first - mark.place.step)
        losses = [self.model.loss()]
        for step in range(first, self.step):
            self.model.take(Place(0, step, mark.place.batch_step + step - mark.place.step), 1)
            losses.append(self.model.loss())
        return tuple(loss if math.isfinite(loss) else None for loss in losses)
