"""app/labs/descent/lessons.py: every lesson is run, and must show what it says."""

import itertools
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from app.labs.descent.lessons import CHAPTERS, LESSONS, SLUGS
from app.labs.lesson import Lesson
from app.links import read_link, write_link
from engine.labs.descent.behaviour import manner
from engine.labs.descent.settings import METHODS, RUNNERS, DescentSettings
from engine.labs.descent.trainer import DescentRun

LONG = 3_000  # steps


def settings_of(slug: str) -> DescentSettings:
    settings: DescentSettings = read_link(LESSONS[slug].link).experiment.settings
    return settings


@cache
def ran(slug: str, steps: int = LONG) -> DescentRun:
    run = DescentRun(settings_of(slug))
    run.train(steps)
    return run


def steps_until(slug: str, method: str) -> float:
    """Since which step a method has arrived; infinity for never."""
    arrived = int(ran(slug).model.arrived[METHODS.index(method)])
    return arrived if arrived >= 0 else math.inf


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_is_a_link_that_needs_no_repair(lesson: Lesson) -> None:
    link = read_link(lesson.link)
    assert (link.understood, link.repairs) == (True, ())
    assert link.experiment.view.lesson == lesson.slug
    assert write_link(link.experiment) == link.text
    assert len(lesson.text) < 260


def test_lessons_have_names_of_their_own() -> None:
    lessons = [lesson for chapter in CHAPTERS for lesson in chapter.lessons]
    assert len(lessons) >= 5
    assert {lesson.slug for lesson in lessons} == SLUGS
    assert len({lesson.title for lesson in lessons}) == len(lessons)


def test_steps_become_smaller_towards_the_minimum() -> None:
    path = ran("one-step").model.paths.known[0, :, 0]
    moves = np.abs(np.diff(path))
    assert (np.diff(moves) < 0).all()
    assert path[1] - path[0] == pytest.approx(-0.1 * 4 * path[0])


def test_four_rates_creep_settle_oscillate_and_diverge() -> None:
    run = ran("four-rates", 60)
    assert [manner(run.model, k)[:2] for k in range(4)] == [
        (behaviour, True) for behaviour in ("creeps", "settles", "oscillates", "diverges")
    ]
    creeping, settled, swinging, diverged = run.model.paths.known[..., 0]
    assert (creeping < -0.5).all()
    assert (settled <= 0).all()
    assert (np.sign(swinging[:10]) == np.sign(swinging[0]) * (-1.0) ** np.arange(10)).all()
    assert np.isnan(diverged[-1])


@pytest.mark.parametrize(("rate", "steps"), [(0.03, 40), (0.1, 11), (1, None), (0.274, 1)])
def test_the_exercises_have_their_counts(rate: float, steps: int | None) -> None:
    run = DescentRun(replace(settings_of("forty-steps"), learning_rate=rate))
    run.train(LONG)
    assert (int(run.model.arrived[0]) if run.model.arrived[0] >= 0 else None) == steps
    assert (run.model.diverged[0] >= 0) == (steps is None)


def test_most_stay_in_the_right_valley_and_momentum_rolls_over() -> None:
    run = ran("local-minimum")
    ends = dict(zip(METHODS, run.model.places[:, 0] < 0, strict=True))
    assert ends["momentum"]
    assert sum(ends.values()) <= 2
    assert not ends["sgd"]
    lowest, other = run.model.problem.minima
    assert lowest[0] < 0 < other[0]


def test_one_rate_serves_two_curvatures() -> None:
    run = ran("two-curvatures")
    flat, steep = run.model.problem.curvatures or (math.nan, math.nan)
    assert (round(flat, 2), round(steep, 1), round(2 / steep, 2)) == (0.14, 4.4, 0.45)
    assert [manner(run.model, k).behaviour == "diverges" for k in range(4)] == [False, False, False, True]
    assert (run.model.diverged >= 0).tolist() == [False, False, False, True]
    assert run.model.arrived[:3].min() == run.model.arrived[2] == 79


def test_descent_ends_in_the_valley_where_it_begins() -> None:
    settings = settings_of("where-you-start")
    assert settings.racer_count == 1
    ends = set()
    for start in ((4, 4), (-4, 4), (-4, -4), (4, -4)):
        run = DescentRun(replace(settings, start=start))
        run.train(200)
        assert run.model.arrived[0] >= 0
        ends.add(run.model.nearest(run.model.places[0])[0])
        assert (np.sign(run.model.places[0]) == np.sign(start)).all()
    assert ends == {0, 1, 2, 3}
    errors = [float(run.model.problem.error(np.array(minimum))) for minimum in run.model.problem.minima]
    assert max(errors) < 1e-9


