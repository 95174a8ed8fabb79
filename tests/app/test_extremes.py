"""session.py, checkpoint.py, frames.py: whatever number training produces, every message can say it."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from safetensors.numpy import load

from app.client import metadata
from app.experiment import Experiment, Trained
from app.labs.plane.edits import AddLayer, AddNeuron, RemoveLayer, SetParameter
from app.labs.plane.view import PlaneView
from app.links import read_link, write_link
from app.messages import Command
from app.protocol import Change, Focus, Pause, Play, Recover, Reset, Share, Shared, Show, State, Step, server_messages
from app.serving.shared_figures import Board
from app.sessions.checked_settings import build_settings
from app.sessions.session import Session
from app.storage.checkpoint import pack, unpack
from engine.choices import Refused
from engine.labs.plane.settings import (
    ACTIVATIONS,
    CONNECTIONS,
    DATASETS,
    INITIALIZATIONS,
    LOSSES,
    METHODS,
    ORDERS,
    REGULARIZATIONS,
    Settings,
)
from engine.labs.plane.trainer import Trainer
from engine.runs.stopping import Watch
from tests.app.test_session import Clock, make_session, take_frame, tell

numbers = st.sampled_from([0.0, 1e-6, 0.03, 10.0, 1000.0])
weights = st.sampled_from([-1e6, -1.0, -1e-30, 0.0, 5e-324, 1.0, 1e6])
changes = st.fixed_dictionaries(
    {},
    optional={
        "dataset": st.sampled_from(DATASETS),
        "train_share": st.sampled_from([1, 10, 50, 100]),
        "hidden": st.lists(st.integers(1, 5), max_size=4),
        "initialization": st.sampled_from(INITIALIZATIONS),
        "activation": st.sampled_from(ACTIVATIONS),
        "loss": st.sampled_from(LOSSES),
        "learning_rate": numbers,
        "batch_size": st.sampled_from([1, 10, "all"]),
        "regularization": st.sampled_from(REGULARIZATIONS),
        "regularization_rate": st.sampled_from([-1000, -1, 0, 0.1, 1000]),
        "method": st.sampled_from(METHODS),
        "momentum": st.sampled_from([0, 0.9, 0.9999]),
        "weight_decay": st.sampled_from([0, 1, 100]),
        "label_smoothing": st.sampled_from([0, 0.5]),
        "clip": st.sampled_from([0, 1e-6, 1e6]),
        "order": st.sampled_from(ORDERS),
        "classes": st.integers(2, 5),
        "connections": st.sampled_from(CONNECTIONS),
        "batch_norm": st.booleans(),
        "dropout": st.sampled_from([0, 0.9]),
        "stop_epochs": st.integers(0, 9),
        "stop_loss": st.sampled_from([0, 0.1, 1e6]),
        "stop_accuracy": st.sampled_from([0, 50]),
        "stop_plateau": st.integers(0, 3),
        "stop_set": st.sampled_from(["test", "train"]),
    },
)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Change, settings=changes),
    st.builds(SetParameter, index=st.integers(0, 20), value=weights),
    st.builds(SetParameter, index=st.integers(0, 20), value=weights),
    st.builds(Step),
    st.builds(Play),
    st.builds(Pause),
    st.builds(Reset),
    st.builds(Recover, settings=changes),
    st.builds(AddNeuron, layer=st.integers(1, 4)),
    st.builds(AddLayer, layer=st.integers(1, 4)),
    st.builds(RemoveLayer, layer=st.integers(1, 4)),
    st.builds(Focus, unit=st.tuples(st.integers(1, 4), st.integers(1, 5))),
    st.just(Show(gradients=True)),
    st.just(Share(weights=True)),
)


def read_frame(message: bytes) -> dict[str, str]:
    """As strictly as a page: numbers are numbers or the empty text."""
    about = metadata(message)
    assert all(array.dtype in (np.float32, np.uint8) for array in load(message).values())
    for name in ("loss_train", "loss_test"):
        assert about[name] == "" or math.isfinite(float(about[name]))
    for name in ("epochs_per_second", "steps_per_second"):
        assert math.isfinite(float(about[name]))
    return about


def listed(value: Any) -> Any:
    """As JSON has it: a list for each tuple."""
    if isinstance(value, dict):
        return {name: listed(part) for name, part in value.items()}
    return [listed(part) for part in value] if isinstance(value, list | tuple) else value


def check_messages(session: Session) -> None:
    """Everything in the outbox reads back as it was."""
    for message in session.outbox:
        if isinstance(message, bytes):
            load(message)
        else:
            back = server_messages.validate_json(message.model_dump_json())
            assert listed(back.model_dump()) == listed(message.model_dump())
            if isinstance(message, Shared):
                link = read_link(message.link)
                assert not link.repairs
                Session(link, Clock()).attach()
    session.outbox.clear()


def check_checkpoint(session: Session) -> None:
    """The session goes on from its checkpoint as it is, and can greet a page."""
    other, _ = make_session()
    other.thaw(unpack(pack(session.freeze())))
    assert_array_equal(other.trainer.parameters, session.trainer.parameters)
    assert_array_equal(other.trainer.history.samples, session.trainer.history.samples)
    assert (other.trainer.divergence, other.trainer.stop) == (session.trainer.divergence, session.trainer.stop)
    other.attach()
    check_messages(other)


def session_with_weights(wishes: dict[str, Any], scale: float) -> tuple[Session, Clock]:
    """One that has opened a link with weights far from what training starts with."""
    try:
        settings = build_settings(Settings, wishes)
    except Refused:
        settings = Settings()
    with np.errstate(over="ignore"):
        saved = (Trainer(settings).saved() * scale).astype(np.float32)
    most = np.finfo(np.float32).max
    link = write_link(Experiment(settings, PlaneView(), Trained(3, np.clip(saved, -most, most))))
    clock = Clock()
    session = Session(read_link(link), clock)
    session.attach()
    return session, clock


@hypothesis_settings(max_examples=120)
@given(start=changes, exponent=st.integers(-45, 38), walk=st.lists(commands, min_size=1, max_size=8))
def test_whatever_training_comes_to_can_be_said_and_saved(
    start: dict[str, Any], exponent: int, walk: list[Command]
) -> None:
    session, clock = session_with_weights(start, 10.0**exponent)
    for command in walk:
        session.receive(command)
        check_messages(session)
        read_frame(take_frame(session, clock))
        session.attach()
        check_messages(session)
        check_checkpoint(session)


@pytest.mark.parametrize("reason", ["epochs", "loss", "accuracy", "plateau"])
@pytest.mark.parametrize("loss", [math.inf, math.nan, 0.5], ids=str)
def test_a_stop_says_its_value_or_that_there_is_none(reason: Any, loss: float) -> None:
    wishes: dict[str, dict[str, Any]] = {
        "epochs": {"stop_epochs": 1}, "loss": {"stop_loss": 0.6}, "accuracy": {"stop_accuracy": 50},
        "plateau": {"stop_plateau": 1},
    }  # fmt: skip
    watch = Watch(Settings(**wishes[reason]), 0, math.inf if reason in {"loss", "accuracy"} else loss, 0.1)
    stop = watch.look(1, loss, 0.9)
    if reason == "loss" and loss != 0.5:
        assert stop is None
    else:
        assert stop is not None
        assert stop.value is None or math.isfinite(stop.value)
        assert (stop.value is None) == (reason == "plateau" and loss != 0.5)


def test_a_loss_that_was_no_number_and_becomes_one_is_a_gain() -> None:
    watch = Watch(Settings(stop_plateau=2), 0, math.nan, math.nan)
    assert watch.look(1, 0.5, math.nan) is None
    assert watch.look(2, 0.5, math.nan) is None
    stop = watch.look(3, 0.5, math.nan)
    assert stop is not None
    assert (stop.reason, stop.value) == ("plateau", 0.5)


def test_a_session_whose_test_loss_is_infinite_tells_of_its_stop() -> None:
    session, clock = make_session(Settings(dataset="reg-plane", hidden=(), stop_plateau=1, learning_rate=1e-9))
    trainer = session.trainer
    trainer.model.test_examples.targets[:] = np.inf  # what a network does that overflows between the training points
    tell(session, Play())
    take_frame(session, clock)
    told = [message for message in session.outbox if isinstance(message, State)][-1]
    assert told.stop is not None
    assert (told.stop.reason, told.stop.value) == ("plateau", None)
    check_checkpoint(session)


def test_moments_beyond_float32_come_back() -> None:
    """RMSprop's squares of a gradient of 1e20 are infinite while weights, which then stand still, are not."""
    session, _ = make_session(Settings(dataset="reg-plane", hidden=(1,), method="rmsprop", activation="linear"))
    trainer = session.trainer
    trainer.network.state["moments"][-40:] = np.inf
    assert np.isinf(trainer.network.state["moments"]).any()
    check_checkpoint(session)


def test_figures_that_are_not_finite_pass_between_workers() -> None:
    board = Board(1)
    board.write(0, {"a": math.inf, "b": 1e308})
    assert board.read(0) == {"a": math.inf, "b": 1e308}
    board.close()
