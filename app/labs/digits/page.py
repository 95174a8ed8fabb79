"""What the template of the digits page is told."""

from functools import cache
from typing import Any, get_args

from app.labs.digits.controls import CONTROLS
from app.pages.fields import fields_of
from engine.choices import Group
from engine.labs.digits.settings import DigitsSettings

_WITHOUT_A_FIELD = {"hidden", "filters"}  # which are changed layer by layer, in the picture of the networks


@cache
def page() -> dict[str, Any]:
    """By the names that the template has for it."""
    return {
        "fields": {group: fields_of(DigitsSettings, group, _WITHOUT_A_FIELD, {}) for group in get_args(Group)},
        "controls": [{"name": name, "label": label} for name, label in CONTROLS.items()],
    }
