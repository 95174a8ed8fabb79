"""The part of the descent lab that computes: what `app.labs.contract.LabEngine` asks of it, a function each."""

import numpy as np
from numpy.typing import DTypeLike

from app.labs.contract import Focus, Wish
from app.labs.descent.facts import facts
from app.labs.descent.frames import material, show
from app.labs.descent.page import page
from app.labs.descent.report import about, metrics, rows, scores, snapshot
from engine.choices import Refused, settings_of
from engine.labs.descent.settings import DescentSettings
from engine.labs.descent.trainer import DescentRun
from engine.runs.data import Given

__all__ = [
    "about", "begin", "check_focus", "facts", "has_work", "is_large", "layout", "material", "metrics", "page", "rows",
    "scores", "show", "snapshot", "verdict", "work", "work_of_an_epoch",
]  # fmt: skip

_IN_MATERIAL = ("problem", "curvature", "points", "noise", "seed")


def begin(
    settings: DescentSettings,
    parameter_limit: int | None = None,  # noqa: ARG001  it has two weights at most
    dtype: DTypeLike = np.float64,
    given: Given | None = None,  # noqa: ARG001  its points are drawn
) -> DescentRun:
    """A run at step 0. Raises Refused."""
    return DescentRun(settings, dtype)


def layout(run: DescentRun) -> tuple[object, ...]:
    """What frames and material depend on. A new start is none of it: the picture stays, while a start is dragged."""
    settings = run.settings
    return (settings.race, *(getattr(settings, name) for name in settings_of(type(settings)) if name in _IN_MATERIAL))


def check_focus(run: DescentRun, view: object, focus: Focus) -> None:  # noqa: ARG001
    """There is nothing to focus on."""
    raise Refused("unit", list(focus), "nothing: there are no units")


def verdict(run: DescentRun) -> str:  # noqa: ARG001
    """None: the page counts the racers of each frame."""
    return ""


def work_of_an_epoch(run: DescentRun) -> int:
    """Multiplications of a step, about."""
    return len(run.model.racers) * max(len(run.model.problem.points), 1) * run.settings.weights


def is_large(run: DescentRun) -> bool:  # noqa: ARG001
    """No picture takes long."""
    return False


def has_work(run: DescentRun, wish: Wish) -> bool:  # noqa: ARG001
    """Nothing takes longer than a frame."""
    return False


def work(run: DescentRun, wish: Wish, seconds: float) -> None:
    """There is none."""
