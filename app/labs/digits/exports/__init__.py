"""What a run of the digits lab becomes to take home: one line for each form."""

from collections.abc import Callable, Mapping

from app.exports import onnx_graph
from app.labs.contract import Form
from app.labs.digits.exports import numpy_code, onnx_model, torch_code
from engine.choices import Refused
from engine.labs.digits.trainer import DigitsTrainer

__all__ = ["FORMS", "write"]

_WRITERS: Mapping[str, tuple[Form, Callable[[DigitsTrainer], bytes]]] = {
    "numpy": (Form("NumPy", ".py", "text/x-python"), numpy_code.write),
    "pytorch": (Form("PyTorch", ".py", "text/x-python"), torch_code.write),
    "onnx": (Form("ONNX", ".onnx", onnx_graph.MEDIA_TYPE, onnx_graph.EXTRA), onnx_model.write),
}
FORMS: Mapping[str, Form] = {name: form for name, (form, _) in _WRITERS.items()}


def write(run: DigitsTrainer, form: str) -> bytes:
    """The run as it is, in one of the forms. Raises Refused."""
    if form not in _WRITERS:
        raise Refused("form", form, f"one of {', '.join(FORMS)}")
    return _WRITERS[form][1](run)
