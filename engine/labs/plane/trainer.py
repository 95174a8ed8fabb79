"""A run in the plane: everything a visitor can do to its points, its network and its training."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.choices import Refused
from engine.labs.contract import LabRun
from engine.labs.plane.architecture import architecture_of
from engine.labs.plane.datasets import Data
from engine.labs.plane.given import check, fitting, given_for
from engine.labs.plane.model import PlaneModel
from engine.labs.plane.reshaping import (
    Layers,
    add_unit,
    insert_layer,
    layer_added,
    layer_removed,
    neuron_added,
    neuron_removed,
    neurons_set,
    refitted,
    remove_layer,
    remove_unit,
    resize,
)
from engine.labs.plane.settings import MAX_PARAMETERS, Settings
from engine.machine.architecture import Architecture
from engine.machine.network import Network
from engine.runs.data import Given
from engine.runs.moment import Moment


class Trainer(LabRun):
    """Not thread-safe. Training, losses and pictures use `dtype`."""

    model: PlaneModel

    def __init__(
        self,
        settings: Settings,
        dtype: DTypeLike = np.float32,
        parameter_limit: int = MAX_PARAMETERS,
        given: Given | None = None,
    ) -> None:
        settings.check_size(parameter_limit)
        if given:
            check(given)
        super().__init__(PlaneModel(settings, dtype, given_for(settings, given)))
        self._parameter_limit = parameter_limit
        self.starts = 1  # at epoch 0, so far
        self.begin(epoch=0)

    # -- what it knows ------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The present settings."""
        return self.model.settings

    @property
    def data(self) -> Data:
        """All points."""
        return self.model.data

    @property
    def given(self) -> Given | None:
        """The points as somebody gave them; None if the settings draw them."""
        return self.model.given

    @property
    def network(self) -> Network:
        """The network that is trained."""
        return self.model.network

    @property
    def parameters(self) -> NDArray[Any]:
        """A copy of all parameters: layer by layer, unit by unit, weights then bias."""
        return self.network.parameters.copy()

    def layers(self) -> list[tuple[NDArray[Any], NDArray[Any]]]:
        """Copies of each layer's weights (units, inputs) and biases (units,)."""
        return [(matrix[:, :-1].copy(), matrix[:, -1].copy()) for matrix in self.network.matrices]

    # -- changes ------------------------------------------------------------------------------------------------------

    def change(self, settings: Settings) -> bool:
        """Take other settings, keeping what can be kept; True if training started over at epoch 0. Raises Refused."""
        settings.check_size(self._parameter_limit)
        given = given_for(settings, self.given)
        model, is_untouched = self.model, self._is_untouched
        old, model.settings = model.settings, settings
        costs = old.costs_of(settings)
        if "run" in costs:
            model.given = given
            self.reset()
            return True
        if architecture_of(old) != architecture_of(settings):  # a setting that costs a network need not change it
            if is_untouched:
                self._draw_first()
                return False
            before = self.network
            self._rebuild(refitted(before.layers, old, settings, model.edit_draw))
            self.network.remember(before)
        elif "batches" in costs:
            model.lay_out()
            self.lay_out()
        if old.regularization != settings.regularization:
            self.network.revive()
        if old.method != settings.method:
            self.network.forget()
        model.take_rule()
        self.go_on()
        return False

    def reset(self) -> None:
        """Go back to epoch 0 and its first weights."""
        self.starts += 1
        self._draw_first()

    def learn(self, given: Given) -> None:
        """Learn these points from epoch 0 on, with the settings that fit them. Raises Refused."""
        check(given)
        self._take_given(fitting(self.settings, given), given)
        self.reset()

    def redraw(self, given: Given) -> None:
        """Go on with other points: the network and the epoch stay, unless these ask for other outputs. Raises Refused.

        A class whose last point is gone keeps its output.
        """
        check(given)
        now, settings = self.settings, fitting(self.settings, given)
        if settings.dataset == now.dataset and settings.classes < now.classes:
            settings = replace(settings, classes=now.classes)
        begins = settings.shape != now.shape or settings.objective != now.objective or self._is_untouched
        self._take_given(settings, given)
        if begins:
            self.reset()
            return
        self.model.take_points()
        self.lay_out()
        self.go_on()

    def add_layer(self, layer: int, neurons: int | None = None) -> None:
        """Insert a hidden layer that becomes layer `layer`, by default as wide as the one before it."""
        self._check_place("layer", layer, len(self.settings.hidden) + 1)
        units = neurons or max(self.settings.shape[layer - 1], 1)
        self._edit(
            layer_added(self.settings, layer, units),
            lambda layers, old: insert_layer(layers, old, layer, units, self.model.edit_draw()),
        )

    def remove_layer(self, layer: int) -> None:
        """Remove hidden layer `layer`."""
        self._check_place("layer", layer, len(self.settings.hidden))
        self._edit(
            layer_removed(self.settings, layer),
            lambda layers, old: remove_layer(layers, old, layer, self.model.edit_draw()),
        )

    def add_neuron(self, layer: int) -> None:
        """Append a neuron to hidden layer `layer`."""
        self._check_place("layer", layer, len(self.settings.hidden))
        self._edit(
            neuron_added(self.settings, layer),
            lambda layers, old: add_unit(layers, old, layer, self.model.edit_draw()),
        )

    def remove_neuron(self, layer: int, neuron: int | None = None) -> None:
        """Remove a neuron of hidden layer `layer`, by default the last one."""
        self._check_place("layer", layer, len(self.settings.hidden))
        count = self.settings.hidden[layer - 1]
        unit = count if neuron is None else neuron
        self._check_place("neuron", unit, count)
        self._edit(
            neuron_removed(self.settings, layer, unit),
            lambda layers, old: remove_unit(layers, old, layer, unit),
        )

    def set_neurons(self, layer: int, neurons: int) -> None:
        """Resize hidden layer `layer` in one edit, as if neurons were added or removed one by one at its end."""
        self._check_place("layer", layer, len(self.settings.hidden))
        if neurons != self.settings.hidden[layer - 1]:
            self._edit(
                neurons_set(self.settings, layer, neurons),
                lambda layers, _: resize(layers, self.settings, layer, neurons, self.model.edit_draw),
            )

    def set_layers(self, layers: int, neurons: Sequence[int] = ()) -> None:
        """Add or remove hidden layers at the end, as if one by one, new ones with `neurons`; all of them or none."""
        settings, added = self.settings, list(neurons)
        while len(settings.hidden) < layers:
            units = added.pop(0) if added else max(settings.shape[-2], 1)
            settings = layer_added(settings, len(settings.hidden) + 1, units)
        settings.check_size(self._parameter_limit)
        for units in settings.hidden[len(self.settings.hidden) :]:
            self.add_layer(len(self.settings.hidden) + 1, units)
        while len(self.settings.hidden) > layers:
            self.remove_layer(len(self.settings.hidden))

    def set_parameter(self, index: int, value: float) -> None:
        """Set one weight or bias, by its index in `parameters`. Raises Refused, as all changes do."""
        self.set_parameters([(index, value)])

    def set_parameters(self, values: Iterable[tuple[int, float]]) -> None:
        """Set several by their indices, or none of them. Raises Refused."""
        chosen = dict(values)
        for index in chosen:
            self._check_place("index", index, self.settings.parameter_count - 1, first=0)
        for index, value in chosen.items():
            self.network.parameters[index] = value
        self.model.has_own_weights = True
        self.changed = self.epoch
        self.divergence = None
        self._marks.forget()

    def saved(self) -> NDArray[Any]:
        """A trained network's numbers as a link keeps them, for `load`."""
        return self.model.saved()

    def load(self, saved: NDArray[Any], epoch: int) -> None:
        """Begin at `epoch` with the numbers that `saved` returned. Raises Refused."""
        self.model.load(saved)
        self.begin(epoch)

    def resume(self, moment: Moment) -> None:
        """Continue from a moment of another trainer with these settings. Raises Refused, KeyError."""
        self.model.check(moment.state)
        super().resume(moment)

    def _take_given(self, settings: Settings, given: Given) -> None:
        settings.check_size(self._parameter_limit)
        self.model.settings, self.model.given = settings, given

    @staticmethod
    def _check_place(name: str, came: int, last: int, first: int = 1) -> None:
        if not first <= came <= last:
            numbers = f"a number from {first} to {last}" if last >= first else "none, there is nothing to choose from"
            raise Refused(name, came, numbers)

    def _edit(self, settings: Settings, change: Callable[[Layers, Architecture], Layers]) -> None:
        """Check the new shape before anything changes, then change it."""
        settings.check_size(self._parameter_limit)
        if self._is_untouched:
            self.model.settings = settings
            self._draw_first()
            return
        layers = change(self.network.layers, architecture_of(self.settings))
        self.model.settings = settings
        self._rebuild(layers)
        self.go_on()

    @property
    def _is_untouched(self) -> bool:
        """Whether the weights are still those that the settings draw, so that nothing need be kept."""
        return self.step == 0 and not self.model.has_own_weights

    def _draw_first(self) -> None:
        self.model.draw_first()
        self.begin(epoch=0)

    def _rebuild(self, layers: Layers) -> None:
        self.model.rebuild(layers)
        self.lay_out()
