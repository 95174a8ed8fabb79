"""A run as a file that needs Keras 3 and NumPy: `model()` builds the trained network."""

from app.exports.literals import matrix, vector
from app.labs.plane.exports import wording
from app.labs.plane.exports.description import Array, Description, describe, say, with_an_input
from engine.labs.plane.trainer import Trainer
from engine.machine.operations.batch_norm import EPSILON

_KERAS = {
    "tanh": "ops.tanh({})",
    "sigmoid": "ops.sigmoid({})",
    "relu": "ops.relu({})",
    "leaky-relu": "ops.leaky_relu({}, negative_slope=0.01)",
    "elu": "ops.elu({})",
    "gelu": "ops.gelu({}, approximate=True)",
    "swish": "ops.silu({})",
    "mish": 'keras.layers.Activation("mish")({})',
    "sine": "ops.sin({})",
    "softmax": "ops.softmax({}, axis=1)",
}


def write(run: Trainer) -> bytes:
    """The file, in UTF-8."""
    return source(with_an_input(describe(run))).encode()


def source(description: Description) -> str:
    """The file's text."""
    origin, *rest = wording.origin(description)
    parts = [
        "\n".join([f'"""{origin}', *rest, "", "It computes in float32, as Keras does unless told.", '"""']),
        "import keras\nimport numpy as np\nfrom keras import ops",
        *wording.classes(description),
        _model(description),
        _trained(description),
        '\nif __name__ == "__main__":\n'
        "    network = model()\n"
        "    network.summary()\n"
        '    print(network.predict(np.array([[0, 0], [1, 2], [-3, 4]], "float32")))\n',
    ]
    return "\n\n".join(parts)


class _Keras:
    """A `Language`: an expression for each step, a line of `model` for each layer or part of one."""

    def __init__(self, description: Description) -> None:
        self._description = description
        self.lines: list[str] = []

    def inputs(self) -> str:
        lines, columns = wording.features(self._description, "ops", (":, 0:1", ":, 1:2"))
        self.lines += lines
        several = f"ops.concatenate([{', '.join(columns)}], axis=1)"
        self.lines.append(f"inputs = {columns[0] if len(columns) == 1 else several}")
        return "inputs"

    def joined(self, sources: list[str]) -> str:
        self.lines.append(f"before = ops.concatenate([{', '.join(sources)}], axis=1)")
        return "before"

    def dense(self, number: int, source: str) -> str:
        units = len(self._description.layers[number - 1].biases)
        name = wording.module_of(self._description, number)
        return f'keras.layers.Dense({units}, name="{name}")({source})'

    def normalized(self, number: int, sums: str) -> str:
        norm = f'keras.layers.BatchNormalization(momentum=0.9, epsilon={EPSILON}, name="norm_{number}")'
        return self.named(number, f"{norm}({self.named(number, sums)})")

    def activated(self, activation: str, sums: str) -> str:
        return _KERAS[activation].format(sums)

    def dropped(self, number: int, values: str) -> str:
        rate = self._description.layers[number - 1].dropout
        return f"keras.layers.Dropout({rate})({self.named(number, values)})"

    def switched_off(self, number: int, values: str) -> str:
        layer = self._description.layers[number - 1]
        name = self.named(number, values)
        mask = [int(unit not in layer.off) for unit in range(len(layer.biases))]
        return f'{name} * np.array({mask}, "float32")'

    def added(self, values: str, source: str) -> str:
        return f"{source} + {values}"

    def named(self, number: int, values: str) -> str:
        name = wording.name_of(self._description, number)
        if values != name:
            self.lines.append(f"{name} = {values}")
        return name


def _model(description: Description) -> str:
    language = _Keras(description)
    said = say(description, language)
    if description.is_single:
        language.lines.append(f"{said} = ops.squeeze({said}, axis=1)")
    body = "\n".join(f"    {line}" for line in language.lines)
    return f'''
def model():
    """The trained network. For points (n, 2), each x and y, it says
    {wording.answer(description)}.
    """
    points = keras.Input((2,), name="points")
{body}
    network = keras.Model(points, {said}, name="hyperplane")
    for name, numbers in TRAINED.items():
        network.get_layer(name).set_weights(numbers)
    return network
'''


def _trained(description: Description) -> str:
    lines = [
        "# The trained numbers, by the names of the layers: weights, a row for each unit (Keras has a column), biases.",
    ]
    if any(layer.norm for layer in description.layers):
        lines.append("# Of a batch norm: scales, shifts, running means and variances.")
    lines.append("TRAINED = {")
    for number, layer in enumerate(description.layers, start=1):
        name = wording.module_of(description, number)
        lines += [
            f'    "{name}": [',
            f"        {_array(layer.weights)}.T,",
            f"        {_array(layer.biases)},",
            "    ],",
        ]
        if norm := layer.norm:
            arrays = (norm.scales, norm.shifts, norm.means, norm.variances)
            lines += [f'    "norm_{number}": [', *(f"        {_array(each)}," for each in arrays), "    ],"]
    return "\n".join([*lines, "}"])


def _array(numbers: Array) -> str:
    exact = numbers.astype("float32")
    return f"np.array({vector(exact, 8, 17) if exact.ndim == 1 else matrix(exact, 8)})"
