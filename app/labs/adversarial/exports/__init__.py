"""What a run of the adversarial lab becomes to take home: one line for each form."""

from collections.abc import Callable, Mapping

from app.labs.adversarial.exports.code import write_numpy, write_torch
from app.labs.adversarial.exports.tensors import lists, named, state
from app.labs.contract import Form
from engine.choices import Refused
from engine.labs.adversarial.trainer import AdversarialRun

__all__ = ["FORMS", "lists", "named", "state", "write"]

_PYTHON = "text/x-python"
_WRITERS: Mapping[str, tuple[Form, Callable[[AdversarialRun], bytes]]] = {
    "numpy": (
        Form("NumPy", ".py", _PYTHON, about="Both networks as a Python file that needs NumPy alone."),
        write_numpy,
    ),
    "pytorch": (Form("PyTorch", ".py", _PYTHON, about="Both networks as modules, with their weights."), write_torch),
}
FORMS: Mapping[str, Form] = {name: form for name, (form, _) in _WRITERS.items()}


def write(run: AdversarialRun, form: str, choices: Mapping[str, str] | None = None) -> bytes:  # noqa: ARG001  none
    """The run as it is, in one of the forms. Raises Refused."""
    if form not in _WRITERS:
        raise Refused("form", form, f"one of {', '.join(FORMS)}")
    return _WRITERS[form][1](run)
