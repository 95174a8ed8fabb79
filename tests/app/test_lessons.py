"""lessons.py: every lesson is trained, as long as a visitor watches it, and must show what it says."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from app.experiment import Experiment
from app.labs import LABS
from app.labs.lesson import Lesson
from app.labs.plane.lessons import CHAPTERS, LESSONS, SLUGS
from app.labs.plane.surveyed_run import SurveyedRun
from app.links import read_link, write_link
from engine.labs.plane.explanation import explain_example, explain_point, explain_step
from engine.labs.plane.figures import layer_figures, metrics
from engine.labs.plane.landscape import Wanted
from engine.labs.plane.one_weight import slice_of
from engine.labs.plane.readouts import read_outs
from engine.labs.plane.space import space
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


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_text_is_short(lesson: Lesson) -> None:
    assert len(lesson.text) < 260


def test_no_two_lessons_are_the_same_experiment() -> None:
    experiments = [read_link(lesson.link).experiment for lesson in LESSONS.values()]
    alike = [(a.view.lesson, b.view.lesson) for a, b in itertools.combinations(experiments, 2) if _is_same(a, b)]
    assert not alike


def _is_same(one: Experiment, other: Experiment) -> bool:
    opens = ("explain", "phase", "surface", "surface_relief", "space", "relief")
    looks = [[getattr(each.view, name) for name in opens] for each in (one, other)]
    return bool(one.settings == other.settings and looks[0] == looks[1])


def test_the_table_of_slides_names_every_lesson_of_every_lab_once() -> None:
    rows = [
        line.strip("| ").split("|")
        for line in (Path(__file__).parents[2] / "docs/lessons.md").read_text().splitlines()
        if "|" in line
    ][2:]
    told = {
        (name, title.strip()): slide.strip()
        for slide, *cells in rows
        for name, cell in zip(("plane", "descent", "digits", "autoencoder", "adversarial"), cells, strict=False)
        for title in cell.split(";")
        if title.strip()
    }
    all_lessons = [(name, lesson) for name in LABS for chapter in LABS[name].chapters for lesson in chapter.lessons]
    assert told == {(name, lesson.title): lesson.slide or "without a slide of its own" for name, lesson in all_lessons}


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


@pytest.mark.parametrize("epochs", [0, 50])
def test_a_perceptrons_answer_is_a_plane_bent_into_an_s(epochs: int) -> None:
    run = trained("perceptron-surface", epochs)
    (weights, bias), *_ = run.layers()
    normal = weights[0] / np.linalg.norm(weights[0])
    along = np.array([-normal[1], normal[0]])
    for distance, step in itertools.product((-2.0, -0.5, 0.0, 1.0, 3.0), (-2.0, 1.5)):
        x, y = distance * normal + step * along
        answer = float(explain_point(run, x, y).outputs[0, 0])
        expected = 1 / (1 + math.exp(-(float(np.linalg.norm(weights)) * distance + float(bias[0]))))
        assert answer == pytest.approx(expected, abs=1e-6)  # the same all along the line
    assert min(accuracy(trained("perceptron-surface", 50))) > 0.98
    assert epochs_in("perceptron-surface") >= 50


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


def test_only_the_activation_bends_straight_lines() -> None:
    shown = space(trained("sum-bias-function", 0), 1, (1, 2), all_phases=True)
    assert shown.kinds == ("input", "weights", "bias", "activation")
    _, product, total, bent = shown.phases
    for phase in (product, total):
        assert np.abs(np.diff(phase.grid, 2, axis=2)).max() < 1e-5
    assert np.ptp(total.grid - product.grid, axis=(0, 1, 2)).max() < 1e-5  # a shift, the same everywhere
    assert np.abs(total.grid - product.grid).min() > 0.05
    assert np.abs(np.diff(bent.grid, 2, axis=2)).max() > 1e-3
    assert np.abs(bent.grid).max() <= 1


def test_a_plane_in_three_dimensions_tells_the_disc_from_the_ring() -> None:
    assert epochs_in("third-axis") >= 300
    run = trained("third-axis", 300)
    shown = space(run, 1, (1, 2, 3))
    assert [border.agrees for border in shown.borders] == [1.0]
    assert shown.borders[0].is_exact
    assert read_outs(run)[0, 0] < 2 / 3  # no line in the inputs


def test_two_directions_hold_most_of_eight_axes() -> None:
    assert epochs_in("principal-plane") >= 300
    shown = space(trained("principal-plane", 300), 3)
    assert shown.projection.axes.shape == (2, 8)
    assert shown.projection.shares.sum() > 0.95
    assert shown.borders[0].agrees == 1


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


def test_the_step_of_one_weight_is_the_rate_times_the_slope_of_its_curve() -> None:
    run = surveyed("one-weight")
    shown = slice_of(run, 0)
    assert shown.slope == pytest.approx(-1.40, abs=0.005)
    assert (round(float(shown.here[0]), 2), round(shown.after, 2)) == (-0.10, 0.32)
    assert shown.after == pytest.approx(float(shown.here[0]) - 0.3 * shown.slope, abs=1e-6)
    nearest = int(np.abs(shown.values - shown.here[0]).argmin())
    measured = (shown.whole[nearest + 1] - shown.whole[nearest - 1]) / (
        shown.values[nearest + 1] - shown.values[nearest - 1]
    )
    assert measured == pytest.approx(shown.slope, rel=0.02)  # the tangent's
    assert len(shown.points) == 8
    run.train(1)
    assert float(run.parameters[0]) == pytest.approx(shown.after, abs=1e-7)


def test_the_points_of_a_mini_batch_disagree_and_the_step_goes_by_their_mean() -> None:
    run = trained("mean-of-a-batch", 0)
    step = explain_step(run)
    assert step.numbers is not None
    assert len(step.numbers) == 30
    whole = step.layers[-1].d_matrix
    singles = [explain_example(run, int(number)).layers[-1].d_matrix for number in step.numbers]
    assert whole is not None
    points = np.array([each[0] for each in singles if each is not None])
    assert_allclose(points.mean(axis=0), whole[0], atol=1e-6)
    assert ((np.sign(points) != np.sign(whole[0])).mean(axis=0) > 1 / 3).all()


def test_one_point_at_a_time_is_rough_and_all_at_once_is_smooth() -> None:
    assert roughness(watched("one-point")) > 0.3
    assert roughness(watched("one-point", batch_size="all")) < 0.02


def test_adam_is_ahead_of_plain_gradient_descent() -> None:
    assert epochs_in("adam") == 300
    assert watched("adam").losses()[0] < 0.2
    assert watched("adam", method="sgd").losses()[0] > 0.4


# -- the loss surface --------------------------------------------------------------------------------------------------


def surveyed(slug: str) -> SurveyedRun:
    """The lesson as a page opens it."""
    return SurveyedRun(read_link(LESSONS[slug].link).experiment.settings)


def raced(run: SurveyedRun, weights: tuple[int, int], start: tuple[float, float]) -> np.ndarray:
    """Both weights and the loss of the seven methods after each step."""
    wanted = Wanted("weights", weights, start=start)
    run.landscape.picture(wanted, run.changes)
    while run.landscape.has_work(wanted, run.changes):
        run.landscape.work(wanted, run.changes, 1.0)
    race = run.landscape.picture(wanted, run.changes).race
    assert race is not None
    return race


def test_the_loss_of_one_neuron_is_one_valley_into_which_all_methods_go() -> None:
    run = surveyed("one-valley")
    heights = run.landscape.picture(Wanted("weights"), run.changes).heights
    assert np.diff(heights, 2, axis=0).min() > 0
    assert np.diff(heights, 2, axis=1).min() > 0
    race = raced(run, (0, 1), (-2.0, 1.5))
    assert (race[:, -1, 2] < 0.25 * race[:, 0, 2]).all()
    assert race[:, -1, 2].argmax() == Method.ADAGRAD


def test_two_neurons_in_a_row_have_two_valleys_and_methods_stay_in_theirs() -> None:
    run = surveyed("two-valleys")
    heights = run.landscape.picture(Wanted("weights", (1, 3)), run.changes).heights
    middle = heights[1:-1, 1:-1]
    others = [np.roll(heights, (dy, dx), (0, 1))[1:-1, 1:-1] for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]
    assert (middle < np.min(others, axis=0)).sum() == 2  # places lower than their eight neighbours
    above, below = raced(run, (1, 3), (2.0, 2.0)), raced(run, (1, 3), (-2.0, -2.0))
    assert (above[..., :2] > 0).all()
    assert (below[..., :2] < 0).all()
    assert below[:, -1, 2].min() < 0.75 * above[:, -1, 2].min()


def test_down_the_gradient_the_loss_falls_a_little_and_climbs_far() -> None:
    run = surveyed("down-the-gradient")
    picture = run.landscape.picture(Wanted("gradient"), run.changes)
    side = len(picture.heights)
    right = picture.heights[side // 2, side // 2 :]
    here = float(picture.here[2])
    assert right[0] == pytest.approx(here, rel=1e-6)
    lowest = int(right.argmin())
    assert 0 < lowest < side // 8
    assert (np.diff(right[lowest:]) > 0).all()
    assert right[-1] > 1.5 * here
    up = picture.heights[side // 2 : side // 2 + 2, side // 2]
    assert abs(up[1] - up[0]) < 0.2 * abs(right[1] - right[0])


def test_two_directions_hold_most_of_a_path_of_105_parameters() -> None:
    run = surveyed("path-in-a-plane")
    assert len(run.parameters) == 105
    for _ in range(epochs_in("path-in-a-plane")):
        run.train(1)
    picture = run.landscape.picture(Wanted("path"), run.changes)
    assert picture.share > 0.98
    assert len(picture.path) > 30


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


def test_point_one_is_orange_and_its_loss_near_that_of_knowing_nothing() -> None:
    step = explain_example(trained("forward-by-hand", 0), 0)
    assert step.loss
    assert step.loss.targets[0, 0] == 0
    assert step.loss.mean == pytest.approx(math.log(2), abs=0.1)


def test_the_loss_of_a_point_is_above_ln_2_until_it_is_on_the_right_side() -> None:
    for epochs, is_right in ((0, False), (20, True)):
        step = explain_example(trained("loss-of-a-point", epochs), 0)
        assert step.loss
        y, t = float(step.outputs[0, 0]), float(step.loss.targets[0, 0])
        assert step.loss.mean == pytest.approx(-math.log(y if t else 1 - y), rel=1e-5)
        assert (abs(y - t) < 0.5) == is_right
        assert step.loss.mean < 0.4 if is_right else step.loss.mean > math.log(2)
    assert epochs_in("loss-of-a-point") >= 20


def test_softmax_adds_up_to_one_and_its_slopes_to_nothing() -> None:
    step = explain_example(trained("softmax-by-hand", 0), 0)
    y, slopes = step.outputs[:, 0], step.layers[-1].d_sums
    assert step.loss
    assert slopes is not None
    targets = step.loss.targets[:, 0]
    assert len(y) == 3
    assert sorted(targets) == [0, 0, 1]
    assert y.sum() == pytest.approx(1, abs=1e-6)
    assert step.loss.mean == pytest.approx(-math.log(float(y[targets.argmax()])), rel=1e-5)
    assert_allclose(slopes[:, 0], y - targets, atol=1e-6)
    assert slopes.sum() == pytest.approx(0, abs=1e-6)


def test_the_slope_of_a_hidden_neuron_is_the_slides_product() -> None:
    run = trained("hidden-delta", 0)
    step = explain_example(run, 0)
    hidden, output = step.layers
    assert step.loss
    assert hidden.d_sums is not None
    weights = np.asarray(run.layers()[1][0])[0]
    o = hidden.stages[-1].after[:, 0]
    mistake = float(step.outputs[0, 0] - step.loss.targets[0, 0])
    assert len(o) == 3
    assert_allclose(hidden.d_sums[:, 0], mistake * weights * o * (1 - o), rtol=1e-5)
    assert output.d_sums is not None
    assert float(output.d_sums[0, 0]) == pytest.approx(mistake, rel=1e-6)


def test_with_squared_error_a_neuron_that_is_sure_and_wrong_does_not_learn() -> None:
    run = trained("sure-and-wrong", 0)
    right = accuracy(run)[0]
    assert 0.5 < right < 0.6
    step = explain_example(run, 1)  # point 2, which the lesson opens
    assert step.loss
    assert step.layers[-1].d_sums is not None
    assert abs(float(step.outputs[0, 0] - step.loss.targets[0, 0])) > 1.9
    assert abs(float(step.layers[-1].d_sums[0, 0])) < 1e-4
    assert epochs_in("sure-and-wrong") == 300
    assert accuracy(watched("sure-and-wrong"))[0] == pytest.approx(right, abs=0.01)
    assert min(accuracy(trained("sure-and-wrong", 30, loss="cross-entropy"))) == 1
    cured = explain_example(trained("sure-and-wrong", 0, loss="cross-entropy"), 1)
    assert cured.layers[-1].d_sums is not None
    assert abs(float(cured.layers[-1].d_sums[0, 0])) > 0.9


def test_central_differences_agree_to_four_digits() -> None:
    step = explain_step(trained("gradient-check", 0))
    assert step.update
    assert np.abs(step.update.gradient).max() > 0.01
    assert_allclose(step.update.gradient, step.check(), rtol=1e-4)


def test_the_update_is_the_slides_and_the_next_is_about_the_next_point() -> None:
    run = trained("update-by-hand", 0)
    for number in (0, 1):
        step = explain_step(run)
        assert step.numbers is not None
        assert step.numbers.tolist() == [number]
        assert step.loss
        assert step.update
        mistake = float(step.outputs[0, 0] - step.loss.targets[0, 0])
        o = np.append(step.layers[0].stages[-1].after[:, 0], 1)  # 1 for the bias
        of_output = slice(-len(o), None)
        assert_allclose(
            step.update.after[of_output], step.update.before[of_output] - 0.3 * mistake * o, rtol=1e-5, atol=1e-6
        )
        run.train_steps(1)


def test_momentum_is_six_and_a_half_gradients_after_ten_steps() -> None:
    run = trained("momentum-adds-up", 0)
    first = explain_step(run).update
    assert first
    assert_allclose(first.moments_after[0], first.gradient, rtol=1e-5)
    run.train_steps(10)
    later = explain_step(run).update
    assert later
    large = np.abs(later.gradient) > 0.1 * np.abs(later.gradient).max()
    assert_allclose(later.gradient[large], first.gradient[large], rtol=0.03)
    assert_allclose(later.moments[0][large] / later.gradient[large], (1 - 0.9**10) / 0.1, rtol=0.03)  # 6.51


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
