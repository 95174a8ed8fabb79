"""lessons.py: every lesson is trained, as long as a visitor watches it, and must show what it says."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.experiment import Experiment
from app.labs.lesson import Lesson
from app.labs.plane.lessons import CHAPTERS, LESSONS, SLUGS
from app.labs.plane.surveyed_run import SurveyedRun
from app.links import read_link, write_link
from engine.labs.plane.explanation import explain_example, explain_step
from engine.labs.plane.figures import layer_figures, metrics
from engine.labs.plane.landscape import Wanted
from engine.labs.plane.readouts import read_outs
from engine.labs.plane.trainer import Trainer
from engine.machine.methods import Method
from engine.machine.vanishing import chain_of

WATCHED = 10  # seconds that a visitor looks at a lesson
AT_FULL_SPEED = (300, 100_000)  # epochs in that time, on a crowded server and on a quick machine


def epochs_in(slug: str, seconds: float = WATCHED) -> int:
    """How many a visitor has seen by then."""
    speed = read_link(LESSONS[slug].link).experiment.view.speed
    assert speed, f"{slug} runs at full speed"
    return round(float(speed) * seconds)


def trained(slug: str, epochs: int, **changes: object) -> Trainer:
    """The lesson after so many epochs, or where training has ended before."""
    link = LESSONS[slug].link + "".join(f"&{name}={value}" for name, value in changes.items())
    read = read_link(link)
    assert not read.repairs
    trainer = Trainer(read.experiment.settings)
    trainer.train(epochs)
    return trainer


def watched(slug: str, **changes: object) -> Trainer:
    """The lesson as a visitor sees it in the end."""
    return trained(slug, epochs_in(slug), **changes)


def accuracy(trainer: Trainer) -> tuple[float, float]:
    """Of the training and the test points."""
    train, test = (float(np.trace(counts) / counts.sum()) for counts in metrics(trainer))
    return train, test


def curve(trainer: Trainer) -> list[float]:
    """The training loss of every epoch."""
    losses: list[float] = trainer.history.samples[:, 1].tolist()
    assert trainer.history.last_epoch == len(losses) - 1
    return losses


def roughness(trainer: Trainer) -> float:
    """How often the training loss goes up from one epoch to the next."""
    return float(np.mean(np.diff(curve(trainer)) > 0))


# -- all of them -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_is_a_link_that_needs_no_repair_and_names_itself(lesson: Lesson) -> None:
    link = read_link(lesson.link)
    assert link.understood
    assert not link.repairs
    assert link.experiment.view.lesson == lesson.slug
    written = read_link(write_link(link.experiment)).experiment
    assert (written.settings, written.view) == (link.experiment.settings, link.experiment.view)


def test_every_lesson_has_a_name_of_its_own() -> None:
    lessons = [lesson for chapter in CHAPTERS for lesson in chapter.lessons]
    assert len({lesson.slug for lesson in lessons}) == len({lesson.title for lesson in lessons}) == len(lessons)
    assert {lesson.slug for lesson in lessons} == SLUGS


def test_no_two_lessons_are_the_same_experiment() -> None:
    experiments = [read_link(lesson.link).experiment for lesson in LESSONS.values()]
    alike = [(a.view.lesson, b.view.lesson) for a, b in itertools.combinations(experiments, 2) if _is_same(a, b)]
    assert not alike


def _is_same(one: Experiment, other: Experiment) -> bool:
    return bool(one.settings == other.settings)


# -- one neuron --------------------------------------------------------------------------------------------------------


def test_the_perceptron_begins_wrong_and_turns_its_line() -> None:
    assert max(accuracy(trained("perceptron-line", 0))) < 0.02
    assert (
        min(accuracy(trained("perceptron-line", epochs_in("perceptron-line", seconds=1)))) < 0.5
    )  # it is seen to turn
    assert min(accuracy(trained("perceptron-line", 20))) > 0.98
    assert min(accuracy(watched("perceptron-line"))) > 0.98


@pytest.mark.parametrize("epochs", AT_FULL_SPEED)
def test_a_perceptron_leaves_a_third_of_xor_wrong(epochs: int) -> None:
    assert max(accuracy(trained("perceptron-xor", epochs))) < 2 / 3


def test_a_hidden_layer_is_what_the_perceptron_lacks() -> None:
    assert min(accuracy(trained("perceptron-xor", 300, hidden=4))) > 0.95


def test_the_right_input_solves_xor() -> None:
    assert max(accuracy(trained("right-input", 0))) < 0.1
    assert epochs_in("right-input") >= 20
    assert min(accuracy(trained("right-input", 20))) > 0.98


# -- hidden layers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [5, WATCHED, 100])
def test_four_neurons_draw_four_lines_around_the_points(seconds: int) -> None:
    trainer = trained("hidden-lines", epochs_in("hidden-lines", seconds))
    assert accuracy(trainer)[1] > 0.97
    weights, biases = trainer.layers()[0]
    norms = np.linalg.norm(weights, axis=1)
    directions, distances = weights / norms[:, None], biases / norms  # of the lines from the middle of the plane
    angles = [math.degrees(math.acos(float(a @ b))) for a, b in itertools.combinations(directions, 2)]
    assert min(angles) > 40
    assert np.abs(distances).min() > 0.5
    assert len(set(np.sign(distances))) == 1  # the middle lies on the same side of all: they make a box


@pytest.mark.parametrize("epochs", AT_FULL_SPEED)
def test_four_lines_are_not_enough_for_the_spiral(epochs: int) -> None:
    assert max(accuracy(trained("spiral-shallow", epochs))) < 0.75


def test_four_layers_are() -> None:
    trainer = trained("spiral-deep", 10_000)
    assert min(accuracy(trainer)) > 0.9
    trainer.train(20_000)
    assert min(accuracy(trainer)) > 0.9


def test_softmax_tells_four_arms_apart() -> None:
    assert epochs_in("softmax") == 300
    trainer = watched("softmax")
    assert trainer.settings.shape[-1] == 4
    assert min(accuracy(trainer)) > 0.95


# -- gradient descent --------------------------------------------------------------------------------------------------


def test_small_steps_are_slow_and_larger_ones_are_not() -> None:
    assert epochs_in("small-steps") == 300
    losses = curve(watched("small-steps"))
    assert (round(losses[0], 3), round(losses[-1], 3)) == (0.502, 0.497)
    assert np.all(np.diff(losses) < 0)
    quick = curve(trained("small-steps", 300, learning_rate=0.03))
    assert 50 < next(epoch for epoch, loss in enumerate(quick) if loss < 0.1) < 65


def test_steps_that_are_too_large_are_seen_to_climb_before_the_numbers_overflow() -> None:
    trainer = watched("large-steps")
    assert trainer.divergence
    assert epochs_in("large-steps", 8) <= trainer.divergence.epoch <= epochs_in("large-steps", 10)
    climb = np.array(curve(trained("large-steps", trainer.divergence.epoch - 1)))
    assert np.all(np.diff(climb) > 0)
    assert np.all(np.diff(curve(watched("large-steps", learning_rate=0.1))) < 0)


def test_each_step_that_is_too_large_lands_on_the_other_side() -> None:
    trainer = trained("large-steps", 10)
    flips = []
    for _ in range(10):
        before = trainer.parameters
        trainer.train(1)
        flips.append(np.sign(trainer.parameters - before))
    assert all(np.array_equal(a, -b) for a, b in itertools.pairwise(flips))


def test_one_point_at_a_time_is_rough_and_all_at_once_is_smooth() -> None:
    assert roughness(watched("one-point")) > 0.3
    assert roughness(watched("one-point", batch_size="all")) < 0.02


def test_adam_is_ahead_of_plain_gradient_descent() -> None:
    assert epochs_in("adam") == 300
    assert watched("adam").losses()[0] < 0.2
    assert watched("adam", method="sgd").losses()[0] > 0.4


# -- depth -------------------------------------------------------------------------------------------------------------

CURES = ("relu-he", "xavier", "batch-norm", "residual")


def test_the_opposite_line_is_right_where_the_first_is_wrong() -> None:
    run = trained("line-by-hand", 0)
    assert accuracy(run)[0] == 0
    turned = [(place, -float(weight)) for place, weight in enumerate(run.parameters)]
    run.set_parameters(turned)
    assert accuracy(run)[0] == 1


def test_layers_bend_the_plane_until_a_line_tells_all() -> None:
    shown = read_outs(trained("bent-plane", 300))
    assert shown[0, 0] < 2 / 3
    assert shown[2, 0] == 1
    assert epochs_in("bent-plane") >= 300


def test_the_loss_of_one_neuron_is_one_valley_into_which_all_methods_go() -> None:
    run = SurveyedRun(read_link(LESSONS["one-valley"].link).experiment.settings)
    wanted = Wanted("weights", start=(-2.0, 1.5))
    heights = run.landscape.picture(Wanted("weights"), run.changes).heights
    assert np.diff(heights, 2, axis=0).min() > 0
    assert np.diff(heights, 2, axis=1).min() > 0
    run.landscape.picture(wanted, run.changes)
    while run.landscape.has_work(wanted, run.changes):
        run.landscape.work(wanted, run.changes, 1.0)
    race = run.landscape.picture(wanted, run.changes).race
    assert race is not None
    assert (race[:, -1, 2] < 0.25 * race[:, 0, 2]).all()
    assert race[:, -1, 2].argmax() == Method.ADAGRAD


def test_point_one_is_orange_and_its_loss_near_that_of_knowing_nothing() -> None:
    step = explain_example(trained("forward-by-hand", 0), 0)
    assert step.loss
    assert step.loss.targets[0, 0] == 0
    assert step.loss.mean == pytest.approx(math.log(2), abs=0.1)


def test_the_outputs_slope_is_y_minus_t_and_the_step_lowers_the_batchs_loss() -> None:
    run = trained("backward-by-hand", 0)
    step = explain_step(run)
    assert step.loss
    assert step.layers[1].d_sums is not None
    assert_allclose(step.layers[1].d_sums, step.outputs - step.loss.targets, atol=1e-7)
    slope = step.layers[0].stages[0].slope
    assert slope is not None
    assert slope.max() <= 0.25
    assert step.numbers is not None
    run.train_steps(1)
    after = [explain_example(run, int(number)).loss for number in step.numbers]
    assert np.mean([loss.mean for loss in after if loss]) < step.loss.mean


def test_adams_first_step_is_the_learning_rate_for_every_weight() -> None:
    update = explain_step(trained("adams-first-step", 0)).update
    assert update
    assert_allclose(np.abs(update.after - update.before), 0.03, rtol=1e-4)
    sizes = np.abs(update.gradient)
    assert sizes.max() > 100 * sizes.min()


def test_ten_sigmoid_layers_leave_a_millionth_and_relu_with_hes_weights_a_tenth() -> None:
    step = explain_step(trained("chain-of-factors", 0))
    chain = chain_of(step)
    assert chain.cause == "slopes"
    assert chain.ratio < 1e-6
    assert all(link.slopes <= 0.25 for link in chain.links)
    cured = trained("chain-of-factors", 0, activation="relu", initialization="he-normal")
    assert chain_of(explain_step(cured)).ratio > 0.1


def test_twenty_sigmoid_layers_learn_nothing() -> None:
    right = accuracy(watched("vanishing"))
    assert 0.45 < min(right) <= max(right) < 0.55


@pytest.mark.parametrize(
    ("slug", "least"), [("relu-he", 0.98), ("xavier", 0.98), ("batch-norm", 0.9), ("residual", 0.98)]
)
def test_with_a_cure_they_learn(slug: str, least: float) -> None:
    assert epochs_in(slug) == 1_000
    trainer = watched(slug)
    assert len(trainer.settings.hidden) == 20
    assert min(accuracy(trainer)) >= least


def test_the_gradient_vanishes_but_not_with_the_cures() -> None:
    def share(slug: str) -> float:
        """Of the output's gradient that is left in the first layer."""
        sizes = layer_figures(trained(slug, 0))[:, 0]
        return float(sizes[0] / sizes[-1])

    assert share("vanishing") < 1e-12
    for cure in CURES:
        assert share(cure) > 1e-4


