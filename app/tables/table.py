"""What is known of a table once it has been read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["numbers", "text", "empty"]

MAX_NAME_LENGTH = 100  # of a column
FIRST_LINES = 3  # that are told of the skipped


@dataclass(frozen=True)
class Skipped:
    """Rows that were left out for one reason."""

    reason: str  # as "3 cells instead of 4"
    count: int
    first: tuple[int, ...]  # the numbers of the first of them, from 1


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its text as it stood, and its numbers."""

    name: str
    is_named: bool  # by a header; else the name says only where it stands
    kind: Kind
    cells: tuple[str, ...]  # without the space around them
    numbers: NDArray[np.float64]  # as many; NaN where the cell is no finite number

    @property
    def gaps(self) -> int:
        """How many cells have nothing of the column's kind."""
        return int(self.is_gap.sum())

    @property
    def is_gap(self) -> NDArray[np.bool_]:
        """Which cells those are."""
        if self.kind == "numbers":
            return np.isnan(self.numbers)
        return np.array([cell.casefold() in NO_TEXT for cell in self.cells], np.bool_)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length, at least one row."""

    columns: tuple[Column, ...]
    places: NDArray[np.int64]  # the number of each row's line in the file, from 1
    place: Literal["line", "row"]  # which of both `places` counts: JSON has no lines worth a number
    dialect: str  # in words: "semicolons, decimal commas, UTF-16"
    skipped: tuple[Skipped, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)  # what JSON says beside columns and rows

    @property
    def row_count(self) -> int:
        """Rows that were not skipped."""
        return len(self.places)


NO_TEXT = frozenset({"", "nan", "n/a", "#n/a", "null", "<na>"})
"""Cells without text, folded. "none" and "NA" are not among them: they may be classes."""


class Tally:
    """Counts rows that are left out, by reason."""

    def __init__(self) -> None:
        self._found: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    def add(self, reason: str, place: int) -> None:
        """One more."""
        first = self._found.setdefault(reason, [])
        self._counts[reason] = self._counts.get(reason, 0) + 1
        if len(first) < FIRST_LINES:
            first.append(place)

    def all(self) -> tuple[Skipped, ...]:
        """In the order of the first of each."""
        return tuple(Skipped(reason, self._counts[reason], tuple(first)) for reason, first in self._found.items())
