"""The part of the adversarial lab that computes: what `app.labs.contract.LabEngine` asks of it, a function each."""

import numpy as np
from numpy.typing import DTypeLike

from app.labs.adversarial.edits import SixteenSeeds
from app.labs.adversarial.facts import facts
from app.labs.adversarial.frames import material, show
from app.labs.adversarial.page import page
from app.labs.adversarial.report import about, metrics, rows, scores, snapshot
from app.labs.adversarial.studied_run import StudiedGame
from app.labs.adversarial.verdict import verdict
from app.labs.contract import Focus, Wish
from engine.choices import Refused
from engine.labs.adversarial.settings import MAX_PARAMETERS, AdversarialSettings
from engine.runs.data import Given

__all__ = [
    "about", "begin", "check_focus", "facts", "has_work", "is_large", "layout", "material", "metrics", "page", "rows",
    "scores", "show", "snapshot", "verdict", "work", "work_of_an_epoch",
]  # fmt: skip


def begin(
    settings: AdversarialSettings,
    parameter_limit: int | None = None,
    dtype: DTypeLike = np.float32,
    given: Given | None = None,  # noqa: ARG001  an own drawing is a setting
) -> StudiedGame:
    """A run at round 0. Raises Refused."""
    return StudiedGame(settings, dtype, MAX_PARAMETERS if parameter_limit is None else parameter_limit)


def layout(run: StudiedGame) -> tuple[object, ...]:
    """What frames and material depend on."""
    settings = run.settings
    points = (settings.dataset, settings.spread, settings.drawing, settings.seed)
    return (*points, settings.dimensions, settings.noise, settings.generator, settings.discriminator)


def check_focus(run: StudiedGame, view: object, focus: Focus) -> None:  # noqa: ARG001
    """There is nothing to focus on."""
    raise Refused("unit", list(focus), "nothing: no unit has a picture")


def work_of_an_epoch(run: StudiedGame) -> int:
    """Multiplications of a round, about."""
    return run.settings.work


def is_large(run: StudiedGame) -> bool:  # noqa: ARG001
    """No picture takes long."""
    return False


def has_work(run: StudiedGame, wish: Wish) -> bool:
    """Whether sixteen seeds are asked for and not all done."""
    asked = _asked(wish)
    return asked is not None and run.is_trying(asked[1])


def work(run: StudiedGame, wish: Wish, seconds: float) -> None:
    """Go on with them."""
    asked = _asked(wish)
    if asked is not None:
        run.try_seeds(*asked, seconds)


def _asked(wish: Wish) -> tuple[int, int] | None:
    """Rounds, and the number of the question; None if none is open."""
    look: SixteenSeeds | None = wish.looks.get("sixteen-seeds")
    return None if look is None or look.rounds is None else (look.rounds, look.number)
