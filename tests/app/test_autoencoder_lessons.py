"""The lessons of the autoencoder lab: each is trained, and what its text claims is measured."""

from functools import cache

import pytest

from app.labs.autoencoder.engine import begin, facts
from app.labs.autoencoder.lessons import LESSONS
from app.labs.autoencoder.refreshed_run import RefreshedRun
from app.links import read_link
from engine.labs.autoencoder.examples import followed


@cache
def trained(slug: str, epochs: int | None = None) -> RefreshedRun:
    """After so many epochs, or where the lesson stops."""
    settings = read_link(LESSONS[slug].link).experiment.settings
    run = begin(settings)
    run.train(settings.stop_epochs if epochs is None else epochs)
    return run


def against_pca(run: RefreshedRun) -> float:
    """The test error as a share of PCA's."""
    return run.losses()[1] / run.model.error_of_pca


@pytest.mark.parametrize("slug", LESSONS)
def test_a_lessons_link_opens_it_as_it_is(slug: str) -> None:
    link = read_link(LESSONS[slug].link)
    assert not link.repairs
    assert link.experiment.view.lesson == slug


def test_a_curve_leaves_less_of_a_ring_than_a_line() -> None:
    assert against_pca(trained("a-ring-by-one-number")) < 1 / 4


def test_a_linear_stack_becomes_pca() -> None:
    run = trained("linear-is-pca")
    assert run.model.angle is not None
    assert run.model.angle < 1
    assert abs(against_pca(run) - 1) < 0.005


def test_two_numbers_say_more_than_pcas_two() -> None:
    assert against_pca(trained("two-numbers")) < 0.8


def test_thirty_numbers_fall_below_nine_tenths_and_two_thirds() -> None:
    assert 13.5 < trained("thirty-numbers", 3).model.error_of_pca < 14.5
    assert against_pca(trained("thirty-numbers", 3)) < 0.9
    assert against_pca(trained("thirty-numbers")) < 2 / 3


def test_the_lectures_stack_is_six_times_the_work_and_soon_below_pca() -> None:
    run = trained("the-lectures-stack", 3)
    work = facts(run).multiplications / facts(trained("two-numbers")).multiplications
    assert 6 <= work < 7
    assert against_pca(run) < 1


def test_sliders_of_faces_have_names() -> None:
    """Some numbers follow a factor clearly; none is one alone."""
    run = trained("faces")
    names = followed(run.model.codes, run.model.examples.factors)
    assert sum(abs(correlation) >= 0.3 for _, correlation in names) >= 10
    assert max(abs(correlation) for _, correlation in names) < 0.95
