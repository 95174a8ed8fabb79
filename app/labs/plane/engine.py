"""The part of the plane that computes: a function for each method of `app.labs.contract.LabEngine`."""

import numpy as np
from numpy.typing import DTypeLike

from app.labs.contract import Focus
from app.labs.plane.facts import facts
from app.labs.plane.frames import is_large, material, show
from app.labs.plane.page import page
from app.labs.plane.report import about, metrics, rows, scores, snapshot
from app.labs.plane.surfaces import has_work, work
from app.labs.plane.surveyed_run import SurveyedRun
from app.labs.plane.verdict import verdict
from engine.choices import Refused
from engine.labs.plane.settings import MAX_PARAMETERS, Settings
from engine.labs.plane.trainer import Trainer
from engine.runs.data import Given

__all__ = [
    "about", "begin", "check_focus", "facts", "has_work", "is_large", "layout", "material", "metrics", "page", "rows",
    "scores", "show", "snapshot", "verdict", "work", "work_of_an_epoch",
]  # fmt: skip


def begin(
    settings: Settings,
    parameter_limit: int | None = None,
    dtype: DTypeLike = np.float32,
    given: Given | None = None,
) -> SurveyedRun:
    """A run at epoch 0. Raises Refused."""
    return SurveyedRun(settings, dtype, MAX_PARAMETERS if parameter_limit is None else parameter_limit, given)


def layout(run: Trainer) -> tuple[object, ...]:
    """A key that changes whenever earlier frames and points can no longer be used."""
    settings = run.settings
    return settings.shape, settings.features, settings.connections, run.starts, run.given


def check_focus(run: Trainer, view: object, focus: Focus) -> None:  # noqa: ARG001  every view shows all neurons
    """Raises Refused unless the network has this neuron. A single output already has the large picture."""
    settings = run.settings
    layers = settings.shape[1:] if settings.shape[-1] > 1 else settings.hidden
    if not (1 <= focus[0] <= len(layers) and 1 <= focus[1] <= layers[focus[0] - 1]):
        raise Refused("unit", list(focus), f"a layer and a neuron of {list(layers)}, both counted from 1")


def work_of_an_epoch(run: Trainer) -> int:
    """About how many multiplications an epoch takes."""
    points = run.steps_in_epoch * run.model.rule.batch_size
    return points * run.settings.parameter_count
