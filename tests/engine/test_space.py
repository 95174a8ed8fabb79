"""space.py, phases.py, projections.py, readouts.py: a layer's space against PyTorch and NumPy."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from engine.labs.plane.explanation import explain_example
from engine.labs.plane.projections import border, onto_principal, onto_units
from engine.labs.plane.readouts import read_outs
from engine.labs.plane.settings import Settings
from engine.labs.plane.space import LINES, SAMPLES, Space, space
from engine.labs.plane.trainer import Trainer

XOR: dict[str, Any] = {"dataset": "xor", "hidden": (2,)}


def trained(epochs: int = 20, dtype: Any = np.float32, **settings: Any) -> Trainer:
    run = Trainer(Settings(**settings), dtype)
    run.train(epochs)
    return run


def torch_layers(run: Trainer, places: Any) -> list[torch.Tensor]:
    """Of a plain network with tanh: x, then W x, W x + b and the values of each layer."""
    values = [torch.tensor(places, dtype=torch.float64)]
    for weights, bias in run.layers():
        weighted = values[-1] @ torch.tensor(weights, dtype=torch.float64).T
        sums = weighted + torch.tensor(bias, dtype=torch.float64)
        values += [weighted, sums, torch.tanh(sums)]
    return values


def grid_places(domain: tuple[float, float] = (-6, 6)) -> Any:
    """Of the two directions, in the order of the grid."""
    across, along = np.linspace(*domain, LINES), np.linspace(*domain, SAMPLES)
    first = [[x, y] for x in across for y in along]
    return np.array(first + [[x, y] for y in across for x in along])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_points_and_grid_are_what_pytorch_makes_of_them(dtype: Any) -> None:
    run = trained(dtype=dtype, **XOR)
    seen = space(run, 1, (1, 2), tests=True)
    points = np.concatenate([run.data.train, run.data.test])[:, :2]
    (phase,) = seen.phases
    assert_allclose(phase.points, torch_layers(run, points)[3].numpy(), rtol=0, atol=1e-6)
    lines = torch_layers(run, grid_places())[3].numpy().reshape(2, LINES, SAMPLES, 2)
    assert_allclose(phase.grid, lines, rtol=0, atol=1e-6)


def test_units_are_shown_in_the_order_that_is_asked_for() -> None:
    run = trained(hidden=(5, 4))
    values = torch_layers(run, run.data.train[:, :2])[6].numpy()
    assert_allclose(space(run, 2, (4, 1)).phases[0].points, values[:, [3, 0]], atol=1e-6)
    assert_allclose(space(run, 2, (4, 1, 2)).phases[0].points, values[:, [3, 0, 1]], atol=1e-6)


def test_the_morph_begins_with_the_input_and_ends_with_the_layer() -> None:
    run = trained(**XOR)
    seen = space(run, 1, (1, 2), all_phases=True)
    assert seen.kinds == tuple(phase.kind for phase in seen.phases) == ("input", "weights", "bias", "activation")
    told = torch_layers(run, run.data.train[:, :2])
    for phase, values in zip(seen.phases, told, strict=False):
        assert_allclose(phase.points, values.numpy(), rtol=1e-6, atol=2e-6)
    assert_array_equal(seen.phases[-1].points, space(run, 1, (1, 2)).phases[0].points)


def test_every_kind_of_layer_passes_through_its_phases() -> None:
    settings = Settings(
        hidden=(4, 4), batch_norm=True, dropout=0.5, connections="residual", lesions=((2, 1), (2, 3)),
        loss="cross-entropy", activation="swish",
    )  # fmt: skip
    run = Trainer(settings)
    run.train(5)
    seen = space(run, 2, (1, 2, 3), all_phases=True)
    assert seen.kinds == ("input", "weights", "bias", "batch-norm", "activation", "switch-off", "residual")
    step = explain_example(run, 7)
    layer = step.layers[1]
    for phase, values in zip(
        seen.phases[2:], [layer.sums, *(stage.after for stage in layer.stages if stage.kind != "dropout")], strict=True
    ):
        assert_allclose(phase.points[7], values[:3, 0], rtol=1e-5, atol=1e-6)
    assert space(run, 3, (1, 2), all_phases=True).kinds == ("input", "weights", "bias", "probability")


def test_dense_connections_bring_all_layers_to_the_input() -> None:
    run = trained(hidden=(3, 2), connections="dense")
    seen = space(run, 2, (1, 2), all_phases=True)
    assert seen.phases[0].points.shape == seen.phases[-1].points.shape
    assert seen.why_none == "skips"


def test_the_principal_plane_is_that_of_an_svd() -> None:
    run = trained(hidden=(6,))
    values = torch_layers(run, run.data.train[:, :2])[3].numpy()
    sizes, directions = np.linalg.svd(values - values.mean(axis=0))[1:]
    seen = space(run, 1)
    assert_allclose(seen.projection.shares, sizes[:2] ** 2 / (sizes**2).sum(), atol=1e-6)
    told = np.abs((values - values.mean(axis=0)) @ directions[:2].T)
    assert_allclose(np.abs(seen.phases[0].points), told, atol=1e-5)
    assert seen.units == ()


def test_shares_of_units_are_those_of_the_variance() -> None:
    values = np.random.default_rng(1).normal(size=(3, 50)) * [[1], [2], [3]]
    variances = values.var(axis=1)
    assert_allclose(onto_units(values, (3, 1)).shares, variances[[2, 0]] / variances.sum())
    assert_allclose(onto_principal(values, 3).shares.sum(), 1)


@pytest.mark.parametrize("units", [(1, 2), ()])
def test_on_the_straight_boundary_the_probability_is_one_half(units: tuple[int, ...]) -> None:
    run = trained(200, loss="cross-entropy", **XOR)
    seen = space(run, 1, units)
    (edge,) = seen.borders
    assert edge.is_exact
    assert edge.agrees == 1
    size = np.linalg.norm(edge.normal)
    foot, along = -edge.offset * edge.normal / size**2, np.array([-edge.normal[1], edge.normal[0]]) / size
    places = foot + np.linspace(-2, 2, 9)[:, None] * along
    values = places @ seen.projection.axes + seen.projection.center
    weights, bias = run.layers()[-1]
    assert_allclose(torch.sigmoid(torch.tensor(values @ weights.T + bias)).numpy(), 0.5, atol=1e-3)


def test_where_classes_meet_they_are_equally_probable() -> None:
    run = trained(100, dataset="spiral", classes=3, hidden=(3,))
    seen = space(run, 1, (1, 2, 3))
    assert [each.classes for each in seen.borders] == [(0, 1), (0, 2), (1, 2)]
    weights, bias = run.layers()[-1]
    for each in seen.borders:
        place = -each.offset * each.normal / (each.normal @ each.normal)
        logits = weights @ place + bias
        assert abs(logits[each.classes[0]] - logits[each.classes[1]]) < 1e-5


def test_no_line_is_drawn_where_there_is_none() -> None:
    run = trained(hidden=(3, 3))
    assert space(run, 1, (1, 2)).why_none == "layer"
    assert space(run, 2, (1, 2)).why_none == "unseen"
    plane = space(run, 2)
    assert plane.why_none == ""
    assert not plane.borders[0].is_exact
    weights, bias = run.layers()[-1]
    values = torch_layers(run, run.data.train[:, :2])[6].numpy()
    said = plane.phases[0].points @ plane.borders[0].normal + plane.borders[0].offset > 0
    assert plane.borders[0].agrees == pytest.approx((said == (values @ weights[0] + bias[0] > 0)).mean())
    assert space(Trainer(Settings(dataset="reg-plane")), 1).why_none == "regression"


def test_units_that_say_the_same_everywhere_only_move_the_line() -> None:
    values = np.array([[1.0, -2, 0.5, 3], [2, 0, 1, -1], [0.25, 0.25, 0.25, 0.25]])
    edge = border((0, 1), np.array([1.0, -1, 2]), 0.5, values, 4, onto_units(values, (1, 2)))
    assert edge.is_exact
    assert edge.offset == pytest.approx(1)
    assert_allclose(edge.normal, [1, -1])


def test_what_is_not_there_is_replaced_by_what_is() -> None:
    run = trained(hidden=(3, 2))
    assert space(run, 9, (1, 2)).layer == 3
    assert space(run, 1, (5, 3)).units == (3, 1)
    assert space(run, 2, (1, 2, 3)).units == (1, 2)
    alone = space(run, 3, (1, 2))
    assert alone.units == (1, 2)
    assert_array_equal(alone.phases[0].points[:, 1], 0)
    assert space(run, 3).phases[0].points.shape == (len(run.data.train), 2)


def test_a_network_without_inputs_or_hidden_layers_has_a_space() -> None:
    bare = Trainer(Settings(inputs=(), hidden=(), loss="cross-entropy"))
    seen = space(bare, 1, all_phases=True)
    assert seen.kinds == ("input", "weights", "bias", "probability")
    assert_array_equal(seen.phases[0].points, 0)
    assert read_outs(bare).shape == (1, 2)
    assert space(Trainer(Settings(inputs=(), hidden=(3,))), 1).phases[0].points.shape[1] == 2


def test_infinite_values_have_a_place() -> None:
    run = trained(hidden=(3,), activation="linear")
    run.network.parameters[:] = 3e38
    assert all(np.isfinite(phase.points).all() for phase in space(run, 1, all_phases=True).phases)


def least_squares(known: Any, labels: Any, asked: Any) -> Any:
    """By another way: the penalty as further equations."""
    known, asked = (np.column_stack([each, np.ones(len(each))]) for each in (known, asked))
    penalty = np.sqrt(0.001 * (known**2).mean() * len(known))
    rows = np.concatenate([known, penalty * np.eye(known.shape[1])])
    targets = np.concatenate([labels, np.zeros((known.shape[1], labels.shape[1]))])
    return asked @ np.linalg.lstsq(rows, targets, rcond=None)[0]


def test_read_outs_score_as_least_squares_does() -> None:
    run = trained(60, hidden=(4, 3), dataset="circle", noise=20)
    train, test = run.data.train, run.data.test
    told = read_outs(run)
    assert told.shape == (3, 2)
    for layer, values in enumerate(
        zip(torch_layers(run, train[:, :2])[::3], torch_layers(run, test[:, :2])[::3], strict=True)
    ):
        if layer < 3:
            said = [least_squares(values[0].numpy(), train[:, 2:], each.numpy())[:, 0] for each in values]
            shares = [((one > 0) == (points[:, 2] > 0)).mean() for one, points in zip(said, (train, test), strict=True)]
            assert_allclose(told[layer], shares, atol=1e-9)
    assert told[2, 1] > told[0, 1] + 0.2


def test_read_outs_of_a_regression_and_of_several_classes() -> None:
    run = trained(dataset="reg-plane", hidden=(4,))
    train, test = run.data.train, run.data.test
    said = least_squares(train[:, :2], train[:, 2:], test[:, :2])[:, 0]
    told = 1 - ((said - test[:, 2]) ** 2).mean() / test[:, 2].var()
    assert read_outs(run)[0, 1] == pytest.approx(told)
    run = trained(dataset="spiral", classes=3, hidden=(4,))
    train, test = run.data.train, run.data.test
    said = least_squares(train[:, :2], np.eye(3)[train[:, 2].astype(int)], test[:, :2]).argmax(axis=1)
    assert read_outs(run)[0, 1] == pytest.approx((said == test[:, 2]).mean())


def test_without_test_points_there_is_no_test_score() -> None:
    told = read_outs(trained(dataset="logic-xor", hidden=(2,)))
    assert np.isnan(told[:, 1]).all()
    assert not np.isnan(told[:, 0]).any()


def test_looking_changes_nothing() -> None:
    run = trained(hidden=(3,), batch_norm=True, dropout=0.2)
    before = run.network.snapshot()[0]
    seen: Space = space(run, 1, all_phases=True)
    read_outs(run)
    assert seen.phases
    for name, tensor in run.network.snapshot()[0].items():
        assert_array_equal(tensor, before[name])
