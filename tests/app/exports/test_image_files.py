"""app/labs/digits/exports: the files read images as the engine's two networks do."""

import ast
import re
from typing import Any

import numpy as np
import onnx
import onnxruntime  # type: ignore[import-untyped]
import pytest
import torch
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from app.labs.digits.exports import FORMS, write
from app.links import read_link
from engine.labs.digits.mnist import SIDE, unseen_digits
from engine.labs.digits.settings import TWINS, DigitsSettings
from engine.labs.digits.trainer import DigitsTrainer

IMAGES = unseen_digits().images[:40].reshape(-1, SIDE, SIDE)
INK = IMAGES / 255
RUNS: dict[str, dict[str, Any]] = {
    "usual": {},
    "one filter, as large, not pooled": {"filters": (1,), "pooling": "none", "activation": "tanh", "hidden": ()},
    "valid, global": {"filters": (3, 5), "padding": "valid", "head": "global-max", "filter_size": 5, "hidden": (7, 5)},
    "odd sides": {"filters": (2, 3), "padding": "valid", "activation": "sigmoid", "hidden": (6,), "dropout": 0.2},
    "shuffled, with units off": {
        "shuffled_pixels": True, "filters": (3, 4), "hidden": (8, 6), "plain_off": ((1, 2), (2, 6)),
        "convolutional_off": ((1, 3), (2, 1)),
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=RUNS)
def run(request: pytest.FixtureRequest) -> DigitsTrainer:
    settings = DigitsSettings(digits=500, **RUNS[request.param])
    trained = DigitsTrainer(settings)
    trained.train_steps(12)
    return trained


def said_by(run: DigitsTrainer, twin: Any) -> NDArray[Any]:
    _, _, probabilities = run.model.networks[twin].look(run.model.test_examples, np.arange(len(IMAGES)))
    return probabilities


def taken(run: DigitsTrainer, form: str) -> dict[str, Any]:
    scope: dict[str, Any] = {"__name__": form}
    exec(compile(write(run, form), form, "exec"), scope)
    return scope


def test_numpy_reads_as_the_engine(run: DigitsTrainer) -> None:
    scope = taken(run, "numpy")
    for twin in TWINS:
        assert_allclose(scope[twin](INK), said_by(run, twin), atol=1e-5)
    (link,) = re.findall("^#lab.*$", write(run, "numpy").decode(), re.MULTILINE)
    assert read_link(link).experiment.settings == run.settings


def test_pytorch_reads_as_the_engine(run: DigitsTrainer) -> None:
    scope = taken(run, "pytorch")
    for twin in TWINS:
        with torch.no_grad():
            said = scope[twin]()(torch.tensor(INK))
        assert_allclose(said.numpy(), said_by(run, twin), atol=1e-5)


def test_onnx_reads_as_the_engine(run: DigitsTrainer) -> None:
    content = write(run, "onnx")
    model = onnx.load_from_string(content)
    onnx.checker.check_model(model, full_check=True)
    assert (model.ir_version, model.opset_import[0].version) == (8, 17)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_outputs()] == ["convolutional", "plain"]
    for twin in TWINS:
        (said,) = session.run([twin], {"images": INK.astype(np.float32)})
        assert_allclose(said, said_by(run, twin), atol=1e-5)


def test_only_what_the_networks_use_is_in_a_file(run: DigitsTrainer) -> None:
    source, settings = write(run, "numpy").decode(), run.settings
    assert ("ORDER" in source) == settings.shuffled_pixels
    assert ("switched_off" in source) == bool(settings.plain_off or settings.convolutional_off)
    is_pooled = settings.pooling == "2x2" and (len(settings.filters) > 1 or settings.head == "flatten")
    assert ("largest_of_four" in source) == is_pooled
    assert ("relu" in source) == (settings.activation == "relu")
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert list(map(ast.unparse, nodes)) == ["import numpy as np"]
    assert set(FORMS) >= {"numpy", "pytorch", "onnx"}
