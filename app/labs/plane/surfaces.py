"""Packs the loss over a plane of the parameters, or along one weight, for a frame.

Numbers go as arrays, whose names begin with "surface"; the head, in JSON, says what they are of.
"""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.labs.contract import Tensors, Wish
from app.labs.plane.edits import Surface
from app.labs.plane.heads import finite
from app.labs.plane.surveyed_run import SurveyedRun
from engine.choices import Refused
from engine.labs.plane.landscape import Picture, Wanted
from engine.labs.plane.one_weight import Slice, slice_of
from engine.labs.plane.race import STEPS
from engine.machine.methods import Method

_SENT = 90  # places of each racing method, about


def has_work(run: SurveyedRun, wish: Wish) -> bool:
    """Whether a race is under way, or a picture that takes longer than a frame."""
    wanted = _wanted(wish)
    return wanted is not None and run.landscape.has_work(wanted, run.changes)


def work(run: SurveyedRun, wish: Wish, seconds: float) -> None:
    """Go on with it."""
    wanted = _wanted(wish)
    if wanted:
        run.landscape.work(wanted, run.changes, seconds)


def surface_of(run: SurveyedRun, surface: Surface, *, is_coarse: bool) -> tuple[Tensors, str]:
    """Tensors and head. Of what cannot be shown only why."""
    head: dict[str, Any] = {"of": surface.of, "weights": surface.weights}
    try:
        if surface.of == "weight":
            tensors, more = _slice(slice_of(run, surface.weights[0], surface.zoom))
        else:
            wanted = _wanted_of(surface, is_coarse=is_coarse)
            tensors, more = _picture(run.landscape.picture(wanted, run.changes))
    except Refused as error:
        return {}, json.dumps({**head, "refused": f"{error.came}: expected {error.expected}"})
    ready = {f"surface {name}": np.ascontiguousarray(array, np.float32) for name, array in tensors.items()}
    return ready, json.dumps({**head, **more})


def _wanted(wish: Wish) -> Wanted | None:
    surface: Surface | None = wish.looks.get("surface")
    if surface is None or surface.of in {None, "weight"}:
        return None
    return _wanted_of(surface, is_coarse=wish.coarseness > 0)


def _wanted_of(surface: Surface, *, is_coarse: bool) -> Wanted:
    directions = surface.of
    if directions is None or directions == "weight":
        raise ValueError("a plane has two directions")
    return Wanted(
        directions, surface.weights, surface.zoom, surface.seed, surface.start, surface.races, is_coarse=is_coarse
    )


def _picture(picture: Picture) -> tuple[Tensors, dict[str, Any]]:
    tensors: Tensors = {"heights": picture.heights, "here": picture.here, "path": picture.path}
    head: dict[str, Any] = {
        "centre": picture.centre,
        "radius": picture.radius,
        "share": finite(picture.share),
        "done": picture.done,
    }
    if picture.race is not None:
        tensors["race"] = _thinned(picture.race)
        methods = [method.name.lower() for method in Method]
        head |= {"methods": methods, "steps": picture.race.shape[1] - 1, "of_steps": STEPS}
    return tensors, head


def _thinned(race: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every third step or so, and the last."""
    last = race.shape[1] - 1
    shown: NDArray[np.float64] = race[:, np.unique(np.append(np.arange(0, last, STEPS // _SENT + 1), last))]
    return shown


def _slice(shown: Slice) -> tuple[Tensors, dict[str, Any]]:
    tensors: Tensors = {
        "values": shown.values,
        "whole": shown.whole,
        "batch": shown.batch,
        "points": shown.points,
        "here": shown.here,
    }
    return tensors, {
        "numbers": [int(number) + 1 for number in shown.numbers],
        "count": shown.count,
        "slope": finite(shown.slope),
        "after": finite(shown.after),
    }