@pytest.mark.parametrize("slug", ["vanishing", *CURES])
def test_lessons_about_depth_show_the_gradients(slug: str) -> None:
    assert read_link(LESSONS[slug].link).experiment.view.gradients


# -- overfitting -------------------------------------------------------------------------------------------------------


def test_the_test_loss_rises_while_the_training_loss_falls() -> None:
    trainer = watched("overfitting")
    train, test = trainer.losses()
    losses = trainer.history.samples[:, 2]
    assert train < 0.1
    assert 20 < int(np.argmin(losses)) < 45
    assert test > 1.8 * losses.min()


def test_weight_decay_keeps_the_test_loss_low() -> None:
    trainer = watched("weight-decay")
    assert trainer.history.samples[100:, 2].max() < 0.5
    assert trainer.settings.hidden == trained("overfitting", 0).settings.hidden


def test_training_stops_in_time() -> None:
    trainer = watched("early-stopping")
    assert trainer.stop
    assert trainer.stop.reason == "plateau"
    assert trainer.stop.value
    assert epochs_in("early-stopping", 3.5) < trainer.stop.epoch < epochs_in("early-stopping", 5)
    best = float(watched("overfitting").history.samples[:, 2].min())
    assert math.isclose(trainer.stop.value, best, rel_tol=0.02)
    assert trainer.losses()[1] < 1.1 * best


