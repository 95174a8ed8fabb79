"""app/labs/plane/exports: files run in a process of their own say what the engine says, and train on as it does.

`make exports` tries 200 experiments in both precisions; here are a few that together use every setting.
"""

import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import onnx
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from app.labs.plane.exports import FORMS, write
from engine.labs.plane.features import evaluate_features
from engine.labs.plane.settings import ACTIVATIONS, CONNECTIONS, FEATURES, METHODS, ORDERS, SCHEDULES
from engine.labs.plane.trainer import Trainer
from engine.machine.architecture import Objective
from engine.machine.examples import Labelled
from tests.app.exports import run_files
from tests.app.exports.experiments import COVERING, drawn_points, drawn_run, facts_of

POINTS = drawn_points(0)
CODE = ("numpy", "pytorch", "keras", "onnx")
EXACT = {"numpy", "pytorch"}  # in float64, if the run is
NEAR = 1e-5
SAME_LOSS = 1e-9


@dataclass(frozen=True, eq=False)
class Exported:
    """A run, and what its files said."""

    seed: int
    run: Trainer
    said: dict[str, NDArray[Any]]


@pytest.fixture(scope="module")
def exported(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> list[Exported]:
    """All files of all experiments, run in one process."""
    count, folder = int(pytestconfig.getoption("--experiments")), tmp_path_factory.mktemp("exported")
    numbers: list[tuple[int, type[np.floating[Any]]]] = [
        (seed, np.float64) for seed in (*COVERING, *range(1_000, 1_000 + count))
    ]
    numbers += [(seed, np.float32) for seed in (*COVERING[:2], *range(1_000, 1_000 + count))]
    np.save(folder / "points.npy", POINTS)
    runs = {}
    for place, (seed, dtype) in enumerate(numbers):
        run, own = drawn_run(seed, dtype), folder / f"{place:03}"
        own.mkdir()
        for form in CODE:
            (own / f"{form}{FORMS[form].suffix}").write_bytes(write(run, form))
        runs[own] = seed, run
    subprocess.run([sys.executable, run_files.__file__, str(folder)], check=True)
    return [Exported(seed, run, dict(np.load(own / "said.npz"))) for own, (seed, run) in runs.items()]


def said_by(run: Trainer) -> NDArray[Any]:
    """The engine's answers, in the form of `predict`."""
    columns = evaluate_features(run.settings.features, POINTS[:, 0], POINTS[:, 1])
    outputs = run.network.outputs(Labelled(columns, np.zeros(len(POINTS)), 0, run.network.dtype)).T
    return outputs[:, 0] if outputs.shape[1] == 1 else outputs


def nudged(run: Trainer, by: float) -> Trainer:
    """The same run with each parameter changed by so large a part of it, up or down."""
    twin = Trainer(run.settings, run.network.dtype, given=run.given)
    twin.resume(run.moment())
    signs = np.random.default_rng(0).choice([-1.0, 1.0], len(twin.network.parameters))
    twin.network.parameters[:] = twin.network.parameters * (1 + by * signs)
    return twin


def moves(run: Trainer, answers: Callable[[Trainer], NDArray[Any]]) -> NDArray[Any]:
    """How far answers move when each parameter is rounded once more: where this is much, nobody can be nearer."""
    by = float(np.finfo(run.network.dtype).eps)
    moved: NDArray[Any] = np.abs(answers(nudged(run, by)) - answers(nudged(run, -by)))
    return moved


def test_the_experiments_use_every_setting() -> None:
    facts = set().union(*(facts_of(drawn_run(seed, np.float64)) for seed in COVERING))
    lists: dict[str, Iterable[object]] = {
        "method": METHODS,
        "schedule": SCHEDULES,
        "order": ORDERS,
        "connections": CONNECTIONS,
        "input": FEATURES,
        "activation": ACTIVATIONS,
        "objective": get_args(Objective),
        "layers": range(4),
        "no inputs": ("plain", "dense"),
        "residual": (1, 2),
        "inputs": (0, 1, "several"),
        "memory": [(name, True) for name in METHODS],
        "decay": [(name, True) for name in METHODS],
        "regularization": [(name, is_plain) for name in ("L1", "L2") for is_plain in (False, True)],
        "off": (False, True, "a layer"),
        "smoothing": (False, "cross-entropy", "categorical-cross-entropy"),
        "given": [("classes", True), ("classes", False), ("values", False), False],
        "batch of one": [(True, True), (True, False)],
        "no momentum": ("nesterov", "momentum", "adam"),
        "taken along next": (True,),
    }
    both = ("batch_norm", "dropout", "clip", "dead", "left over", "test points", "inside an epoch", "new batches")
    lists |= dict.fromkeys(both, (False, True))
    assert {(name, value) for name, values in lists.items() for value in values} <= facts


@pytest.mark.parametrize("form", CODE)
def test_a_file_says_what_the_network_says(exported: list[Exported], form: str) -> None:
    for each in exported:
        own, said = said_by(each.run), each.said[form]
        assert said.shape == own.shape, each.seed
        is_exact = form in EXACT and each.run.network.dtype == np.float64
        single = moves(single_of(each.run), said_by).max()  # the engine's own rounding in float32
        tolerance = 1e-12 if is_exact else NEAR + 10 * single
        assert_allclose(said, own, rtol=tolerance, atol=tolerance, err_msg=str(each.seed))


def single_of(run: Trainer) -> Trainer:
    """A run in float32 with the same network."""
    if run.network.dtype == np.float32:
        return run
    single = Trainer(run.settings, np.float32, given=run.given)
    single.load(run.saved(), 0)
    return single


def losses_of(run: Trainer) -> NDArray[np.float64]:
    """Of the next epochs (epochs, 2), as long as training goes on; it does."""
    losses: list[tuple[float, ...]] = []
    while len(losses) < run_files.EPOCHS and run.train(1):
        losses.append(run.losses())
    return np.array(losses).reshape(-1, 2)


def test_a_script_trains_on_as_the_engine(exported: list[Exported]) -> None:
    ill = []
    for each in exported:
        if each.run.network.dtype != np.float64 or each.run.has_ended:
            continue
        first, moved = each.run.epoch + 1, moves(each.run, losses_of)
        own = losses_of(nudged(each.run, 0))
        assert each.said["epochs"][: len(own)].tolist() == list(range(first, first + len(own)))
        away = np.abs(each.said["losses"][: len(own)] - own) / np.maximum(1, np.abs(own))
        assert (np.isnan(each.said["losses"][: len(own)]) == np.isnan(own)).all()
        worst = np.nanmax(away, initial=0)
        if worst > SAME_LOSS:
            ill.append((each.seed, worst, np.nanmax(moved, initial=0)))
    assert all(worst < 10 * moved for _, worst, moved in ill), ill
    assert len(ill) <= len(exported) // 20


def test_an_onnx_model_passes_its_checker() -> None:
    for seed in COVERING:
        run = drawn_run(seed, np.float32)
        model = onnx.load_from_string(write(run, "onnx"))
        onnx.checker.check_model(model, full_check=True)
        assert (model.ir_version, [each.version for each in model.opset_import]) == (8, [17])
        (points,), (answer,) = model.graph.input, model.graph.output
        assert (points.name, shape_of(points), points.type.tensor_type.elem_type) == ("points", ["N", 2], 1)
        is_likely = run.settings.objective != "squared-error"
        assert answer.name == ("probability" if is_likely else "value")
        assert shape_of(answer) == (["N"] if run.settings.class_count <= 2 else ["N", run.settings.class_count])


def shape_of(value: Any) -> list[str | int]:
    return [each.dim_param or each.dim_value for each in value.type.tensor_type.shape.dim]
