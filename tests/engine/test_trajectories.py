"""The engine in float64 gives the same numbers as TensorFlow Playground's own."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.labs.plane.architecture import architecture_of
from engine.labs.plane.examples import Examples
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.network import Network, Rule
from engine.machine.program import compile_program
from engine.machine.weights import without_history
from tests.recorded import TRAJECTORIES, matrices, points, settings_of


def load(path: Path) -> tuple[dict[str, Any], Settings]:
    record: dict[str, Any] = json.loads(path.read_text())
    return record, settings_of(record["config"])


@pytest.mark.parametrize("path", TRAJECTORIES, ids=lambda path: path.stem)
def test_points_and_first_weights_are_theirs(path: Path) -> None:
    record, settings = load(path)
    trainer = Trainer(settings, np.float64)
    assert_allclose(trainer.data.train, points(record["train"]), atol=1e-12)
    assert_allclose(trainer.data.test, points(record["test"]), atol=1e-12)
    first = np.concatenate([matrix.ravel() for matrix in matrices(record["initial"])])
    assert_allclose(trainer.parameters, first, atol=1e-12)


@pytest.mark.parametrize("path", TRAJECTORIES, ids=lambda path: path.stem)
def test_weights_and_losses_are_theirs(path: Path) -> None:
    record, settings = load(path)
    output = record["config"]["outputActivation"]
    program = compile_program(replace(architecture_of(settings), output=output))
    network = Network(program, [without_history(matrix) for matrix in matrices(record["initial"])], np.float64)
    train, test = points(record["train"]), points(record["test"])
    batch = int(settings.batch_size)
    examples = Examples(train, settings.inputs, len(train) % batch, np.float64)
    others = Examples(test, settings.inputs, 0, np.float64)
    rate = settings.regularization_rate
    rule = Rule(
        settings.learning_rate,
        batch,
        l1=rate if settings.regularization == "L1" else 0.0,
        l2=rate if settings.regularization == "L2" else 0.0,
    )
    in_epoch = len(train) // batch
    done = 0
    for steps, name, tolerance in (
        (1, "after_1_step", 1e-9),
        (in_epoch, "after_1_epoch", 1e-9),
        (10 * in_epoch, "after_10_epochs", 1e-6),
        (50 * in_epoch, "after_50_epochs", 1e-6),
    ):
        network.train(examples, rule, done, steps - done)
        done = steps
        for ours, theirs in zip(network.matrices, matrices(record[name]), strict=True):
            assert_allclose(ours, theirs, rtol=tolerance, atol=1e-12, err_msg=name)
        expected = (record[name]["lossTrain"], record[name]["lossTest"])
        losses = (network.loss(examples), network.loss(others))
        assert losses == pytest.approx(expected, rel=tolerance, abs=1e-15), name


def test_float32_stays_close_to_float64() -> None:
    settings = Settings(dataset="xor", hidden=(4, 2))
    exact, quick = Trainer(settings, np.float64), Trainer(settings, np.float32)
    exact.train(20)
    quick.train(20)
    assert_allclose(quick.losses(), exact.losses(), rtol=1e-3)
