"""Keeps checkpoints of sessions beyond the life of the server, as opaque bytes."""

import hashlib
import logging
import os
import sqlite3
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, cast

from platformdirs import user_data_path

log = logging.getLogger(__name__)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Content:
    """What checkpoints name by its SHA-256, so that it is kept once for all of them."""

    digest: str  # in hex
    data: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All that a session needs to continue later."""

    key: str  # from key_of, so that a reader of the store cannot take over its sessions
    payload: bytes
    saved_at: float  # seconds since the Unix epoch
    content: Content | None = None  # to be saved with it; it is loaded by its digest


class Unavailable(Exception):
    """The store cannot be used now: disk full, file locked or not writable. A later try may succeed."""


class Damaged(Exception):
    """A record differs from what was saved."""


class Newer(Exception):
    """A record was saved by a newer server."""


class Store(Protocol):
    """Keeps the newest checkpoint of each key. May be called from any thread; every method may raise Unavailable."""

    def save(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Save all or none, with their contents. Once this returns, the end of the process does not undo it."""

    def load(self, key: str) -> Checkpoint | None:
        """The newest checkpoint. None and a log line if it is damaged, then deleted, or a newer server's, then kept."""

    def find(self, digest: str) -> bytes | None:
        """What has this SHA-256, as long as a checkpoint names it. None and a log line if it is damaged."""

    def delete(self, keys: Iterable[str]) -> None: ...

    def place(self) -> str:
        """Names where the checkpoints are. A new name means that they were lost: a new file, an emptied server."""

    def purge(self, older_than: float, most: int) -> None:
        """Keep at most the `most` newest, and none saved before `older_than`, in seconds since the Unix epoch."""

    def close(self) -> None:
        """Close the store; later calls raise Unavailable."""


class Locks(Protocol):
    """Tells which of several processes has a session: by a store that servers share, or by the workers' board. May
    raise Unavailable."""

    def own(self, key: str) -> bool:
        """Take the session or renew its lock; False if another process has it or has had it meanwhile."""

    def disown(self, key: str) -> None:
        """Let another process take it at once."""


# -- names and records ------------------------------------------------------------------------------------------------


def key_of(token: str) -> str:
    """The key of the session with this secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


_FORMAT = 1  # all formats begin with the same head and have the same checksum
_HEAD = struct.Struct(">BId")  # format, CRC-32, saved_at; the payload follows


def pack(checkpoint: Checkpoint) -> bytes:
    """A record with a checksum, for `unpack`."""
    checksum = _checksum(_FORMAT, checkpoint.key, checkpoint.saved_at, checkpoint.payload)
    return _HEAD.pack(_FORMAT, checksum, checkpoint.saved_at) + checkpoint.payload


def unpack(key: str, record: bytes) -> Checkpoint:
    """The checkpoint that was packed under this key. Raises Damaged, Newer."""
    if len(record) < _HEAD.size:
        raise Damaged(f"{len(record)} bytes came, expected at least {_HEAD.size}")
    version, checksum, saved_at = _HEAD.unpack_from(record)
    payload = record[_HEAD.size :]
    expected = _checksum(version, key, saved_at, payload)
    if checksum != expected:
        raise Damaged(f"checksum {checksum:08x} came, expected {expected:08x}")
    if version > _FORMAT:
        raise Newer(f"format {version} came, expected {_FORMAT}; it stays in the store for a newer server")
    if version != _FORMAT:
        raise Damaged(f"format {version} came, expected {_FORMAT}")
    return Checkpoint(key, payload, saved_at)


def unpack_or_delete(key: str, record: bytes, delete: Callable[[list[str]], None]) -> Checkpoint | None:
    """The checkpoint of a record; None and a log line if it cannot be read. A damaged one is deleted."""
    try:
        return unpack(key, record)
    except Newer as newer:
        log.warning("the checkpoint %.8s cannot be read: %s", key, newer)
    except Damaged as damage:
        log.warning("deleting the damaged checkpoint %.8s: %s", key, damage)
        with suppress(Unavailable):  # then the next load deletes it
            delete([key])
    return None


def undamaged(digest: str, data: bytes) -> bytes | None:
    """Bytes that were kept under their SHA-256; None and a log line if they are others."""
    came = hashlib.sha256(data).hexdigest()
    if came == digest:
        return data
    log.warning("the content %.8s is damaged: its SHA-256 is %.8s", digest, came)
    return None


def _checksum(version: int, key: str, saved_at: float, payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(struct.pack(">Bd", version, saved_at) + key.encode()))


# -- where the file is ------------------------------------------------------------------------------------------------


def file_of(name: str) -> Path:
    """The file for sessions: `name` if the operator gave one, else in this user's data folder. Raises Unavailable."""
    if name:
        return Path(name)
    try:
        return user_data_path("hyperplane", appauthor=False) / "sessions.sqlite3"
    except RuntimeError as error:  # a container's user may have none
        raise Unavailable(f"no home folder to keep sessions in ({error}): name a file") from error


