"""landscape.py, race.py, one_weight.py: heights against NumPy, paths against PyTorch; nothing of the run changes."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from engine.choices import Refused
from engine.labs.plane.explanation import explain_step
from engine.labs.plane.features import evaluate_features
from engine.labs.plane.landscape import COARSE, SIDE, Directions, Landscape, Picture, Wanted
from engine.labs.plane.one_weight import slice_of
from engine.labs.plane.race import STEPS
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.methods import Method
from engine.machine.partly_frozen import PartlyFrozen, whole_gradient
from engine.machine.terrain import Terrain
from engine.runs.path import Path

Floats = NDArray[np.float64]
ALL_KINDS: list[dict[str, Any]] = [
    {"hidden": (4, 3)},
    {"hidden": (4,), "loss": "cross-entropy", "activation": "sigmoid"},
    {"hidden": (4, 4), "batch_norm": True, "connections": "residual", "dropout": 0.3},
    {"hidden": (3, 3), "connections": "dense", "lesions": ((1, 2),), "inputs": ("x", "y", "sinX")},
    {"hidden": (5,), "dataset": "spiral", "classes": 4},
    {"hidden": (5,), "dataset": "reg-gauss", "activation": "relu"},
    {"hidden": (), "batch_size": 7},
]
PLANES: tuple[Directions, ...] = ("weights", "gradient", "path", "random")


def trained(epochs: int = 5, dtype: Any = np.float64, **settings: Any) -> tuple[Trainer, Landscape]:
    """With a path, as a page's run has it."""
    run = Trainer(Settings(**settings), dtype)
    path = Path(run.network.parameters.nbytes)
    for _ in range(epochs):
        path.add(run.step, run.model.loss(), run.network.parameters)
        run.train(1)
    return run, Landscape(run, path)


def loss_by_numpy(run: Trainer, parameters: Floats) -> float:
    """Of a plain tanh network with squared error."""
    points = run.data.train
    values = evaluate_features(run.settings.inputs, points[:, 0], points[:, 1]).astype(np.float64)
    for layer in run.network.program.layers:
        matrix = layer.weights.of(parameters)
        values = np.tanh(matrix[:, :-1] @ values + matrix[:, -1:])
    return float(((values[0] - points[:, 2]) ** 2).mean() / 2)


def places_of(picture: Picture) -> tuple[Floats, Floats]:
    ways = np.linspace(-picture.radius, picture.radius, len(picture.heights))
    return picture.centre[0] + ways, picture.centre[1] + ways


@pytest.mark.parametrize("directions", PLANES)
def test_heights_are_the_losses_that_numpy_computes(directions: Any) -> None:
    run, land = trained(hidden=(4, 3))
    picture = land.picture(Wanted(directions, (3, 17)), 0)
    first, second = places_of(picture)
    assert picture.heights.shape == (SIDE, SIDE)
    for row, column in [(0, 0), (0, 40), (7, 33), (20, 20), (40, 2)]:
        there = picture.section.origin + np.array([first[column], second[row]]) @ picture.section.axes
        assert picture.heights[row, column] == pytest.approx(loss_by_numpy(run, there), abs=1e-12)


@pytest.mark.parametrize("settings", ALL_KINDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_where_the_run_is_the_height_is_its_loss(settings: dict[str, Any], dtype: Any) -> None:
    run, land = trained(dtype=dtype, **settings)
    picture = land.picture(Wanted("weights", (0, 2)), 0)
    terrain = Terrain(run.network, run.model.train_examples, picture.section)
    assert_array_equal(picture.here[:2], run.network.parameters[[0, 2]])
    assert picture.here[2] == run.model.loss()
    assert terrain.heights(picture.here[None, :2])[0] == pytest.approx(run.model.loss(), rel=1e-12)


def test_the_path_has_its_own_losses_and_the_share_that_lies_in_the_plane() -> None:
    run = Trainer(Settings(hidden=(4, 3)), np.float64)
    path, told, passed = Path(8), [], []
    for _ in range(30):
        path.add(run.step, run.model.loss(), run.network.parameters)
        told.append(run.model.loss())
        passed.append(run.parameters)
        run.train(3)
    land, moved = Landscape(run, path), np.array(passed) - run.parameters
    sizes = np.linalg.svd(moved, compute_uv=False)
    picture = land.picture(Wanted("path"), 0)
    assert_array_equal(picture.path[:, 2], told)
    assert picture.share == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum(), abs=1e-9)
    picture = land.picture(Wanted("weights", (5, 1)), 0)
    assert picture.share == pytest.approx((moved[:, [5, 1]] ** 2).sum() / (moved**2).sum())
    assert_array_equal(picture.path[:, :2], np.array(passed)[:, [5, 1]])
    inside = np.abs(picture.path[:, :2] - np.array(picture.centre)) <= picture.radius
    assert inside.all()


