"""Turns pydantic's errors into what the visitor is told."""

from pydantic import ValidationError

from engine.choices import Refused


def refused(error: ValidationError) -> Refused:
    """The first thing that pydantic found: which field, what came, what was expected."""
    first = error.errors(include_url=False)[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, Refused):
        return cause
    # The first part of the place is the kind of the message, which the visitor did not write as a field.
    place = [str(part) for part in first["loc"]]
    field = ".".join(place[1:] if place and place[0] in _kinds(error) else place)
    expected = first["msg"].removeprefix("Input should be ").partition(", unable to parse")[0]
    return Refused(field, first["input"], expected)


def _kinds(error: ValidationError) -> set[str]:
    kind = error.errors(include_url=False)[0]["loc"][:1]
    return {str(part) for part in kind} if error.title.startswith("tagged-union") else set()
