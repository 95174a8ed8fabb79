"""frames.py: messages are safetensors that a browser can view without copying."""

import json
import struct

import numpy as np
from safetensors.numpy import load

from app.frames import LARGE, SMALL, FrameHead, frame_message, points_message
from engine.settings import Settings
from engine.trainer import Trainer

HEAD = FrameHead(
    run=3, frame=9, applied=4, epochs_per_second=12.5, steps_per_second=312.5, focus=(1, 2), history_start=0
)


def test_a_frame_holds_the_trainer_as_it_is() -> None:
    trainer = Trainer(Settings(hidden=(3, 2)))
    trainer.train(7)
    arrays = load(frame_message(trainer, HEAD))
    assert (arrays["parameters"] == trainer.parameters).all()
    assert (arrays["output"] == trainer.output_picture(LARGE)).all()
    assert (arrays["neurons"] == trainer.neuron_pictures(SMALL)).all()
    assert (arrays["focus"] == trainer.neuron_picture(1, 2, LARGE)).all()
    assert arrays["history"].shape == (8, 3)
    assert {name: array.dtype for name, array in arrays.items()} == {
        "parameters": np.float32,
        "metrics": np.float32,
        "history": np.float32,
        "output": np.uint8,
        "neurons": np.uint8,
        "focus": np.uint8,
    }


def test_arrays_of_four_byte_elements_begin_at_a_multiple_of_four() -> None:
    trainer = Trainer(Settings(hidden=()))
    for message in (frame_message(trainer, HEAD_WITHOUT_FOCUS), points_message(trainer, 1)):
        (length,) = struct.unpack("<Q", message[:8])
        assert (8 + length) % 8 == 0
        header = json.loads(message[8 : 8 + length])
        for name, entry in header.items():
            if name != "__metadata__" and entry["dtype"] == "F32":
                assert entry["data_offsets"][0] % 4 == 0


HEAD_WITHOUT_FOCUS = FrameHead(
    run=1, frame=1, applied=0, epochs_per_second=0, steps_per_second=0, focus=None, history_start=0
)


def test_a_network_without_hidden_layers_has_no_neurons_to_show() -> None:
    arrays = load(frame_message(Trainer(Settings(hidden=(), inputs=())), HEAD_WITHOUT_FOCUS))
    assert arrays["neurons"].shape == (0, SMALL, SMALL)
    assert arrays["parameters"].shape == (1,)
    assert "focus" not in arrays