def test_the_first_axis_leads_down_the_gradient() -> None:
    run, land = trained(hidden=(4, 3))
    section = land.picture(Wanted("gradient"), 0).section
    own = run.parameters
    slopes = np.zeros_like(own)
    for k in range(len(own)):
        step = np.zeros_like(own)
        step[k] = 1e-5
        slopes[k] = (loss_by_numpy(run, own + step) - loss_by_numpy(run, own - step)) / 2e-5
    assert_allclose(section.axes[0], -slopes / np.linalg.norm(slopes), atol=1e-7)
    assert section.axes[0] @ section.axes[1] == pytest.approx(0, abs=1e-12)
    heights = Terrain(run.network, run.model.train_examples, section).heights(
        np.array([[0.0, 0], [1e-3, 0], [-1e-3, 0]])
    )
    assert heights[1] < heights[0] < heights[2]


@pytest.mark.parametrize("directions", PLANES)
def test_each_zoom_makes_the_radius_smaller_by_the_root_of_two(directions: Any) -> None:
    _, land = trained(hidden=(4, 3))
    far, middle, close = (land.picture(Wanted(directions, zoom=zoom), 0).radius for zoom in (-1, 0, 3))
    assert far == pytest.approx(middle * 2**0.5)
    assert close == pytest.approx(middle / 2**1.5)


def test_a_race_that_is_looked_at_more_closely_goes_on() -> None:
    _, land = trained(hidden=(3,))
    wanted = Wanted("weights", (0, 1), start=(0.5, 0.5))
    whole = raced(land, wanted)
    close = land.picture(replace(wanted, zoom=2), 0)
    assert close.radius == pytest.approx(whole.radius / 2)
    assert_array_equal(close.race, whole.race)


def test_a_terrain_stays_as_it_was_while_the_network_trains_on() -> None:
    run, land = trained(hidden=(4, 4), batch_norm=True)
    terrain = Terrain(run.network, run.model.train_examples, land.picture(Wanted("weights"), 0).section)
    places = np.array([[0.5, -0.5], [1.0, 2.0]])
    before = terrain.heights(places)
    run.train(20)
    assert_array_equal(terrain.heights(places), before)


def test_random_directions_are_those_of_their_seed() -> None:
    _, land = trained(hidden=(4, 3))
    first, other, again = (land.picture(Wanted("random", seed=seed), 0) for seed in (1, 2, 1))
    assert_array_equal(first.heights, again.heights)
    assert (first.heights != other.heights).any()


