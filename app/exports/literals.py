"""Numbers as Python source: each is read back as the same, and long lists break into lines."""

import math
from collections.abc import Sequence
from textwrap import fill
from typing import Any

from numpy.typing import NDArray

WIDTH = 110


def vector(numbers: NDArray[Any], indent: int = 0, taken: int = 0) -> str:
    """A list (n,), in lines of at most `WIDTH`. `indent` is that of its first line, in which `taken` columns are taken
    by what is in front of it."""
    return _listed([number_of(number) for number in numbers], indent, max(indent, taken))


def matrix(rows: NDArray[Any], indent: int = 0) -> str:
    """A list of lists (n, m), a row or more lines each."""
    if not rows.size:
        return repr(rows.tolist())
    inside = " " * (indent + 4)
    lines = "".join(f"{inside}{vector(row, indent + 4)},\n" for row in rows)
    return f"[\n{lines}{' ' * indent}]"


def number_of(number: Any) -> str:
    """The shortest text that is this number in its own precision: nine figures or fewer in float32.

    What is not finite is said by Python's module math.
    """
    value = float(number)
    if not math.isfinite(value):
        return "math.nan" if math.isnan(value) else f"{'-' * (value < 0)}math.inf"
    return str(number).removesuffix(".0")


def _listed(words: Sequence[str], indent: int, taken: int) -> str:
    line = f"[{', '.join(words)}]"
    if taken + len(line) < WIDTH:  # a comma may follow
        return line
    inside = " " * (indent + 4)
    body = fill(", ".join(words), WIDTH, initial_indent=inside, subsequent_indent=inside, break_on_hyphens=False)
    return f"[\n{body},\n{' ' * indent}]"
