"""What a trained stack computes, once for all forms, with weights as other programs have them."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from app.experiment import Experiment
from app.labs.autoencoder.view import AutoencoderView
from app.links.writing import link_of
from engine.labs.autoencoder.settings import SIDES
from engine.labs.autoencoder.trainer import AutoencoderRun
from engine.matrices.layers import Activation


@dataclass(frozen=True, eq=False)
class Layer:
    """A dense layer."""

    name: str
    weights: NDArray[Any]  # (units, inputs)
    biases: NDArray[Any]  # (units,)
    activation: Activation


@dataclass(frozen=True, eq=False)
class Description:
    """Both halves, and where they come from."""

    link: str
    epoch: int
    examples: str  # in words
    inputs: int
    numbers: int
    encoder: tuple[Layer, ...]
    decoder: tuple[Layer, ...]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All of them."""
        return self.encoder + self.decoder

    @property
    def origin(self) -> list[str]:
        """The lines that say where a file comes from."""
        return [
            f"An autoencoder of Hyperplane as it was at epoch {self.epoch:,}.",
            "",
            "Its experiment opens with this link, in Hyperplane's address bar or with “Open a link”:",
            self.link,
            "",
            f"It takes {self.examples}. A code has {self.numbers} numbers.",
        ]


def describe(run: AutoencoderRun) -> Description:
    """The run's stack as it is."""
    settings, stack, middle = run.settings, run.model.stack, run.model.middle
    layers = tuple(
        Layer(
            f"encoder_{number}" if number <= middle else f"decoder_{number - middle}",
            stack.tensor(number, "weights").T.copy(),
            stack.tensor(number, "biases").copy(),
            layer.activation,
        )
        for number, layer in enumerate(stack.layers, start=1)
    )
    side = SIDES.get(settings.examples)
    return Description(
        link_of(Experiment(settings, AutoencoderView()), {}, names_lab=True),
        run.epoch,
        f"images (n, {side * side}), pixels row by row from 0 to 1" if side else "points (n, 2)",
        settings.inputs,
        settings.code,
        layers[:middle],
        layers[middle:],
    )
