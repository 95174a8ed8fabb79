"""guard.py: which Host and Origin may come, over every route there is."""

import json
import os
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import anyio
import pytest
from starlette.routing import Mount
from starlette.types import Message
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.config import Config
from app.serving.application import Server as State
from app.serving.application import create_app
from app.serving.guard import Guard
from tests.app.test_web import request
from tests.servers import Server, free_port, hyperplane, serving

Headers = Sequence[tuple[str, str]]
KINDS = ["http", "websocket"]


@pytest.fixture(scope="module")
def app() -> Guard:
    """The whole application, without a socket and without threads."""
    state = State(Config(no_store=True, allowed_hosts=["localhost", "127.0.0.1", "[::1]", "Play.Example.org"]))
    state.compiled.set()
    app: Guard = create_app(state)
    return app


def ask(app: Guard, kind: str, path: str, headers: Headers) -> int:
    """The status of the answer; 101 for a socket that is opened."""
    came: list[Message] = [
        {"type": "http.request", "body": b"", "more_body": False} if kind == "http" else {"type": "websocket.connect"},
    ]
    sent: list[Message] = []
    scope = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "http" if kind == "http" else "ws",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}},
        "state": {},
    }

    async def receive() -> Message:
        return came.pop(0) if came else {"type": f"{kind}.disconnect", "code": 1001}

    async def send(message: Message) -> None:
        sent.append(message)

    anyio.run(app, scope, receive, send)
    first = sent[0]
    if first["type"] == "websocket.accept":
        return 101
    return 403 if first["type"] == "websocket.close" else int(first["status"])


GOOD_HOSTS = [
    "localhost",
    "localhost:8000",
    "LOCALHOST:8000",
    "LocalHost",
    "localhost.",
    "localhost.:8000",
    "localhost:0",
    "localhost:65535",
    "127.0.0.1:8000",
    "127.0.0.1",
    "[::1]",
    "[::1]:8000",
    "[0:0:0:0:0:0:0:1]:8000",
    "play.example.org",
    "PLAY.EXAMPLE.ORG:443",
    "192.168.1.7:8000",
    "[fe80::1]:8000",
]
BAD_HOSTS = [
    "",
    " ",
    "evil.com",
    "evil.com:8000",
    "localhost.evil.com",
    "evil-localhost",
    "evillocalhost",
    "localhost-evil",
    "evil.localhost",
    "localhost..",
    ".localhost",
    "example.org",
    "xplay.example.org",
    "127.0.0.1.evil.com",
    "127.0.0.1.nip.io",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "::1",
    "::1:8000",
    "[::1",
    "::1]",
    "[::1]evil.com",
    "[::1].evil.com",
    "[evil.com]",
    "[localhost]",
    "[fe80::1%25eth0]",
    "a@localhost",
    "evil.com@localhost",
    "localhost@evil.com",
    "localhost:8000@evil.com",
    "localhost:",
    "localhost:65536",
    "localhost:99999999999999999999",
    "localhost:-1",
    "localhost:+80",
    "localhost:8_0",
    "localhost:nonsense",
    "localhost:80:80",
    "localhost/evil.com",
    "localhost\\evil.com",
    "localhost?evil.com",
    "localhost#evil.com",
    "localhost%00",
    "localhost%2eevil.com",
    "localhost, evil.com",
    "localhost evil.com",
    "localhost\tevil.com",
    "http://localhost",
    "lócalhost",
    "löcalhost.de",
    "xn--lcalhost-n4a",
    "null",
    "*",
    "localhost\x00",
    "localhost\xb9",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_hosts_that_are_listed_or_addresses_are_answered(app: Guard, kind: str, host: str) -> None:
    path, status = ("/healthz", 200) if kind == "http" else ("/live", 101)
    assert ask(app, kind, path, [("Host", host)]) == status


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("host", BAD_HOSTS)
def test_other_hosts_are_not(app: Guard, kind: str, host: str) -> None:
    assert ask(app, kind, "/healthz" if kind == "http" else "/live", [("Host", host)]) == 400


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Host", "localhost"), ("Host", "evil.com")],
        [("Host", "evil.com"), ("Host", "localhost")],
        [("Host", "localhost"), ("Host", "localhost")],
        [("X-Forwarded-Host", "localhost")],
        [("Host", "evil.com"), ("X-Forwarded-Host", "localhost")],
        [("Host", "evil.com"), ("Forwarded", "host=localhost")],
        [("Host", "evil.com"), ("X-Host", "localhost"), ("X-Original-Host", "localhost")],
    ],
    ids=str,
)
def test_there_is_one_host_and_no_other_header_stands_for_it(app: Guard, kind: str, headers: Headers) -> None:
    assert ask(app, kind, "/healthz" if kind == "http" else "/live", headers) == 400


