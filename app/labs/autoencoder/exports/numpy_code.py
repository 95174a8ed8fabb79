"""A trained stack as a file that needs NumPy alone: `encode`, `decode` and `reconstruct`."""

from app.exports import numpy_source
from app.exports.numpy_source import array
from app.labs.autoencoder.exports.description import Description, Layer, describe
from engine.labs.autoencoder.trainer import AutoencoderRun

_FUNCTIONS = {"relu": numpy_source.RELU, "sigmoid": numpy_source.SIGMOID}


def write(run: AutoencoderRun) -> bytes:
    """The file, in UTF-8."""
    return source(describe(run)).encode()


def source(description: Description) -> str:
    """The file's text."""
    first, *rest = description.origin
    used = {layer.activation for layer in description.layers}
    numbers = [
        "\n".join(
            [
                f"# {layer.name}: a row has the weights of one unit.",
                array(f"{layer.name}_weights", layer.weights),
                array(f"{layer.name}_biases", layer.biases),
            ]
        )
        for layer in description.layers
    ]
    parts = [
        "\n".join([f'"""{first}', *rest, '"""']),
        "import numpy as np",
        *(f"\n{text}".rstrip() for name, text in _FUNCTIONS.items() if name in used),
        _function("encode", "examples", f"(n, {description.inputs}) as codes (n, {description.numbers}).",
                  description.encoder),
        _function("decode", "codes", f"(n, {description.numbers}) as examples (n, {description.inputs}).",
                  description.decoder),
        '\ndef reconstruct(examples):\n    """What is left of them."""\n    return decode(encode(examples))',
        "\n" + "\n\n".join(numbers),
        f'\nif __name__ == "__main__":\n    print(reconstruct(np.zeros((1, {description.inputs}))))\n',
    ]  # fmt: skip
    return "\n\n".join(parts)


def _function(name: str, given: str, doc: str, layers: tuple[Layer, ...]) -> str:
    lines = [f"def {name}({given}):", f'    """{doc}"""', f"    values = np.asarray({given}, float)"]
    for layer in layers:
        sums = f"values @ {layer.name}_weights.T + {layer.name}_biases"
        call = {"linear": "", "tanh": "np.tanh"}.get(layer.activation, layer.activation)
        lines.append(f"    values = {f'{call}({sums})' if call else sums}")
    return "\n" + "\n".join([*lines, "    return values"])
