"""cli.py: the command line is an interface that other people's scripts use."""

import json
import socket
import subprocess
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli import cli
from engine.settings import Settings
from engine.trainer import Trainer
from tests.servers import hyperplane

runner = CliRunner()


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


@pytest.mark.parametrize("link", ["https://goo.gl/VyoRWX", "", "[/red] no link", "data:image/png;base64," + "A" * 9000])
def test_what_is_no_link_ends_with_one_plain_line(link: str) -> None:
    result = runner.invoke(cli, ["train", "--link", link, "--epochs", "1"])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"Error: link: {link[:100]!r} came, expected a link of Hyperplane" in result.output
    assert result.output.count("\n") == 1


def test_divergence_is_a_warning_and_the_numbers_stay_finite() -> None:
    printed = train("--dataset", "reg-plane", "--hidden", "", "--learning-rate", "10", "--epochs", "500")
    assert "finite" in printed["warnings"][0]
    assert printed["epochs"] < 500
    assert np.isfinite(printed["final"]["weights"][0]).all()


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (["--hidden", "0"], "hidden"),
        (["--hidden", "four"], "hidden"),
        (["--dataset", "mnist"], "dataset"),
        (["--noise", "90"], "noise"),
        (["--batch-size", "many"], "batch_size"),
        (["--inputs", "z"], "inputs"),
        (["--learning-rate", "nan"], "learning_rate"),
        (["--epochs", "-1"], "epochs"),
    ],
)
def test_a_bad_flag_is_named_and_leaves_no_traceback(flags: list[str], named: str) -> None:
    result = subprocess.run([hyperplane(), "train", *flags], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert named in result.stderr
    assert "Traceback" not in result.stderr


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
