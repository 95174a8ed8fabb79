"""frames.py: messages are safetensors that a browser can view without copying."""

import json
import struct
from dataclasses import replace

import numpy as np
from safetensors.numpy import load

from app.client import metadata
from app.labs.contract import Wish
from app.labs.plane.edits import LookAt
from app.labs.plane.frames import picture_sides
from app.labs.plane.lab import PLANE
from app.labs.plane.view import PlaneView
from app.sessions.frames import FrameHead, frame_message, material_message
from engine.labs.plane.answers import answers, value_at
from engine.labs.plane.figures import figures, unit_picture
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer

HEAD = FrameHead(
    run=3, frame=9, applied=4, epochs_per_second=12.5, steps_per_second=312.5, focus=(1, 2), history_start=0
)
WISH = Wish(PlaneView(), focus=(1, 2))


def frame_of(trainer: Trainer, wish: Wish = WISH) -> bytes:
    head = replace(HEAD, focus=wish.focus)
    return frame_message(PLANE, trainer, head, PLANE.engine.show(trainer, wish))


def test_a_frame_holds_the_trainer_as_it_is() -> None:
    trainer = Trainer(Settings(hidden=(3, 2)))
    trainer.train(7)
    arrays = load(frame_of(trainer))
    assert (arrays["parameters"] == trainer.parameters).all()
    shown = figures(trainer, 200, 50)
    assert (arrays["output"] == shown.large[0]).all()
    assert (arrays["neurons"] == shown.small).all()
    assert (arrays["focus"] == unit_picture(trainer, 1, 2, 200)).all()
    assert arrays["history"].shape == (8, 3)
    assert {name: array.dtype for name, array in arrays.items()} == {
        "parameters": np.float32,
        "metrics": np.float32,
        "history": np.float32,
        "output": np.uint8,
        "neurons": np.uint8,
        "focus": np.uint8,
    }


def test_a_frame_without_the_neurons_is_the_same_otherwise() -> None:
    trainer = Trainer(Settings(hidden=(3, 2)))
    trainer.train(7)
    whole, without = (load(frame_of(trainer, replace(WISH, small=wanted))) for wanted in (True, False))
    assert whole.keys() - without.keys() == {"neurons"}
    assert all((whole[name] == array).all() for name, array in without.items())


def test_arrays_of_four_byte_elements_begin_at_a_multiple_of_four() -> None:
    trainer = Trainer(Settings(hidden=()))
    for message in (frame_of(trainer, WITHOUT_FOCUS), material_message(PLANE, trainer, 1)):
        (length,) = struct.unpack("<Q", message[:8])
        assert (8 + length) % 8 == 0
        header = json.loads(message[8 : 8 + length])
        for name, entry in header.items():
            if name != "__metadata__" and entry["dtype"] == "F32":
                assert entry["data_offsets"][0] % 4 == 0


WITHOUT_FOCUS = Wish(PlaneView())


def test_a_network_without_hidden_layers_has_no_neurons_to_show() -> None:
    arrays = load(frame_of(Trainer(Settings(hidden=(), inputs=())), WITHOUT_FOCUS))
    assert arrays["neurons"].shape == (0, 50, 50)
    assert arrays["parameters"].shape == (1,)
    assert "focus" not in arrays


def test_of_several_classes_a_frame_brings_the_most_probable_one_and_how_sure_it_is() -> None:
    trainer = Trainer(Settings(dataset="spiral", classes=4, hidden=(3,)))
    trainer.train(30)
    arrays = load(frame_of(trainer, WITHOUT_FOCUS))
    assert "output" not in arrays
    assert arrays["neurons"].shape == (3 + 4, 50, 50)
    assert arrays["metrics"].shape == (2, 16)
    shown = figures(trainer, 200, 200)
    said, (classes, confidence) = shown.small[3:].astype(float), shown.large
    assert (arrays["classes"] == [classes, confidence]).all()
    assert (np.take_along_axis(said, classes[None].astype(int), 0)[0] >= said.max(0) - 1).all()
    assert np.abs(confidence / 255 * 0.75 + 0.25 - said.max(0) / 255).max() < 0.01


def test_no_frame_is_much_larger_than_that_of_eight_layers_of_thirty_two() -> None:
    for hidden in ((32,) * 8, (64,) * 8, (64,) * 16, (12,) * 32, (64,) * 32):
        trainer = Trainer(Settings(hidden=hidden, initialization="xavier-normal"))
        assert len(frame_of(trainer, WITHOUT_FOCUS)) - 4 * trainer.settings.parameter_count < 800_000
    assert picture_sides(Trainer(Settings())) == (200, 50)


def test_a_frame_reads_the_place_of_the_pointer_and_each_point_if_it_is_asked() -> None:
    trainer = Trainer(Settings(hidden=(3, 2)))
    trainer.train(7)
    message = frame_of(trainer, replace(WISH, looks={"look": LookAt(at=(1.5, -0.25))}))
    arrays = load(message)
    assert metadata(message)["at"] == "1.5,-0.25"
    assert (arrays["at"] == value_at(trainer, 1.5, -0.25, (1, 2))).all()
    assert arrays["at"].shape == (2,)
    np.testing.assert_array_equal(arrays["answers"], answers(trainer).astype(np.float32))
    middle = Wish(PlaneView(), looks={"look": LookAt(at=(0, 0))})
    assert load(frame_of(trainer, middle))["at"].shape == (1,)
    marked = load(frame_of(trainer, replace(WISH, view=PlaneView(errors=True))))
    assert "answers" in marked
    assert "at" not in marked
