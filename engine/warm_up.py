"""Compile every kernel before the first visitor comes; `python -m engine.warm_up` does it at build time."""

from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from engine.settings import Settings
from engine.trainer import Trainer

Report = Callable[[str, int, int], None]  # what has been made ready, how many, of how many


def warm_up(report: Report | None = None, dtype: DTypeLike = np.float32) -> None:
    """Compile the kernels or load them from the disk cache."""
    trainer = Trainer(Settings(hidden=(2,)), dtype)
    stages: tuple[tuple[str, Callable[[], object]], ...] = (
        ("training", lambda: trainer.train(1)),
        ("losses", trainer.losses),
        ("decision field", trainer.output_picture),
    )
    for done, (name, make) in enumerate(stages, start=1):
        make()
        if report:
            report(name, done, len(stages))


def compiled_signatures() -> int:
    """How many versions of the kernels exist: it must not grow with what visitors do."""
    from engine import machine

    return sum(len(kernel.signatures) for kernel in (machine.train, machine.evaluate, machine.field))


if __name__ == "__main__":
    warm_up()
