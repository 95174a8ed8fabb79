"""archive.py, cli.py: a store is copied while a server writes to it, and every record of one is read."""

import os
import re
import sqlite3
import stat
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from numpy.testing import assert_array_equal
from typer.testing import CliRunner, Result

from app.protocol import Play, Step
from app.storage import archive, checkpoint
from app.storage.archive import Failed, back_up, take_census
from app.storage.store import Checkpoint, SqliteStore, key_of
from app.terminal.cli import cli
from tests.app.test_resume import serving_here
from tests.app.test_session import make_session
from tests.disk import wait_for_the_disk
from tests.page import page

runner = CliRunner()
PAYLOAD = checkpoint.pack(make_session()[0].freeze())


def run(*arguments: str | Path, **environment: str) -> Result:
    return runner.invoke(cli, ["store", *map(str, arguments)], env=environment)


def beside(path: Path) -> Mapping[str, bytes]:
    """All files of a folder."""
    return {str(each): each.read_bytes() for each in path.iterdir()}


def make_store(path: Path, sessions: int = 3, age: float = 0.0) -> Path:
    with closing(SqliteStore(path)) as store:
        store.save([Checkpoint(key_of(f"{number}"), PAYLOAD, time.time() - age) for number in range(sessions)])
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "server"
    folder.mkdir()
    return make_store(folder / "sessions.sqlite3")


# -- backup ------------------------------------------------------------------------------------------------------------


