"""What each column of a table is for: the two axes and what is learned, proposed or chosen."""

import numpy as np
from pydantic import Field

from app.labs.plane.scaling import EDGE, MOST, How
from app.messages import Message
from app.tables.columns import TARGET_NAMES
from app.tables.table import Column, Table
from engine.choices import Refused
from engine.labs.plane.kinds import MAX_CLASSES
from engine.runs.data import Targets

OWN_AXES = ("x", "y")  # the names in tables that we write
OWN_VALUES = "value"
_COUNT_NAMES = {"", "#", "id", "index", "no", "no.", "nr", "row", "rownames", "unnamed: 0"}


class Roles(Message):
    """By the column's place in the table, from 0."""

    x: int = Field(ge=0, description="the axis to the right")
    y: int = Field(ge=0, description="the axis upwards")
    target: int | None = Field(default=None, ge=0, description="what is learned; none: all points are of one class")
    targets: Targets = Field(default="classes", description="what the target holds")
    scaling: How = Field(default="fit", description="how numbers become places of the picture")


def propose(table: Table) -> Roles:
    """What the columns seem to be. Raises Refused if there are no two axes."""
    target = _target(table)
    axes = _axes(table, target)
    if len(axes) < 2:
        named = ", ".join(column.name for column in table.columns if column.kind == "numbers")
        came = f"numbers in no other column than {named}" if named else "no column of numbers"
        raise Refused("table", came, "at least two columns of numbers, for the axes")
    learned = None if target is None else table.columns[target]
    targets: Targets = "values" if learned and targets_of(learned) == "values" else "classes"
    values = learned if targets == "values" else None
    scaling = _scaling(table, [table.columns[place] for place in axes[:2]], values)
    return Roles(x=axes[0], y=axes[1], target=target, targets=targets, scaling=scaling)


def targets_of(column: Column) -> Targets:
    """Classes if it is text or has few different whole numbers."""
    if column.kind != "numbers":
        return "classes"
    if column.name == OWN_VALUES:
        return "values"
    different = np.unique(column.numbers[np.isfinite(column.numbers)])
    is_few = len(different) <= MAX_CLASSES and bool((different == np.floor(different)).all())
    return "classes" if is_few else "values"


def check(table: Table, roles: Roles) -> None:
    """Raises Refused for roles that the columns cannot have."""
    chosen = [roles.x, roles.y, *([] if roles.target is None else [roles.target])]
    for place in chosen:
        if place >= len(table.columns):
            raise Refused("column", place, f"0 to {len(table.columns) - 1}")
    if len(set(chosen)) < len(chosen):
        name = next(table.columns[place].name for place in chosen if chosen.count(place) > 1)
        raise Refused("column", f"{name} twice", "another column for each role")
    with_numbers = chosen if roles.targets == "values" else chosen[:2]
    for place in with_numbers:
        if table.columns[place].kind != "numbers":
            raise Refused("column", f"{table.columns[place].name}, which is {_said(table.columns[place])}", "numbers")
    if roles.targets == "values" and roles.target is None:
        raise Refused("target", "no column", "a column of numbers, as values are learned")


def _target(table: Table) -> int | None:
    """One with a usual name, else the last, else one of text; None if all are needed as axes."""
    places = [place for place, column in enumerate(table.columns) if column.kind != "empty"]
    folded = [column.name.casefold() for column in table.columns]
    names = (*TARGET_NAMES, OWN_VALUES) if "x" in folded else (*TARGET_NAMES, "y")
    named = [folded.index(name) for name in names if name in folded]
    text = [place for place in places if table.columns[place].kind == "text"]
    for place in [*named, *places[-1:], *text]:
        if place in places and len(_axes(table, place)) >= 2:
            return place
    return None


def _axes(table: Table, target: int | None) -> list[int]:
    """The columns of numbers, without those that only count the rows if there are enough others."""
    columns = [place for place, column in enumerate(table.columns) if column.kind == "numbers" and place != target]
    others = [place for place in columns if not _counts(table.columns[place])]
    return others if len(others) >= 2 else columns


def _counts(column: Column) -> bool:
    """Whether it numbers the rows, as data frames are written."""
    if column.is_named and column.name.casefold() not in _COUNT_NAMES:
        return False
    return len(column.numbers) > 2 and bool((np.diff(column.numbers) == 1).all())


def _scaling(table: Table, axes: list[Column], values: Column | None) -> How:
    """As it is for tables of ours, so that a written table is read as the same points."""
    if tuple(column.name for column in axes) != OWN_AXES:
        return "fit"
    says_scaling = "scaling" in table.extra  # JSON of ours: no doubt
    bounds = [(column, MOST if says_scaling else EDGE) for column in axes]
    bounds += [(column, MOST if says_scaling else 1.0) for column in [values] if column]
    is_ours = all((np.nan_to_num(np.abs(column.numbers)) <= bound).all() for column, bound in bounds)
    return "none" if is_ours else "fit"


def _said(column: Column) -> str:
    return "text" if column.kind == "text" else column.kind
