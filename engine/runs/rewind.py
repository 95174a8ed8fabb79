"""Remembers moments from which a run can repeat its last steps, bit for bit."""

from engine.runs.moment import Moment


class Marks:
    """At most three moments: copies of large networks are large."""

    def __init__(self, apart: int) -> None:
        """`apart`: how many steps `before` can go back at least, once the run is that old."""
        self.epoch: Moment | None = None  # at the start of an epoch; the history has no sample after it
        self._apart = apart
        self._far: list[Moment] = []  # at most two, at least `apart` steps apart

    def add(self, moment: Moment, *, begins_epoch: bool) -> None:
        """Remember a moment from which training continues."""
        if begins_epoch:
            self.epoch = moment
        if not self._far or moment.place.step >= self._far[-1].place.step + self._apart:
            self._far = [*self._far[-1:], moment]

    def forget(self) -> None:
        """Forget all moments: after a change their steps would lead elsewhere."""
        self.epoch, self._far = None, []

    def before(self, step: int) -> Moment | None:
        """The last moment at or before a step, else the first; None without moments."""
        marks = sorted([*self._far, *([self.epoch] if self.epoch else [])], key=lambda mark: mark.place.step)
        return next((mark for mark in reversed(marks) if mark.place.step <= step), marks[0] if marks else None)
