"""tables.py: a page's table comes and goes over HTTP, bounded, one at a time, from our own pages only."""

import csv
import http.client
import io
import json
from typing import Any
from urllib.parse import quote

import anyio
import httpx2
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from app.config import Config
from app.experiment import Experiment
from app.labs import LABS
from app.labs.plane.table_points import points_of
from app.labs.plane.table_roles import Roles, propose
from app.labs.plane.view import PlaneView
from app.links import write_link
from app.serving import desk
from app.serving.application import Server as State
from app.serving.application import create_app
from app.tables.reading import MAX_BYTES, read_table
from engine.labs.plane.datasets import draw_data, given_data
from engine.labs.plane.own_points import own_points
from engine.labs.plane.settings import Settings
from engine.runs.data import Given
from tests.servers import Server

TABLE = b"w;h;art\r\n1,5;2;a\r\n2,5;3;b\r\n"


def post(server: Server, path: str, body: bytes, **headers: str) -> tuple[int, str, str]:
    """Status, media type and text."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.getheader("Content-Type") or "", text


def test_a_table_is_answered_with_its_points(server: Server) -> None:
    status, kind, text = post(server, "/tables/read", TABLE)
    assert (status, kind) == (200, "application/json")
    answer = json.loads(text)
    assert answer["dialect"] == "semicolons, decimal commas, UTF-8"
    assert answer["learned"]["points"] == [[-5.5, -5.5, 0], [5.5, 5.5, 1]]
    pasted = post(server, "/tables/read", TABLE, **{"Content-Type": "text/plain;charset=UTF-8"})
    assert json.loads(pasted[2])["dialect"] == "semicolons, decimal commas"  # its encoding is nobody's choice
    roles = Roles(x=1, y=0, scaling="none").model_dump_json()
    status, _, text = post(server, f"/tables/read?roles={quote(roles)}", TABLE)
    assert status == 200
    assert json.loads(text)["learned"]["points"] == [[2, 1.5, 0], [3, 2.5, 0]]


@pytest.mark.parametrize(
    ("path", "body", "status", "field", "came"),
    [
        ("read", b"", 422, "table", "nothing"),
        ("read", b"%PDF-1.7", 422, "table", "a PDF"),
        ("read?roles=x", TABLE, 422, "roles", "x"),
        ('read?roles={"x":-1,"y":0}', TABLE, 422, "x", "-1"),
        ("read", b"1" * (MAX_BYTES + 1), 413, "table", "more than 4,194,304 bytes"),
        ("write?form=docx", b"#v=1", 422, "form", "docx"),
        ("write", b"hello", 422, "link", "hello"),
        ("write", b"#v=1&lab=digits", 422, "link", "#v=1&lab=digits"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(
    server: Server, path: str, body: bytes, status: int, field: str, came: str
) -> None:
    found, kind, text = post(server, f"/tables/{quote(path, safe='?=')}", body)
    assert (found, kind) == (status, "application/json")
    refusal = json.loads(text)
    assert (refusal["field"], refusal["came"]) == (field, came)
    assert refusal["expected"]


def test_pages_of_other_sites_get_nothing_read(server: Server) -> None:
    assert post(server, "/tables/read", TABLE, Origin="http://evil.example")[0] == 403
    assert post(server, "/tables/read", TABLE, Host="evil.example")[0] == 400
    assert post(server, "/tables/read", TABLE, Origin=server.address)[0] == 200


def test_only_labs_with_tables_have_these_addresses(server: Server) -> None:
    for lab in LABS.values():
        expected = 200 if lab.tables else 404
        assert post(server, f"{lab.path.rstrip('/')}/tables/read", TABLE)[0] == expected


PLACES = np.array([[1, 2], [3.5, -4], [0.001, 5], [-1, -1], [2, 2]])
OWN = own_points("classes", PLACES, [0, 1, 1, 2, 0])
EXPERIMENTS: dict[str, tuple[str, Settings, Given | None]] = {
    "drawn classes": ("#v=1&dataset=spiral&train_share=30", Settings(dataset="spiral", train_share=30), None),
    "drawn values": ("#v=1&dataset=reg-gauss", Settings(dataset="reg-gauss"), None),
    "four classes": ("#v=1&dataset=gauss&classes=4", Settings(dataset="gauss", classes=4), None),
    "own classes": ("", Settings(dataset="own", classes=3, train_share=60), OWN),
}  # fmt: skip


def link_of(name: str) -> bytes:
    text, settings, given = EXPERIMENTS[name]
    if given is None:
        return text.encode()
    return write_link(Experiment(settings, PlaneView(), given=given)).encode()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_points_of_an_experiment_are_written_with_their_split(server: Server, name: str) -> None:
    _, settings, given = EXPERIMENTS[name]
    data = draw_data(settings) if given is None else given_data(settings, given)
    status, kind, text = post(server, "/tables/write?form=csv", link_of(name))
    assert (status, kind) == (200, "text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    for split, expected in (("train", data.train), ("test", data.test)):
        found = [[float(row["x"]), float(row["y"])] for row in rows if row["split"] == split]
        assert_array_equal(found, expected[:, :2])


@pytest.mark.parametrize("form", ["csv", "json"])
def test_own_points_come_back_as_the_same_experiment(server: Server, form: str) -> None:
    text = post(server, f"/tables/write?form={form}", link_of("own classes"))[2]
    table = read_table(text)
    again = points_of(table, propose(table)).given
    settings = EXPERIMENTS["own classes"][1]
    for name in ("train", "test"):
        assert_array_equal(getattr(given_data(settings, again), name), getattr(given_data(settings, OWN), name))


def test_the_python_file_splits_the_points(server: Server) -> None:
    _, kind, text = post(server, "/tables/write?form=python", link_of("own classes"))
    assert kind.startswith("text/x-python")
    said: dict[str, Any] = {}
    exec(text, said)
    expected = given_data(EXPERIMENTS["own classes"][1], OWN)
    assert_array_equal(said["points"][said["train"]], expected.train[:, :2])
    assert_array_equal(said["labels"][said["test"]], expected.test[:, 2])


def test_more_requests_than_may_be_under_way_are_told_to_come_again() -> None:
    application = create_app(State(Config(no_store=True)))
    statuses: list[int] = []

    async def ask_at_once() -> None:
        transport = httpx2.ASGITransport(application)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:

            async def ask() -> None:
                answer = await client.post("/tables/read", content=TABLE)
                statuses.append(answer.status_code)

            async with anyio.create_task_group() as tasks:
                for _ in range(20):
                    tasks.start_soon(ask)
            statuses.append((await client.post("/tables/read", content=TABLE)).status_code)

    anyio.run(ask_at_once)
    assert sorted(statuses[:-1]) == [200] * desk._MOST + [503] * (20 - desk._MOST)
    assert statuses[-1] == 200
