"""app/labs/plane/exports: what the files have in them, without a process of their own."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.exports.literals import WIDTH, matrix, vector
from app.labs.contract import Form
from app.labs.plane.exports import FORMS, write
from app.links import read_link
from engine.choices import Refused
from engine.labs.plane.given import give_classes
from engine.labs.plane.settings import SCHEDULES, Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.explain import explain_batch
from tests.app.exports.experiments import COVERING, drawn_run

SOURCES = ("numpy", "pytorch", "keras")
IMPORTS = {"numpy": {"numpy"}, "pytorch": {"torch", "math"}, "keras": {"keras", "numpy"}}
NASTY = 'end"""\nraise SystemExit(1)\n\\'


def source_of(run: Trainer, form: str) -> str:
    return write(run, form).decode()


def constants_of(source: str, form: str) -> dict[str, Any]:
    """The names of a file; only what it defines runs."""
    scope: dict[str, Any] = {"__name__": form}
    exec(compile(source, form, "exec"), scope)
    return scope


def trained(**settings: Any) -> Trainer:
    run = Trainer(Settings(**settings))
    run.train(3)
    return run


def test_the_forms_are_those_of_the_contract() -> None:
    assert all(isinstance(form, Form) for form in FORMS.values())
    assert {name: form.suffix for name, form in FORMS.items()}.items() >= {
        "numpy": ".py", "pytorch": ".py", "keras": ".py", "onnx": ".onnx",
    }.items()  # fmt: skip
    with pytest.raises(Refused, match="form: 'word' came, expected one of numpy, pytorch"):
        write(trained(), "word")


@pytest.mark.parametrize("form", SOURCES)
def test_a_file_imports_only_its_own_library(form: str) -> None:
    run = trained(method="adam", schedule="cosine", batch_norm=True, dropout=0.2, order="shuffle")
    names = set()
    for node in ast.walk(ast.parse(source_of(run, form))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(str(node.module))
    assert names == IMPORTS[form]


@pytest.mark.parametrize("form", SOURCES)
def test_only_what_the_experiment_uses_is_in_a_file(form: str) -> None:
    plain = source_of(trained(), form)
    unused = "norm|dropout|random|clip|shrink|switched|stack\\(\\[\\]|softmax|sigmoid|relu|smoothing|decay|math|rate\\("
    assert re.findall(unused, plain, re.IGNORECASE) == []
    used = source_of(trained(batch_norm=True, dropout=0.2, lesions=((1, 1),), activation="mish"), form)
    assert "norm" in used
    assert "mish" in used


def test_files_are_in_order(tmp_path: Path) -> None:
    """No unused name, no line too long, blank lines where they belong; links are as long as they are."""
    for seed in COVERING:
        for form in SOURCES:
            source = source_of(drawn_run(seed, np.float32), form)
            (tmp_path / f"{form}_{seed}.py").write_text(re.sub("^#v=1.*$", "", source, flags=re.MULTILINE))
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--preview", "--line-length", "120", "--no-cache"]
    found = subprocess.run([*ruff, "--select", "E,F,W,I,B", str(tmp_path)], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_weights_are_the_same_bit_for_bit() -> None:
    """In float32, of a network that has them in many orders of magnitude."""
    run = trained(hidden=(20, 3), initialization="large", batch_norm=True)
    rng = np.random.default_rng(0)
    count = len(run.network.parameters)
    run.set_parameters(enumerate(rng.normal(size=count) * 10.0 ** rng.integers(-30, 7, count)))
    taken = constants_of(source_of(run, "numpy"), "numpy")
    state = constants_of(source_of(run, "pytorch"), "pytorch")["model"]().state_dict()
    for number, layer in enumerate(run.network.layers, start=1):
        weights, biases = taken[f"weights_{number}"], taken[f"biases_{number}"]
        assert weights.dtype == np.float32
        assert np.array_equal(np.column_stack([weights, biases]), layer.matrix)
        name = "output" if number == 3 else f"layer_{number}"
        assert np.array_equal(state[f"{name}.weight"].numpy(), layer.matrix[:, :-1])
        if number < 3:
            norm = taken[f"norm_{number}"][[2, 3, 0, 1]]
            assert np.array_equal(norm, layer.norm.astype(np.float32))
            assert np.array_equal(state[f"norm_{number}.running_var"].numpy(), layer.norm[3].astype(np.float32))


@pytest.mark.parametrize("schedule", [name for name in SCHEDULES if name != "constant"])
def test_a_rate_is_that_of_every_step(schedule: Any) -> None:
    """The engine's by its explanation of a step."""
    run = Trainer(Settings(schedule=schedule, schedule_epochs=4, learning_rate=0.3), np.float64)
    rate = constants_of(source_of(run, "pytorch"), "pytorch")["learning_rate"]
    for step in range(0, 120, 3):
        explained = explain_batch(run.network, run.model.train_examples, run.model.rule, step, step)
        assert explained.update
        assert rate(step) == pytest.approx(explained.update.rate, rel=1e-9), step


@pytest.mark.parametrize("form", SOURCES)
def test_a_link_in_a_file_opens_the_same_experiment(form: str) -> None:
    run = trained(dataset="spiral", seed="a b", hidden=(5,))
    (link,) = re.findall("^#v=1.*$", source_of(run, form), re.MULTILINE)
    opened = read_link(link)
    assert (opened.experiment.settings, opened.repairs) == (run.settings, ())
    assert "at epoch 3" in source_of(run, form)


@pytest.mark.parametrize("form", SOURCES)
def test_names_and_seeds_cannot_write_code(form: str) -> None:
    run = Trainer(Settings(seed=NASTY[:60]))
    points = np.random.default_rng(0).uniform(-5, 5, (20, 2)).round(3)
    run.learn(give_classes(points, np.arange(20) % 2, columns=(NASTY, "y", "c"), names=(NASTY, "'''")))
    run.train(1)
    source = source_of(run, form)
    (names,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CLASSES"
    )
    assert names == [NASTY, "'''"]
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Raise)]


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(Refused, match=re.escape("pip install 'hyperplane[onnx]'")):
        write(trained(), "onnx")


def test_lists_break_into_lines_and_read_back() -> None:
    numbers = np.random.default_rng(0).normal(size=(3, 40)).astype(np.float32)
    for text, wanted in ((vector(numbers[0], 8), numbers[0]), (matrix(numbers, 4), numbers)):
        assert max(map(len, text.splitlines())) <= WIDTH
        assert np.array_equal(np.array(ast.literal_eval(text), np.float32), wanted)


def test_a_sum_that_overflowed_is_written(tmp_path: Path) -> None:
    """AdaGrad's sum of squares may be infinite in a run that is finite."""
    run = trained(method="adagrad")
    run.network.state["moments"][:] = np.inf
    file = tmp_path / "x.py"
    file.write_bytes(write(run, "pytorch"))
    assert constants_of(file.read_text(), "pytorch")["MEAN_SQUARES"]["layer_1.bias"] == [np.inf] * 4
