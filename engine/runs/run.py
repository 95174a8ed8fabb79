"""Trains any model in slices, records its losses, ends its training and goes back in it."""

import math
import time
from typing import Protocol

from engine.choices import Refused
from engine.runs.data import DRAWN, DataRef, Given
from engine.runs.history import History
from engine.runs.moment import Divergence, Moment, Place, State
from engine.runs.rewind import Marks
from engine.runs.settings import RunSettings
from engine.runs.stopping import Stop, Watch
from engine.runs.timeline import Timeline

TRAIL = 100  # steps before a divergence whose losses are reported
_FIRST_STEPS = 8  # while the speed is unknown
_BUDGET = 64 * 2**20  # bytes for the moments that a run keeps to go back to
_MOMENTS = 6  # at most: three marks, a good one, the best, and the one before the steps in progress


class Model(Protocol):
    """Learns in steps; the same steps give the same bits, however they are split into calls."""

    steps_in_epoch: int

    @property
    def settings(self) -> RunSettings:
        """The lab's settings."""

    def take(self, place: Place, steps: int) -> bool:
        """Take `steps` steps from `place`; returns whether everything learned is finite."""

    def losses(self) -> tuple[float, ...]:
        """Mean losses of the present model, always as many, the training loss first; NaN without examples."""

    def loss(self) -> float:
        """Mean training loss."""

    def watched(self, losses: tuple[float, ...]) -> tuple[float, float]:
        """The loss and the accuracy that stop conditions watch; accuracy is NaN if none needs it."""

    def largest(self) -> tuple[int, float]:
        """The layer (from 1) and absolute value of the largest weight."""

    def state(self) -> State:
        """A copy of all that training and edits change."""

    def restore(self, state: State) -> None:
        """Load a state of a model with the same settings."""

    @property
    def nbytes(self) -> int:
        """Bytes of a state."""


