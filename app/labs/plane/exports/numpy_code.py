"""A run as a file that needs NumPy alone: `predict(points)`."""

import numpy as np

from app.exports import numpy_source
from app.exports.numpy_source import array
from app.labs.plane.exports import wording
from app.labs.plane.exports.description import Description, describe, say
from engine.labs.plane.trainer import Trainer
from engine.machine.operations.batch_norm import EPSILON

_ACTIVATIONS = {  # what is said of each where it is used; tanh and sine are NumPy's own
    "sigmoid": numpy_source.SIGMOID,
    "relu": numpy_source.RELU,
    "leaky-relu": "def leaky_relu(z):\n    return np.where(z > 0, z, 0.01 * z)\n",
    "elu": "def elu(z):\n    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))\n",
    "gelu": 'def gelu(z):\n    """The usual approximation by tanh."""\n'
    "    return z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))) / 2\n",
    "swish": 'def swish(z):\n    """z times its sigmoid."""\n    return z * (1 + np.tanh(z / 2)) / 2\n',
    "mish": 'def mish(z):\n    """z tanh(log(1 + exp(z)))."""\n    return z * np.tanh(np.logaddexp(0, z))\n',
    "softmax": numpy_source.SOFTMAX,
}
_NUMPYS = {"tanh": "np.tanh", "sine": "np.sin"}
_NORM = f'''def batch_norm(sums, norm):
    """Bring each unit's sums to about mean 0 and variance 1, then scale and shift them."""
    means, variances, scales, shifts = norm
    return (sums - means) / np.sqrt(variances + {EPSILON}) * scales + shifts
'''


def write(run: Trainer) -> bytes:
    """The file, in UTF-8."""
    return source(describe(run)).encode()


def source(description: Description) -> str:
    """The file's text."""
    parts = [
        "\n".join(['"""' + wording.origin(description)[0], *wording.origin(description)[1:], '"""']),
        "import numpy as np",
        *wording.classes(description),
        *_functions(description),
        _predict(description),
        "\n" + "\n\n".join(_parameters(description)),
        _main(),
    ]
    return "\n\n".join(parts)


class _Numpy:
    """A `Language`: an expression for each step, a line for each layer."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self.lines: list[str] = []

    def inputs(self) -> str:
        lines, columns = wording.features(self._description, "np", (":, 0", ":, 1"))
        self.lines += lines
        stacked = f"np.column_stack([{', '.join(columns)}])" if columns else "points[:, :0]  # none are switched on"
        self.lines.append(f"inputs = {stacked}")
        return "inputs"

    def joined(self, sources: list[str]) -> str:
        self.lines.append(f"before = np.hstack([{', '.join(sources)}])")
        return "before"

    def dense(self, number: int, source: str) -> str:
        return f"{source} @ weights_{number}.T + biases_{number}"

    def normalized(self, number: int, sums: str) -> str:
        return f"batch_norm({self.named(number, sums)}, norm_{number})"

    def activated(self, activation: str, sums: str) -> str:
        return f"{_NUMPYS.get(activation, activation.replace('-', '_'))}({sums})"

    def dropped(self, number: int, values: str) -> str:  # noqa: ARG002
        return values  # dropout is for training

    def switched_off(self, number: int, values: str) -> str:
        return f"switched_off({self.named(number, values)}, {list(self._description.layers[number - 1].off)})"

    def added(self, values: str, source: str) -> str:
        return f"{source} + {values}"

    def named(self, number: int, values: str) -> str:
        name = wording.name_of(self._description, number)
        if values != name:
            self.lines.append(f"{name} = {values}")
        return name


def _parameters(description: Description) -> list[str]:
    """All numbers, layer by layer."""
    parts = []
    for number, layer in enumerate(description.layers, start=1):
        units, fan_in = layer.weights.shape
        what = "The output" if number == len(description.layers) else f"Layer {number}"
        lines = [
            f"# {what}: a row of weights and a bias for each unit ({units}), a column for each input ({fan_in}).",
            array(f"weights_{number}", layer.weights),
            array(f"biases_{number}", layer.biases),
        ]
        if norm := layer.norm:
            lines.append("# Rows: running means and variances of its sums, scales, shifts.")
            rows = np.array([norm.means, norm.variances, norm.scales, norm.shifts])
            lines.append(array(f"norm_{number}", rows))
        parts.append("\n".join(lines))
    return parts


def _functions(description: Description) -> list[str]:
    """Those that `predict` uses."""
    used = {layer.activation for layer in description.layers}
    found = [text for name, text in _ACTIVATIONS.items() if name in used]
    if any(layer.norm for layer in description.layers):
        found.append(_NORM)
    if any(layer.off for layer in description.layers):
        found.append(numpy_source.SWITCHED_OFF)
    return [f"\n{text}".rstrip() for text in found]


def _predict(description: Description) -> str:
    language = _Numpy(description)
    said = say(description, language)
    lines = [
        "",
        "def predict(points):",
        '    """For points (n, 2), each x and y:',
        f"    {wording.answer(description)}.",
        '    """',
        "    points = np.asarray(points, float)",
        *(f"    {line}" for line in language.lines),
        f"    return {said}[:, 0]" if description.is_single else f"    return {said}",
    ]
    return "\n".join(lines)


def _main() -> str:
    return '\nif __name__ == "__main__":\n    print(predict([[0, 0], [1, 2], [-3, 4]]))\n'
