"""Compile every kernel before the first visitor comes; `python -m engine.warm_up` does it at build time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numba.core import event
from numpy.typing import DTypeLike

from engine.labs.adversarial import kernels as adversarial
from engine.labs.adversarial.settings import AdversarialSettings
from engine.labs.adversarial.trainer import AdversarialRun
from engine.labs.autoencoder.settings import AutoencoderSettings
from engine.labs.autoencoder.trainer import AutoencoderRun
from engine.labs.descent import kernels as descent
from engine.labs.descent.settings import DescentSettings
from engine.labs.descent.trainer import DescentRun
from engine.labs.digits.settings import DigitsSettings
from engine.labs.digits.trainer import DigitsTrainer
from engine.labs.plane.explanation import explain_step
from engine.labs.plane.landscape import Landscape, Wanted
from engine.labs.plane.neighbours import find_nearest, nearest
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.machine import kernels as machine
from engine.machine import row_by_row
from engine.machine.terrain import evaluate
from engine.matrices import kernels as matrices
from engine.matrices import stack_kernels
from engine.runs.path import Path
from engine.vectors import seedrandom
from engine.vectors.seedrandom import SeedRandom

Report = Callable[[str, int, int], None]  # what is ready now, the number ready, the number of all

_PARTS = 6


def warm_up(report: Report | None = None, dtype: DTypeLike = np.float32) -> None:
    """Compile the kernels or load them from the disk cache."""

    def done(what: str, number: int) -> None:
        if report:
            report(what, number, _PARTS)

    SeedRandom("").normals(1, 1.0)
    trainer = Trainer(Settings(hidden=(2,)), dtype)
    done("losses", 1)
    trainer.train(1)
    nearest(trainer.data.train)
    explain_step(trainer)
    trainer.change(Settings(hidden=(2,), order="shuffle"))
    explain_step(trainer)
    Landscape(trainer, Path(0)).picture(Wanted("weights"), 0)
    done("training", 2)
    digits = DigitsTrainer(DigitsSettings(digits=500, filters=(1,), filter_size=3, hidden=()), dtype)
    digits.train_steps(1)
    done("digits", 3)
    for numbers in {np.dtype(dtype), np.dtype(np.float64)}:  # sessions of this lab have float64
        race = DescentRun(DescentSettings(problem="line"), numbers)
        race.train_steps(1)
        race.model.descents[0].next_rate(1)
    done("descent", 4)
    AutoencoderRun(AutoencoderSettings(examples="ring", hidden=(), code=1), dtype).train_steps(1)
    done("autoencoder", 5)
    game = AdversarialRun(AdversarialSettings(), dtype)
    game.train_steps(1)
    game.model.drawn(0)
    game.model.arrows(game.model.fakes(game.model.noises(1, "")))
    done("adversarial", 6)


class _Once(event.Listener):
    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._has_acted = False

    def on_start(self, event: Any) -> None:  # noqa: ARG002
        if not self._has_acted:
            self._has_acted = True
            self._act()

    def on_end(self, event: Any) -> None:
        pass


@contextmanager
def when_compiling(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` once, when the first kernel has to be compiled; never if all come from the disk."""
    with event.install_listener("numba:compile", _Once(act)):
        yield


def compiled_signatures() -> int:
    """The number of compiled versions of the kernels; visitors must not make it grow."""
    own: tuple[Any, ...] = (machine.train, machine.watch, evaluate, find_nearest)
    kernels = (
        *own,
        *row_by_row.KERNELS,
        *seedrandom.KERNELS,
        *matrices.KERNELS,
        *stack_kernels.KERNELS,
        *descent.KERNELS,
        *adversarial.KERNELS,
    )
    return sum(len(kernel.signatures) for kernel in kernels)


if __name__ == "__main__":
    warm_up()
