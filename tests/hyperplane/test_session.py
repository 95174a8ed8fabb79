"""`hyperplane.connect`: a session on a real server, from a program."""

import asyncio
import inspect
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from websockets.sync.server import ServerConnection, serve

import hyperplane
from app.labs import LABS
from app.protocol import Away, Rejected, State, Welcome
from hyperplane.commands import commands_of
from hyperplane.opening import session_class
from hyperplane.session import Session
from tests.servers import Server, free_port

LINK = "#v=1&dataset=xor&hidden=4&seed=0.7"
POINTS = np.array([[-2, 0], [-1, 1], [1, 1], [2, 0.5]])


@pytest.fixture(scope="module")
def shared(server: Server) -> Iterator[Session]:
    with hyperplane.connect(server.address, link=LINK) as session:
        yield session


@pytest.fixture
def session(shared: Session) -> Session:
    """The experiment of the link, at epoch 0."""
    shared.open(LINK)
    return shared


# -- training and editing ----------------------------------------------------------------------------------------------


def test_it_trains_bit_for_bit_as_train_does(session: Session) -> None:
    for _ in range(3):
        session.step()
    run: Any = hyperplane.train(LINK, epochs=3)
    assert (session.epoch, session.steps) == (3, run.steps)
    assert_array_equal(session.parameters, run.parameters)
    for ours, theirs in zip([*session.weights, *session.biases], [*run.weights, *run.biases], strict=True):
        assert_array_equal(ours, theirs)
    assert session.losses == run.losses
    assert_array_equal(session.history, run.history.astype(np.float32))
    assert_array_equal(session.points.train, run.points.train.astype(np.float32))
    field = session.field  # coarser on a busy machine
    assert np.abs(field - run.field(len(field))).max() <= 0.5 / 127.5 + 1e-6


def test_what_is_seen_is_as_new_as_the_last_command(session: Session) -> None:
    for neurons in range(5, 12):
        session.add_neuron(layer=1)
        assert (session.weights[0].shape, session.settings["hidden"]) == ((neurons, 2), [neurons])
    session.set(hidden=np.array([3, 2]), learning_rate=np.float32(0.5))
    assert [weights.shape for weights in session.weights] == [(3, 2), (2, 3), (1, 2)]
    session.edit("set-parameter", index=0, value=0.25)
    assert session.weights[0][0, 0] == 0.25


def test_waiting_ends_at_the_first_moment_that_is_seen(session: Session) -> None:
    session.play()
    moment = session.wait(lambda now: now.epoch > 50 and now.losses["train"] < 10, epoch=20)
    assert moment.epoch > 50
    assert moment.history[-1, 0] <= moment.epoch
    epoch = moment.epoch
    later = session.wait(epoch=epoch + 1)
    assert (moment.epoch, later.epoch > epoch) == (epoch, True)
    session.pause()
    assert not session.playing
    assert session.epoch >= later.epoch


def test_a_run_that_ends_by_itself_is_seen_at_its_end(session: Session) -> None:
    session.set(stop_epochs=200)
    session.play()
    moment = session.wait()
    assert (moment.epoch, moment.playing, moment.losses) == (200, False, session.losses)
    assert_array_equal(session.parameters, hyperplane.train(LINK, epochs=200).parameters)  # type: ignore[attr-defined]


def test_waiting_in_vain_is_an_error_and_not_for_ever(session: Session) -> None:
    with pytest.raises(hyperplane.Stopped, match="epoch 9 was waited for, but training is paused at epoch 0"):
        session.wait(epoch=9)
    session.set(stop_epochs=5)
    session.play()
    with pytest.raises(hyperplane.Stopped, match="ended at epoch 5 by its stop condition: epochs 5"):
        session.wait(epoch=9)
    session.open("#v=1&dataset=reg-plane&hidden=&learning_rate=10")
    session.play()
    with pytest.raises(hyperplane.Stopped, match="the condition was waited for, but training diverged at epoch"):
        session.wait(lambda now: False)  # noqa: ARG005


def test_waiting_has_a_limit(session: Session) -> None:
    session.set(learning_rate=0)
    session.play()
    with pytest.raises(TimeoutError, match=r"epoch 1,000,000,000 did not come within 0\.05 s: epoch"):
        session.wait(epoch=10**9, timeout=0.05)


def test_own_points_are_learned_as_train_learns_them(session: Session) -> None:
    labels = ["left", "left", "right", "right"]
    session.learn(POINTS, labels)
    session.step()
    run: Any = hyperplane.train(data=(POINTS, labels), hidden=(4,), seed="0.7", epochs=1)
    assert_array_equal(session.parameters, run.parameters)
    assert (session.classes, session.epoch) == (("left", "right"), 1)
    session.add_points(np.array([[0, 0, 1]]))
    assert sum(map(len, session.points)) == 5