def test_a_forwarded_host_takes_nothing_away_either(app: Guard) -> None:
    headers = [("Host", "localhost"), ("X-Forwarded-Host", "evil.com"), ("Forwarded", "host=evil.com")]
    assert ask(app, "http", "/healthz", headers) == 200
    assert ask(app, "websocket", "/live", headers) == 101


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://localhost:8000"),
        ("localhost:8000", "https://localhost:8000"),
        ("LOCALHOST:8000", "http://localhost:8000"),
        ("localhost:8000", "HTTP://LOCALHOST:8000"),
        ("localhost.:8000", "http://localhost.:8000"),
        ("localhost", "http://localhost"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("play.example.org", "https://play.example.org"),
        ("192.168.1.7:8000", "http://192.168.1.7:8000"),
    ],
)
def test_a_page_of_this_server_may_open_a_socket(app: Guard, host: str, origin: str) -> None:
    assert ask(app, "websocket", "/live", [("Host", host), ("Origin", origin)]) == 101


BAD_ORIGINS = [
    "",
    " ",
    "null",
    "*",
    "http://evil.com",
    "http://evil.com:8000",
    "http://localhost.evil.com:8000",
    "http://evil-localhost:8000",
    "http://sub.localhost:8000",
    "http://localhost",
    "http://localhost:80",
    "http://localhost:8001",
    "http://localhost:80000",
    "http://localhost:8000.evil.com",
    "http://localhost.:8000",
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
    "http://::1:8000",
    "http://a@localhost:8000",
    "http://localhost:8000@evil.com",
    "http://localhost:8000/",
    "http://localhost:8000/page",
    "http://localhost:8000#",
    "http://localhost:8000 http://evil.com",
    "http://evil.com, http://localhost:8000",
    "localhost:8000",
    "//localhost:8000",
    "ws://localhost:8000",
    "file://",
    "file://localhost:8000",
    "chrome-extension://localhost:8000",
    "javascript:localhost:8000",
    "http:localhost:8000",
    "http://lócalhost:8000",
    "http://xn--lcalhost-n4a:8000",
    "http://localhost:8000\xa0",
]


@pytest.mark.parametrize("origin", BAD_ORIGINS)
def test_no_other_page_may(app: Guard, origin: str) -> None:
    assert ask(app, "websocket", "/live", [("Host", "localhost:8000"), ("Origin", origin)]) == 403


@pytest.mark.parametrize("origins", [("http://localhost", "http://evil.com"), ("http://localhost",) * 2], ids=str)
def test_several_origins_are_none(app: Guard, origins: Sequence[str]) -> None:
    assert ask(app, "websocket", "/live", [("Host", "localhost"), *(("Origin", origin) for origin in origins)]) == 403


def test_a_program_without_an_origin_may_open_a_socket(app: Guard) -> None:
    """What no page is, no foreign page can misuse; browsers always send one."""
    assert ask(app, "websocket", "/live", [("Host", "localhost")]) == 101


# -- every route, so that a new one is covered by itself --------------------------------------------------------------


