"""Reads a table, whatever program has written it: CSV and its relatives, a pasted range, JSON."""

from collections import Counter

from app.tables import dialects, json_tables
from app.tables.columns import table_of
from app.tables.dialects import DECIMALS, SAMPLE_ROWS, SEPARATORS, Dialect, usual_width
from app.tables.encodings import clean, decode
from app.tables.numerals import Decimal
from app.tables.table import Table, Tally
from engine.choices import Refused

MAX_BYTES = 4 * 1024 * 1024  # a hundred thousand rows of three columns, with 13 characters each
MAX_ROWS = 200_000
MAX_COLUMNS = 200


def read_table(table: bytes | str, separator: str | None = None, decimal: Decimal | None = None) -> Table:
    """A file's bytes, or pasted text. What is not given of the dialect is chosen. Raises Refused, and nothing else.

    It takes up to a second: not for the event loop.
    """
    size = len(table) if isinstance(table, bytes) else len(table.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise Refused("table", f"{size:,} bytes", f"at most {MAX_BYTES:,}")
    text, encoding = (table, "") if isinstance(table, str) else decode(table)
    text = clean(text)
    if text.startswith("#"):  # as NumPy writes a header
        text = " " + text[1:]
    if separator is None and json_tables.is_json(text):
        return json_tables.read(text, MAX_ROWS, MAX_COLUMNS)
    dialect = dialects.choose(text, separator, decimal)
    words = [SEPARATORS[dialect.separator], DECIMALS[dialect.decimal]]
    return _read(text, dialect, ", ".join([*words, *([encoding] if encoding else [])]))


def _read(text: str, dialect: Dialect, words: str) -> Table:
    rows: list[list[str]] = []
    places: list[int] = []
    for place, cells in dialect.rows(text):
        if len(rows) >= MAX_ROWS:
            raise Refused("table", f"more than {MAX_ROWS:,} rows", f"at most {MAX_ROWS:,}")
        if len(cells) > MAX_COLUMNS:
            raise Refused("table", f"{len(cells):,} columns in line {place}", f"at most {MAX_COLUMNS}")
        rows.append([cell.strip() for cell in cells])
        places.append(place)
    if not rows:
        raise Refused("table", "blank lines" if text else "nothing", "rows of numbers")
    tally = Tally()
    rows, places = _of_equal_width(rows, places, tally)
    return table_of(rows, places, None, dialect.decimal, words, tally, "line")


def _of_equal_width(rows: list[list[str]], places: list[int], tally: Tally) -> tuple[list[list[str]], list[int]]:
    """Without the rows of another width than most: their cells may stand in any column."""
    width = usual_width(Counter(map(len, rows[:SAMPLE_ROWS])))
    if all(len(cells) == width for cells in rows):
        return rows, places
    kept: list[list[str]] = []
    kept_places: list[int] = []
    for place, cells in zip(places, rows, strict=True):
        if len(cells) == width or (len(cells) > width and not any(cells[width:])):  # as spreadsheets fill rows up
            kept.append(cells[:width])
            kept_places.append(place)
        else:
            tally.add(f"{len(cells)} {'cell' if len(cells) == 1 else 'cells'} instead of {width}", place)
    return kept, kept_places
