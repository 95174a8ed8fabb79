"""A lab of one number that descends a parabola: all that a lab must bring, in NumPy and Python alone."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from app.experiment import View
from app.labs.contract import Lab, LabEngine, Shown, Tensors, Wish
from app.labs.lesson import Chapter, Lesson
from app.messages import Edit, Look, Message
from engine.choices import Choices, Refused, setting
from engine.labs.contract import LabRun
from engine.runs import settings as run_settings
from engine.runs.data import Given
from engine.runs.moment import Place, State

_GRID = 3  # lines


@dataclass(frozen=True)
class ToySettings(Choices):
    lab: ClassVar[str] = "toy"
    start: float = setting(4, label="Start", hint="Where it begins.", low=-9, high=9, costs="run")
    rate: float = setting(0.1, label="Rate", hint="The share that a step takes away.", low=0, high=9, costs="rule")
    word: str = setting("", label="Word", hint="Any text.", costs="nothing")
    stop_epochs: int = run_settings.stop_epochs()
    stop_loss: float = run_settings.stop_loss()
    stop_accuracy: float = run_settings.stop_accuracy()
    stop_plateau: int = run_settings.stop_plateau()
    stop_set: run_settings.StopSet = run_settings.stop_set()


class Parabola:
    """Its height is w² / 2, so that the slope at w is w; seen from the other side it is (w - 1)² / 2."""

    steps_in_epoch = 2
    nbytes = 8

    def __init__(self, settings: Any) -> None:
        self.settings = settings
        self.w = np.array([settings.start], np.float64)

    def take(self, place: Place, steps: int) -> bool:  # noqa: ARG002  every step is the same
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(steps):
                self.w -= self.settings.rate * self.w
        return bool(np.isfinite(self.w).all())

    def losses(self) -> tuple[float, float]:
        with np.errstate(over="ignore"):
            return self.loss(), float((self.w[0] - 1) ** 2 / 2)

    def loss(self) -> float:
        with np.errstate(over="ignore"):
            return float(self.w[0] ** 2 / 2)

    def watched(self, losses: tuple[float, ...]) -> tuple[float, float]:
        return losses[0], math.nan

    def largest(self) -> tuple[int, float]:
        return 1, abs(float(self.w[0]))

    def state(self) -> State:
        return State({"w": self.w.copy()}, {"pushes": 0})

    def restore(self, state: State) -> None:
        self.w[:] = state.tensors["w"]


class ToyRun(LabRun):
    model: Parabola

    def __init__(self, settings: ToySettings) -> None:
        super().__init__(Parabola(settings))
        self.starts = 1
        self.counted = 0  # lines of the grid, one in each turn
        self.begin(epoch=0)

    @property
    def settings(self) -> ToySettings:
        settings: ToySettings = self.model.settings
        return settings

    def losses(self) -> tuple[float, float]:
        return self.model.losses()

    def change(self, settings: ToySettings) -> bool:
        is_new = settings.start != self.settings.start
        self.model.settings = settings
        if is_new:
            self.reset()
        else:
            self.go_on()
        return is_new

    def reset(self) -> None:
        self.starts += 1
        self.model.w[:] = self.settings.start
        self.begin(epoch=0)

    def push(self, by: float) -> None:
        self.model.w += by
        self.go_on()

    def saved(self) -> NDArray[Any]:
        return self.model.w.astype(np.float32)

    def load(self, saved: NDArray[Any], epoch: int) -> None:
        self.model.w[:] = saved
        self.begin(epoch)


class Push(Edit):
    """Move the number."""

    type: Literal["push"] = "push"
    by: float

    def apply(self, run: ToyRun) -> None:
        if abs(self.by) > 9:
            raise Refused("by", self.by, "at most 9")
        run.push(self.by)


class Halve(Edit):
    """Halve the number, and pause."""

    pauses: ClassVar[bool] = True
    type: Literal["halve"] = "halve"

    def apply(self, run: ToyRun) -> None:
        run.push(-run.model.w[0] / 2)


class Again(Edit):
    """Start over, and go on."""

    type: Literal["again"] = "again"

    def apply(self, run: ToyRun) -> None:
        run.reset()


class Peek(Look):
    """Ask for the height at a place."""

    type: Literal["peek"] = "peek"
    at: float | None


class ToyFacts(Message):
    """Of the parabola."""

    lowest: float


@dataclass(frozen=True)
class ToyView(View):
    controls = {"play": "Play", "rate": "Rate"}  # noqa: RUF012  those of View are a ClassVar
    lessons = frozenset({"slope"})

    grid: bool = False


class ToyEngine:
    """What `LabEngine` asks for."""

    def begin(
        self,
        settings: Any,
        parameter_limit: int | None = None,  # noqa: ARG002
        dtype: DTypeLike = np.float64,  # noqa: ARG002
        given: Given | None = None,  # noqa: ARG002  it learns none
    ) -> ToyRun:
        return ToyRun(settings)

    def facts(self, run: ToyRun) -> ToyFacts:  # noqa: ARG002
        return ToyFacts(lowest=0)

    def material(self, run: ToyRun) -> Tensors:  # noqa: ARG002
        return {"curve": np.linspace(-9, 9, 5) ** 2 / 2}

    def show(self, run: ToyRun, wish: Wish) -> Shown:
        peek = wish.looks.get("peek")
        tensors: Tensors = {"w": run.model.w.copy()}
        if peek and peek.at is not None:
            tensors["height"] = np.array([peek.at**2 / 2])
        return Shown(tensors, run.losses(), {"grid": str(wish.view.grid), "counted": str(run.counted)})

    def has_work(self, run: ToyRun, wish: Wish) -> bool:
        return wish.view.grid and run.counted < _GRID

    def work(self, run: ToyRun, wish: Wish, seconds: float) -> None:  # noqa: ARG002
        run.counted += 1

    def verdict(self, run: ToyRun) -> str:  # noqa: ARG002
        return ""

    def layout(self, run: ToyRun) -> tuple[object, ...]:
        return (run.starts,)

    def check_focus(self, run: ToyRun, view: Any, focus: tuple[int, int]) -> None:  # noqa: ARG002
        raise Refused("unit", list(focus), "nothing: there are no units")

    def work_of_an_epoch(self, run: ToyRun) -> int:
        return run.steps_in_epoch

    def is_large(self, run: ToyRun) -> bool:  # noqa: ARG002
        return False

    def page(self) -> Mapping[str, Any]:
        return {"greeting": "A toy"}

    def about(self, run: ToyRun) -> dict[str, Any]:  # noqa: ARG002
        return {"config": {"power": 2}}

    def snapshot(self, run: ToyRun) -> dict[str, Any]:
        return {"w": float(run.model.w[0])}

    def rows(self, run: ToyRun) -> dict[str, str]:
        return {"rate": str(run.settings.rate)}

    def metrics(self, run: ToyRun) -> dict[str, float]:
        return {"number": float(run.model.w[0])}

    def scores(self, run: ToyRun) -> dict[str, str]:
        return {"w": f"{run.model.w[0]:.3f}"}


def load() -> LabEngine:
    return ToyEngine()


TOY = Lab(
    name=ToySettings.lab,
    title="Toy",
    path="/toy",
    template="toy.html",
    settings=ToySettings,
    view=ToyView,
    facts=ToyFacts,
    losses=("near", "far"),
    load=load,
    most_parameters=1,
    limits=lambda _: {"numbers": 1},
    saved_count=lambda _: 1,
    fitted=lambda *_: None,
    edits=(Push, Halve, Again),
    looks=(Peek,),
    chapters=(Chapter("Down", (Lesson("slope", "A slope", "start=1", "It falls.", lab=ToySettings.lab),)),),
    explanations={"rate": "How far a step goes."},
)
