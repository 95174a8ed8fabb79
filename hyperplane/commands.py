"""Makes methods of messages: a command of the protocol becomes a method with its fields as arguments and its words."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, get_origin, get_type_hints

from pydantic import ValidationError

from app.labs.contract import Lab
from app.messages import Command, Look, Message
from app.protocol import CORE
from app.sessions.refusals import refused
from engine.choices import Refused, closest, settings_of
from hyperplane.plain import plain

# What a connection says by itself, and what is answered by more than a state, for which a program has `link` and
# `hyperplane.train`:
_NOT_SAID = {"hello", "ack", "visible", "take-home", "open-moment", "try-seeds"}
_OWN = {"type", "seq"}  # fields that no caller gives


class _Unchanged:
    def __repr__(self) -> str:
        return "unchanged"


Said = Command | Look  # what a session is told, and what it is asked to show
Kind = TypeVar("Kind", bound=Message)


def commands_of(lab: Lab) -> dict[str, type[Said]]:
    """All that a session of the lab can be told or asked to show, by the protocol's names."""
    kinds = (kind for kind in (*CORE, *lab.edits, *lab.looks) if issubclass(kind, Command | Look))
    return {name: kind for kind in kinds if (name := name_of(kind)) not in _NOT_SAID}


def name_of(kind: type[Message]) -> str:
    """As the protocol has it."""
    return str(kind.model_fields["type"].default)


def built(kind: type[Kind], fields: Mapping[str, Any]) -> Kind:
    """The message. Raises Refused, in the words of the server."""
    known = [name for name in kind.model_fields if name not in _OWN]
    for name in fields:
        if name not in known and kind.model_config["extra"] != "allow":
            said = f"a field of {name_of(kind)}: one of {', '.join(known)}" if known else f"no field of {name_of(kind)}"
            raise Refused(name, fields[name], f"{closest(name, known)}{said}")
    try:
        return kind.model_validate(plain(dict(fields)))
    except ValidationError as error:
        raise refused(error) from None


def named(kinds: Mapping[str, type[Said]], name: str) -> type[Said]:
    """One of the kinds. Raises Refused."""
    if name not in kinds:
        raise Refused("type", name, f"{closest(name, kinds)}one of {', '.join(kinds)}")
    return kinds[name]


def method_of(kind: type[Said]) -> Callable[..., None]:
    """A method of a session, with the command's fields as arguments and its description as help."""
    fields = {name: each for name, each in kind.model_fields.items() if name not in _OWN}
    types = get_type_hints(kind)  # without the bounds, which the descriptions have
    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=inspect.Parameter.empty if each.is_required() else each.default,
            annotation=types[name],
        )
        for name, each in fields.items()
    ]
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    signature = inspect.Signature([own, *parameters], return_annotation=None)

    def method(self: Any, /, *arguments: Any, **by_name: Any) -> None:
        given = signature.bind(self, *arguments, **by_name).arguments
        self._say(built(kind, {name: value for name, value in given.items() if name != "self"}))

    words = [f"    {name}: {each.description}" for name, each in fields.items() if each.description]
    return _dressed(method, name_of(kind).replace("-", "_"), signature, "\n".join([inspect.getdoc(kind) or "", *words]))


def settings_method(lab: Lab) -> Callable[..., None]:
    """The method that changes settings, with each of the lab as an argument."""
    settings = settings_of(lab.settings)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=_Unchanged(), annotation=each.kind)
        for name, each in settings.items()
    ]
    signature = inspect.Signature([own, *parameters], return_annotation=None)

    def method(self: Any, /, **changes: Any) -> None:
        self._change(changes)

    what = "Change some settings. What cannot be kept begins anew; the rest applies while it runs. Raises Refused."
    words = (f"    {name}: {_bounded(each)}" for name, each in settings.items())
    return _dressed(method, "set", signature, "\n".join([what, "", *words]))


def _bounded(each: Any) -> str:
    bounds = "" if each.low is None or each.high is None else f" {each.low:,} to {each.high:,}."
    choices = f" One of {', '.join(each.values)}." if get_origin(each.kind) is Literal else ""
    lists = f" A list, such as {list(each.default)!r}." if each.is_list else ""
    return f"{each.what.replace(', separated by commas', '')}{bounds}{choices}{lists}"


def _dressed(method: Any, name: str, signature: inspect.Signature, doc: str) -> Callable[..., None]:
    method.__name__ = method.__qualname__ = name
    method.__signature__ = signature
    method.__doc__ = doc.strip()
    dressed: Callable[..., None] = method
    return dressed


def with_methods(base: type[Any], lab: Lab) -> type[Any]:
    """The class of a lab's sessions: `base` with a method for each command that it does not cover already."""
    methods: dict[str, Any] = {"set": settings_method(lab)}
    for name, kind in commands_of(lab).items():
        method = method_of(kind)
        if name not in base.COVERED and not hasattr(base, method.__name__):
            methods[method.__name__] = method
    return type(base.__name__, (base,), {"__doc__": base.__doc__, "__module__": base.__module__, **methods})
