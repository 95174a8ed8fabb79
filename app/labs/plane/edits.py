"""What a visitor can do to the points and the network. Each edit is a message, and applies itself."""

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from app.messages import Edit, Look

if TYPE_CHECKING:  # a client of the protocol compiles no kernels
    from engine.labs.plane.trainer import Trainer


class NewWeights(Edit):
    """Go back to epoch 0 with another draw of first weights; the data stay."""

    pauses: ClassVar[bool] = True
    type: Literal["new-weights"] = "new-weights"

    def apply(self, run: "Trainer") -> None:
        run.change(replace(run.settings, draw=run.settings.draw + 1))


class RegenerateData(Edit):
    """Draw other data and first weights from a new seed, and go back to epoch 0."""

    type: Literal["regenerate-data"] = "regenerate-data"

    def apply(self, run: "Trainer") -> None:
        run.change(replace(run.settings, seed=f"{random.random():.5f}", draw=0))


class AddLayer(Edit):
    """Insert a hidden layer so that it becomes layer `layer` (1 is the first after the inputs).

    As wide as the layer before it, it starts by passing on what comes, and all other weights stay.
    """

    type: Literal["add-layer"] = "add-layer"
    layer: int = Field(ge=1)
    neurons: int | None = Field(default=None, ge=1, description="as many as the layer before has, unless told")

    def apply(self, run: "Trainer") -> None:
        run.add_layer(self.layer, self.neurons)


class RemoveLayer(Edit):
    """Remove hidden layer `layer`."""

    type: Literal["remove-layer"] = "remove-layer"
    layer: int = Field(ge=1)

    def apply(self, run: "Trainer") -> None:
        run.remove_layer(self.layer)


class AddNeuron(Edit):
    """Append a neuron to hidden layer `layer`; all other weights stay."""

    type: Literal["add-neuron"] = "add-neuron"
    layer: int = Field(ge=1)

    def apply(self, run: "Trainer") -> None:
        run.add_neuron(self.layer)


class RemoveNeuron(Edit):
    """Remove a neuron, the last one unless told which; all other weights stay."""

    type: Literal["remove-neuron"] = "remove-neuron"
    layer: int = Field(ge=1)
    neuron: int | None = Field(default=None, ge=1)

    def apply(self, run: "Trainer") -> None:
        run.remove_neuron(self.layer, self.neuron)


class SetNeurons(Edit):
    """Give hidden layer `layer` so many neurons, as if they were added or removed one by one at its end."""

    type: Literal["set-neurons"] = "set-neurons"
    layer: int = Field(ge=1)
    neurons: int = Field(ge=1)

    def apply(self, run: "Trainer") -> None:
        run.set_neurons(self.layer, self.neurons)


class SetLayers(Edit):
    """Have so many hidden layers, as if they were added or removed one by one at the end, in one edit."""

    type: Literal["set-layers"] = "set-layers"
    layers: int = Field(ge=0)
    neurons: tuple[int, ...] = Field(default=(), description="of the added layers; then as many as the one before has")

    def apply(self, run: "Trainer") -> None:
        run.set_layers(self.layers, self.neurons)


class SetParameter(Edit):
    """Set one weight or bias, also while training."""

    gradual: ClassVar[tuple[str, ...] | None] = ("index",)
    type: Literal["set-parameter"] = "set-parameter"
    index: int = Field(ge=0, description="position in the frame's `parameters`")
    value: float = Field(ge=-1e6, le=1e6)

    def apply(self, run: "Trainer") -> None:
        run.set_parameter(self.index, self.value)


class SetParameters(Edit):
    """Set several weights and biases at once, also while training: a line that is turned has three."""

    gradual: ClassVar[tuple[str, ...] | None] = ()
    type: Literal["set-parameters"] = "set-parameters"
    values: tuple[tuple[Annotated[int, Field(ge=0)], Annotated[float, Field(ge=-1e6, le=1e6)]], ...] = Field(
        min_length=1, max_length=64, description="position in the frame's `parameters`, and the number"
    )

    def apply(self, run: "Trainer") -> None:
        run.set_parameters(self.values)


EDITS = (
    NewWeights, RegenerateData, AddLayer, RemoveLayer, AddNeuron, RemoveNeuron, SetNeurons, SetLayers, SetParameter,
    SetParameters,
)  # fmt: skip

_Coordinate = Annotated[float, Field(ge=-6, le=6)]
_Neuron = Annotated[int, Field(ge=1)]


class Explain(Look):
    """Ask for every number of a training step at one point, for all units and in full for one; null ends it."""

    type: Literal["explain"] = "explain"
    of: Annotated[int, Field(ge=1)] | tuple[_Coordinate, _Coordinate] | Literal["batch"] | None = Field(
        description="a training point by its number from 1, a place of the plane, or the next batch"
    )
    example: int = Field(default=0, ge=0, description="which point of the batch, from 0")
    unit: tuple[int, int] | None = Field(default=None, description="layer and neuron, both from 1")
    check: bool = Field(default=False, description="with a central difference for each parameter of the unit")


_Weight = Annotated[float, Field(ge=-1e6, le=1e6)]


class Surface(Look):
    """Ask for the training loss over a plane in the space of the parameters, or along one weight; null ends it."""

    type: Literal["surface"] = "surface"
    of: Literal["weights", "weight", "gradient", "path", "random"] | None = Field(
        description="two weights, one, or directions: down the gradient, principal components of the path, random ones"
    )
    weights: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] = Field(
        default=(0, 1), description="positions in the frame's `parameters`; of one weight the first"
    )
    zoom: int = Field(default=0, ge=-12, le=12, description="each step makes the radius smaller by the root of two")
    seed: int = Field(default=0, ge=0, le=1_000_000, description="of the random directions")
    start: tuple[_Weight, _Weight] | None = Field(
        default=None, description="of a race of the training methods, as values of the two weights"
    )
    races: int = Field(default=0, ge=0, le=1_000_000, description="another number starts the same race anew")


class LookInto(Look):
    """Ask where the points and the grid of the plane lie in the space of a layer; null ends it."""

    type: Literal["space"] = "space"
    layer: Annotated[int, Field(ge=1)] | None = Field(description="from 1; the last one if there are fewer")
    units: tuple[()] | tuple[_Neuron, _Neuron] | tuple[_Neuron, _Neuron, _Neuron] = Field(
        default=(), description="of the axes, from 1; none for the first principal plane"
    )
    phases: bool = Field(default=False, description="all on the way from the layer's input, not only the last")


class LookAt(Look):
    """Ask what the network says at a place of the plane; null ends it."""

    type: Literal["look"] = "look"
    at: tuple[_Coordinate, _Coordinate] | None = Field(description="x and y")