class Run:
    """A run of one model. Not thread-safe.

    `budget`: bytes for copies of the model. If they fit, a run that diverges goes back to the last finite step, bit
    for bit; if not, to the last good weights.
    """

    def __init__(self, model: Model, budget: int = _BUDGET) -> None:
        self.model = model
        self._budget = budget
        self.epoch = 0
        self.step = 0  # parameter updates
        self.divergence: Divergence | None = None
        self.stop: Stop | None = None  # the condition that ended training
        self.history = History()
        self.timeline = Timeline()
        self.tip: Moment | None = None  # where its timeline ends, while the run stands at an earlier epoch of it
        self.changed = 0  # the epoch of the last change to the model or its training
        self._batch_step = 0  # steps since the examples were laid out in batches
        self._steps_per_second = 0.0
        self._marks = Marks(TRAIL)
        self._good: Moment | None = None  # the last whose loss was not far above the lowest
        self._lowest = math.inf  # training loss of this network with these batches
        self._watch: Watch
        self._best: Moment | None = None  # by watched loss since Play; only for the plateau condition

    # -- training -----------------------------------------------------------------------------------------------------

    def train(self, epochs: int) -> int:
        """Train `epochs` epochs, fewer if training diverges or a stop condition is met; returns how many.

        An epoch that has begun is finished first, and counts.
        """
        first = self.epoch
        while self.epoch < first + epochs and not self.has_ended:
            self._take(self._steps_until(min(first + epochs, self._next_look())))
        return self.epoch - first

    def train_steps(self, steps: int) -> int:
        """Train `steps` mini-batches, fewer if training ends; returns how many. May stop inside an epoch."""
        first = self.step
        while self.step < first + steps and not self.has_ended:
            self._take(min(first + steps - self.step, self._steps_until(self._next_look())))
        return self.step - first

    def train_for(self, seconds: float, epochs: int | None = None) -> int:
        """Train for about `seconds`, at least one step and at most `epochs` epochs; returns how many epochs ended.

        If the time is too short for an epoch, it stops inside one; this changes no bit of the result.
        """
        first, last = self.epoch, math.inf if epochs is None else self.epoch + epochs
        begun, end = self.step, time.perf_counter() + seconds
        while self.epoch < last and not self.has_ended:
            start = time.perf_counter()
            if start >= end and self.step > begun:
                break
            whole = self._in_whole_epochs(self._affordable(end - start))
            steps = min(whole, self._steps_until(int(min(last, self._next_look()))))
            self._take(steps)
            self._steps_per_second = steps / (time.perf_counter() - start)
        return self.epoch - first

    def arm(self) -> None:
        """Watch the stop conditions from now on; those met already do not end training again."""
        self.stop = None
        settings = self.model.settings
        loss, accuracy = self.model.watched(self.model.losses())
        self._watch = Watch(settings, self.epoch, loss, accuracy)
        self._best = self.moment() if settings.stop_plateau else None

    @property
    def has_ended(self) -> bool:
        """Whether training has ended by itself."""
        return self.divergence is not None or self.stop is not None

    # -- where it stands ----------------------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Its position."""
        return Place(self.epoch, self.step, self._batch_step)

    @property
    def steps_in_epoch(self) -> int:
        """Mini-batches in an epoch."""
        return self.model.steps_in_epoch

    @property
    def step_in_epoch(self) -> int:
        """Steps since the last whole epoch."""
        return self._batch_step % self.model.steps_in_epoch

    def losses(self) -> tuple[float, ...]:
        """Those of the model as it is."""
        return self.model.losses()

    @property
    def given(self) -> Given | None:
        """The examples as somebody gave them; None if the settings draw them, as always in some labs."""
        return None

    @property
    def data_ref(self) -> DataRef:
        """Where its examples come from."""
        return self.given.ref if self.given else DRAWN

    def moment(self) -> Moment:
        """The present state of the run, to go back to or to continue elsewhere."""
        return Moment(
            self.model.settings,
            self.model.state(),
            self.place,
            self.history,
            self.history.count_at(self.epoch) if self.tip else len(self.history.samples),
            self.changed,
            self.divergence,
            self.stop,
            self.given,
        )

    def begin(self, epoch: int) -> None:
        """Start a new run of the present model, which has been trained for `epoch` epochs."""
        self.epoch, self.step = epoch, epoch * self.steps_in_epoch
        self.changed = epoch
        losses = self.model.losses()
        self.history = History(epoch, len(losses))
        self.timeline, self.tip = Timeline(self.timeline.budget), None
        self.lay_out()
        self.divergence = None
        self._sample(losses)
        self.arm()

    def lay_out(self) -> None:
        """Begin new batches for a changed network or changed batches, and forget the good weights."""
        self._batch_step = 0
        self._good, self._lowest = None, math.inf
        self._marks.forget()

    def go_on(self) -> None:
        """Continue after a change; the marks are forgotten, as their steps would lead elsewhere."""
        self.divergence = None
        self._marks.forget()
        self.changed = self.epoch
        self.arm()

    def resume(self, moment: Moment) -> None:
        """Continue from a moment of another run with the same settings and examples. Raises Refused."""
        if moment.data != self.data_ref:
            raise Refused("data", moment.data.digest, self.data_ref.digest or "examples that the settings draw")
        history, place = moment.history.until(moment.samples), moment.place
        if not history.last_epoch <= place.epoch < history.next_epoch():
            raise Refused("epoch", place.epoch, f"one from {history.last_epoch} on, before {history.next_epoch()}")
        self.stand_at(moment, history)
        self.timeline, self.tip = Timeline(self.timeline.budget), None
        self.timeline.add(self.moment(), is_change=True)

    def stand_at(self, moment: Moment, history: History) -> None:
        """Be where the run was at a moment of it, with these settings and examples; its losses are in `history`."""
        self.model.restore(moment.state)
        self.lay_out()
        self.history = history
        self._stand(moment.place)
        self.changed = moment.changed
        self.arm()
        self.divergence, self.stop = moment.divergence, moment.stop

    # -- along its timeline -------------------------------------------------------------------------------------------

    def replay_for(self, seconds: float, epoch: int) -> bool:
        """Repeat training up to an epoch of the timeline, for about `seconds`; whether it is there.

        Nothing is recorded: it was when these steps were first taken.
        """
        end = time.perf_counter() + seconds
        while (left := self._steps_until(epoch)) > 0:
            start = time.perf_counter()
            if start >= end:
                return False
            steps, place = min(self._affordable(end - start), left), self.place
            self.model.take(place, steps)
            self._stand(place, steps)
            self._steps_per_second = steps / (time.perf_counter() - start)
        return True

    def branch(self) -> None:
        """Leave behind what the timeline has after this epoch: the run goes on from here."""
        if self.tip is None:
            return
        self.history = self.history.until(self.history.count_at(self.epoch))
        self._cut_timeline()
        self.tip = None
        self.arm()

    def _cut_timeline(self) -> None:
        """To what leads here."""
        near = self.timeline.before(self.epoch)
        self.timeline = self.timeline.until(near.number + 1 if near else 0, self.history)

    # -- ways back ----------------------------------------------------------------------------------------------------

    @property
    def best_epoch(self) -> int | None:
        """The epoch that `go_to_best` goes to; None after `resume`, and unless training stopped without gain."""
        if self._best and self._best.place.epoch < self.epoch and self.stop and self.stop.reason == "plateau":
            return self._best.place.epoch
        return None

    def go_to_best(self) -> None:
        """After a stop without gain, go back to the epoch of the best loss, bit for bit. Raises Refused."""
        if self._best is None or self.best_epoch is None:
            raise Refused("type", "go-to-best", "training that has just stopped without gain")
        self._good, self._lowest = self._best, math.inf  # a later good one would lie ahead
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
        self._cut_timeline()
        self.timeline.add(self.moment(), is_change=True)  # settings may have changed since

    # -- inside -------------------------------------------------------------------------------------------------------

    def _affordable(self, seconds: float) -> int:
        """Steps that take about so long, at least one; few while their speed is unknown."""
        return max(int(self._steps_per_second * seconds), 1) if self._steps_per_second else _FIRST_STEPS

    def _in_whole_epochs(self, steps: int) -> int:
        """`steps`, or fewer to end between two epochs if they reach that far."""
        rest = self.steps_in_epoch - self.step_in_epoch
        return steps if steps < rest else rest + (steps - rest) // self.steps_in_epoch * self.steps_in_epoch

    def _steps_until(self, epoch: int) -> int:
        """Steps from here to the end of epoch `epoch`."""
        return (epoch - self.epoch) * self.steps_in_epoch - self.step_in_epoch

    def _next_look(self) -> int:
        """The epoch of the next sample, or the last epoch if that is earlier."""
        return int(min(self.history.next_epoch(), self._watch.last_epoch))

    def _take(self, steps: int) -> None:
        """Take steps, at most up to the history's next sample, and add the sample if it is due."""
        before = self._mark()
        place = self.place
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
        """Remember the present moment, from which steps are taken; None if copies do not fit the budget."""
        if self.model.nbytes * _MOMENTS > self._budget:
            return None
        moment = self.moment()
        self._marks.add(moment, begins_epoch=self.step_in_epoch == 0)
        return moment

    def _stand(self, place: Place, steps: int = 0) -> None:
        """Set the position to `steps` steps after a place."""
        into_epoch = place.batch_step % self.steps_in_epoch
        self.epoch = place.epoch + (into_epoch + steps) // self.steps_in_epoch
        self.step, self._batch_step = place.step + steps, place.batch_step + steps

    def _sample(self, losses: tuple[float, ...]) -> None:
        """Add to the history. Remember good weights: a loss above twice its lowest, or 0, is about to diverge."""
        self.history.add(*losses)
        self._lowest = min(self._lowest, losses[0])
        moment = self.moment()
        self.timeline.add(moment)
        if losses[0] <= self._lowest + abs(self._lowest):
            self._good = moment

    def _diverge(self, before: Moment | None, place: Place, steps: int) -> None:
        """Go back to finite numbers after an overflow within the last steps."""
        trail: tuple[float | None, ...] = ()
        if before:
            trail = self._find_last_finite(before, steps)
        elif self._good:
            self._return_to(self._good)
        else:  # the run was never finite
            self._stand(place)
        layer, largest = self.model.largest()
        self.divergence = Divergence(self.epoch, self.step, layer, largest, trail)
        self._marks.forget()

    def _find_last_finite(self, before: Moment, steps: int) -> tuple[float | None, ...]:
        """Go to the last finite step by bisection, repeating steps bit for bit. Returns the losses up to it.

        The loss is only checked after whole epochs, so it may have overflowed earlier inside this one. The search
        begins at the epoch's start, so that it finds the same step however the epoch was split.
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
        """Repeat the last steps up to the present one; returns the training loss before and after each."""
        mark = self._marks.before(self.step - TRAIL) or start
        first = max(mark.place.step, self.step - TRAIL)
        self._take_again(mark, first - mark.place.step)
        losses = [self.model.loss()]
        for step in range(first, self.step):
            self.model.take(Place(0, step, mark.place.batch_step + step - mark.place.step), 1)
            losses.append(self.model.loss())
        return tuple(loss if math.isfinite(loss) else None for loss in losses)
