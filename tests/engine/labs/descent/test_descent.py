"""engine/labs/descent: errors and their gradients, trajectories against PyTorch, rates, runners, races."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from engine.choices import Refused
from engine.labs.descent.behaviour import manner
from engine.labs.descent.model import DescentModel
from engine.labs.descent.paths import MOST, Paths
from engine.labs.descent.problems import PROBLEMS, PointsProblem, Problem, is_lowest, problem_of
from engine.labs.descent.settings import (
    METHODS,
    MULTIPLES,
    RUNNERS,
    WITH_POINTS,
    DescentSettings,
    Method,
    ProblemName,
    Racer,
    Runner,
)
from engine.labs.descent.trainer import DescentRun
from engine.machine.orders import shuffle
from engine.runs.moment import Place
from engine.vectors.splitmix import random_below
from engine.warm_up import compiled_signatures, warm_up

STEPS = 120
CRASH_COURSE = 3.65


def of_points(sums: torch.Tensor, targets: torch.Tensor, name: ProblemName) -> torch.Tensor:
    if name == "neuron":
        return torch.nn.functional.binary_cross_entropy_with_logits(sums, targets)
    return ((sums - targets) ** 2).mean() / 2


def peer_error(problem: Problem, name: ProblemName, w: torch.Tensor, chosen: Any = slice(None)) -> torch.Tensor:
    """The same error as PyTorch computes it, written anew."""
    if name in WITH_POINTS:
        x, targets = torch.tensor(problem.points[chosen]).T
        return of_points(w[0] * x + (w[1] if len(w) > 1 else 0), targets, name)
    curvature = DescentSettings().curvature
    forms: dict[str, Callable[..., torch.Tensor]] = {
        "bowl": lambda w: curvature / 2 * w**2,
        "double-well": lambda w: (w * w - 1) ** 2 / 4 + 0.1 * w,
        "valley": lambda a, b: (a * a + curvature * b * b) / 2,
        "rosenbrock": lambda a, b: (1 - a) ** 2 + 100 * (b - a * a) ** 2,
        "beale": lambda a, b: (1.5 - a + a * b) ** 2 + (2.25 - a + a * b * b) ** 2 + (2.625 - a + a * b**3) ** 2,
        "himmelblau": lambda a, b: (a * a + b - 11) ** 2 + (a + b * b - 7) ** 2,
        "saddle": lambda a, b: a * a / 2 + (b * b - 1) ** 2 / 4,
    }
    return forms[name](*w)


def settings_of(name: ProblemName, **others: Any) -> DescentSettings:
    return DescentSettings(problem=name, learning_rate=PROBLEMS[name].rate, **others)


# -- errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROBLEMS)
def test_errors_and_gradients_are_pytorchs(name: ProblemName) -> None:
    problem, random = problem_of(settings_of(name)), np.random.default_rng(1)
    low, high = np.array(problem.window).T
    places = random.uniform(low, high, (20, len(low)))
    mine, theirs = problem.error(places), []
    for place in places:
        w = torch.tensor(place, requires_grad=True)
        error = peer_error(problem, name, w)
        error.backward()  # type: ignore[no-untyped-call]
        assert w.grad is not None
        assert_allclose(problem.whole_gradient(place), w.grad.numpy(), rtol=1e-12, atol=1e-12)
        theirs.append(error.item())
    offset = mine[0] - theirs[0] if name == "double-well" else 0.0  # which is lifted so that its minimum has error 0
    assert_allclose(mine, np.array(theirs) + offset, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", PROBLEMS)
def test_minima_are_minima_and_lie_in_the_picture(name: ProblemName) -> None:
    problem = problem_of(settings_of(name))
    low, high = np.array(problem.window).T
    assert problem.minima
    assert is_lowest(problem, 0)
    for minimum in map(np.array, problem.minima):
        assert_allclose(problem.whole_gradient(minimum), 0, atol=1e-12)
        assert ((low < minimum) & (minimum < high)).all()
        for way in np.random.default_rng(2).normal(size=(20, len(low))):
            assert problem.error(minimum + 1e-3 * way) > problem.error(minimum)
    assert ((low <= problem.start) & (problem.start <= high)).all()


def test_the_double_well_has_a_minimum_that_is_not_the_lowest() -> None:
    problem = problem_of(settings_of("double-well"))
    assert problem.minima[0][0] < 0 < problem.minima[1][0]
    assert not is_lowest(problem, 1)


@pytest.mark.parametrize("name", [name for name in PROBLEMS if problem_of(DescentSettings(problem=name)).curvatures])
def test_curvatures_are_those_of_the_hessian(name: ProblemName) -> None:
    problem = problem_of(settings_of(name))
    at = torch.tensor(problem.start, dtype=torch.float64)
    hessian = torch.autograd.functional.hessian(lambda w: peer_error(problem, name, w), at)  # type: ignore[no-untyped-call]
    values = torch.linalg.eigvalsh(hessian)
    assert problem.curvatures == pytest.approx((float(values[0]), float(values[-1])))


@pytest.mark.parametrize("name", WITH_POINTS)
def test_a_batch_has_the_mean_of_its_points(name: ProblemName) -> None:
    problem = problem_of(settings_of(name))
    assert isinstance(problem, PointsProblem)
    place, chosen = np.array(problem.start), np.array([3, 7, 3])
    w = torch.tensor(place, requires_grad=True)
    error = peer_error(problem, name, w, chosen)
    error.backward()  # type: ignore[no-untyped-call]
    assert w.grad is not None
    assert_allclose(problem.gradient(place, chosen), w.grad.numpy(), rtol=1e-12)
    assert problem.batch_error(place, chosen) == pytest.approx(error.item(), rel=1e-12)
    assert problem.errors(place).mean() == pytest.approx(float(problem.error(place)), rel=1e-12)


def test_separable_points_have_no_minimum() -> None:
    assert problem_of(settings_of("neuron", noise=0)).minima == ()


# -- trajectories ------------------------------------------------------------------------------------------------------


def optimizer_of(method: Method, w: torch.Tensor, rate: float) -> torch.optim.Optimizer:
    makers: dict[Method, Callable[[], torch.optim.Optimizer]] = {
        "sgd": lambda: torch.optim.SGD([w], rate),
        "momentum": lambda: torch.optim.SGD([w], rate, momentum=0.9),
        "nesterov": lambda: torch.optim.SGD([w], rate, momentum=0.9, nesterov=True),
        "adagrad": lambda: torch.optim.Adagrad([w], rate),
        "rmsprop": lambda: torch.optim.RMSprop([w], rate),
        "adam": lambda: torch.optim.Adam([w], rate),
        "adamw": lambda: torch.optim.AdamW([w], rate, weight_decay=0.01),
    }
    return makers[method]()


def peer_path(settings: DescentSettings, racer: Racer, steps: int) -> np.ndarray[Any, Any]:
    problem = problem_of(settings)
    w = torch.tensor(problem.start, dtype=torch.float64, requires_grad=True)
    optimizer, path = optimizer_of(racer.method, w, racer.rate), [list(problem.start)]
    for _ in range(steps):
        optimizer.zero_grad()
        peer_error(problem, settings.problem, w).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        path.append(w.detach().tolist())
    return np.array(path)


@pytest.mark.parametrize("name", [name for name in PROBLEMS if name not in ("line", "neuron")])
def test_all_methods_go_where_pytorchs_go(name: ProblemName) -> None:
    settings = settings_of(name, race="methods", stop_epochs=STEPS)
    model = DescentModel(settings)
    model.take(Place(0, 0, 0), STEPS)
    compared = 0
    for k, racer in enumerate(settings.racers):
        end = int(model.diverged[k]) if model.diverged[k] >= 0 else STEPS + 1
        expected = peer_path(settings, racer, STEPS)[:end]
        assert_allclose(model.paths.known[k, :end], expected, rtol=1e-10, atol=1e-10)
        compared += end > STEPS
    assert compared >= 5  # on Beale's surface momentum diverges


@pytest.mark.parametrize("name", ["line", "neuron"])
def test_methods_go_there_too_on_points(name: ProblemName) -> None:
    """AdamW apart, which decays w and not b."""
    settings = replace(settings_of(name, race="methods"), learning_rate=0.1)
    model = DescentModel(settings)
    model.take(Place(0, 0, 0), STEPS)
    for k, racer in enumerate(settings.racers[:-1]):
        assert_allclose(model.paths.known[k], peer_path(settings, racer, STEPS), rtol=1e-10, atol=1e-10)


def test_weight_decay_leaves_b_alone() -> None:
    settings = settings_of("line", method="adamw", weight_decay=1.0)
    with_decay, without = (DescentModel(each) for each in (settings, replace(settings, weight_decay=0.0)))
    for model in (with_decay, without):
        model.take(Place(0, 0, 0), 1)
    difference = with_decay.places[0] - without.places[0]
    assert difference == pytest.approx([0.1 * 0.5, 0])  # rate × decay × the start's w, which is -0.5


def test_a_schedule_is_pytorchs() -> None:
    settings = settings_of("valley", schedule="cosine", schedule_steps=40)
    model, problem = DescentModel(settings), problem_of(settings)
    model.take(Place(0, 0, 0), 40)
    w = torch.tensor(problem.start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], settings.learning_rate)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 40)
    for step in range(40):
        assert model.descents[0].next_rate(step) == pytest.approx(scheduler.get_last_lr()[0], abs=1e-15)
        optimizer.zero_grad()
        peer_error(problem, "valley", w).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        scheduler.step()
    assert_allclose(model.places[0], w.detach().numpy(), rtol=1e-10)


# -- learning rates ----------------------------------------------------------------------------------------------------


def ran(steps: int = 400, **settings: Any) -> DescentRun:
    run = DescentRun(DescentSettings(**settings))
    run.train(steps)
    return run


@pytest.mark.parametrize("problem", ["bowl", "valley", "slope", "line"])
@pytest.mark.parametrize("share", [0.3, 0.999, 1.001, 1.5])
def test_a_quadratic_diverges_exactly_from_two_over_its_curvature_on(problem: ProblemName, share: float) -> None:
    curvatures = problem_of(DescentSettings(problem=problem)).curvatures
    assert curvatures
    run = ran(8000, problem=problem, learning_rate=share * 2 / curvatures[1], stop_epochs=8000)
    diverges = share > 1
    assert (run.model.diverged[0] >= 0) == diverges
    assert (run.model.arrived[0] >= 0) == (not diverges)
    assert (manner(run.model, 0).behaviour == "diverges") == diverges


def test_at_two_over_the_curvature_it_swings_for_ever() -> None:
    run = ran(1000, curvature=4, learning_rate=0.5)
    assert_array_equal(np.abs(run.model.paths.known[0, :, 0]), 2.5)
    assert manner(run.model, 0) == ("for-ever", True, -1)


@pytest.mark.parametrize(
    ("rate", "behaviour"),
    [(0.005, "creeps"), (0.1, "settles"), (0.25, "settles"), (0.4, "oscillates"), (0.6, "diverges")],
)
def test_theory_says_how_a_rate_behaves_and_the_path_does_so(rate: float, behaviour: str) -> None:
    run = ran(30, curvature=4, learning_rate=rate)
    assert manner(run.model, 0)[:2] == (behaviour, True)
    path = run.model.paths.known[0, :, 0]
    signs = np.sign(path[np.abs(path) > 1e-9])
    assert (signs[1:] != signs[:-1]).any() == (behaviour in ("oscillates", "diverges"))


def test_the_slowest_axis_says_how_fast_it_gets_there() -> None:
    how = manner(ran(1, problem="valley", curvature=20, learning_rate=0.09).model, 0)
    assert how.behaviour == "oscillates"
    assert how.factor == pytest.approx(0.91)
    assert manner(ran(1, problem="valley", curvature=4, learning_rate=0.48).model, 0).factor == pytest.approx(-0.92)


def test_a_valley_is_crept_along_where_it_is_crossed_at_once() -> None:
    model = DescentModel(DescentSettings(problem="valley", curvature=100, learning_rate=0.009))
    assert manner(model, 0).behaviour == "creeps"


def test_a_ball_that_turns_now_and_then_does_not_swing_at_each_step() -> None:
    run = ran(40, method="momentum")
    moves = np.diff(run.model.paths.known[0, -13:, 0])
    turns = (moves[1:] * moves[:-1] < 0).mean()
    assert 0 < turns < 0.5
    assert manner(run.model, 0).behaviour == "falls"


def test_without_a_theory_the_path_says_so() -> None:
    run = ran(0, problem="double-well")
    assert manner(run.model, 0)[:2] == ("starts", False)
    run.train(30)
    assert manner(run.model, 0).behaviour in ("settles", "rests")
    assert manner(ran(30, problem="double-well", start=(1.1,), learning_rate=1.1).model, 0).behaviour == "swings"
    assert manner(ran(30, problem="rosenbrock", learning_rate=0.1).model, 0).behaviour == "diverges"
    assert manner(ran(30, problem="himmelblau", learning_rate=1e-5).model, 0).behaviour == "creeps"
    assert manner(ran(30, learning_rate=0).model, 0).behaviour == "rests"


@pytest.mark.parametrize(("rate", "steps"), [(0.03, 40), (0.1, 11), (1, None), (0.274, 1)])
def test_the_four_exercises_of_the_crash_course(rate: float, steps: int | None) -> None:
    """Google's exercises name these counts and not their curve: a bowl of this curvature makes all of them true."""
    run = ran(100, curvature=CRASH_COURSE, learning_rate=rate)
    if steps is None:
        assert run.model.diverged[0] > 0
        return
    assert run.model.arrived[0] == steps
    path = np.abs(run.model.paths.known[0, :, 0])
    assert path[steps] <= 0.01 * path[0] < path[steps - 1]


