"""What the template of the adversarial page is told."""

from functools import cache
from typing import Any, get_args

from app.labs.adversarial.controls import CONTROLS
from app.labs.adversarial.edits import MOST_ROUNDS
from app.pages.fields import fields_of
from engine.choices import Group
from engine.labs.adversarial.seeds import COUNT
from engine.labs.adversarial.settings import AdversarialSettings


@cache
def page() -> dict[str, Any]:
    """By the names that the template has for it."""
    return {
        "fields": {group: fields_of(AdversarialSettings, group, (), {}) for group in get_args(Group)},
        "controls": [{"name": name, "label": label} for name, label in CONTROLS.items()],
        "seeds": range(1, COUNT + 1),
        "most_rounds": MOST_ROUNDS,
    }
