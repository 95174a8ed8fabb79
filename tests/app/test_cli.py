"""cli.py: the command line is an interface that other people's scripts use."""

import json
import math
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from app.terminal.cli import cli, main
from app.terminal.numbers import figure
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.warm_up import compiled_signatures
from tests.servers import hyperplane

ROOT = Path(__file__).parents[2]
IRIS = ROOT / "static" / "labs" / "plane" / "table" / "iris.csv"
runner = CliRunner()
NO_TEXT = b"\xed\xa0\x80".decode(errors="surrogateescape")  # as the command line brings bytes that are no UTF-8


def train(*flags: str) -> dict[str, Any]:
    result = runner.invoke(cli, ["train", *flags, "--json"])
    assert result.exit_code == 0, result.output
    printed: dict[str, Any] = json.loads(result.stdout)
    return printed


def test_train_prints_one_object_with_everything() -> None:
    printed = train(
        "--dataset", "xor", "--hidden", "3,2", "--inputs", "x,y,sinX", "--epochs", "5", "--dtype", "float64"
    )
    assert set(printed) == {"config", "train", "test", "initial", "final", "epochs", "warnings"}
    trainer = Trainer(Settings(dataset="xor", hidden=(3, 2), inputs=("x", "y", "sinX")), np.float64)
    for name in ("initial", "final"):
        state = printed[name]
        assert [np.shape(weights) for weights in state["weights"]] == [(3, 3), (2, 3), (1, 2)]
        assert [np.shape(biases) for biases in state["biases"]] == [(3,), (2,), (1,)]
        assert (state["loss_train"], state["loss_test"]) == trainer.losses()
        assert state["weights"][0] == trainer.layers()[0][0].tolist()
        trainer.train(5)
    assert printed["epochs"] == 5
    assert printed["warnings"] == []
    assert printed["train"][0] == dict(zip(("x", "y", "label"), trainer.data.train[0].tolist(), strict=True))
    assert len(printed["test"]) == 250


def test_all_flags_reach_the_settings() -> None:
    printed = train(
        "--dataset", "reg-gauss", "--noise", "10", "--train-share", "80", "--seed", "b", "--hidden", "",
        "--activation", "relu", "--learning-rate", "0.001", "--batch-size", "all", "--regularization", "L1",
        "--regularization-rate", "0.01", "--epochs", "1",
    )  # fmt: skip
    config = printed["config"]
    assert (config["problem"], config["noise"], config["train_share"], config["seed"]) == ("regression", 10, 80, "b")
    assert (config["hidden"], config["activation"], config["batch_size"]) == ([], "relu", "all")
    assert (config["regularization"], config["regularization_rate"]) == ("L1", 0.01)
    assert len(printed["train"]) == 960


def test_flags_that_are_lists_are_read_part_by_part() -> None:
    config = train(
        "--inputs", "x", "--hidden", "3, 2", "--activations", "same,relu", "--lesions", "1-2,2-0", "--draw", "7",
        "--epochs", "1",
    )["config"]  # fmt: skip
    assert (config["inputs"], config["hidden"]) == (["x"], [3, 2])
    assert (config["activations"], config["lesions"]) == (["same", "relu"], [[1, 2], [2, 0]])
    assert config["draw"] == 7


def test_own_points_come_from_a_table(tmp_path: Path) -> None:
    """Four flowers: one factor brings 0 to 22 and 10 to 14 into the picture, to -5.5 to 5.5 and -1 to 1."""
    table = tmp_path / "flowers.csv"
    table.write_text("length;width;kind\n0;10;rose\n22;14;rose\n11;12;aster\n5,5;11;tulip\n;11;tulip\n")
    printed = train("--data", str(table), "--train-share", "100", "--hidden", "3", "--epochs", "2")
    assert sorted((p["x"], p["y"], p["label"]) for p in printed["train"]) == [
        (-5.5, -1, 1), (-2.75, -0.5, 2), (0, 0, 0), (5.5, 1, 1),
    ]  # fmt: skip
    assert printed["data"]["classes"] == ["aster", "rose", "tulip"]
    assert printed["data"]["columns"] == ["length", "width", "kind"]
    assert printed["data"]["scaling"] == {"how": "fit", "centre": [11, 12, 0], "factor": [0.5, 0.5, 1]}
    assert (printed["config"]["dataset"], printed["config"]["classes"], printed["epochs"]) == ("own", 3, 2)
    assert printed["warnings"] == ["data: 1 left out with no number in length"]
    chosen = train("--data", str(table), "--columns", "width, length, kind", "--scaling", "none", "--epochs", "0")
    assert {p["x"] for p in (*chosen["train"], *chosen["test"])} == {10, 11, 12, 14}


@pytest.mark.parametrize("link", ["https://goo.gl/VyoRWX", "", "[/red] no link", "data:image/png;base64," + "A" * 9000])
def test_what_is_no_link_ends_with_one_plain_line(link: str) -> None:
    result = runner.invoke(cli, ["train", "--link", link, "--epochs", "1"])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"Error: link: {link[:100]!r} came, expected a link of Hyperplane" in result.output
    assert result.output.count("\n") == 1


