"""What is wrong with a flag of the command line, in the words of our other errors: what came, what was expected."""

import re

import typer

UsageError: type[Exception] = typer.BadParameter.__mro__[1]  # public under this name only

_KINDS = {"integer": "a whole number", "int": "a whole number", "float": "a number", "boolean": "true or false"}


def error_line(error: Exception) -> str:
    """One line for what typer found."""
    message = " ".join(str(getattr(error, "message", error)).split())
    name: str | None = getattr(getattr(error, "param", None), "name", None)
    if name is None:
        return message.rstrip(".")
    if found := re.fullmatch(r"'(.*)' is not a valid (\w+)\.?", message):
        return f"{name}: {found[1]!r} came, expected {_KINDS.get(found[2], found[2])}"
    if found := re.fullmatch(r"'(.*?)' is not one of (.*?)\.?", message):
        return f"{name}: {found[1]!r} came, expected one of {found[2].replace(chr(39), '')}"
    if found := re.fullmatch(r"(\S+) is not in the range (.*?)\.?", message):
        return f"{name}: {found[1]} came, expected {found[2]}"
    return f"{name}: {message.rstrip('.')}"
