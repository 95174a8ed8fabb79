"""What the template of the autoencoder page is told."""

import json
from functools import cache
from typing import Any, get_args

from app.labs.autoencoder.controls import CONTROLS
from app.pages.fields import fields_of
from engine.choices import Group
from engine.labs.autoencoder.settings import FACTORS, MOST_NUMBERS, SETTINGS, AutoencoderSettings

_WITHOUT_A_FIELD = {"hidden", "code", "linear", "examples"}  # which have controls of their own on the board
_POINTS = {"batch_size": 10, "learning_rate": 0.003, "activation": "tanh", "loss": "squared"}
_IMAGES = {"batch_size": 100, "learning_rate": 0.001, "activation": "relu", "loss": "cross-entropy"}
PRESETS: dict[str, tuple[str, dict[str, Any]]] = {
    "ring": ("2-8-8-1: ring", {"examples": "ring", "hidden": [8, 8], "code": 1, **_POINTS}),
    "default": ("784-256-64-2: digits", {"examples": "digits", "hidden": [256, 64], "code": 2, **_IMAGES}),
    "lecture": (
        "784-1000-500-250-2: the lecture’s",
        {"examples": "digits", "hidden": [1000, 500, 250], "code": 2, **_IMAGES},
    ),
    "thirty": ("784-512-30: digits", {"examples": "digits", "hidden": [512], "code": 30, **_IMAGES}),
    "faces": ("1024-256-64-30: faces", {"examples": "faces", "hidden": [256, 64], "code": 30, **_IMAGES}),
}
"""Label and settings by name, in the order of the page."""


@cache
def page() -> dict[str, Any]:
    """By the names that the template has for it."""
    return {
        "fields": {group: fields_of(AutoencoderSettings, group, _WITHOUT_A_FIELD, {}) for group in get_args(Group)},
        "controls": [{"name": name, "label": label} for name, label in CONTROLS.items()],
        "kinds": SETTINGS["examples"].choices,
        "presets": [
            {"name": name, "label": label, "settings": json.dumps(settings)}
            for name, (label, settings) in PRESETS.items()
        ],
        "starts": json.dumps({"points": _POINTS, "images": _IMAGES}),
        "most_numbers": MOST_NUMBERS,
        "factors": tuple(FACTORS.values()),
    }
