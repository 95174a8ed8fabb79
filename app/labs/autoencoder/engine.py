"""The part of the autoencoder lab that computes: what `app.labs.contract.LabEngine` asks of it, a function each."""

import numpy as np
from numpy.typing import DTypeLike

from app.labs.autoencoder.facts import facts, work_of_an_epoch
from app.labs.autoencoder.frames import is_large, material, show
from app.labs.autoencoder.page import page
from app.labs.autoencoder.refreshed_run import RefreshedRun
from app.labs.autoencoder.report import about, metrics, rows, scores, snapshot
from app.labs.autoencoder.verdict import verdict
from app.labs.contract import Focus, Wish
from engine.choices import Refused
from engine.labs.autoencoder.settings import MAX_PARAMETERS, AutoencoderSettings, allowed
from engine.runs.data import Given

__all__ = [
    "about", "begin", "check_focus", "facts", "has_work", "is_large", "layout", "material", "metrics", "page", "rows",
    "scores", "show", "snapshot", "verdict", "work", "work_of_an_epoch",
]  # fmt: skip


def begin(
    settings: AutoencoderSettings,
    parameter_limit: int | None = None,
    dtype: DTypeLike = np.float32,
    given: Given | None = None,  # noqa: ARG001  the lab has its own examples
) -> RefreshedRun:
    """A run at epoch 0. Raises Refused."""
    return RefreshedRun(settings, dtype, MAX_PARAMETERS if parameter_limit is None else allowed(parameter_limit))


def layout(run: RefreshedRun) -> tuple[object, ...]:
    """What frames depend on: all that changes shapes begins a run."""
    return (run.starts,)


def check_focus(run: RefreshedRun, view: object, focus: Focus) -> None:  # noqa: ARG001
    """There is nothing to focus on."""
    raise Refused("unit", list(focus), "nothing: units have no pictures")


def has_work(run: RefreshedRun, wish: Wish) -> bool:  # noqa: ARG001
    """Whether some test examples were last looked at before the stack changed."""
    return not run.refreshing.is_done(run)


def work(run: RefreshedRun, wish: Wish, seconds: float) -> None:  # noqa: ARG001
    """Look at them again."""
    run.refreshing.go_on(run, seconds)
