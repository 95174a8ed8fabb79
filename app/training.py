"""Trains a model without a page, for the command line and for Python: from a link, settings and own examples."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from app.experiment import Experiment, Trained
from app.labs import FIRST, LABS
from app.labs.contract import Brought, Lab, LabEngine, Tables
from app.links import Link, expect_link, read_link, write_link
from app.sessions.checked_settings import build_settings
from engine.choices import Refused

if TYPE_CHECKING:  # a program that has not trained yet compiles no kernels
    from app.storage.checkpoint import Frozen
    from engine.labs.contract import LabRun

Dtype = Literal["float32", "float64"]
COMPILES_WITHIN = "up to a minute and a half on a busy machine"
Unit = Literal["epochs", "steps", "seconds"]
_MOST = 100_000_000  # of each
_REPORTS = 50  # how often a caller is told how far training is


@dataclass(frozen=True)
class Length:
    """How long to train: 100 epochs, or so many epochs, steps or seconds. Raises Refused."""

    epochs: int | None = None
    steps: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        given = {name: value for name, value in vars(self).items() if value is not None}
        if len(given) > 1:
            raise Refused(" and ".join(given), tuple(given.values()), "one of epochs, steps and seconds")
        for name, value in given.items():
            if not _is_amount(value, whole=name != "seconds"):
                raise Refused(name, value, f"a {'' if name == 'seconds' else 'whole '}number from 0 to {_MOST:,}")

    @property
    def amount(self) -> tuple[Unit, float]:
        """Of which unit how many."""
        if self.seconds is not None:
            return "seconds", float(self.seconds)
        if self.steps is not None:
            return "steps", self.steps
        return "epochs", 100 if self.epochs is None else self.epochs


@dataclass
class Training:
    """A run, and what is said of it: the same from the command line as from Python."""

    lab: Lab
    run: "LabRun"
    view: Any  # of its link, the lab's own
    dtype: str
    initial: dict[str, Any]  # the model before training
    notes: tuple[str, ...]  # what was repaired in the link, and what is to be known of own examples
    brought: Brought | None = None  # own examples that did not come with the link
    seconds: float = 0.0  # that training took so far

    @property
    def engine(self) -> LabEngine:
        """That of its lab."""
        return self.lab.engine

    def train(self, length: Length, report: Callable[[float], None] | None = None) -> None:
        """Train so long, shorter if training ends by itself. `report` is told the share that is done, now and then."""
        unit, whole = length.amount
        part = whole / _REPORTS if unit == "seconds" else max(whole // _REPORTS, 1)
        done = 0.0
        while done < whole and not self.run.has_ended:
            done += self._take(unit, min(part, whole - done))
            if report:
                report(min(done / whole, 1))

    def _take(self, unit: Unit, part: float) -> float:
        """Train a part; returns how much it was, in the same unit."""
        begun, taken = time.perf_counter(), 0
        if unit == "epochs":
            taken = self.run.train(int(part))
        elif unit == "steps":
            taken = self.run.train_steps(int(part))
        else:
            self.run.train_for(part)
        took = time.perf_counter() - begun
        self.seconds += took
        return took if unit == "seconds" else taken

    def losses(self) -> dict[str, float]:
        """By the lab's names; NaN over no examples."""
        return dict(zip(self.lab.losses, self.run.losses(), strict=True))

    def snapshot(self) -> dict[str, Any]:
        """The model as it is and its losses, for JSON."""
        losses = _finite(self.losses())
        return {**self.engine.snapshot(self.run), **{f"loss_{name}": loss for name, loss in losses.items()}}

    @property
    def warnings(self) -> list[str]:
        """What a reader of the figures should know, in sentences."""
        return [*self.notes, *_endings(self.run)]

    def as_json(self) -> dict[str, Any]:
        """What `hyperplane train --json` prints."""
        about = self.engine.about(self.run)
        settings = asdict(self.run.settings)  # type: ignore[call-overload]  # a dataclass
        return {
            **({} if self.lab is FIRST else self._measured()),
            **about,
            **({"data": _described(self.brought)} if self.brought else {}),
            "config": settings | about["config"] | {"dtype": self.dtype},
            "initial": self.initial,
            "final": self.snapshot(),
            "epochs": self.run.epoch,
            "warnings": self.warnings,
        }

    def _measured(self) -> dict[str, Any]:
        """What all labs but the first say, whose form was there before."""
        return {
            "lab": self.lab.name,
            "steps": self.run.step,
            "seconds": self.seconds,
            "losses": _finite(self.losses()),
            "metrics": _finite(self.engine.metrics(self.run)),
        }

    def link(self, *, weights: bool = False) -> str:
        """The experiment from its # on, with the weights as they are if wanted."""
        trained = Trained(self.run.epoch, self.run.saved()) if weights else None
        return write_link(Experiment(self.run.settings, self.view, trained, self.run.given))


