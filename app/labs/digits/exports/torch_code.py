"""Both networks as a file that needs PyTorch alone: their classes, and functions that return them trained."""

import numpy as np

from app.exports.literals import vector
from app.exports.torch_source import SWITCHED_OFF, entry, table
from app.labs.digits.exports.description import (
    ANSWER,
    IMAGES,
    SHUFFLED,
    Connected,
    Convolved,
    Description,
    Layer,
    describe,
    name_of,
    origin,
    say,
)
from engine.labs.digits.settings import Twin
from engine.labs.digits.trainer import DigitsTrainer


def write(run: DigitsTrainer) -> bytes:
    """The file, in UTF-8."""
    return source(describe(run)).encode()


def source(description: Description) -> str:
    """The file's text."""
    first, *rest = origin(description)
    networks = description.networks.items()
    dtype = next(iter(description.networks.values()))[0].weights.dtype
    parts = [
        "\n".join([f'"""{first}', *rest, '"""']),
        "import torch\nfrom torch import nn",
        f"DTYPE = torch.{dtype}",
        *([f"\n{SWITCHED_OFF}".rstrip()] if any(layer.off for _, layers in networks for layer in layers) else []),
        *(_class(twin, layers, description) for twin, layers in networks),
        *(_function(twin) for twin, _ in networks),
        "\n" + "\n\n".join([*_order(description), *(_trained(twin, layers) for twin, layers in networks)]),
        '\nif __name__ == "__main__":\n'
        "    with torch.no_grad():\n"
        "        print(convolutional()(torch.zeros(1, 28, 28)), plain()(torch.zeros(1, 28, 28)))\n",
    ]
    return "\n\n".join(parts)


class _Torch:
    """A `Language`: an expression for each step, a line for each layer."""

    def __init__(self, layers: tuple[Layer, ...], description: Description) -> None:
        self._layers, self._description = layers, description
        self.lines: list[str] = []

    def images(self) -> str:
        if self._description.order:
            self.lines.append("images = images.flatten(1)[:, ORDER].reshape(images.shape)")
        return self.named("images[:, None].to(self.output.weight.dtype)")

    def convolved(self, number: int, layer: Convolved, source: str) -> str:  # noqa: ARG002
        return f"self.{name_of(number, self._layers)}({source})"

    def pooled(self, pool: str, sums: str) -> str:
        is_global = pool == "global"
        return f"{sums}.amax(dim=(2, 3), keepdim=True)" if is_global else f"nn.functional.max_pool2d({sums}, 2)"

    def flat(self, source: str) -> str:
        return f"{source}.flatten(1)"

    def dropped(self, share: float, values: str) -> str:
        return self.named(f"nn.functional.dropout({values}, {share}, self.training)")

    def connected(self, number: int, layer: Connected, source: str) -> str:  # noqa: ARG002
        return f"self.{name_of(number, self._layers)}({source})"

    def activated(self, activation: str, sums: str) -> str:
        return f"torch.{activation}({sums})"

    def switched_off(self, layer: Layer, values: str) -> str:
        return f"switched_off({self.named(values)}, {list(layer.off)})"

    def named(self, values: str) -> str:
        if values != "values":
            self.lines.append(f"values = {values}")
        return "values"


def _class(twin: Twin, layers: tuple[Layer, ...], description: Description) -> str:
    language = _Torch(layers, description)
    said = say(layers, language)
    modules = "\n".join(
        f"        self.{name_of(number, layers)} = {_module(layer)}" for number, layer in enumerate(layers, start=1)
    )
    lines = "\n".join(f"        {line}" for line in language.lines)
    return f'''
class {twin.capitalize()}(nn.Module):
    """The {twin} network."""

    def __init__(self):
        super().__init__()
{modules}

    def logits(self, images):
        """What the probabilities are made of; a loss is best computed from these."""
{lines}
        return {said}

    def forward(self, images):
        """For {IMAGES}: {ANSWER}."""
        return torch.softmax(self.logits(images), dim=1)'''


def _module(layer: Layer) -> str:
    if isinstance(layer, Connected):
        units, inputs = layer.weights.shape
        return f"nn.Linear({inputs}, {units})"
    filters, channels, size, _ = layer.weights.shape
    return f"nn.Conv2d({channels}, {filters}, {size}{f', padding={layer.border}' if layer.border else ''})"


def _function(twin: Twin) -> str:
    return f'''
def {twin}():
    """The {twin} network as trained, ready to read."""
    network = {twin.capitalize()}().to(DTYPE)
    state = network.state_dict()
    for name, numbers in {twin.upper()}.items():
        state[name].copy_(torch.tensor(numbers, dtype=DTYPE).reshape(state[name].shape))
    return network.eval()'''


def _order(description: Description) -> list[str]:
    if not description.order:
        return []
    numbers = vector(np.array(description.order), taken=8)
    return [f"{SHUFFLED}\nORDER = {numbers}"]


def _trained(twin: Twin, layers: tuple[Layer, ...]) -> str:
    entries = {}
    for number, layer in enumerate(layers, start=1):
        for name, numbers in (("weight", layer.weights), ("bias", layer.biases)):
            key = f"{name_of(number, layers)}.{name}"
            entries[key] = entry(key, numbers)
    what = f"The {twin} network's trained numbers: a row of weights for each filter or unit."
    return table(twin.upper(), what, entries)
