"""own_input_code.py: the formula of an own input says in each language what the engine computes."""

import warnings
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest
import torch
from numpy.testing import assert_allclose

from app.exports.onnx_graph import Graph
from app.labs.plane.exports.own_input_code import OnnxFormula, python
from engine.formulas.expression import ARITHMETIC
from engine.labs.plane.own_input import own_input, own_values
from tests.app.exports.experiments import OWN_INPUTS

NUMBERS = np.random.default_rng(0).uniform(-6, 6, (500, 2))
X, Y = np.concatenate([NUMBERS, [[0, 0], [0, 1], [1, 0], [0, -1], [-1, 0], [2, -2]]]).T
# Those of the experiments, and what has no value, too large a one, or the same everywhere.
FORMULAS = (
    *OWN_INPUTS,
    "1/x + 1/y",
    "x^0.5 * 2^y",
    "exp(exp(x))",
    "log(-1) + x",
    "x - y - 1 - (x - y)",
    "2^x^2/7",
    "-x^2",
)
EACH = pytest.mark.parametrize("text", FORMULAS)


def test_the_formulas_have_every_operation() -> None:
    assert set().union(*(own_input(text).computes for text in FORMULAS)) | {"ln"} == ARITHMETIC


@EACH
def test_numpy_says_the_same(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = eval(python(text, "np"), {"np": np, "x": X, "y": Y})
    assert_allclose(said, own_values(text, X, Y), rtol=1e-14, atol=1e-14)


@EACH
def test_pytorch_says_the_same(text: str) -> None:
    names: dict[str, Any] = {"torch": torch, "x": torch.tensor(X), "y": torch.tensor(Y)}
    said = eval(python(text, "torch"), names)
    assert said.dtype == torch.float64
    assert_allclose(said.numpy(), own_values(text, X, Y), rtol=1e-13, atol=1e-13)


@EACH
def test_onnx_says_the_same_in_single_precision(text: str) -> None:
    graph = Graph()
    graph.split("points", ["x", "y"])
    name = OnnxFormula(graph.add, graph.constant).write(text, "x", "y")
    graph.add("Identity", [name], "said")
    model = graph.model(("points", ["N", 2]), {"said": ["N", 1]}, "", {})
    points = np.column_stack([X, Y]).astype(np.float32)
    (said,) = onnxruntime.InferenceSession(model).run(None, {"points": points})
    assert_allclose(said[:, 0], own_values(text, *points.astype(np.float64).T), rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize(
    ("text", "module", "source"),
    [
        ("x*y", "np", "np.nan_to_num(np.clip(x * y, -100.0, 100.0))"),
        ("max(x, 2pi)", "torch", "torch.maximum(x, torch.tensor(6.283185307179586, dtype=torch.float64))"),
        ("(x + y)(x - y)", "ops", "ops.clip((x + y) * (x - y), -100.0, 100.0)"),
    ],
)
def test_the_source_is_what_one_would_write(text: str, module: str, source: str) -> None:
    assert source in python(text, module)
