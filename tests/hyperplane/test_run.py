"""`hyperplane.train`: the numbers of the command line, of recorded runs, and of NumPy by hand."""

import json
import logging
import pickle
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from typer.testing import CliRunner

import hyperplane
from app.terminal.cli import cli
from engine.labs.plane.figures import figures
from engine.machine.pictures import quantize
from hyperplane.labs.plane.run import PlaneRun
from hyperplane.run import Run
from tests.recorded import TRAJECTORIES, link_of, matrices

PLACES = np.random.default_rng(1).uniform(-6, 6, (100, 2))
POINTS = PLACES.round(3)


def train(*arguments: Any, **settings: Any) -> PlaneRun:
    run = hyperplane.train(*arguments, **settings)
    assert isinstance(run, PlaneRun)
    return run


def test_it_gives_what_the_command_line_prints() -> None:
    flags = ["--dataset", "moons", "--hidden", "3,2", "--inputs", "x,sinY", "--learning-rate", "0.1", "--seed", "b"]
    printed = CliRunner().invoke(cli, ["train", *flags, "--epochs", "7", "--dtype", "float64", "--json"])
    run = train(
        dataset="moons", hidden=[3, 2], inputs=("x", "sinY"), learning_rate=np.float64(0.1), seed="b",
        epochs=np.int64(7), dtype="float64",
    )  # fmt: skip
    assert json.loads(json.dumps(run.as_json())) == json.loads(printed.stdout)
    final = json.loads(printed.stdout)["final"]
    assert [weights.tolist() for weights in run.weights] == final["weights"]
    assert [biases.tolist() for biases in run.biases] == final["biases"]
    assert run.losses == {"train": final["loss_train"], "test": final["loss_test"]}


