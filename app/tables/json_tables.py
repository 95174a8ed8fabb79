"""Tables as JSON: a list of objects or of rows, {"columns": […], "rows": […]}, or an object of columns."""

import json
from typing import Any

from app.tables.columns import table_of
from app.tables.encodings import clean
from app.tables.table import Table, Tally
from engine.choices import Refused

_EXPECTED = 'a list of objects, or {"columns": […], "rows": […]}'
_MOST_CELLS = 10**7  # objects may have one key each, all different
_Parts = tuple[str, list[str] | None, list[list[Any]], dict[str, Any]]
"""In words, header, rows, and what else is said."""
_ROWS = ("rows", "data")  # pandas says data


def is_json(text: str) -> bool:
    """Whether it begins as a list or an object does."""
    return text.lstrip()[:1] in {"[", "{"}


def read(text: str, max_rows: int, max_columns: int) -> Table:
    """Raises Refused."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refused("JSON", f"{error.msg} in line {error.lineno}, column {error.colno}", _EXPECTED) from None
    except RecursionError:
        raise Refused("JSON", "lists in lists in lists", _EXPECTED) from None
    except ValueError as error:  # a whole number longer than Python reads
        raise Refused("JSON", str(error)[:100], _EXPECTED) from None
    words, header, rows, extra = _parts(found)
    if len(rows) > max_rows:
        raise Refused("JSON", f"{len(rows):,} rows", f"at most {max_rows:,}")
    tally = Tally()
    width = len(header) if header is not None else max(map(len, rows), default=0)
    if width > max_columns:
        raise Refused("JSON", f"{width:,} columns", f"at most {max_columns}")
    kept: list[list[str]] = []
    places: list[int] = []
    for place, row in enumerate(rows, 1):
        if len(row) == width:
            kept.append([_cell(value, place) for value in row])
            places.append(place)
        else:
            tally.add(f"{len(row)} {'cell' if len(row) == 1 else 'cells'} instead of {width}", place)
    return table_of(kept, places, header, ".", words, tally, "row", extra)


def _parts(found: Any) -> _Parts:
    if isinstance(found, list) and found and all(isinstance(each, dict) for each in found):
        return _parts_of_objects(found)
    if isinstance(found, list) and found and all(isinstance(each, list) for each in found):
        return "JSON, a list of rows", None, found, {}
    if isinstance(found, dict) and found:
        name = next((name for name in _ROWS if isinstance(found.get(name), list)), None)
        columns = found.get("columns")
        if name and _are_names(columns) and all(isinstance(each, list) for each in found[name]):
            extra = {key: value for key, value in found.items() if key not in {"columns", name}}
            return "JSON, columns and rows", _clean(columns), found[name], extra
        if all(isinstance(each, list) for each in found.values()):
            return _parts_of_columns(found)
    raise Refused("JSON", _said(found), _EXPECTED)


def _parts_of_objects(found: list[dict[str, Any]]) -> _Parts:
    header = list(dict.fromkeys(key for each in found for key in each))
    if len(header) * len(found) > _MOST_CELLS:
        raise Refused("JSON", f"{len(header):,} columns in {len(found):,} objects", _EXPECTED)
    return "JSON, a list of objects", _clean(header), [[each.get(key) for key in header] for each in found], {}


def _parts_of_columns(found: dict[str, list[Any]]) -> _Parts:
    lengths = {len(each) for each in found.values()}
    if len(lengths) > 1:
        raise Refused("JSON", f"columns of {min(lengths):,} to {max(lengths):,} values", "as many in each")
    rows = [list(row) for row in zip(*found.values(), strict=True)]
    return "JSON, an object of columns", _clean(list(found)), rows, {}


def _are_names(columns: Any) -> bool:
    return isinstance(columns, list) and all(isinstance(each, str | int) for each in columns)


def _clean(names: Any) -> list[str]:
    return [clean(str(name)).strip() for name in names]


def _cell(value: Any, place: int) -> str:
    match value:
        case None:
            return ""
        case str():
            return (value if value.isprintable() else clean(value)).strip()  # "printable" is the quicker question
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
    raise Refused("JSON", f"{_said(value)} in row {place}", "a number or a text for each column")


def _said(value: Any) -> str:
    match value:
        case list():
            return "a list in a list" if value else "an empty list"
        case dict():
            return "an object" if value else "an empty object"
    return str(value)[:100]
