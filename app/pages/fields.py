"""Makes the fields of a page in which visitors choose settings, from the settings' declarations."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.choices import Choices, Group, Number, Setting, in_groups

Texts = Mapping[str, tuple[str, str]]  # by setting: a value, and its text


@dataclass(frozen=True)
class Option:
    """A value of a list, and its text there."""

    value: str
    text: str
    is_standard: bool  # the default, if it is not the list's first option


@dataclass(frozen=True)
class Field:
    """A setting's control."""

    setting: Setting
    form: Literal["list", "box", "slider"]
    options: tuple[Option, ...]  # of a list
    others: tuple[tuple[str, str], ...]  # value and text of options that nobody can choose
    said: str  # the default, as the text beside a slider

    @property
    def id(self) -> str:
        """The id of its element in the page."""
        return self.setting.name.replace("_", "-")


def fields_of(settings: type[Choices], group: Group, without: Container[str], others: Texts) -> tuple[Field, ...]:
    """The fields of a part of the page in their order. Settings in `without` have no field there.

    `others`: options that nobody can choose, but that a list must show for some experiments.
    """
    return tuple(_field(each, others) for each in in_groups(settings, group) if each.name not in without)


def _field(each: Setting, texts: Texts) -> Field:
    if each.slider:
        return Field(each, "slider", (), (), _said(each.default, each.number))
    if each.kind is bool:
        return Field(each, "box", (), (), "")
    others = texts.get(each.name)
    return Field(each, "list", options_of(each), (others,) if others else (), "")


def options_of(each: Setting) -> tuple[Option, ...]:
    """The values that a list offers, in its order."""
    numbers = {_plain(value): each.words.get(value) or _said(value, each.number) for value in each.offers}
    words = {word: text for word, text in each.words.items() if isinstance(word, str)}
    texts = {**each.choices, **numbers, **words}
    if not texts:
        return ()
    first, standard = next(iter(texts)), "" if each.is_list else _plain(each.default)
    return tuple(Option(value, text, first != value == standard) for value, text in texts.items())


def _plain(value: float | str) -> str:
    """As JavaScript writes it: without an exponent, and a whole number without a point."""
    return value if isinstance(value, str) else f"{Decimal(repr(value)).normalize():f}"


def _said(value: float, number: Number | None) -> str:
    """The text of a number, as static/shell/number-kinds.js writes those that a list does not offer."""
    match number:
        case "share":
            return f"{_plain(round(value * 100, 9))} %"
        case "per-cent":
            return f"{_plain(value)} %"
        case "patience":
            return f"For {value:,} epochs"
        case "whole":
            return f"{value:,}"
    return _plain(value)
