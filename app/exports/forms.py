"""All forms in which an experiment can be taken home: those of its lab, and those that any lab has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from app.exports import moments
from app.exports.films import wanted as films
from app.labs.contract import Form, Lab
from app.storage.checkpoint import Frozen
from engine.choices import Refused
from engine.labs.contract import LabRun

if TYPE_CHECKING:
    from app.exports.films.making import Making

MOMENTS: Mapping[str, Form] = {
    "safetensors": Form(
        "safetensors",
        ".safetensors",
        "application/octet-stream",
        about="The whole experiment, to be opened here again and go on bit for bit. PyTorch loads its weights.",
        group="moment",
    ),
    "json": Form(
        "JSON",
        ".json",
        "application/json",
        about="The same as text that any program reads: weights, settings, losses. Opens here again.",
        group="moment",
    ),
}
_WRITERS = {"safetensors": moments.write_safetensors, "json": moments.write_json}
_NEEDS: Mapping[str, Sequence[str]] = {"onnx": ("onnx",), "gif": ("PIL",), "video": ("PIL", "av")}
"""What an extra of the package installs, as modules."""
_PACKAGES: Mapping[str, str] = {"PIL": "pillow"}  # that have another name
_OPEN = str.isupper  # a choice in capitals stands for others than itself


@dataclass(frozen=True)
class Offered:
    """A form, and why it cannot be had, if it cannot."""

    name: str
    form: Form
    missing: str = ""

    @property
    def file(self) -> str:
        """What it is called unless a visitor names it: several forms may have one suffix."""
        if self.form.group == "film":
            return f"training{self.form.suffix}"
        stem = {"moment": "experiment", "code": f"network_{self.name}"}.get(self.form.group, "network")
        return f"{'field' if self.form.media_type == 'image/png' else stem}{self.form.suffix}"


def forms_of(lab: Lab) -> Mapping[str, Form]:
    """By name; none for a lab whose experiments cannot be taken home."""
    if lab.exports is None:
        return {}
    return {**lab.exports().FORMS, **MOMENTS, **(films.FORMS if lab.films else {})}


def offered(lab: Lab) -> list[Offered]:
    """What the lab's page offers."""
    return [Offered(name, form, _missing(form)) for name, form in forms_of(lab).items()]


def checked(lab: Lab, form: str, choices: Mapping[str, str]) -> dict[str, str]:
    """A value for each choice of a form that can be written here. Raises Refused, so that nobody trains in vain."""
    forms = forms_of(lab)
    if form not in forms:
        raise Refused("form", form[:40], f"one of {', '.join(forms)}" if forms else f"none, of {lab.title}")
    if missing := _missing(forms[form]):
        raise Refused("form", form, missing)
    chosen = _chosen(forms[form], choices)
    if is_film(lab, form):
        films.Wanted.of(chosen)
    return chosen


def is_film(lab: Lab, form: str) -> bool:
    """Whether `film` makes it, and not `write`."""
    return form in forms_of(lab) and forms_of(lab)[form].group == "film"


def write(lab: Lab, frozen: Frozen, run: LabRun, form: str, choices: Mapping[str, str]) -> bytes:
    """A form of an experiment; `run` is at the moment that is frozen. Raises Refused."""
    chosen = checked(lab, form, choices)
    if form in _WRITERS:
        return _WRITERS[form](frozen)
    assert lab.exports
    return lab.exports().write(run, form, chosen)


def film(
    lab: Lab, frozen: Frozen, form: str, choices: Mapping[str, str], parameter_limit: int | None = None
) -> "Making":
    """A form that is made in many small parts, each with how far it is. Raises Refused, before the first."""
    chosen = checked(lab, form, choices)
    from app.exports.films.making import make  # noqa: PLC0415  it needs packages that are perhaps not there

    return make(frozen, form, chosen, parameter_limit)


def _missing(form: Form) -> str:
    missing = [module for module in _NEEDS.get(form.extra, ()) if not find_spec(module)]
    if not missing:
        return ""
    names = " and ".join(_PACKAGES.get(module, module) for module in missing)
    is_are = "are" if len(missing) > 1 else "is"
    return f"{names}, which {is_are} not installed here: pip install 'hyperplane[{form.extra}]'"


def _chosen(form: Form, choices: Mapping[str, str]) -> dict[str, str]:
    """Each choice of the form. Raises Refused."""
    for name, value in choices.items():
        if name not in form.choices:
            raise Refused(name[:40], value[:40], f"one of {', '.join(form.choices) or 'no choices'}")
        allowed = form.choices[name]
        if value not in allowed and not any(map(_OPEN, allowed)):
            raise Refused(name, value[:40], f"one of {', '.join(allowed)}")
    return {name: choices.get(name, allowed[0]) for name, allowed in form.choices.items()}
