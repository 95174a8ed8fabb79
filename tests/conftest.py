"""Sets up all tests: one Hypothesis profile, so that runs are reproducible, and a real server for those that ask."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.servers import Server, free_port, hyperplane, serving

os.environ.setdefault("HYPERPLANE_WORKERS", "2")  # of every server that a test starts, on any machine


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options of `make faults`, `make sizes` and `make exports`."""
    parser.addoption("--all-sizes", action="store_true", help="of the window, in all tests of the page")
    parser.addoption("--experiments", default=0, help="of tests/app/exports, beside those that use every setting")
    parser.addoption("--visitors", default=24, help="of tests/app/test_faults.py")
    parser.addoption("--rounds", default=2, help="how often its server is ended under them")
    parser.addoption("--seed", default=1, help="of its faults")


settings.register_profile("hyperplane", deadline=None, derandomize=True)
settings.load_profile("hyperplane")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port) as running:
        yield running