# -- the book's weights ------------------------------------------------------------------------------------------------


def test_the_books_weights_for_xor_leave_no_loss() -> None:
    link = read_link(LESSONS["xor-by-hand"].link)
    trainer, brought = Trainer(link.experiment.settings), link.experiment.trained
    assert brought is not None
    trainer.load(brought.parameters, brought.epoch)
    assert trainer.losses()[0] == 0
    (hidden, biases), (output, bias) = trainer.layers()
    assert (hidden.tolist(), biases.tolist()) == ([[1, 1], [1, 1]], [0, -1])
    assert (output.tolist(), bias.tolist()) == ([[1, -2]], [0])
    trainer.reset()
    assert trainer.losses()[0] > 0.1


# -- figures that the page's tests are given ---------------------------------------------------------------------------

RECORDED = json.loads((Path(__file__).parents[1] / "data/layer-figures.json").read_text())


@pytest.mark.parametrize("case", [case for case in RECORDED if case["epoch"] == 0], ids=lambda case: case["name"])
def test_the_page_is_tested_with_the_figures_of_these_lessons(case: dict[str, object]) -> None:
    """Written by tools/gradient_figures.py. Untrained: training differs in its last digits from machine to machine."""
    titles = {lesson.title: lesson.link for lesson in LESSONS.values()}
    link = titles.get(str(case["name"]), str(case["link"]))
    trainer = Trainer(read_link(link).experiment.settings)
    with np.errstate(invalid="ignore"):
        assert_allclose(layer_figures(trainer), np.array(case["figures"], dtype=float), rtol=0.01)
