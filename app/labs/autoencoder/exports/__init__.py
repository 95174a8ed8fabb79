"""What a run of the autoencoder lab becomes to take home: one line for each form."""

from collections.abc import Callable, Mapping

from app.exports import onnx_graph
from app.labs.autoencoder.exports import numpy_code, onnx_model, torch_code
from app.labs.autoencoder.exports.tensors import lists, named, state
from app.labs.contract import Form
from engine.choices import Refused
from engine.labs.autoencoder.trainer import AutoencoderRun

__all__ = ["FORMS", "lists", "named", "state", "write"]

MOST_IN_CODE = 600_000  # parameters: as Python source they take about twelve bytes each


def _python(title: str, about: str) -> Form:
    return Form(title, ".py", "text/x-python", about=about)


_WRITERS: Mapping[str, tuple[Form, Callable[[AutoencoderRun], bytes]]] = {
    "numpy": (_python("NumPy", "Encoder and decoder as a Python file that needs NumPy alone."), numpy_code.write),
    "pytorch": (_python("PyTorch", "Encoder and decoder as a module, with its weights."), torch_code.write),
    "onnx": (
        Form(
            "ONNX",
            ".onnx",
            onnx_graph.MEDIA_TYPE,
            onnx_graph.EXTRA,
            about="Code and reconstruction for apps, browsers and other languages.",
            group="model",
        ),
        onnx_model.write,
    ),
}
FORMS: Mapping[str, Form] = {name: form for name, (form, _) in _WRITERS.items()}


def write(run: AutoencoderRun, form: str, choices: Mapping[str, str] | None = None) -> bytes:  # noqa: ARG001  it has none
    """The run as it is, in one of the forms. Raises Refused."""
    if form not in _WRITERS:
        raise Refused("form", form, f"one of {', '.join(FORMS)}")
    described, writer = _WRITERS[form]
    count = run.settings.parameters
    if described.group == "code" and count > MOST_IN_CODE:
        raise Refused("form", form, f"onnx or safetensors: {count:,} parameters are too many for source code")
    return writer(run)
