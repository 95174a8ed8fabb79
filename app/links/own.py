"""Our own links: `#v=1&dataset=spiral&hidden=8,8`, in the settings' own names, only what differs from the defaults.

The version tells our links from those of another playground, and grows when a name or a default changes its meaning.
It comes first, but in links of other labs than the first one the lab's name does: `#lab=…&v=1`.
"""

from collections.abc import Callable
from typing import Any, get_args, get_origin
from urllib.parse import unquote

import numpy as np

from app.base64url import decoded
from app.experiment import MAX_SPEED, Experiment, Trained, is_speed
from app.labs import FIRST, LABS
from app.labs.contract import GivenInLinks, Lab
from app.links.text import listed, number, quoted
from app.links.writing import FULL_SPEED, VERSION, link_of, text_of
from app.sessions.checked_settings import build_settings
from engine.choices import Choices, Refused, Setting, settings_of
from engine.runs.data import Given

MAX_EPOCH = 10**12

_OTHERS = {"lab", "v", "hl", "epoch", "weights"}
_BOOLEANS = {"true": True, "false": False}


def is_own(values: dict[str, str]) -> bool:
    """Only our links have a version."""
    return "v" in values


def lab_of(values: dict[str, str], repairs: list[str]) -> Lab:
    """Whose experiment it is: the first lab's unless told."""
    name = values.get("lab", FIRST.name)
    if name not in LABS:
        repairs.append(f"lab: {quoted(name)} came, expected one of {', '.join(LABS)}; {FIRST.name} is used")
    return LABS.get(name, FIRST)


def read(values: dict[str, str]) -> tuple[Experiment, list[str]]:
    """The experiment, and what had to be left out, in words."""
    repairs: list[str] = []
    lab = lab_of(values, repairs)
    settings_names, view_names = settings_of(lab.settings), lab.view.names()
    if values.get("v", str(VERSION)) != str(VERSION):
        repairs.append(f"v: {quoted(values['v'])} came, expected {VERSION}: written by another version")
    given_in_links = lab.given_in_links() if lab.given_in_links else None
    given_names = given_in_links.NAMES if given_in_links else ()
    unknown = [name for name in values if name not in {*settings_names, *view_names, *given_names, *_OTHERS}]
    if unknown:
        repairs.append(f"nothing has the name {listed(unknown)}")
    chosen = {name: _setting(each, values[name]) for name, each in settings_names.items() if name in values}
    given = _read_given(given_in_links, values, repairs) if given_in_links else None
    settings, given = _read_settings(lab, chosen, given, repairs)
    view = _read_view(lab, {name: _seen(lab, name, values[name]) for name in view_names if name in values}, repairs)
    trained = _read_trained(values, lab.saved_count(settings), repairs)
    return Experiment(settings, view, trained, given), repairs


def write(experiment: Experiment) -> str:
    """With its #."""
    given_in_links = LABS[experiment.lab].given_in_links
    given = given_in_links().write(experiment.given) if experiment.given and given_in_links else {}
    return link_of(experiment, given, names_lab=experiment.lab != FIRST.name)


def _setting(each: Setting, text: str) -> Any:
    """As pydantic wants it: what is no number or truth stays a text, which it will refuse by name."""
    text = unquote(text)
    if not each.is_list:
        return text if each.kind is str else _item(text)
    parts = text.split(",") if text else []
    if get_origin(get_args(each.kind)[0]) is tuple:  # as 2-3
        return tuple(tuple(map(_item, part.split("-"))) for part in parts)
    items = tuple(map(_item, parts))
    return _in_order(each, items) if each.is_set else items


def _item(text: str) -> Any:
    value = number(text)
    return _BOOLEANS.get(text, text) if value is None else value


def _in_order(each: Setting, items: tuple[Any, ...]) -> tuple[Any, ...]:
    """Each once and in the order of the choices."""
    known = [choice for choice in each.choices if choice in items]
    return (*known, *(item for item in items if item not in each.choices))


def _seen(lab: Lab, name: str, text: str) -> Any:
    """The same of the view, whose lists and words are few."""
    text = unquote(text)
    if name == "speed" and text == FULL_SPEED:
        return None
    if name == "hide":
        return tuple(map(_item, text.split(","))) if text else ()
    return text if name == "lesson" or name in lab.view.texts else _item(text)


def _read_given(given_in_links: GivenInLinks, values: dict[str, str], repairs: list[str]) -> Given | None:
    try:
        return given_in_links.read(values)
    except Refused as error:
        repairs.append(f"{error.field}: {quoted(str(error.came))} came, expected {error.expected}")
        return None


def _read_settings(
    lab: Lab, changes: dict[str, Any], given: Given | None, repairs: list[str]
) -> tuple[Choices, Given | None]:
    """What is refused is left out and said, until the rest can be: the settings, and the examples that they learn."""
    while True:
        try:
            settings = build_settings(lab.settings, changes)
            return settings, lab.given_in_links().given_for(settings, given) if lab.given_in_links else None
        except Refused as error:
            name = error.field.split(".")[0]
            if name not in changes:  # what is wrong are the examples
                repairs.append(f"{error}; they are left out")
                given = None
                continue
            repairs.append(f"{name}: {quoted(text_of(changes.pop(name)))} came, expected {error.expected}")


def _read_view(lab: Lab, changes: dict[str, Any], repairs: list[str]) -> Any:
    is_control = lab.view.is_control
    controls = [str(name) for name in changes.pop("hide", ())]
    nothing = [name for name in controls if not is_control(name)]
    if nothing:
        repairs.append(f"hide: there is no control {listed(nothing)}")
    for name, value in list(changes.items()):
        is_good, expected = _check_of(lab, name)
        if not is_good(value):
            repairs.append(f"{name}: {quoted(text_of(changes.pop(name)))} came, expected {expected}")
    return lab.view(hide=tuple(name for name in controls if is_control(name)), **changes)


def _check_of(lab: Lab, name: str) -> tuple[Callable[[Any], bool], str]:
    """Whether a value of the view is good, and what would be."""
    lessons = lab.view.lessons
    match name:
        case "lesson":
            example = next((lesson.slug for chapter in lab.chapters for lesson in chapter.lessons[1:]), "none, here")
            return lambda value: value == "" or value in lessons, f"the name of a lesson, such as {example}"
        case "speed":
            return is_speed, f"epochs per second: a number above 0, at most {MAX_SPEED:,.0f}"
    if name in lab.view.texts:
        return lab.view.texts[name]
    if name in lab.view.numbers:
        low, high = lab.view.numbers[name]
        return lambda value: type(value) is int and low <= value <= high, f"a whole number from {low} to {high}"
    return lambda value: isinstance(value, bool), "true or false"


def _read_trained(values: dict[str, str], expected: int, repairs: list[str]) -> Trained | None:
    if "weights" not in values:
        if "epoch" in values:
            repairs.append(f"epoch: {quoted(values['epoch'])} came without weights, so training begins at epoch 0")
        return None
    try:
        parameters = np.frombuffer(decoded(values["weights"]), "<f4")
    except ValueError:
        parameters = np.empty(0, "<f4")
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
