"""When a session's run is judged anew: verdicts cost a little, and a sentence that changes often is not read."""

from engine.checkup import examine
from engine.health import Health
from engine.trainer import Trainer

_PAUSE = 1.0  # seconds between two verdicts while it trains
_MOST = 4  # verdicts a second that a thread gives to all its sessions: each takes 1.3 to 3.6 ms


class Verdicts:
    """Of one session. While it trains a new one comes every second, in a crowd more seldom; else after each change."""

    def __init__(self) -> None:
        self._health: Health | None = None
        self._key: tuple[object, ...] = ()
        self._due = 0.0

    def of(self, trainer: Trainer, now: float, key: tuple[object, ...], *, trains: bool, crowd: float) -> Health | None:
        """The verdict that counts: `key` changes with whatever is done to the run beside training."""
        key = (*key, trainer.changed, trains, None if trains else trainer.step)
        if key == self._key and not (trains and now >= self._due):
            return self._health
        self._key, self._due = key, now + max(_PAUSE, crowd / _MOST)
        self._health = examine(trainer)
        return self._health
