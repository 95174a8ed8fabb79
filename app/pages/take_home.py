"""What the dialog "Take home" of a lab's page offers: every form, by what it is for, and what can be chosen of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.exports.forms import Offered, offered
from app.exports.moments import MOST_BYTES
from app.labs.contract import Lab

GROUPS = (
    ("code", "As code"),
    ("model", "For other programs"),
    ("moment", "To go on with"),
    ("picture", "As a picture"),
    ("film", "As a film"),
)
"""In the order of the page."""

_LABELS: Mapping[str, str] = {
    "theme": "Colours",
    "scale": "Size",
    "of": "Field of",
    "points": "Points",
    "tests": "Test points",
    "axes": "Axes",
    "discretize": "Two colours",
    "show": "Shows",
    "seconds": "Length",
    "size": "Size",
}
_SCALES = ("1", "2", "3", "4")  # of a part of the page, which every lab's page offers as a picture
_WORDS: Mapping[str, Mapping[str, str]] = {
    "scale": {"1": "1×", "2": "2×", "3": "3×", "4": "4×"},
    "show": {
        "losses": "Boundary and losses",
        "boundary": "Boundary alone",
        "neurons": "Boundary, losses and neurons",
    },
    "seconds": {each: f"{each} s" for each in ("3", "5", "10", "20")},
    "size": {each: f"{each} px" for each in ("320", "480", "720", "960")},
}
_ELSEWHERE = ("fps",)  # choices that only the command line offers: twenty frames a second suit all


@dataclass(frozen=True)
class Choice:
    """A control of the dialog."""

    name: str
    label: str
    options: tuple[str, ...]
    words: Mapping[str, str]  # of its options, where they are not their names
    forms: tuple[str, ...]  # that it is a choice of


def take_home(lab: Lab) -> dict[str, Any]:
    """For the template; a lab without exports has no forms."""
    forms = offered(lab)
    return {
        "forms": {group: [each for each in forms if each.form.group == group] for group, _ in GROUPS} if forms else {},
        "form_groups": GROUPS,
        "form_choices": {group: _choices(forms, group) for group, _ in GROUPS},
        "most_file_bytes": MOST_BYTES,
    }


def _choices(offers: list[Offered], group: str) -> list[Choice]:
    """Of a group's forms together: two that have a choice of one name share its control."""
    forms = [each for each in offers if each.form.group == group]
    options = {name: each for form in forms for name, each in form.form.choices.items() if name not in _ELSEWHERE}
    if group == "picture":
        options.setdefault("scale", _SCALES)
    return [
        Choice(
            name,
            _LABELS[name],
            tuple(option for option in each if not option.isupper()),
            _WORDS.get(name, {}),
            tuple(form.name for form in forms if name in form.form.choices),
        )
        for name, each in options.items()
    ]
