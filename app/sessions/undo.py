"""What a visitor can take back: where the run stood before each of the last changes, and what was taken back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from app.messages import Command, Edit
from app.protocol import Change
from app.sessions.opened_link import OpenedLink
from engine.runs.history import History
from engine.runs.moment import Moment
from engine.runs.timeline import BUDGET as TIMELINE_BUDGET
from engine.runs.timeline import Timeline, bytes_of, room_for

MOST = 100  # changes that can be taken back
BUDGET = 2 * 2**20  # bytes of all that is kept for it, if moments are not so large that they get room of their own
_LEFT_BUDGET = BUDGET // 8  # bytes of a timeline that the run has left
_APART = 1.0  # seconds: gradual changes of the same thing that follow sooner are one, as a slider sends many


@dataclass(frozen=True)
class Standing:
    """Where a run stood, and all that leads there."""

    moment: Moment
    timeline: Timeline  # it may have gone on since
    length: int  # of the timeline then
    history: History  # the same
    tip: Moment | None  # where the timeline ended, if the run stood before
    playing: bool
    view: Any = None  # of the lab, and the link: where the change was another experiment
    link: OpenedLink | None = None


@dataclass(frozen=True)
class _Step:
    """A change, and where the run stood before it, or after it if it was taken back."""

    kind: str
    what: object  # of gradual changes: those with the same are one if they follow soon
    at: float
    standing: Standing


class Steps:
    """The newest step is the last of each list. `clock` gives seconds, `gradual` names settings that sliders change."""

    def __init__(self, clock: Callable[[], float], gradual: Collection[str]) -> None:
        self._clock = clock
        self._gradual = gradual
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    @property
    def last(self) -> str:
        """What `back` takes back: the type of a command, of a change of settings with their names; "" for nothing."""
        return self._done[-1].kind if self._done else ""

    @property
    def next(self) -> str:
        """What `forth` does again, in the same way."""
        return self._undone[-1].kind if self._undone else ""

    def note(self, command: Command, before: Standing, present: Timeline) -> None:
        """A command has changed the run, whose timeline is `present`."""
        kind, what, now = _kind(command), self._what(command), self._clock()
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last and what is not None and (last.kind, last.what) == (kind, what) and now - last.at < _APART:
            self._done[-1] = _Step(kind, what, now, last.standing)
            return
        self._done.append(_Step(kind, what, now, before))
        self._trim(present)

    def drop_idle(self, now: Moment) -> None:
        """Forget a command to train after which nothing was trained, unless it began a branch."""
        if self.last not in {"play", "step"}:
            return
        standing = self._done[-1].standing
        if standing.tip is None and standing.moment.place == now.place:
            self._done.pop()

    def back(self, now: Callable[[Standing], Standing | None]) -> Standing | None:
        """Where to go; None if there is nothing to take back. `now` says where the run stands, and is told where it
        goes; None where that is too large to be kept."""
        return self._move(self._done, self._undone, now)

    def forth(self, now: Callable[[Standing], Standing | None]) -> Standing | None:
        """The way back."""
        return self._move(self._undone, self._done, now)

    def _move(
        self, source: list[_Step], target: list[_Step], now: Callable[[Standing], Standing | None]
    ) -> Standing | None:
        if not source:
            return None
        step = source.pop()
        standing = now(step.standing)
        if standing:
            target.append(_Step(step.kind, None, 0.0, standing))
        return step.standing

    def _what(self, command: Command) -> object:
        """None for a change that is always a step of its own."""
        if isinstance(command, Change):
            return () if self._gradual and set(command.settings) <= set(self._gradual) else None
        if isinstance(command, Edit) and command.gradual is not None:
            return tuple(getattr(command, name) for name in command.gradual)
        return None

    def _trim(self, present: Timeline) -> None:
        for step in self._done:
            if step.standing.timeline is not present:
                step.standing.timeline.shrink(_LEFT_BUDGET)
        budget = max(BUDGET, room_for(bytes_of([self._done[-1].standing.moment])))
        while len(self._done) > MOST or (self._done and self._nbytes(present) > budget):
            self._done.pop(0)

    def _nbytes(self, present: Timeline) -> int:
        standings = [step.standing for step in (*self._done, *self._undone)]
        moments = {id(moment): moment for each in standings for moment in (each.moment, each.tip) if moment}
        histories = {id(each.history): each.history for each in standings}
        timelines = {id(each.timeline): each.timeline for each in standings if each.timeline is not present}
        return (
            bytes_of(moments.values())
            + sum(history.samples.nbytes for history in histories.values())
            + sum(timeline.nbytes for timeline in timelines.values())
        )


def restored(standing: Standing) -> tuple[Timeline, History]:
    """What leads to a run that stands there again, and its losses."""
    timeline, moment = standing.timeline, standing.moment
    timeline.budget = max(TIMELINE_BUDGET, room_for(bytes_of([moment])))
    if timeline.length == standing.length:
        return timeline, standing.history
    history = moment.history.until(moment.samples)
    return timeline.until(standing.length, history), history


def _kind(command: Command) -> str:
    kind = str(command.model_dump()["type"])
    return f"{kind} {','.join(sorted(command.settings))}" if isinstance(command, Change) else kind
