"""Declares a setting in one place: default, bounds, words on the page and the terminal, and the cost of a change.

A dataclass of settings derives from `Choices` and gives each field a `setting`. Checks, flags, controls, links and the
steps of the Back button follow from these declarations.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Concatenate, Literal, ParamSpec, Self, TypeVar, get_args, get_origin

Cost = Literal["nothing", "rule", "batches", "network", "weights", "run"]
"""The most that a change makes anew, from cheap to dear; all that comes before it in the list may change too.

nothing: when training ends. rule: how a step is taken. batches: how the points fall into batches. network: what is
computed, with the same weights. weights: which weights there are; what can be kept is kept. run: training starts over.
"""
Group = Literal["data", "training", "structure", "optimizer", "regularization", "stop"]
"""Where the page has the control of a setting."""
Number = Literal["rate", "whole", "share", "per-cent", "patience"]
"""How a number is typed and said: 0.03, 1,000, 0.1 as 10 %, 10 as 10 %, 100 as “For 100 epochs”."""

Value = TypeVar("Value")
Parts = ParamSpec("Parts")

_KEY = "setting"


class Refused(ValueError):
    """A visitor's request that cannot be met, in words for the visitor."""

    def __init__(self, field: str, came: object, expected: str, place: tuple[int, int] | None = None) -> None:
        self.field = field
        self.came = came
        self.expected = expected
        self.place = place  # of what came in a longer text: its first character, from 0, and the one behind it
        super().__init__(f"{field}: {came!r} came, expected {expected}")

    def __reduce__(self) -> tuple[type["Refused"], tuple[Any, ...]]:
        """So that it passes from process to process."""
        return type(self), (self.field, self.came, self.expected, self.place)


def closest(name: str, known: Iterable[str]) -> str:
    """For a name that nothing has: "perhaps learning_rate; " to begin what was expected with; "" if none is near."""
    return "".join(f"perhaps {each}; " for each in difflib.get_close_matches(name, list(known), 1))


@dataclass(frozen=True)
class Slider:
    """A slider from `low` to `high`, beside a field that takes every allowed number."""

    low: float
    high: float
    field: str  # the field's accessible name


@dataclass(frozen=True, kw_only=True)
class Said:
    """The parts of a setting's declaration."""

    label: str  # of its control
    hint: str  # first sentence: what it is, for terminal and page; rest: when to change it, for the page alone
    costs: Cost  # the most that a change may cost
    low: float | None = None  # the bounds, both included
    high: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)  # the page's names of its values, in the page's order
    offers: tuple[float, ...] = ()  # the numbers in its list
    words: Mapping[float | str, str] = field(default_factory=dict)  # the list's words for a value
    number: Number | None = None  # how other numbers are typed; None if only those of the list are allowed
    slider: Slider | None = None
    group: Group | None = None  # None if the page has no control of its own for it
    after: str = ""  # the setting before it on the page, if that is not the one declared before it
    lecture: str = ""  # the parts of the lecture that are about it
    gradual: bool = False  # changed in many small steps, which together are one step for Back
    hidden_by: tuple[str, ...] = ()  # the controls that change it, if they have other names
    unlisted: tuple[str, ...] = ()  # words that nobody is offered, as they need more than a setting can say
    is_set: bool = False  # of a list: each item once and in the order of `choices`, however a link has them


@dataclass(frozen=True, kw_only=True)
class Setting(Said):
    """A declared setting, with its field's name, type and default."""

    name: str
    kind: Any  # its type
    default: Any

    @property
    def values(self) -> tuple[str, ...]:
        """The values that are words: all of a closed choice but the unlisted, else those beside numbers or items."""
        return tuple(word for word in _words_of(self.kind) if word not in self.unlisted)

    @property
    def is_list(self) -> bool:
        """Whether its value is a list of any length."""
        return get_origin(self.kind) is tuple

    @property
    def what(self) -> str:
        """The first sentence of its hint, which says what it is."""
        return self.hint.partition(". ")[0].rstrip(".") + "."

    @property
    def explanation(self) -> str:
        """Its whole hint, and the parts of the lecture about it."""
        return f"{self.hint} Lecture: {self.lecture}." if self.lecture else self.hint

    @property
    def controls(self) -> tuple[str, ...]:
        """The page's controls that change it, by default its own."""
        return self.hidden_by or (self.name,)

    def check(self, value: Any) -> None:
        """Raises Refused if `value` is not among the choices or lies outside the bounds. Trusts its type."""
        if get_origin(self.kind) is Literal and value not in (*self.values, *self.unlisted):
            raise Refused(self.name, value, f"one of {', '.join(self.values)}")
        if self.low is None or self.high is None or value in self.values:
            return
        if isinstance(value, bool) or not self.low <= value <= self.high:  # NaN lies in no range
            others = "".join(f', or "{word}"' for word in self.values)
            raise Refused(self.name, value, f"a number from {self.low:g} to {self.high:g}{others}")


def _words_of(kind: Any) -> Iterator[str]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
        return
    for part in get_args(kind):
        yield from _words_of(part)


def _declaring(said: Callable[Parts, Said]) -> Callable[Concatenate[Value, Parts], Value]:
    def declare(default: Value, /, *unnamed: Parts.args, **parts: Parts.kwargs) -> Value:
        return field(default=default, metadata={_KEY: said(*unnamed, **parts)})

    return declare


setting = _declaring(Said)
"""A field of a dataclass of settings: its default, then the parts of `Said` by name."""


class Choices:
    """The base of a frozen dataclass of settings. Raises Refused."""

    lab: ClassVar[str] = ""  # the name of the lab whose settings they are; nothing else says it of an experiment

    def __post_init__(self) -> None:
        """Check each setting by itself."""
        for each in settings_of(type(self)).values():
            each.check(getattr(self, each.name))

    def costs_of(self, other: Self) -> frozenset[Cost]:
        """What a change from these settings to others may cost; empty if they are equal."""
        return frozenset(
            each.costs
            for each in settings_of(type(self)).values()
            if getattr(self, each.name) != getattr(other, each.name)
        )


_known: dict[type[Any], dict[str, Setting]] = {}  # mypy lets `functools.cache` take no class


def settings_of(choices: type[Any]) -> dict[str, Setting]:
    """All settings by name, in the order of declaration, which is their order in links too."""
    if choices not in _known:
        _known[choices] = {
            each.name: Setting(**vars(each.metadata[_KEY]), name=each.name, kind=each.type, default=each.default)
            for each in fields(choices)
        }
    return _known[choices]


def in_groups(choices: type[Any], *groups: Group) -> tuple[Setting, ...]:
    """The settings with a control in these groups, as the page arranges them."""
    return tuple(each for group in groups for each in _arranged(choices) if each.group == group)


def _arranged(choices: type[Any], after: str = "") -> Iterator[Setting]:
    """In the order of declaration, but each right behind its `after`."""
    for each in settings_of(choices).values():
        if each.after == after:
            yield each
            yield from _arranged(choices, each.name)