def test_which_curvatures_make_the_exercises_true() -> None:
    """As docs/descent.md says: from 3.63 to 3.69."""

    def counts(curvature: float) -> tuple[int, ...]:
        return tuple(math.ceil(math.log(0.01) / math.log(abs(1 - rate * curvature))) for rate in (0.03, 0.1))

    fitting = [each / 100 for each in range(300, 500) if counts(each / 100) == (40, 11)]
    assert (fitting[0], fitting[-1]) == (3.63, 3.69)


def test_four_rates_creep_settle_oscillate_and_diverge() -> None:
    run = ran(30, race="rates")
    assert [racer.rate for racer in run.settings.racers] == [0.1 * multiple for multiple in MULTIPLES]
    assert [manner(run.model, k).behaviour for k in range(4)] == ["settles", "settles", "oscillates", "diverges"]


# -- runners -----------------------------------------------------------------------------------------------------------


def chosen_by(runner: Runner, steps: int, seed: str = "a", points: int = 6, batch_size: int = 2) -> list[list[int]]:
    settings = settings_of("line", runner=runner, points=points, batch_size=batch_size, seed=seed)
    descent = DescentModel(settings).descents[0]
    return [descent.next_points(step).tolist() for step in range(steps)]


def test_batch_takes_all_points_each_time() -> None:
    assert chosen_by("batch", 3) == [[0, 1, 2, 3, 4, 5]] * 3


