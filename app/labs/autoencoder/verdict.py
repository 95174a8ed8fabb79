"""The verdict on a run, as the page reads it: only what follows from its errors."""

import json
import math

import numpy as np

from engine.labs.autoencoder.trainer import AutoencoderRun

_FEW = 2  # epochs, before which the errors of an epoch's first examples count too much
_GAIN = 0.01  # smallest relative fall of the best error that counts as progress


def verdict(run: AutoencoderRun) -> str:
    """As JSON: kind, epoch, cause, figures, and no remedy. The cause says how it compares with PCA."""
    kind, figures = _progress(run)
    test, pca = run.losses()[1], run.model.error_of_pca
    cause = ""
    if kind in {"learning", "slow", "settled"} and math.isfinite(test) and pca > 0:
        cause = "below" if test < pca else "above"
        figures = {**figures, "share": abs(1 - test / pca)}
    said = {"kind": kind, "epoch": run.epoch, "cause": cause, "figures": figures, "remedy": None}
    return json.dumps(said, separators=(",", ":"), allow_nan=False)


def _progress(run: AutoencoderRun) -> tuple[str, dict[str, float]]:
    """Whether the best training error fell in the last half of the epochs, and by how much."""
    if run.step == 0:
        return "start", {}
    if run.divergence is not None:
        return "diverged", {}
    samples = run.history.samples
    errors = samples[np.isfinite(samples[:, 1])]
    if run.epoch < _FEW or len(errors) <= _FEW:
        return "early", {}
    epochs, best = errors[:, 0], np.minimum.accumulate(errors[:, 1])
    half = int(np.searchsorted(epochs, run.epoch / 2, side="right")) - 1
    span = run.epoch - int(epochs[half])
    fall = float(1 - best[-1] / best[half]) if best[half] > 0 else 0.0
    if fall == 0:
        return "settled", {"epochs": span}
    return ("learning" if fall >= _GAIN else "slow"), {"fall": fall, "epochs": span}
