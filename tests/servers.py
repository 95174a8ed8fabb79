"""Starts the real server for a test, waits until it is ready, and stops it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

STARTS_WITHIN = 300.0  # seconds; with an empty cache the engine compiles first


@dataclass
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hyperplane() -> str:
    """The command line of this environment."""
    return str(Path(sys.executable).with_name("hyperplane"))


def fetch(address: str) -> bytes:
    """The body of an answer; raises if its status is an error."""
    with urlopen(address, timeout=20) as answer:
        return bytes(answer.read())


def figure(server: Server, name: str, **labels: str) -> float:
    """A figure of /metrics; 0 if it has not counted yet."""
    families = text_string_to_metric_families(fetch(f"{server.address}/metrics").decode())
    samples = [sample for family in families for sample in family.samples]
    return sum(one.value for one in samples if one.name == name and labels.items() <= one.labels.items())


def sessions(server: Server) -> int:
    """How many sessions it has in memory."""
    return int(figure(server, "hyperplane_sessions"))


def is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):  # not listening yet, or 503 while it compiles
        return False


def wait_until_ready(server: Server, within: float = STARTS_WITHIN) -> None:
    deadline = time.monotonic() + within
    while not is_ready(server.port):
        if server.process.poll() is not None or time.monotonic() > deadline:
            state = f"exit code {server.process.poll()}" if server.process.poll() is not None else "not ready"
            raise RuntimeError(f"the server: {state}\n{server.log.read_text()[-4000:]}")
        time.sleep(0.02)


@contextmanager
def serving_with(*, port: int | None = None, limit: str = "", **environment: str) -> Iterator[Server]:
    """Run `hyperplane serve` with these variables besides our own; `limit` is a shell command before it."""
    port = port or free_port()
    command = [hyperplane(), "serve", "--port", str(port)]
    if limit:
        command = ["sh", "-c", f'{limit} && exec "$@"', "sh", *command]
    with serving(command, port, {**os.environ, **environment}) as server:
        yield server


@contextmanager
def serving(
    command: Sequence[str],
    port: int,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[Server]:
    """Run `command`, which serves at `port`, for the length of the block."""
    with tempfile.TemporaryDirectory() as logs:
        log = Path(logs) / "server.log"
        with log.open("wb") as output:
            variables = {"HYPERPLANE_STORE": f"{logs}/sessions.sqlite3", **(environment or os.environ)}
            process = subprocess.Popen(
                list(command),
                cwd=folder or logs,
                env=variables,
                stdout=output,
                stderr=output,
            )
        server = Server(port, process, log)
        try:
            wait_until_ready(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
