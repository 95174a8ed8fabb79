"""Numbers as other programs write them: decimal point or comma, thousands marks, words for what is missing."""

import math
import re
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Decimal = Literal[".", ","]

MOST_STRAYS = 0.2  # share of the filled cells of a column of numbers that may be something else

_FEW = 3  # numbers beside which one stray is a slip, or a unit below the header
_PLAIN = re.compile(r"[0-9+.eE\n-]*")  # what Python's `float` reads as we do; it takes 1_000 and ٣ too
_SPACES = "'’ \u00a0\u202f"  # thousands marks in any language
_NUMERALS = {
    decimal: re.compile(
        rf"[-+−]?(?:(?:[1-9][0-9]{{0,2}}(?P<mark>[{mark}{_SPACES}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*|[0-9]+)"
        rf"(?:{fraction})?|{re.escape(decimal)}[0-9]+)(?:[eE][-+−]?[0-9]+)?"
    )
    for decimal, mark, fraction in ((".", ",", r"\.[0-9]*"), (",", ".", ",[0-9]+"))
}
_MISSING = frozenset(
    {"", "na", "n/a", "nan", "null", "none", "nil", "<na>", "nat", "-", "--", "–", "?", ".", "missing"}
    | {"#n/a", "#value!", "#div/0!", "#ref!", "#name?", "#num!", "#null!"}
    | {sign + word for sign in ("", "+", "-", "−") for word in ("inf", "infinity", "∞")}
)


def number_of(cell: str, decimal: Decimal) -> float | None:
    """The finite number that the cell is; None for anything else."""
    found = _NUMERALS[decimal].fullmatch(cell)
    if not found:
        return None
    if found["mark"]:
        cell = cell.replace(found["mark"], "")
    number = float(cell.replace(",", ".").replace("−", "-"))
    return number if math.isfinite(number) else None


def is_missing(cell: str) -> bool:
    """Whether it is empty or a word for a number that is not there, infinity included."""
    return cell.casefold() in _MISSING


def has_mark(cell: str, decimal: Decimal) -> bool:
    """Whether it is a number with thousands marks."""
    found = _NUMERALS[decimal].fullmatch(cell)
    return found is not None and found["mark"] is not None


def numbers_of(cells: Sequence[str], decimal: Decimal) -> NDArray[np.float64]:
    """One for each cell, NaN where it is none."""
    found = _plain_numbers(cells, decimal)
    if found is None:
        read = (number_of(cell, decimal) for cell in cells)
        found = np.array([np.nan if number is None else number for number in read], np.float64)
    return found


def is_column_of_numbers(cells: Sequence[str], numbers: NDArray[np.float64]) -> bool:
    """Whether nearly all cells that are not missing are numbers."""
    count = int(np.isfinite(numbers).sum())
    if count == len(cells):
        return count > 0
    strays = sum(1 for cell, number in zip(cells, numbers, strict=True) if number != number and not is_missing(cell))
    return count > 0 and (strays <= MOST_STRAYS * (count + strays) or (strays == 1 and count >= _FEW))


def _plain_numbers(cells: Sequence[str], decimal: Decimal) -> NDArray[np.float64] | None:
    """The same ten times as fast, for a column without gaps and marks; None for another one."""
    text = "\n".join(cells)
    if decimal == ",":
        if "." in text or ",\n" in text + "\n":  # thousands; and "1," is no number
            return None
        text = text.replace(",", ".")
    if not _PLAIN.fullmatch(text):
        return None
    try:
        found = np.array(list(map(float, text.split("\n"))), np.float64)
    except ValueError:
        return None
    found[~np.isfinite(found)] = np.nan
    return found
