"""Moments of a run from which its last steps can be taken again, bit for bit."""

from engine.runs.moment import Moment


class Marks:
    """At most three: copies of large networks are large."""

    def __init__(self, apart: int) -> None:
        """`apart`: how many steps back one wants to be able to go, where the run is old enough."""
        self.epoch: Moment | None = None  # at the start of an epoch; the history has no sample after it
        self._apart = apart
        self._far: list[Moment] = []  # two, at least so far apart

    def add(self, moment: Moment, *, begins_epoch: bool) -> None:
        """Training goes on from here."""
        if begins_epoch:
            self.epoch = moment
        if not self._far or moment.place.step >= self._far[-1].place.step + self._apart:
            self._far = [*self._far[-1:], moment]

    def forget(self) -> None:
        """Something has changed: the same steps would lead elsewhere."""
        self.epoch, self._far = None, []

    def before(self, step: int) -> Moment | None:
        """The last one at or before a step, or the first of all."""
        marks = sorted([*self._far, *([self.epoch] if self.epoch else [])], key=lambda mark: mark.place.step)
        return next((mark for mark in reversed(marks) if mark.place.step <= step), marks[0] if marks else None)
