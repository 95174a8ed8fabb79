"""What a trained network computes, once for all forms: a description, and the way through it.

A form is a `Language`: it says each step its own way, as source or as a node of a graph.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from app.experiment import Experiment
from app.labs.plane import points_in_links
from app.labs.plane.view import PlaneView
from app.links.writing import link_of
from engine.labs.plane.architecture import architecture_of
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.architecture import Activation
from engine.machine.weights import LayerWeights

Output = Literal["tanh", "linear", "sigmoid", "softmax"]

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Norm:
    """Batch norm of a layer, each (units,)."""

    scales: Array
    shifts: Array
    means: Array  # running ones
    variances: Array


@dataclass(frozen=True, eq=False)
class Layer:
    """Weighted sums, then in this order what of the rest there is."""

    weights: Array  # (units, inputs)
    biases: Array  # (units,)
    norm: Norm | None
    activation: Activation | Output
    dropout: float  # share of values that a training step leaves out
    off: tuple[int, ...]  # units whose value is 0, from 0
    adds_input: bool  # a residual link


@dataclass(frozen=True, eq=False)
class Description:
    """All that the answer for a point depends on, and where it comes from."""

    settings: Settings
    link: str
    epoch: int
    features: tuple[str, ...]  # of a point (x, y): names, or the formula of the own input
    layers: tuple[Layer, ...]  # the last one is the output
    reads_all: bool  # each layer reads all before it
    classes: tuple[str, ...]  # their names, if somebody gave them

    @property
    def output(self) -> str:
        """The last activation: tanh, linear, sigmoid or softmax."""
        return self.layers[-1].activation

    @property
    def dtype(self) -> np.dtype[Any]:
        """That of the training."""
        return self.layers[0].weights.dtype

    @property
    def is_single(self) -> bool:
        """Whether a point has one number for an answer."""
        return self.output != "softmax"

    @property
    def tells_probability(self) -> bool:
        """Whether the answer is the probability of a class, or of each."""
        return self.output in {"sigmoid", "softmax"}


class Language(Protocol):
    """Says the steps of a network. What a method returns, others get: a name or an expression."""

    def inputs(self) -> str:
        """The features of the points."""

    def joined(self, sources: list[str]) -> str:
        """All of them side by side."""

    def dense(self, number: int, source: str) -> str:
        """The weighted sums of layer `number`, from 1."""

    def normalized(self, number: int, sums: str) -> str:
        """The same after batch norm."""

    def activated(self, activation: str, sums: str) -> str:
        """After an activation other than the linear one."""

    def dropped(self, number: int, values: str) -> str:
        """After dropout, in a language that trains."""

    def switched_off(self, number: int, values: str) -> str:
        """With the layer's units that are off."""

    def added(self, values: str, source: str) -> str:
        """Their sum."""

    def named(self, number: int, values: str) -> str:
        """What a layer says, under a name by which later ones can read it."""


def say(description: Description, language: Language) -> str:
    """Go from the points to the answer; returns its name."""
    seen = [language.inputs()]
    for number, layer in enumerate(description.layers, start=1):
        is_joined = description.reads_all and len(seen) > 1
        values = language.dense(number, language.joined(seen) if is_joined else seen[-1])
        if layer.norm:
            values = language.normalized(number, values)
        if layer.activation != "linear":
            values = language.activated(layer.activation, values)
        if layer.dropout:
            values = language.dropped(number, values)
        if layer.off:
            values = language.switched_off(number, values)
        if layer.adds_input:
            values = language.added(values, seen[-1])
        seen.append(language.named(number, values))
    return seen[-1]


def with_an_input(description: Description) -> Description:
    """The same for languages whose arrays cannot be empty: a network without inputs reads x, with weights of 0."""
    if description.features:
        return description
    layers = tuple(
        replace(layer, weights=np.insert(layer.weights, 0, 0, axis=1))
        if number == 0 or description.reads_all
        else layer
        for number, layer in enumerate(description.layers)
    )
    return replace(description, features=("x",), layers=layers)


def describe(run: Trainer) -> Description:
    """The run's network as it is."""
    settings = run.settings
    given = points_in_links.write(run.given) if run.given else {}
    link = link_of(Experiment(settings, PlaneView()), given, names_lab=False)
    return Description(
        settings,
        link,
        run.epoch,
        settings.features,
        tuple(_layer(run, number, each) for number, each in enumerate(run.network.layers, start=1)),
        settings.connections == "dense",
        run.given.classes if run.given else (),
    )


def _layer(run: Trainer, number: int, has: LayerWeights) -> Layer:
    settings, units = run.settings, len(has.matrix)
    weights, biases = has.matrix[:, :-1].copy(), has.matrix[:, -1].copy()
    if number > len(settings.hidden):
        return Layer(weights, biases, None, _output(settings), 0, (), adds_input=False)
    numbers = {neuron for layer, neuron in settings.lesions if layer == number}
    return Layer(
        weights,
        biases,
        Norm(*has.norm.astype(weights.dtype)) if settings.batch_norm else None,
        settings.layer_activations[number - 1],
        settings.dropout,
        tuple(unit for unit in range(units) if {0, unit + 1} & numbers),
        adds_input=settings.connections == "residual" and units == settings.shape[number - 1],
    )


def _output(settings: Settings) -> Output:
    if settings.objective == "squared-error":
        return "linear" if architecture_of(settings).output == "linear" else "tanh"
    return "sigmoid" if settings.objective == "cross-entropy" else "softmax"