def test_in_sequence_goes_round_and_at_random_does_not() -> None:
    run = ran("round-and-round", 300)
    batch, sequence, replacement, _ = run.model.paths.known[..., 0]
    assert len(run.model.problem.points) == 5
    assert np.abs(sequence[50:] - sequence[45:-5]).max() < 1e-6
    assert len(set(sequence[-5:].round(3))) == 5
    for period in range(1, 51):
        assert np.abs(replacement[200:] - replacement[200 - period : -period]).max() > 0.01
    assert np.abs(np.diff(batch[-20:])).max() < 1e-9
    taken = [int(run.model.descents[2].next_points(step)[0]) for step in range(60)]
    assert any(one == other for one, other in itertools.pairwise(taken))


def test_larger_batches_are_quieter() -> None:
    def swing(size: int) -> float:
        run = DescentRun(replace(settings_of("batch-size"), batch_size=size))
        run.train(390)
        return float(run.model.paths.known[0, 30:, 0].std())

    assert settings_of("batch-size").batch_size == 1
    assert 0.25 < swing(5) / swing(1) < 0.4
    run = DescentRun(replace(settings_of("batch-size"), batch_size=10))
    run.arm()
    run.train(390)
    assert run.is_over
    assert run.step < 60
    assert not ran("batch-size").is_over


def test_momentum_passes_the_minimum_and_comes_back() -> None:
    run = ran("momentum-swings", 200)
    plain, momentum = run.model.paths.known[:2, :, 0]
    assert (plain <= 0).all()
    assert (np.diff(np.sign(momentum[:60])) != 0).sum() > 8
    assert momentum.max() > 0.5 * abs(momentum[0])
    assert steps_until("momentum-swings", "momentum") == 87
    light = DescentRun(replace(settings_of("momentum-swings"), momentum=0.5))
    light.train(200)
    assert light.model.arrived[METHODS.index("momentum")] == 12


def test_one_point_at_a_time_is_soon_near_and_never_rests() -> None:
    run = ran("one-point", 300)
    assert tuple(racer.runner for racer in run.settings.racers) == RUNNERS
    assert run.model.arrived[0] >= 0
    target = run.model.problem.minima[0][0]
    late = np.abs(run.model.paths.known[:, 100:, 0] - target)
    assert late[0].max() < 1e-6
    assert (late[1:3].std(1) > 0.01).all()
    assert (np.abs(run.model.paths.known[1:3, 10:40, 0] - target).mean(1) < 0.5).all()


def test_a_mini_batch_swings_less_than_one_point() -> None:
    run = ran("line-through-points", 2000)
    target = np.array(run.model.problem.minima[0])
    late = np.linalg.norm(run.model.paths.known[:, -60:] - target, axis=-1).mean(1)
    batch, sequence, replacement, mini = late
    assert batch < mini < min(sequence, replacement)


def test_a_falling_rate_brings_all_to_rest() -> None:
    run = ran("smaller-steps")
    assert run.stop
    assert run.step == 200
    moves = np.abs(np.diff(run.model.paths.known[..., 0]))
    assert (moves[:, -5:] < 0.005).all()
    assert (np.abs(run.model.places[:, 0] - run.model.problem.minima[0][0]) < 0.15).all()


def test_the_neuron_finds_the_step() -> None:
    run = ran("logistic-neuron", 400)
    assert run.model.problem.minima
    w, b = run.model.places[0]
    start = run.model.problem.start
    assert start[0] < 0 < w
    assert -3 < -b / w < 3
    assert run.losses()[0] < 0.6 * float(run.model.problem.error(np.array(start)))


def test_in_the_valley_gradient_descent_zigzags_and_momentum_overtakes() -> None:
    run = ran("valley")
    assert 2 / run.model.problem.curvatures[1] == 0.02  # type: ignore[index]
    across = ran("valley", 20).model.paths.known[0, :10, 1]
    assert (np.sign(across[1:]) == -np.sign(across[:-1])).all()
    assert steps_until("valley", "momentum") < 0.4 * steps_until("valley", "sgd")
    assert run.model.diverged[METHODS.index("nesterov")] > 0


def test_on_rosenbrocks_surface_none_diverges_and_some_arrive() -> None:
    run = ran("rosenbrock")
    assert (run.model.diverged < 0).all()
    assert steps_until("rosenbrock", "momentum") < LONG
    assert steps_until("rosenbrock", "sgd") == math.inf


def test_scaled_methods_leave_the_saddle_at_once() -> None:
    for method in ("adagrad", "rmsprop", "adam"):
        path = ran("saddle").model.paths.known[METHODS.index(method), :, 1]
        assert abs(path[10]) > 0.3, method
    plain = ran("saddle").model.paths.known[0, :, 1]
    assert abs(plain[40]) < 0.1
    assert (ran("saddle").model.arrived >= 0).all()
