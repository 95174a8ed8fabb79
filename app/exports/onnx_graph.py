"""Builds ONNX models: opset 17 and IR 8, which readers of the last years know. The package onnx is an extra."""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.choices import Refused

OPSET = 17
IR = 8
EXTRA = "onnx"
MEDIA_TYPE = "application/octet-stream"

Shape = Sequence[str | int]  # a text is a length that is free


class Graph:
    """Nodes and constants, each with its name. Raises Refused where the package is missing."""

    def __init__(self) -> None:
        self._onnx = _onnx()
        self.nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def add(self, operator: str, inputs: Sequence[str], name: str = "", **attributes: Any) -> str:
        """A node; returns the name of what it computes."""
        name = name or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(self._onnx.helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def split(self, source: str, names: Sequence[str]) -> None:
        """The columns of a matrix, one by one."""
        sizes = self.constant("sizes", np.ones(len(names), np.int64))
        self.nodes.append(self._onnx.helper.make_node("Split", [source, sizes], names, name="columns", axis=1))

    def constant(self, name: str, numbers: NDArray[Any] | float) -> str:
        """Numbers of the model, once under each name; integers stay integers. Returns the name."""
        array = np.asarray(numbers)
        exact = np.ascontiguousarray(array if array.dtype == np.int64 else array.astype(np.float32)).reshape(
            array.shape
        )
        self._constants.setdefault(name, self._onnx.numpy_helper.from_array(exact, name))
        return name

    def model(
        self, given: tuple[str, Shape], answers: Mapping[str, Shape], about: str, properties: Mapping[str, str]
    ) -> bytes:
        """The model as a file. `given`: the input's name and shape; `answers`: those of the outputs."""
        helper, kind = self._onnx.helper, self._onnx.TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes,
            "hyperplane",
            [helper.make_tensor_value_info(given[0], kind, given[1])],
            [helper.make_tensor_value_info(name, kind, shape) for name, shape in answers.items()],
            list(self._constants.values()),
        )
        made = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR,
            producer_name="Hyperplane",
            doc_string=about,
        )
        helper.set_model_props(made, dict(properties))
        return bytes(made.SerializeToString())


def _onnx() -> ModuleType:
    try:
        import onnx  # noqa: PLC0415  an extra
        import onnx.helper  # noqa: PLC0415
        import onnx.numpy_helper  # noqa: PLC0415
    except ModuleNotFoundError:
        raise Refused("form", "onnx", f"the extra {EXTRA}: pip install 'hyperplane[{EXTRA}]'") from None
    return onnx