def test_the_four_points_of_logic_train_and_none_are_left_for_a_test() -> None:
    printed = train("--dataset", "logic-xor", "--hidden", "4", "--noise", "20", "--epochs", "3")
    assert [(point["x"], point["y"], point["label"]) for point in printed["train"]] == [
        (0, 0, -1), (0, 1, 1), (1, 0, 1), (1, 1, -1),
    ]  # fmt: skip
    assert printed["test"] == []
    assert printed["final"]["loss_test"] is None
    assert printed["final"]["loss_train"] < printed["initial"]["loss_train"]


def test_divergence_is_a_warning_and_the_numbers_stay_finite() -> None:
    printed = train("--dataset", "reg-plane", "--hidden", "", "--learning-rate", "10", "--epochs", "500")
    assert "finite" in printed["warnings"][0]
    assert printed["epochs"] < 500
    assert np.isfinite(printed["final"]["weights"][0]).all()


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["train", "--hidden", "0"], ["hidden: ", "[0] came, expected 1 to 256 neurons"]),
        (["train", "--hidden", "four"], ["hidden: 'four' came, expected a whole number"]),
        (["train", "--dataset", "mnist"], ["dataset: 'mnist' came, expected one of circle, xor"]),
        (["train", "--dataset", "own"], ["dataset: 'own' came, expected one of circle, xor"]),  # no flag gives points
        (["train", "--dtype", "float16"], ["dtype: 'float16' came, expected one of float32, float64"]),
        (["train", "--noise", "90"], ["noise: 90.0 came, expected a number from 0 to 80"]),
        (["train", "--noise", "much"], ["noise: 'much' came, expected a valid number"]),
        (["train", "--stop-epochs", "1.5"], ["stop_epochs: '1.5' came, expected a valid integer"]),
        (["train", "--batch-size", "many"], ["batch_size: 'many' came, expected a whole number"]),
        (["train", "--inputs", "z"], ["inputs"]),
        (["train", "--lesions", "2"], ["lesions: '2' came, expected layer and neuron, as in 2-3"]),
        (["train", "--lesions", "2-x"], ["lesions: 'x' came, expected a whole number"]),
        (["train", "--lesions", "2-3"], ["lesions: [2, 3] came, expected layer and neuron of [4, 2]"]),
        (["train", "--draw", "-1"], ["draw: -1 came, expected a number from 0 to 1e+06"]),
        (["train", "--learning-rate", "nan"], ["learning_rate: nan came, expected a number from 0 to 1000"]),
        (["train", "--learning-rate", "1e999"], ["learning_rate: inf came, expected a number from 0 to 1000"]),
        (["train", "--epochs", "-1"], ["epochs: '-1' came, expected greater than or equal to 0"]),
        (["train", "--colour", "red"], ["--colour"]),
        (["train", "--data", "none.csv"], ["data: 'none.csv' came, expected a file with a table: No such file"]),
        (["train", "--data", "."], ["data: '.' came, expected a file with a table: Is a directory"]),
        (
            ["train", "--data", str(IRIS), "--columns", "sepal_lenth,petal_width"],
            ["came, expected perhaps sepal length; "],
        ),
        (["train", "--data", str(IRIS), "--columns", "species"], ["expected the names of x, of y"]),
        (["train", "--data", str(IRIS), "--classes", "2"], ["classes: 2 came, expected 3, as these examples have it"]),
        (["train", "--lab", "digits", "--data", str(IRIS)], ["data: 'own examples' came, expected none"]),
        (["train", "--link", "#nothing=1"], ["link: '#nothing=1' came, expected a link of Hyperplane or TensorFlow"]),
        (["serve", "--port", "many"], ["port: 'many' came, expected a valid integer"]),
        (["serve", "--port", "99999"], ["port: "]),
        (["bench", "--seconds", "0"], ["seconds: '0' came, expected greater than or equal to 0.05"]),
        (["load", "--mode", "asleep"], ["mode: 'asleep' came, expected one of playing, paused, hidden"]),
        (["train", "--seed", NO_TEXT], [f"seed: {NO_TEXT!r} came, expected text in UTF-8"]),
        (["train", "--hidden", NO_TEXT], [f"hidden: {NO_TEXT!r} came, expected a whole number"]),
        (["train", "--batch-size", NO_TEXT], [f"batch_size: {NO_TEXT!r} came, expected a whole number"]),
        (["train", "--inputs", NO_TEXT], [f"{NO_TEXT!r} came"]),
        (["train", "--activations", NO_TEXT], [f"{NO_TEXT!r} came"]),
        (["train", "--dataset", NO_TEXT], [f"dataset: {NO_TEXT!r} came, expected one of circle"]),
        (["serve", "--host", NO_TEXT], [f"host: {NO_TEXT!r} came, expected the name or address of this machine"]),
        (["load", "--url", NO_TEXT], [f"url: {NO_TEXT!r} came, expected http://host:port"]),
        (["load", "--url", f"http://{NO_TEXT}:1"], ["came, expected http://host:port"]),
        (["load", "--url", f"http://here:{NO_TEXT}"], ["came, expected http://host:port"]),
        (["load", "--url", "http://["], ["url: 'http://[' came, expected http://host:port"]),
        (["store", "check", NO_TEXT], ["there is no file \\udced\\udca0\\udc80"]),
        (["load", "--url", "ftp://here"], ["url: 'ftp://here' came, expected http://host:port"]),
        (["store", "backup"], ["file: nothing came, expected a value"]),
        (["fly"], ["fly"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_whatever_is_wrong_with_a_flag_is_one_plain_line(
    arguments: list[str], parts: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["hyperplane", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Error: ")
    assert printed.err.count("\n") == 1
    for part in parts:
        assert part in printed.err


def test_the_command_itself_says_so_too() -> None:
    command = [hyperplane(), "train", "--dataset", "mnist"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: dataset: 'mnist' came, expected one of circle, xor, ")
    assert result.stderr.count("\n") == 1


def test_large_figures_have_an_exponent_and_json_has_numbers() -> None:
    link = "#problem=regression&regDataset=reg-gauss&networkShape=&x=true&y=true&xTimesY=true&seed=0.1"
    result = runner.invoke(cli, ["train", "--link", link, "--learning-rate", "0.3", "--epochs", "100"])
    assert result.exit_code == 0
    words = [word.strip(",.:") for word in result.stdout.split()]
    assert max(map(len, words)) < 16
    assert any(re.fullmatch(r"-?\d\.\d{3}e\+\d+", word) for word in words)
    assert isinstance(train("--link", link, "--learning-rate", "0.3", "--epochs", "100")["final"]["loss_train"], float)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.000000"),
        (0.25, "0.250000"),
        (-0.5, "-0.500000"),
        (3e-9, "3.000e-09"),
        (7.8e35, "7.800e+35"),
        (-1e300, "-1.000e+300"),
        (math.inf, "too large"),
        (-math.inf, "too small"),
        (math.nan, "none"),
    ],
)
def test_a_figure_is_as_short_as_it_can_be(value: float, text: str) -> None:
    assert figure(value) == text


def test_weights_and_biases_are_counted_apart() -> None:
    config = train("--hidden", "4,2", "--epochs", "0")["config"]
    assert (config["weight_count"], config["bias_count"]) == (2 * 4 + 4 * 2 + 2, 7)
    result = runner.invoke(cli, ["train", "--hidden", "4,2", "--batch-norm", "--epochs", "0"])
    assert "18 weights, 7 biases, 12 scales and shifts" in result.output


def test_the_first_training_with_other_numbers_says_that_it_compiles(tmp_path: Path) -> None:
    """A small kernel of the test's own stands for the engine's, which take half a minute."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, app.terminal.training\n"
        "from engine.kernel import kernel\n"
        "@kernel\n"
        "def double(number):\n    return number + number\n"
        "def warm_up(report, dtype):\n    double(dtype.type(1))\n    report('training', 2, 2)\n"
        "app.terminal.training.warm_up = warm_up\n"
        "app.terminal.training.compile_engine(sys.argv[1])\n"
    )

    def said(dtype: str) -> str:
        environment = {**os.environ, "HYPERPLANE_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(script), dtype]
        result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        assert result.stdout == ""
        return " ".join(result.stderr.split())

    for dtype in ("float32", "float64"):
        assert said(dtype) == (
            f"Compiling the engine for {dtype}: up to a minute and a half on a busy machine, the first time only. "
            "2 of 2 ready: training"
        )
        assert said(dtype) == ""


def test_what_train_makes_ready_is_all_that_it_uses() -> None:
    train("--epochs", "1", "--dtype", "float64")
    before = compiled_signatures()
    train("--epochs", "1", "--dtype", "float64", "--hidden", "3,3", "--dataset", "spiral", "--method", "adam")
    assert compiled_signatures() == before


def test_without_json_a_summary_is_shown() -> None:
    result = runner.invoke(cli, ["train", "--epochs", "20"])
    assert result.exit_code == 0
    assert "2-4-2-1" in result.output
    assert "loss on test" in result.output


def test_bench_measures_every_shape() -> None:
    result = runner.invoke(cli, ["bench", "--seconds", "0.05", "--json"])
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)["rows"]
    assert rows[0]["shape"] == "2-4-2-1"
    assert all(row["Hyperplane"] > 0 and row["field, ms"] > 0 for row in rows)


def test_a_port_in_use_is_told_in_a_line_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = subprocess.run(
            [hyperplane(), "serve", "--port", str(port)], capture_output=True, text=True, check=False, timeout=60
        )
    assert result.returncode == 1
    said = " ".join(result.stderr.split())
    assert f"port {port} is in use" in said
    assert f"hyperplane serve --port {port + 1}" in said
    assert "Traceback" not in result.stderr


def test_the_version_is_told() -> None:
    assert runner.invoke(cli, ["--version"]).stdout.strip()
