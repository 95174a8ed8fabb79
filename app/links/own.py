"""Our own links: `#v=1&dataset=spiral&hidden=8,8`, in the settings' own names, only what differs from the defaults.

The version comes first and tells our links from TensorFlow Playground's. It grows when a name or a default
changes its meaning.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_args, get_origin
from urllib.parse import quote, unquote

import numpy as np

from app.experiment import MAX_SPEED, VIEW_NAMES, Experiment, Trained, View, is_speed
from app.labs.plane.lessons import SLUGS
from app.links.text import listed, number, quoted, written
from app.pages.controls import is_control
from app.sessions.checked_settings import build_settings
from engine.choices import Refused
from engine.labs.plane.settings import FEATURES, SETTING_NAMES, Settings

VERSION = 1
MAX_EPOCH = 10**12

_KINDS = {each.name: each.type for each in (*fields(Settings), *fields(View))}
_OTHERS = {"v", "hl", "epoch", "weights"}
_NUMBER_AND_SIGNS = re.compile(r"-?[0-9.]*[0-9][^0-9A-Za-z]+")
_PUNCTUATION = "._~-"  # that `quote` leaves as it is
_BOOLEANS = {"true": True, "false": False}


def is_own(values: dict[str, str]) -> bool:
    """Only our links have a version."""
    return "v" in values


def read(values: dict[str, str]) -> tuple[Experiment, list[str]]:
    """The experiment, and what had to be left out, in words."""
    repairs = []
    if values.get("v", str(VERSION)) != str(VERSION):
        repairs.append(f"v: {quoted(values['v'])} came, expected {VERSION}: written by another version")
    unknown = [name for name in values if name not in {*SETTING_NAMES, *VIEW_NAMES, *_OTHERS}]
    if unknown:
        repairs.append(f"nothing has the name {listed(unknown)}")
    settings = _read_settings({name: _value(name, values[name]) for name in SETTING_NAMES if name in values}, repairs)
    view = _read_view({name: _value(name, values[name]) for name in VIEW_NAMES if name in values}, repairs)
    return Experiment(settings, view, _read_trained(values, settings, repairs)), repairs


def write(experiment: Experiment) -> str:
    """With its #."""
    parts = [f"v={VERSION}"]
    for saying, standard in ((experiment.settings, Settings()), (experiment.view, View())):
        for field in fields(saying):
            value = getattr(saying, field.name)
            if value != getattr(standard, field.name):
                text = _seed_text(value) if field.name == "seed" else _text(value)
                parts.append(f"{field.name}={text}")
    if experiment.trained:
        packed = (
            base64.urlsafe_b64encode(np.asarray(experiment.trained.parameters, "<f4").tobytes()).decode().rstrip("=")
        )
        parts += [f"epoch={experiment.trained.epoch}", f"weights={packed}"]
    return "#" + "&".join(parts)


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join("-".join(map(str, item)) if isinstance(item, tuple) else _text(item) for item in value)
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


def _value(name: str, text: str) -> Any:
    """As pydantic wants it: what is no number or truth stays a text, which it will refuse by name."""
    text, kind = unquote(text), _KINDS[name]
    if get_origin(kind) is not tuple:
        return text if kind is str else _item(text)
    parts = text.split(",") if text else []
    if get_origin(get_args(kind)[0]) is tuple:  # as 2-3
        return tuple(tuple(map(_item, part.split("-"))) for part in parts)
    items = tuple(map(_item, parts))
    return _in_order(items) if name == "inputs" else items


def _item(text: str) -> Any:
    value = number(text)
    return _BOOLEANS.get(text, text) if value is None else value


def _in_order(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """Each once and in the engine's order, however the link was written."""
    known = [feature for feature in FEATURES if feature in items]
    return (*known, *(item for item in items if item not in FEATURES))


def _read_settings(changes: dict[str, Any], repairs: list[str]) -> Settings:
    """What is refused is left out and said, until the rest can be."""
    while True:
        try:
            return build_settings(changes)
        except Refused as error:
            name = error.field.split(".")[0]
            repairs.append(f"{name}: {quoted(_text(changes.pop(name)))} came, expected {error.expected}")


def _read_view(changes: dict[str, Any], repairs: list[str]) -> View:
    controls = [str(name) for name in changes.pop("hide", ())]
    nothing = [name for name in controls if not is_control(name)]
    if nothing:
        repairs.append(f"hide: there is no control {listed(nothing)}")
    for name, value in list(changes.items()):
        is_good, expected = _VIEW_CHECKS.get(name, _BOOLEAN)
        if not is_good(value):
            repairs.append(f"{name}: {quoted(_text(changes.pop(name)))} came, expected {expected}")
    return View(hide=tuple(name for name in controls if is_control(name)), **changes)


_BOOLEAN: tuple[Callable[[Any], bool], str] = (lambda value: isinstance(value, bool), "true or false")
_VIEW_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "lesson": (lambda value: value == "" or value in SLUGS, "the name of a lesson, such as perceptron-xor"),
    "speed": (is_speed, f"epochs per second: a number above 0, at most {MAX_SPEED:,.0f}"),
}


def _read_trained(values: dict[str, str], settings: Settings, repairs: list[str]) -> Trained | None:
    if "weights" not in values:
        if "epoch" in values:
            repairs.append(f"epoch: {quoted(values['epoch'])} came without weights, so training begins at epoch 0")
        return None
    try:
        packed = values["weights"].encode("ascii")
        raw = base64.b64decode(packed + b"=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        parameters = np.frombuffer(raw, "<f4")
    except (ValueError, binascii.Error):
        parameters = np.empty(0, "<f4")
    expected = settings.saved_count
    if len(parameters) != expected or not np.isfinite(parameters).all():
        repairs.append(f"weights: {len(parameters)} finite numbers came, expected {expected}; first weights are used")
        return None
    return Trained(_read_epoch(values, repairs), parameters)


def _read_epoch(values: dict[str, str], repairs: list[str]) -> int:
    text = values.get("epoch", "0")
    epoch = number(text)
    if isinstance(epoch, int) and 0 <= epoch <= MAX_EPOCH:
        return epoch
    repairs.append(f"epoch: {quoted(text)} came, expected a whole number from 0 to {MAX_EPOCH:,}; 0 is used")
    return 0
