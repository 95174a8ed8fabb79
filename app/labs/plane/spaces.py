"""Packs the space of a layer for a frame: where the points and the grid of the plane lie in it, and what is known.

Places go as tensors whose names begin with "space"; the head, in JSON, says what they are of.
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.labs.contract import Tensors
from app.labs.plane.edits import LookInto
from app.labs.plane.heads import finite
from engine.labs.plane.projections import Border
from engine.labs.plane.readouts import read_outs
from engine.labs.plane.space import Space, space
from engine.labs.plane.trainer import Trainer


@dataclass(frozen=True)
class ToldSpace:
    """What a frame has of it."""

    tensors: Tensors
    head: str


def told_space(run: Trainer, wish: LookInto, *, tests: bool) -> ToldSpace:
    """The layer's, with the test points if they are shown."""
    seen = space(run, wish.layer or 1, wish.units, tests=tests, all_phases=wish.phases)
    tensors = {
        "space points": np.ascontiguousarray([phase.points for phase in seen.phases], np.float32),
        "space grid": np.ascontiguousarray([phase.grid for phase in seen.phases], np.float32),
    }
    return ToldSpace(tensors, json.dumps(_head(run, seen)))


def _head(run: Trainer, seen: Space) -> dict[str, Any]:
    return {
        "layer": seen.layer,
        "units": seen.units,
        "phases": seen.kinds,
        "shares": seen.projection.shares.tolist(),
        "borders": [_border(each) for each in seen.borders],
        "why_none": seen.why_none,
        "readouts": [[finite(score) for score in scores] for scores in read_outs(run).tolist()],
    }


def _border(border: Border) -> dict[str, Any]:
    return {
        "classes": border.classes,
        "normal": border.normal.tolist(),
        "offset": border.offset,
        "exact": border.is_exact,
        "agrees": border.agrees,
    }
