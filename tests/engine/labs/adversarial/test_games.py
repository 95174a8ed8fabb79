"""engine/labs/adversarial: gradients and trajectories against PyTorch, draws, densities, cuts, moments."""

import math
from typing import get_args

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from engine.choices import Refused
from engine.labs.adversarial.mixtures import mixture_of
from engine.labs.adversarial.model import POINTS, SIDES, AdversarialModel, Side
from engine.labs.adversarial.settings import Activation, AdversarialSettings, Dataset, Method, Objective
from engine.labs.adversarial.trainer import AdversarialRun
from engine.machine.input_slopes import BENT
from engine.runs.moment import Place
from tests.engine.labs.adversarial.games import Game, fooling

OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
SMALL = {"generator": (5, 9), "discriminator": (9, 6), "batch_size": 13, "spread": 0.3, "turns": 2}


def settings(**changes: object) -> AdversarialSettings:
    return AdversarialSettings(**{**SMALL, **changes})  # type: ignore[arg-type]


def model_of(**changes: object) -> AdversarialModel:
    return AdversarialModel(settings(**changes), np.float64)


def gradient_of(model: AdversarialModel, side: Side, step: int) -> NDArray[np.float64]:
    """By a step of plain descent with a rate of 1: what it takes away is the gradient."""
    phase = model.settings.turns if side == "generator" else 0
    network = model.networks[side]
    before = network.parameters.copy()
    model.take(Place(0, step, phase), 1)
    gradient: NDArray[np.float64] = before - network.parameters
    return gradient


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("activation", get_args(Activation))
def test_the_gradients_of_both_sides_are_those_of_pytorch(objective: Objective, activation: Activation) -> None:
    for batch in (4, 13):  # gradients of a small batch are taken in another way
        model = model_of(
            objective=objective, generator_activation=activation, discriminator_activation=activation, method="sgd",
            generator_rate=1, discriminator_rate=1, batch_size=batch, clip=100, penalty=3,
        )  # fmt: skip
        game = Game(model)
        for side, step in zip(SIDES, (8, 4), strict=True):
            expected = game.gradient(side, step)
            state = model.state()
            assert np.abs(expected).max() > 1e-3
            assert_allclose(gradient_of(model, side, step), expected, rtol=0, atol=1e-9)
            model.restore(state)


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("method", ["adam", "rmsprop", "momentum", "sgd"])
def test_a_hundred_steps_are_those_of_pytorch(objective: Objective, method: Method) -> None:
    rate = 0.003 if method in ("adam", "rmsprop") else 0.03
    noise, dimensions = ("normal", 1) if method == "adam" else ("uniform", 2)
    model = model_of(
        objective=objective, method=method, generator_rate=rate, discriminator_rate=2 * rate, clip=0.2,
        noise=noise, dimensions=dimensions, discriminator_activation="tanh",
    )  # fmt: skip
    game, first = Game(model), model.saved()
    for step in range(100):
        game.take(step)
    model.take(Place(0, 0, 0), 100)
    assert np.abs(model.saved() - first).max() > 0.01
    for side, network in model.networks.items():
        assert_allclose(network.parameters, game.parameters(side), rtol=0, atol=1e-8)


def test_the_penalty_has_a_second_derivative_for_each_activation_on_offer() -> None:
    assert set(BENT) == set(get_args(Activation))


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_arrows_are_the_slopes_of_the_generators_loss(objective: Objective) -> None:
    model = model_of(objective=objective)
    model.take(Place(0, 0, 0), 30)
    game = Game(model)
    fakes = model.fakes(model.noises(21, "arrows"))
    places = torch.tensor(fakes.T.copy(), requires_grad=True)
    loss = fooling(model.settings, game.networks["discriminator"](places)[:, 0]) * 21
    loss.backward()  # type: ignore[no-untyped-call]
    assert places.grad is not None
    assert_allclose(model.arrows(fakes), -places.grad.numpy().T, rtol=0, atol=1e-12)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_run_is_the_same_bit_for_bit_however_it_is_cut(objective: Objective) -> None:
    whole, cut = AdversarialRun(settings(objective=objective)), AdversarialRun(settings(objective=objective))
    whole.train(60)
    for steps in (1, 2, 7, 1, 29, 100, 40):
        cut.train_steps(steps)
    assert cut.step == whole.step == 180
    assert_array_equal(cut.saved(), whole.saved())
    assert whole.losses() == cut.losses()


def test_steps_take_turns() -> None:
    run = AdversarialRun(settings(turns=3))
    moved = []
    for _ in range(8):
        before = {side: network.parameters.copy() for side, network in run.model.networks.items()}
        run.train_steps(1)
        moved.append([side for side, old in before.items() if (run.model.networks[side].parameters != old).any()])
    assert moved == ([["discriminator"]] * 3 + [["generator"]]) * 2
    assert (run.epoch, run.step) == (2, 8)
    assert (run.model.networks["generator"].taken, run.model.networks["discriminator"].taken) == (2, 6)


