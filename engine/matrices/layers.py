"""What networks of convolutions and wide layers are made of. It loads no compiler."""

from dataclasses import dataclass
from typing import Literal, get_args

Activation = Literal["relu", "tanh", "sigmoid", "linear"]
Pool = Literal["none", "2x2", "global"]

ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)
"""Those that never fall: the largest of four sums has the largest of four activations, so one is enough."""


@dataclass(frozen=True)
class Convolution:
    """Filters that are moved over all pixels one by one, then the largest of each window, then an activation."""

    filters: int
    size: int  # 3 or 5
    same: bool  # with a border of zeros, so that what comes out is as large as what went in
    pool: Pool
    activation: Activation


@dataclass(frozen=True)
class Dense:
    """Units that each see all values before them."""

    units: int
    activation: Activation = "linear"


@dataclass(frozen=True)
class Dropout:
    """Leaves out values while training."""


Layer = Convolution | Dense | Dropout
