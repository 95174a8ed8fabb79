"""Both networks as the tensors of a moment: all weights of a network in one row, in the order of its layers."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.labs.contract import Tensors
from engine.choices import Refused
from engine.labs.adversarial.model import SIDES, AdversarialModel
from engine.labs.adversarial.settings import AdversarialSettings
from engine.runs.moment import Moment, State

_PARAMETERS = [f"{side} parameters" for side in SIDES]


def lists(settings: AdversarialSettings) -> Mapping[str, Sequence[str]]:  # noqa: ARG001  the same for all
    """The names of the tensors of each list of a moment as JSON."""
    return {"parameters": _PARAMETERS}


def named(moment: Moment) -> tuple[Tensors, Tensors]:
    """The parameters of both networks, and what else training needs."""
    tensors = moment.state.tensors
    return (
        {name: tensors[name] for name in _PARAMETERS},
        {name: array for name, array in tensors.items() if name not in _PARAMETERS},
    )


def state(settings: AdversarialSettings, tensors: Tensors, training: Tensors, counts: dict[str, int]) -> State:
    """What `named` was given. Raises Refused."""
    first = tensors.get(_PARAMETERS[0])
    if first is None or first.dtype not in {np.dtype(np.float32), np.dtype(np.float64)}:
        raise Refused(_PARAMETERS[0], "none" if first is None else str(first.dtype), "float32 or float64")
    model = AdversarialModel(settings, first.dtype)
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