@pytest.mark.parametrize("noise", ["uniform", "normal"])
def test_noise_has_the_distribution_that_it_says(noise: str) -> None:
    model = model_of(noise=noise, batch_size=512)
    drawn = np.concatenate([model.drawn(step)[1] for step in range(100)], axis=1)
    count = drawn.shape[1]
    variance = 1 / 3 if noise == "uniform" else 1
    assert_allclose(drawn.mean(axis=1), 0, atol=4 * math.sqrt(variance / count))
    assert_allclose(np.cov(drawn), np.eye(2) * variance, atol=0.02)
    share = (np.abs(drawn) < 0.5).mean()
    assert_allclose(share, 0.5 if noise == "uniform" else math.erf(0.5 / math.sqrt(2)), atol=0.01)
    assert (np.abs(drawn).max() <= 1) == (noise == "uniform")


def test_batches_take_all_points_equally_often() -> None:
    model = model_of(batch_size=500)
    points = model.points.inputs[: 2 * model.points.stride].reshape(2, -1)[:, :POINTS]
    place = {tuple(point): number for number, point in enumerate(points.T.tolist())}
    counts = np.zeros(POINTS)
    for step in range(80):
        for point in model.drawn(step)[0].T.tolist():
            counts[place[tuple(point)]] += 1
    assert counts.sum() == 40_000
    chi_square = ((counts - 20) ** 2 / 20).sum()
    assert abs(chi_square - (POINTS - 1)) < 4 * math.sqrt(2 * POINTS)


@pytest.mark.parametrize("dataset", [name for name in get_args(Dataset) if name != "own"])
def test_the_density_is_that_of_the_points(dataset: Dataset) -> None:
    mixture = mixture_of(settings(dataset=dataset, spread=0.1))
    side = np.linspace(-2, 2, 161)
    places = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    density = mixture.density(places) * 0.025**2
    assert_allclose(density.sum(), 1, atol=1e-6)
    points = mixture.draw(200_000, np.random.default_rng(0))
    assert_allclose((density[:, None] * places).sum(axis=0), points.mean(axis=0), atol=0.01)
    quadrant = (points > 0.2).all(axis=1).mean()
    assert_allclose(density[(places > 0.2 - 1e-9).all(axis=1)].sum(), quadrant, atol=0.02)


def test_an_own_drawing_is_learnt() -> None:
    model = model_of(dataset="own", drawing=(0.5, 0.5, -1.0, 0.25), spread=0.01)
    points = model.points.inputs[: 2 * model.points.stride].reshape(2, -1)[:, :POINTS].T
    near = np.abs(points[:, None] - [[0.5, 0.5], [-1.0, 0.25]]).max(axis=2).min(axis=1)
    assert near.max() < 0.06
    assert ((points[:, 0] > 0).mean() - 0.5) < 0.05


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dataset": "own"}, "dataset"),
        ({"drawing": (1.0,)}, "drawing"),
        ({"drawing": (1.0, 2.0)}, "drawing"),
        ({"drawing": (math.nan, 1.0)}, "drawing"),
        ({"generator": ()}, "generator"),
        ({"discriminator": (65,)}, "discriminator"),
        ({"dimensions": 3}, "dimensions"),
        ({"turns": 0}, "turns"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        settings(**changes)
    assert refused.value.field == field


def test_a_large_network_is_refused_where_the_server_allows_less() -> None:
    with pytest.raises(Refused, match="at most"):
        AdversarialRun(settings(generator=(64, 64, 64)), parameter_limit=3_000)


def test_a_moment_goes_on_bit_for_bit() -> None:
    run = AdversarialRun(settings(objective="penalty"))
    run.train_steps(20)
    moment = run.moment()
    run.train_steps(31)
    other = AdversarialRun(settings(objective="penalty"))
    other.resume(moment)
    other.train_steps(31)
    assert_array_equal(other.saved(), run.saved())


def test_what_a_link_keeps_is_where_another_run_begins() -> None:
    run = AdversarialRun(settings())
    run.train(20)
    other = AdversarialRun(settings())
    other.load(run.saved(), 20)
    assert (other.epoch, other.losses()) == (20, run.losses())


def test_a_change_keeps_what_can_be_kept() -> None:
    run = AdversarialRun(settings())
    run.train(10)
    kept = run.saved()
    assert not run.change(settings(objective="least-squares", generator_rate=0.01, batch_size=20, turns=1))
    assert_array_equal(run.saved(), kept)
    run.train(10)
    assert run.epoch == 20
    assert run.change(settings(generator=(4,)))
    assert run.epoch == 0


def test_a_game_that_overflows_goes_back_to_its_last_finite_step() -> None:
    run = AdversarialRun(
        settings(method="sgd", generator_rate=1000, discriminator_rate=1000, objective="least-squares")
    )
    run.train(200)
    assert run.divergence
    assert np.isfinite(run.saved()).all()
    run.recover()
    assert run.divergence is None
