"""A trained stack as an ONNX model, from examples to two outputs: codes and reconstructions."""

from app.exports.onnx_graph import Graph
from app.labs.autoencoder.exports.description import Layer, describe
from engine.labs.autoencoder.trainer import AutoencoderRun

_OPERATORS = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid"}


def write(run: AutoencoderRun) -> bytes:
    """The file. Raises Refused where the package onnx is missing."""
    description, graph = describe(run), Graph()
    codes = _said(graph, description.encoder, "examples", "codes")
    _said(graph, description.decoder, codes, "reconstructions")
    return graph.model(
        ("examples", ["N", description.inputs]),
        {"codes": ["N", description.numbers], "reconstructions": ["N", description.inputs]},
        " ".join(description.origin[:1] + description.origin[-1:]),
        {"link": description.link, "epoch": str(description.epoch)},
    )


def _said(graph: Graph, layers: tuple[Layer, ...], source: str, name: str) -> str:
    """The nodes of the layers; the last one has the name."""
    values = source
    for layer in layers:
        is_last, operator = layer is layers[-1], _OPERATORS.get(layer.activation)
        parameters = [
            graph.constant(f"{layer.name}.weight", layer.weights),
            graph.constant(f"{layer.name}.bias", layer.biases),
        ]
        values = graph.add("Gemm", [values, *parameters], name if is_last and not operator else "", transB=1)
        if operator:
            values = graph.add(operator, [values], name if is_last else "")
    return values
