"""checkpoint.py, sessions.py: what comes back after a dropped page, a killed server, a duplicated tab."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from app.client import Frame
from app.experiment import Experiment
from app.labs.plane.edits import AddLayer, AddNeuron, SetParameter
from app.labs.plane.view import PlaneView
from app.links import read_link, write_link
from app.messages import Command
from app.protocol import Change, Pause, Play, Show, State, Step
from app.sessions.session import Session
from app.storage.checkpoint import Unreadable, pack, unpack
from engine.choices import Refused
from engine.labs.plane.settings import ORDERS, Settings
from tests.app.test_session import make_session, tell
from tests.disk import wait_for_the_disk
from tests.page import Page, page
from tests.servers import Server, free_port, hyperplane, serving

DEEP = Settings(
    dataset="spiral", classes=3, hidden=(5, 5), batch_norm=True, dropout=0.1, method="adam", order="shuffle"
)


def thawed(session: Session) -> Session:
    """Another session, by way of bytes."""
    other, _ = make_session()
    other.thaw(unpack(pack(session.freeze())))
    return other


@pytest.mark.parametrize("order", ORDERS)
def test_a_session_goes_on_bit_for_bit_where_it_was_frozen(order: Any) -> None:
    session, _ = make_session(replace(DEEP, order=order, batch_size=7))
    for command in (Step(), Step(), AddNeuron(layer=1), Step()):
        tell(session, command)
    other = thawed(session)
    for each in (session, other):
        each.trainer.train(30)
        each.trainer.add_layer(1, 3)  # the same edit draws the same weights
        each.trainer.train(3)
    assert_array_equal(other.trainer.parameters, session.trainer.parameters)
    assert_array_equal(other.trainer.history.samples, session.trainer.history.samples)
    assert other.trainer.step == session.trainer.step


def test_all_that_a_page_sees_comes_back() -> None:
    link = read_link(write_link(Experiment(DEEP, PlaneView(discretize=True, hide=("noise",)))))
    session = Session(link, time.monotonic)
    tell(session, Play(seq=7))
    other = thawed(session)
    assert (other.view, other.playing, other.handled) == (session.view, True, 7)
    assert other.run > session.run  # its frames are others
    told = tell(other, Change(seq=8, settings={"learning_rate": 0.5}))
    assert told.link == tell(session, Change(seq=8, settings={"learning_rate": 0.5})).link  # type: ignore[union-attr]


def test_divergence_comes_back_too() -> None:
    session, _ = make_session(Settings(dataset="reg-plane", hidden=(), learning_rate=900))
    tell(session, Step())
    assert session.trainer.divergence
    assert thawed(session).trainer.divergence == session.trainer.divergence


@pytest.mark.parametrize("payload", [b"", b"x", b"\0" * 100, b"\xff" * 100, b"\x02\0\0\0\0\0\0\0{}"])
def test_what_is_no_checkpoint_is_unreadable(payload: bytes) -> None:
    with pytest.raises(Unreadable):
        unpack(payload)


def test_a_checkpoint_of_the_version_before_opens_with_its_speed() -> None:
    """Written by the code of 2026-11-25: XOR with three neurons after three epochs, playing at 30 epochs/s."""
    session, _ = make_session()
    session.thaw(unpack((CHECKPOINTS / "version-1.safetensors").read_bytes()))
    assert (session.trainer.epoch, session.playing, session.handled) == (3, True, 5)
    assert session.trainer.losses() == pytest.approx((0.474294, 0.476139), abs=1e-5)
    assert session.view == PlaneView(show_test=True, hide=("noise",), speed=30)
    told = tell(session, Pause(seq=6))
    assert isinstance(told, State)
    assert (told.speed, told.view["lesson"], told.view["log_epoch"]) == (30, "", True)
    session.trainer.train(3)
    assert thawed(session).view == session.view


def test_a_network_outlives_the_lesson_that_it_was_trained_in() -> None:
    session, _ = make_session()
    tell(session, Show(lesson="small-steps"))
    payload = pack(session.freeze())
    assert unpack(payload).view.lesson == "small-steps"
    assert unpack(payload.replace(b'"small-steps', b'"large-turns')).view.lesson == ""


CHECKPOINTS = Path(__file__).parents[1] / "data" / "checkpoints"
GOOD = pack(make_session(DEEP)[0].freeze())


@given(places=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_damage_is_noticed_or_harmless(places: list[tuple[int, int]]) -> None:
    """The store's checksum catches it before; but nobody should depend on that."""
    damaged = bytearray(GOOD)
    for place, byte in places:
        damaged[place] = byte
    session, _ = make_session()
    try:
        session.thaw(unpack(bytes(damaged)))
    except (Unreadable, Refused, KeyError, ValueError):
        return
    assert np.isfinite(session.trainer.parameters).all()
    session.trainer.train(1)


def test_every_byte_may_be_cut_off() -> None:
    rng = random.Random(1)
    for length in sorted(rng.sample(range(len(GOOD)), 200)):
        with pytest.raises(Unreadable):
            unpack(GOOD[:length])


