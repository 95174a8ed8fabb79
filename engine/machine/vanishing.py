"""Why gradients vanish: the factors between the slopes of neighbouring layers, from a real step.

|δ| of a layer is Euclid's norm over its units and all examples. |δ(l)| = weights(l) · slopes(l) · |δ(l+1)|: on the way
to a layer the weights of the next one make slopes smaller or larger, then its own activation does.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.machine.explanation import Explanation, LayerStep, Values

Cause = Literal["", "slopes", "weights", "dead"]

_SMALL = 0.5  # a factor below it makes gradients vanish in a deep network: ten layers leave a thousandth
_DEAD = 0.5  # share of units without slope from which on they are the cause


@dataclass(frozen=True)
class Link:
    """How slopes come from layer `layer` + 1 to `layer`."""

    layer: int
    weights: float  # |dE/do| over |δ| of the next layer
    slopes: float  # |δ| over |dE/do|: the activation, and batch norm, dropout and lesions
    dead: float  # share of units that pass nothing back for any example
    cause: Cause  # of a small factor

    @property
    def factor(self) -> float:
        """|δ| over that of the next layer."""
        return self.weights * self.slopes


@dataclass(frozen=True)
class Chain:
    """The way back through all layers."""

    sizes: NDArray[np.float64]  # |δ| of each layer, from the first on
    gradients: NDArray[np.float64]  # Euclid's norm of each layer's gradient of the weights
    links: tuple[Link, ...]  # to each hidden layer, from the first on
    cause: Cause  # what has made the slopes of the first layer small, compared with the last

    @property
    def ratio(self) -> float:
        """|δ| of the first layer over that of the last: the product of all factors."""
        return _quotient(self.sizes[0], self.sizes[-1])


def chain_of(explanation: Explanation) -> Chain:
    """Of an explanation with a target."""
    layers = explanation.layers
    sizes = np.array([_size(layer.d_sums) for layer in layers])
    links = tuple(_link(layer, later) for layer, later in zip(layers, sizes[1:], strict=False))
    gradients = np.array([_size(layer.d_matrix[:, :-1]) for layer in layers if layer.d_matrix is not None])
    return Chain(sizes, gradients, links, _whole_cause(links))


def _link(layer: LayerStep, later: float) -> Link:
    back, own = _size(layer.d_values), _size(layer.d_sums)
    weights, slopes, dead = _quotient(back, later), _quotient(own, back), _dead_share(layer)
    cause: Cause = ""
    if later and weights * slopes < _SMALL:
        cause = "dead" if dead >= _DEAD else "slopes" if slopes <= weights else "weights"
    return Link(layer.number, weights, slopes, dead, cause)


def _dead_share(layer: LayerStep) -> float:
    """The share of units to whose sums nothing comes back though something comes to their values."""
    if layer.d_sums is None or layer.d_values is None:
        return 0.0
    is_reached = (layer.d_values != 0).any(axis=1)
    is_dead = is_reached & (layer.d_sums == 0).all(axis=1)
    return float(is_dead.sum() / max(is_reached.sum(), 1))


def _whole_cause(links: tuple[Link, ...]) -> Cause:
    """The cause that takes most of the slopes' size on the whole way, if the factor of an average layer is small."""
    tiny = np.finfo(np.float64).tiny
    logs = {"slopes": 0.0, "weights": 0.0, "dead": 0.0}
    for link in reversed(links):
        logs["weights"] += float(np.log(max(link.weights, tiny)))
        logs["dead" if link.cause == "dead" else "slopes"] += float(np.log(max(link.slopes, tiny)))
        if not link.factor:
            break  # nothing comes further back, so nothing there is a cause
    if not links or sum(logs.values()) >= len(links) * np.log(_SMALL):
        return ""
    causes: list[Cause] = ["dead", "slopes", "weights"]
    return min(causes, key=lambda cause: logs[cause])


def _size(slopes: Values | None) -> float:
    return 0.0 if slopes is None else float(np.linalg.norm(slopes.astype(np.float64)))


def _quotient(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
