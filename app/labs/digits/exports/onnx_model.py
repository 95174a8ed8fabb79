"""Both networks as one ONNX model, from images to two outputs."""

import numpy as np

from app.exports.onnx_graph import Graph, Shape
from app.labs.digits.exports.description import ANSWER, IMAGES, Connected, Convolved, Description, Layer, describe, say
from engine.labs.digits.mnist import CLASSES, SIDE
from engine.labs.digits.settings import Twin
from engine.labs.digits.trainer import DigitsTrainer

_INPUT = "images"  # [N, 28, 28]
_OPERATORS = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid"}


def write(run: DigitsTrainer) -> bytes:
    """The file. Raises Refused where the package onnx is missing."""
    description, graph = describe(run), Graph()
    for twin, layers in description.networks.items():
        graph.add("Softmax", [say(layers, _Onnx(graph, twin, description))], twin, axis=1)
    about = f"Two networks of Hyperplane that read digits. For {IMAGES}, each says {ANSWER}."
    properties = {"link": description.link, "epoch": str(description.epoch)}
    outputs: dict[str, Shape] = {twin: ["N", CLASSES] for twin in description.networks}
    return graph.model((_INPUT, ["N", SIDE, SIDE]), outputs, about, properties)


class _Onnx:
    """A `Language`: each step is a node and its name."""

    def __init__(self, graph: Graph, twin: Twin, description: Description) -> None:
        self._twin, self._order = twin, description.order
        self.add, self.constant = graph.add, graph.constant

    def images(self) -> str:
        source = _INPUT
        if self._order:
            flat = self.add("Flatten", [source])
            source = self.add("Gather", [flat, self.constant("order", np.array(self._order, np.int64))], axis=1)
        return self.add("Reshape", [source, self.constant("maps", np.array([-1, 1, SIDE, SIDE], np.int64))])

    def _parameters(self, number: int, layer: Layer) -> list[str]:
        name = f"{self._twin}.layer_{number}"
        return [self.constant(f"{name}.weight", layer.weights), self.constant(f"{name}.bias", layer.biases)]

    def convolved(self, number: int, layer: Convolved, source: str) -> str:
        return self.add("Conv", [source, *self._parameters(number, layer)], pads=[layer.border] * 4)

    def pooled(self, pool: str, sums: str) -> str:
        if pool == "global":
            return self.add("GlobalMaxPool", [sums])
        return self.add("MaxPool", [sums], kernel_shape=[2, 2], strides=[2, 2])

    def flat(self, source: str) -> str:
        return self.add("Flatten", [source])

    def dropped(self, share: float, values: str) -> str:  # noqa: ARG002
        return values  # dropout is for training

    def connected(self, number: int, layer: Connected, source: str) -> str:
        return self.add("Gemm", [source, *self._parameters(number, layer)], transB=1)

    def activated(self, activation: str, sums: str) -> str:
        return self.add(_OPERATORS[activation], [sums])

    def switched_off(self, layer: Layer, values: str) -> str:
        mask = np.array([unit not in layer.off for unit in range(len(layer.biases))], np.float32)
        shape = (-1, 1, 1) if isinstance(layer, Convolved) else (-1,)
        return self.add("Mul", [values, self.constant(f"on of {values}", mask.reshape(shape))])

    def named(self, values: str) -> str:
        return values  # a node has a name
