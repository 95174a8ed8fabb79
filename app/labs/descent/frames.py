"""What the descent page sees of a run: the error and the points once, and in each frame where all racers are."""

import json
import math
from typing import Any

import numpy as np

from app.labs.contract import Shown, Tensors, Wish
from app.labs.descent.edits import Hover
from engine.labs.descent.behaviour import manner
from engine.labs.descent.problems import PointsProblem, grid, is_lowest
from engine.labs.descent.trainer import DescentRun

_SIDE = 101  # of the surface, in each direction
_CURVE = 301  # places of a curve
_ACROSS = 61  # places of a line through points
_NO_POINT = -1  # where a batch has fewer points than another racer's


def material(run: DescentRun) -> Tensors:
    """The error over the window: `curve` (n,) from left to right, or `surface` (n, n) from the top left; of points
    `points` (n, 2), and over one weight `singles` (points, n), the error of each.
    """
    problem = run.model.problem
    is_curve = len(problem.weights) == 1
    places = grid(problem, _CURVE if is_curve else _SIDE)
    tensors: Tensors = {"curve" if is_curve else "surface": problem.error(places)}
    if isinstance(problem, PointsProblem):
        tensors["points"] = problem.points
        if is_curve:
            tensors["singles"] = np.ascontiguousarray(problem.errors(places).T)
    return tensors


def show(run: DescentRun, wish: Wish) -> Shown:
    """Where all are, their ways there, and what the next step goes by: see docs/protocol.md."""
    model, problem = run.model, run.model.problem
    moment = run.step_since_layout
    chosen = [descent.next_points(moment).copy() for descent in model.descents]
    places = model.places
    slopes = np.array([descent.next_gradient(moment) for descent in model.descents])
    rates = np.array([descent.next_rate(run.step) for descent in model.descents])
    plain = np.array([racer.method == "sgd" for racer in model.racers])
    tensors: Tensors = {
        "places": places,
        "paths": np.ascontiguousarray(model.paths.known),
        "slopes": slopes,
        "rates": rates,
        "next": np.where(plain[:, None], places - rates[:, None] * slopes, np.nan),
        "batch_errors": np.array([problem.batch_error(*each) for each in zip(places, chosen, strict=True)]),
    }
    if len(problem.weights) == 1:
        tensors["path_errors"] = problem.error(model.paths.known)
    if isinstance(problem, PointsProblem):
        most = max(map(len, chosen))
        tensors["chosen"] = np.array([[*each, *[_NO_POINT] * (most - len(each))] for each in chosen], np.float64)
        x = np.linspace(*problem.across, _ACROSS)
        tensors["lines"] = np.array([problem.model(place, x) for place in places])
    about = {"racers": json.dumps(_racers(run), separators=(",", ":"))}
    return Shown(tensors, run.losses(), {**about, "path_interval": str(model.paths.interval), **_hovered(run, wish)})


def _racers(run: DescentRun) -> list[dict[str, Any]]:
    """How each goes on."""
    return [racer_report(run, number) for number in range(len(run.model.racers))]


def racer_report(run: DescentRun, number: int) -> dict[str, Any]:
    """One racer's behaviour, and since when it has arrived or diverged."""
    model = run.model
    how = manner(model, number)
    nearest, _ = model.nearest(model.descents[number].place)
    arrived, diverged = int(model.arrived[number]), int(model.diverged[number])
    return {
        "behaviour": how.behaviour,
        "by_theory": how.by_theory,
        "factor": None if math.isnan(how.factor) else how.factor,
        "arrived": arrived if arrived >= 0 else None,
        "at_lowest": nearest >= 0 and is_lowest(model.problem, nearest),
        "diverged": diverged if diverged >= 0 else None,
    }


def _hovered(run: DescentRun, wish: Wish) -> dict[str, str]:
    """The error and its gradient where the pointer is, by commas: place, error, gradient."""
    hover: Hover | None = wish.looks.get("hover")
    problem = run.model.problem
    if hover is None or hover.at is None or len(hover.at) != len(problem.weights):
        return {"hovered": ""}
    at = np.array(hover.at)
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = [*hover.at, float(problem.error(at)), *problem.whole_gradient(at).tolist()]
    return {"hovered": ",".join(map(repr, numbers)) if np.isfinite(numbers).all() else ""}
