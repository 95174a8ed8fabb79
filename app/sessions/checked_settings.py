"""Builds settings and views from names and values that come from outside, and checks them."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.experiment import View
from app.sessions.refusals import refused
from engine.choices import Choices, Refused, closest, settings_of

Chosen = TypeVar("Chosen", bound=Choices)
Seen = TypeVar("Seen", bound=View)


def build_settings(kind: type[Chosen], changes: Mapping[str, Any], base: Chosen | None = None) -> Chosen:
    """A lab's settings with some changed. Raises Refused."""
    _check_names(changes, tuple(settings_of(kind)), "a setting")
    before: Any = base or kind()
    settings: Chosen = _built(kind, {**asdict(before), **changes})
    return settings


def changed_view(view: Seen, changes: Mapping[str, Any]) -> Seen:
    """The view with a message's changes: None changes nothing, and a message cannot change `speed`. Raises Refused."""
    _check_names(changes, tuple(name for name in view.names() if name != "speed"), "what the page shows")
    said = {name: value for name, value in changes.items() if value is not None}
    seen: Seen = _built(type(view), {**asdict(view), **said}) if said else view
    return seen


def _check_names(changes: Mapping[str, Any], names: Collection[str], what: str) -> None:
    for name, value in changes.items():
        if name not in names:
            raise Refused(name[:40], value, f"{closest(name[:40], names)}{what}: one of {', '.join(names)}")


def _built(kind: type[Any], values: dict[str, Any]) -> Any:
    try:
        return _adapter_of(kind).validate_python(values)
    except ValidationError as error:
        raise _listed(kind, refused(error)) from error


def _listed(kind: type[Any], refusal: Refused) -> Refused:
    """Pydantic offers every word that a setting can be, also those that no list has."""
    each = settings_of(kind).get(refusal.field) if issubclass(kind, Choices) else None
    if each is None or not each.unlisted:
        return refusal
    *others, last = map(repr, each.values)
    return Refused(refusal.field, refusal.came, f"{', '.join(others)} or {last}")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}  # not by `functools.cache`: mypy lets it take no class


def _adapter_of(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