def paths(routes: Sequence[Any], before: str = "") -> Iterator[str]:
    """Of all routes, mounted ones with a file below them, and one that is none."""
    for route in routes:
        inner = getattr(route, "original_router", None)  # FastAPI's for include_router
        if inner is not None:
            yield from paths(inner.routes, before)
        elif isinstance(route, Mount):
            yield f"{before}{route.path}/main.js"
            yield from paths(route.routes, before + route.path)
        else:
            yield before + route.path


def test_no_route_answers_a_foreign_host_or_opens_a_socket_for_a_foreign_page(app: Guard) -> None:
    found = {*paths(app.app.routes), "/none"}  # type: ignore[attr-defined]
    assert found >= {"/", "/healthz", "/readyz", "/metrics", "/live", "/static/main.js"}
    for path in found:
        for kind in KINDS:
            assert ask(app, kind, path, [("Host", "evil.com")]) == 400, f"{kind} {path}"
        foreign = [("Host", "localhost"), ("Origin", "http://evil.com")]
        assert ask(app, "websocket", path, foreign) == 403, path


# -- through a real socket ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:{port}", 200),
        ("LOCALHOST", 200),
        ("evil.com", 400),
        ("localhost.evil.com", 400),
        ("localhost:nonsense", 400),
        ("", 400),
    ],
)
def test_only_known_hosts_are_answered(server: Server, host: str, status: int) -> None:
    assert request(server, "GET", "/", Host=host.format(port=server.port)).status == status


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("http://127.0.0.1:{port}", True),
        ("http://127.0.0.1:1", False),
        ("http://localhost:{port}", False),
        ("http://127.0.0.1:{port}.evil.com", False),
        ("null", False),
        ("", False),
    ],
)
def test_only_pages_of_this_server_may_open_a_socket(server: Server, origin: str | None, allowed: bool) -> None:
    headers = {} if origin is None else {"Origin": origin.format(port=server.port)}
    address = f"ws://127.0.0.1:{server.port}/live"
    if allowed:
        with connect(address, additional_headers=headers):
            pass
        return
    with pytest.raises(InvalidStatus) as refused, connect(address, additional_headers=headers):
        pass
    assert refused.value.response.status_code == 403
    assert refused.value.response.headers["X-Content-Type-Options"] == "nosniff"


# -- what the operator hears of it -------------------------------------------------------------------------------------


def test_a_refused_websocket_is_no_error_of_the_server(tmp_path: Path) -> None:
    """Any page of the web can have browsers try: a line a minute says how often, and only where one listens."""
    port = free_port()
    environment = {**os.environ, "HYPERPLANE_LOG_LEVEL": "info", "HYPERPLANE_LOG_FORMAT": "json"}
    environment |= {"HYPERPLANE_WORKERS": "1", "HYPERPLANE_STORE": str(tmp_path / "sessions.sqlite3")}
    with serving([hyperplane(), "serve", "--port", str(port)], port, environment) as server:
        for number in range(5):
            with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
                line.sendall(
                    f"GET /live?tab={number} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://evil.example\r\n"
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
                )
                assert line.recv(4096).startswith(b"HTTP/1.1 403 ")
                while line.recv(4096):
                    pass
        lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert [line["event"] for line in lines if line["level"] in {"error", "warning"}] == []
    refusals = [line for line in lines if line["event"] == "requests were refused"]
    assert [(line["level"], line["count"]) for line in refusals] == [("info", 1)]
    assert "evil.example" in refusals[0]["most_often"]


def test_load_balancers_may_ask_for_the_head_alone(server: Server) -> None:
    for path in ("/", "/healthz", "/readyz", "/metrics", "/static/main.js"):
        with urlopen(Request(f"{server.address}{path}", method="HEAD"), timeout=20) as answer:
            assert (answer.status, answer.read()) == (200, b"")


@pytest.mark.parametrize(("size", "status"), [(60, b"200"), (70, b"431")])
def test_a_head_of_more_than_64_kib_is_refused(server: Server, size: int, status: bytes) -> None:
    headers = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 1016) for number in range(size))
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n")
        assert line.recv(4096).split()[1] == status
