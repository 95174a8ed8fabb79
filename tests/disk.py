"""Waits for what a running server writes."""

import time
from contextlib import closing
from pathlib import Path

from app.storage.checkpoint import unpack
from app.storage.store import SqliteStore, key_of


def wait_for_the_disk(file: Path, token: str, handled: int) -> None:
    """Wait until the checkpoint of the session with this token contains command `handled`."""
    deadline = time.monotonic() + 30
    with closing(SqliteStore(file)) as store:
        while not ((found := store.load(key_of(token))) and unpack(found.payload).applied >= handled):
            assert time.monotonic() < deadline
            time.sleep(0.05)
