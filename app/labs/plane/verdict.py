"""The verdict on a run, as the page reads it."""

import json
from typing import Any

from engine.labs.plane.checkup import examine
from engine.labs.plane.health import Health
from engine.labs.plane.trainer import Trainer


def verdict(run: Trainer) -> str:
    """The verdict as JSON: kind, epoch, cause, figures and remedy, which is a command without a number, or null."""
    return health_text(examine(run))


def health_text(health: Health) -> str:
    """The same, of a health that was found before."""
    remedy = health.remedy
    command: dict[str, Any] | None = None
    if remedy and remedy.type == "change":
        command = {"type": "change", "settings": remedy.settings}
    elif remedy:
        command = {"type": "add-layer", "layer": remedy.layer, "neurons": remedy.neurons}
    said = {"kind": health.kind, "epoch": health.epoch, "cause": health.cause, "figures": health.figures}
    return json.dumps({**said, "remedy": command}, separators=(",", ":"), allow_nan=False)
