"""Rows of cells to columns: which row is the header, what each column holds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from app.tables.dialects import SAMPLE_ROWS
from app.tables.numerals import Decimal, has_mark, is_column_of_numbers, is_missing, number_of, numbers_of
from app.tables.table import MAX_NAME_LENGTH, NO_TEXT, Column, Kind, Table, Tally
from engine.choices import Refused

TARGET_NAMES = ("label", "labels", "class", "classes", "target", "targets", "species", "category", "group", "variety")
"""Names of columns that are usually learned, most usual first."""


def table_of(
    rows: list[list[str]],
    places: list[int],
    header: Sequence[str] | None,
    decimal: Decimal,
    words: str,
    tally: Tally,
    place: Literal["line", "row"],
    extra: Mapping[str, Any] | None = None,
) -> Table:
    """Of rows of equal length; without a header it may be the first of them. Raises Refused if there is none."""
    if header is None and rows and _is_header(rows[: SAMPLE_ROWS + 1], decimal):
        header = rows[0]
        rows, places = rows[1:], places[1:]
    if not rows:
        raise Refused("table", "no rows but a header" if header else "nothing", "rows of numbers")
    names = _names([*(header or [""] * len(rows[0]))])
    columns = tuple(
        column
        for (name, is_named), cells in zip(names, zip(*rows, strict=True), strict=True)
        if (column := _column(name, is_named, cells, decimal)).kind != "empty" or is_named
    )
    marks = any(has_mark(cell, decimal) for each in columns if each.kind == "numbers" for cell in each.cells[:1000])
    words += ", thousands marks" * marks
    return Table(columns, np.array(places, np.int64), place, words, tally.all(), extra or {})


def _is_header(rows: list[list[str]], decimal: Decimal) -> bool:
    """Whether the first row is not numeric where the others are, or has the name of what is learned."""
    first, rest = rows[0], rows[1:]
    score = 0
    for name, cells in zip(first, list(zip(*rest, strict=True)) or [()] * len(first), strict=True):
        if name.casefold() in TARGET_NAMES and name not in cells:
            return True
        if is_column_of_numbers(cells, numbers_of(cells, decimal)) and not is_missing(name):
            score += 1 if number_of(name, decimal) is None else -1
    return score > 0


def _names(header: list[str]) -> list[tuple[str, bool]]:
    """Each once, and whether the header has it."""
    found: list[tuple[str, bool]] = []
    seen: Counter[str] = Counter()
    for place, cell in enumerate(header, 1):
        name = " ".join(cell.split())[:MAX_NAME_LENGTH] or f"column {place}"
        seen[name] += 1
        if seen[name] > 1:
            name = f"{name[: MAX_NAME_LENGTH - 6]} ({seen[name]})"
        found.append((name, bool(cell.strip())))
    return found


def _column(name: str, is_named: bool, cells: Sequence[str], decimal: Decimal) -> Column:
    numbers = numbers_of(cells, decimal)
    kind: Kind = "text"
    if is_column_of_numbers(cells, numbers):
        kind = "numbers"
    elif all(cell.casefold() in NO_TEXT for cell in cells):
        kind = "empty"
    return Column(name, is_named, kind, tuple(cells), numbers)
