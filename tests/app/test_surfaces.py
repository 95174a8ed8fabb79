"""surfaces.py: frames bring the loss surface as the engine computes it, only while it is open; links carry what is."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pydantic import ValidationError
from safetensors.numpy import load

from app.labs.contract import Wish
from app.labs.plane.edits import SetParameter, Surface
from app.labs.plane.lab import PLANE
from app.labs.plane.surveyed_run import SurveyedRun
from app.labs.plane.view import PlaneView
from app.links import read_link, write_link
from app.sessions.frames import FrameHead, frame_message
from engine.choices import Refused
from engine.labs.plane.landscape import SIDE, Wanted
from engine.labs.plane.one_weight import slice_of
from engine.labs.plane.race import STEPS
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer

HEAD = FrameHead(run=1, frame=1, applied=0, epochs_per_second=0, steps_per_second=0, focus=None, history_start=0)


def trained(epochs: int = 3, **settings: Any) -> SurveyedRun:
    run = PLANE.engine.begin(Settings(**settings))
    assert isinstance(run, SurveyedRun)
    run.train(epochs)
    return run


def wish(**surface: Any) -> Wish:
    return Wish(PlaneView(), looks={"surface": Surface(**surface)})


def told(run: Trainer, wished: Wish) -> tuple[dict[str, Any], dict[str, Any]]:
    """The head and the tensors, as a page gets them."""
    message = frame_message(PLANE, run, HEAD, PLANE.engine.show(run, wished))
    size = int.from_bytes(message[:8], "little")
    head = json.loads(json.loads(message[8 : 8 + size])["__metadata__"]["surface"])
    tensors = {name.removeprefix("surface "): array for name, array in load(message).items() if "surface " in name}
    return head, tensors


def test_a_frame_brings_a_surface_only_if_it_is_asked_for() -> None:
    run = trained(hidden=(2,))
    for wished in (Wish(PlaneView()), wish(of=None)):
        shown = PLANE.engine.show(run, wished)
        assert shown.about["surface"] == ""
        assert not any(name.startswith("surface") for name in shown.tensors)
        assert not PLANE.engine.has_work(run, wished)


@pytest.mark.parametrize("of", ["weights", "gradient", "path", "random"])
def test_a_picture_has_heights_the_path_and_where_the_run_is(of: Any) -> None:
    run = trained(epochs=20, hidden=(3, 2))
    head, tensors = told(run, wish(of=of, weights=(4, 2)))
    assert head["of"] == of
    assert head["done"] == 1
    assert 0 < head["share"] <= 1
    assert tensors["heights"].shape == (SIDE, SIDE)
    picture = run.landscape.picture(Wanted(of, (4, 2)), run.changes)
    assert_array_equal(tensors["heights"], picture.heights.astype(np.float32))  # row by row, the second axis up
    assert (tensors["heights"] != tensors["heights"].T).any()
    assert tensors["here"][2] == np.float32(run.losses()[0])
    assert tensors["path"].shape == (21, 3)
    assert_array_equal(tensors["path"][:, 2], run.history.samples[:, 1].astype(np.float32))
    if of == "weights":
        assert_array_equal(tensors["here"][:2], run.network.parameters[[4, 2]])


def test_a_race_goes_on_between_frames_until_it_is_over() -> None:
    run = trained(hidden=(3,))
    racing = wish(of="weights", start=(2.0, -1.0), races=1)
    assert PLANE.engine.has_work(run, racing)
    PLANE.engine.work(run, racing, 0.0)
    head, tensors = told(run, racing)
    assert 0 < head["steps"] < head["of_steps"] == STEPS
    assert head["methods"] == ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
    while PLANE.engine.has_work(run, racing):
        PLANE.engine.work(run, racing, 0.01)
    head, tensors = told(run, racing)
    assert head["steps"] == STEPS
    assert tensors["race"].shape[0] == 7
    assert tensors["race"].shape[1] <= 100
    assert_array_equal(tensors["race"][:, 0, :2], [[2, -1]] * 7)
    whole = run.landscape.picture(Wanted("weights", start=(2.0, -1.0), races=1), run.changes).race
    assert whole is not None
    assert_array_equal(tensors["race"][:, -1], whole[:, -1].astype(np.float32))
    before = tensors["race"]
    SetParameter(index=5, value=3.0).apply(run)
    assert PLANE.engine.has_work(run, racing)  # another frozen weight: another surface
    PLANE.engine.work(run, racing, 0.0)
    assert told(run, racing)[1]["race"][0, 0, 2] != before[0, 0, 2]


def test_one_weight_comes_with_its_curves_and_the_step_that_comes() -> None:
    run = trained(hidden=(3,), batch_size=5)
    shown = slice_of(run, 4, 2)
    head, tensors = told(run, wish(of="weight", weights=(4, 0), zoom=2))
    for name in ("values", "whole", "batch", "points", "here"):
        assert_array_equal(tensors[name], getattr(shown, name).astype(np.float32))
    assert head["numbers"] == [number + 1 for number in shown.numbers]
    assert head["count"] == 5
    assert head["slope"] == shown.slope
    run.train_steps(1)
    assert head["after"] == run.network.parameters[4]
    assert not PLANE.engine.has_work(run, wish(of="weight"))


def test_what_is_not_there_is_told_and_nothing_else() -> None:
    run = trained(hidden=(2,))
    for of in ("weights", "weight"):
        head, tensors = told(run, wish(of=of, weights=(900, 1)))
        assert "900" in head["refused"]
        assert tensors == {}


def test_the_path_is_of_this_network_and_goes_back_with_the_run() -> None:
    run = trained(epochs=10, hidden=(3,))
    assert len(run.path.until(run.step).steps) == 11
    run.change(replace(run.settings, learning_rate=0.1))
    run.train(1)
    assert len(run.path.until(run.step).steps) == 12
    moment = run.moment()
    run.add_neuron(1)
    run.train(2)
    assert run.path.until(run.step).places.shape == (2, len(run.network.parameters))
    run.reset()
    assert_array_equal(run.path.until(run.step).steps, [0])
    other = trained(epochs=0, hidden=(3,), learning_rate=0.1)
    other.resume(moment)
    assert len(other.path.until(other.step).steps) == 0
    head, tensors = told(other, wish(of="path"))
    assert head["share"] is None
    assert tensors["path"].shape[0] == 0


def test_a_run_with_an_open_surface_trains_as_one_without() -> None:
    run, alone = trained(hidden=(3, 2), method="adam"), Trainer(Settings(hidden=(3, 2), method="adam"))
    alone.train(3)
    for of in ("weights", "gradient", "path", "random", "weight"):
        racing = wish(of=of, start=(1.0, 1.0) if of == "weights" else None)
        told(run, racing)
        if PLANE.engine.has_work(run, racing):
            PLANE.engine.work(run, racing, 0.002)
        run.train_steps(3)
        alone.train_steps(3)
        assert run.parameters.tobytes() == alone.parameters.tobytes()
    assert run.history.samples.tobytes() == alone.history.samples.tobytes()


@pytest.mark.parametrize("surface", ["weights,3,17", "weight,0", "gradient", "path", "random", ""])
def test_links_carry_what_is_open(surface: str) -> None:
    opened = read_link(write_link(replace(PLANE.experiment(), view=PlaneView(surface=surface))))
    assert opened.experiment.view.surface == surface
    assert not opened.repairs


@pytest.mark.parametrize("surface", ["weights", "weights,1", "weight,x", "valley", "weights,1,2,3"])
def test_what_no_surface_can_be_over_is_refused(surface: str) -> None:
    with pytest.raises(Refused):
        PlaneView(surface=surface)


@pytest.mark.parametrize("wrong", [{"of": "valley"}, {"of": "weights", "weights": (-1, 0)}, {"of": "path", "zoom": 99}])
def test_a_wish_for_something_else_is_no_message(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Surface(**wrong)
