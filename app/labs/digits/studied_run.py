"""A run of the digits lab with what visitors do to its units, and with the studies that go on between its turns."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from app.labs.digits.studies import Studies
from engine.choices import Refused
from engine.labs.digits.settings import MAX_PARAMETERS, DigitsSettings, Twin
from engine.labs.digits.trainer import DigitsTrainer
from engine.runs.history import History
from engine.runs.moment import Moment

_Place = tuple[Twin, int, int]  # twin, layer and unit, both from 1


class StudiedRun(DigitsTrainer):
    """Not for two threads at once. Studies and weights of before an edit are not in checkpoints."""

    def __init__(
        self, settings: DigitsSettings, dtype: DTypeLike = np.float32, parameter_limit: int = MAX_PARAMETERS
    ) -> None:
        self.changes = 0  # how often something but training has changed the networks
        self._before_edits: dict[_Place, tuple[NDArray[Any], float]] = {}
        super().__init__(settings, dtype, parameter_limit)

    def begin(self, epoch: int) -> None:
        """Nothing of the networks of before is known or can be restored."""
        super().begin(epoch)
        self._before_edits.clear()
        self.studies = Studies(self.model)
        self.changes += 1

    def go_on(self) -> None:
        """Something has changed."""
        super().go_on()
        self.changes += 1

    def stand_at(self, moment: Moment, history: History) -> None:
        """Something has changed; edits that were taken back need not be restored."""
        super().stand_at(moment, history)
        self.changes += 1
        self._before_edits = {
            (twin, layer, unit): before
            for (twin, layer, unit), before in self._before_edits.items()
            if not _is_same(self._unit(twin, layer, unit), before)
        }

    def edit_unit(self, twin: Twin, layer: int, unit: int, weights: Sequence[float], bias: float) -> None:
        """Give a unit other weights, in the order of `unit`'s; units count from 1. Raises Refused."""
        before, old_bias = self._unit(twin, layer, unit)
        if len(weights) != before.size:
            raise Refused("weights", len(weights), f"{before.size} numbers")
        self.set_unit(twin, layer, unit - 1, np.array(weights, np.float64).reshape(before.shape), bias)
        self._before_edits.setdefault((twin, layer, unit), (before, old_bias))

    def edit_weight(self, twin: Twin, layer: int, unit: int, place: int | None, value: float) -> None:
        """Set one of a unit's weights, by its place in `unit`'s order, or without one its bias. Raises Refused."""
        before = weights, _ = self._unit(twin, layer, unit)
        if place is None:
            self.set_parameter(twin, layer, "biases", (unit - 1,), value)
        elif place < weights.size:
            index = tuple(map(int, np.unravel_index(place, weights.shape)))
            self.set_parameter(twin, layer, "weights", (*index, unit - 1), value)
        else:
            raise Refused("place", place, f"one from 0 to {weights.size - 1}")
        self._before_edits.setdefault((twin, layer, unit), before)

    def edited(self, twin: Twin) -> tuple[tuple[int, int], ...]:
        """Layers and units, from 1, that `restore_unit` can restore."""
        return tuple(sorted((layer, unit) for which, layer, unit in self._before_edits if which == twin))

    def restore_unit(self, twin: Twin, layer: int, unit: int) -> None:
        """Undo all edits of a unit's weights, and what it has learnt since the first. Raises Refused."""
        self._unit(twin, layer, unit)
        before = self._before_edits.pop((twin, layer, unit), None)
        if before is None:
            raise Refused("unit", unit, "one whose weights were edited in this run")
        self.set_unit(twin, layer, unit - 1, *before)

    def switch(self, twin: Twin, layer: int, unit: int, *, off: bool) -> None:
        """Switch a unit off or on; only hidden ones can be. Raises Refused."""
        settings = self.settings
        before = settings.plain_off if twin == "plain" else settings.convolutional_off
        places = tuple(sorted({*before, (layer, unit)} if off else {*before} - {(layer, unit)}))
        if twin == "plain":
            self.change(replace(settings, plain_off=places))
        else:
            self.change(replace(settings, convolutional_off=places))

    def _unit(self, twin: Twin, layer: int, unit: int) -> tuple[NDArray[Any], float]:
        if unit < 1:
            raise Refused("unit", unit, "one from 1 on")
        return self.unit(twin, layer, unit - 1)


def _is_same(one: tuple[NDArray[Any], float], other: tuple[NDArray[Any], float]) -> bool:
    return one[1] == other[1] and np.array_equal(one[0], other[0])
