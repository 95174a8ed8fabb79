"""store.py, redis_store.py: what was saved comes back or is absent, whatever happens to process, disk and file."""

import functools
import hashlib
import logging
import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.store import (
    Checkpoint,
    Damaged,
    SqliteStore,
    Store,
    Unavailable,
    file_of,
    key_of,
    pack,
    unpack,
)

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def some(count: int, saved_at: float = 1e9, size: int = 200, seed: int = 0) -> list[Checkpoint]:
    rng = random.Random(seed)
    return [Checkpoint(key_of(f"token {i}"), rng.randbytes(size), saved_at) for i in range(count)]


# -- the contract ------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sessions.sqlite3"


@pytest.fixture
def sqlite(path: Path) -> Iterator[Store]:
    store = SqliteStore(path)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "redis"])
def store(request: pytest.FixtureRequest) -> Store:
    """Both are the same to those who use them."""
    found: Store = request.getfixturevalue(request.param)
    return found


def test_what_was_saved_comes_back(store: Store) -> None:
    saved = some(20)
    store.save(saved)
    assert [store.load(one.key) for one in saved] == saved


def test_an_unknown_key_is_absent(store: Store) -> None:
    assert store.load(key_of("nobody")) is None


def test_an_empty_payload_and_any_time_come_back(store: Store) -> None:
    saved = Checkpoint(key_of("a"), b"", 1234567890.123456)
    store.save([saved])
    assert store.load(saved.key) == saved


def test_the_newest_counts(store: Store) -> None:
    store.save(some(1, seed=1))
    store.save(some(1, seed=2))
    assert store.load(key_of("token 0")) == some(1, seed=2)[0]


def test_deleted_ones_are_absent_and_others_stay(store: Store) -> None:
    saved = some(3)
    store.save(saved)
    store.delete([saved[0].key, saved[2].key, key_of("nobody")])
    assert [store.load(one.key) for one in saved] == [None, saved[1], None]


def test_purge_deletes_what_is_older_and_nothing_else(sqlite: Store) -> None:
    old, new = some(4, saved_at=1000.0)[:2], some(4, saved_at=2000.0)[2:]
    sqlite.save([*old, *new])
    sqlite.purge(older_than=2000.0, most=9)
    assert [sqlite.load(one.key) for one in [*old, *new]] == [None, None, *new]


def test_purge_keeps_the_newest_and_no_more_than_it_may(sqlite: Store) -> None:
    saved = [replace(one, saved_at=1000.0 + age) for one, age in zip(some(5), (3, 1, 4, 0, 2), strict=True)]
    sqlite.save(saved)
    sqlite.purge(older_than=0.0, most=5)
    assert [sqlite.load(one.key) for one in saved] == saved
    sqlite.purge(older_than=0.0, most=3)
    assert [sqlite.load(one.key) for one in saved] == [saved[0], None, saved[2], None, saved[4]]


def test_a_session_saved_again_is_not_purged_by_its_first_time(sqlite: Store) -> None:
    sqlite.save(some(1, saved_at=1000.0))
    sqlite.save(some(1, saved_at=3000.0))
    sqlite.purge(older_than=2000.0, most=9)
    assert sqlite.load(key_of("token 0")) == some(1, saved_at=3000.0)[0]


def test_nothing_to_do_is_no_error(store: Store) -> None:
    store.save([])
    store.delete([])
    store.purge(0.0, 1)


def test_what_a_newer_server_has_saved_is_absent_and_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr("app.storage.store._FORMAT", 2)
        store.save(some(1))
    assert store.load(key_of("token 0")) is None
    assert "format 2 came, expected 1; it stays in the store for a newer server" in caplog.text
    monkeypatch.setattr("app.storage.store._FORMAT", 2)
    assert store.load(key_of("token 0")) == some(1)[0]


def test_a_store_is_in_one_place(store: Store) -> None:
    place = store.place()
    store.save(some(3))
    assert store.place() == place


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    calls: list[Callable[[], object]] = [
        lambda: store.save(some(1)),
        lambda: store.load("a"),
        lambda: store.delete(["a"]),
        lambda: store.purge(0.0, 1),
    ]
    for call in calls:
        with pytest.raises(Unavailable, match="closed"):
            call()
    store.close()


def test_many_threads_may_call(store: Store) -> None:
    def work(number: int) -> bool:
        mine = [Checkpoint(key_of(f"{number} {i}"), bytes([number]) * 500, 1e9) for i in range(10)]
        for _ in range(5):
            store.save(mine)
        return [store.load(one.key) for one in mine] == mine

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(8)))


# -- records -----------------------------------------------------------------------------------------------------------


