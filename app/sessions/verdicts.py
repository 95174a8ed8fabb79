"""When a session's run is judged anew: verdicts cost a little, and a sentence that changes often is not read."""

import json
from typing import Any

from engine.labs.plane.checkup import examine
from engine.labs.plane.health import Health
from engine.labs.plane.trainer import Trainer

_PAUSE = 1.0  # seconds between two verdicts while it trains
_MOST = 4  # verdicts a second that a thread gives to all its sessions: each takes 1.3 to 3.6 ms


class Verdicts:
    """Of one session. While it trains a new one comes every second, in a crowd more seldom; else after each change."""

    def __init__(self) -> None:
        self._text = ""
        self._key: tuple[object, ...] = ()
        self._due = 0.0

    def of(self, trainer: Trainer, now: float, key: tuple[object, ...], *, trains: bool, crowd: float) -> str:
        """The verdict that counts, as JSON: `key` changes with whatever is done to the run beside training."""
        key = (*key, trainer.changed, trains, None if trains else trainer.step)
        if key == self._key and not (trains and now >= self._due):
            return self._text
        self._key, self._due = key, now + max(_PAUSE, crowd / _MOST)
        self._text = health_text(examine(trainer))
        return self._text


def health_text(health: Health) -> str:
    """As JSON: kind, epoch, cause, figures and remedy; the last is a command without its number, or null."""
    remedy = health.remedy
    command: dict[str, Any] | None = None
    if remedy and remedy.type == "change":
        command = {"type": "change", "settings": remedy.settings}
    elif remedy:
        command = {"type": "add-layer", "layer": remedy.layer, "neurons": remedy.neurons}
    said = {"kind": health.kind, "epoch": health.epoch, "cause": health.cause, "figures": health.figures}
    return json.dumps({**said, "remedy": command}, separators=(",", ":"), allow_nan=False)
