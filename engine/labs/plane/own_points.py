"""What a visitor draws or brings: points on a fine grid, so that they travel as whole numbers, and strokes on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.choices import Refused
from engine.labs.plane.given import MAX_POINTS, give_classes, give_values
from engine.runs.data import Given, Targets

if TYPE_CHECKING:  # a client of the protocol compiles no kernels
    from engine.labs.plane.datasets import Data

STEP = 0.001  # of coordinates and values; a pixel of the large picture is about twenty of them
MOST = 32.767  # the largest: 16 bits hold all steps

Place = tuple[float, float]
Drawn = tuple[float, float, float]  # with its class, from 0, or its value


@dataclass(frozen=True)
class Names:
    """Of the coordinates and what is learned, and of the classes; none if nobody gave them."""

    columns: Sequence[str] = ()
    classes: Sequence[str] = ()


NO_NAMES = Names()


def own_points(targets: Targets, points: ArrayLike, labels: ArrayLike, names: Names = NO_NAMES) -> Given:
    """Points (n, 2) of the plane and the class or value of each (n,), moved to the grid; names lose the spaces around
    them. Raises Refused."""
    on_grid = _on_grid("points", points)
    columns = [name.strip() for name in names.columns]
    if targets == "classes":
        return give_classes(on_grid, labels, columns, [name.strip() for name in names.classes])
    return give_values(on_grid, _on_grid("values", labels), columns)


def is_own(given: Given) -> bool:
    """Whether they lie on the grid, as all do that were made here."""
    numbers = [given.examples["points"], *([given.examples["labels"]] if given.targets == "values" else [])]
    return all((np.abs(each) <= MOST).all() and np.array_equal(np.round(each, 3), each) for each in numbers)


def owned(data: "Data", class_count: int) -> Given:
    """Points that were drawn from settings, as if a visitor had drawn them. `class_count`: 0 for values."""
    rows = np.concatenate([data.train, data.test])
    labels = (1 - rows[:, 2]) / 2 if 0 < class_count <= 2 else rows[:, 2]
    return own_points("classes" if class_count else "values", rows[:, :2], labels)


def with_added(given: Given, added: Sequence[Drawn]) -> Given:
    """With these points after the others. Raises Refused."""
    rows = np.array(added, np.float64).reshape(-1, 3)
    points = np.concatenate([given.examples["points"], rows[:, :2]])
    if len(points) > MAX_POINTS:
        raise Refused("points", len(points), f"at most {MAX_POINTS:,} points")
    return _changed(given, points, np.concatenate([given.examples["labels"], rows[:, 2]]))


def without(given: Given, path: Iterable[Place], radius: float) -> Given:
    """Without the points that a round eraser touches on its way along straight lines. Raises Refused."""
    points = given.examples["points"]
    is_left = _distances(points, np.array(list(path), np.float64)) > radius
    if not is_left.any():
        raise Refused("points", 0, "at least one point that is left")
    return _changed(given, points[is_left], given.examples["labels"][is_left])


def with_moved(given: Given, start: Place, end: Place) -> Given:
    """With the point that is nearest to `start` at `end`. Raises Refused."""
    points = given.examples["points"].copy()
    points[np.argmin(np.hypot(*(points - start).T))] = end
    return _changed(given, points, given.examples["labels"])


def _changed(given: Given, points: NDArray[np.float64], labels: ArrayLike) -> Given:
    """Names stay as long as they are as many as there are classes."""
    came = np.asarray(labels, np.float64)
    if given.targets == "classes" and given.classes and came.max() >= len(given.classes):
        return own_points("classes", points, came, Names(given.columns))
    return own_points(given.targets, points, came, Names(given.columns, given.classes))


def _on_grid(name: str, came: ArrayLike) -> NDArray[np.float64]:
    try:
        numbers = np.asarray(came, np.float64)
    except (ValueError, TypeError) as error:
        raise Refused(name, str(error)[:100], "numbers, as many for each point") from None
    is_near = np.abs(numbers) <= MOST  # NaN is not
    if not is_near.all():
        raise Refused(name, float(numbers[~is_near][0]), f"numbers from {-MOST} to {MOST}")
    return np.round(numbers, 3) + 0.0  # no negative zero


def _distances(points: NDArray[np.float64], path: NDArray[np.float64]) -> NDArray[np.float64]:
    """From each point (n, 2) to the nearest place of a path (m, 2) of straight lines, (n,)."""
    starts, ends = path[:-1], path[1:]
    if not len(starts):
        starts = ends = path
    ways = ends - starts
    lengths = np.maximum((ways**2).sum(axis=1), np.finfo(np.float64).tiny)
    away = points[:, None] - starts
    parts = np.clip((away * ways).sum(axis=2) / lengths, 0, 1)
    nearest: NDArray[np.float64] = np.hypot(*np.moveaxis(away - parts[..., None] * ways, 2, 0)).min(axis=1)
    return nearest
