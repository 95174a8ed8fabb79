"""The part of the digits lab that computes: what `app.labs.contract.LabEngine` asks of it, a function each."""

import numpy as np
from numpy.typing import DTypeLike

from app.labs.contract import Focus
from app.labs.digits.facts import facts
from app.labs.digits.frames import has_work, is_large, material, show, work
from app.labs.digits.page import page
from app.labs.digits.report import about, metrics, rows, scores, snapshot
from app.labs.digits.studied_run import StudiedRun
from app.labs.digits.verdict import verdict
from app.labs.digits.view import DigitsView
from engine.choices import Refused
from engine.labs.digits.settings import MAX_PARAMETERS, DigitsSettings
from engine.runs.data import Given

__all__ = [
    "about", "begin", "check_focus", "facts", "has_work", "is_large", "layout", "material", "metrics", "page", "rows",
    "scores", "show", "snapshot", "verdict", "work", "work_of_an_epoch",
]  # fmt: skip

_WAYS = 3  # forward, and back to weights and to values: as many multiplications each, at most


def begin(
    settings: DigitsSettings,
    parameter_limit: int | None = None,
    dtype: DTypeLike = np.float32,
    given: Given | None = None,  # noqa: ARG001  the lab has its own digits
) -> StudiedRun:
    """A run at epoch 0. Raises Refused."""
    return StudiedRun(settings, dtype, MAX_PARAMETERS if parameter_limit is None else parameter_limit)


def layout(run: StudiedRun) -> tuple[object, ...]:
    """What frames depend on: all that changes the networks' shapes begins a run."""
    return (run.starts,)


def check_focus(run: StudiedRun, view: DigitsView, focus: Focus) -> None:
    """Raises Refused unless the network that is looked into has such a unit or filter."""
    units = [shape.shape[-1] for shape in run.model.networks[view.inside].maps]
    if not (1 <= focus[0] <= len(units) and 1 <= focus[1] <= units[focus[0] - 1]):
        raise Refused("unit", list(focus), f"a layer and a unit of {units}, both counted from 1")


def work_of_an_epoch(run: StudiedRun) -> int:
    """Multiplications, about."""
    return _WAYS * run.settings.work * run.settings.digits
