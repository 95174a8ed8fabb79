"""weights.py: first weights have the variance of their initialization."""

import math

import numpy as np
import pytest

from engine.labs.plane.settings import INITIALIZATIONS, Initialization, Settings
from engine.labs.plane.trainer import Trainer
from engine.labs.plane.weights import drawing
from engine.vectors.seedrandom import SeedRandom

UNITS, INPUTS = 60, 100
DEVIATIONS: dict[Initialization, float] = {
    "uniform": 1 / math.sqrt(12),
    "zeros": 0,
    "xavier-normal": math.sqrt(2 / (INPUTS + UNITS)),
    "xavier-uniform": math.sqrt(2 / (INPUTS + UNITS)),
    "he-normal": math.sqrt(2 / INPUTS),
    "he-uniform": math.sqrt(2 / INPUTS),
    "lecun-normal": math.sqrt(1 / INPUTS),
    "large": 3,
}


@pytest.mark.parametrize("initialization", INITIALIZATIONS)
def test_first_weights_are_as_wide_as_they_should_be(initialization: Initialization) -> None:
    drawn = drawing(initialization, SeedRandom("a"))(UNITS, INPUTS)
    weights, biases = drawn[:, :-1], drawn[:, -1]
    expected = DEVIATIONS[initialization]
    assert weights.std() == pytest.approx(expected, rel=0.03)
    assert abs(weights.mean()) <= 4 * expected / math.sqrt(weights.size)
    assert (biases == (0.1 if initialization == "uniform" else 0)).all()
    if initialization.endswith("uniform"):
        assert np.abs(weights).max() <= expected * math.sqrt(3)
    elif expected:
        assert np.abs(weights).max() > expected * 2.5  # a normal distribution has tails


@pytest.mark.parametrize("initialization", INITIALIZATIONS)
def test_a_network_without_inputs_can_begin(initialization: Initialization) -> None:
    trainer = Trainer(Settings(inputs=(), hidden=(3,), initialization=initialization))
    trainer.train(2)
    assert np.isfinite(trainer.parameters).all()
