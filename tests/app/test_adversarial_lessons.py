"""app/labs/adversarial/lessons.py: every lesson is run, and must show what it says.

Claims about sixteen seeds take ten seconds each: docs/results.md has them, by `make results ARGS='--only ring'`. Here
the first seeds are looked at.
"""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from app.labs.adversarial.frames import noise_grid
from app.labs.adversarial.lessons import CHAPTERS, LESSONS, SLUGS
from app.labs.adversarial.studied_run import StudiedGame
from app.labs.lesson import Lesson
from app.links import read_link, write_link
from engine.labs.adversarial.measures import GOOD
from engine.labs.adversarial.settings import AdversarialSettings


def settings_of(slug: str) -> AdversarialSettings:
    settings: AdversarialSettings = read_link(LESSONS[slug].link).experiment.settings
    return settings


@cache
def played(slug: str, **changes: Any) -> StudiedGame:
    """To its end."""
    run = StudiedGame(replace(settings_of(slug), **changes))
    run.train(run.settings.stop_epochs)
    assert run.stop
    return run


def covered(run: StudiedGame) -> int:
    return run.measured()[0].covered


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_is_a_link_that_needs_no_repair(lesson: Lesson) -> None:
    link = read_link(lesson.link)
    assert link.repairs == ()
    assert write_link(link.experiment) == lesson.link


def test_there_are_at_least_four_and_all_belong_to_a_slide() -> None:
    assert len(SLUGS) == sum(len(chapter.lessons) for chapter in CHAPTERS) >= 4
    assert all(lesson.slide and len(lesson.text) <= 400 for lesson in LESSONS.values())


def test_two_players_cover_all_modes_and_neither_loss_falls_to_zero() -> None:
    run = played("two-players")
    assert covered(run) == 8
    assert min(run.history.samples[:, 1:].min(axis=0)) > 0.4


def test_modes_collapse_where_the_generator_is_faster() -> None:
    run = played("mode-collapse")
    assert covered(run) == 1
    settings = run.settings
    assert settings.generator_rate == 10 * settings.discriminator_rate
    assert [covered(played("mode-collapse", seed=seed)) for seed in ("1", "2", "4")] == [7, 5, 4]
    cured = {"generator_rate": 0.001, "discriminator_rate": 0.003}
    assert covered(played("mode-collapse", **cured)) == 8


def test_cells_of_the_grid_are_narrow_in_modes_and_wide_between() -> None:
    run = played("bent-noise-grid")
    grid = run.model.fakes(noise_grid(run)).reshape(2, 21, 21)
    across, down = np.diff(grid, axis=2)[:, :-1], np.diff(grid, axis=1)[:, :, :-1]
    areas = np.abs(across[0] * down[1] - across[1] * down[0])
    middles = (grid[:, :-1, :-1] + grid[:, 1:, 1:]) / 2
    in_mode = (run.model.mixture.nearest(middles.reshape(2, -1).T)[1] <= GOOD).reshape(areas.shape)
    assert in_mode.mean() > 0.5
    assert np.median(areas[~in_mode]) > 5 * np.median(areas[in_mode])


def test_a_line_of_noise_becomes_a_curve_through_modes() -> None:
    run = played("a-line-of-noise")
    curve = run.model.fakes(noise_grid(run)).T
    fakes = run.counted_fakes().T
    away = np.hypot(*(fakes[:, None] - curve).T).min(axis=0)
    step = np.hypot(*np.diff(curve, axis=0).T).max()
    assert away.max() <= step  # all of them lie on it
    assert covered(run) >= 5


def test_minimax_is_flat_where_the_discriminator_is_sure() -> None:
    run = played("saturating-loss")
    fakes = run.model.fakes(run.model.noises(300, "noise to show"))
    said = 1 / (1 + np.exp(-run.model.said(fakes)))
    flat = np.hypot(*run.model.arrows(fakes))
    assert np.median(said) < 0.0001
    assert np.median(flat) < 0.001
    run.change(replace(run.settings, objective="non-saturating"))
    steep = np.hypot(*run.model.arrows(fakes))
    known = said > 0.001  # of less float32 has few digits
    assert known.sum() > 10
    assert steep[known] == pytest.approx((flat * (1 - said) / said)[known], rel=1e-3)
    other = played("saturating-loss", objective="non-saturating")
    fakes = other.model.fakes(other.model.noises(300, "noise to show"))
    assert np.median(np.hypot(*other.model.arrows(fakes))) > 1


def test_a_discriminator_that_is_too_good_loses_modes() -> None:
    run, one = played("too-good-a-critic"), played("too-good-a-critic", turns=1)
    assert covered(run) < covered(one) == 8
    assert run.losses()[0] == pytest.approx(0.4, abs=0.05)
    assert one.losses()[0] == pytest.approx(1, abs=0.1)


def test_a_critic_with_a_slope_covers_all_modes() -> None:
    assert covered(played("wasserstein")) == 8


def test_more_updates_of_d_help_up_to_a_point() -> None:
    good = {turns: played("updates-of-d", turns=turns).measured()[0].good for turns in (1, 5)}
    assert good[1] == pytest.approx(0.45, abs=0.01)
    assert good[5] == pytest.approx(0.66, abs=0.01)
    assert covered(played("updates-of-d", turns=10)) == 7
