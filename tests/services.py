"""Starts a real redis-server and a real nginx for the tests of several servers."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.debian import program
from tests.servers import free_port
from tests.waiting import PATIENCE, wait_for

ROOT = Path(__file__).parents[1]
NGINX = ROOT / "docs" / "deployment" / "hyperplane.conf"


def needed(name: str) -> str:
    path = program(name)
    if path is None:
        pytest.skip(f"{name} is not installed: make services")
    return path


@contextmanager
def redis_server(port: int | None = None) -> Iterator[str]:
    """Run a Redis for the length of the block; yields its address."""
    port = port or free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([needed("redis-server"), *options], stdout=subprocess.DEVNULL)
    try:
        wait_for("redis-server", lambda: answers(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def answers(port: int) -> bool:
    try:
        with Redis(port=port) as client:
            return bool(client.ping())
    except RedisError:
        return False


@contextmanager
def nginx(folder: Path, ports: Sequence[int], text: str | None = None, more: str = "") -> Iterator[int]:
    """Run nginx before servers at these ports, with the configuration of docs/deployment or `text`, and `more` lines
    for its server; yields its port."""
    port = free_port()
    text = text or NGINX.read_text()
    for number, server in enumerate(ports, 1):
        text = text.replace(f"hyperplane-{number}:8000", f"127.0.0.1:{server}")
    assert "hyperplane-" not in text
    text = text.replace("/usr/share/nginx/hyperplane;", f"{NGINX.parent};")
    (folder / "hyperplane.conf").write_text(text.replace("listen 80;", f"listen 127.0.0.1:{port}; {more}"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""  # another user could not read root's checkout
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log info; events {{}}"
        f"http {{ access_log {folder}/access.log; {temporary} include {folder}/hyperplane.conf; }}"
    )
    options = ["-p", str(folder), "-c", str(folder / "nginx.conf")]
    errors = folder / "errors.txt"
    with errors.open("w") as output:
        process = subprocess.Popen([needed("nginx"), *options], stderr=output)
    try:
        wait_for("nginx", lambda: (folder / "nginx.pid").exists() or process.poll() is not None)
        assert process.poll() is None, errors.read_text()
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)
