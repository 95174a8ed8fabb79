"""What a run of the plane becomes to take home: one line for each form."""

from collections.abc import Callable, Mapping

from app.exports import onnx_graph
from app.labs.contract import Form
from app.labs.plane.exports import keras_code, numpy_code, onnx_model, pictures, torch_code
from app.labs.plane.exports.tensors import lists, named, state
from engine.choices import Refused
from engine.labs.plane.trainer import Trainer

__all__ = ["FORMS", "lists", "named", "state", "write"]


def _python(title: str, about: str) -> Form:
    return Form(title, ".py", "text/x-python", about=about)


_WRITERS: Mapping[str, tuple[Form, Callable[[Trainer], bytes]]] = {
    "numpy": (
        _python("NumPy", "A short Python file whose predict(points) needs NumPy alone."),
        numpy_code.write,
    ),
    "pytorch": (
        _python("PyTorch", "The network, and a script that trains on from here: its losses are Hyperplane’s."),
        torch_code.write,
    ),
    "keras": (
        _python("Keras", "A Keras 3 model for any of its backends, to save, draw or train further."),
        keras_code.write,
    ),
    "onnx": (
        Form(
            "ONNX",
            ".onnx",
            onnx_graph.MEDIA_TYPE,
            onnx_graph.EXTRA,
            about="The network for apps, browsers and other languages, from points to its answer.",
            group="model",
        ),
        onnx_model.write,
    ),
}
FORMS: Mapping[str, Form] = {**{name: form for name, (form, _) in _WRITERS.items()}, **pictures.FORMS}


def write(run: Trainer, form: str, choices: Mapping[str, str] | None = None) -> bytes:
    """The run as it is, in one of the forms. Raises Refused."""
    if form in pictures.FORMS:
        return pictures.write(run, form, choices or {})
    if form not in _WRITERS:
        raise Refused("form", form, f"one of {', '.join(FORMS)}")
    return _WRITERS[form][1](run)