def test_its_links_open_here_and_there(session: Session, server: Server) -> None:
    session.step()
    assert session.link == f"{server.address}/{LINK}"
    run: Any = hyperplane.train(session.share(weights=True), epochs=0)
    assert_array_equal(run.parameters, session.parameters)
    with pytest.warns(UserWarning, match="link: nothing has the name"):
        session.open(f"{LINK}&colour=red")


def test_of_several_classes_the_field_has_their_numbers(session: Session) -> None:
    session.open("#v=1&dataset=rings&classes=4&hidden=6")
    session.step()
    run: Any = hyperplane.train(session.share(weights=True), epochs=0)
    field = session.field
    assert (field == run.field(len(field)).argmax(axis=2)).mean() > 0.999


def test_frames_bring_what_a_program_looks_at(session: Session) -> None:
    session.step()
    run: Any = hyperplane.train(session.share(weights=True), epochs=0)
    for place in ((1.5, -2.0), (-3.25, 0.5)):
        session.look(at=place)
        assert session.frame("at") == pytest.approx(run.predict([place]), abs=1e-6)
    session.explain(of="batch", unit=(1, 2))
    before = session.frame("explain before")
    assert before.tolist() == [*run.weights[0][1].tolist(), run.biases[0][1]]
    after = session.frame("explain after")
    session.step("batch")
    assert_array_equal(after, [*session.weights[0][1], session.biases[0][1]])
    session.space(layer=1)
    assert session.frame("space points").shape == (1, 250, 2)


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda it: it.set(learning_rate=-1), "learning_rate: -1.0 came, expected a number from 0 to 1000"),
        (lambda it: it.set(learning_rat=1), "learning_rat: 1 came, expected perhaps learning_rate; a setting: one of"),
        (lambda it: it.set(hidden=(0,)), r"hidden: \[0\] came, expected 1 to 256 neurons in each layer"),
        (lambda it: it.add_neuron(layer=2), "layer: 2 came, expected a number from 1 to 1"),
        (lambda it: it.add_neuron(layer=0), "layer: 0 came, expected greater than or equal to 1"),
        (lambda it: it.edit("add-neurn", layer=1), "type: 'add-neurn' came, expected perhaps add-neuron; one of"),
        (lambda it: it.edit("add-neuron", layr=1), "layr: 1 came, expected perhaps layer; a field of add-neuron"),
        (lambda it: it.edit("pause", loud=True), "loud: True came, expected no field of pause"),
        (lambda it: it.show(show_tests=True), "show_tests: True came, expected perhaps show_test; what the page"),
        (lambda it: it.step("day"), "unit: 'day' came, expected 'epoch' or 'batch'"),
        (lambda it: it.open("nothing"), "link: 'nothing' came, expected a link of Hyperplane"),
        (lambda it: it.learn([[1, 2]], [1, 2]), "labels: '2 labels of 1 points' came"),
        (lambda it: it.frame("neuron"), "name: 'neuron' came, expected perhaps neurons; one of"),
    ],
)
def test_what_cannot_be_done_is_refused_in_the_same_words(
    session: Session, act: Callable[[Session], None], said: str
) -> None:
    with pytest.raises(hyperplane.Refused, match=said):
        act(session)
    session.step()  # and the session goes on
    assert session.epoch == 1


def test_every_command_has_a_method_with_help() -> None:
    for lab in LABS.values():
        kind = session_class(lab.name)
        for name, command in commands_of(lab).items():
            method = getattr(kind, name.replace("-", "_"), None)
            assert method or name in kind.COVERED, name
            assert method is None or method.__doc__, command
    add_layer = session_class("plane").add_layer
    assert str(inspect.signature(add_layer)) == "(self, /, layer: int, neurons: int | None = None) -> None"
    assert "Insert a hidden layer" in (add_layer.__doc__ or "")
    settings = inspect.signature(session_class("plane").set)
    assert settings.parameters["learning_rate"].kind is inspect.Parameter.KEYWORD_ONLY


# -- connections -------------------------------------------------------------------------------------------------------


def test_a_lost_connection_comes_back_and_a_command_is_applied_once(session: Session) -> None:
    for epoch in range(1, 4):
        line = session._connection._socket
        assert line
        line.socket.shutdown(socket.SHUT_RDWR)
        session.step()
        assert session.epoch == epoch
    assert_array_equal(session.parameters, hyperplane.train(LINK, epochs=3).parameters)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [State, Rejected])
