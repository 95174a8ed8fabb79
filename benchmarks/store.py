"""Measures how long checkpoints take: saving a batch, reading it back one by one, and opening a full store.

python -m benchmarks.store [--sessions 200] [--bytes 20000] [--rounds 50] [--json]
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.storage.store import Checkpoint, SqliteStore, Store, key_of
from app.terminal.this_machine import machine, on_what

Times = dict[str, list[float]]  # milliseconds, by operation


@contextmanager
def timed(times: list[float], clock: Callable[[], float] = time.perf_counter) -> Iterator[None]:
    began = clock()
    yield
    times.append((clock() - began) * 1000)


def measure(store: Store, sessions: int, size: int, rounds: int) -> Times:
    """Each round saves all sessions again with new content, as a busy server does."""
    rng = random.Random(0)
    keys = [key_of(f"token {number}") for number in range(sessions)]
    times: Times = {"save": [], "save, processor": [], "load": []}
    for _ in range(rounds):
        batch = [Checkpoint(key, rng.randbytes(size), time.time()) for key in keys]
        with timed(times["save"]), timed(times["save, processor"], time.process_time):
            store.save(batch)
        with timed(times["load"]):
            for key in keys:
                store.load(key)
    store.delete(keys)
    return times


def measure_open(path: str, count: int, size: int, rounds: int) -> Times:
    """Open a file of `count` checkpoints, which is checked at the start."""
    with closing(SqliteStore(Path(path))) as store:
        for number in range(0, count, 100):
            keys = (key_of(f"full {one}") for one in range(number, number + 100))
            store.save([Checkpoint(key, bytes(size), time.time()) for key in keys])
    times: Times = {f"open with {count:,}": []}
    for _ in range(rounds):
        with timed(times[f"open with {count:,}"]):
            store = SqliteStore(Path(path))
        store.close()
    return times


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sessions", type=int, default=200)
    options.add_argument("--bytes", type=int, default=20_000, help="of one checkpoint")
    options.add_argument("--rounds", type=int, default=50)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    rows: dict[str, Times] = {}
    with tempfile.TemporaryDirectory(prefix="hyperplane-") as folder:
        path = str(Path(folder) / "sessions.sqlite3")
        with closing(SqliteStore(Path(path))) as store:
            rows["SQLite"] = measure(store, chosen.sessions, chosen.bytes, chosen.rounds)
        rows["SQLite"] |= measure_open(path, 5000, chosen.bytes, 5)
    if chosen.json:
        json.dump({"machine": machine(), "milliseconds": rows}, sys.stdout, indent=2)
        return
    table = Table("store", "what", "median, ms", "worst, ms", caption=on_what())
    table.title = f"{chosen.sessions} checkpoints of {chosen.bytes:,} bytes"
    for name, times in rows.items():
        for what, values in times.items():
            table.add_row(name, what, f"{statistics.median(values):.2f}", f"{max(values):.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
