"""The same network twice: ours, and PyTorch's with the same weights."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.machine.network import Rule
from engine.matrices.kernels import Batches, Examples
from engine.matrices.layers import Convolution, Dense, Layer
from engine.matrices.network import Network

torch.set_num_threads(1)  # small products are slower on many

Array = NDArray[np.float64]

STANDARD: tuple[Layer, ...] = (
    Convolution(8, 5, True, "2x2", "relu"),
    Convolution(16, 5, True, "2x2", "relu"),
    Dense(10),
)
UNEVEN: tuple[Layer, ...] = (  # counts that fill no vector, every activation, both paddings, all poolings
    Convolution(3, 3, False, "none", "tanh"),
    Convolution(10, 3, True, "2x2", "sigmoid"),
    Convolution(24, 3, False, "global", "linear"),
    Dense(5, "relu"),
    Dense(4),
)
DEEP_VALID: tuple[Layer, ...] = (
    Convolution(5, 5, False, "2x2", "sigmoid"),
    Convolution(9, 5, False, "2x2", "relu"),
    Dense(7, "sigmoid"),
    Dense(3),
)
PLAIN: tuple[Layer, ...] = (Dense(37, "relu"), Dense(20, "tanh"), Dense(10))


def examples(count: int, side: int, classes: int, seed: int = 0) -> Examples:
    """Random images."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, count * side * side, dtype=np.uint8)
    return Examples(images, rng.integers(0, classes, count, dtype=np.uint8), np.arange(side * side), side)


def network(layers: Sequence[Layer], side: int = 28, batch: int = 8, seed: int = 0) -> Network:
    """With biases that are not zero."""
    made = Network(side, layers, batch, np.random.default_rng(seed), np.float64)
    rng = np.random.default_rng(seed + 1)
    for layer in range(1, made.layer_count + 1):
        made.tensor(layer, "biases")[:] = rng.normal(0, 0.3, made.tensor(layer, "biases").shape)
    return made


def train(
    net: Network, data: Examples, rule: Rule, steps: int = 1, step: int = 0, shift: int = 0
) -> tuple[bool, Array, NDArray[np.uint8]]:
    """Batches in the order of the examples; whether it stays finite, and the loss and class of each example."""
    count = len(data.labels)
    losses, said = np.zeros(count), np.zeros(count, np.uint8)
    batches = Batches(np.arange(count), rule.batch_size, shift)
    is_finite = net.train(data, batches, rule, step, step, step, losses, said, steps)
    return is_finite, losses, said


def in_torch(net: Network) -> Any:
    """PyTorch's network with the same weights."""
    activations = {
        "relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "linear": torch.nn.Identity,
    }  # fmt: skip
    made: list[Any] = []
    weights = for_torch(net, gradients=False)
    is_flat = False
    for number, layer in enumerate((each for each in net.layers if isinstance(each, Convolution | Dense)), start=1):
        w, b = weights[2 * number - 2 : 2 * number]
        if isinstance(layer, Convolution):
            padding = layer.size // 2 if layer.same else 0
            own: Any = torch.nn.Conv2d(w.shape[1], layer.filters, layer.size, padding=padding, dtype=torch.float64)
        else:
            made += [] if is_flat else [torch.nn.Flatten()]
            is_flat = True
            own = torch.nn.Linear(w.shape[1], layer.units, dtype=torch.float64)
        own.weight.data, own.bias.data = torch.from_numpy(w), torch.from_numpy(b)
        made += [own, activations[layer.activation]()]
        if isinstance(layer, Convolution) and layer.pool != "none":
            made.append(torch.nn.MaxPool2d(2) if layer.pool == "2x2" else torch.nn.AdaptiveMaxPool2d(1))
    return torch.nn.Sequential(*made)


def for_torch(net: Network, *, gradients: bool) -> list[Array]:
    """Weights and biases of each layer, or their gradients, in PyTorch's order."""
    result: list[Array] = []
    for layer in range(1, net.layer_count + 1):
        w, b = (net.gradient(layer, role) if gradients else net.tensor(layer, role) for role in ("weights", "biases"))
        if w.ndim == 4:
            w = w.transpose(3, 2, 0, 1)  # (filters, channels, rows, columns)
            is_dense = layer > len(net.program.sums)
            w = w.reshape(len(w), -1) if is_dense else w
        else:
            w = w.T
        result += [np.ascontiguousarray(w, np.float64), np.array(b, np.float64)]
    return result


def inputs_of(data: Examples) -> Any:
    """The images and classes as tensors."""
    images = data.images.reshape(-1, 1, data.side, data.side) / 255
    return torch.from_numpy(images), torch.from_numpy(data.labels.astype(np.int64))
