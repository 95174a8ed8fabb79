"""What a run of the plane becomes to take home: one line for each form."""

from collections.abc import Callable, Mapping

from app.labs.contract import Form
from app.labs.plane.exports import numpy_code, pictures, tensors
from app.labs.plane.exports.tensors import named, state
from engine.choices import Refused
from engine.labs.plane.trainer import Trainer

__all__ = ["FORMS", "LISTS", "named", "state", "write"]

_WRITERS: Mapping[str, tuple[Form, Callable[[Trainer], bytes]]] = {
    "numpy": (Form("NumPy", ".py", "text/x-python"), numpy_code.write),
}
LISTS: Mapping[str, str] = tensors.LISTS
FORMS: Mapping[str, Form] = {**{name: form for name, (form, _) in _WRITERS.items()}, **pictures.FORMS}


def write(run: Trainer, form: str, choices: Mapping[str, str]) -> bytes:
    """The run as it is, in one of the forms. Raises Refused."""
    if form in pictures.FORMS:
        return pictures.write(run, form, choices)
    if form not in _WRITERS:
        raise Refused("form", form, f"one of {', '.join(FORMS)}")
    return _WRITERS[form][1](run)
