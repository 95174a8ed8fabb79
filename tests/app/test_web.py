"""pages.py, server.py: what plain requests get; who may come at all is in test_guard.py."""

import http.client
import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from app.protocol import Change, Rejected, State, Step
from tests.page import page
from tests.servers import Server, figure


def request(server: Server, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.text = response.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return response


def text(response: http.client.HTTPResponse) -> str:
    return str(response.text)  # type: ignore[attr-defined]


def test_the_page_and_its_files_are_served(server: Server) -> None:
    page = request(server, "GET", "/")
    assert page.status == 200
    assert "Hyperplane" in text(page)
    script = request(server, "GET", "/static/main.js")
    assert script.status == 200
    assert "javascript" in (script.getheader("Content-Type") or "")
    again = request(server, "GET", "/static/main.js", **{"If-None-Match": script.getheader("ETag") or ""})
    assert again.status == 304


def test_health_and_readiness_answer_with_json(server: Server) -> None:
    for path in ("/healthz", "/readyz"):
        response = request(server, "GET", path)
        assert response.status == 200
        assert json.loads(text(response))["status"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/static/nothing.js", 404),
        ("GET", "/static/../pyproject.toml", 404),
        ("GET", "/static/..%2f..%2fpyproject.toml", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
        ("GET", "/live", 404),
        ("POST", "/", 405),
        ("DELETE", "/healthz", 405),
    ],
)
def test_bad_requests_get_a_clear_4xx(server: Server, method: str, path: str, status: int) -> None:
    assert request(server, method, path).status == status


def test_browsers_are_told_what_pages_may_do(server: Server) -> None:
    for path in ("/", "/nothing", "/static/main.js"):
        response = request(server, "GET", path)
        policy = response.getheader("Content-Security-Policy") or ""
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.getheader("X-Content-Type-Options") == "nosniff"
        assert response.getheader("Server") is None


def test_metrics_count_what_happens(server: Server) -> None:
    names = ("sessions_connected", "commands_total", "frames_total", "turns_total", "turn_cpu_seconds_total")

    def read() -> dict[str, float]:
        counted = {name: figure(server, f"hyperplane_{name}") for name in names}
        return {**counted, "newcomers": figure(server, "hyperplane_places_total", resumed="none")}

    before = read()
    with page(server, page="a") as (opened, _):
        opened.answer(State, opened.send(Step()))
        during = read()
    assert during["sessions_connected"] >= before["sessions_connected"] + 1
    assert during["commands_total"] == before["commands_total"] + 1
    assert during["frames_total"] > before["frames_total"]
    assert during["turns_total"] > before["turns_total"]
    assert during["newcomers"] == before["newcomers"] + 1
    assert during["turn_cpu_seconds_total"] > 0


def test_metrics_count_what_is_refused(server: Server) -> None:
    def read() -> dict[str, float]:
        codes = ("400", "403", "4400", "4010")
        refusals = {code: figure(server, "hyperplane_refusals_total", code=code) for code in codes}
        return {**refusals, "rejections": figure(server, "hyperplane_rejections_total")}

    before, live = read(), f"ws://127.0.0.1:{server.port}/live"
    assert request(server, "GET", "/", Host="evil.example").status == 400
    with pytest.raises(InvalidStatus):
        connect(live, origin=Origin("http://evil.example"))
    for hello in ({"type": "play", "seq": 1}, {"type": "hello", "protocol": 0, "link": ""}):
        with connect(live) as socket:
            socket.send(json.dumps(hello))
            with pytest.raises(ConnectionClosed):
                socket.recv(timeout=30)
    with page(server, page="a") as (opened, _):
        opened.socket.send('{"type": "nonsense", "seq": 0}')
        opened.send(Change(settings={"learning_rate": -1}))
        for _ in range(2):
            opened.answer(Rejected)
    counted = {name: value - before[name] for name, value in read().items()}
    assert counted == {"400": 1, "403": 1, "4400": 1, "4010": 1, "rejections": 2}
