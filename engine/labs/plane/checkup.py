"""Collects from a trainer the figures for a verdict on its run."""

import math
from collections.abc import Sequence

import numpy as np

from engine.labs.plane.diagnostics import size
from engine.labs.plane.examples import Examples
from engine.labs.plane.figures import layer_figures
from engine.labs.plane.health import Health, Vitals, diagnose, first_look
from engine.labs.plane.neighbours import misled
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.metrics import accuracy
from engine.machine.weights import Matrix


def examine(trainer: Trainer) -> Health:
    """The verdict on the present run. Changes nothing; takes a pass over 64 points and one over all training points."""
    samples, diverged = trainer.history.samples, trainer.divergence is not None
    at_once = first_look(trainer.settings, trainer.epoch, _since(trainer), samples, diverged=diverged)
    return at_once or diagnose(vitals(trainer))


def vitals(trainer: Trainer) -> Vitals:
    """All figures for a verdict."""
    settings, examples, network = trainer.settings, trainer.model.train_examples, trainer.network
    classes = settings.class_count
    with np.errstate(all="ignore"):  # shortly before training diverges
        layers = layer_figures(trainer)
        weight = min(size(matrix[:, :-1]) for matrix in network.matrices)
    return Vitals(
        settings=settings,
        epoch=trainer.epoch,
        since=_since(trainer),
        samples=trainer.history.samples,
        layers=layers,
        twins=_twins(network.matrices[:-1]),
        weight=weight,
        error=1 - accuracy(network.confusion(examples)) if classes else math.nan,
        neighbours=misled(examples.labels, examples.nearest, classes),
        baseline=_baseline(settings, examples),
        steps=examples.count // trainer.model.rule.batch_size,
        diverged=trainer.divergence is not None,
    )


def _since(trainer: Trainer) -> int:
    """The epoch of the last change, or the present one if the run has gone back before it."""
    return min(trainer.changed, trainer.epoch)


def _twins(hidden: Sequence[Matrix]) -> int:
    """The first hidden layer (from 1) whose neurons all have the same weights, and so the same gradients; else 0."""
    same = (number for number, rows in enumerate(hidden, start=1) if len(rows) > 1 and (rows == rows[0]).all())
    return next(same, 0)


def _baseline(settings: Settings, examples: Examples) -> float:
    """The mean loss of the best constant output."""
    if settings.objective == "squared-error":
        return examples.variance / 2
    _, counts = np.unique(examples.labels, return_counts=True)
    shares = counts / counts.sum()
    return float(-(shares * np.log(shares)).sum())
