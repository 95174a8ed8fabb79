"""serving/films.py: a film over HTTP, with how far it is; whoever leaves stops it."""

import http.client
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest

from app.client import TakenHome
from app.exports import moments
from app.protocol import State, Step, TakeHome
from app.serving.exports import _FILMS
from app.serving.films import PROGRESS_TYPE
from tests.app.exports.test_films import frozen, made, trained
from tests.page import page
from tests.servers import Server
from tests.waiting import wait_for

SHORT = {"size": "160", "seconds": "2", "fps": "10", "show": "boundary"}
LONG = {"size": "960", "seconds": "20", "fps": "50"}  # minutes of work


@contextmanager
def asked(
    server: Server, body: bytes, choices: dict[str, str], form: str = "gif", *, tells: bool = True
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.request(
        "POST", f"/exports/{form}?{urlencode(choices)}", body, {"Accept": PROGRESS_TYPE} if tells else {}
    )
    try:
        yield connection.getresponse()
    finally:
        if connection.sock:
            connection.sock.shutdown(socket.SHUT_RDWR)
        connection.close()


def taken_home(*, epochs: int = 40) -> bytes:
    return moments.write_safetensors(frozen(trained(epochs)))


def test_lines_tell_how_far_a_film_is_and_then_it_comes(server: Server) -> None:
    body = taken_home()
    with asked(server, body, SHORT) as answer:
        assert (answer.status, answer.getheader("Content-Type")) == (200, PROGRESS_TYPE)
        said: list[dict[str, Any]] = []
        while not said or "film" not in said[-1]:
            said.append(json.loads(answer.readline()))
        shares = [each["share"] for each in said[:-1]]
        assert shares == sorted(shares)
        assert said[-1]["type"] == "image/gif"
        film = answer.read()
    assert len(film) == said[-1]["film"]
    assert film == made(moments.read(body))  # what the command line makes
    with asked(server, body, SHORT, tells=False) as answer:
        assert (answer.status, answer.getheader("Content-Type")) == (200, "image/gif")
        assert answer.read() == film


def test_a_session_gives_what_a_film_needs(server: Server) -> None:
    with page(server, link="#v=1&hidden=3") as (opened, _):
        for _ in range(5):
            opened.answer(State, opened.send(Step()))
        opened.send(TakeHome(timeline=True))
        file = opened.answer(TakenHome).file
        opened.send(TakeHome())
        plain = opened.answer(TakenHome).file
    assert [moment.place.epoch for moment, _ in moments.read(file).timeline] == [0, 1, 2, 3, 4, 5]
    assert not moments.read(plain).timeline
    with asked(server, file, SHORT, tells=False) as answer:
        assert answer.read().startswith(b"GIF89a")


@pytest.mark.parametrize("tells", [True, False])
def test_what_is_wrong_is_said_before_anything_is_made(server: Server, tells: bool) -> None:
    for body, choices, field in (
        (taken_home(), {"seconds": "61"}, "seconds"),
        (taken_home(epochs=0), {}, "film"),
        (b"nothing", {}, "file"),
    ):
        with asked(server, body, choices, tells=tells) as answer:
            assert answer.status == 422
            assert json.loads(answer.read())["field"] == field


def test_what_is_found_on_the_way_is_said_there(server: Server) -> None:
    said = json.loads(moments.write_json(frozen(trained(20))))
    said["timeline"]["moments"][0]["tensors"].pop("parameters")
    body = json.dumps(said).encode()
    with asked(server, body, SHORT, tells=False) as answer:
        assert answer.status == 422
        assert json.loads(answer.read())["field"] == "timeline"
    with asked(server, body, SHORT) as answer:
        assert json.loads(answer.read().splitlines()[-1])["field"] == "timeline"


def test_films_are_few_at_once_and_those_who_leave_make_room(server: Server) -> None:
    body, begun = taken_home(), 0
    with ExitStack() as stack:
        for _ in range(1 + _FILMS * (os.cpu_count() or 1)):  # of each worker
            answer = stack.enter_context(asked(server, body, LONG))
            if answer.status != 200:
                break
            begun += "share" in json.loads(answer.readline())
        assert (answer.status, answer.getheader("Retry-After")) == (503, "2")
        assert json.loads(answer.read())["field"] == "films"
        assert begun >= _FILMS

    def comes() -> bool:
        with asked(server, body, SHORT, tells=False) as answer:
            return answer.status == 200 and answer.read().startswith(b"GIF89a")

    wait_for("room for a film", comes)
