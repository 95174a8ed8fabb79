"""What the page shows of a table, and the points that it gives with the roles that its columns have."""

import numpy as np
from pydantic import Field

from app.labs.plane.scaling import Scaling
from app.labs.plane.table_points import TablePoints, points_of
from app.labs.plane.table_roles import Roles, propose, targets_of
from app.messages import Message, Refusal
from app.tables.table import Kind, Skipped, Table
from engine.choices import Refused
from engine.runs.data import Targets

FIRST_ROWS = 8
_MOST_CHARACTERS = 40  # of a cell
_MOST_COLUMNS = 30  # whose first cells are shown


class PreviewColumn(Message):
    """One column of the table."""

    name: str
    kind: Kind
    gaps: int = Field(description="cells without a number, or without text")
    targets: Targets = Field(description="what it seems to hold if it is learned")
    first: tuple[str, ...] = Field(description="its first cells as they stand, cut to 40 characters; of 30 columns")


class PreviewSkipped(Message):
    """Rows that are left out for one reason."""

    reason: str
    count: int
    first: tuple[int, ...] = Field(description="where the first three are: lines of the file, or rows of JSON")


class PreviewClass(Message):
    """A class, and how many of the points are of it."""

    name: str
    count: int


class PreviewPoints(Message):
    """What is learned with these roles: what `learn-points` takes, and what to know of it."""

    targets: Targets
    points: tuple[tuple[float, float, float], ...] = Field(description="x, y, and the class from 0 or the value")
    columns: tuple[str, ...]
    names: tuple[str, ...] = Field(description="of the classes")
    notes: tuple[str, ...]
    scaling: Scaling
    classes: tuple[PreviewClass, ...] = Field(description="none if values are learned")


class Preview(Message):
    """A table, and the points that it gives with these roles, or why it gives none."""

    dialect: str = Field(description="in words: semicolons, decimal commas, UTF-16")
    rows: int
    place: str = Field(description="what numbers of skipped rows count: line or row")
    columns: tuple[PreviewColumn, ...]
    roles: Roles | None = Field(description="null if none were chosen and none can be proposed")
    skipped: tuple[PreviewSkipped, ...]
    learned: PreviewPoints | None
    refused: Refusal | None = Field(description="null if points are learned")


def preview_of(table: Table, roles: Roles | None = None) -> Preview:
    """With the proposed roles, unless others are chosen."""
    try:
        roles = roles or propose(table)
        found = points_of(table, roles)
    except Refused as refusal:
        return _preview(table, roles, table.skipped, refused=Refusal.of(refusal))
    return _preview(table, roles, found.skipped, learned=_learned(found))


def _preview(
    table: Table,
    roles: Roles | None,
    skipped: tuple[Skipped, ...],
    learned: PreviewPoints | None = None,
    refused: Refusal | None = None,
) -> Preview:
    columns = (
        PreviewColumn(
            name=column.name,
            kind=column.kind,
            gaps=column.gaps,
            targets=targets_of(column),
            first=tuple(map(_cut, column.cells[:FIRST_ROWS])) if place < _MOST_COLUMNS else (),
        )
        for place, column in enumerate(table.columns)
    )
    return Preview(
        dialect=table.dialect,
        rows=table.row_count + sum(each.count for each in table.skipped),
        place=table.place,
        columns=tuple(columns),
        roles=roles,
        skipped=tuple(PreviewSkipped(**vars(each)) for each in skipped),
        learned=learned,
        refused=refused,
    )


def _learned(found: TablePoints) -> PreviewPoints:
    given = found.given
    rows = zip(given.examples["points"].tolist(), given.examples["labels"].tolist(), strict=True)
    return PreviewPoints(
        targets=given.targets,
        points=tuple((x, y, label) for (x, y), label in rows),
        columns=given.columns,
        names=given.classes,
        notes=found.notes,
        scaling=found.scaling,
        classes=_classes(found),
    )


def _classes(found: TablePoints) -> tuple[PreviewClass, ...]:
    if found.given.targets == "values":
        return ()
    names = found.given.classes or ("",)
    counts = np.bincount(found.given.examples["labels"], minlength=len(names))
    return tuple(PreviewClass(name=name, count=int(count)) for name, count in zip(names, counts, strict=True))


def _cut(cell: str) -> str:
    return cell if len(cell) <= _MOST_CHARACTERS else f"{cell[: _MOST_CHARACTERS - 1]}…"
