"""What the page that compares runs of a lab is told: every setting of the lab, as a cell of a table."""

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from app.labs.contract import Lab
from app.pages.fields import Option, options_of
from engine.choices import Setting, settings_of

Form = Literal["list", "box", "number", "text", "fixed"]


@dataclass(frozen=True)
class Cell:
    """How a setting's value is shown, and how it is chosen."""

    setting: Setting
    form: Form
    options: tuple[Option, ...]  # the words of its values; of a list also what can be chosen


def cells_of(lab: Lab) -> tuple[Cell, ...]:
    """Of all settings, in the order of their declaration."""
    return tuple(Cell(each, _form(each), options_of(each)) for each in settings_of(lab.settings).values())


def _form(each: Setting) -> Form:
    if each.is_list:
        return "fixed" if get_origin(get_args(each.kind)[0]) is tuple else "text"
    if each.kind is bool:
        return "box"
    if each.choices or each.offers:
        return "list"
    return "text" if each.kind is str else "number"


def compared(lab: Lab) -> dict[str, Any]:
    """By the names that the template has for it."""
    return {"cells": cells_of(lab)}
