"""Trains an experiment anew with each of some seeds, in slices between the turns of its session."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.labs.contract import Lab
from app.protocol import MOST_SEEDS, Seeded, TrySeeds
from engine.choices import Refused
from engine.labs.contract import LabRun
from engine.runs.data import Given

_SLICE_SECONDS = 0.001  # of one turn: half as long as a slice of training
_TELL_SECONDS = 0.25


class SeedRuns:
    """One run at a time exists, and only its losses stay, so sixteen seeds take no more memory than one."""

    def __init__(
        self, wish: TrySeeds, lab: Lab, settings: Any, given: Given | None, begin: Callable[[Any, Given | None], LabRun]
    ) -> None:
        """`begin` makes a run. Raises Refused if the settings cannot have such a seed."""
        if len(wish.seeds) > MOST_SEEDS:
            raise Refused("seeds", f"{len(wish.seeds)} of them", f"at most {MOST_SEEDS}")
        self._seq, self._epochs = wish.seq, wish.epochs
        self._lab, self._given, self._begin = lab, given, begin
        self._left = [replace(settings, seed=seed) for seed in wish.seeds]
        self._run: LabRun | None = None
        self._told = -math.inf

    @property
    def has_work(self) -> bool:
        """Whether a seed is left."""
        return bool(self._left)

    def work(self, clock: Callable[[], float]) -> Seeded | None:
        """Train for a slice; what is to be said of it, if anything."""
        run = self._run = self._run or self._begin(self._left[0], self._given)
        if run.epoch < self._epochs and not run.has_ended:
            run.train_for(_SLICE_SECONDS, self._epochs - run.epoch)
        done = run.epoch >= self._epochs or run.has_ended
        if not done and clock() < self._told + _TELL_SECONDS:
            return None
        self._told = clock()
        said = self._said(run, done=done)
        if done:
            self._left.pop(0)
            self._run = None
        return said

    def _said(self, run: LabRun, *, done: bool) -> Seeded:
        seed: str = self._left[0].seed
        if not done:
            return Seeded(seq=self._seq, seed=seed, epoch=run.epoch, done=False)
        rows = [tuple(map(_finite, row)) for row in run.history.samples.tolist()]
        if run.epoch > run.history.last_epoch:  # the end has its losses too, where no sample is due
            rows.append((run.epoch, *map(_finite, run.losses())))
        return Seeded(
            seq=self._seq,
            seed=seed,
            epoch=run.epoch,
            done=True,
            diverged=run.divergence is not None,
            history=tuple(rows),
            metrics=_flat(self._lab.engine.metrics(run)),
        )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _flat(metrics: Any) -> dict[str, float | None]:
    """By name; of models side by side `model name`."""
    found: dict[str, float | None] = {}
    for name, value in metrics.items():
        if isinstance(value, dict):
            found |= {f"{name} {inner}": _finite(float(each)) for inner, each in value.items()}
        else:
            found[name] = _finite(float(value))
    return found
