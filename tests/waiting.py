"""Waits until something has happened, up to a limit."""

import asyncio
import time
from collections.abc import Callable

PATIENCE = 120.0  # seconds; a machine may be busy


def wait_for(what: str, happens: Callable[[], bool]) -> None:
    """Wait in a test without an event loop."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        _be_patient(what, deadline)
        time.sleep(0.02)


async def until(what: str, happens: Callable[[], bool]) -> None:
    """Wait in a test with an event loop."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        _be_patient(what, deadline)
        await asyncio.sleep(0.02)


def _be_patient(what: str, deadline: float) -> None:
    assert time.monotonic() < deadline, f"{what}: not within {PATIENCE:.0f} s"