def test_a_recorded_run_of_the_other_playground_is_met_from_its_link() -> None:
    record = json.loads(TRAJECTORIES[0].read_text())
    run = train(link_of(record["config"]), epochs=10, dtype="float64")
    for weights, biases, theirs in zip(run.weights, run.biases, matrices(record["after_10_epochs"]), strict=True):
        assert_allclose(np.column_stack([weights, biases]), theirs, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("loss", ["squared-error", "cross-entropy"])
def test_it_predicts_what_numpy_does_with_its_weights(loss: str) -> None:
    run = train(dataset="spiral", inputs=("x", "y", "sinX"), hidden=(5, 3), loss=loss, epochs=30, dtype="float64")
    values = np.column_stack([PLACES, np.sin(PLACES[:, 0])])
    for weights, biases in zip(run.weights[:-1], run.biases[:-1], strict=True):
        values = np.tanh(values @ weights.T + biases)
    sums = (values @ run.weights[-1].T + run.biases[-1])[:, 0]
    assert_allclose(run.predict(PLACES), np.tanh(sums) if loss == "squared-error" else 1 / (1 + np.exp(-sums)))


def test_of_several_classes_it_predicts_the_probability_of_each() -> None:
    run = train(dataset="rings", classes=3, hidden=(4,), epochs=30, dtype="float64")
    hidden = np.tanh(PLACES @ run.weights[0].T + run.biases[0])
    powers = np.exp(hidden @ run.weights[1].T + run.biases[1])
    assert_allclose(run.predict(PLACES), powers / powers.sum(axis=1, keepdims=True))
    right = run.predict(run.points.test[:, :2]).argmax(axis=1) == run.points.test[:, 2]
    assert run.metrics["accuracy_test"] == pytest.approx(right.mean())


def test_its_field_is_the_picture_of_the_page() -> None:
    run = train(dataset="circle", epochs=20)
    shown = figures(run._training.run, 100).large[0]  # type: ignore[arg-type]  # as frames have it
    assert_array_equal(quantize(run.field(100)), shown)
    left, right, bottom, top = run.extent
    assert run.field(2)[0, 1] == run.predict([[right / 2, top / 2]])[0]
    assert run.field(2)[1, 0] == run.predict([[left / 2, bottom / 2]])[0]


def test_metrics_of_a_regression_are_those_of_its_predictions() -> None:
    run = train(dataset="reg-gauss", epochs=20, dtype="float64")
    for name, points in run.points._asdict().items():
        errors = run.predict(points[:, :2]) - points[:, 2]
        assert run.metrics[f"rmse_{name}"] == pytest.approx(np.sqrt((errors**2).mean()))
        assert run.metrics[f"r2_{name}"] == pytest.approx(1 - (errors**2).mean() / points[:, 2].var())


def test_own_points_keep_their_units() -> None:
    """By hand: the middle is (100, 50), 20 of x are 5.5 of the picture; of values 3 is the middle, 2 half the range."""
    x, y = np.linspace(80, 120, 41), 50 + 10 * np.sin(np.arange(41))
    y[[0, -1]] = 40, 60
    raw, values = np.column_stack([x, y]), np.linspace(1, 5, 41)
    scaled = (raw - [100, 50]) * 5.5 / 20
    run = train(data=(raw, values), scaling="fit", epochs=20, dtype="float64")
    by_hand = train(data=(scaled, (values - 3) / 2), epochs=20, dtype="float64")
    assert_allclose(run.predict(raw), by_hand.predict(scaled) * 2 + 3)
    assert_allclose(run.field(20), by_hand.field(20) * 2 + 3)
    assert run.extent == pytest.approx((100 - 6 * 20 / 5.5, 100 + 6 * 20 / 5.5, 50 - 6 * 20 / 5.5, 50 + 6 * 20 / 5.5))
    learned = np.concatenate(run.points)
    assert_allclose(learned[learned[:, 0].argsort()], np.column_stack([raw, values]), atol=0.002)


def test_training_further_is_training_at_once() -> None:
    run = train(dataset="xor", epochs=4)
    run.train(6)
    at_once = train(dataset="xor", epochs=10)
    assert_array_equal(run.parameters, at_once.parameters)
    assert (run.epoch, run.steps) == (at_once.epoch, at_once.steps) == (10, 250)
    assert_array_equal(run.history, at_once.history)
    assert run.history[-1].tolist() == [10, *run.losses.values()]


def test_its_links_open_as_the_same() -> None:
    run = train(data=(POINTS, POINTS[:, 0] > 1), hidden=(3,), epochs=5)
    again = train(run.link, epochs=5)
    assert_array_equal(again.parameters, run.parameters)
    shared = train(run.share(weights=True), epochs=0)
    assert_array_equal(shared.predict(PLACES), run.predict(PLACES))
    assert (shared.epoch, shared.classes) == (5, ("1", "0"))


def test_a_repaired_link_is_a_warning() -> None:
    with pytest.warns(UserWarning, match=r"link: noise: .*99") as caught:
        run = train("#v=1&noise=99", epochs=0)
    assert run.warnings == [str(caught[0].message)]
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"learning_rate": -1}, "learning_rate: -1.0 came, expected a number from 0 to 1000"),
        ({"learning_rat": 1}, "learning_rat: 1 came, expected perhaps learning_rate; a setting: one of dataset, noise"),
        ({"colour": "red"}, "colour: 'red' came, expected a setting: one of"),
        ({"dataset": "own"}, "dataset: 'own' came, expected the points with it"),
        ({"lab": "moon"}, "lab: 'moon' came, expected one of"),
        ({"link": "nothing"}, "link: 'nothing' came, expected a link of Hyperplane"),
        ({"epochs": -1}, "epochs: -1 came, expected a whole number from 0"),
        ({"epochs": 1.5}, "epochs: 1.5 came, expected a whole number from 0"),
        ({"epochs": "5"}, "epochs: '5' came, expected a whole number from 0"),
        ({"steps": 2.5}, r"steps: 2\.5 came, expected a whole number from 0"),
        ({"seconds": -1}, "seconds: -1 came, expected a number from 0"),
        ({"epochs": 1, "steps": 2}, r"epochs and steps: \(1, 2\) came, expected one of epochs, steps and seconds"),
        ({"dtype": "float16"}, "dtype: 'float16' came, expected one of float32, float64"),
        ({"data": POINTS}, r"data: 'ndarray' came, expected \(points, labels\), or the path of a table"),
        ({"data": "nowhere.csv"}, "data: 'nowhere.csv' came, expected a file with a table"),
        ({"data": (POINTS, POINTS[:, 0] > 0), "dataset": "xor"}, "dataset: 'xor' came, expected 'own', as these"),
        ({"data": (POINTS, POINTS[:, 0] > 0), "lab": "descent"}, "data: 'own examples' came, expected none"),
    ],
    ids=str,
)
def test_what_cannot_be_trained_is_refused_as_everywhere(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(hyperplane.Refused, match=said) as told:
        hyperplane.train(**arguments)
    again = pickle.loads(pickle.dumps(told.value))  # as it passes between processes
    assert (str(again), again.field) == (str(told.value), told.value.field)


@pytest.mark.parametrize("came", [[1, 2], [[1, 2, 3]], [["a", "b"]]])
def test_what_are_no_points_cannot_be_predicted(came: Any) -> None:
    with pytest.raises(hyperplane.Refused, match=r"points: .* came, expected"):
        train(epochs=0).predict(came)


def test_runs_of_other_labs_have_what_all_have() -> None:
    run = hyperplane.train(
        lab="descent", problem="bowl", race="one", curvature=1, start=(2,), learning_rate=0.5, epochs=3
    )
    assert type(run) is Run
    assert run.losses["racer_1"] == pytest.approx((2 * 0.5**3) ** 2 / 2)
    assert run.history[:, 0].tolist() == [0, 1, 2, 3]


def test_nothing_is_said_of_an_engine_that_is_compiled(caplog: pytest.LogCaptureFixture) -> None:
    train(epochs=1)
    with caplog.at_level(logging.WARNING, "hyperplane"):
        train(epochs=1)
    assert caplog.records == []
