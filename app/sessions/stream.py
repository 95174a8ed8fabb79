"""The frames of one page: which it has drawn, which are on their way, and what the next one brings."""

from collections import deque
from dataclasses import dataclass

from app.sessions.picture_detail import Detail
from engine.runs.history import History

UNACKNOWLEDGED = 2  # frames on their way: one being drawn, one to come; with more, each would be older when it is drawn
_UNSEEN_SECONDS = 5.0  # a page that draws nothing for so long sleeps: it says no goodbye when a lid is closed
_SMALL_SECONDS = 1 / 40  # between small pictures while training runs: every second frame of sixty a second
_SECOND_FRAME_SECONDS = 1 / 60  # a page that has not drawn by then is far away or slow


@dataclass(frozen=True)
class Sent:
    """A frame on its way."""

    frame: int
    run: int
    history: History
    samples: int  # of the history, known to a page that has drawn it
    made: float  # when, by the session's clock
    coarseness: int
    small: bool  # small pictures came with it


class Stream:
    """`frame_seconds`: between two frames, for a page that draws as fast as they come."""

    def __init__(self, frame_seconds: float) -> None:
        self.frames = 0  # made so far; the newest has this number
        self._frame_seconds = frame_seconds
        self._last = 0.0  # when the newest was made
        self.open()

    def open(self) -> None:
        """A page has come, or come back: it knows nothing yet."""
        self._on_their_way: deque[Sent] = deque()
        self._drawn: Sent | None = None  # the newest frame that it has drawn: tells what it has of the history
        self._detail = Detail()
        self._small_due = 0.0  # when small pictures are to come again
        self._changed, self._hurry = True, False

    def change(self, *, hurry: bool = False) -> None:
        """Note that there is something to show. `hurry`: a visitor has clicked and must not wait for it."""
        self._changed = True
        self._hurry = self._hurry or hurry

    def begin_run(self) -> None:
        """Note that the page begins a run with an empty curve."""
        self._drawn = None

    def may_send(self) -> bool:
        """Whether there is something to show, and the page is ready for another frame."""
        return self._changed and len(self._on_their_way) < UNACKNOWLEDGED

    @property
    def due(self) -> float:
        """When the next frame is due: at once after a command, soon after the page has drawn all, later if it has not.

        So the second frame that may be under way is usually free for the change that a click makes.
        """
        if self._hurry:
            return 0.0
        return self._last + (_SECOND_FRAME_SECONDS if self._on_their_way else self._frame_seconds)

    def is_seen(self, now: float) -> bool:
        """Whether the page seems to draw what it gets. If not, its next acknowledgement wakes the session."""
        return not self._on_their_way or now < self._on_their_way[0].made + _UNSEEN_SECONDS

    def wants_small(self, now: float, *, trains: bool) -> bool:
        """Whether the next frame brings small pictures: sometimes while training runs, and always otherwise.

        A newer frame may have replaced one that is not acknowledged, and its small pictures with it.
        """
        is_known = not any(sent.small for sent in self._on_their_way)
        return self._hurry or not trains or not is_known or now >= self._small_due

    def known_samples(self, run: int, history: History) -> int:
        """How many samples of the history the page has."""
        drawn = self._drawn
        return drawn.samples if drawn and drawn.run == run and drawn.history is history else 0

    def coarseness(self, crowded: int) -> tuple[int, str]:
        """How coarse the next frame's pictures are, and why. `crowded`: how coarse the crowd asks them to be."""
        if self._detail.coarseness > crowded:
            return self._detail.coarseness, "link"
        return crowded, "crowd" if crowded else ""

    def made(self, sent: Sent) -> None:
        """The frame with the next number is on its way."""
        self.frames = sent.frame
        self._on_their_way.append(sent)
        self._last = sent.made
        if sent.small:
            self._small_due = sent.made + _SMALL_SECONDS
        self._changed = self._hurry = False

    def acknowledge(self, frame: int, now: float) -> None:
        """The page has drawn this frame, and needs none of those before it."""
        while self._on_their_way and self._on_their_way[0].frame <= frame:
            self._drawn = self._on_their_way.popleft()
            if self._drawn.frame == frame:
                self._detail.note(now, self._drawn.coarseness, now - self._drawn.made)
