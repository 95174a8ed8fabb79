"""Own points in a link: `points` has each as two or three 16-bit numbers and perhaps a byte, in base64.

With `dataset=own` a point is x, y and its class, 5 bytes; with `dataset=reg-own` x, y and its value, 6 bytes. Numbers
are whole steps of the grid that `engine/labs/plane/own_points.py` puts them on, so nothing is lost.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

import numpy as np
from numpy.typing import DTypeLike

from app.base64url import decoded, encoded
from engine.choices import Refused
from engine.labs.plane.given import MAX_POINTS, check, given_for
from engine.labs.plane.own_points import STEP, Names, is_own, own_points
from engine.runs.data import Given, Targets

__all__ = ["NAMES", "given_for", "read", "write"]

NAMES: tuple[str, ...] = ("points", "columns", "names", "formula")

_TARGETS: dict[str, Targets] = {"own": "classes", "reg-own": "values"}  # by data set
_ROWS: dict[Targets, DTypeLike] = {
    "classes": np.dtype([("at", "<i2", 2), ("label", "u1")]),
    "values": np.dtype([("at", "<i2", 2), ("label", "<i2")]),
}


def read(values: dict[str, str]) -> Given | None:
    """The points of a link, None if it has none. Raises Refused."""
    if "points" not in values:
        return None
    targets = _TARGETS.get(values.get("dataset", ""))
    if targets is None:
        raise Refused("points", f"points with the data set {values.get('dataset', '')!r}", " or ".join(_TARGETS))
    rows = _rows(values["points"], targets)
    labels = rows["label"].astype(np.float64) * (STEP if targets == "values" else 1)
    names = Names(_names(values, "columns"), _names(values, "names"))
    given = own_points(targets, rows["at"] * STEP, labels, names)
    given = replace(given, formula=unquote(values.get("formula", "")))
    check(given)
    return given


@lru_cache(maxsize=256)  # each state has the link
def write(given: Given) -> dict[str, str]:
    """What `read` reads, by name; nothing for points that are not on the grid, as another program may give them."""
    if not is_own(given):
        return {}
    rows = np.empty(given.ref.count, _ROWS[given.targets])
    labels = given.examples["labels"]
    rows["at"] = np.rint(given.examples["points"] / STEP)
    rows["label"] = np.rint(labels / STEP) if given.targets == "values" else labels
    said = {"points": encoded(rows.tobytes())}
    for name, words in (("columns", given.columns), ("names", given.classes)):
        if words:
            said[name] = ",".join(_word(word) for word in words)
    if given.formula:
        said["formula"] = _word(given.formula)
    return said


def _rows(text: str, targets: Targets) -> Any:
    """Raises Refused."""
    kind = np.dtype(_ROWS[targets])
    try:
        raw = decoded(text)
    except ValueError:
        raw = b""
    if not raw or len(raw) % kind.itemsize:
        expected = f"1 to {MAX_POINTS:,} points of {kind.itemsize} bytes each, in base64"
        raise Refused("points", f"{len(raw)} bytes", expected)
    return np.frombuffer(raw, kind)


def _word(word: str) -> str:
    """Any text, without a sign that a sentence around the link might have; a space for none, which `own_points` takes
    away again."""
    return quote(word or " ", safe="").replace(".", "%2E").replace("~", "%7E").replace("_", "%5F").replace("-", "%2D")


def _names(values: dict[str, str], name: str) -> tuple[str, ...]:
    text = values.get(name, "")
    return tuple(unquote(word) for word in text.split(",")) if text else ()
