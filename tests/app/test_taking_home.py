"""session.py, parcel.py, serving/exports.py: an experiment leaves as a file, changes its form, and comes back."""

import http.client
import json
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from app.client import TakenHome, parts_of, read_binary
from app.exports import moments
from app.labs.plane.edits import AddNeuron
from app.links import read_link
from app.protocol import OpenMoment, Part, Play, Rejected, State, Step, TakeHome
from app.sessions.parcel import MOST_BYTES
from app.sessions.seat import Seat
from app.sessions.session import Session
from engine.labs.plane.given import give_classes
from tests.page import Page, page
from tests.servers import Server

LINK = "#v=1&hidden=3,2&method=adam&show_test=true"
POINTS = give_classes([[0, 1], [2, 3], [-1, 2], [4, 4]], [0, 1, 2, 1], names=["a", "b", "c"])


def session(link: str = LINK) -> Session:
    return Session(read_link(link), lambda: 1.0)


def answers(held: Session) -> list[Any]:
    said = [each for each in held.outbox if not isinstance(each, bytes) or read_binary(each).__class__ is TakenHome]
    held.outbox.clear()
    return said


def taken(held: Session) -> bytes:
    held.outbox.clear()
    held.has_file = False
    held.receive(TakeHome(seq=held.handled + 1))
    file, state = answers(held)
    assert isinstance(state, State)
    assert state.seq == held.handled
    return file  # type: ignore[no-any-return]


def bring(held: Session, file: bytes) -> Any:
    for part in parts_of(file):
        held.receive(Part(part))
    held.receive(OpenMoment(seq=held.handled + 1, bytes=len(file)))
    return answers(held)[-1]


def trained() -> Session:
    held = session()
    held.trainer.learn(POINTS)
    for seq in range(1, 4):
        held.receive(Step(seq=seq))
    held.outbox.clear()
    return held


# -- the session -------------------------------------------------------------------------------------------------------


def test_what_is_taken_home_opens_in_another_session_and_goes_on() -> None:
    one, other = trained(), session("#v=1&dataset=spiral&hidden=8")
    run = other.run
    file = taken(one)
    state = bring(other, file)
    assert state.run == run + 1
    assert state.settings == {**state.settings, "dataset": "own", "classes": 3, "hidden": (3, 2), "method": "adam"}
    assert (state.view["show_test"], state.playing, state.facts["own"]["classes"]) == (True, False, ("a", "b", "c"))
    assert taken(other) == file
    for held in (one, other):
        held.receive(Step(seq=held.handled + 1))
    assert_array_equal(other.trainer.parameters, one.trainer.parameters)
    assert other.trainer.epoch == 4


def test_taking_home_changes_nothing_and_opening_pauses() -> None:
    held = trained()
    held.receive(Play(seq=held.handled + 1))
    before, run = held.trainer.moment(), held.run
    file = taken(held)
    assert (held.playing, held.run, held.trainer.moment().place) == (True, run, before.place)
    bring(held, file)
    assert not held.playing


def test_a_long_file_comes_in_parts() -> None:
    one, other = session("#v=1&hidden=128,128"), session()
    file = taken(one)
    assert len(parts_of(file)) > 1
    bring(other, file)
    assert_array_equal(other.trainer.parameters, one.trainer.parameters)


@pytest.mark.parametrize("loss", ["first", "last", "all", "attach"])
def test_a_file_that_has_lost_a_part_is_refused_and_comes_again(loss: str) -> None:
    one, other = session("#v=1&hidden=128,128"), session()
    file, before = taken(one), other.trainer.parameters
    parts = parts_of(file)
    came = {"first": parts[1:], "last": parts[:-1], "all": [], "attach": parts}[loss]
    for part in came:
        other.receive(Part(part))
    if loss == "attach":  # a new connection knows nothing of the one before
        other.attach()
    other.receive(OpenMoment(seq=1, bytes=len(file)))
    rejected = answers(other)[-1]
    assert isinstance(rejected, Rejected)
    assert (rejected.field, "again" in rejected.expected) == ("file", True)
    assert_array_equal(other.trainer.parameters, before)
    assert isinstance(bring(other, file), State)


