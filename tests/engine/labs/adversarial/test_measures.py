"""What is measured of fakes: modes and good ones, the best discriminator, sixteen seeds."""

import math
from dataclasses import replace

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from engine.labs.adversarial.measures import SIDE, SMOOTHING, Judge, pixels, score_of
from engine.labs.adversarial.mixtures import Mixture, mixture_of
from engine.labs.adversarial.seeds import COUNT, Seeds
from engine.labs.adversarial.settings import FARTHEST, AdversarialSettings
from engine.labs.adversarial.trainer import AdversarialRun

RING = mixture_of(AdversarialSettings())
GRID = mixture_of(AdversarialSettings(dataset="grid", spread=0.03))


def test_real_points_cover_all_modes_and_are_good_as_often_as_three_deviations_say() -> None:
    for mixture, modes in ((RING, 8), (GRID, 25)):
        found = score_of(mixture, mixture.draw(2_500, np.random.default_rng(0)).T)
        assert (found.covered, found.modes) == (modes, modes)
        assert_allclose(found.good, 1 - math.exp(-4.5), atol=0.01)  # Rayleigh


def test_fakes_at_one_mode_cover_one_and_those_between_none() -> None:
    at_one = np.tile(RING.centres[3][:, None], 100) + 0.01
    assert (score_of(RING, at_one).covered, score_of(RING, at_one).good) == (1, 1)
    between = np.zeros((2, 100))
    assert (score_of(RING, between).covered, score_of(RING, between).good) == (0, 0)
    lost = np.array([[np.nan, np.inf, 1.0], [0.0, 0.0, 0.0]])
    assert_allclose(score_of(RING, lost).good, 1 / 3)


def test_a_curve_has_no_modes() -> None:
    found = score_of(mixture_of(AdversarialSettings(dataset="spiral")), np.zeros((2, 10)))
    assert (found.covered, found.modes) == (0, 0)


def test_the_best_discriminator_is_that_of_two_known_densities() -> None:
    real, fake = Mixture(np.array([[-0.4, 0.2]]), 0.25, True), Mixture(np.array([[0.3, -0.3], [0.5, 0.5]]), 0.2, True)
    found = Judge(real).best(fake.draw(2_000_000, np.random.default_rng(1)).T)
    p, q = (mixture.density(pixels(), SMOOTHING).reshape(SIDE, SIDE) for mixture in (real, fake))
    known = (p + q) > 0.3
    assert known.sum() > 300
    assert_allclose(found.picture[known], (p / (p + q))[known], atol=0.03)
    top_left, bottom_right = found.picture[0, 0], found.picture[-1, -1]
    assert_allclose([top_left, bottom_right], 0.5, atol=0.05)


def test_the_divergence_is_that_of_an_integral_and_its_bounds_hold() -> None:
    real, fake = Mixture(np.array([[-0.2, 0.0]]), 0.25, True), Mixture(np.array([[0.2, 0.1]]), 0.2, True)
    found = Judge(real).best(fake.draw(2_000_000, np.random.default_rng(1)).T)
    side = np.linspace(-3, 3, 601)
    places = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    p, q = real.density(places, SMOOTHING), fake.density(places, SMOOTHING)
    middle = (p + q) / 2
    exact = ((p * np.log(p / middle) + q * np.log(q / middle)) / 2).sum() * 0.01**2
    assert_allclose(found.divergence, exact, atol=0.003)
    random = np.random.default_rng(2)
    assert Judge(RING).best(RING.draw(100_000, random).T).divergence < 0.01
    assert_allclose(Judge(RING).best(np.full((2, 10), 9.0)).divergence, math.log(2), atol=1e-6)


def test_the_gap_to_itself_is_zero_and_to_a_half_is_large_where_fakes_are_apart() -> None:
    best = Judge(RING).best(np.zeros((2, 100)))
    assert best.gap(best.picture) == 0
    assert_allclose(best.gap(np.full((SIDE, SIDE), 0.5)), 0.5, atol=0.02)
    assert_allclose(best.weights.sum(), 1, atol=1e-3)


def test_pixels_go_row_by_row_from_the_top_left() -> None:
    places = pixels(2)
    half = FARTHEST / 2
    assert_allclose(places, [[-half, half], [half, half], [-half, -half], [half, -half]])


def test_sixteen_seeds_are_sixteen_runs() -> None:
    settings = AdversarialSettings(generator=(6,), discriminator=(6,), batch_size=20, turns=2)
    seeds = Seeds(settings, 30)
    calls = 0
    while not seeds.is_done:
        seeds.advance()
        calls += 1
    assert calls >= COUNT
    assert (seeds.share, seeds.finished) == (1, COUNT)
    run = AdversarialRun(replace(settings, seed="7"))
    run.train(30)
    fakes = run.model.fakes(run.model.noises(2_500, "noise to count"))
    assert_array_equal(seeds.fakes[6], fakes[:, :200].T)
    assert seeds.scores[6] == score_of(run.model.mixture, fakes)
    assert seeds.collapsed == sum(score is not None and score.covered < 8 for score in seeds.scores)


def test_seeds_go_on_evenly() -> None:
    seeds = Seeds(AdversarialSettings(generator=(64, 64), discriminator=(64, 64), batch_size=512), 100)
    for _ in range(40):
        seeds.advance()
    rounds = [seeds.rounds_of(k) for k in range(COUNT)]
    assert 0 < max(rounds) < 100
    assert max(rounds) - min(rounds) <= 1
    assert not seeds.is_done
