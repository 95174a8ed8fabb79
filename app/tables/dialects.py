"""How a table as text is written: what separates cells, and what the decimal sign is. Chosen by what fits best."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.tables.numerals import Decimal, is_missing, number_of
from engine.choices import Refused

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
DECIMALS: dict[Decimal, str] = {".": "decimal points", ",": "decimal commas"}
Row = tuple[int, list[str]]  # the number of its first line, from 1, and its cells

SAMPLE_ROWS = 200  # that are looked at
_SAMPLE_CHARACTERS = 200_000  # the same
_SEP = re.compile(r'"?sep=(.)"?[ \t]*(?:\n|\Z)', re.IGNORECASE)
_FOREIGN = re.compile(r"[;\t|]")  # in a cell they mean that something else separates


@dataclass(frozen=True)
class Dialect:
    """How the cells are written."""

    separator: str
    decimal: Decimal
    starts: int = 0  # where the table begins in the text, behind Excel's sep= line
    first_line: int = 1

    def rows(self, text: str) -> Iterator[Row]:
        """All rows that are not blank. Raises Refused."""
        return _rows(text[self.starts :], self.separator, self.first_line)


def choose(text: str, separator: str | None = None, decimal: Decimal | None = None) -> Dialect:
    """The dialect that fits best, of those that are not given. Raises Refused."""
    starts = 0
    if said := _SEP.match(text):
        starts = said.end()
        separator = separator or said[1]
    if separator is not None and separator not in SEPARATORS:
        raise Refused("separator", separator, f"one of {', '.join(SEPARATORS.values())}")
    rest, first_line = text[starts:], 2 if said else 1
    separators = [separator] if separator else list(SEPARATORS)
    start = rest if len(rest) <= _SAMPLE_CHARACTERS else rest[: rest.rfind("\n", 1, _SAMPLE_CHARACTERS)]
    samples = [(each, _sample(start, each, first_line)) for each in separators]
    scored = [
        (_score(sample, sign, order), each, sign)
        for order, (each, sample) in enumerate(samples)
        for sign in _signs(sample, each, decimal)
    ]
    _, separator, decimal = max(scored, key=lambda each: each[0])
    return Dialect(separator, decimal, starts, first_line)


def _signs(sample: list[list[str]], separator: str, decimal: Decimal | None) -> list[Decimal]:
    """The decimal signs that may be; `max` takes the first of equals.

    1,234 alone can be both: a decimal comma where something else separates, else thousands.
    """
    if decimal:
        return [decimal]
    has_commas = any("," in cell and number_of(cell, ",") is not None for cells in sample for cell in cells)
    return [",", "."] if has_commas and separator != "," else [".", ","]


def _score(sample: list[list[str]], decimal: Decimal, order: int) -> tuple[float, float, int, int]:
    """The greater, the better: rows of equal width with numbers, no other separators in cells, many columns."""
    if not sample:
        return 0, 0, 0, -order
    widths = Counter(map(len, sample))
    width = usual_width(widths)
    if width == 1:  # found by no separator; nearly any fits
        return 0, 0, 0, -order
    body = [cells for cells in sample if len(cells) == width]
    cells = [cell for row in body[1:] or body for cell in row if not is_missing(cell)]
    if not cells:
        return 0, 0, width, -order
    numbers = sum(number_of(cell, decimal) is not None for cell in cells)
    foreign = sum(1 for cell in cells if _FOREIGN.search(cell))
    score = len(body) / len(sample) * (0.05 + numbers / len(cells))  # 0.05: a table of text has a width too
    return round(score, 9), -foreign / len(cells), width, -order


def usual_width(widths: Counter[int]) -> int:
    """How many cells most rows have."""
    return max(widths, key=lambda width: (widths[width], width))


def _sample(text: str, separator: str, first_line: int) -> list[list[str]]:
    """The first rows, as far as they can be read."""
    found = []
    try:
        for _, cells in itertools.islice(_rows(text, separator, first_line), SAMPLE_ROWS):
            found.append([cell.strip() for cell in cells])
    except Refused:  # another separator may be right, or reading all will say it
        return found
    return found


def _rows(text: str, separator: str, first_line: int) -> Iterator[Row]:
    lines: Iterable[str] = io.StringIO(text, newline="\n")
    if separator == " ":
        lines = (line.replace("\t", " ").strip() + "\n" for line in lines)
    # strict: a quote that is never closed would swallow the rest in silence
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
    before = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            is_open = "end of data" in str(error)
            what = "a quote that is never closed" if is_open else str(error)
            came = f"{what}, in line {before + first_line}"
            raise Refused("table", came, "quotes around the whole of a cell") from None
        if cells is None:
            return
        if any(cells) and "".join(cells).strip():
            yield before + first_line, cells
        before = reader.line_num