def test_a_key_is_the_sha256_of_its_token() -> None:
    assert key_of("secret") == hashlib.sha256(b"secret").hexdigest()


@given(
    payload=st.binary(max_size=50), saved_at=st.floats(allow_nan=False), place=st.integers(0), flip=st.integers(1, 255)
)
def test_a_changed_byte_is_noticed(payload: bytes, saved_at: float, place: int, flip: int) -> None:
    checkpoint = Checkpoint(key_of("a"), payload, saved_at)
    record = bytearray(pack(checkpoint))
    assert unpack(checkpoint.key, bytes(record)) == checkpoint
    record[place % len(record)] ^= flip
    with pytest.raises(Damaged, match="came, expected"):
        unpack(checkpoint.key, bytes(record))


@given(length=st.integers(0, 40))
def test_a_shortened_record_is_noticed(length: int) -> None:
    record = pack(some(1)[0])
    with pytest.raises(Damaged, match="came, expected"):
        unpack(key_of("token 0"), record[:length])


def test_the_record_of_another_key_is_noticed() -> None:
    with pytest.raises(Damaged, match="checksum"):
        unpack(key_of("another"), pack(some(1)[0]))


# -- the file ----------------------------------------------------------------------------------------------------------


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_file_log_and_folder_are_this_users_alone(path: Path) -> None:
    before = os.umask(0o000)
    try:
        with closing(SqliteStore(path)) as store:
            store.save(some(1))
            assert {one.name: mode(one) for one in path.parent.iterdir()} == {
                "sessions.sqlite3": 0o600,
                "sessions.sqlite3-wal": 0o600,
                "sessions.sqlite3-shm": 0o600,
            }
            assert mode(path.parent) == 0o700
    finally:
        os.umask(before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_an_open_file_is_closed_to_others_and_an_older_folder_left_as_it_is(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    path.touch(0o644)
    SqliteStore(path).close()
    assert (mode(path), mode(path.parent)) == (0o600, 0o755)


def test_what_was_saved_is_there_after_a_restart(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        store.save(some(5))
    with closing(SqliteStore(path)) as store:
        assert [store.load(one.key) for one in some(5)] == some(5)


def test_a_batch_that_fails_leaves_nothing(path: Path) -> None:
    """The last of the batch cannot be written: none of it is."""
    with closing(SqliteStore(path)) as store:
        with closing(sqlite3.connect(path)) as other, other:
            other.execute(
                "CREATE TRIGGER full BEFORE INSERT ON checkpoints WHEN NEW.saved_at = 13 "
                "BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        with pytest.raises(Unavailable, match="no"):
            store.save([*some(3), Checkpoint(key_of("last"), b"", 13)])
        assert store.load(key_of("token 0")) is None


def test_a_locked_file_is_waited_for_and_then_unavailable(path: Path) -> None:
    with closing(SqliteStore(path, busy_seconds=0.05)) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match=r"sessions\.sqlite3: database is locked"):
            store.save(some(1))
        assert store.load(key_of("token 0")) is None  # readers do not wait for writers
        other.rollback()
        store.save(some(1))
        assert store.load(key_of("token 0"))


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match=r"cannot keep sessions in .*sessions\.sqlite3"):
        SqliteStore(tmp_path / "file" / "sessions.sqlite3")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript("PRAGMA user_version = 7; CREATE TABLE sessions (a); INSERT INTO sessions VALUES (3)")


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript("CREATE TABLE recipes (a)")


def of_our_version_with_another_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript("PRAGMA user_version = 1; CREATE TABLE recipes (a)")


def text(path: Path) -> None:
    path.write_text("no database\n" * 1000)


def cut(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        store.save(some(50, size=1000))
    path.write_bytes(path.read_bytes()[:20_000])


UNUSABLE = [
    (newer, "version-7"),
    (foreign, "version-0"),
    (of_our_version_with_another_table, "damaged"),
    (text, "damaged"),
    (cut, "damaged"),
]


@pytest.mark.parametrize(("make", "suffix"), UNUSABLE, ids=lambda one: getattr(one, "__name__", None))
def test_a_file_that_cannot_be_used_is_set_aside(
    path: Path, make: Callable[[Path], None], suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    for _ in range(2):  # the second replaces the first
        path.unlink(missing_ok=True)
        make(path)
        before = path.read_bytes()
        caplog.clear()
        with closing(SqliteStore(path)) as store:
            store.save(some(3))
            assert store.load(key_of("token 0")) == some(3)[0]
        assert sorted(one.name for one in path.parent.iterdir()) == [path.name, f"{path.name}.{suffix}"]
        assert path.with_name(f"{path.name}.{suffix}").read_bytes() == before
        assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_file_with_a_log_is_set_aside_with_it(path: Path, tmp_path: Path) -> None:
    """As a server that was killed leaves it: the newest rows are in the log alone."""
    with closing(SqliteStore(path)) as store:
        store.save(some(5))
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA user_version = 2")
        copy = tmp_path / "copy" / path.name
        shutil.copytree(path.parent, copy.parent)
    with closing(SqliteStore(copy)) as store:
        assert store.load(key_of("token 0")) is None
    with closing(sqlite3.connect(f"{copy}.version-2")) as aside:
        assert aside.execute("SELECT count(*) FROM checkpoints").fetchone() == (5,)


def test_a_damaged_row_is_absent_logged_and_deleted(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    damages = ["substr(record, 1, 60)", "zeroblob(213)", "'text'", "CAST(x'ff80ff' AS TEXT)", "42", "x''"]
    with closing(SqliteStore(path)) as store:
        store.save(some(len(damages) + 1))
        with closing(sqlite3.connect(path)) as other, other:
            for number, damage in enumerate(damages):
                row = (key_of(f"token {number}"),)
                other.execute(f"UPDATE checkpoints SET record = {damage} WHERE key = ?", row)
        assert [store.load(one.key) for one in some(len(damages) + 1)] == [None] * len(damages) + some(7)[6:]
        assert len(caplog.records) == len(damages)
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)


def damage(path: Path, rng: random.Random) -> None:
    """Some bytes flipped, zeros over a stretch, an end cut off, or a stretch from elsewhere."""
    content = bytearray(path.read_bytes())
    place = rng.choice([rng.randrange(100), rng.randrange(len(content))])  # the header is of special interest
    length = rng.randrange(1, 6000)
    match rng.randrange(4):
        case 0:
            for _ in range(rng.randrange(1, 9)):
                content[rng.choice([place, rng.randrange(len(content))])] ^= rng.randrange(1, 256)
        case 1:
            content[place : place + length] = bytes(len(content[place : place + length]))
        case 2:
            del content[place:]
        case 3:
            source = rng.randrange(len(content) - length)
            content[place : place + length] = content[source : source + length][: len(content[place : place + length])]
    with path.open("r+b") as file:  # the same inode: a store may have it open
        file.write(content)
        file.truncate(len(content))


@pytest.mark.parametrize("when", ["between two servers", "under a server"])
def test_no_damage_of_the_file_stops_a_server(when: str, path: Path, tmp_path: Path) -> None:
    saved = some(12, size=3000)
    with closing(SqliteStore(path)) as store:
        store.save(saved)
    came_back = 0
    for seed in range(250):
        copy = tmp_path / str(seed) / path.name
        copy.parent.mkdir()
        shutil.copy(path, copy)
        rng = random.Random(seed)
        if when == "between two servers":
            damage(copy, rng)
        with closing(SqliteStore(copy)) as store:
            if when == "under a server":
                damage(copy, rng)
            loaded = [store.load(one.key) for one in saved]
            assert all(one in (None, right) for one, right in zip(loaded, saved, strict=True)), f"seed {seed}"
            came_back += sum(one is not None for one in loaded)
            store.save(saved)
            assert [store.load(one.key) for one in saved] == saved, f"seed {seed}"
        shutil.rmtree(copy.parent)
    assert came_back > 250  # damage to one row leaves the others


# -- processes ---------------------------------------------------------------------------------------------------------

START = """
import sys
from pathlib import Path
from app.storage.store import Checkpoint, SqliteStore, Unavailable, key_of
store = SqliteStore(Path(sys.argv[1]), busy_seconds=30)

def batch(name, count=20):
    return [Checkpoint(key_of(f"{name} {i}"), bytes([i]) * 5000, 1e9) for i in range(count)]
"""
WRITE = """
for number in range(int(sys.argv[3])):
    store.save(batch(f"{sys.argv[2]} {number}"))
    print(number, flush=True)
"""
FILL = """
import resource
store.save(batch("first"))
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
saved = 0
try:
    while saved < 100:
        store.save(batch(f"more {saved}"))
        saved += 1
except Unavailable as error:
    print(saved, error)
assert store.load(key_of("first 3")) and store.load(key_of(f"more {saved - 1} 3"))
assert not store.load(key_of(f"more {saved} 0"))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.save(batch("last"))
assert store.load(key_of("last 3"))
"""


def start(script: str, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", START + script, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def found(store: Store, name: str) -> int:
    """How many of a batch that a process wrote are there."""
    loaded = [store.load(key_of(f"{name} {i}")) for i in range(20)]
    assert all(one is None or one.payload == bytes([i]) * 5000 for i, one in enumerate(loaded))
    return sum(one is not None for one in loaded)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_server_loses_nothing_that_was_saved(path: Path) -> None:
    rng = random.Random(1)
    lives: list[int] = []  # how many batches each server had saved when it was killed
    for life in range(6):
        with start(WRITE, path, life, 100_000) as process:
            assert process.stdout
            said = [process.stdout.readline() for _ in range(rng.randrange(1, 30))]
            time.sleep(rng.uniform(0, 0.02))
            process.send_signal(signal.SIGKILL)
            said += process.stdout.readlines()
        lives.append(len(said))
        with closing(SqliteStore(path)) as store:
            for one, batches in enumerate(lives):
                assert {found(store, f"{one} {number}") for number in range(batches)} == {20}
            assert found(store, f"{life} {len(said)}") in (0, 20)  # under way: all of it or nothing
            assert found(store, f"{life} {len(said) + 1}") == 0


def test_two_processes_may_write_at_once(path: Path) -> None:
    """Both begin the file, too."""
    processes = [start(WRITE, path, name, 60) for name in "ab"]
    for process in processes:
        with process:
            process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    with closing(SqliteStore(path)) as store:
        assert {found(store, f"{name} {number}") for name in "ab" for number in range(60)} == {20}
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_file_begun_while_it_is_checked_is_not_set_aside(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its version and its tables are two questions; another process must not begin it between them."""
    saved = some(1)[0]

    def begin() -> None:
        with closing(SqliteStore(path)) as other:
            other.save([saved])

    class Interrupted(sqlite3.Connection):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            if "count(*)" in sql and not others:
                others.append(threading.Thread(target=begin))
                others[0].start()
                others[0].join(timeout=0.5)  # it is done by then if nothing holds it
            return super().execute(sql, parameters)

    others: list[threading.Thread] = []
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", functools.partial(connect, factory=Interrupted))
    with closing(SqliteStore(path)) as store:
        others[0].join()
        assert store.load(saved.key) == saved
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no RLIMIT_FSIZE")
def test_a_full_disk_is_unavailable_and_loses_nothing(path: Path) -> None:
    with start(FILL, path) as process:
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "cannot keep sessions in" in said
    with closing(SqliteStore(path)) as store:
        assert (found(store, "first"), found(store, "last")) == (20, 20)


# -- where -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")
@pytest.mark.parametrize(
    ("named", "folder"),
    [
        (None, "/home/ada/.local/share"),
        ("/data", "/data"),
        ("relative", "/home/ada/.local/share"),  # its specification ignores relative ones
        ("", "/home/ada/.local/share"),
    ],
)
def test_sessions_are_in_the_data_folder_of_the_user(
    named: str | None, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if named is not None:
        monkeypatch.setenv("XDG_DATA_HOME", named)
    assert file_of("") == Path(folder) / "hyperplane" / "sessions.sqlite3"
    assert file_of("/elsewhere/file") == Path("/elsewhere/file")


def test_a_user_without_a_home_is_told_to_name_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as it does for a user that the system does not know
    with pytest.raises(Unavailable, match="name a file"):
        file_of("")


@pytest.mark.parametrize("what", ["deleted", "moved", "replaced"])
def test_a_file_that_is_gone_is_noticed_and_begun_anew(
    what: str, path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """SQLite itself would go on writing into a file without a name."""
    with closing(SqliteStore(path)) as store:
        first, second = some(2)
        store.save([first])
        place = store.place()
        parts = [Path(f"{path}{part}") for part in ("", "-wal", "-shm")]
        for part in parts:
            if what == "deleted":
                part.unlink(missing_ok=True)
            elif part.exists():
                part.rename(tmp_path / part.name)
        if what == "replaced":
            with closing(SqliteStore(path)):
                pass
        assert store.place() != place
        store.save([second])
        assert "gone or another file" in caplog.text
    with closing(SqliteStore(path)) as store:
        assert store.load(second.key) == second
        assert store.load(first.key) is None


@pytest.mark.parametrize("kind", ["device", "link to a device", "folder", "fifo"])
def test_what_is_no_regular_file_is_left_alone(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    if kind == "device":
        place = Path(os.devnull)
    elif kind == "link to a device":
        place.symlink_to(os.devnull)
    elif kind == "folder":
        place.mkdir()
    else:
        os.mkfifo(place)
    before = place.stat().st_mode
    with pytest.raises(Unavailable, match="no regular file"):
        SqliteStore(place)
    assert place.stat().st_mode == before
    assert not list(tmp_path.glob("*-*"))
