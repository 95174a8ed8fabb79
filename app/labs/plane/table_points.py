"""A table to points that the plane can learn: rows with gaps left out, numbers scaled, a sample of many rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.labs.plane import scaling
from app.labs.plane.scaling import EDGE, Scaling
from app.labs.plane.table_roles import Roles, check
from app.tables.numerals import number_of
from app.tables.table import FIRST_LINES, Column, Skipped, Table
from engine.choices import Refused
from engine.labs.plane.given import MAX_NAME_LENGTH, MAX_POINTS, give_classes, give_values
from engine.labs.plane.kinds import MAX_CLASSES
from engine.runs.data import Given

CLASS_ORDER = "class"  # the column, of numbers from 0, that says the order of the classes in another one
_MOST_LISTED = 20  # names in a message
_SHORT = 30  # characters of each
_SEED = 0  # of the sample: the same table gives the same points
_VALUE_STRATA = 10


@dataclass(frozen=True)
class TablePoints:
    """What a table gives."""

    given: Given
    scaling: Scaling
    used: int  # rows, before a sample was taken
    skipped: tuple[Skipped, ...]  # the table's own too
    notes: tuple[str, ...]  # in words


def points_of(table: Table, roles: Roles) -> TablePoints:
    """Points in thousandths, of at most 1,200 rows. Raises Refused."""
    check(table, roles)
    x, y = table.columns[roles.x], table.columns[roles.y]
    target = None if roles.target is None else table.columns[roles.target]
    rows, skipped = _complete(table, [x, y, *([target] if target else [])], roles)
    names: tuple[str, ...] = ()
    labels = np.zeros(len(rows))
    if roles.targets == "classes" and target:
        names, labels = _classes(table, target, rows)
    elif target:
        labels = target.numbers[rows]
    is_values = roles.targets == "values"
    numbers = np.column_stack([x.numbers[rows], y.numbers[rows], labels])
    if roles.scaling == "none":
        said = (x.name, y.name, target.name if target else "")
        scaling.check_range(numbers, said, table.places[rows], table.place)
    used_scaling = scaling.fitted(roles.scaling, numbers, is_values)
    scaled = used_scaling.apply(numbers)
    kept = _sample(labels, is_values)
    scaled = scaled[kept]
    columns = (x.name, y.name, *([target.name] if target else []))
    points = scaled[:, :2]
    given = (
        give_values(points, scaled[:, 2], columns)
        if is_values
        else give_classes(points, scaled[:, 2], columns if target else (), names)
    )
    notes = [*_sample_note(len(rows), len(kept)), *_notes(scaled, is_values, target is None)]
    return TablePoints(given, used_scaling, len(rows), (*table.skipped, *skipped), tuple(notes))


def _complete(table: Table, columns: list[Column], roles: Roles) -> tuple[NDArray[np.int64], list[Skipped]]:
    """The rows with all they need, and why others are left out. Raises Refused if none are left."""
    is_left = np.ones(table.row_count, np.bool_)
    skipped = []
    for place, column in enumerate(columns):
        is_class = place == 2 and roles.targets == "classes"
        gaps = np.flatnonzero(column.is_gap & is_left)
        is_left[gaps] = False
        strays = [int(row) for row in gaps if column.cells[row]]
        found = f", such as {_short(column.cells[strays[0]])}" if strays else ""
        if len(gaps):
            first = tuple(map(int, table.places[gaps[:FIRST_LINES]]))
            what = "class" if is_class else "number"
            skipped.append(Skipped(f"no {what} in {column.name}{found}", len(gaps), first))
    if not is_left.any():
        why = "; ".join(f"{each.count:,} with {each.reason}" for each in skipped)
        raise Refused("table", f"{table.row_count:,} rows, {why}", "at least one complete row")
    return np.flatnonzero(is_left), skipped


def _classes(table: Table, column: Column, rows: NDArray[np.int64]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The classes' names in their order, and each row's class."""
    is_numbers = column.kind == "numbers"
    keys = [number_name(number) for number in column.numbers[rows]] if is_numbers else [column.cells[r] for r in rows]
    different = set(keys)
    if len(different) > MAX_CLASSES:
        listed = sorted(different, key=float if is_numbers else str.casefold)[:_MOST_LISTED]
        more = ", …" if len(different) > len(listed) else ""
        came = f"{len(different):,} in column {column.name}: {', '.join(map(_short, listed))}{more}"
        raise Refused("classes", came, f"at most {MAX_CLASSES}, or numbers that are learned as values")
    order = _said_order(table, different) or _numbered_order(table, column, rows, keys) or usual_order(different)
    place = {name: float(index) for index, name in enumerate(order)}
    return tuple(name[:MAX_NAME_LENGTH] for name in order), np.array([place[key] for key in keys])