def test_an_answer_that_is_lost_with_the_connection_is_not_waited_for(
    kind: type[Any], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, lost = session._connection, list[Any]()
    hear = connection._hear

    def lose_the_first(event: Any) -> None:
        if isinstance(event, kind) and not lost:
            lost.append(event)
            assert connection._socket
            connection._socket.socket.shutdown(socket.SHUT_RDWR)
        else:
            hear(event)

    monkeypatch.setattr(connection, "_hear", lose_the_first)
    if kind is Rejected:
        with pytest.raises(hyperplane.Refused, match="the server refused this one"):
            session.set(learning_rate=-1)
    session.step()
    assert len(lost) == 1
    session.step()
    assert session.epoch == 2


def test_a_token_takes_the_session_over(server: Server) -> None:
    with hyperplane.connect(server.address, link=LINK) as first:
        first.step()
        with hyperplane.connect(server.address, token=first.token) as second:
            assert (second.resumed, second.epoch) == ("live", 1)
            second.step()
            with pytest.raises(hyperplane.Unreachable, match="another client has taken over the session"):
                first.step()
    with pytest.raises(hyperplane.Unreachable, match="the session was closed"):
        second.step()
    with hyperplane.connect(server.address, token=second.token) as third:
        assert (third.resumed, third.epoch) == ("live", 2)


def test_it_works_where_an_event_loop_runs_as_in_a_notebook(server: Server) -> None:
    async def cell() -> int:
        with hyperplane.connect(server.address, link=LINK) as session:
            session.step()
            return session.epoch

    assert asyncio.run(cell()) == 1


def test_a_session_that_nobody_has_any_more_is_closed(server: Server) -> None:
    session = hyperplane.connect(server.address, link=LINK)
    thread = session._connection._thread
    del session
    thread.join(30)
    assert not thread.is_alive()


def test_sessions_of_other_labs_have_their_own_commands_and_arrays(server: Server) -> None:
    with hyperplane.connect(server.address, lab="descent") as session:
        session.set(problem="bowl", start=(2,), curvature=1, learning_rate=0.5)
        session.step()
        assert session.frame("places").tolist() == [[1.0]]
        seed = session.settings["seed"]
        session.new_points()
        assert session.settings["seed"] != seed


def test_without_a_server_it_says_so_at_once() -> None:
    with pytest.raises(hyperplane.Unreachable, match=r"there is no Hyperplane server at http://127\.0\.0\.1:"):
        hyperplane.connect(f"http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "ftp://here", "http://", "http://here:many", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(hyperplane.Refused, match=r"address: .* came, expected http://host:port"):
        hyperplane.connect(address)


def test_a_server_of_something_else_is_told_from_ours(server: Server) -> None:
    with pytest.raises(hyperplane.Unreachable, match=r"answered 40[34], expected a Hyperplane server"):
        hyperplane.connect(f"{server.address}/elsewhere")


@contextmanager
def pretending(*answers: Callable[[ServerConnection], None]) -> Iterator[str]:
    """A server that greets its first connections like this, one after the other; gives its address."""
    left = list(answers)

    def answer(line: ServerConnection) -> None:
        line.recv()
        left.pop(0)(line)

    with serve(answer, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


def test_a_full_server_says_when_to_come_again() -> None:
    def turn_away(line: ServerConnection) -> None:
        line.send(Away(reason="full", retry_after=7).model_dump_json())
        line.close(4013)

    with pretending(turn_away) as address, pytest.raises(hyperplane.NoPlace, match="is full: try again in 7 s") as told:
        hyperplane.connect(address)
    assert told.value.retry_after == 7


def test_a_server_of_another_version_is_named() -> None:
    with (
        pretending(lambda line: line.close(4010, "protocol 3")) as address,
        pytest.raises(hyperplane.Unreachable, match="another version of the protocol"),
    ):
        hyperplane.connect(address)


def greet(line: ServerConnection) -> None:
    line.send(Welcome(token="a", resumed="none", age=0, handled=0, limits={}).model_dump_json())
    line.close()


def test_a_server_that_has_lost_the_session_is_not_taken_for_it() -> None:
    with (
        pretending(greet, greet) as address,
        pytest.raises(hyperplane.Unreachable, match="has lost this session"),
    ):
        hyperplane.connect(address)


def test_patience_with_a_server_that_is_gone_ends() -> None:
    with pretending(greet) as address, pytest.raises(hyperplane.Unreachable, match=r"has not answered for 0\.2 s"):
        hyperplane.connect(address, patience=0.2)


def test_a_message_that_nobody_understands_ends_the_session() -> None:
    with (
        pretending(lambda line: line.send("{}")) as address,
        pytest.raises(hyperplane.Unreachable, match="what this client does not understand"),
    ):
        hyperplane.connect(address)