def test_in_sequence_it_takes_one_after_the_other() -> None:
    assert chosen_by("sequence", 8) == [[0], [1], [2], [3], [4], [5], [0], [1]]


def test_with_replacement_points_come_at_random_and_some_twice_before_others() -> None:
    drawn = [point for (point,) in chosen_by("replacement", 600)]
    assert set(drawn) == set(range(6))
    assert len(set(drawn[:6])) < 6
    assert min(np.bincount(drawn)) > 70
    assert drawn == [point for (point,) in chosen_by("replacement", 600)]
    assert drawn != [point for (point,) in chosen_by("replacement", 600, seed="b")]


def test_mini_batches_take_every_point_once_an_epoch_in_another_order() -> None:
    batches = chosen_by("mini-batch", 6)
    epochs = [[point for batch in part for point in batch] for part in (batches[:3], batches[3:])]
    assert [sorted(epoch) for epoch in epochs] == [list(range(6))] * 2
    assert epochs[0] != epochs[1]


def test_orders_are_the_machines_own() -> None:
    rule = DescentModel(settings_of("line", runner="replacement", points=6, seed="a")).descents[0]._rule
    seed, order = int(rule["seed"][0]), np.zeros(6, np.int64)
    assert chosen_by("replacement", 5) == [[random_below(seed, step, 6)] for step in range(5)]
    shuffle(order, 6, seed, 1)
    assert [point for batch in chosen_by("mini-batch", 6)[3:] for point in batch] == order.tolist()


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_step_goes_down_the_mean_gradient_of_its_points(runner: Runner) -> None:
    settings = settings_of("line", runner=runner)
    model, problem = DescentModel(settings), problem_of(settings)
    w = np.array(problem.start)
    for step in range(30):
        w -= settings.learning_rate * problem.gradient(w, model.descents[0].next_points(step).copy())
    model.take(Place(0, 0, 0), 30)
    assert_allclose(model.places[0], w, rtol=1e-12)


