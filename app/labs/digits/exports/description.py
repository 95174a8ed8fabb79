"""What both trained networks compute, once for all forms, with images and weights as other programs have them."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.experiment import Experiment
from app.labs.digits.view import DigitsView
from app.links.writing import link_of
from engine.labs.digits.mnist import CLASSES, SIDE
from engine.labs.digits.settings import Twin
from engine.labs.digits.trainer import DigitsTrainer
from engine.matrices.layers import Activation, Convolution, Dropout, Pool
from engine.matrices.network import Network

Array = NDArray[Any]

ANSWER = f"the probability of each digit, (n, {CLASSES})"
SHUFFLED = "# Where in an image each pixel is that the networks see: they were shuffled."
IMAGES = f"images (n, {SIDE}, {SIDE}), from 0 for paper to 1 for ink"


@dataclass(frozen=True, eq=False)
class Convolved:
    """Filters, then the largest of each window, then the activation."""

    weights: Array  # (filters, channels, size, size)
    biases: Array  # (filters,)
    border: int  # of zeros around the image
    pool: Pool
    activation: Activation
    off: tuple[int, ...]  # filters that say 0, from 0


@dataclass(frozen=True, eq=False)
class Connected:
    """A dense layer; behind maps it sees channel by channel, each row by row."""

    weights: Array  # (units, inputs)
    biases: Array  # (units,)
    activation: Activation
    off: tuple[int, ...]
    dropout: float  # share of its inputs that training leaves out


Layer = Convolved | Connected


@dataclass(frozen=True, eq=False)
class Description:
    """Both networks, and where they come from."""

    link: str
    epoch: int
    order: tuple[int, ...]  # which pixel comes where, if they are shuffled; () if not
    networks: dict[Twin, tuple[Layer, ...]]  # the last one says logits


class Language(Protocol):
    """Says the steps of a network. What a method returns, others get: a name or an expression."""

    def images(self) -> str:
        """The images as maps of one channel (n, 1, rows, columns)."""

    def convolved(self, number: int, layer: Convolved, source: str) -> str:
        """The sums of layer `number`, from 1."""

    def pooled(self, pool: str, sums: str) -> str:
        """The largest of each window."""

    def flat(self, source: str) -> str:
        """(n, values)."""

    def dropped(self, share: float, values: str) -> str:
        """After dropout, in a language that trains."""

    def connected(self, number: int, layer: Connected, source: str) -> str:
        """The sums of layer `number`."""

    def activated(self, activation: str, sums: str) -> str:
        """After an activation other than the linear one."""

    def switched_off(self, layer: Layer, values: str) -> str:
        """With the layer's units that are off."""

    def named(self, values: str) -> str:
        """The same under a name."""


def say(layers: tuple[Layer, ...], language: Language) -> str:
    """Go from the images to the logits; returns their name."""
    source, is_flat = language.images(), False
    for number, layer in enumerate(layers, start=1):
        if isinstance(layer, Convolved):
            values = language.convolved(number, layer, source)
            if layer.pool != "none":
                values = language.pooled(layer.pool, values)
        else:
            if not is_flat:
                source, is_flat = language.named(language.flat(source)), True
            before = language.dropped(layer.dropout, source) if layer.dropout else source
            values = language.connected(number, layer, before)
        if layer.activation != "linear":
            values = language.activated(layer.activation, values)
        source = language.named(language.switched_off(layer, values) if layer.off else values)
    return source


def origin(description: Description) -> list[str]:
    """The lines that say where a file comes from."""
    return [
        f"Two networks of Hyperplane that read digits, as they were at epoch {description.epoch:,}.",
        "",
        "Their experiment opens with this link, in Hyperplane's address bar or with “Open a link”:",
        description.link,
        "",
        f"They take {IMAGES},",
        f"as MNIST has them, and say {ANSWER}.",
    ]


def name_of(number: int, layers: tuple[Layer, ...]) -> str:
    """The name of a layer's weights."""
    return "output" if number == len(layers) else f"layer_{number}"


def describe(run: DigitsTrainer) -> Description:
    """The run's networks as they are."""
    model, settings = run.model, run.settings
    places = model.train_examples.pixels
    is_shuffled = not np.array_equal(places, np.arange(len(places)))
    return Description(
        link_of(Experiment(settings, DigitsView()), {}, names_lab=True),
        run.epoch,
        tuple(np.argsort(places).tolist()) if is_shuffled else (),
        {
            "convolutional": _layers(model.networks["convolutional"], settings.convolutional_off, settings.dropout),
            "plain": _layers(model.networks["plain"], settings.plain_off, settings.dropout),
        },
    )


def _layers(network: Network, off: tuple[tuple[int, int], ...], dropout: float) -> tuple[Layer, ...]:
    found: list[Layer] = []
    share = 0.0
    for kind in network.layers:
        if isinstance(kind, Dropout):
            share = dropout  # of what the next layer sees
            continue
        number = len(found) + 1
        own_off = tuple(unit - 1 for layer, unit in off if layer == number)
        weights, biases = network.tensor(number, "weights"), network.tensor(number, "biases").copy()
        by_unit = np.moveaxis(weights, (-1, -2), (0, 1)).copy()  # channels in front of rows and columns
        if isinstance(kind, Convolution):
            border = kind.size // 2 if kind.same else 0
            found.append(Convolved(by_unit, biases, border, kind.pool, kind.activation, own_off))
        else:
            found.append(Connected(by_unit.reshape(len(biases), -1), biases, kind.activation, own_off, share))
    return tuple(found)
