"""base_path.py: below a path of another site, whether its proxy takes that path away or passes it on."""

import re
import subprocess
from typing import Any

import anyio
import pytest
from pydantic import ValidationError
from starlette.types import Message

from app.config import Config
from app.serving.application import Server as State
from app.serving.application import create_app
from app.serving.guard import Guard
from tests.app.test_guard import ask
from tests.servers import hyperplane

HOST = ("Host", "localhost")
PREFIX = "X-Forwarded-Prefix"


def application(root_path: str = "") -> Guard:
    """The whole of it, without a socket and without threads."""
    state = State(Config(no_store=True, root_path=root_path))
    state.compiled.set()
    app: Guard = create_app(state)
    return app


def get(app: Guard, path: str, *headers: tuple[str, str], method: str = "GET") -> tuple[int, dict[str, str], str]:
    """Status, headers and body."""
    sent: list[Message] = []
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in (HOST, *headers)],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    anyio.run(app, scope, receive, send)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:]).decode(errors="replace")


def script_of(page: str) -> str:
    """Where the page says that its script is, without the version."""
    return re.sub(r"v-[0-9a-f]{12}/", "", page.partition('type="module" src="')[2].partition('"')[0])


# -- nothing is set ----------------------------------------------------------------------------------------------------


def test_a_page_that_knows_no_path_finds_its_files_beside_itself() -> None:
    status, _, page = get(application(), "/")
    assert status == 200
    assert script_of(page) == "static/main.js"
    assert '="/' not in page


def test_nothing_is_served_below_a_path_that_was_not_set() -> None:
    app = application()
    for path in ("/playground", "/playground/", "/playground/healthz", "/playground/static/main.js"):
        assert get(app, path)[0] == 404


# -- HYPERPLANE_ROOT_PATH ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root_path", ["/playground", "/playground/", "/class/of/2026_a.b~c-d"])
@pytest.mark.parametrize("passed_on", [True, False], ids=["whole", "stripped"])
def test_every_route_is_found_whether_the_path_is_passed_on_or_not(root_path: str, passed_on: bool) -> None:
    app, path = application(root_path), root_path.rstrip("/")
    before = path if passed_on else ""
    for place in (f"{before}/", path):  # with and without a slash
        status, _, page = get(app, place)
        assert (status, script_of(page)) == (200, f"{path}/static/main.js")
    for method in ("GET", "HEAD"):
        for name in ("/healthz", "/readyz", "/metrics", "/static/main.js", "/static/fonts/stix-two-math.woff2"):
            assert get(app, before + name, method=method)[0] in {200, 503}, name  # its engine's threads do not run
    assert get(app, f"{before}/nothing")[0] == 404
    assert ask(app, "websocket", f"{before}/live", [HOST, ("Origin", "http://localhost")]) == 101


def test_the_path_ends_with_a_slash_or_the_address() -> None:
    app = application("/play")
    for path in ("/playground", "/playground/healthz", "/play/play/healthz", "/Play/healthz", "/x/play/healthz"):
        assert get(app, path)[0] == 404


def test_who_may_come_does_not_depend_on_the_path() -> None:
    app = application("/playground")
    for kind in ("http", "websocket"):
        assert ask(app, kind, "/playground/live", [("Host", "evil.com")]) == 400
    assert ask(app, "websocket", "/playground/live", [HOST, ("Origin", "http://evil.com")]) == 403


def test_a_slash_too_many_leads_back_below_the_path() -> None:
    for path in ("/playground/healthz/", "/healthz/"):
        status, headers, _ = get(application("/playground"), path)
        assert (status, headers["location"]) == (307, "http://localhost/playground/healthz")


@pytest.mark.parametrize(
    "text",
    [
        "playground",
        "//evil.example",
        "/a//b",
        "/a/../b",
        "/.",
        "/a b",
        '/"><script>',
        "/a?b",
        "/a#b",
        "/%61",
        "/ä",
        "/a\n",
        "http://host/a",
        "/static",
        "/live/",
        "/metrics/a",
        "/" + "a" * 200,
    ],
)
def test_a_path_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="came, expected a path such as /playground"):
        Config(root_path=text)


def test_a_wrong_flag_is_a_line() -> None:
    command = [hyperplane(), "serve", "--root-path", "playground"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert ended.stderr.startswith("Error: root_path: 'playground' came, expected a path such as /playground")
    assert ended.stderr.count("\n") == 1


# -- X-Forwarded-Prefix ------------------------------------------------------------------------------------------------


def test_a_proxy_that_takes_the_path_away_may_name_it() -> None:
    status, headers, page = get(application(), "/", (PREFIX, "/playground"))
    assert (status, script_of(page)) == (200, "/playground/static/main.js")
    assert PREFIX in headers["vary"].split(", ")  # a cache must not give this page to others
    for prefix in ("/playground/", "/a/b"):
        assert script_of(get(application(), "/", (PREFIX, prefix))[2]) == f"{prefix.rstrip('/')}/static/main.js"
    for path, expected in (("/healthz", 200), ("/static/main.js", 200), ("/nothing", 404)):
        assert get(application(), path, (PREFIX, "/playground"))[0] == expected


def test_the_header_never_says_how_an_address_is_read() -> None:
    """Anybody can send it: `location /metrics { deny all; }` of a proxy must not be passed by as /a/metrics."""
    for path in ("/playground/metrics", "/playground/live", "/playground/", "/playground/static/main.js"):
        assert get(application(), path, (PREFIX, "/playground"))[0] == 404
    headers = [HOST, (PREFIX, "/playground")]
    assert ask(application(), "websocket", "/playground/live", headers) == 403
    assert ask(application(), "websocket", "/live", headers) == 101


@pytest.mark.parametrize(
    "prefixes",
    [
        ["//evil.example"],
        ["https://evil.example"],
        ["/\\evil.example"],
        ['/"><script>alert(1)</script>'],
        ["/a'b"],
        ["/a, /b"],
        ["/a;b"],
        ["/../a"],
        ["/a\xe4"],
        ["a"],
        [""],
        ["/"],
        ["/static"],
        ["/" + "a" * 200],
        ["/a", "/a"],
    ],
)
def test_a_header_that_is_no_path_is_as_none(prefixes: list[str]) -> None:
    status, _, page = get(application(), "/", *((PREFIX, prefix) for prefix in prefixes))
    assert (status, script_of(page)) == (200, "static/main.js")


@pytest.mark.parametrize(("root_path", "script"), [("/ours", "/ours/static/main.js"), ("/", "static/main.js")])
def test_what_the_operator_has_set_comes_before_the_header(root_path: str, script: str) -> None:
    assert script_of(get(application(root_path), "/", (PREFIX, "/theirs"))[2]) == script
