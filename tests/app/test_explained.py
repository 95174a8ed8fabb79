"""explained.py: a frame brings every number of a step as the engine explains it, and links carry what is open."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from safetensors.numpy import load

from app.labs.contract import Wish
from app.labs.plane.edits import Explain
from app.labs.plane.explained import explained_step
from app.labs.plane.lab import PLANE
from app.labs.plane.view import PlaneView
from app.links import read_link, write_link
from app.sessions.frames import FrameHead, frame_message
from engine.choices import Refused
from engine.labs.plane.explanation import explain_example, explain_point, explain_step
from engine.labs.plane.settings import METHODS, Settings
from engine.labs.plane.trainer import Trainer

HEAD = FrameHead(run=1, frame=1, applied=0, epochs_per_second=0, steps_per_second=0, focus=None, history_start=0)


def trained(**settings: Any) -> Trainer:
    run = Trainer(Settings(**settings))
    run.train(3)
    return run


def told(run: Trainer, wish: Explain) -> tuple[dict[str, Any], dict[str, Any]]:
    """The head and the tensors, as a page gets them."""
    message = frame_message(PLANE, run, HEAD, PLANE.engine.show(run, Wish(PlaneView(), looks={"explain": wish})))
    size = int.from_bytes(message[:8], "little")
    head = json.loads(json.loads(message[8 : 8 + size])["__metadata__"]["explanation"])
    tensors = {name.removeprefix("explain "): array for name, array in load(message).items() if "explain " in name}
    return head, tensors


def test_a_frame_brings_an_explanation_only_if_it_is_asked_for() -> None:
    run = trained()
    shown = PLANE.engine.show(run, Wish(PlaneView()))
    assert shown.about["explanation"] == ""
    assert not any(name.startswith("explain") for name in shown.tensors)
    assert PLANE.engine.show(run, Wish(PlaneView(), looks={"explain": Explain(of=None)})).about["explanation"] == ""


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_the_numbers_of_a_batch_are_those_of_the_step_that_comes(dropout: float) -> None:
    run = trained(hidden=(4, 4), batch_norm=True, dropout=dropout, connections="residual", batch_size=5, method="adam")
    step = explain_step(run)
    head, tensors = told(run, Explain(of="batch", example=3, unit=(2, 3)))
    assert head["trains"]
    assert head["count"] == 5
    assert step.numbers is not None
    assert head["numbers"] == [number + 1 for number in step.numbers]
    assert step.loss
    assert head["loss"]["loss"] == step.loss.losses[3]
    assert_array_equal(tensors["inputs"], step.inputs[:, 3])
    for layer in step.layers:
        name = f"layer {layer.number}"
        assert_array_equal(tensors[f"{name} sums"], layer.sums[:, 3])
        assert layer.d_sums is not None
        assert_array_equal(tensors[f"{name} delta"], layer.d_sums[:, 3])
        for stage in layer.stages:
            assert_array_equal(tensors[f"{name} {stage.kind}"], stage.after[:, 3])
            assert stage.d_after is not None
            assert_array_equal(tensors[f"{name} {stage.kind} back"], stage.d_after[:, 3])
    layer = step.layers[1]
    norm = step.setup.program.layers[1].norm
    assert norm
    width = layer.matrix.shape[1]
    first = layer.weights.offset + 2 * width
    places = [*range(first, first + width), norm.scales.offset + 2, norm.shifts.offset + 2]
    assert step.update
    assert_array_equal(tensors["gradient"], step.update.gradient[places])
    assert_array_equal(tensors["moments after"], step.update.moments_after[:, places])
    run.train_steps(1)
    assert_array_equal(tensors["after"], run.network.parameters[places])


@pytest.mark.parametrize("method", METHODS)
def test_the_weight_after_is_that_after_the_step_bit_for_bit(method: str) -> None:
    run = trained(method=method, learning_rate=0.01, regularization="L2", regularization_rate=0.01)
    head, tensors = told(run, Explain(of="batch", unit=(1, 1)))
    assert head["update"]["method"] == method.replace("gradient-descent", "sgd")
    run.train_steps(1)
    assert_array_equal(tensors["after"], run.network.parameters[:3])


def test_a_training_point_by_its_number_from_one() -> None:
    run = trained(loss="cross-entropy")
    step = explain_example(run, 11)
    head, tensors = told(run, Explain(of=12, unit=(1, 2)))
    assert head["numbers"] == [12]
    assert not head["trains"]
    assert step.probability
    assert step.update
    assert_array_equal(tensors["outputs"], step.probability.after[:, 0])
    assert_array_equal(tensors["after"], step.update.after[3:6])


def test_a_place_has_no_target_and_so_no_loss() -> None:
    run = trained()
    head, tensors = told(run, Explain(of=(1.5, -2.0), unit=(1, 1), check=True))
    assert_array_equal(tensors["layer 3 sums"], explain_point(run, 1.5, -2.0).layers[2].sums[:, 0])
    assert head["loss"] is None
    assert "layer 1 delta" not in tensors
    assert "gradient" not in tensors


def test_central_differences_stand_beside_the_gradient() -> None:
    run = trained(hidden=(3,))
    _, tensors = told(run, Explain(of="batch", unit=(1, 2), check=True))
    np.testing.assert_allclose(tensors["check"], tensors["gradient"], rtol=1e-4, atol=1e-7)
    assert "check" not in told(run, Explain(of="batch", unit=(1, 2)))[1]


def test_what_is_not_there_any_more_is_said() -> None:
    run = trained()
    head, tensors = told(run, Explain(of=5000, unit=(1, 1)))
    assert head == {"of": 5000, "refused": "4999 came, expected a number from 0 to 249"}
    assert not tensors
    head, tensors = told(run, Explain(of=1, unit=(9, 1)))
    assert "unit" not in head
    assert "gradient" not in tensors


def test_what_would_keep_others_waiting_is_refused_and_one_point_is_not() -> None:
    run = Trainer(Settings(hidden=(64,) * 8, batch_size=100))
    head, tensors = told(run, Explain(of="batch", unit=(1, 1)))
    assert "explain one point" in head["refused"]
    assert not tensors
    _, tensors = told(run, Explain(of=1, unit=(2, 1), check=True))
    assert "gradient" in tensors
    assert "check" in tensors
    larger = Trainer(Settings(hidden=(64,) * 8, batch_size=40))
    _, tensors = told(larger, Explain(of="batch", unit=(2, 1), check=True))
    assert "gradient" in tensors
    assert "check" not in tensors


def test_an_explanation_changes_nothing_of_the_run() -> None:
    run, other = trained(method="adam", dropout=0.3), trained(method="adam", dropout=0.3)
    for of in ("batch", 7, (0.5, 0.5)):
        explained_step(run, Explain(of=of, unit=(1, 1), check=True))
    run.train_steps(3)
    other.train_steps(3)
    assert_array_equal(run.network.parameters, other.network.parameters)


def test_the_chain_of_a_deep_sigmoid_network_names_its_cause() -> None:
    run = Trainer(Settings(hidden=(4,) * 10, activation="sigmoid"))
    chain = told(run, Explain(of="batch"))[0]["chain"]
    assert chain["cause"] == "slopes"
    product = np.prod([link["weights"] * link["slopes"] for link in chain["links"]])
    assert abs(product / chain["ratio"] - 1) < 1e-6
    assert abs(chain["sizes"][0] / chain["sizes"][-1] / chain["ratio"] - 1) < 1e-6


@pytest.mark.parametrize("text", ["", "batch", "17", "1.5,-2", "-0.125,5.999"])
def test_a_link_carries_what_is_explained(text: str) -> None:
    experiment = replace(PLANE.experiment(), view=PlaneView(explain=text))
    assert read_link(write_link(experiment)).experiment.view.explain == text


@pytest.mark.parametrize("text", ["", "forward-2", "back-12", "loss", "chain", "gradient", "update"])
def test_a_link_carries_the_phase(text: str) -> None:
    link = write_link(replace(PLANE.experiment(), view=PlaneView(explain="batch", phase=text)))
    assert read_link(link).experiment.view.phase == text


@pytest.mark.parametrize("text", ["example", "forward", "forward-0", "back-123", "loss-1", "end"])
def test_a_phase_that_there_is_not_is_mended(text: str) -> None:
    link = read_link(f"#v=1&explain=batch&phase={text}")
    assert link.experiment.view.phase == ""
    assert link.repairs
    with pytest.raises(Refused):
        PlaneView(phase=text)


@pytest.mark.parametrize("text", ["0", "12345", "1.5", "7-8", "true", "epoch", "1.23456,0", "12,3"])
def test_a_link_with_anything_else_is_mended(text: str) -> None:
    link = read_link(f"#v=1&explain={text}")
    assert link.experiment.view.explain == ""
    assert link.repairs
    with pytest.raises(Refused):
        PlaneView(explain=text)