def test_a_mini_batch_of_all_points_is_a_batch() -> None:
    batch, mini = (ran(20, problem="line", runner=each, batch_size=20) for each in ("batch", "mini-batch"))
    assert_allclose(batch.model.places, mini.model.places, rtol=1e-12)


# -- races -------------------------------------------------------------------------------------------------------------


def test_a_racer_that_diverges_stops_alone() -> None:
    run = ran(60, race="rates", curvature=4, stop_epochs=60)
    diverged = run.model.diverged
    assert (diverged[:3] == -1).all()
    assert 0 < diverged[3] < 60
    assert run.divergence is None
    assert np.isfinite(run.losses()[:4]).all()
    ways = run.model.paths.known
    assert np.isnan(ways[3, diverged[3] :]).all()
    assert np.isfinite(ways[:3]).all()
    assert run.model.arrived[1] > 0
    assert_array_equal(run.model.places[3], ways[3, diverged[3] - 1])  # where it was before that step


@pytest.mark.parametrize("number", range(len(METHODS)))
def test_a_racer_has_arrived_since_it_was_near_for_good(number: int) -> None:
    run = ran(120, race="methods")
    is_near = np.abs(run.model.paths.known[number, :, 0]) <= 0.01 * 2.5  # the bowl's start is at -2.5
    away = np.flatnonzero(~is_near)
    assert run.model.arrived[number] == (away[-1] + 1 if is_near[-1] else -1)
    if METHODS[number] == "momentum":
        assert is_near[: away[-1]].any()  # it passed by


