"""What a visitor can do to the network itself. Each edit is a message, and applies itself."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from app.messages import Command

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from engine.labs.plane.trainer import Trainer


class Edit(Command):
    """A command that changes the network: the session only passes it on."""

    @abstractmethod
    def apply(self, trainer: "Trainer") -> None:
        """Raises Refused, and then has changed nothing."""


class AddLayer(Edit):
    """Insert a hidden layer so that it becomes layer `layer` (1 is the first after the inputs).

    As wide as the layer before it, it starts by passing on what comes, and all other weights stay.
    """

    type: Literal["add-layer"] = "add-layer"
    layer: int = Field(ge=1)
    neurons: int | None = Field(default=None, ge=1, description="as many as the layer before has, unless told")

    def apply(self, trainer: "Trainer") -> None:
        trainer.add_layer(self.layer, self.neurons)


class RemoveLayer(Edit):
    """Remove hidden layer `layer`."""

    type: Literal["remove-layer"] = "remove-layer"
    layer: int = Field(ge=1)

    def apply(self, trainer: "Trainer") -> None:
        trainer.remove_layer(self.layer)


class AddNeuron(Edit):
    """Append a neuron to hidden layer `layer`; all other weights stay."""

    type: Literal["add-neuron"] = "add-neuron"
    layer: int = Field(ge=1)

    def apply(self, trainer: "Trainer") -> None:
        trainer.add_neuron(self.layer)


class RemoveNeuron(Edit):
    """Remove a neuron, the last one unless told which; all other weights stay."""

    type: Literal["remove-neuron"] = "remove-neuron"
    layer: int = Field(ge=1)
    neuron: int | None = Field(default=None, ge=1)

    def apply(self, trainer: "Trainer") -> None:
        trainer.remove_neuron(self.layer, self.neuron)


class SetNeurons(Edit):
    """Give hidden layer `layer` so many neurons, as if they were added or removed one by one at its end."""

    type: Literal["set-neurons"] = "set-neurons"
    layer: int = Field(ge=1)
    neurons: int = Field(ge=1)

    def apply(self, trainer: "Trainer") -> None:
        trainer.set_neurons(self.layer, self.neurons)


class SetLayers(Edit):
    """Have so many hidden layers, as if they were added or removed one by one at the end, in one edit."""

    type: Literal["set-layers"] = "set-layers"
    layers: int = Field(ge=0)
    neurons: tuple[int, ...] = Field(default=(), description="of the added layers; then as many as the one before has")

    def apply(self, trainer: "Trainer") -> None:
        trainer.set_layers(self.layers, self.neurons)


class SetParameter(Edit):
    """Set one weight or bias, also while training."""

    type: Literal["set-parameter"] = "set-parameter"
    index: int = Field(ge=0, description="position in the frame's `parameters`")
    value: float = Field(ge=-1e6, le=1e6)

    def apply(self, trainer: "Trainer") -> None:
        trainer.set_parameter(self.index, self.value)
