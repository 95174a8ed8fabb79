"""The verdict on a game, as the page reads it: only what is measured of the fakes. Losses of a game say little."""

import json
from typing import Any

from app.labs.adversarial.studied_run import StudiedGame

_FEW = 100  # rounds, before which it is too early to tell
_GOOD = 0.5  # share of good fakes from which a generator has learnt


def verdict(run: StudiedGame) -> str:
    """As JSON: kind, epoch, cause, figures, and no remedy."""
    if run.step == 0:
        return _said("start", 0)
    if run.divergence is not None:
        return _said("diverged", run.epoch)
    if run.epoch < _FEW:
        return _said("early", run.epoch)
    score, _ = run.measured()
    cause = "curve"
    if score.modes:
        cause = "all" if score.covered == score.modes else "some"
        if cause == "all" and score.good < _GOOD:
            cause = "blurred"
    return _said("game", run.epoch, cause, {"covered": score.covered, "modes": score.modes, "good": score.good})


def _said(kind: str, epoch: int, cause: str = "", figures: dict[str, Any] | None = None) -> str:
    said = {"kind": kind, "epoch": epoch, "cause": cause, "figures": figures or {}, "remedy": None}
    return json.dumps(said, separators=(",", ":"))
