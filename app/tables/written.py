"""Tables for other programs: CSV by RFC 4180, JSON, and a Python file with NumPy arrays."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

Cell = str | int | float


def csv_of(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """With a header, lines that end as the RFC has them, and each number written so that it is read as the same."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue()


def json_of(columns: Sequence[str], rows: Sequence[Sequence[Cell]], **extra: Any) -> str:
    """An object: what else is to be said, `columns`, and `rows`, each in a line of its own."""
    head = "".join(f"{json.dumps(key)}: {json.dumps(value)},\n" for key, value in extra.items())
    body = ",\n".join(json.dumps([_plain(cell) for cell in row]) for row in rows)
    return f'{{\n{head}"columns": {json.dumps(list(columns))},\n"rows": [\n{body}\n]\n}}\n'


def python_of(
    doc: str, columns: Sequence[str], points: Sequence[Sequence[Cell]], labels: Sequence[Cell], classes: Sequence[str]
) -> str:
    """Source that defines points (n, 2), labels (n,), and names: columns, classes. It imports NumPy alone."""
    body = "\n".join(
        f"        [{', '.join(repr(_plain(cell)) for cell in point)}, {_plain(label)!r}],"
        for point, label in zip(points, labels, strict=True)
    )
    return (
        f'"""{doc}"""\n\nimport numpy as np\n\n'
        f"columns = {list(columns)!r}\nclasses = {list(classes)!r}\n"
        f"table = np.array(\n    [\n{body}\n    ]\n)\n"
        f"points, labels = table[:, :2], table[:, 2]{'.astype(int)' * bool(classes)}\n"
    )


def _plain(cell: Cell) -> Cell:
    """Whole numbers without a point, and none of NumPy's types."""
    if isinstance(cell, str):
        return cell
    number = float(cell)
    return int(number) if number.is_integer() else number
