"""docs/privacy.md: what is kept, and what is not."""

import hashlib
import os
import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from socket import create_connection
from urllib.request import urlopen

from websockets.sync.client import connect

from app.config import Config
from app.pages.assets import STATIC
from app.protocol import State, Step, Welcome
from tests.page import Page
from tests.servers import Server, free_port, hyperplane, serving, sessions
from tests.waiting import wait_for

DOCS = Path(__file__).parents[2] / "docs"
TAB, VISITOR, PROXY = "the-name-of-a-tab", "203.0.113.7", "127.0.0.9"


def visit(server: Server, seed: str = "secretseed") -> str:
    """Come, train a step and leave; returns the token."""
    headers = {"X-Forwarded-For": VISITOR}
    line = create_connection(("127.0.0.1", server.port), source_address=(PROXY, 0))
    with connect(f"ws://127.0.0.1:{server.port}/live?tab={TAB}", sock=line, additional_headers=headers) as socket:
        opened = Page(socket, page="a page", link=f"#v=1&seed={seed}")
        opened.greet()
        token = opened.answer(Welcome).token
        opened.answer(State, opened.send(Step()))
        return token


def test_the_page_keeps_what_it_keeps_in_its_own_tab() -> None:
    """One module, and the names that the docs explain."""
    texts = {path.name: path.read_text() for path in STATIC.glob("**/*.js")}
    assert [name for name, text in texts.items() if "sessionStorage" in text] == ["storage.js"]
    assert not [name for name, text in texts.items() if re.search("localStorage|indexedDB|cookie|caches", text)]
    others = "".join(text for name, text in texts.items() if name != "storage.js")
    assert set(re.findall(r"(?<!#)\bremember\((\w+)", others)) == {"TOKEN", "TAB", "WRITTEN", "OPEN"}


def test_a_store_has_hashes_of_tokens_and_a_log_has_neither_address_nor_token(tmp_path: Path) -> None:
    """At the level that tells most, and with an address that a trusted proxy names."""
    port, store = free_port(), tmp_path / "sessions.sqlite3"
    settings = {"STORE": str(store), "LOG_LEVEL": "debug", "TRUSTED_PROXIES": PROXY, "PAUSE_SECONDS": "0"}
    environment = {**os.environ, **{f"HYPERPLANE_{name}": value for name, value in settings.items()}}
    with serving([hyperplane(), "serve", "--port", str(port)], port, environment) as server:
        token = visit(server)
        with urlopen(f"{server.address}/", timeout=20) as answer:
            assert not answer.headers.get_all("Set-Cookie")
        server.process.terminate()
        server.process.wait(60)
        said = server.log.read_text()
    key = hashlib.sha256(token.encode()).hexdigest()
    assert key[:8] in said
    assert not [secret for secret in (token, key, TAB, VISITOR, PROXY, "secretseed") if secret in said]
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    with closing(sqlite3.connect(store)) as database:
        assert database.execute("SELECT count(*) FROM checkpoints WHERE key = ?", (key,)).fetchone() == (1,)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [secret for secret in (token, TAB, VISITOR, PROXY) if secret.encode() in kept]


def test_without_a_store_nothing_is_written(tmp_path: Path) -> None:
    port = free_port()
    brief = {"HYPERPLANE_PAUSE_SECONDS": "0", "HYPERPLANE_KEEP_SECONDS": "0", "XDG_DATA_HOME": str(tmp_path)}
    environment = {**os.environ, **brief, "HYPERPLANE_STORE": ""}
    with serving([hyperplane(), "serve", "--port", str(port), "--no-store"], port, environment) as server:
        visit(server)
        wait_for("it has left memory", lambda: sessions(server) == 0)
    assert list(tmp_path.rglob("*")) == []


def test_the_times_in_the_docs_are_the_defaults() -> None:
    text = (DOCS / "privacy.md").read_text()
    defaults = [Config.model_fields[name].default for name in ("store_hours", "keep_seconds")]
    assert defaults == [24, 120]
    assert "`HYPERPLANE_STORE_HOURS` (a day)" in text
    assert "`HYPERPLANE_KEEP_SECONDS` (two minutes)" in text
    named = {name.lower() for name in re.findall(r"HYPERPLANE_([A-Z_]+)", text)}
    assert named <= set(Config.model_fields)
