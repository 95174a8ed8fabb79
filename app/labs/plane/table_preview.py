"""What the page shows of a table before its points are learned."""

import numpy as np
from pydantic import Field

from app.labs.plane.scaling import Scaling
from app.labs.plane.table_points import TablePoints, points_of
from app.labs.plane.table_roles import Roles, propose
from app.messages import Message
from app.tables.table import Kind, Table

FIRST_ROWS = 8
_MOST_CHARACTERS = 40  # of a cell
_MOST_COLUMNS = 30  # whose first cells are shown


class PreviewColumn(Message):
    """One column of the table."""

    name: str
    kind: Kind
    gaps: int = Field(description="cells without a number, or without text")
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


class Preview(Message):
    """A table, and the points that it gives with these roles."""

    dialect: str = Field(description="in words: semicolons, decimal commas, UTF-16")
    rows: int
    columns: tuple[PreviewColumn, ...]
    roles: Roles
    points: int
    skipped: tuple[PreviewSkipped, ...]
    notes: tuple[str, ...]
    scaling: Scaling
    classes: tuple[PreviewClass, ...] = Field(description="none if values are learned")


def preview_of(table: Table, roles: Roles | None = None) -> tuple[Preview, TablePoints]:
    """With the proposed roles, unless others are chosen. Raises Refused."""
    roles = roles or propose(table)
    found = points_of(table, roles)
    columns = (
        PreviewColumn(
            name=column.name,
            kind=column.kind,
            gaps=column.gaps,
            first=tuple(map(_cut, column.cells[:FIRST_ROWS])) if place < _MOST_COLUMNS else (),
        )
        for place, column in enumerate(table.columns)
    )
    preview = Preview(
        dialect=table.dialect,
        rows=table.row_count + sum(each.count for each in table.skipped),
        columns=tuple(columns),
        roles=roles,
        points=len(found.given.examples["points"]),
        skipped=tuple(PreviewSkipped(**vars(each)) for each in found.skipped),
        notes=found.notes,
        scaling=found.scaling,
        classes=_classes(found),
    )
    return preview, found


def _classes(found: TablePoints) -> tuple[PreviewClass, ...]:
    if found.given.targets == "values":
        return ()
    names = found.given.classes or ("",)
    counts = np.bincount(found.given.examples["labels"], minlength=len(names))
    return tuple(PreviewClass(name=name, count=int(count)) for name, count in zip(names, counts, strict=True))


def _cut(cell: str) -> str:
    return cell if len(cell) <= _MOST_CHARACTERS else f"{cell[: _MOST_CHARACTERS - 1]}…"
