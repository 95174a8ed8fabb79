"""Own examples for programs and the command line: a table or arrays to points, as the dialog of the page makes them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.labs.contract import Brought
from app.labs.plane.scaling import HOWS, How
from app.labs.plane.table_points import points_of
from app.labs.plane.table_roles import OWN_AXES, Roles, propose, targets_of
from app.tables.reading import read_table
from app.tables.table import Column, Table
from engine.choices import Refused, closest

_LABEL = "label"  # the column that arrays have


def examples(table: bytes | str, columns: Sequence[str] = (), how: str | None = None) -> Brought:
    """The points of a file's bytes or a text. Raises Refused.

    `columns`: the names of x, y and what is learned; proposed unless told. `how`: a scaling, proposed unless told.
    """
    read = read_table(table)
    return _brought(read, _chosen(read, columns) if columns else propose(read), how)


def arrays(points: ArrayLike, labels: ArrayLike, how: str | None = None) -> Brought:
    """Points (n, 2) and a label for each (n,): text, truths or up to ten whole numbers are classes, others values.

    They stay where they are, unless a scaling is chosen. Raises Refused.
    """
    places = _places(points)
    target = _column_of(_LABEL, np.asarray(labels))
    if len(places) != len(target.numbers):
        came = f"{len(target.numbers):,} labels of {len(places):,} points"
        raise Refused("labels", came, "a label for each point")
    columns = (*(_numbers(name, axis) for name, axis in zip(OWN_AXES, places.T, strict=True)), target)
    table = Table(columns, np.arange(1, len(places) + 1), "row", "arrays")
    return _brought(table, Roles(x=0, y=1, target=2, targets=targets_of(target), scaling="none"), how)


def _brought(table: Table, roles: Roles, how: str | None) -> Brought:
    if how is not None and how not in HOWS:
        raise Refused("scaling", how, f"one of {', '.join(HOWS)}")
    chosen = roles if how is None else Roles.model_validate({**roles.model_dump(), "scaling": how})
    found = points_of(table, chosen)
    skipped = (f"{each.count:,} left out with {each.reason}" for each in found.skipped)
    return Brought(found.given, found.scaling, (*skipped, *found.notes))


def _chosen(table: Table, names: Sequence[str]) -> Roles:
    """The roles of columns by their names."""
    if len(names) not in {2, 3}:
        raise Refused("columns", list(names), "the names of x, of y and, unless nothing is learned, of what is")
    x, y, *targets = [_place_of(table, name) for name in names]
    target = targets[0] if targets else None
    learned: Any = "classes" if target is None else targets_of(table.columns[target])
    return Roles(x=x, y=y, target=target, targets=learned, scaling=_usual_scaling(table, x, y))


def _usual_scaling(table: Table, x: int, y: int) -> How:
    """As it is for tables of ours, as `propose` has it."""
    is_ours = (table.columns[x].name, table.columns[y].name) == OWN_AXES
    return propose(table).scaling if is_ours else "fit"


def _place_of(table: Table, name: str) -> int:
    names = [column.name for column in table.columns]
    if name not in names:
        raise Refused("columns", name, f"{closest(name, names)}one of {', '.join(names)}")
    return names.index(name)


def _places(points: ArrayLike) -> NDArray[np.float64]:
    try:
        places = np.asarray(points, np.float64)
    except (ValueError, TypeError):
        raise Refused("points", str(points)[:100], "numbers, two for each point") from None
    if places.ndim != 2 or places.shape[1] != 2 or not len(places):
        raise Refused("points", places.shape, "two coordinates for each point, (n, 2)")
    return places


def _column_of(name: str, labels: NDArray[Any]) -> Column:
    """Truths are 0 and 1."""
    if labels.ndim != 1:
        raise Refused("labels", labels.shape, "one for each point, (n,)")
    if labels.dtype.kind in "biuf":
        return _numbers(name, labels.astype(np.float64))
    cells = tuple(str(label).strip() for label in labels.tolist())
    return Column(name, True, "text", cells, np.full(len(cells), np.nan))


def _numbers(name: str, numbers: NDArray[np.float64]) -> Column:
    if not np.isfinite(numbers).all():
        raise Refused(name, float(numbers[~np.isfinite(numbers)][0]), "finite numbers")
    return Column(name, True, "numbers", (), numbers)
