"""What is wrong with a flag of the command line, in the words of our other errors: what came, what was expected."""

import re
from collections.abc import Sequence
from itertools import pairwise

import typer

UsageError: type[Exception] = typer.BadParameter.__mro__[1]  # public under this name only


def error_line(error: Exception, arguments: Sequence[str]) -> str:
    """One line for what typer found wrong with the arguments."""
    message = " ".join(str(getattr(error, "message", error)).split()).rstrip(".").removeprefix("Value error, ")
    param = getattr(error, "param", None)
    name: str | None = getattr(param, "name", None)
    if name is None:
        return message
    if not message:
        return f"{name}: nothing came, expected a value: see `--help`"
    came = value_of(getattr(param, "opts", ()), arguments)
    if found := re.fullmatch(r"'.*?' is not one of (.*)", message):
        return f"{name}: {came!r} came, expected one of {found[1].replace(chr(39), '')}"
    return f"{name}: {came!r} came, expected {message.removeprefix('Input should be ').partition(', unable')[0]}"


def value_of(flags: Sequence[str], arguments: Sequence[str]) -> str:
    """The last value that one of the flags was given, "" for none; typer does not tell."""
    value = ""
    for word, following in pairwise([*arguments, ""]):
        flag, equals, text = word.partition("=")
        if flag in flags:
            value = text if equals else following
    return value
