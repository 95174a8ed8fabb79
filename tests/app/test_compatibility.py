"""TensorFlow Playground's links and trajectories through our command line, number by number, in float64."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from typer.testing import CliRunner

from app.terminal.cli import cli
from tests.recorded import LINKS, TRAJECTORIES, link_of, matrices, points

runner = CliRunner()
FINITE = [link for link in LINKS if link["numeric"]]
TOLERANCES = {1: 1e-9, 5: 1e-6, 10: 1e-6, 20: 1e-6, 50: 1e-6}


def train(link: str, epochs: int) -> dict[str, Any]:
    result = runner.invoke(cli, ["train", "--link", link, "--epochs", str(epochs), "--dtype", "float64", "--json"])
    assert result.exit_code == 0, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def losses(state: dict[str, Any]) -> tuple[float | None, float | None]:
    return state["loss_train"], state["loss_test"]


@pytest.mark.parametrize("link", FINITE, ids=lambda link: str(link["id"]))
def test_a_link_of_theirs_gives_their_points_and_first_weights(link: dict[str, Any]) -> None:
    printed = train(link["url"], 0)
    assert (len(printed["train"]), len(printed["test"])) == (link["n_train"], link["n_test"])
    for ours, theirs in (
        (printed["train"][: len(link["train_first"])], link["train_first"]),
        (printed["train"][-1:], [link["train_last"]]),
        (printed["test"][: len(link["test_first"])], link["test_first"]),
    ):
        assert_allclose(points(ours), points(theirs), atol=1e-12)
    first, initial = link["e0"], printed["initial"]  # of each layer the first neuron is recorded
    for layer, (weights, biases) in enumerate(zip(initial["weights"], initial["biases"], strict=True)):
        assert_allclose(weights[0], first["w_first"][layer], atol=1e-12)
        assert_allclose(biases[0], first["b_first"][layer], atol=1e-12)
    assert losses(printed["initial"]) == pytest.approx((first["loss_train"], first["loss_test"]), rel=1e-12)


RECORDED_LOSSES = [
    (link, epochs) for link in FINITE for epochs in (1, 5, 20) if link[f"e{epochs}"]["loss_train"] is not None
]


@pytest.mark.parametrize(("link", "epochs"), RECORDED_LOSSES, ids=[f"{link['id']}-{n}" for link, n in RECORDED_LOSSES])
def test_a_link_of_theirs_gives_their_losses(link: dict[str, Any], epochs: int) -> None:
    recorded = link[f"e{epochs}"]
    printed = train(link["url"], epochs)
    assert losses(printed["final"]) == pytest.approx(
        (recorded["loss_train"], recorded["loss_test"]), rel=TOLERANCES[epochs]
    )


@pytest.mark.parametrize("path", TRAJECTORIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("epochs", [1, 10, 50])
def test_a_recorded_trajectory_is_met_from_its_link(path: Path, epochs: int) -> None:
    record = json.loads(path.read_text())
    printed = train(link_of(record["config"]), epochs)
    assert printed["warnings"] == []
    assert_allclose(points(printed["train"]), points(record["train"]), atol=1e-12)
    expected = record[f"after_{epochs}_epoch{'s' if epochs > 1 else ''}"]
    for ours, theirs in zip(matrices(printed["final"]), matrices(expected), strict=True):
        assert_allclose(ours, theirs, rtol=TOLERANCES[epochs], atol=1e-12)
    assert losses(printed["final"]) == pytest.approx(
        (expected["lossTrain"], expected["lossTest"]), rel=TOLERANCES[epochs], abs=1e-15
    )


def test_flags_change_what_the_link_says() -> None:
    url = LINKS[0]["url"]
    result = runner.invoke(cli, ["train", "--link", url, "--hidden", "3", "--epochs", "0", "--json"])
    config = json.loads(result.stdout)["config"]
    assert (config["hidden"], config["dataset"], config["seed"]) == ([3], "spiral", "0.10261")


def test_repairs_are_warnings() -> None:
    printed = train("#dataset=circle®Dataset=reg-plane&learningRate=NaN", 0)
    assert "“®”" in printed["warnings"][0]
    assert "learningRate" in printed["warnings"][1]
    assert np.isfinite(printed["initial"]["loss_train"])


def test_without_test_points_there_is_no_test_loss() -> None:
    printed = train("#percTrainData=100", 2)
    assert (len(printed["train"]), printed["test"]) == (500, [])
    assert printed["final"]["loss_test"] is None
    assert printed["final"]["loss_train"] < printed["initial"]["loss_train"]
