"""`hyperplane export`: what it writes where, and what it says of what it cannot."""

import json
import re
import runpy
import tempfile
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence
from typer.testing import CliRunner

from app.terminal.cli import cli
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer

runner = CliRunner()
ALL = ("--dataset", "moons", "--hidden", "3", "--epochs", "4")


def test_the_run_of_a_link_and_flags_is_written_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "model.py"
    link = "#v=1&dataset=moons&hidden=3"
    result = runner.invoke(cli, ["export", "--link", link, "--epochs", "4", "--to", "numpy", "-o", str(file)])
    assert result.exit_code == 0, result.output
    assert re.search(r"model\.py: [\d,]+ bytes", result.stderr.replace("\n", ""))
    trainer = Trainer(Settings(dataset="moons", hidden=(3,)))
    trainer.train(4)
    points = trainer.data.test[:, :2]
    said = runpy.run_path(str(file))["predict"](points)
    assert said == pytest.approx(trainer.network.outputs(trainer.model.test_examples)[0], abs=1e-6)
    assert link in file.read_text()


def test_a_dash_is_the_standard_output() -> None:
    result = runner.invoke(cli, ["export", *ALL, "--to", "numpy", "-o", "-"])
    assert result.exit_code == 0, result.output
    scope: dict[str, object] = {"__name__": "taken"}
    exec(compile(result.stdout, "taken", "exec"), scope)
    assert np.shape(scope["predict"](np.zeros((7, 2)))) == (7,)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--to", "word", "-o", "x"], "to: 'word' came, expected one of numpy"),
        (["--lab", "descent", "--to", "numpy", "-o", "x"], "lab: 'descent' came, expected one whose runs can be"),
        (["--to", "numpy", "-o", "/no such folder/x"], "output: '/no such folder/x' came, expected a file that can be"),
        (["--hidden", "0", "--to", "numpy", "-o", "x"], "hidden: [0] came"),
    ],
)
def test_what_cannot_be_written_is_one_line(flags: list[str], said: str) -> None:
    result = runner.invoke(cli, ["export", "--epochs", "1", *flags])
    assert result.exit_code != 0
    assert said in result.output


def run(*arguments: str) -> str:
    result = runner.invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_file_takes_the_place_of_a_link(tmp_path: Path) -> None:
    """Its moment is where training goes on: 30 epochs and 30 more are 60."""
    made = {form: tmp_path / f"moment.{form}" for form in ("safetensors", "json")}
    for form, file in made.items():
        run("export", "--link", "#v=1&hidden=3", "--epochs", "30", "--to", form, "-o", str(file))
    whole = json.loads(run("train", "--link", "#v=1&hidden=3", "--epochs", "60", "--json"))
    for file in made.values():
        again = json.loads(run("train", "--from", str(file), "--epochs", "30", "--json"))
        assert (again["final"], again["epochs"]) == (whole["final"], 60)
    copy = tmp_path / "copy"
    run("export", "--from", str(made["json"]), "--to", "safetensors", "-o", str(copy))
    assert copy.read_bytes() == made["safetensors"].read_bytes()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--from", "/nowhere/x"], "from: '/nowhere/x' came"),
        (["--from", __file__], "file: "),
        (["--from", __file__, "--link", "#v=1"], "link: '#v=1' came"),
        (["--choice", "theme"], "choice: 'theme' came"),
        (["--choice", "theme=pink"], "theme: 'pink' came"),
    ],
)
def test_a_wrong_file_or_choice_is_one_line(flags: list[str], said: str) -> None:
    result = runner.invoke(cli, ["export", "--epochs", "0", *flags, "--to", "svg", "-o", "-"])
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


# -- films -------------------------------------------------------------------------------------------------------------


def test_a_film_has_the_size_and_length_of_its_flags(tmp_path: Path) -> None:
    file = tmp_path / "film.gif"
    flags = ("--seconds", "1.5", "--size", "200", "--fps", "10", "--choice", "show=boundary", "--choice", "theme=dark")
    run("export", *ALL, *flags, "--to", "gif", "-o", str(file))
    with Image.open(file) as image:
        assert (image.size[0], image.n_frames) == (200, 11)  # type: ignore[attr-defined]
        frames = ImageSequence.all_frames(image)
    assert sum(each.info["duration"] for each in frames) == 1_500
    again, moment = tmp_path / "again.gif", tmp_path / "moment.safetensors"
    run("export", *ALL, "--to", "safetensors", "-o", str(moment))
    run("export", "--from", str(moment), *flags, "--to", "gif", "-o", str(again))
    assert again.read_bytes() == file.read_bytes()


def test_training_makes_a_film_beside_its_figures(tmp_path: Path) -> None:
    file = tmp_path / "film.webm"
    said = json.loads(run("train", *ALL, "--film", str(file), "--json"))
    assert said["epochs"] == 4
    with av.open(file) as container:
        assert container.duration == pytest.approx(5_000_000, rel=0.01)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("export", "--to", "gif", "--seconds", "99", "-o", "x"), "seconds: '99' came, expected a number from 1 to 60"),
        (("export", "--to", "svg", "--size", "300", "-o", "x"), "size: '300' came, expected one of theme"),
        (("export", "--lab", "digits", "--to", "gif", "-o", "x"), "to: 'gif' came, expected one of numpy"),
        (("train", "--film", "x.avi"), "to: 'avi' came, expected one of"),
        (("export", "--to", "png", "--choice", "scale=9", "-o", "x"), "scale: '9' came, expected one of 1"),
    ],
)
def test_what_cannot_be_made_is_said_before_the_training(
    command: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.terminal.cli.train_for", never)
    result = runner.invoke(cli, command)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert said in result.stderr


@pytest.mark.parametrize(("form", "package"), [("onnx", "onnx"), ("gif", "pillow"), ("mp4", "pillow and av")])
def test_a_missing_package_is_named_before_the_training(
    form: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.terminal.cli.train_for", never)
    monkeypatch.setattr("app.exports.forms.find_spec", lambda _: None)
    result = runner.invoke(cli, ["export", "--to", form, "-o", "x"])
    assert result.exit_code == 2
    assert f"{package}, which" in result.stderr
    assert "pip install 'hyperplane[" in result.stderr


def never(*_: object, **__: object) -> None:
    raise AssertionError("it was trained")


def test_a_film_that_is_interrupted_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("app.exports.films.video.VideoWriter.finish", interrupted)
    result = runner.invoke(cli, ["export", *ALL, "--to", "mp4", "--seconds", "1", "-o", str(tmp_path / "film.mp4")])
    assert result.exit_code != 0
    assert not list(tmp_path.iterdir())
