"""docs/deployment: shorter files, a password and a page for bad times, with a real nginx before one server."""

import base64
import gzip
import json
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.pages.assets import STATIC
from app.protocol import Welcome
from tests.page import Page
from tests.servers import Server, free_port
from tests.services import ROOT, nginx

PAGE = ROOT / "docs" / "deployment" / "away.html"
CREDENTIALS = {"Authorization": "Basic " + base64.b64encode(b"class:secret").decode()}


def get(address: str, **headers: str) -> tuple[int, Message, bytes]:
    request = Request(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@pytest.fixture(scope="module")
def site(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with nginx(tmp_path_factory.mktemp("nginx"), [server.port, server.port]) as port:
        yield f"127.0.0.1:{port}"


def test_files_are_shorter_and_the_same(site: str) -> None:
    plain = short = 0
    names = [f"static/{path.relative_to(STATIC)}" for path in STATIC.rglob("*") if path.suffix in {".js", ".css"}]
    assert names
    for name in ["", *names]:
        _, _, whole = get(f"http://{site}/{name}")
        _, headers, packed = get(f"http://{site}/{name}", Accept_Encoding="gzip")
        if len(whole) >= 1000:
            assert headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(packed) == whole
        plain, short = plain + len(whole), short + len(packed)
    assert short < plain / 2, (plain, short)


def test_a_short_file_that_has_not_changed_is_not_sent_again(site: str) -> None:
    """nginx makes the tag of what it has packed a weak one."""
    _, headers, _ = get(f"http://{site}/static/main.js", Accept_Encoding="gzip")
    again, _, body = get(f"http://{site}/static/main.js", Accept_Encoding="gzip", If_None_Match=headers["ETag"])
    assert (again, body) == (304, b"")


@pytest.fixture(scope="module")
def guarded(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """With the lines of the docs."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "passwords").write_text("class:{PLAIN}secret\n")
    found = re.search(r"```nginx\n(\s*auth_basic .*?)```", (ROOT / "docs" / "deployment.md").read_text(), re.DOTALL)
    assert found
    lines = found[1].replace("/etc/nginx/hyperplane.htpasswd", str(folder / "passwords"))
    with nginx(folder, [server.port, server.port], more=lines) as port:
        yield f"127.0.0.1:{port}"


def test_a_password_guards_the_page_and_its_websocket(guarded: str) -> None:
    assert get(f"http://{guarded}/")[0] == 401
    assert get(f"http://{guarded}/", **CREDENTIALS)[0] == 200
    live = f"ws://{guarded}/live?tab=a"
    with pytest.raises(InvalidStatus) as refused:
        connect(live)
    assert refused.value.response.status_code == 401
    with connect(live, additional_headers=CREDENTIALS) as socket:
        opened = Page(socket)
        opened.greet()
        assert isinstance(opened.receive(), Welcome)


def test_who_comes_while_no_server_answers_gets_a_page_that_tries_again(tmp_path: Path) -> None:
    with nginx(tmp_path, [free_port(), free_port()]) as port:
        for path in ("", "static/main.js"):
            status, headers, body = get(f"http://127.0.0.1:{port}/{path}")
            assert (status, body) == (502, PAGE.read_bytes())
            assert headers["Content-Type"].startswith("text/html")
            assert (headers["Cache-Control"], headers["Retry-After"]) == ("no-store", "5")
        assert get(f"http://127.0.0.1:{port}/away.html")[0] == 404  # it is no address of its own


def test_the_page_for_bad_times_needs_nothing_from_elsewhere() -> None:
    text = PAGE.read_text()
    assert '<meta http-equiv="refresh" content="5">' in text
    assert not re.findall(r"//|src=|href=|url\(|@import|<script", text.replace("<!doctype html>", ""))


def test_figures_are_not_for_the_public(site: str) -> None:
    assert get(f"http://{site}/metrics")[0] == 403


def test_what_a_server_says_itself_is_passed_on(site: str) -> None:
    """/healthz, and refusals; nginx shows its page for its own errors alone."""
    assert json.loads(get(f"http://{site}/healthz")[2]) == {"status": "alive"}
    status, _, body = get(f"http://{site}/", Host="evil.example")
    assert (status, body[:5]) == (400, b"Host:")
