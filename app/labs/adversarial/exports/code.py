"""Both networks as a Python file: `generator(noise)` and `discriminator(points)`, with NumPy or with PyTorch alone."""

from itertools import pairwise

from app.experiment import Experiment
from app.exports.numpy_source import SIGMOID, array
from app.exports.torch_source import entry, table
from app.labs.adversarial.view import AdversarialView
from app.links.writing import link_of
from engine.labs.adversarial.model import Side
from engine.labs.adversarial.settings import Activation, AdversarialSettings
from engine.labs.adversarial.trainer import AdversarialRun

__all__ = ["write_numpy", "write_torch"]

_NUMPY: dict[Activation, str] = {
    "tanh": "np.tanh({})", "relu": "np.maximum({}, 0)", "leaky-relu": "leaky({})", "elu": "elu({})",
    "sigmoid": "sigmoid({})",
}  # fmt: skip
_FUNCTIONS = {
    "leaky(": "def leaky(z):\n    return np.where(z > 0, z, 0.01 * z)\n",
    "elu(": "def elu(z):\n    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))\n",
    "sigmoid(": SIGMOID,
}
_TORCH: dict[Activation, str] = {
    "tanh": "Tanh", "relu": "ReLU", "leaky-relu": "LeakyReLU", "elu": "ELU", "sigmoid": "Sigmoid",
}  # fmt: skip
_TAKES: dict[Side, tuple[str, str]] = {
    "generator": ("noise", "fakes (n, 2) for noise (n, {})"),
    "discriminator": ("points", "{} of points (n, 2), (n,)"),
}


def write_numpy(run: AdversarialRun) -> bytes:
    """The file, in UTF-8."""
    networks = run.model.networks
    functions = [_function(run.settings, side, len(networks[side].matrices)) for side in networks]
    used = [text for call, text in _FUNCTIONS.items() if any(call in function for function in functions)]
    numbers = [
        f"# The {side}, layer {number}. A row has the weights of one unit.\n"
        + "\n".join(
            [
                array(f"{side}_weights_{number}", matrix[:, :-1]),
                array(f"{side}_biases_{number}", matrix[:, -1].copy()),
            ]
        )
        for side, network in networks.items()
        for number, matrix in enumerate(network.matrices, start=1)
    ]
    try_it = f"print(discriminator(generator(np.zeros((1, {run.settings.dimensions})))))"
    parts = [
        _doc(run),
        "import numpy as np",
        *(f"\n{text}".rstrip() for text in [*used, *functions]),
        "\n" + "\n\n".join(numbers),
        f'\nif __name__ == "__main__":\n    {try_it}\n',
    ]
    return "\n\n".join(parts).encode()


def write_torch(run: AdversarialRun) -> bytes:
    """The same with PyTorch: modules that return sums, as losses want them."""
    settings, networks = run.settings, run.model.networks
    dtype = networks["generator"].dtype
    functions, tables = [], []
    for side, shape in zip(networks, settings.shapes, strict=True):
        layers = []
        for number, (before, after) in enumerate(pairwise(shape)):
            layers.append(f"nn.Linear({before}, {after})")
            if number < len(shape) - 2:
                layers.append(f"nn.{_TORCH[_activation(settings, side)]}()")
        lines = "".join(f"        {layer},\n" for layer in layers)
        functions.append(
            f'\ndef {side}():\n    """{_said(settings, side)}: as trained."""\n'
            f"    network = nn.Sequential(\n{lines}    ).to(DTYPE)\n"
            f"    state = {{name: torch.tensor(numbers, dtype=DTYPE) for name, numbers in {side.upper()}.items()}}\n"
            "    network.load_state_dict(state)\n    return network"
        )
        entries = {}
        for number, matrix in enumerate(networks[side].matrices):
            for name, part in (("weight", matrix[:, :-1]), ("bias", matrix[:, -1].copy())):
                key = f"{2 * number}.{name}"
                entries[key] = entry(key, part)
        tables.append(table(side.upper(), f"The {side}'s trained numbers: a row of weights for each unit.", entries))
    try_it = f"print(discriminator()(generator()(torch.zeros(1, {settings.dimensions}, dtype=DTYPE))))"
    parts = [
        _doc(run),
        "import torch\nfrom torch import nn",
        f"DTYPE = torch.{dtype}",
        *functions,
        "\n" + "\n\n".join(tables),
        f'\nif __name__ == "__main__":\n    with torch.no_grad():\n        {try_it}\n',
    ]
    return "\n\n".join(parts).encode()


def _doc(run: AdversarialRun) -> str:
    link = link_of(Experiment(run.settings, AdversarialView()), {}, names_lab=True)
    noise = "uniform from -1 to 1" if run.settings.noise == "uniform" else "standard normal"
    return "\n".join(
        [
            f'"""A generator and a discriminator of Hyperplane, as they were after {run.epoch:,} rounds.',
            "",
            "Their experiment opens with this link, in Hyperplane's address bar or with “Open a link”:",
            link,
            "",
            f"The noise is {noise}.",
            '"""',
        ]
    )


def _activation(settings: AdversarialSettings, side: Side) -> Activation:
    return settings.generator_activation if side == "generator" else settings.discriminator_activation


def _said(settings: AdversarialSettings, side: Side) -> str:
    """What the function returns."""
    if side == "generator":
        return _TAKES[side][1].format(settings.dimensions)
    if settings.is_wasserstein:
        return _TAKES[side][1].format("the critic's scores")
    sums = "least squares' estimates" if settings.objective == "least-squares" else "logits"
    return _TAKES[side][1].format(sums)


def _function(settings: AdversarialSettings, side: Side, layers: int) -> str:
    takes = _TAKES[side][0]
    lines = [f'"""{_said(settings, side)}."""', f"values = np.asarray({takes}, float)"]
    for number in range(1, layers + 1):
        sums = f"values @ {side}_weights_{number}.T + {side}_biases_{number}"
        is_last = number == layers
        lines.append(f"values = {sums if is_last else _NUMPY[_activation(settings, side)].format(sums)}")
    lines.append("return values" if side == "generator" else "return values[:, 0]")
    return f"def {side}({takes}):\n" + "".join(f"    {line}\n" for line in lines)