def test_a_race_is_over_ten_steps_after_the_last_has_arrived() -> None:
    run = ran(0)
    run.train(19)
    assert int(run.model.arrived[0]) == 10
    assert not run.is_over
    run.train(1)
    assert run.is_over


def test_a_run_stops_when_the_first_racer_has_the_error() -> None:
    run = ran(0, race="methods", stop_loss=0.01)
    run.arm()
    run.train(200)
    errors = np.array(run.losses()[: len(METHODS)])
    assert run.stop
    assert run.stop.reason == "loss"
    assert errors.min() <= 0.01 < errors.max()


def test_another_method_remembers_nothing_of_the_last_one() -> None:
    run = ran(5, method="momentum")
    fresh = DescentRun(replace(run.settings, method="nesterov", start=tuple(run.model.places[0])))
    run.change(replace(run.settings, method="nesterov"))
    run.train(3)
    fresh.train(3)
    assert_array_equal(run.model.places, fresh.model.places)


def test_points_are_laid_anew_with_another_batch_size() -> None:
    run = ran(7, problem="slope", runner="sequence", learning_rate=0.2)
    run.change(replace(run.settings, batch_size=3))
    before, slope = run.model.places[0], run.model.problem.gradient(run.model.places[0], np.array([0]))
    run.train(1)
    assert_allclose(run.model.places[0], before - 0.2 * slope, rtol=1e-12)


def test_a_schedule_goes_on_by_the_steps_of_the_run_with_another_method() -> None:
    run = ran(6, schedule="cosine", schedule_steps=10, method="momentum")
    run.change(replace(run.settings, method="sgd"))
    before = run.model.places[0]
    run.train(1)
    rate = 0.1 * (1 + math.cos(math.pi * 6 / 10)) / 2
    assert_allclose(run.model.places[0], before * (1 - 4 * rate), rtol=1e-6)


def test_a_race_ends_when_all_have_arrived_or_diverged_and_begins_again_when_played() -> None:
    run = ran(1000, race="rates")
    assert (run.is_over, run.has_ended) == (True, True)
    assert run.step < 100
    run.arm()
    assert (run.is_over, run.has_ended) == (True, False)
    run.train_for(0.001, 1)
    assert (run.step, run.starts, run.is_over) == (1, 2, False)