# -- stores -----------------------------------------------------------------------------------------------------------


class SqliteStore:
    """A file of this user. Processes may share it, but a server sets aside the file of a newer server.

    With synchronous=NORMAL the end of the process loses nothing that was saved. A power cut may lose the last seconds
    but never damages the file.
    """

    def __init__(self, path: Path, busy_seconds: float = 2.0) -> None:
        self._path = path
        self._busy_seconds = busy_seconds  # how long to wait for another process
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._inode = 0
        self._files = 0  # how many files were begun or found so far
        self._closed = False
        self._use(lambda _: None)  # so that an unusable file or folder fails at the start

    def save(self, checkpoints: Sequence[Checkpoint]) -> None:
        rows = [(checkpoint.key, checkpoint.saved_at, pack(checkpoint)) for checkpoint in checkpoints]
        contents = [(checkpoint.key, checkpoint.content) for checkpoint in checkpoints]

        def write(database: sqlite3.Connection) -> None:
            database.executemany(_SAVE, rows)
            _save_contents(database, contents)

        self._use(write)

    def load(self, key: str) -> Checkpoint | None:
        record = self._use(lambda database: _select(database, key))
        return None if record is None else unpack_or_delete(key, record, self.delete)

    def find(self, digest: str) -> bytes | None:
        data = self._use(lambda database: select_content(database, digest))
        if data is None or undamaged(digest, data):
            return data
        with suppress(Unavailable):  # so that a session that has it can save it again
            self._use(lambda database: database.execute("DELETE FROM contents WHERE digest = ?", (digest,)))
        return None

    def delete(self, keys: Iterable[str]) -> None:
        rows = [(key,) for key in keys]
        self._use(lambda database: database.executemany("DELETE FROM checkpoints WHERE key = ?", rows))

    def place(self) -> str:
        self._use(lambda _: None)  # checks that the file is still there
        return f"{self._path}, file {self._files}"

    def purge(self, older_than: float, most: int) -> None:
        self._use(lambda database: database.execute(_PURGE, (older_than, most)))

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._disconnect()

    def _use(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run one transaction. An unusable file is set aside and replaced by a new one."""
        with self._lock:
            if self._closed:
                raise Unavailable("the store is closed")
            try:
                try:
                    return self._transaction(action)
                except _FAILURES as error:
                    self._begin_anew(self._fault(error))
                    return self._transaction(action)
            except (*_FAILURES, OSError) as error:
                raise Unavailable(f"cannot keep sessions in {self._path}: {error}") from error

    def _transaction(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        if self._database is not None and not self._is_in_place():
            log.warning("%s is gone or another file: what is in memory is written anew", self._path)
            self._disconnect()
        if self._database is None:
            self._database = self._connect()
            self._files += 1
        with self._database as database:
            database.execute("BEGIN")
            return action(database)

    def _is_in_place(self) -> bool:
        """Whether the file is still there. SQLite itself goes on writing into a deleted or moved file."""
        try:
            return self._path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def _connect(self) -> sqlite3.Connection:
        _make_private(self._path)
        self._inode = self._path.stat().st_ino
        database = sqlite3.connect(
            self._path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare_when_free(database)
        except BaseException:
            database.close()
            raise
        return database

    def _prepare_when_free(self, database: sqlite3.Connection) -> None:
        """Prepare the file. SQLite itself does not wait to switch a file to a log while another process uses it."""
        end = time.monotonic() + self._busy_seconds
        while True:
            try:
                _prepare(database)
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def _disconnect(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _fault(self, error: Exception) -> "Unusable":
        """The file's fault; raises `error` again if it is not the file's."""
        if isinstance(error, Unusable):
            return error
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the higher bits are details
        locked_by_damage = code == sqlite3.SQLITE_READONLY and os.access(self._path, os.W_OK)
        if code in _DAMAGED or locked_by_damage or isinstance(error, UnicodeDecodeError):
            return Unusable("damaged", str(error))
        raise error

    def _begin_anew(self, fault: "Unusable") -> None:
        """Rename the file and its log, replacing an older file under that name."""
        self._disconnect()
        if self._path.exists() and self._path.stat().st_ino != self._inode:
            return  # another process has done it
        aside = f"{self._path}.{fault.suffix}"
        # The log goes first: SQLite would apply one that is left behind to the new file.
        for part in ("-wal", "-shm", ""):
            Path(aside + part).unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                Path(f"{self._path}{part}").rename(aside + part)
        log.warning("%s is now %s, and a new file is begun: %s", self._path, Path(aside).name, fault)


# -- SQLite's file ----------------------------------------------------------------------------------------------------

_SCHEMA = 1
_TABLE = "CREATE TABLE checkpoints (key TEXT PRIMARY KEY NOT NULL, saved_at REAL NOT NULL, record BLOB NOT NULL)"
_INDEX = "CREATE INDEX checkpoints_by_age ON checkpoints (saved_at)"  # for purge
_SAVE = (  # INSERT OR REPLACE moves the row and takes a third longer
    "INSERT INTO checkpoints VALUES (?, ?, ?) "
    "ON CONFLICT (key) DO UPDATE SET saved_at = excluded.saved_at, record = excluded.record"
)
_PURGE = (
    "DELETE FROM checkpoints WHERE saved_at < ? OR key IN "
    "(SELECT key FROM checkpoints ORDER BY saved_at DESC LIMIT -1 OFFSET ?)"
)
# Beside the table of the first release, which stays as it is: an older server may go on with the file. The triggers
# hold for it too, so a content lasts exactly as long as a checkpoint that names it.
_CONTENTS = (
    "CREATE TABLE IF NOT EXISTS contents (digest TEXT PRIMARY KEY NOT NULL, content BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS uses (key TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (key, digest)) "
    "WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS uses_by_digest ON uses (digest)",
    "CREATE TRIGGER IF NOT EXISTS checkpoint_gone AFTER DELETE ON checkpoints "
    "BEGIN DELETE FROM uses WHERE key = OLD.key; END",
    "CREATE TRIGGER IF NOT EXISTS use_gone AFTER DELETE ON uses "
    "WHEN NOT EXISTS (SELECT 1 FROM uses WHERE digest = OLD.digest) "
    "BEGIN DELETE FROM contents WHERE digest = OLD.digest; END",
)
_PAGE_BYTES = 16_384  # a batch of 200 x 20 KB takes 3 ms; with 4 KiB, and so a shorter log, 11 ms

_DAMAGED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,  # no such table, unsupported format: our statements never fail on a valid file
    sqlite3.SQLITE_MISMATCH,
}


class Unusable(Exception):
    """The file cannot be used; it may be renamed by adding `suffix`."""

    def __init__(self, suffix: str, reason: str) -> None:
        super().__init__(" ".join(reason.split()))  # SQLite's reasons may have several lines
        self.suffix = suffix


# SQLite quotes damaged names in its messages, and Python's module then fails to decode them.
_FAILURES = (sqlite3.Error, UnicodeDecodeError, Unusable)


def _make_private(path: Path) -> None:
    """Make the file private to this user; SQLite gives its log the same mode. Leaves an existing folder as it is."""
    if path.exists() and not path.is_file():  # a device would have its mode changed, and get journals beside it
        raise Unavailable(f"{path} is no regular file: expected the name of a file for sessions, there already or not")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def _prepare(database: sqlite3.Connection) -> None:
    """Check an existing file, or fill a new one. Raises Unusable."""
    with database:
        database.execute("BEGIN")  # a consistent read, though another process may be creating the file
        check_version(database)
    database.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # of a new file
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    with database:
        database.execute("BEGIN IMMEDIATE")  # if two processes find an empty file, only one fills it
        if check_version(database) == 0:
            database.execute(_TABLE)
            database.execute(_INDEX)
            database.execute(f"PRAGMA user_version = {_SCHEMA}")
        for statement in _CONTENTS:
            database.execute(statement)
        database.execute("SELECT digest, content, key FROM contents LEFT JOIN uses USING (digest) LIMIT 0")
    damage = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise Unusable("damaged", damage)


def check_version(database: sqlite3.Connection) -> int:
    """0 for an empty file, else our schema's version. Raises Unusable. Call in a transaction; writes nothing."""
    version = int(database.execute("PRAGMA user_version").fetchone()[0])
    tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version != (_SCHEMA if tables else 0):
        reason = f"schema version {version} with {tables} tables and indices came, expected version {_SCHEMA}"
        raise Unusable(f"version-{version}", reason)
    if version:
        database.execute("SELECT key, saved_at, record FROM checkpoints LIMIT 0")
    return version


def _select(database: sqlite3.Connection, key: str) -> bytes | None:
    """The record. The cast is needed because damage can turn it into invalid text or a number."""
    row = database.execute("SELECT CAST(record AS BLOB) FROM checkpoints WHERE key = ?", (key,)).fetchone()
    return cast("tuple[bytes | None]", row)[0] if row else None


def _save_contents(database: sqlite3.Connection, contents: Sequence[tuple[str, Content | None]]) -> None:
    """What each key names now; whatever it alone has named before goes."""
    named = [(key, content.digest) for key, content in contents if content]
    datas = {content.digest: content.data for _, content in contents if content}
    database.executemany("INSERT OR IGNORE INTO contents VALUES (?, ?)", datas.items())
    database.executemany("INSERT OR IGNORE INTO uses VALUES (?, ?)", named)
    digests = [(key, content.digest if content else "") for key, content in contents]
    database.executemany("DELETE FROM uses WHERE key = ? AND digest <> ?", digests)


def select_content(database: sqlite3.Connection, digest: str) -> bytes | None:
    """The bytes of a digest, as they are, in a file that may be of a server that kept none."""
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'contents'").fetchone():
        return None
    row = database.execute("SELECT CAST(content AS BLOB) FROM contents WHERE digest = ?", (digest,)).fetchone()
    return cast("tuple[bytes | None]", row)[0] if row else None