@pytest.mark.parametrize("command", [AddLayer(seq=4, layer=1), SetParameter(seq=4, index=0, value=3.0)])
def test_a_command_that_comes_again_is_answered_and_not_applied_again(command: Command) -> None:
    session, _ = make_session()
    tell(session, command)
    before = session.trainer.parameters
    tell(session, Change(seq=5, settings={"learning_rate": 0.1}))
    answer = tell(session, command)
    assert answer.seq == 5
    assert_array_equal(session.trainer.parameters, before)


# -- a server that is killed -------------------------------------------------------------------------------------------


@contextmanager
def serving_here(folder: Path, **environment: str) -> Iterator[Server]:
    """A server whose store is in this folder."""
    port = free_port()
    settings = {**os.environ, "HYPERPLANE_STORE": str(folder / "sessions.sqlite3"), **environment}
    with serving([hyperplane(), "serve", "--port", str(port)], port, settings) as server:
        yield server


def look(opened: Page) -> tuple[State, Frame]:
    """The state that a page is greeted with, and its first frame."""
    return opened.answer(State), opened.frame()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=lambda end: end.name)
def test_a_session_survives_the_end_of_the_server(tmp_path: Path, end: signal.Signals) -> None:
    link = "#v=1&dataset=xor&hidden=3"
    with serving_here(tmp_path) as server, page(server, page="a", link=link) as (opened, welcome):
        opened.send(Change(settings={"learning_rate": 0.1}))
        opened.answer(State, opened.send(Step()))
        opened.answer(State, opened.send(Step()))  # too soon after the last checkpoint for another
        if end == signal.SIGKILL:
            wait_for_the_disk(tmp_path / "sessions.sqlite3", welcome.token, handled=3)
        server.process.send_signal(end)
        server.process.wait(20)
    with serving_here(tmp_path) as server, page(server, page="a", token=welcome.token) as (opened, back):
        assert (back.resumed, back.handled, back.token) == ("checkpoint", 3, welcome.token)
        assert 0 <= back.age < 60
        state, frame = look(opened)
        assert (state.facts["shape"], state.settings["learning_rate"]) == ([2, 3, 1], 0.1)
        assert frame.epoch == 2


def test_a_kill_right_after_the_welcome_loses_no_session(tmp_path: Path) -> None:
    with serving_here(tmp_path) as server, page(server, page="a", link="#v=1&hidden=3") as (_, welcome):
        server.process.kill()
        server.process.wait(20)
    with serving_here(tmp_path) as server, page(server, page="a", token=welcome.token) as (opened, back):
        assert (back.resumed, back.handled) == ("checkpoint", 0)  # so the page sends again all that it has sent
        assert opened.answer(State).facts["shape"] == [2, 3, 1]


@pytest.mark.parametrize("moment", ["while it trains", "at the end"])
def test_a_paused_session_survives_the_loss_of_the_file(tmp_path: Path, moment: str) -> None:
    """The server has it in memory, and nothing has changed since it was written."""
    path = tmp_path / "sessions.sqlite3"
    with (
        serving_here(tmp_path, HYPERPLANE_WORKERS="1") as server,
        page(server, page="a", link="#v=1&hidden=3") as (
            opened,
            welcome,
        ),
    ):
        opened.answer(State, opened.send(Step()))
        wait_for_the_disk(path, welcome.token, handled=1)
        for part in ("", "-wal", "-shm"):
            Path(f"{path}{part}").unlink(missing_ok=True)
        if moment == "while it trains":
            wait_for_the_disk(path, welcome.token, handled=1)
            server.process.kill()
        else:
            server.process.terminate()
        server.process.wait(20)
    with serving_here(tmp_path) as server, page(server, page="a", token=welcome.token) as (opened, back):
        assert (back.resumed, back.handled) == ("checkpoint", 1)
        assert look(opened)[1].epoch == 1


def test_without_a_store_nothing_survives(tmp_path: Path) -> None:
    with serving_here(tmp_path, HYPERPLANE_NO_STORE="true") as server, page(server, page="a") as (opened, welcome):
        opened.send(Step())
        opened.answer(State)
    assert not list(tmp_path.iterdir())
    with serving_here(tmp_path) as server, page(server, page="a", token=welcome.token) as (_, back):
        assert back.resumed == "none"


def test_a_duplicated_tab_gets_a_copy_and_the_first_keeps_its_own(server: Server) -> None:
    with page(server, page="a", link="#v=1&hidden=3") as (first, welcome):
        first.answer(State, first.send(Step()))
        with page(server, page="b", token=welcome.token) as (second, copied):
            assert copied.resumed == "copy"
            assert copied.token != welcome.token
            state, frame = look(second)
            assert (state.facts["shape"], frame.epoch) == ([2, 3, 1], 1)
            assert second.answer(State, second.send(AddNeuron(layer=1))).facts["shape"] == [2, 4, 1]
        assert first.answer(State, first.send(Step())).facts["shape"] == [2, 3, 1]


def test_a_page_that_is_loaded_anew_gets_its_own_session(server: Server) -> None:
    with page(server, page="a", link="#v=1&hidden=3") as (first, welcome):
        first.answer(State)
    with page(server, page="b", token=welcome.token) as (second, back):
        assert back.resumed == "live"
        assert second.answer(State).facts["shape"] == [2, 3, 1]