@pytest.mark.parametrize("settings", ALL_KINDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_path_of_a_race_lies_on_the_surface(settings: dict[str, Any], dtype: Any) -> None:
    run, land = trained(dtype=dtype, **settings)
    wanted = Wanted("weights", (0, 2), start=(1.5, -0.5))
    picture = raced(land, wanted)
    assert picture.race is not None
    frozen = run.network.parameters.copy()
    for method in picture.race:
        known = method[np.isfinite(method[:, 2])]
        assert_array_equal(known[0, :2], [1.5, -0.5])
        for place in known[::25]:
            run.network.parameters[:] = frozen
            run.network.parameters[[0, 2]] = place[:2]
            assert place[2] == pytest.approx(run.model.loss(), abs=1e-6)


def raced(land: Landscape, wanted: Wanted) -> Picture:
    while land.has_work(wanted, 0):
        land.work(wanted, 0, 0.001)
    return land.picture(wanted, 0)


OPTIMIZERS: dict[Method, Any] = {
    Method.SGD: torch.optim.SGD,
    Method.MOMENTUM: lambda weights, rate: torch.optim.SGD(weights, rate, 0.9),
    Method.NESTEROV: lambda weights, rate: torch.optim.SGD(weights, rate, 0.9, nesterov=True),
    Method.ADAGRAD: torch.optim.Adagrad,
    Method.RMSPROP: torch.optim.RMSprop,
    Method.ADAM: torch.optim.Adam,
    Method.ADAMW: lambda weights, rate: torch.optim.AdamW(weights, rate, weight_decay=0.0),
}


@pytest.mark.parametrize("clip", [0.0, 0.05])
def test_seven_methods_move_two_weights_as_in_pytorch(clip: float) -> None:
    """One of the first layer, one of the second; all others are frozen, and do not count in the gradient's norm."""
    run, land = trained(hidden=(4, 3), batch_size=25, learning_rate=0.05, clip=clip)
    weights, start = (1, 14), (1.5, -1.0)
    picture = raced(land, Wanted("weights", weights, start=start))
    assert picture.race is not None
    assert picture.race.shape == (7, STEPS + 1, 3)
    for method, path in zip(Method, picture.race, strict=True):
        pair = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        optimizer = OPTIMIZERS[method]([pair], 0.05)
        for step in range(100):
            assert_allclose(path[step, :2], pair.detach().numpy(), rtol=0, atol=1e-9)
            optimizer.zero_grad()
            first = step % 10 * 25
            torch_loss(run, weights, pair, slice(first, first + 25)).backward()  # type: ignore[no-untyped-call]
            if clip:
                torch.nn.utils.clip_grad_norm_([pair], clip)
            optimizer.step()


def torch_loss(run: Trainer, weights: tuple[int, int], pair: torch.Tensor, batch: slice) -> torch.Tensor:
    parameters = torch.tensor(run.parameters).index_put((torch.tensor(weights),), pair)
    points = torch.tensor(run.data.train[batch])
    values = points[:, :2]
    for layer in run.network.program.layers:
        matrix = parameters[layer.weights.offset : layer.weights.end].reshape(layer.weights.shape)
        values = torch.tanh(values @ matrix[:, :-1].T + matrix[:, -1])
    return ((values[:, 0] - points[:, 2]) ** 2).mean() / 2


def test_where_nothing_is_frozen_a_step_is_the_run_s_own() -> None:
    for settings in ALL_KINDS:
        schedule: dict[str, Any] = {"schedule": "cosine", "schedule_epochs": 1}
        run = Trainer(Settings(**settings, **schedule, method="adam", order="shuffle", weight_decay=0.01))
        descent = PartlyFrozen(run.network, run.model.train_examples, run.model.rule, np.arange(len(run.parameters)))
        if not run.settings.batch_norm:  # its running statistics stay as they are, but the steps do not read them
            run.train_steps(5)
            for _ in range(5):
                descent.step()
            assert_array_equal(descent.place, run.parameters)


def test_weight_decay_leaves_what_is_frozen() -> None:
    run, _ = trained(hidden=(4, 3), method="adamw", weight_decay=5.0, batch_size="all")
    examples, rule, moves = run.model.train_examples, run.model.rule, np.array([1, 14])
    descent = PartlyFrozen(run.network, examples, rule, moves)
    for _ in range(20):
        descent.step()
    assert (np.abs(descent.place - run.parameters[moves]) > 0.01).all()
    run.network.parameters[moves] = descent.place  # all others as they were
    assert_array_equal(descent.gradient(), PartlyFrozen(run.network, examples, rule, moves).gradient())


def test_the_gradient_is_that_of_all_points_in_whatever_order_and_batches() -> None:
    run, _ = trained(hidden=(4,), order="random", batch_size=3)
    whole, _ = trained(hidden=(4,), batch_size="all")
    whole.network.parameters[:] = run.parameters
    update = explain_step(whole).update
    assert update
    found = whole_gradient(run.network, run.model.train_examples, run.model.rule)
    assert_allclose(found, update.gradient, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_of_the_run_changes(dtype: Any) -> None:
    settings: dict[str, Any] = {
        "hidden": (4, 3),
        "batch_norm": True,
        "dropout": 0.2,
        "method": "adam",
        "order": "shuffle",
    }
    run, land = trained(dtype=dtype, **settings)
    alone, _ = trained(dtype=dtype, **settings)
    for directions in PLANES:
        land.picture(Wanted(directions), 0)
        slice_of(run, 3)
        raced(land, Wanted("weights", start=(1.0, 1.0)))
        run.train_steps(7)
        alone.train_steps(7)
        for (name, own), other in zip(
            run.model.state().tensors.items(), alone.model.state().tensors.values(), strict=True
        ):
            assert own.tobytes() == other.tobytes(), name


def test_a_race_keeps_the_weights_that_were_frozen_when_it_began() -> None:
    run, land = trained(hidden=(4, 3))
    wanted = Wanted("weights", (0, 2), start=(0.5, 0.5))
    before = raced(land, wanted)
    run.train(50)
    after = land.picture(wanted, 0)
    assert_array_equal(before.heights, after.heights)
    assert before.race is not None
    assert after.race is not None
    assert_array_equal(before.race, after.race)
    zoomed = land.picture(replace(wanted, zoom=2), 0)
    assert zoomed.radius == before.radius / 2
    assert zoomed.race is not None
    assert_array_equal(zoomed.race, before.race)
    assert zoomed.heights[20, 20] == before.heights[20, 20]
    anew = raced(land, replace(wanted, races=1))
    assert anew.race is not None
    assert (anew.race != before.race).any()
    assert land.picture(Wanted("weights", (0, 2)), 0).race is None


def test_the_window_of_two_weights_stays_until_the_run_leaves_its_middle() -> None:
    run, land = trained(hidden=(4, 3))
    wanted = Wanted("weights", (0, 2))
    first = land.picture(wanted, 0)
    run.network.parameters[0] += 1.5
    assert land.picture(wanted, 1).centre == first.centre
    run.network.parameters[0] += 1.5
    assert land.picture(wanted, 2).centre == (run.network.parameters[0], run.network.parameters[2])


def test_a_large_network_gets_its_picture_in_parts_and_a_coarser_one() -> None:
    run, land = trained(epochs=1, dtype=np.float32, hidden=(64,) * 6)
    wanted = Wanted("weights", (0, 2))
    assert np.isnan(land.picture(wanted, 0).heights).all()
    parts = 0
    while land.has_work(wanted, 0):
        land.work(wanted, 0, 0.0)
        parts += 1
    picture = land.picture(wanted, 0)
    assert parts > 20
    assert picture.done == 1
    assert picture.heights.shape == (COARSE, COARSE)
    middle = COARSE // 2
    assert picture.heights[middle, middle] == pytest.approx(run.model.loss(), abs=1e-6)
    run.train(1)
    assert land.has_work(wanted, 0)


def test_a_picture_that_takes_long_is_finished_while_training_goes_on() -> None:
    run, land = trained(epochs=1, dtype=np.float32, hidden=(64,) * 6)
    wanted = Wanted("gradient")
    done = []
    for _ in range(5):
        land.work(wanted, 0, 0.0)
        run.train_steps(1)
        done.append(land.picture(wanted, 0).done)
    assert all(after > before for before, after in pairwise(done))


@pytest.mark.parametrize(
    ("settings", "wanted", "name"),
    [
        ({"hidden": (2,)}, Wanted("weights", (0, 900)), "weights"),
        ({"hidden": (2,)}, Wanted("weights", (3, 3)), "weights"),
        ({"hidden": (2,)}, Wanted("random", start=(0.0, 0.0)), "start"),
        ({"hidden": (64,) * 20}, Wanted("weights", start=(0.0, 0.0)), "start"),
        ({"hidden": (64,) * 32}, Wanted("path"), "of"),
    ],
)
def test_what_cannot_be_shown_is_refused(settings: dict[str, Any], wanted: Wanted, name: str) -> None:
    _, land = trained(epochs=0, dtype=np.float32, **settings)
    assert not land.has_work(wanted, 0)
    with pytest.raises(Refused) as refused:
        land.picture(wanted, 0)
    assert refused.value.field == name


def test_along_one_weight_the_tangent_touches_the_curve_of_the_batch() -> None:
    run, _ = trained(hidden=(4, 3), batch_size=5)
    weight = 9
    shown = slice_of(run, weight)
    batch = explain_step(run).numbers
    assert batch is not None
    assert_array_equal(shown.numbers, batch)
    own = run.parameters
    for k in (0, 33, 80):
        moved = own.copy()
        moved[weight] = shown.values[k]
        assert shown.whole[k] == pytest.approx(loss_by_numpy(run, moved), abs=1e-12)
        assert shown.points[:, k].mean() == pytest.approx(shown.batch[k], abs=1e-12)
    assert shown.here[0] == own[weight]
    assert shown.here[1] == run.model.loss()
    near = slice_of(run, weight, zoom=12)
    slope = np.gradient(near.batch, near.values)[40]
    assert shown.slope == pytest.approx(slope, rel=1e-3, abs=1e-5)
    run.train_steps(1)
    assert shown.after == run.parameters[weight]
    with pytest.raises(Refused):
        slice_of(run, len(own))
