"""The stack as the tensors of a moment: each layer's weights and biases by name, as other programs know them."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.labs.contract import Tensors
from engine.choices import Refused
from engine.labs.autoencoder.model import AutoencoderModel
from engine.labs.autoencoder.settings import AutoencoderSettings
from engine.runs.moment import Moment, State

_PARAMETERS = "parameters"


def lists(settings: AutoencoderSettings) -> Mapping[str, Sequence[str]]:  # noqa: ARG001  the same for all
    """The names of the tensors of each list of a moment as JSON."""
    return {_PARAMETERS: [_PARAMETERS]}


def named(moment: Moment) -> tuple[Tensors, Tensors]:
    """The parameters, and what else training needs."""
    tensors = moment.state.tensors
    return (
        {_PARAMETERS: tensors[_PARAMETERS]},
        {name: array for name, array in tensors.items() if name != _PARAMETERS},
    )


def state(settings: AutoencoderSettings, tensors: Tensors, training: Tensors, counts: dict[str, int]) -> State:
    """What `named` was given. Raises Refused."""
    first = tensors.get(_PARAMETERS)
    if first is None or first.dtype not in {np.dtype(np.float32), np.dtype(np.float64)}:
        raise Refused(_PARAMETERS, "none" if first is None else str(first.dtype), "float32 or float64")
    model = AutoencoderModel(settings, first.dtype)
    expected = model.state()
    came = State({**tensors, **training}, counts)
    for what, names, known in (
        ("tensors", came.tensors.keys(), expected.tensors.keys()),
        ("counts", came.counts.keys(), expected.counts.keys()),
    ):
        if names != known:
            raise Refused(what, ", ".join(sorted(names ^ known))[:80], f"exactly {', '.join(known)}")
    model.check(came)
    return came