def _is_amount(value: Any, *, whole: bool) -> bool:
    is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return is_number and 0 <= value <= _MOST and (not whole or value == int(value))  # NaN is not


def opened(name: str | None, link: str | None) -> Link:
    """What a link opens, or a lab's default experiment. Raises Refused."""
    if name is not None and name not in LABS:
        raise Refused("lab", name, f"one of {', '.join(LABS)}")
    lab = LABS[name] if name else None
    return read_link("", lab or FIRST) if link is None else expect_link(link, lab)


def begin(
    link: Link,
    changes: Mapping[str, Any],
    dtype: Dtype | None = None,
    brought: Brought | None = None,
) -> Training:
    """A run of what a link has opened, with some settings changed, at epoch 0 or with the weights that it brings.

    `brought`: own examples in place of the link's, from epoch 0 on. Raises Refused.
    """
    experiment, lab = link.experiment, link.lab
    settings = build_settings(lab.settings, changes, experiment.settings)
    kind = dtype or lab.dtype
    run = lab.engine.begin(settings, dtype=np.dtype(kind), given=experiment.given)
    if brought:
        run.learn(brought.given)
        _check_kept(changes, settings, run)
    elif trained := experiment.trained:
        run.load(trained.parameters, trained.epoch)
    repairs = (f"link: {repair}" for repair in link.repairs)
    notes = (f"data: {note}" for note in brought.notes) if brought else ()
    training = Training(lab, run, experiment.view, kind, {}, (*repairs, *notes), brought)
    return replace(training, initial=training.snapshot())


def go_on(frozen: "Frozen", changes: Mapping[str, Any]) -> Training:
    """A run from a moment on, with some settings changed and its own kind of numbers. Raises Refused."""
    from app.exports import moments  # noqa: PLC0415  it begins runs, whose kernels are compiled

    run, lab = moments.run_of(frozen), LABS[frozen.lab]
    if changes:
        run.change(build_settings(lab.settings, changes, run.settings))
    training = Training(lab, run, frozen.view, moments.dtype_of(frozen).name, {}, ())
    return replace(training, initial=training.snapshot())


def tables_of(lab: Lab) -> Tables:
    """How a lab takes own examples. Raises Refused if it takes none."""
    if lab.tables is None:
        raise Refused("data", "own examples", f"none: the examples of {lab.title} are its own")
    return lab.tables()


def examples_of_file(lab: Lab, file: Path, columns: Sequence[str] = (), how: str | None = None) -> Brought:
    """The examples of a table in a file. Raises Refused, also where there is none."""
    tables = tables_of(lab)
    try:
        size = file.stat().st_size
        if size > tables.MAX_BYTES:
            raise Refused("data", f"{size:,} bytes", f"a table of at most {tables.MAX_BYTES:,}")
        content = file.read_bytes()
    except OSError as error:
        raise Refused("data", str(file), f"a file with a table: {error.strerror}") from error
    return tables.examples(content, columns, how)


@contextmanager
def saying_that_it_compiles(say: Callable[[str], None], dtype: str) -> Iterator[None]:
    """Tells, in a sentence, if the engine has to be compiled for these numbers."""
    from engine.warm_up import when_compiling  # noqa: PLC0415  it compiles kernels

    with when_compiling(lambda: say(f"Compiling the engine for {dtype}: {COMPILES_WITHIN}, the first time only.")):
        yield


def said_stop(reason: str, epoch: int, value: float | None) -> str:
    """How a stop condition has ended training; no value: of a loss that was never finite."""
    figure = "of a loss that was never finite" if value is None else f"{value:g}"
    return f"ended at epoch {epoch:,} by its stop condition: {reason} {figure}"


def _check_kept(changes: Mapping[str, Any], asked: Any, run: "LabRun") -> None:
    """Own examples decide some settings; nobody may believe that they have others."""
    for name in changes:
        kept = getattr(run.settings, name)
        if kept != getattr(asked, name):
            raise Refused(name, changes[name], f"{kept!r}, as these examples have it, or nothing")


def _described(brought: Brought) -> dict[str, Any]:
    """How own examples were read: the points are told as they are learned, in the units of the picture."""
    ref = brought.given.ref
    return {"columns": ref.columns, "classes": ref.classes, "scaling": brought.scaling.model_dump(mode="json")}


def _finite(figures: Mapping[str, Any]) -> dict[str, Any]:
    """JSON knows no NaN, which is the loss over no points."""
    return {
        name: _finite(figure) if isinstance(figure, Mapping) else figure if math.isfinite(figure) else None
        for name, figure in figures.items()
    }


def _endings(run: "LabRun") -> list[str]:
    divergence, stop = run.divergence, run.stop
    if stop:
        return [f"training {said_stop(stop.reason, stop.epoch, stop.value)}"]
    if divergence is None:
        return []
    return [
        f"training diverged after step {divergence.step:,} (epoch {divergence.epoch:,}): the numbers became too large; "
        "the weights are the last finite ones"
    ]
