"""logs.py: what an operator reads, and what nobody may read there."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from app.protocol import Change, Rejected
from app.storage.store import key_of
from tests.page import page
from tests.servers import Server, free_port, hyperplane, serving

SECRET = "kept-to-themselves"


def lines_of(server: Server, about: str) -> list[dict[str, Any]]:
    """Every line of the log, as soon as one of them is about this."""
    deadline = time.monotonic() + 20
    while about not in (text := server.log.read_text()):
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("level", ["debug", "info"])
def test_the_log_names_sessions_and_events_and_tells_no_secrets(tmp_path: Path, level: str) -> None:
    port = free_port()
    environment = {**os.environ, "HYPERPLANE_LOG_FORMAT": "json", "HYPERPLANE_LOG_LEVEL": level}
    environment["HYPERPLANE_STORE"] = str(tmp_path / "sessions.sqlite3")
    with serving([hyperplane(), "serve", "--port", str(port)], port, environment) as server:
        with page(server, page=SECRET, link=f"#v=1&seed={SECRET}", token=f"old-{SECRET}") as (opened, welcome):
            opened.send(Change(settings={"seed": SECRET}))
            opened.socket.send(json.dumps({"type": SECRET, "seq": 2}))
            opened.socket.send(SECRET)
            opened.answer(Rejected)
        lines = lines_of(server, "a page left")
        text = server.log.read_text()
    came = next(line for line in lines if line["event"] == "a page came")
    assert came["worker"] in {0, 1}
    assert (came["session"], came["resumed"], came["level"]) == (key_of(welcome.token)[:8], "none", "info")
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    assert SECRET not in text
    assert welcome.token not in text


def test_without_being_asked_the_server_tells_only_what_is_wrong(server: Server) -> None:
    with page(server):
        pass
    assert "a page came" not in server.log.read_text()
