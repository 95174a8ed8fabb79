"""Makes what `hyperplane train` prints of the plane."""

import math
from typing import Any

import numpy as np

from app.terminal.numbers import figure
from engine.labs.plane.figures import metrics as measure
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer


def about(run: Trainer) -> dict[str, Any]:
    """The points, and what follows from the settings."""
    settings = run.settings
    return {
        "config": {
            "problem": settings.problem,
            "weight_count": settings.weight_count,
            "bias_count": settings.bias_count,
        },
        "train": _points(run.data.train),
        "test": _points(run.data.test),
    }


def _points(points: Any) -> list[dict[str, float]]:
    return [{"x": x, "y": y, "label": label} for x, y, label in points.tolist()]


def snapshot(run: Trainer) -> dict[str, Any]:
    """The network as it is."""
    layers = run.layers()
    return {
        "weights": [weights.tolist() for weights, _ in layers],
        "biases": [biases.tolist() for _, biases in layers],
    }


def rows(run: Trainer) -> dict[str, str]:
    """The network in a few words."""
    return {"network": "-".join(map(str, run.settings.shape)), "parameters": _parameters(run.settings)}


def _parameters(settings: Settings) -> str:
    """How many there are of each kind."""
    counts = {"weights": settings.weight_count, "biases": settings.bias_count, "scales and shifts": settings.norm_count}
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count or name != "scales and shifts")


def metrics(run: Trainer) -> dict[str, float]:
    """Accuracy from 0 to 1, or of a regression RMSE and R², of both sets; NaN without points."""
    sets = zip(("train", "test"), measure(run), strict=True)
    if run.settings.problem == "regression":
        return {
            f"{name}_{side}": float(value)
            for side, found in sets
            for name, value in zip(("rmse", "r2"), found, strict=True)
        }
    return {
        f"accuracy_{side}": float(np.trace(count) / count.sum()) if count.sum() else math.nan for side, count in sets
    }


def scores(run: Trainer) -> dict[str, str]:
    """Accuracy, or R² in a regression, of both sets."""
    train, test = measure(run)
    if run.settings.problem == "regression":
        return {"R² on train": figure(train[1], 4), "R² on test": figure(test[1], 4)}
    counts = {"accuracy on train": train, "accuracy on test": test}
    return {name: f"{np.trace(count) / max(count.sum(), 1):.1%}" for name, count in counts.items()}
