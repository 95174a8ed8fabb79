"""All that a link can say: settings, how the page shows them, own examples, and the trained weights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from numpy.typing import NDArray

from engine.choices import Refused
from engine.runs.data import Given

MAX_SPEED = 1e9  # epochs per second


def is_speed(value: object) -> bool:
    """Whether a page can train so many epochs per second; None is full speed."""
    return value is None or (
        isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= MAX_SPEED  # NaN is not
    )


@dataclass(frozen=True)
class View:
    """What a page shows beside the experiment, in every lab; a lab's own view derives from it. Raises Refused."""

    controls: ClassVar[Mapping[str, str]] = {}  # of the lab's page, which can be hidden: label by name
    lessons: ClassVar[frozenset[str]] = frozenset()  # the lab's, by their slugs
    numbers: ClassVar[Mapping[str, tuple[int, int]]] = {}  # bounds of the lab's own properties that are whole numbers
    texts: ClassVar[
        Mapping[str, tuple[Callable[[str], bool], str]]
    ] = {}  # its texts: which are good, and that in words
    first: ClassVar[tuple[str, ...]] = ()  # of the lab's own properties, those that links have before the ones here

    hide: tuple[str, ...] = ()  # controls that a lesson does without
    hide_text: bool = False  # the explanations too, as in a frame of a lesson's own page
    lesson: str = ""  # the slug of the lesson whose text is shown; "" for none
    speed: float | None = None  # epochs per second while playing; None is as fast as it goes
    log_loss: bool = False  # the loss chart's axes
    log_epoch: bool = True

    def __post_init__(self) -> None:
        for name in self.hide:
            if not self.is_control(name):
                raise Refused("hide", name, f"some of {', '.join(self.controls)}")
        if self.lesson and self.lesson not in self.lessons:
            raise Refused("lesson", self.lesson, f"one of {', '.join(sorted(self.lessons))}")
        if not is_speed(self.speed):
            raise Refused("speed", self.speed, f"a number above 0, at most {MAX_SPEED:,.0f}")
        self._check_own()

    def _check_own(self) -> None:
        for name, (low, high) in self.numbers.items():
            if not low <= getattr(self, name) <= high:
                raise Refused(name, getattr(self, name), f"a whole number from {low} to {high}")
        for name, (is_good, expected) in self.texts.items():
            if not is_good(getattr(self, name)):
                raise Refused(name, getattr(self, name), expected)

    @classmethod
    def is_control(cls, name: str) -> bool:
        """Whether a page can hide it."""
        return name in cls.controls

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """All properties, in the order in which links have them."""
        return (*cls.first, *(each.name for each in fields(cls) if each.name not in cls.first))


@dataclass(frozen=True, eq=False)
class Trained:
    """Weights as they were after so many epochs, as the run's `saved` gives them."""

    epoch: int
    parameters: NDArray[Any]


@dataclass(frozen=True)
class Experiment:
    """What a link opens: of the lab whose settings they are."""

    settings: Any  # the lab's own `Choices`
    view: Any  # the lab's own `View`
    trained: Trained | None = None
    given: Given | None = None  # the examples, if the settings draw none

    @property
    def lab(self) -> str:
        """Its name."""
        return str(self.settings.lab)