def test_more_than_a_file_may_have_is_dropped() -> None:
    held = session()
    for _ in range(3):
        held.receive(Part(bytes(MOST_BYTES // 2)))
    assert len(held._experiment.parcel._came) == 0
    held.receive(OpenMoment(seq=1, bytes=MOST_BYTES))
    assert isinstance(answers(held)[-1], Rejected)
    assert isinstance(bring(held, taken(trained())), State)


def test_a_server_keeps_no_more_of_a_file_than_its_networks_need() -> None:
    limit = 5_000
    held = Session(read_link(LINK), lambda: 1.0, parameter_limit=limit)
    most = held._experiment.parcel.most
    assert most < MOST_BYTES
    largest = session("#v=1&hidden=60,60&method=adam&regularization=L1&regularization_rate=1&learning_rate=0.1")
    assert limit * 0.7 < largest.trainer.settings.parameter_count <= limit
    largest.trainer.train(2_000)  # L1 has fixed some weights, so that all arrays are written in full
    file = taken(largest)
    assert len(file) < most
    assert isinstance(bring(held, file), State)


def test_a_page_that_does_not_read_gets_one_file() -> None:
    """`Seat` holds answers until they are taken: a thousand files would be gigabytes."""
    seat = Seat(session())
    seat.connect(lambda: None)
    for seq in range(1, 6):
        seat.post(TakeHome(seq=seq))
    for _ in range(3):
        seat.take_turn()
    files = [each for each in seat.take() if isinstance(each, bytes) and isinstance(read_binary(each), TakenHome)]
    assert len(files) == 1
    seat.post(TakeHome(seq=6))
    seat.take_turn()
    assert any(isinstance(each, bytes) and isinstance(read_binary(each), TakenHome) for each in seat.take())


def test_a_wrong_file_is_refused_and_the_experiment_stays() -> None:
    held = trained()
    before, file = held.trainer, taken(held)
    for wrong in (b"1;2;3\n", file[:-4], file.replace(rb"\"lab\":\"plane\"", rb"\"lab\":\"plant\"")):
        rejected = bring(held, wrong)
        assert isinstance(rejected, Rejected)
    assert held.trainer is before


def test_an_experiment_in_float64_stays_with_the_command_line() -> None:
    opened = read_link(LINK)
    run = opened.lab.engine.begin(opened.experiment.settings, dtype=np.float64)
    file = moments.write_safetensors(moments.freeze(run, opened.experiment.view, LINK))
    rejected = bring(session(), file)
    assert isinstance(rejected, Rejected)
    assert "float64" in rejected.came


def test_a_session_that_has_failed_opens_a_file_and_goes_on() -> None:
    held, file = session(), taken(trained())
    held.fail()
    held.receive(TakeHome(seq=held.handled + 1))
    assert isinstance(answers(held)[-1], Rejected)
    state = bring(held, file)
    assert not state.failed
    held.receive(Step(seq=held.handled + 1))
    assert held.trainer.epoch == 4


def test_a_lab_without_exports_says_so() -> None:
    held = Session(read_link("#lab=descent&v=1"), lambda: 1.0)
    held.receive(TakeHome(seq=1))
    [rejected] = answers(held)
    assert rejected.field == "lab"
    assert isinstance(bring(held, taken(trained())), Rejected)


def test_a_network_beyond_the_servers_limit_is_refused() -> None:
    held = Session(read_link(LINK), lambda: 1.0, parameter_limit=1_000)
    rejected = bring(held, taken(session("#v=1&hidden=128,128")))
    assert isinstance(rejected, Rejected)
    assert "1,000" in rejected.expected


# -- the socket and the desk -------------------------------------------------------------------------------------------


def send_file(opened: Page, file: bytes) -> int:
    for part in parts_of(file):
        opened.socket.send(part)
    return opened.send(OpenMoment(bytes=len(file)))


def post(server: Server, path: str, body: bytes) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", path, body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.getheader("Content-Type") or "", content


def test_a_page_takes_home_changes_the_form_and_opens_it_again(server: Server) -> None:
    with page(server, link=LINK) as (opened, _):
        opened.answer(State, opened.send(Step()))
        opened.send(TakeHome())
        file = opened.answer(TakenHome).file
        status, kind, text = post(server, "/exports/json", file)
        assert (status, kind) == (200, "application/json")
        assert json.loads(text)["place"]["epoch"] == 1
        opened.answer(State, opened.send(AddNeuron(layer=1)))
        status, _, again = post(server, "/exports/safetensors", text)
        assert (status, again) == (200, file)
        state = opened.answer(State, send_file(opened, again))
        assert state.settings["hidden"] == [3, 2]
        assert opened.frame(state.seq).epoch == 1


@pytest.mark.parametrize(
    ("path", "file", "status", "field"),
    [
        ("json", b"nothing", 422, "file"),
        ("dough", None, 422, "form"),
        ("svg?theme=pink", None, 422, "theme"),
        ("svg?size=1", None, 422, "size"),
        ("png?of=9-9", None, 422, "of"),
        ("png?of=../..", None, 422, "of"),
        ("json", bytes(moments.MOST_BYTES + 1), 413, "file"),
    ],
)
def test_what_cannot_be_written_is_said_by_name(
    server: Server, path: str, file: bytes | None, status: int, field: str
) -> None:
    came, kind, body = post(server, f"/exports/{path}", taken(session()) if file is None else file)
    assert (came, kind) == (status, "application/json")
    refusal = json.loads(body)
    assert refusal["field"] == field
    assert refusal["came"]
    assert refusal["expected"]


@pytest.mark.parametrize(
    ("form", "choices", "begins"),
    [("svg", {"theme": "dark"}, b"<svg "), ("tikz", {}, rb"\documentclass"), ("png", {"scale": "2"}, b"\x89PNG")],
)
def test_pictures_come_over_http(server: Server, form: str, choices: dict[str, str], begins: bytes) -> None:
    status, _, body = post(server, f"/exports/{form}?{urlencode(choices)}", taken(session()))
    assert status == 200
    assert body.startswith(begins)


def test_a_foreign_page_cannot_ask(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", "/exports/json", b"", {"Origin": "http://elsewhere.example"})
    assert connection.getresponse().status == 403
    connection.close()
