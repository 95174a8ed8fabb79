"""The space of a layer: the points and the grid of the plane as a layer sees them, phase by phase."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.architecture import architecture_of
from engine.labs.plane.features import evaluate_features
from engine.labs.plane.kinds import Domain
from engine.labs.plane.projections import Border, Projection, border, onto_principal, onto_units
from engine.labs.plane.trainer import Trainer
from engine.machine.phases import phases

LINES = 21  # of the grid in each direction
SAMPLES = 41  # places of each line

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class SeenPhase:
    """What one phase makes of the plane."""

    kind: str  # see `engine.machine.phases.Phase`
    points: Reals  # training points, then test points, (points, dimensions)
    grid: Reals  # (2, LINES, SAMPLES, dimensions): lines of equal x from left to right, then of equal y from below


@dataclass(frozen=True)
class Space:
    """A layer's, in a projection of its values."""

    layer: int  # from 1
    units: tuple[int, ...]  # of the axes, from 1; () in the principal plane
    projection: Projection
    phases: tuple[SeenPhase, ...]  # all, or only the last
    kinds: tuple[str, ...]  # of all phases
    borders: tuple[Border, ...]  # between classes; only behind the last hidden layer
    why_none: str  # why there is none: "layer", "regression", "skips", "unseen" (other units count), ""


def space(
    trainer: Trainer, layer: int, units: tuple[int, ...] = (), *, tests: bool = False, all_phases: bool = False
) -> Space:
    """Of layer `layer`, from 1, by units, from 1, or in its first principal plane.

    What is not there any more is replaced by what is: a layer by the last one, units by the first ones.
    """
    network, settings = trainer.network, trainer.settings
    layer = min(layer, len(network.program.layers))
    units = _existing(units, settings.shape[layer])
    sets = [trainer.data.train, *([trainer.data.test] if tests else [])]
    points = np.concatenate([each[:, :2] for each in sets])
    columns = np.concatenate(
        [evaluate_features(settings.features, points[:, 0], points[:, 1]), grid(settings.features, settings.domain)],
        axis=1,
    )
    with np.errstate(over="ignore", invalid="ignore"):
        made = phases(network, columns.astype(network.dtype), layer)
    train, seen = len(trainer.data.train), len(points)
    last = made[-1].values
    projection = onto_units(last[:, :train], units) if units else onto_principal(last[:, :train])
    first = _of_inputs(made[0].values[:, :train], len(projection.axes))
    shown = made if all_phases else made[-1:]
    borders, why_none = _borders(trainer, layer, last, projection, is_plane=not units)
    return Space(
        layer, units, projection,
        tuple(_seen(phase.kind, (first if phase.kind == "input" else projection).of(phase.values), seen)
              for phase in shown),
        tuple(phase.kind for phase in made), borders, why_none,
    )  # fmt: skip


def _existing(units: tuple[int, ...], width: int) -> tuple[int, ...]:
    """Other units for those that are not there, each once; as many, so far as there are."""
    if not units:
        return ()
    known = list(dict.fromkeys(unit for unit in units if unit <= width))
    others = [unit for unit in range(1, width + 1) if unit not in known]
    chosen = [*known, *others][: len(units)]
    return tuple(chosen) + tuple(range(width + 1, width + 1 + 2 - len(chosen)))  # there are always two axes


def _of_inputs(values: NDArray[np.float64], dimensions: int) -> Projection:
    """What a layer reads as it is, where there is room for it."""
    if len(values) <= dimensions:
        return onto_units(values, tuple(range(1, dimensions + 1)))
    return onto_principal(values, dimensions)


def _seen(kind: str, places: Reals, points: int) -> SeenPhase:
    lines = places[:, points:].T.reshape(2, LINES, SAMPLES, -1)
    return SeenPhase(kind, places[:, :points].T, lines)


@lru_cache(maxsize=16)
def grid(features: tuple[str, ...], domain: Domain) -> Reals:
    """The features along the lines of the grid, (features, 2 · LINES · SAMPLES). Callers share it."""
    across, along = np.linspace(*domain, LINES), np.linspace(*domain, SAMPLES)
    still, moving = (each.ravel() for each in np.meshgrid(across, along, indexing="ij"))
    result = evaluate_features(features, np.concatenate([still, moving]), np.concatenate([moving, still]))
    result.flags.writeable = False
    return result


def _borders(
    trainer: Trainer, layer: int, values: NDArray[np.float64], projection: Projection, *, is_plane: bool
) -> tuple[tuple[Border, ...], str]:
    """Those that can be drawn, or why there are none. In the principal plane they are cuts with it, exact or not."""
    settings, output = trainer.settings, len(trainer.network.program.layers)
    if not settings.class_count:
        return (), "regression"
    if layer != output - 1:
        return (), "layer"
    if architecture_of(settings).reads(output) != (layer,):
        return (), "skips"
    matrix = trainer.network.matrices[-1].astype(np.float64)
    count = len(trainer.data.train)
    pairs = [((0, 1), matrix[0])] if len(matrix) == 1 else [
        ((one, other), matrix[one] - matrix[other]) for one, other in combinations(range(len(matrix)), 2)
    ]  # fmt: skip
    found = tuple(border(pair, row[:-1], float(row[-1]), values, count, projection) for pair, row in pairs)
    if not is_plane and not all(each.is_exact for each in found):
        return (), "unseen"
    return found, ""
