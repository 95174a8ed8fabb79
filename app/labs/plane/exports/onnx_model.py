"""A run as an ONNX model, from points to a probability or a value."""

from typing import Any

import numpy as np

from app.exports.onnx_graph import Graph, Shape
from app.labs.plane.exports import wording
from app.labs.plane.exports.description import Description, describe, say, with_an_input
from app.labs.plane.exports.own_input_code import OnnxFormula
from engine.labs.plane.trainer import Trainer
from engine.machine.operations.batch_norm import EPSILON

POINTS = "points"  # the input: [N, 2]

_OPERATORS: dict[str, tuple[str, dict[str, Any]]] = {
    "tanh": ("Tanh", {}),
    "sigmoid": ("Sigmoid", {}),
    "relu": ("Relu", {}),
    "leaky-relu": ("LeakyRelu", {"alpha": 0.01}),
    "elu": ("Elu", {"alpha": 1.0}),
    "sine": ("Sin", {}),
    "softmax": ("Softmax", {"axis": 1}),
}
_PRODUCTS: dict[str, tuple[str, str]] = {
    "xSquared": ("x", "x"),
    "ySquared": ("y", "y"),
    "xTimesY": ("x", "y"),
}
_SINES = {"sinX": "x", "sinY": "y"}


def write(run: Trainer) -> bytes:
    """The file. Raises Refused where the package onnx is missing."""
    description = with_an_input(describe(run))
    graph = Graph()
    said = say(description, _Onnx(graph, description))
    answer = "probability" if description.tells_probability else "value"
    if description.is_single:
        graph.add("Squeeze", [said, graph.constant("column", np.array([1], np.int64))], answer)
    else:
        graph.add("Identity", [said], answer)
    shape: Shape = ["N"] if description.is_single else ["N", description.settings.class_count]
    about = f"{wording.origin(description)[0]} For points (n, 2), each x and y: {wording.answer(description)}."
    names = {"classes": repr(list(description.classes))} if description.classes else {}
    properties = {"link": description.link, "epoch": str(description.epoch), **names}
    return graph.model((POINTS, ["N", 2]), {answer: shape}, about, properties)


class _Onnx:
    """A `Language`: each step is a node, or several, and the name of what it computes."""

    def __init__(self, graph: Graph, description: Description) -> None:
        self._description = description
        self.add, self.constant, self._split = graph.add, graph.constant, graph.split

    def inputs(self) -> str:
        self._split(POINTS, ["x", "y"])
        columns = [self._feature(name) for name in self._description.features]
        return columns[0] if len(columns) == 1 else self.add("Concat", columns, "inputs", axis=1)

    def _feature(self, name: str) -> str:
        if name in _PRODUCTS:
            return self.add("Mul", list(_PRODUCTS[name]), name)
        if name in _SINES:
            return self.add("Sin", [_SINES[name]], name)
        return name if name in {"x", "y"} else OnnxFormula(self.add, self.constant).write(name, "x", "y")

    def joined(self, sources: list[str]) -> str:
        return self.add("Concat", sources, axis=1)

    def dense(self, number: int, source: str) -> str:
        layer, name = self._description.layers[number - 1], wording.module_of(self._description, number)
        parameters = [self.constant(f"{name}.weight", layer.weights), self.constant(f"{name}.bias", layer.biases)]
        return self.add("Gemm", [source, *parameters], f"{name}_sums", transB=1)

    def normalized(self, number: int, sums: str) -> str:
        norm = self._description.layers[number - 1].norm
        parts = {"weight": "scales", "bias": "shifts", "running_mean": "means", "running_var": "variances"}
        own = [self.constant(f"norm_{number}.{name}", getattr(norm, part)) for name, part in parts.items()]
        return self.add("BatchNormalization", [sums, *own], epsilon=EPSILON)

    def activated(self, activation: str, sums: str) -> str:
        if activation in _OPERATORS:
            operator, attributes = _OPERATORS[activation]
            return self.add(operator, [sums], **attributes)
        return self.add("Mul", [sums, self._factor(activation, sums)])

    def _factor(self, activation: str, sums: str) -> str:
        """Of the activations that are a product with it."""
        if activation == "swish":
            return self.add("Sigmoid", [sums])
        if activation == "mish":
            return self.add("Tanh", [self.add("Softplus", [sums])])
        assert activation == "gelu"
        square = self.add("Mul", [sums, sums])
        cubic = self.add("Mul", [square, self.constant("cubic", 0.044715)])
        inner = self.add("Mul", [sums, self.add("Add", [cubic, self.constant("one", 1.0)])])
        tanh = self.add("Tanh", [self.add("Mul", [inner, self.constant("root", float(np.sqrt(2 / np.pi)))])])
        half = self.constant("half", 0.5)
        return self.add("Add", [self.add("Mul", [tanh, half]), half])

    def dropped(self, number: int, values: str) -> str:  # noqa: ARG002
        return values  # dropout is for training

    def switched_off(self, number: int, values: str) -> str:
        layer = self._description.layers[number - 1]
        mask = np.array([unit not in layer.off for unit in range(len(layer.biases))], np.float64)
        return self.add("Mul", [values, self.constant(f"layer_{number}.on", mask)])

    def added(self, values: str, source: str) -> str:
        return self.add("Add", [source, values])

    def named(self, number: int, values: str) -> str:  # noqa: ARG002
        return values  # a node has a name
