"""hangup.py: SIGHUP ends a server whose terminal was closed, in good order, and no other."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.protocol import Away, Step
from app.terminal.load.process import children
from tests.app.test_resume import serving_here
from tests.page import page
from tests.servers import Server, free_port, hyperplane, serving

# A session of its own has no terminal; the first that its leader opens becomes its own.
BEGIN = "import os, sys; os.setsid(); sys.argv[1] and os.open(sys.argv[1], 2); os.execv(sys.argv[2], sys.argv[2:])"


@contextmanager
def serving_at(terminal: str, folder: Path, workers: int) -> Iterator[Server]:
    """A server with this terminal, or with none."""
    port = free_port()
    command = [sys.executable, "-c", BEGIN, terminal, hyperplane(), "serve", "--port", str(port)]
    settings = {
        **os.environ,
        "HYPERPLANE_STORE": str(folder / "sessions.sqlite3"),
        "HYPERPLANE_WORKERS": str(workers),
    }
    with serving(command, port, settings) as server:
        yield server


@pytest.mark.parametrize("workers", [1, 2])
def test_a_service_goes_on_and_its_log_says_why(workers: int, tmp_path: Path) -> None:
    with serving_at("", tmp_path, workers) as server, page(server, page="a") as (opened, _):
        for pid in (server.process.pid, *children(server.process.pid)):
            os.kill(pid, signal.SIGHUP)
        opened.frame(opened.send(Step()))
        assert server.process.poll() is None
        assert server.log.read_text().count("SIGHUP changes nothing") == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_whose_terminal_is_closed_saves_all_and_ends(workers: int, tmp_path: Path) -> None:
    screen, keyboard = os.openpty()
    with (
        serving_at(os.ttyname(keyboard), tmp_path, workers) as server,
        page(server, page="a", link="#v=1&hidden=3") as (opened, welcome),
    ):
        for _ in range(3):  # the last too soon after a checkpoint for another
            opened.frame(opened.send(Step()))
        os.close(keyboard)
        os.close(screen)
        opened.answer(Away)
        server.process.wait(20)
    with serving_here(tmp_path) as server, page(server, page="a", token=welcome.token) as (_, back):
        assert (back.resumed, back.handled) == ("checkpoint", 3)


def test_who_ignores_it_as_nohup_does_is_left_so() -> None:
    script = (
        "import signal; from app.serving.hangup import on_hangup; "
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); on_hangup(exit); "
        "print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "True\n"
