"""The verdict on a run of the digits, as the page reads it: only what follows from its losses."""

import json
import math

import numpy as np
from numpy.typing import NDArray

from app.labs.digits.studied_run import StudiedRun
from engine.labs.digits.model import LOSSES
from engine.labs.digits.settings import TWINS, Twin

_FEW = 2  # epochs, before which the losses of an epoch's first digits count too much
_GAIN = 0.01  # smallest relative fall of the best loss that counts as progress
_BY_HEART = 2.0  # times the training loss that the test loss is at least: the training digits are known by heart
_CAUSES: dict[Twin, str] = {"plain": "by-heart-plain", "convolutional": "by-heart-convolutional"}


def verdict(run: StudiedRun) -> str:
    """As JSON: kind, epoch, cause, figures, and no remedy."""
    if run.step == 0:
        return _said("start", 0)
    return verdict_of(run.history.samples, run.losses(), run.epoch, diverged=run.divergence is not None)


def verdict_of(samples: NDArray[np.float64], losses: tuple[float, ...], epoch: int, *, diverged: bool) -> str:
    """The same after some steps, of the history (n, 5), the losses now, in the order of `LOSSES`, and the epoch.

    How it goes on is judged by the CNN's training loss; which network knows its digits by heart, by those of each.
    """
    kind, figures = _progress(samples, epoch)
    cause = "convolutional"
    if diverged or kind == "early":
        return _said("diverged" if diverged else "early", epoch)
    times = {twin: _times(losses, twin) for twin in TWINS}
    worst = max(times, key=lambda twin: times[twin])
    if times[worst] >= _BY_HEART:
        cause, figures = _CAUSES[worst], {**figures, "times": times[worst]}
    return _said(kind, epoch, cause, figures)


def _said(kind: str, epoch: int, cause: str = "", figures: dict[str, float] | None = None) -> str:
    said = {"kind": kind, "epoch": epoch, "cause": cause, "figures": figures or {}, "remedy": None}
    return json.dumps(said, separators=(",", ":"), allow_nan=False)


def _progress(samples: NDArray[np.float64], epoch: int) -> tuple[str, dict[str, float]]:
    """Whether the best training loss of the CNN fell in the last half of the epochs, and by how much."""
    losses = samples[np.isfinite(samples[:, 1])]
    if epoch < _FEW or len(losses) <= _FEW:
        return "early", {}
    epochs, best = losses[:, 0], np.minimum.accumulate(losses[:, 1])
    half = int(np.searchsorted(epochs, epoch / 2, side="right")) - 1
    span = epoch - int(epochs[half])
    fall = 1 - best[-1] / best[half] if best[half] > 0 else 0.0
    if fall == 0:
        return "settled", {"epochs": span}
    return ("learning" if fall >= _GAIN else "slow"), {"fall": float(fall), "epochs": span}


def _times(losses: tuple[float, ...], twin: Twin) -> float:
    """How many times its training loss a network's test loss is; 0 where that is no number."""
    train, test = (losses[LOSSES.index(f"{twin}_{kind}")] for kind in ("train", "test"))
    times = test / train if train > 0 else math.nan
    return times if math.isfinite(times) else 0.0
