"""A run that stands at one epoch of an experiment after the other."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.exports.films.epochs import near, spaced
from app.exports.moments import dtype_of
from app.labs import LABS
from app.storage.checkpoint import Frozen
from engine.choices import Refused
from engine.labs.contract import LabRun
from engine.runs.moment import Moment, State

_SLICE = 0.002  # seconds of training between two pauses, as a session's turn


class Reel:
    """An experiment's moments, and one run of its own that stands at one of its epochs. Not thread-safe."""

    def __init__(self, frozen: Frozen, parameter_limit: int | None = None) -> None:
        """Raises Refused where nothing of its training can be had again."""
        self._lab, self._limit = LABS[frozen.lab], parameter_limit
        self._dtype = dtype_of(frozen)
        self.tip = frozen.moment
        self.history = frozen.moment.history.until(frozen.moment.samples)
        self._run: LabRun | None = None
        self._moments = [moment for moment, _ in frozen.timeline]
        _check_order([*self._moments, self.tip])
        if self.last and not (self._moments and self.first < self.last):  # as of a file that was opened again
            self._moments = [self._beginning()]
        if self.first >= self.last:
            raise Refused(
                "film",
                f"an experiment in which no epoch was trained since epoch {self.first:,}",
                "one that has learned: press Play, or Step, first",
            )

    @property
    def first(self) -> int:
        """The first epoch that can be had again."""
        return self._moments[0].place.epoch if self._moments else self.last

    @property
    def last(self) -> int:
        """The epoch of the experiment."""
        return self.tip.place.epoch

    def epochs(self, count: int) -> list[int]:
        """Those of a film of so many frames."""
        return near(spaced(self.first, self.last, count), [each.place.epoch for each in self._moments])

    @property
    def run(self) -> LabRun:
        """Where it stands."""
        if self._run is None:
            self._run = self._stand(self._moments[0])
        return self._run

    def go_to(self, epoch: int) -> Iterator[None]:
        """Stand at an epoch, with pauses. Raises Refused for a moment that does not fit."""
        if epoch == self.last:
            self._run = self._stand(self.tip)
            return
        start = [each for each in self._moments if each.place.epoch <= epoch][-1]
        run = self._run
        if run is None or run.step < start.place.step or run.epoch > epoch or run.settings != start.settings:
            self._run = self._stand(start)
        while not self.run.replay_for(_SLICE, epoch):
            yield

    def _beginning(self) -> Moment:
        """That of a file without a timeline: its settings lead there, if nothing was changed since. Raises Refused."""
        run = self._lab.engine.begin(self.tip.settings, self._limit, self._dtype, self.tip.given)
        samples = self.history.samples
        is_same = len(samples) and samples[0].tolist() == [0, *run.losses()] and self.tip.changed == 0
        if not is_same:
            expected = "a file that has its timeline, as the page makes a film of, or one that only training changed"
            raise Refused("film", "an experiment that was changed while it trained", expected)
        return run.moment()

    def _stand(self, moment: Moment) -> LabRun:
        run = self._run
        if run is None or run.settings != moment.settings or run.given != moment.given:
            run = self._lab.engine.begin(moment.settings, self._limit, self._dtype, moment.given)
        _check_fits(moment.state, run.model.state())
        run.stand_at(moment, self.history)
        return run


def _check_order(moments: Sequence[Moment]) -> None:
    if any(
        one.place.step > other.place.step or one.place.epoch > other.place.epoch for one, other in pairwise(moments)
    ):
        raise Refused("timeline", "moments that go back", "moments in the order of their steps")


def _check_fits(came: State, own: State) -> None:
    """A file may come from anywhere."""
    if set(came.tensors) != set(own.tensors) or set(came.counts) != set(own.counts):
        raise Refused("timeline", sorted(came.tensors)[:8], f"{', '.join(own.tensors)}, as these settings have them")
    for name, array in own.tensors.items():
        other = came.tensors[name]
        if (other.shape, other.dtype) != (array.shape, array.dtype):
            raise Refused("timeline", f"{name}: {other.dtype} {other.shape}", f"{array.dtype} {array.shape}")
