"""Points of the plane as a table that other programs, and we, can read."""

from collections.abc import Sequence

from app.labs.plane.scaling import Scaling
from app.labs.plane.table_points import CLASS_ORDER, number_name, usual_order
from app.labs.plane.table_roles import OWN_AXES, OWN_VALUES
from app.tables import written
from app.tables.numerals import number_of
from app.tables.table import NO_TEXT
from app.tables.written import Cell
from engine.runs.data import Given

SPLIT = "split"  # the column that says train or test; whoever reads the points here splits them by their places


def csv_of(given: Given, split: Sequence[str] = ()) -> str:
    """x, y and label, the class's name, or value, and what `split` says of each. In the units of the picture.

    Where names alone would be read in another order, a column has the classes' numbers.
    """
    columns, rows = _table(given, split)
    if given.targets == "classes":
        labels, names = given.examples["labels"].tolist(), _names(given)
        found = [names[label] for label in sorted(set(labels))]
        if found != usual_order(found):
            columns, rows = [*columns, CLASS_ORDER], [[*row, label] for row, label in zip(rows, labels, strict=True)]
    return written.csv_of(columns, rows)


def json_of(given: Given, scaling: Scaling | None = None, split: Sequence[str] = ()) -> str:
    """The same with all names of classes, the columns that they came from, and how they were scaled."""
    columns, rows = _table(given, split)
    extra = {
        "targets": given.targets,
        "classes": _names(given),
        "from": list(given.columns),
        "scaling": (scaling or Scaling(how="none")).model_dump(mode="json"),
    }
    return written.json_of(columns, rows, **extra)


def python_of(given: Given, train: int | None = None) -> str:
    """A file that defines NumPy arrays: points (n, 2) and labels (n,), classes from 0 or values.

    `train`: how many of the points, from the first on, are for training, if that is to be said.
    """
    labels, points = given.examples["labels"].tolist(), given.examples["points"].tolist()
    doc = f"{len(points):,} points: points (n, 2), and labels (n,), which are {given.targets}."
    source = written.python_of(doc, given.columns, points, labels, _names(given))
    return source if train is None else f"{source}train, test = slice({train}), slice({train}, None)\n"


def _table(given: Given, split: Sequence[str]) -> tuple[list[str], list[list[Cell]]]:
    labels: Sequence[Cell] = given.examples["labels"].tolist()
    if given.targets == "classes":
        names = _names(given)
        labels = [names[int(label)] for label in labels]
    rows: list[list[Cell]]
    rows = [[x, y, label] for (x, y), label in zip(given.examples["points"].tolist(), labels, strict=True)]
    if split:
        rows = [[*row, side] for row, side in zip(rows, split, strict=True)]
    names = [*OWN_AXES, "label" if given.targets == "classes" else OWN_VALUES]
    return [*names, *([SPLIT] if split else [])], rows


def _names(given: Given) -> list[str]:
    """Of the classes. Numbers where there are no names, or some that would not be read as they are."""
    if given.targets == "values":
        return []
    count = len(given.classes) or int(given.examples["labels"].max()) + 1
    numbered = [str(label) for label in range(count)]
    if count == 2:
        numbered.reverse()  # the greater is the first of two: 1 is blue
    return list(given.classes) if given.classes and _are_readable(given.classes) else numbered


def _are_readable(names: Sequence[str]) -> bool:
    if any(name != name.strip() or name.casefold() in NO_TEXT or not name.isprintable() for name in names):
        return False
    numbers = {number_of(name, ".") for name in names} | {number_of(name, ",") for name in names}
    return len(set(names)) == len(names) and (numbers == {None} or list(map(_number, names)) == list(names))


def _number(name: str) -> str:
    number = number_of(name, ".")
    return "" if number is None else number_name(number)
