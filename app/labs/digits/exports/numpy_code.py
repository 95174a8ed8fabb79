"""Both networks as a file that needs NumPy alone: `convolutional(images)` and `plain(images)`."""

from collections.abc import Iterator

import numpy as np

from app.exports import numpy_source
from app.exports.numpy_source import array
from app.labs.digits.exports.description import (
    ANSWER,
    IMAGES,
    SHUFFLED,
    Connected,
    Convolved,
    Description,
    Layer,
    describe,
    origin,
    say,
)
from engine.labs.digits.settings import Twin
from engine.labs.digits.trainer import DigitsTrainer

_FUNCTIONS = {  # by what calls them
    "convolved(": '''def convolved(images, weights, biases, border=0):
    """Move filters (filters, channels, size, size) over all pixels of images (n, channels, rows, columns)."""
    size, edge = weights.shape[-1], (border, border)
    padded = np.pad(images, ((0, 0), (0, 0), edge, edge))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(2, 3))
    sums = np.tensordot(windows, weights, axes=((1, 4, 5), (1, 2, 3)))  # (n, rows, columns, filters)
    return np.moveaxis(sums, 3, 1) + biases[:, None, None]
''',
    "largest_of_four(": '''def largest_of_four(maps):
    """The largest of each two times two pixels; a last row or column without a neighbour is left out."""
    n, channels, rows, columns = maps.shape
    whole = maps[:, :, : rows // 2 * 2, : columns // 2 * 2]
    return whole.reshape(n, channels, rows // 2, 2, columns // 2, 2).max(axis=(3, 5))
''',
    "relu(": numpy_source.RELU,
    "sigmoid(": numpy_source.SIGMOID,
    "switched_off(": numpy_source.SWITCHED_OFF,
}


def write(run: DigitsTrainer) -> bytes:
    """The file, in UTF-8."""
    return source(describe(run)).encode()


def source(description: Description) -> str:
    """The file's text."""
    first, *rest = origin(description)
    answers = [_answer(twin, layers, description) for twin, layers in description.networks.items()]
    used = [text for call, text in _FUNCTIONS.items() if any(call in answer for answer in answers)]
    numbers = [text for twin, layers in description.networks.items() for text in _parameters(twin, layers)]
    if description.order:
        numbers.insert(0, f"{SHUFFLED}\n{array('ORDER', np.array(description.order))}")
    parts = [
        "\n".join([f'"""{first}', *rest, '"""']),
        "import numpy as np",
        *(f"\n{text}".rstrip() for text in [*used, numpy_source.SOFTMAX, *answers]),
        "\n" + "\n\n".join(numbers),
        '\nif __name__ == "__main__":\n    print(convolutional(np.zeros((1, 28, 28))), plain(np.zeros((1, 28, 28))))\n',
    ]
    return "\n\n".join(parts)


class _Numpy:
    """A `Language`: an expression for each step, a line for each layer."""

    def __init__(self, twin: Twin, layers: tuple[Layer, ...], description: Description) -> None:
        self._twin, self._layers, self._description = twin, layers, description
        self.lines: list[str] = []

    def images(self) -> str:
        shuffled = ".reshape(len(images), -1)[:, ORDER].reshape(images.shape)" if self._description.order else ""
        self.lines.append("images = np.asarray(images, float)")
        if shuffled:
            self.lines.append(f"images = images{shuffled}")
        return self.named("images[:, None]")

    def convolved(self, number: int, layer: Convolved, source: str) -> str:
        border = f", border={layer.border}" if layer.border else ""
        return f"convolved({source}, {self._twin}_weights_{number}, {self._twin}_biases_{number}{border})"

    def pooled(self, pool: str, sums: str) -> str:
        return f"{sums}.max(axis=(2, 3), keepdims=True)" if pool == "global" else f"largest_of_four({sums})"

    def flat(self, source: str) -> str:
        return f"{source}.reshape(len({source}), -1)"

    def dropped(self, share: float, values: str) -> str:  # noqa: ARG002
        return values  # dropout is for training

    def connected(self, number: int, layer: Connected, source: str) -> str:  # noqa: ARG002
        return f"{source} @ {self._twin}_weights_{number}.T + {self._twin}_biases_{number}"

    def activated(self, activation: str, sums: str) -> str:
        return f"{'np.tanh' if activation == 'tanh' else activation}({sums})"

    def switched_off(self, layer: Layer, values: str) -> str:
        return f"switched_off({self.named(values)}, {list(layer.off)})"

    def named(self, values: str) -> str:
        if values != "values":
            self.lines.append(f"values = {values}")
        return "values"


def _answer(twin: Twin, layers: tuple[Layer, ...], description: Description) -> str:
    language = _Numpy(twin, layers, description)
    said = say(layers, language)
    doc = f'"""For {IMAGES}: {ANSWER}."""'
    body = "".join(f"    {line}\n" for line in [doc, *language.lines, f"return softmax({said})"])
    return f"def {twin}(images):\n{body}"


def _parameters(twin: Twin, layers: tuple[Layer, ...]) -> Iterator[str]:
    for number, layer in enumerate(layers, start=1):
        what = "A row has the weights of one filter" if isinstance(layer, Convolved) else "A row has those of one unit"
        yield "\n".join(
            [
                f"# The {twin} network, layer {number}. {what}.",
                array(f"{twin}_weights_{number}", layer.weights),
                array(f"{twin}_biases_{number}", layer.biases),
            ]
        )