def usual_order(names: Iterable[str]) -> list[str]:
    """By number or by alphabet. Of two numbers the greater comes first, which is blue as in all two-class sets."""
    names = sorted(set(names), key=lambda name: (name.casefold(), name))
    if all(number_of(name, ".") is not None for name in names):
        return sorted(names, key=float, reverse=len(names) == 2)
    return names


def _said_order(table: Table, different: set[str]) -> list[str] | None:
    """As JSON of ours says it, with classes that have no points."""
    said = table.extra.get("classes")
    if not isinstance(said, list) or not all(isinstance(name, str) for name in said):
        return None
    is_good = different <= set(said) and len(set(said)) == len(said) <= MAX_CLASSES
    return said if is_good else None


def _numbered_order(table: Table, column: Column, rows: NDArray[np.int64], keys: Sequence[str]) -> list[str] | None:
    """As another column numbers the classes, if it does so without exception."""
    numbering = next((each for each in table.columns if each.name == CLASS_ORDER and each.kind == "numbers"), None)
    if numbering is None or numbering is column:
        return None
    pairs = sorted({(float(number), key) for number, key in zip(numbering.numbers[rows], keys, strict=True)})
    return [key for _, key in pairs] if [number for number, _ in pairs] == list(range(len(set(keys)))) else None


def _sample(labels: NDArray[np.float64], is_values: bool) -> NDArray[np.int64]:
    """The places of at most 1,200 rows, in their order: of each class, or tenth of the values, its share."""
    if len(labels) <= MAX_POINTS:
        return np.arange(len(labels))
    rng = np.random.default_rng(_SEED)
    strata = labels.astype(np.int64)
    if is_values:
        strata = np.argsort(np.argsort(labels, kind="stable"), kind="stable") * _VALUE_STRATA // len(labels)
    counts = np.bincount(strata)
    chosen = [
        rng.choice(np.flatnonzero(strata == stratum), int(share), replace=False)
        for stratum, share in enumerate(_shares(counts))
    ]
    return np.sort(np.concatenate(chosen))


def _shares(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of each: in proportion, but at least one, and 1,200 in all."""
    exact = counts * (MAX_POINTS / counts.sum())
    shares: NDArray[np.int64] = np.maximum(np.floor(exact).astype(np.int64), counts > 0)
    by_rest = np.argsort(shares - exact, kind="stable")  # those that floors took most from
    for stratum in np.resize(by_rest, max(0, MAX_POINTS - int(shares.sum()))):
        shares[stratum] += shares[stratum] < counts[stratum]
    while shares.sum() > MAX_POINTS:
        shares[shares.argmax()] -= 1
    return shares


def _sample_note(rows: int, kept: int) -> list[str]:
    return [f"{kept:,} of {rows:,} rows were drawn at random, of each part its share"] if kept < rows else []


def _notes(scaled: NDArray[np.float64], is_values: bool, is_one: bool) -> list[str]:
    notes = []
    if outside := int((np.abs(scaled[:, :2]) > EDGE).any(axis=1).sum()):
        notes.append(f"{outside:,} points lie outside the picture, which ends at {EDGE:g}")
    if is_values and (outside := int((np.abs(scaled[:, 2]) > 1).sum())):
        notes.append(f"{outside:,} values lie outside -1 to 1, where colours end")
    if not is_values and len(np.unique(scaled[:, 2])) == 1:
        notes.append(
            "no column is learned, so all points are of one class" if is_one else "all points are of one class"
        )
    return notes


def number_name(number: float) -> str:
    """Of a class that is a number."""
    return f"{number:.0f}" if number == int(number) else repr(float(number))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