def test_a_step_after_the_end_goes_on() -> None:
    run = ran(1000)
    step = run.step
    run.arm()
    run.train(1)
    assert (run.step, run.starts) == (step + 1, 1)


def test_it_is_the_same_bit_for_bit_however_it_is_cut() -> None:
    settings = settings_of("neuron", race="runners", schedule="step", schedule_steps=50)
    whole, cut = DescentRun(settings), DescentRun(settings)
    whole.train(90)
    for _ in range(9):
        cut.train_steps(10)
    assert_array_equal(whole.model.places, cut.model.places)
    assert_array_equal(whole.history.samples, cut.history.samples)


def test_a_moment_goes_on_bit_for_bit() -> None:
    settings = settings_of("himmelblau", race="methods")
    run, other = DescentRun(settings), DescentRun(settings)
    run.train(500)
    other.resume(run.moment())
    for each in (run, other):
        each.train(50)
    for name, tensor in run.model.state().tensors.items():
        assert_array_equal(other.model.state().tensors[name], tensor)


def test_a_moment_that_does_not_fit_is_refused() -> None:
    moment, run = DescentRun(settings_of("valley")).moment(), DescentRun(settings_of("valley"))
    moment.state.tensors["weights"][:] = np.nan
    with pytest.raises(Refused):
        run.resume(moment)
    with pytest.raises(Refused):
        run.resume(DescentRun(settings_of("bowl")).moment())


def test_changes_keep_what_can_be_kept() -> None:
    run = ran(5, problem="line")
    places = run.model.places
    assert not run.change(replace(run.settings, learning_rate=0.2))
    assert_array_equal(run.model.places, places)
    assert not run.change(replace(run.settings, method="momentum", runner="sequence"))
    assert (run.step, run.model.taken) == (5, 0)
    assert run.change(replace(run.settings, start=(1.0, 1.0)))
    assert_array_equal(run.model.places, [[1, 1]])
    run = ran(1000, learning_rate=2)
    assert run.is_over
    assert run.change(replace(run.settings, learning_rate=0.1))
    assert run.step == 0


def test_a_link_keeps_where_all_are() -> None:
    run = ran(7, problem="valley", race="rates")
    other = DescentRun(run.settings)
    other.load(run.saved(), 7)
    assert_array_equal(other.model.places, run.model.places)
    assert other.epoch == 7
    with pytest.raises(Refused):
        other.load(np.full(3, 1.0), 7)
    with pytest.raises(Refused):
        other.load(np.full(8, 1e200), 7)


def test_a_link_says_since_when_a_racer_has_been_there() -> None:
    run = ran(0)
    run.load(np.array([0.0]), 50)
    assert run.model.arrived.tolist() == [50]


def test_a_long_way_keeps_a_place_every_so_many_steps() -> None:
    paths = Paths(1, 1)
    for step in range(5 * MOST):
        paths.note(step, np.array([[step]]))
    assert paths.interval == 8
    assert_array_equal(paths.known[0, :, 0], np.arange(0, 5 * MOST, 8))


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": (1.0, 2.0)},
        {"problem": "line", "start": (1.0,)},
        {"start": (math.nan,)},
        {"race": "runners"},
        {"race": "methods", "rates": (1.0,)},
        {"rates": (-1.0,)},
        {"problem": "hill"},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        DescentSettings(**wrong)


def test_float32_is_possible_too() -> None:
    settings = settings_of("valley", race="methods")
    small, large = (DescentModel(settings, dtype) for dtype in (np.float32, np.float64))
    for model in (small, large):
        model.take(Place(0, 0, 0), 50)
    assert small.descents[0].weights.dtype == np.float32
    assert_allclose(small.places, large.places, atol=1e-4)
    assert tuple(racer.method for racer in settings.racers) == METHODS


def test_nothing_is_compiled_for_a_visitor() -> None:
    warm_up()
    before = compiled_signatures()
    for name in PROBLEMS:
        race = "runners" if name in WITH_POINTS else "methods"
        run = DescentRun(settings_of(name, race=race))
        run.train(3)
        run.model.descents[-1].next_rate(3)
    assert compiled_signatures() == before
