"""The flags of `hyperplane train`: one for each setting, as its declaration asks for it."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal, get_args, get_origin

import typer

from app.labs.contract import Lab
from engine.choices import Refused, Setting, settings_of

_TAKES = "flags"


def takes_settings(lab: Lab, command: Callable[..., None]) -> Callable[..., None]:
    """A command with a flag for each setting of a lab in place of its parameter `flags`, which gets those that came.

    What came is read, but not checked. Raises Refused for what cannot be read.
    """
    signature, settings = inspect.signature(command), settings_of(lab.settings)
    parameters = [
        parameter
        for own in signature.parameters.values()
        for parameter in (map(_flag, settings.values()) if own.name == _TAKES else [own])
    ]

    @wraps(command)
    def run(**given: Any) -> None:
        values = {name: given.pop(name) for name in settings}
        command(**given, **{_TAKES: {name: value for name, value in values.items() if value is not None}})

    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def read_flags(lab: Lab, flags: dict[str, Any]) -> dict[str, Any]:
    """The values of settings that flags ask for. Raises Refused."""
    settings = settings_of(lab.settings)
    return {name: _read(settings[name], value) for name, value in flags.items()}


def _flag(each: Setting) -> inspect.Parameter:
    kind = str if _is_spelled(each) else Literal[each.values] if each.unlisted else each.kind
    annotation = Annotated[kind | None, typer.Option(help=_help(each))]  # type: ignore[valid-type]
    return inspect.Parameter(each.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=annotation)


def _is_spelled(each: Setting) -> bool:
    """Whether typer has no type for it: it comes as a text, which is read here."""
    return each.is_list or get_origin(each.kind) not in {None, Literal}


def _help(each: Setting) -> str:
    if each.low is None or each.high is None:
        return each.what
    unit = " per cent" if each.number == "per-cent" else ""
    words = "".join(f"; {value} for {text.lower()}" for value, text in each.words.items())
    return f"{each.what} {each.low:,} to {each.high:,}{unit}{words}."


def _read(each: Setting, value: Any) -> Any:
    if not _is_spelled(each):
        return value
    if not each.is_list:
        return value if value in each.values else _number(each.name, value)
    item = get_args(each.kind)[0]
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if get_origin(item) is tuple:
        return tuple(_pair(each.name, part) for part in parts)
    if item is float:
        return tuple(_float(each.name, part) for part in parts)
    return tuple(_number(each.name, part) for part in parts) if item is int else tuple(parts)


def _pair(name: str, text: str) -> tuple[int, ...]:
    parts = text.split("-")
    if len(parts) != 2:
        raise Refused(name, text, "layer and neuron, as in 2-3")
    return tuple(_number(name, part) for part in parts)


def _float(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Refused(name, text, "numbers, by commas") from None


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Refused(name, text, "a whole number") from None
