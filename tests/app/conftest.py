"""A real server for the tests that talk to one."""

from collections.abc import Iterator

import pytest

from tests.servers import Server, free_port, hyperplane, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port) as running:
        yield running
