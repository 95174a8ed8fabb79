"""Decides when a session's run gets a new verdict: each costs time, and nobody reads a sentence that changes often."""

from app.labs.contract import LabEngine
from engine.labs.contract import LabRun

_PAUSE = 1.0  # seconds between two verdicts while it trains
_MOST = 4  # verdicts a second that a thread gives to all its sessions: each takes 1.3 to 3.6 ms


class Verdicts:
    """The verdicts of one session: every second while it trains, less often in a crowd; otherwise after each change."""

    def __init__(self) -> None:
        self._text = ""
        self._key: tuple[object, ...] = ()
        self._due = 0.0

    def of(
        self, engine: LabEngine, run: LabRun, now: float, key: tuple[object, ...], *, trains: bool, crowd: float
    ) -> str:
        """The verdict that counts now, as JSON. `key` changes with all that is done to the run, except training."""
        key = (*key, run.changed, trains, None if trains else run.step)
        if key == self._key and not (trains and now >= self._due):
            return self._text
        self._key, self._due = key, now + max(_PAUSE, crowd / _MOST)
        self._text = engine.verdict(run)
        return self._text
