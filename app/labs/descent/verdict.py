"""The verdict on a race, as the page reads it: how many have arrived, have diverged, are still on their way."""

import json

from engine.labs.descent.trainer import DescentRun


def verdict(run: DescentRun) -> str:
    """As JSON: kind, epoch, cause, figures, and no remedy."""
    if run.step == 0:
        return _said("start", 0, "", {})
    model = run.model
    arrived, diverged = int((model.arrived >= 0).sum()), int((model.diverged >= 0).sum())
    figures = {"racers": len(model.racers), "arrived": arrived, "diverged": diverged}
    return _said("over" if run.is_over else "racing", run.step, "race", figures)


def _said(kind: str, step: int, cause: str, figures: dict[str, int]) -> str:
    said = {"kind": kind, "epoch": step, "cause": cause, "figures": figures, "remedy": None}
    return json.dumps(said, separators=(",", ":"))
