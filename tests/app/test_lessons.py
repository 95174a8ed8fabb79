"""lessons.py: every lesson is trained, and must show what it says."""

import math

import numpy as np
import pytest

from app.lessons import CHAPTERS, Lesson
from app.links import read_link
from engine.figures import layer_figures, metrics
from engine.trainer import Trainer

LESSONS = {lesson.title: lesson for chapter in CHAPTERS for lesson in chapter.lessons}


def trained(title: str, epochs: int, **changes: object) -> Trainer:
    """The lesson after so many epochs, or where training has ended before."""
    link = LESSONS[title].link + "".join(f"&{name}={value}" for name, value in changes.items())
    trainer = Trainer(read_link(link).experiment.settings)
    trainer.train(epochs)
    return trainer


def accuracy(trainer: Trainer) -> float:
    """Of the test points."""
    counts = metrics(trainer)[1]
    return float(np.trace(counts) / counts.sum())


def roughness(trainer: Trainer) -> float:
    """How often the training loss goes up from one epoch to the next."""
    return float(np.mean(np.diff(trainer.history.samples[:, 1]) > 0))


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_is_a_link_that_needs_no_repair(lesson: Lesson) -> None:
    link = read_link(lesson.link)
    assert link.understood
    assert not link.repairs


@pytest.mark.parametrize(
    ("title", "epochs", "least"),
    [
        ("A perceptron draws one line", 100, 0.99),
        ("The right input makes it easy", 100, 0.99),
        ("Each hidden neuron draws a line", 300, 0.98),
        ("The spiral, deeper", 10_000, 0.94),
        ("Softmax: more than two classes", 300, 0.97),
        ("A method with a memory", 3_000, 0.93),
        ("ReLU and He’s first weights", 1_000, 0.98),
        ("Xavier’s first weights", 1_000, 0.98),
        ("Batch norm", 1_000, 0.95),
        ("Residual links", 1_000, 0.98),
    ],
)
def test_what_can_be_learned_is(title: str, epochs: int, least: float) -> None:
    assert accuracy(trained(title, epochs)) >= least


@pytest.mark.parametrize(
    ("title", "epochs", "most"),
    [
        ("A perceptron cannot do XOR", 3_000, 0.65),
        ("The spiral, shallow", 3_000, 0.85),
        ("The gradient vanishes", 1_000, 0.52),
    ],
)
def test_what_cannot_be_learned_is_not(title: str, epochs: int, most: float) -> None:
    assert accuracy(trained(title, epochs)) <= most


def test_the_gradient_vanishes_but_not_with_the_cures() -> None:
    def share(title: str) -> float:
        """Of the output's gradient that is left in the first layer."""
        sizes = layer_figures(trained(title, 0))[:, 0]
        return float(sizes[0] / sizes[-1])

    assert share("The gradient vanishes") < 1e-12
    for cure in ("ReLU and He’s first weights", "Xavier’s first weights", "Batch norm", "Residual links"):
        assert share(cure) > 1e-4


def test_small_steps_take_hundreds_of_times_as_many_epochs() -> None:
    quick = trained("Small steps", 1_000, stop_loss=0.1, learning_rate=0.03)
    slow = trained("Small steps", 100 * quick.epoch, stop_loss=0.1)
    assert quick.stop
    assert slow.stop is None
    assert slow.losses()[0] < trained("Small steps", 0).losses()[0]


def test_steps_that_are_too_large_end_the_numbers() -> None:
    assert trained("Steps too large", 100).divergence


def test_one_point_at_a_time_is_rough_and_all_at_once_is_smooth() -> None:
    assert roughness(trained("One point at a time", 200)) > 0.3
    assert roughness(trained("One point at a time", 200, batch_size="all")) < 0.02


def test_adam_is_ahead_of_plain_gradient_descent() -> None:
    plain = trained("A method with a memory", 300, method="sgd")
    assert trained("A method with a memory", 300).losses()[0] < plain.losses()[0] / 2


def test_overfitting_and_two_ways_against_it() -> None:
    train, test = trained("Overfitting", 3_000).losses()
    assert train < 0.02
    best = float(trained("Overfitting", 3_000).history.samples[:, 2].min())
    assert test > 3 * best
    decayed = trained("Weight decay", 3_000)
    assert decayed.losses()[1] < 1.05 * best
    stopped = trained("Stopping in time", 3_000)
    assert stopped.stop
    assert stopped.stop.reason == "plateau"
    assert stopped.stop.value
    assert math.isclose(stopped.stop.value, best, rel_tol=0.02)
