"""A run of the digits lab: what a visitor can do to its networks and their training."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.choices import Refused
from engine.labs.contract import LabRun
from engine.labs.digits.model import DigitsModel
from engine.labs.digits.settings import MAX_PARAMETERS, DigitsSettings, Twin
from engine.runs.moment import Moment


class DigitsTrainer(LabRun):
    """Not for two threads at once.

    It keeps no marks before each chunk of steps: to find the last finite step again by bisection would take seconds.
    A run that diverges goes back to its last good weights.
    """

    model: DigitsModel

    def __init__(
        self, settings: DigitsSettings, dtype: DTypeLike = np.float32, parameter_limit: int = MAX_PARAMETERS
    ) -> None:
        settings.check_size(parameter_limit)
        self._parameter_limit = parameter_limit
        super().__init__(DigitsModel(settings, dtype), budget=0)
        self.starts = 1  # how often it began at epoch 0
        self.begin(epoch=0)

    @property
    def settings(self) -> DigitsSettings:
        """Of the run as it is."""
        return self.model.settings

    def change(self, settings: DigitsSettings) -> bool:
        """Take other settings and keep what can be kept; True when training started over at epoch 0. Raises Refused."""
        settings.check_size(self._parameter_limit)
        model = self.model
        old, model.settings = model.settings, settings
        costs = old.costs_of(settings)
        if "run" in costs:
            model.draw_first()
            self.starts += 1
            self.begin(epoch=0)
            return True
        if (bool(old.dropout), old.batch_size) != (bool(settings.dropout), settings.batch_size):
            model.rebuild()
        model.switch_off()
        if "batches" in costs:
            model.lay_out()
            self.lay_out()
        if old.method != settings.method:
            model.forget()
        model.take_rule()
        if costs:
            self.go_on()
        return False

    def reset(self) -> None:
        """Begin again with the same first weights."""
        self.model.draw_first()
        self.starts += 1
        self.begin(epoch=0)

    def saved(self) -> NDArray[Any]:
        """What a link keeps of both networks, for `load`."""
        return self.model.saved()

    def load(self, saved: NDArray[Any], epoch: int) -> None:
        """Begin at `epoch` with what `saved` returned. Raises Refused."""
        self.model.load(saved)
        self.begin(epoch)

    def resume(self, moment: Moment) -> None:
        """Continue from a moment of another run with these settings. Raises Refused, KeyError."""
        self.model.check(moment.state)
        super().resume(moment)

    def set_parameter(self, twin: Twin, layer: int, role: str, index: tuple[int, ...], value: float) -> None:
        """Set one weight or bias, also while training. Raises Refused."""
        tensor = self._tensor(twin, layer, role)
        if len(index) != tensor.ndim or not all(map(_is_inside, index, tensor.shape)):
            raise Refused("index", list(index), f"a place in {list(tensor.shape)}")
        _check_finite(value, self.model.networks[twin].dtype)
        tensor[index] = value
        self.go_on()

    def unit(self, twin: Twin, layer: int, unit: int) -> tuple[NDArray[Any], float]:
        """A copy of what a unit or filter does: its weights, (size, size, channels) or (inputs,), and its bias."""
        weights, biases = self._tensor(twin, layer, "weights"), self._tensor(twin, layer, "biases")
        if not 0 <= unit < len(biases):
            raise Refused("unit", unit, f"one from 0 to {len(biases) - 1}")
        return weights[..., unit].copy(), float(biases[unit])

    def set_unit(self, twin: Twin, layer: int, unit: int, weights: NDArray[Any], bias: float) -> None:
        """Give a unit or filter other weights: set what `unit` returned, to restore it. Raises Refused."""
        before, _ = self.unit(twin, layer, unit)
        if weights.shape != before.shape:
            raise Refused("weights", list(weights.shape), f"numbers of shape {list(before.shape)}")
        _check_finite(weights, before.dtype)
        _check_finite(bias, before.dtype)
        self._tensor(twin, layer, "weights")[..., unit] = weights
        self._tensor(twin, layer, "biases")[unit] = bias
        self.go_on()

    def _tensor(self, twin: Twin, layer: int, role: str) -> NDArray[Any]:
        network = self.model.networks[twin]
        if not 1 <= layer <= network.layer_count:
            raise Refused("layer", layer, f"one from 1 to {network.layer_count}")
        return network.tensor(layer, role)


def _is_inside(at: int, length: int) -> bool:
    return 0 <= at < length


def _check_finite(numbers: NDArray[Any] | float, dtype: np.dtype[Any]) -> None:
    with np.errstate(over="ignore"):
        is_finite = bool(np.isfinite(np.asarray(numbers).astype(dtype)).all())
    if not is_finite:
        raise Refused("weights", "one that is not finite", "finite numbers")
