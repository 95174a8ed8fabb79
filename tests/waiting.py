"""Wait until something has happened: at once when it has, and never longer than one would look at it."""

import asyncio
import time
from collections.abc import Callable

PATIENCE = 120.0  # seconds; a machine may be busy


def wait_for(what: str, happens: Callable[[], bool]) -> None:
    """For a test without a loop."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        _be_patient(what, deadline)
        time.sleep(0.02)


async def until(what: str, happens: Callable[[], bool]) -> None:
    """For a test with one."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        _be_patient(what, deadline)
        await asyncio.sleep(0.02)


def _be_patient(what: str, deadline: float) -> None:
    assert time.monotonic() < deadline, f"{what}: not within {PATIENCE:.0f} s"
