"""Writes our own links, of an experiment of any lab; `app/links/own.py` reads them."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import numpy as np

from app.base64url import encoded
from app.experiment import Experiment
from app.links.text import written
from engine.choices import settings_of

VERSION = 1
FULL_SPEED = "full"  # where a lab's page begins slower

_NUMBER_AND_SIGNS = re.compile(r"-?[0-9.]*[0-9][^0-9A-Za-z]+")
_PUNCTUATION = "._~-"  # that `quote` leaves as it is


def link_of(experiment: Experiment, given: Mapping[str, str], *, names_lab: bool) -> str:
    """With its #. `given`: what the lab's links say of examples that somebody gave, by name."""
    settings, view = experiment.settings, experiment.view
    parts = [f"lab={experiment.lab}", f"v={VERSION}"] if names_lab else [f"v={VERSION}"]
    parts += [
        f"{name}={_seed_text(value) if each.kind is str else text_of(value)}"
        for name, each in settings_of(type(settings)).items()
        if (value := getattr(settings, name)) != each.default
    ]
    standard = type(view)()
    parts += [
        f"{name}={text_of(value)}" for name in view.names() if (value := getattr(view, name)) != getattr(standard, name)
    ]
    parts += [f"{name}={text}" for name, text in given.items()]
    if experiment.trained:
        packed = encoded(np.asarray(experiment.trained.parameters, "<f4").tobytes())
        parts += [f"epoch={experiment.trained.epoch}", f"weights={packed}"]
    return "#" + "&".join(parts)


def text_of(value: Any) -> str:
    """Of a property."""
    if value is None:
        return FULL_SPEED
    if isinstance(value, tuple):
        return ",".join("-".join(map(str, item)) if isinstance(item, tuple) else text_of(item) for item in value)
    return quote(written(value), safe="")


def _seed_text(seed: str) -> str:
    """Any text, so that what stands around a link cannot be taken for a part of it, nor a part of it for that.

    A seed ends with no punctuation as it stands, and where signs follow a number its first digit is written as %… too.
    """
    if not seed:
        return ""
    first, middle, last = seed[0], seed[1:-1], seed[-1] if len(seed) > 1 else ""
    return (
        (_encoded(first) if _NUMBER_AND_SIGNS.fullmatch(seed) or seed in _PUNCTUATION else quote(first, safe=""))
        + quote(middle, safe="")
        + (_encoded(last) if last in _PUNCTUATION else quote(last, safe=""))
    )


def _encoded(sign: str) -> str:
    """As %…, even where an address could have the very sign."""
    return f"%{ord(sign):02X}" if sign else ""
