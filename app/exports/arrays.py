"""Arrays inside JSON: as numbers that people read, or as their bytes. Both are exact, and either can be read."""

import base64
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Said = dict[str, Any]  # an array as JSON has it

DTYPES = ("float32", "float64", "uint8", "int64")
MOST_NUMBERS = 2**20  # of an array; the largest that any lab has is a third of it
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}  # JSON has no numbers for these


def in_bytes(array: Array) -> Said:
    """Its type, shape and bytes, little-endian; where all numbers are the same, that number alone."""
    little = np.ascontiguousarray(_plain(array), array.dtype.newbyteorder("<"))
    head = {"dtype": array.dtype.name, "shape": list(array.shape)}
    if little.size and (little.tobytes() == little.ravel()[:1].tobytes() * little.size):
        return {**head, "all": in_numbers(little.ravel()[:1])[0]}
    return {**head, "base64": base64.b64encode(little.tobytes()).decode()}


def in_lists(array: Array) -> Said:
    """Its type and its numbers, row by row; an array without any needs its shape."""
    if array.size and not (array.ravel() == array.ravel()[0]).all():
        return {"dtype": array.dtype.name, "values": in_numbers(array)}
    return in_bytes(array)


def in_numbers(array: Array) -> Any:
    """As nested lists, with as few figures as tell each number from its neighbours of the same type."""
    if array.ndim > 1:
        return [in_numbers(row) for row in array]
    if array.dtype.kind != "f":
        return array.tolist()
    return [number if math.isfinite(number) else _word(number) for number in _shortest(array)]


def from_lists(numbers: Any, dtype: str) -> Array:
    """An array of nested lists. Raises ValueError, TypeError or OverflowError."""
    with np.errstate(over="ignore"):  # what is beyond float32 becomes infinite: its reader says whether that may be
        array: Array = np.array(_said_numbers(numbers, 4), _known(dtype))
    return array


def read(said: Mapping[str, Any]) -> Array:
    """An array that any of these functions has said. Raises ValueError, TypeError, KeyError or OverflowError."""
    kind = _known(said["dtype"])
    if "values" in said:
        return from_lists(said["values"], said["dtype"])
    shape = tuple(said["shape"])
    if not all(type(side) is int and side >= 0 for side in shape) or math.prod(shape) > MOST_NUMBERS:
        raise ValueError(f"shape {str(shape)[:60]} came, expected at most {MOST_NUMBERS:,} numbers")
    if "all" in said:
        return np.broadcast_to(from_lists([said["all"]], said["dtype"]), shape).copy()
    body = base64.b64decode(said["base64"], validate=True)
    return np.frombuffer(body, kind.newbyteorder("<")).astype(kind).reshape(shape)


def _plain(array: Array) -> Array:
    """With one NaN of all that there are: which one a computation gives depends on the machine."""
    return np.where(np.isnan(array), np.nan, array).astype(array.dtype) if array.dtype.kind == "f" else array


def _shortest(array: Array) -> list[float]:
    """Of a float32 those figures that lead back to it, which are fewer than those of the same float64."""
    if array.dtype != np.float32:
        exact: list[float] = array.tolist()
        return exact
    short = np.fromiter(map(float, map(str, array)), np.float64, len(array))  # half the time of `astype(str)`
    is_same = short.astype(np.float32) == array  # the way back rounds twice
    found: list[float] = np.where(is_same, short, array.astype(np.float64)).tolist()
    return found


def _word(number: float) -> str:
    return next(word for word, value in _NOT_FINITE.items() if value == number or (value != value and number != number))


def _said_numbers(said: Any, depth: int) -> Any:
    """Numbers alone, in lists of at most so many levels."""
    if isinstance(said, list) and depth:
        return [_said_numbers(each, depth - 1) for each in said]
    if isinstance(said, int | float) and not isinstance(said, bool):
        return said
    if isinstance(said, str) and said in _NOT_FINITE:
        return _NOT_FINITE[said]
    raise ValueError(f"{str(said)[:60]!r} came, expected a number")


def _known(dtype: Any) -> np.dtype[Any]:
    if dtype not in DTYPES:
        raise ValueError(f"dtype {str(dtype)[:60]!r} came, expected one of {', '.join(DTYPES)}")
    return np.dtype(str(dtype))
