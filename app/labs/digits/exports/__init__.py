"""What a run of the digits lab becomes to take home: one line for each form."""

from collections.abc import Callable, Mapping

from app.exports import onnx_graph
from app.labs.contract import Form
from app.labs.digits.exports import numpy_code, onnx_model, torch_code
from app.labs.digits.exports.tensors import lists, named, state
from engine.choices import Refused
from engine.labs.digits.trainer import DigitsTrainer

__all__ = ["FORMS", "lists", "named", "state", "write"]


def _python(title: str, about: str) -> Form:
    return Form(title, ".py", "text/x-python", about=about)


_WRITERS: Mapping[str, tuple[Form, Callable[[DigitsTrainer], bytes]]] = {
    "numpy": (_python("NumPy", "Both networks as a Python file that needs NumPy alone."), numpy_code.write),
    "pytorch": (_python("PyTorch", "Both networks as modules, with their weights."), torch_code.write),
    "onnx": (
        Form(
            "ONNX",
            ".onnx",
            onnx_graph.MEDIA_TYPE,
            onnx_graph.EXTRA,
            about="Both networks for apps, browsers and other languages.",
            group="model",
        ),
        onnx_model.write,
    ),
}
FORMS: Mapping[str, Form] = {name: form for name, (form, _) in _WRITERS.items()}


def write(run: DigitsTrainer, form: str, choices: Mapping[str, str] | None = None) -> bytes:  # noqa: ARG001  it has none
    """The run as it is, in one of the forms. Raises Refused."""
    if form not in _WRITERS:
        raise Refused("form", form, f"one of {', '.join(FORMS)}")
    return _WRITERS[form][1](run)
