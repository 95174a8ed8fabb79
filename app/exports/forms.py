"""All forms in which an experiment can be taken home: those of its lab, and those that any lab has."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from app.exports import moments
from app.labs.contract import Form, Lab
from app.storage.checkpoint import Frozen
from engine.choices import Refused
from engine.labs.contract import LabRun

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
_NEEDS: Mapping[str, str] = {"onnx": "onnx"}  # what an extra of the package installs: module by extra
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
        stem = {"moment": "experiment", "code": f"network_{self.name}"}.get(self.form.group, "network")
        return f"{'field' if self.form.media_type == 'image/png' else stem}{self.form.suffix}"


def forms_of(lab: Lab) -> Mapping[str, Form]:
    """By name; none for a lab whose experiments cannot be taken home."""
    return {**lab.exports().FORMS, **MOMENTS} if lab.exports else {}


def offered(lab: Lab) -> list[Offered]:
    """What the lab's page offers."""
    return [Offered(name, form, _missing(form)) for name, form in forms_of(lab).items()]


def write(lab: Lab, frozen: Frozen, run: LabRun, form: str, choices: Mapping[str, str]) -> bytes:
    """A form of an experiment; `run` is at the moment that is frozen. Raises Refused."""
    forms = forms_of(lab)
    if lab.exports is None or form not in forms:
        raise Refused("form", form[:40], f"one of {', '.join(forms)}" if forms else f"none, of {lab.title}")
    if missing := _missing(forms[form]):
        raise Refused("form", form, missing)
    chosen = _chosen(forms[form], choices)
    return _WRITERS[form](frozen) if form in _WRITERS else lab.exports().write(run, form, chosen)


def _missing(form: Form) -> str:
    module = _NEEDS.get(form.extra, form.extra)
    if not module or find_spec(module):
        return ""
    return f"{module}, which is not installed here: pip install 'hyperplane[{form.extra}]'"


def _chosen(form: Form, choices: Mapping[str, str]) -> dict[str, str]:
    """Each choice of the form. Raises Refused."""
    for name, value in choices.items():
        if name not in form.choices:
            raise Refused(name[:40], value[:40], f"one of {', '.join(form.choices) or 'no choices'}")
        allowed = form.choices[name]
        if value not in allowed and not any(map(_OPEN, allowed)):
            raise Refused(name, value[:40], f"one of {', '.join(allowed)}")
    return {name: choices.get(name, allowed[0]) for name, allowed in form.choices.items()}
