"""What a network is made of, without its parameters. It loads no Numba, so settings and protocol can name the parts."""

from dataclasses import dataclass
from typing import Literal

Activation = Literal["tanh", "sigmoid", "relu", "leaky-relu", "elu", "gelu", "swish", "mish", "sine", "linear"]
ACTIVATION_LABELS: dict[str, str] = {  # as the page lists them
    "tanh": "Tanh",
    "relu": "ReLU",
    "sigmoid": "Sigmoid",
    "leaky-relu": "Leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "swish": "Swish",
    "mish": "Mish",
    "sine": "Sine",
    "linear": "Linear",
}
Objective = Literal["squared-error", "cross-entropy", "categorical-cross-entropy"]
Connections = Literal["plain", "residual", "dense"]


@dataclass(frozen=True)
class Architecture:
    """What a network is, without its parameters."""

    shape: tuple[int, ...]  # inputs, hidden layers, outputs
    activations: tuple[Activation, ...]  # of the hidden layers
    output: Activation = "tanh"  # where the objective is the squared error
    objective: Objective = "squared-error"
    connections: Connections = "plain"
    batch_norm: bool = False
    dropout: bool = False
    lesions: tuple[tuple[int, int], ...] = ()

    def reads(self, layer: int) -> tuple[int, ...]:
        """The layers whose values layer `layer` (from 1) receives; 0 are the inputs."""
        return tuple(range(layer)) if self.connections == "dense" else (layer - 1,)