def test_a_copy_made_while_a_server_trains_brings_its_sessions_back(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    with (
        serving_here(old) as server,
        page(server, page="a", link="#v=1&dataset=xor&hidden=3") as (paused, mine),
        page(server, page="b", link="#v=1&hidden=4") as (playing, other),
    ):
        play, step = playing.send(Play()), paused.send(Step())
        weights = paused.frame(step).tensors["parameters"]
        playing.frame(play)
        wait_for_the_disk(old / "sessions.sqlite3", mine.token, handled=1)
        wait_for_the_disk(old / "sessions.sqlite3", other.token, handled=1)
        result = run("backup", new / "sessions.sqlite3", HYPERPLANE_STORE=str(old / "sessions.sqlite3"))
        assert result.output == f"2 sessions copied to {new / 'sessions.sqlite3'}\n"
        assert [each.name for each in new.iterdir()] == ["sessions.sqlite3"]
        later = playing.frame().epoch
        assert playing.frame().epoch > later  # the server goes on
    with serving_here(new) as server:
        with page(server, page="a", token=mine.token) as (opened, back):
            assert (back.resumed, back.handled) == ("checkpoint", 1)
            frame = opened.frame()
            assert frame.epoch == 1
            assert_array_equal(frame.tensors["parameters"], weights)
        with page(server, page="b", token=other.token) as (_, back):
            assert (back.resumed, back.handled) == ("checkpoint", 1)


def test_a_copy_is_for_this_user_alone(store: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert back_up(store, tmp_path / "copy") == 3
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert take_census(tmp_path / "copy").sessions == 3


def test_a_copy_does_not_hold_up_a_writer(store: Path, tmp_path: Path) -> None:
    """Nor does what is being written get into it."""
    with closing(sqlite3.connect(store, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM checkpoints")
        assert back_up(store, tmp_path / "copy") == 3
        writer.execute("COMMIT")
    assert back_up(store, tmp_path / "later") == 0


def test_a_file_is_replaced_only_when_told(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.write_text("dear")
    result = run("backup", target, HYPERPLANE_STORE=str(store))
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {target} exists: choose another name, or --overwrite it" in result.stderr
    assert target.read_text() == "dear"
    assert run("backup", target, "--overwrite", HYPERPLANE_STORE=str(store)).exit_code == 0
    assert take_census(target).sessions == 3


def test_the_store_itself_is_never_replaced(store: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(store)
    before = beside(store.parent)
    for target in (store, link):
        with pytest.raises(Failed, match="is the store itself"):
            back_up(store, target, overwrite=True)
    assert beside(store.parent) == before


def test_the_store_of_another_server_is_never_replaced(store: Path, tmp_path: Path) -> None:
    """Its log, which lies beside it, would become the log of the copy."""
    other = make_store(tmp_path / "other")
    with closing(SqliteStore(other)):
        assert Path(f"{other}-wal").exists()
        with pytest.raises(Failed, match="may be the store of a server"):
            back_up(store, other, overwrite=True)


@pytest.mark.parametrize(
    ("target", "said"), [("", "is no regular file"), ("none/copy", "there is no folder .*none: make it first")]
)
def test_a_place_where_no_copy_can_be_is_named(target: str, said: str, store: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Failed, match=said):
        back_up(store, tmp_path / target, overwrite=True)
    assert sorted(tmp_path.iterdir()) == before


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("no database, but long enough to be looked at as one" * 100)
    with pytest.raises(Failed, match="file is not a database"):
        back_up(tmp_path / "store", tmp_path / "copy")
    assert [each.name for each in tmp_path.iterdir()] == ["store"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"HYPERPLANE_STORE": "redis://me:secret@there/0"}, "`redis-cli --rdb FILE` copies them"),
        ({"HYPERPLANE_NO_STORE": "true"}, "keeps no sessions"),
        ({"HYPERPLANE_STORE": "nowhere/sessions.sqlite3"}, "there is no file nowhere/sessions.sqlite3"),
    ],
    ids=["redis", "none", "no file"],
)
def test_without_a_file_to_copy_a_line_says_what_to_do(environment: dict[str, str], said: str, tmp_path: Path) -> None:
    result = run("backup", tmp_path / "copy", **environment)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert "secret" not in result.stderr
    assert list(tmp_path.iterdir()) == []


# -- check -------------------------------------------------------------------------------------------------------------


def test_a_good_store_is_counted_and_not_touched(store: Path) -> None:
    before = beside(store.parent)
    result = run("check", store)
    assert result.exit_code == 0
    said = re.sub(r"\s+", " ", result.stdout)
    assert "sessions 3" in said
    assert f"checkpoints of version {checkpoint.VERSION} 3" in said
    assert "cannot be read 0" in said
    assert beside(store.parent) == before


def test_the_store_of_a_running_server_is_counted(store: Path) -> None:
    with closing(SqliteStore(store)) as server:
        server.save([Checkpoint(key_of("new"), PAYLOAD, time.time())])
        assert run("check", HYPERPLANE_STORE=str(store)).exit_code == 0
        assert take_census(store).sessions == 4


def test_what_cannot_be_read_is_told_with_its_reason(store: Path) -> None:
    with closing(SqliteStore(store)) as server:
        server.save([Checkpoint(key_of("junk"), b"junk", 1e9)])
    with closing(sqlite3.connect(store, isolation_level=None)) as database:
        database.execute("UPDATE checkpoints SET record = zeroblob(99) WHERE key = ?", (key_of("1"),))
    result = run("check", store)
    assert result.exit_code == 1
    assert "cannot be read 2" in re.sub(r"\s+", " ", result.stdout)
    assert f"{key_of('1')[:8]}: checksum 00000000 came, expected " in result.stderr
    assert f"{key_of('junk')[:8]}: " in result.stderr
    with closing(SqliteStore(store)) as server:
        assert server.load(key_of("0"))
    assert take_census(store).sessions == 4  # nothing was deleted


def test_a_damaged_file_is_told_and_left_as_it_is(store: Path) -> None:
    content = bytearray(store.read_bytes())
    end = 4 * 16_384  # of the last page that has checkpoints; nothing is in those behind it
    content[end - 9_000 : end] = b"\xff" * 9_000
    store.write_bytes(content)
    before = beside(store.parent)
    result = run("check", store)
    assert result.exit_code == 1
    assert "the file" in result.stderr
    assert "Traceback" not in result.output
    assert beside(store.parent) == before


@pytest.mark.parametrize("content", [b"", b"text" * 500])
def test_what_is_no_store_is_one_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    result = run("check", tmp_path / "file")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: cannot read {tmp_path / 'file'}: ")
    assert result.stderr.count("\n") == 1
    assert beside(tmp_path) == {str(tmp_path / "file"): content}


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "5 seconds"), (300, "5 minutes"), (9_000, "2 hours"), (400_000, "5 days")]
)
def test_an_age_is_told_in_words(seconds: float, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1e9)
    assert archive.age(1e9 - seconds) == f"{said} ago"
