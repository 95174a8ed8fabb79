"""Tables of the plane's page: what it is told of one that somebody brings, and its points as one to take home."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from app.labs.plane import written_points
from app.labs.plane.brought import arrays, examples
from app.labs.plane.table_preview import Preview, preview_of
from app.labs.plane.table_roles import Roles
from app.messages import Message
from app.tables.reading import MAX_BYTES, read_table
from engine.choices import Refused
from engine.labs.plane.datasets import Data, draw_data, given_data
from engine.labs.plane.given import give_classes, give_values, given_for
from engine.labs.plane.settings import Settings
from engine.runs.data import Given

__all__ = ["ANSWER", "FORMS", "MAX_BYTES", "arrays", "examples", "read", "write"]

ANSWER: type[Message] = Preview
FORMS: Mapping[str, str] = {"csv": "text/csv", "json": "application/json", "python": "text/x-python"}
"""Media types by name."""


def read(table: bytes | str, roles: str) -> Preview:
    """`roles`: `Roles` as JSON, or nothing for those that the columns seem to have. Raises Refused."""
    return preview_of(read_table(table), _roles(roles) if roles else None)


def write(settings: Settings, given: Given | None, form: str) -> str:
    """All points of an experiment in one of the forms, those for training first. Raises Refused."""
    known = given_for(settings, given)
    data = draw_data(settings) if known is None else given_data(settings, known)
    points, train = _all(data, settings, known), len(data.train)
    split = ["train"] * train + ["test"] * len(data.test)
    if form == "csv":
        return written_points.csv_of(points, split)
    if form == "json":
        return written_points.json_of(points, split=split)
    return written_points.python_of(points, train)


def _all(data: Data, settings: Settings, given: Given | None) -> Given:
    """In the order in which they are learned; drawn ones as exact as they are."""
    rows = [*data.train.tolist(), *data.test.tolist()]
    places = [row[:2] for row in rows]
    columns = given.columns if given else ()
    if settings.class_count == 0:
        return give_values(places, [row[2] for row in rows], columns)
    is_signed = settings.class_count <= 2  # the first of two is 1, the second -1
    labels = [(1 - row[2]) / 2 if is_signed else row[2] for row in rows]
    return give_classes(places, labels, columns, given.classes if given else ())


def _roles(text: str) -> Roles:
    try:
        return Roles.model_validate_json(text)
    except ValidationError as error:
        found: Any = error.errors(include_url=False)[0]
        field = ".".join(map(str, found["loc"])) or "roles"
        raise Refused(field, str(found["input"])[:100], found["msg"]) from None
