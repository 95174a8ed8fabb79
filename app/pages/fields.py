"""The fields of the page in which settings are chosen, as their declarations ask for them."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.choices import Choices, Group, Number, Setting, in_groups

Texts = Mapping[str, tuple[str, str]]  # by setting: a value, and its text


@dataclass(frozen=True)
class Option:
    """A value of a list, and what the list says."""

    value: str
    text: str
    is_standard: bool  # the one that the list begins with


@dataclass(frozen=True)
class Field:
    """A setting's control."""

    setting: Setting
    form: Literal["list", "box", "slider"]
    options: tuple[Option, ...]  # of a list
    others: tuple[tuple[str, str], ...]  # value and text of what cannot be chosen
    said: str  # the default as a slider says it

    @property
    def id(self) -> str:
        """Of its element in the page."""
        return self.setting.name.replace("_", "-")


def fields_of(settings: type[Choices], group: Group, without: Container[str], others: Texts) -> tuple[Field, ...]:
    """Those of a part of the page in their order, without some that have no field there.

    `others`: what nobody chooses, but a list has to say of some experiments.
    """
    return tuple(_field(each, others) for each in in_groups(settings, group) if each.name not in without)


def _field(each: Setting, texts: Texts) -> Field:
    if each.slider:
        return Field(each, "slider", (), (), _said(each.default, each.number))
    if each.kind is bool:
        return Field(each, "box", (), (), "")
    others = texts.get(each.name)
    return Field(each, "list", _options(each), (others,) if others else (), "")


def _options(each: Setting) -> tuple[Option, ...]:
    numbers = {_plain(value): each.words.get(value) or _said(value, each.number) for value in each.offers}
    words = {word: text for word, text in each.words.items() if isinstance(word, str)}
    texts = {**each.choices, **numbers, **words}
    first, standard = next(iter(texts)), _plain(each.default)
    return tuple(Option(value, text, first != value == standard) for value, text in texts.items())


def _plain(value: float | str) -> str:
    """As JavaScript writes it: without an exponent, a whole number without a point."""
    return value if isinstance(value, str) else f"{Decimal(repr(value)).normalize():f}"


def _said(value: float, number: Number | None) -> str:
    """As static/shell/number-kinds.js says numbers that a list does not offer."""
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
