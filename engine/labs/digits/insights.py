"""What goes on inside the networks: their answers, their maps, what excites a unit, what a layer knows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.labs.digits.images import Image
from engine.labs.digits.mnist import CLASSES, PIXELS, training_digits, unseen_digits
from engine.labs.digits.model import DigitsModel, Numbers
from engine.labs.digits.settings import Twin
from engine.matrices.kernels import Examples
from engine.matrices.network import Floats, Network
from engine.ridge import ridge

NINE = 9
_ONE = np.zeros(1, np.int64)


def answers(model: DigitsModel, image: Image) -> dict[Twin, Floats]:
    """The probability of each class, (10,), that both networks give an image."""
    return {twin: _look(model, network, image) for twin, network in model.networks.items()}


def _look(model: DigitsModel, network: Network, image: Image) -> Floats:
    ink = np.ascontiguousarray(image, np.uint8).ravel()
    probabilities: Floats = network.look(model.test_examples._replace(images=ink, labels=np.zeros(1, np.uint8)), _ONE)[
        2
    ][0]
    return probabilities


@dataclass(frozen=True)
class LayerMaps:
    """Of one layer, for one image."""

    source: Floats
    """What the layer sees: (height, width, channels), or (inputs,) of a dense layer behind another or the image."""
    sums: Floats
    """(height, width, filters): what the filters of a convolution make, before pooling and activation; (units,) of a
    dense layer, of units that are switched off too."""
    values: Floats
    """The same after them, which is what the next layer sees; logits of the last layer."""


def maps(model: DigitsModel, twin: Twin, image: Image) -> list[LayerMaps]:
    """Copies, layer by layer."""
    network = model.networks[twin]
    _look(model, network, image)
    convolutions = len(network.program.sums)
    source = seen(model, image).astype(network.dtype)
    source = source.reshape(*image.shape, 1) if convolutions else source
    layers = []
    for layer in range(1, network.layer_count + 1):
        sums = network.sums(layer).copy() if layer <= convolutions else _dense_sums(network, layer, source)
        values = network.values(layer).copy()
        layers.append(LayerMaps(source, sums, values))
        source = values
    return layers


def seen(model: DigitsModel, image: Image) -> Floats:
    """(784,): the ink of an image, 0 to 1, in the order in which networks have the pixels."""
    ink = np.empty(PIXELS)
    ink[model.test_examples.pixels] = image.ravel() / 255
    return ink


def _dense_sums(network: Network, layer: int, source: Floats) -> Floats:
    """(units,): the kernels keep a dense layer's values alone."""
    weights = network.tensor(layer, "weights")
    return np.asarray(source.ravel() @ weights.reshape(-1, weights.shape[-1]) + network.tensor(layer, "biases"))


class Excitements:
    """Which test digits excite each unit of a network most: by its value; a filter, by the largest pixel of its map; an
    output, by its logit.

    Some digits a call, as `engine.labs.digits.surveys` has it.
    """

    def __init__(self, network: Network) -> None:
        self._units = [shape.shape[-1] for shape in network.maps]
        self._most = np.full((len(unseen_digits().labels), sum(self._units)), -np.inf, network.dtype)
        self._next = 0

    def advance(self, network: Network, examples: Examples, count: int) -> bool:
        """Look at the next digits, at most as many as a batch has; returns whether all have been looked at just now."""
        last = min(self._next + min(count, network.batch), len(self._most))
        chosen = np.arange(self._next, last)
        network.look(examples, chosen)
        layers = [network.batch_values(layer, len(chosen)) for layer in range(1, network.layer_count + 1)]
        self._most[chosen] = np.concatenate(
            [values.reshape(len(chosen), -1, values.shape[-1]).max(1) for values in layers], axis=1
        )
        self._next = last % len(self._most)
        return self._next == 0

    def nine(self, layer: int, unit: int) -> tuple[Numbers, Floats]:
        """The nine digits that excite a unit most, strongest first, and how much; layers from 1, units from 0."""
        column = self._most[:, sum(self._units[: layer - 1]) + unit]
        strongest = np.argsort(-column, kind="stable")[:NINE]
        return strongest, column[strongest]


class ReadOut:
    """How well a linear read-out of a layer tells the digits: ridge regression on its values, in closed form.

    `advance` gathers the values, some digits a call; `score` then solves the equations at once (a tenth of a second,
    without Python's lock). Layer 0 is the image itself.
    """

    def __init__(self, network: Network, layer: int, train: int = 1_000, test: int = 1_000) -> None:
        self.layer = layer
        self._train = train
        features = int(np.prod(network.maps[layer - 1].shape)) if layer else PIXELS
        self._values = np.ones((train + test, features + 1), network.dtype)  # the last is a constant
        self._done = 0

    def advance(self, model: DigitsModel, network: Network, count: int) -> bool:
        """Gather the values of the next digits; returns whether those of all are there."""
        is_train = self._done < self._train
        start = self._done if is_train else self._done - self._train
        room = (self._train if is_train else len(self._values) - self._train) - start
        chosen = np.arange(start, start + min(count, network.batch, room))
        if len(chosen):
            examples = model.train_examples if is_train else model.test_examples
            self._values[self._done : self._done + len(chosen), :-1] = self._gather(network, examples, chosen)
            self._done += len(chosen)
        return self._done == len(self._values)

    def _gather(self, network: Network, examples: Examples, chosen: Numbers) -> Floats:
        if self.layer == 0:
            ink: Floats = examples.images.reshape(-1, PIXELS)[chosen] / 255
            return ink
        network.look(examples, chosen)
        return network.batch_values(self.layer, len(chosen)).reshape(len(chosen), -1)

    def score(self) -> float:
        """The share of test digits that the read-out tells, 0 to 1."""
        known, unknown = self._values[: self._train], self._values[self._train :]
        weights = ridge(known, _one_hot(training_digits().labels[: self._train]))
        said = (unknown @ weights).argmax(1)
        return float((said == unseen_digits().labels[: len(unknown)]).mean())


def _one_hot(labels: Sequence[int] | NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(np.eye(CLASSES)[labels])
