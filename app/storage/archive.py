"""Copies a store's file while a server writes, and counts its contents, for operators."""

import os
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from app.storage import checkpoint, store

_SIDES = ("-wal", "-journal")  # SQLite leaves these beside a file; they belong to that file alone


class Failed(Exception):
    """The operation failed; nothing is changed."""


@dataclass(frozen=True)
class Census:
    """What a store holds."""

    sessions: int
    versions: Counter[int]  # of the readable checkpoints
    saved: tuple[float, float] | None  # when the oldest and newest were saved, in seconds since the Unix epoch
    faults: list[str] = field(default_factory=list)  # what cannot be read, and why


def back_up(source: Path, target: Path, *, overwrite: bool = False) -> int:
    """Copy a consistent state of a store while servers write. Returns its number of sessions. Raises Failed."""
    _check_source(source)
    _check_target(source, target, overwrite=overwrite)
    with _failing(f"cannot copy {source} to {target}"), _new_file_beside(target) as part:
        with _opened(source, "mode=rw") as database, closing(sqlite3.connect(part)) as copy:
            database.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file with all in it
            count = int(copy.execute("SELECT count(*) FROM checkpoints").fetchone()[0])
        part.replace(target)
    return count


def take_census(file: Path) -> Census:
    """Read every record of a store and change nothing, not even files beside it. Raises Failed."""
    _check_source(file)
    # Without a log nobody writes. SQLite would create one even to read the file, unless it is declared immutable.
    how = "mode=ro" if Path(f"{file}-wal").exists() else "immutable=1"
    with _failing(f"cannot read {file}"), _opened(file, how) as database:
        return _count(database)


def _count(database: sqlite3.Connection) -> Census:
    sessions, versions, times, faults = 0, Counter[int](), list[float](), list[str]()
    damage = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        faults.append(f"the file: {' '.join(damage.split())}")
    try:
        # The casts are needed because damage can turn either into any type.
        for key, record in database.execute("SELECT CAST(key AS BLOB), CAST(record AS BLOB) FROM checkpoints"):
            sessions += 1
            name = key.decode(errors="replace")
            try:
                saved = store.unpack(name, record or b"")
                checkpoint.unpack(saved.payload, partial(store.select_content, database))
                versions[checkpoint.version_of(saved.payload)] += 1
                times.append(saved.saved_at)
            except (store.Damaged, store.Newer, checkpoint.Unreadable) as error:
                faults.append(f"{name[:8]}: {' '.join(str(error).split())[:200]}")
    except sqlite3.Error as error:
        faults.append(f"the file, after {sessions} sessions: {error}")
    return Census(sessions, versions, (min(times), max(times)) if times else None, faults)


def age(saved_at: float) -> str:
    """The time since `saved_at`, in words."""
    seconds = max(0.0, time.time() - saved_at)
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit} ago"
    return f"{seconds:.0f} seconds ago"


# -- files ------------------------------------------------------------------------------------------------------------


def _check_source(path: Path) -> None:
    if not path.exists():
        raise Failed(f"there is no file {path}: expected the store of a server; HYPERPLANE_STORE names another one")
    if not path.is_file():
        raise Failed(f"{path} is no regular file: expected the store of a server")


def _check_target(source: Path, target: Path, *, overwrite: bool) -> None:
    if not target.parent.is_dir():
        raise Failed(f"there is no folder {target.parent}: make it first")
    if target.exists():
        if not target.is_file():
            raise Failed(f"{target} is no regular file: expected the name of a new file")
        if target.samefile(source):
            raise Failed(f"{target} is the store itself: expected the name of another file")
        if not overwrite:
            raise Failed(f"{target} exists: choose another name, or --overwrite it")
    # SQLite would apply an older file's log to the copy.
    if left := [name for name in (f"{target}{side}" for side in _SIDES) if Path(name).exists()]:
        raise Failed(f"{left[0]} exists, so {target} may be the store of a server: choose another name")


@contextmanager
def _new_file_beside(target: Path) -> Iterator[Path]:
    """A private temporary file in the folder of `target`; deleted at the end unless it was renamed."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.")  # with mode 0600
    os.close(handle)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(file: Path, how: str) -> Iterator[sqlite3.Connection]:
    """Open an existing store."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?{how}", uri=True, isolation_level=None)) as database:
        database.execute("BEGIN")
        version = store.check_version(database)
        database.execute("COMMIT")
        if version == 0:
            raise store.Unusable("empty", "it is empty, expected the store of a server")
        yield database


@contextmanager
def _failing(what: str) -> Iterator[None]:
    """Turn any error of a file into Failed, in one line."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError, OSError, store.Unusable) as error:
        raise Failed(f"{what}: {error}") from error
