"""All that a link can say: settings, how the page shows them, and the trained weights."""

from dataclasses import dataclass, field, fields
from typing import Any

from numpy.typing import NDArray

from app.labs.plane.lessons import SLUGS
from app.pages.controls import CONTROLS, is_control
from engine.choices import Refused
from engine.labs.plane.settings import Settings

MAX_SPEED = 1e9  # epochs per second


def is_speed(value: object) -> bool:
    """Whether a page can train so many epochs per second; None is full speed."""
    return value is None or (
        isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= MAX_SPEED  # NaN is not
    )


@dataclass(frozen=True)
class View:
    """What the page shows beside the experiment. Raises Refused."""

    show_test: bool = False
    discretize: bool = False
    gradients: bool = False  # the figures of each layer
    hide: tuple[str, ...] = ()  # controls that a lesson does without
    hide_text: bool = False  # the explanations too, as in a frame of a lesson's own page
    lesson: str = ""  # the slug of the lesson whose text is shown; "" for none
    speed: float | None = None  # epochs per second while playing; None is as fast as it goes
    log_loss: bool = False  # the loss chart's axes
    log_epoch: bool = True
    errors: bool = False  # points that the network classifies wrongly are marked

    def __post_init__(self) -> None:
        for name in self.hide:
            if not is_control(name):
                raise Refused("hide", name, f"some of {', '.join(CONTROLS)}")
        if self.lesson and self.lesson not in SLUGS:
            raise Refused("lesson", self.lesson, f"one of {', '.join(sorted(SLUGS))}")
        if not is_speed(self.speed):
            raise Refused("speed", self.speed, f"a number above 0, at most {MAX_SPEED:,.0f}")


VIEW_NAMES: tuple[str, ...] = tuple(field.name for field in fields(View))


@dataclass(frozen=True, eq=False)
class Trained:
    """Weights as they were after so many epochs, as the trainer's `saved` gives them."""

    epoch: int
    parameters: NDArray[Any]


@dataclass(frozen=True)
class Experiment:
    """What a link opens."""

    settings: Settings = field(default_factory=Settings)
    view: View = field(default_factory=View)
    trained: Trained | None = None
