"""Explains the next step of a run in the plane, and single points of it. Nothing of the run changes.

The step itself is `Trainer.train_steps(1)`.
"""

import numpy as np

from engine.choices import Refused
from engine.labs.plane.features import evaluate_features
from engine.labs.plane.trainer import Trainer
from engine.machine import explain
from engine.machine.explanation import Explanation, Numbers


def explain_step(trainer: Trainer) -> Explanation:
    """The mean over the next batch: what `train_steps(1)` does next, bit for bit."""
    model, place = trainer.model, trainer.place
    with np.errstate(over="ignore", invalid="ignore"):
        return explain.explain_batch(trainer.network, model.train_examples, model.rule, place.batch_step, place.step)


def explain_example(trainer: Trainer, number: int) -> Explanation:
    """One training point, from 0, and the step that it alone would be. Raises Refused."""
    count = len(trainer.data.train)
    if not 0 <= number < count:
        raise Refused("example", number, f"a number from 0 to {count - 1}")
    x, y, label = trainer.data.train[number]
    return _explain(trainer, x, y, label, np.array([number]))


def explain_point(trainer: Trainer, x: float, y: float, label: float | None = None) -> Explanation:
    """A place of the plane; with a label also its loss, and the step that it alone would be. Raises Refused.

    Labels are those of the points: -1 or 1 in two classes, the class from 0 in several, any number in a regression.
    """
    if not (np.isfinite(x) and np.isfinite(y)):
        raise Refused("point", f"{x}, {y}", "two finite numbers")
    if label is not None:
        _check_label(trainer, label)
    return _explain(trainer, x, y, label, None)


def _check_label(trainer: Trainer, label: float) -> None:
    classes = trainer.settings.class_count
    if not classes and not np.isfinite(label):
        raise Refused("label", label, "a finite number")
    allowed = (-1.0, 1.0) if classes == 2 else tuple(range(classes))
    if classes and label not in allowed:
        raise Refused("label", label, f"one of {', '.join(f'{each:g}' for each in allowed)}")


def _explain(trainer: Trainer, x: float, y: float, label: float | None, numbers: Numbers | None) -> Explanation:
    model, network = trainer.model, trainer.network
    columns = evaluate_features(trainer.settings.features, np.array([x]), np.array([y])).astype(network.dtype)
    targets = None if label is None else np.array([label])
    with np.errstate(over="ignore", invalid="ignore"):
        return explain.explain(network, model.rule, columns, targets, trainer.step, numbers)
