"""checkpoint.py, store.py, register.py: points that somebody gave outlive the server, once for all that name them."""

import asyncio
import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from safetensors.numpy import load, save

from app.client import metadata
from app.config import Config
from app.labs.plane.edits import AddNeuron, RegenerateData
from app.links import read_link
from app.messages import Command, Edit
from app.protocol import Change, Rejected, Reset, State, Step
from app.sessions.register import Sessions
from app.sessions.scheduler import Scheduler
from app.sessions.session import Session
from app.storage.archive import back_up, take_census
from app.storage.checkpoint import VERSION, Unreadable, pack, unpack, version_of
from app.storage.checkpoint_writer import Keeper
from app.storage.store import Checkpoint, Content, SqliteStore, Store, key_of
from engine.labs.plane.given import give_classes, give_values
from engine.labs.plane.settings import Settings
from engine.runs.data import Given
from tests.app.test_session import make_session, tell
from tests.app.test_store import some

PLACES = np.random.default_rng(3).uniform(-6, 6, (80, 2))
POINTS = give_classes(PLACES, np.arange(80) % 4, ("width", "height", "kind"), ("a", "b", "c", "d"))
OTHERS = give_values(PLACES, PLACES[:, 0] / 6)


class Give(Edit):
    """As a command of the page would give them."""

    type: Literal["give"] = "give"
    which: int = 0

    def apply(self, run: Any) -> None:
        run.learn((POINTS, OTHERS)[self.which])


def content(given: Given) -> Content:
    return Content(given.ref.digest, given.content)


def session_with_points(**settings: Any) -> Session:
    session, _ = make_session(Settings(hidden=(4,), batch_size=7, **settings))
    tell(session, Give())
    for _ in range(3):
        tell(session, Step())
    return session


def saved(session: Session, token: str, saved_at: float | None = None) -> Checkpoint:
    frozen = session.freeze()
    return Checkpoint(key_of(token), pack(frozen), saved_at or time.time(), frozen.content)


# -- a session ---------------------------------------------------------------------------------------------------------


def test_a_session_is_told_of_given_points_like_of_any_others() -> None:
    session, _ = make_session()
    session.receive(Give(seq=1))
    state, points = session.outbox
    assert isinstance(state, State)
    assert isinstance(points, bytes)
    facts = state.facts
    assert (facts["problem"], facts["classes"], facts["is_fixed"], facts["shape"][-1]) == (
        "classification",
        4,
        False,
        4,
    )
    assert state.settings["dataset"] == "own"
    assert load(points)["train"].shape == (40, 3)
    assert load(points)["test"].shape == (40, 3)


def test_a_change_that_they_do_not_allow_is_rejected_and_the_run_goes_on() -> None:
    session = session_with_points()
    answer = tell(session, Change(seq=9, settings={"classes": 2}))
    assert isinstance(answer, Rejected)
    assert "at least 4" in answer.model_dump_json()
    assert isinstance(tell(session, Step(seq=10)), State)
    assert session.trainer.given is POINTS


def test_a_link_or_a_change_brings_no_points() -> None:
    """A link of such a run is mended where it is opened; a set cannot be chosen whose points nobody has given."""
    session = session_with_points()
    link = read_link(tell(session, Step()).link)  # type: ignore[union-attr]
    assert (link.experiment.settings.dataset, link.experiment.settings.hidden) == ("circle", (4,))
    assert len(link.repairs) == 1
    assert link.repairs[0].startswith("dataset: “own” came, expected the points with it, or a set that can be drawn")
    drawn, _ = make_session()
    answer = tell(drawn, Change(seq=1, settings={"dataset": "own"}))
    assert isinstance(answer, Rejected)
    assert drawn.trainer.settings == Settings()


def test_a_run_that_failed_begins_anew_with_them() -> None:
    session = session_with_points()
    session.fail()
    tell(session, Reset(seq=9))
    assert session.trainer.given is POINTS
    assert session.trainer.epoch == 0


# -- a checkpoint ------------------------------------------------------------------------------------------------------


def find_in(*contents: Content) -> Callable[[str], bytes | None]:
    return {each.digest: each.data for each in contents}.get


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("order", ["sequence", "shuffle", "random"])
def test_training_goes_on_bit_for_bit_elsewhere(which: int, order: Any) -> None:
    session = session_with_points(order=order, method="adam", batch_norm=True, dropout=0.1)
    tell(session, Give(which=which))
    for _ in range(3):
        tell(session, Step(unit="batch"))
    frozen = session.freeze()
    other, _ = make_session()
    other.thaw(unpack(pack(frozen), find_in(frozen.content)))  # type: ignore[arg-type]
    assert_array_equal(other.trainer.data.test, session.trainer.data.test)
    for each in (session, other):
        for command in (Step(), AddNeuron(layer=1), Step(), Change(settings={"train_share": 30}), Step()):
            assert isinstance(tell(each, command), State)
    assert_array_equal(other.trainer.parameters, session.trainer.parameters)
    assert_array_equal(other.trainer.history.samples, session.trainer.history.samples)
    assert other.trainer.moment().data == session.trainer.moment().data


def test_a_checkpoint_names_its_points_and_does_not_have_them() -> None:
    session = session_with_points()
    frozen = session.freeze()
    payload = pack(frozen)
    assert version_of(payload) == VERSION
    rest = json.loads(metadata(payload)["session"])
    assert rest["data"] == {
        **asdict(POINTS.ref),
        "columns": ["width", "height", "kind"],
        "classes": ["a", "b", "c", "d"],
    }
    assert PLACES[:4].tobytes() not in payload
    assert frozen.content == content(POINTS)
    assert hashlib.sha256(POINTS.content).hexdigest() == rest["data"]["digest"]


def test_a_checkpoint_of_drawn_points_names_no_content() -> None:
    session = session_with_points()
    tell(session, Change(settings={"dataset": "xor"}))
    frozen = session.freeze()
    assert frozen.content is None
    assert version_of(pack(frozen)) == VERSION
    assert json.loads(metadata(pack(frozen))["session"])["data"] is None
    assert unpack(pack(frozen)).moment.given is None


GOOD = pack(session_with_points().freeze())


def changed(**changes: Any) -> bytes:
    rest = json.loads(metadata(GOOD)["session"])
    return save(load(GOOD), {"session": json.dumps({**rest, **changes})})


REF = json.loads(metadata(GOOD)["session"])["data"]


@pytest.mark.parametrize(
    ("payload", "contents", "message"),
    [
        (GOOD, [], f"the examples {POINTS.ref.digest[:8]} that were given for it are not in the store"),
        (GOOD, [content(OTHERS)], "are not in the store"),
        (GOOD, [Content(POINTS.ref.digest, OTHERS.content)], f"came, expected {POINTS.ref.digest[:8]} as they were"),
        (GOOD, [Content(POINTS.ref.digest, POINTS.content[:-1])], "came, expected numbers that are there"),
        (GOOD, [Content(POINTS.ref.digest, b"")], ""),
        (changed(data={**REF, "count": 79}), [content(POINTS)], "as they were given"),
        (changed(data={**REF, "digest": "x"}), [content(POINTS)], "are not in the store"),
        (changed(data={}), [content(POINTS)], ""),
        (changed(data=7), [content(POINTS)], ""),
    ],
)
def test_a_checkpoint_without_its_own_points_is_refused(payload: bytes, contents: list[Content], message: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        unpack(payload, find_in(*contents))
    assert message in str(refusal.value)


@pytest.mark.parametrize("data", [None, asdict(OTHERS.ref)])
def test_points_that_the_settings_do_not_learn_are_refused(data: Any) -> None:
    session, _ = make_session()
    frozen = unpack(changed(data=data), find_in(content(OTHERS)))
    with pytest.raises(ValueError, match="dataset: 'own' came"):
        session.thaw(frozen)
    assert session.run == 1


# -- the store ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions.sqlite3"


@pytest.fixture
def sqlite(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as store:
        yield store


@pytest.fixture(params=["sqlite", "redis"])
def store(request: pytest.FixtureRequest) -> Store:
    """Both are the same to those who use them."""
    found: Store = request.getfixturevalue(request.param)
    return found


def with_content(checkpoint: Checkpoint, data: bytes) -> Checkpoint:
    return replace(checkpoint, content=Content(hashlib.sha256(data).hexdigest(), data))


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def kept(path: Path) -> list[bytes]:
    with closing(sqlite3.connect(path)) as database:
        return sorted(data for (data,) in database.execute("SELECT content FROM contents"))


def test_what_a_checkpoint_names_is_found_by_its_digest(store: Store) -> None:
    first, second, third = some(3)
    store.save([with_content(first, b"red"), with_content(second, b"red"), third])
    assert store.load(first.key) == first
    assert store.find(digest_of(b"red")) == b"red"
    assert store.find(digest_of(b"blue")) is None


def test_a_content_is_kept_once_and_as_long_as_a_checkpoint_names_it(sqlite: SqliteStore, path: Path) -> None:
    first, second = some(2)
    sqlite.save([with_content(first, b"red"), with_content(second, b"red")])
    assert kept(path) == [b"red"]
    sqlite.save([with_content(first, b"blue")])  # other points
    assert kept(path) == [b"blue", b"red"]
    sqlite.save([second])  # drawn ones
    assert kept(path) == [b"blue"]
    sqlite.save([with_content(first, b"blue"), with_content(second, b"blue")])
    sqlite.delete([first.key])
    assert kept(path) == [b"blue"]
    sqlite.delete([second.key])
    assert kept(path) == []
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM uses").fetchone() == (0,)


def test_contents_leave_with_the_checkpoints_that_are_purged(sqlite: SqliteStore, path: Path) -> None:
    for age, checkpoint in enumerate(some(6)):
        sqlite.save([with_content(replace(checkpoint, saved_at=1000.0 + age), b"%d" % age)])
    sqlite.purge(older_than=1002.0, most=9)
    assert kept(path) == [b"2", b"3", b"4", b"5"]
    sqlite.purge(older_than=0.0, most=1)
    assert kept(path) == [b"5"]


def test_contents_of_a_server_that_knows_none_leave_too(sqlite: SqliteStore, path: Path) -> None:
    """It goes on with the same file, and deletes checkpoints by the statements that it has."""
    sqlite.save([with_content(some(1)[0], b"red")])
    with closing(sqlite3.connect(path)) as older, older:
        older.execute("DELETE FROM checkpoints WHERE key = ?", (some(1)[0].key,))
    assert kept(path) == []


def test_a_file_of_a_server_that_knew_no_contents_is_gone_on_with(path: Path) -> None:
    table = "CREATE TABLE checkpoints (key TEXT PRIMARY KEY NOT NULL, saved_at REAL NOT NULL, record BLOB NOT NULL)"
    with closing(SqliteStore(path)) as store:
        store.save(some(3))
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT * FROM checkpoints").fetchall()
    path.unlink()
    with closing(sqlite3.connect(path)) as older, older:
        older.execute(table)
        older.execute("CREATE INDEX checkpoints_by_age ON checkpoints (saved_at)")
        older.executemany("INSERT INTO checkpoints VALUES (?, ?, ?)", rows)
        older.execute("PRAGMA user_version = 1")
    assert take_census(path).sessions == 3
    with closing(SqliteStore(path)) as store:
        assert store.load(some(1)[0].key) == some(1)[0]
        assert store.find(digest_of(b"red")) is None
        store.save([with_content(some(1)[0], b"red")])
        assert store.find(digest_of(b"red")) == b"red"
    with closing(sqlite3.connect(path)) as older, older:  # which may save again
        older.executemany("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)", rows)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_damaged_content_is_absent_and_saved_again(
    sqlite: SqliteStore, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint = with_content(some(1)[0], b"red")
    for damage in ("'ref'", "x''", "7"):
        sqlite.save([checkpoint])
        assert sqlite.find(digest_of(b"red")) == b"red"
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(f"UPDATE contents SET content = {damage}")
        caplog.clear()
        assert sqlite.find(digest_of(b"red")) is None
        assert f"the content {digest_of(b'red')[:8]} is damaged" in caplog.text


def test_a_content_is_found_before_it_is_written(sqlite: SqliteStore) -> None:
    keeper = Keeper(sqlite, every_seconds=1e6)
    keeper.put("a", b"1", Content(digest_of(b"red"), b"red"))
    assert sqlite.find(digest_of(b"red")) is None
    assert keeper.find(digest_of(b"red")) == b"red"
    assert keeper.find(digest_of(b"blue")) is None
    keeper.close()
    assert sqlite.find(digest_of(b"red")) == b"red"


def test_backup_and_check_know_the_points(sqlite: SqliteStore, path: Path, tmp_path: Path) -> None:
    sqlite.save([saved(session_with_points(), "a")])
    back_up(path, tmp_path / "copy")
    census = take_census(tmp_path / "copy")
    assert (census.sessions, dict(census.versions), census.faults) == (1, {VERSION: 1}, [])
    with closing(sqlite3.connect(tmp_path / "copy")) as copy, copy:
        copy.execute("DELETE FROM contents")
    faults = take_census(tmp_path / "copy").faults
    assert len(faults) == 1
    assert f"the examples {POINTS.ref.digest[:8]} that were given for it are not in the store" in faults[0]


# -- servers -----------------------------------------------------------------------------------------------------------


class Server:
    """All of a server but its sockets, on a store."""

    def __init__(self, store: Store) -> None:
        self._keeper, self._scheduler = Keeper(store), Scheduler(1)
        self.sessions = Sessions(Config(), self._scheduler, self._keeper)

    async def __aenter__(self) -> "Server":
        self._scheduler.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._scheduler.stop)
        self.sessions.save_all()
        await asyncio.to_thread(self._keeper.close)


def test_a_run_with_given_points_survives_the_end_of_the_server(store: Store) -> None:
    straight, _ = make_session(Settings(hidden=(2,)))
    before: list[Command] = [Give(seq=1), Step(seq=2), RegenerateDataTo(seq=3), Step(seq=4)]
    after: list[Command] = [Step(seq=5), Step(seq=6)]

    async def life(token: str | None, resumed: str, commands: list[Command]) -> tuple[str, Any]:
        async with Server(store) as server:
            place = await server.sessions.place(token, "a page", read_link("#v=1&hidden=2"))
            assert place.resumed == resumed
            place.seat.connect(lambda: None)
            loop, done = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

            def tell_run(session: Session) -> None:
                loop.call_soon_threadsafe(done.set_result, session.trainer)

            for command in commands:
                place.seat.post(command)
            place.seat.ask(tell_run)
            server.sessions.wake(place.seat)
            return place.seat.token, await asyncio.wait_for(done, 20)

    token, _ = asyncio.run(life(None, "none", before))
    assert store.find(POINTS.ref.digest) == POINTS.content
    _, run = asyncio.run(life(token, "checkpoint", after))
    for command in [*before, *after]:
        tell(straight, command)
    assert run.epoch == straight.trainer.epoch
    assert run.moment().data == POINTS.ref
    assert_array_equal(run.parameters, straight.trainer.parameters)
    assert_array_equal(run.history.samples, straight.trainer.history.samples)


class RegenerateDataTo(RegenerateData):
    """The same seed each time."""

    def apply(self, run: Any) -> None:
        run.change(replace(run.settings, seed="another", draw=0))


def test_a_server_goes_on_where_the_points_of_a_session_are_lost(
    sqlite: SqliteStore, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sqlite.save([saved(session_with_points(), "lost"), saved(make_session()[0], "whole")])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM contents")

    async def run() -> list[str]:
        async with Server(sqlite) as server:
            places = [await server.sessions.place(token, token, read_link("")) for token in ("lost", "whole")]
            return [place.resumed for place in places]

    assert asyncio.run(run()) == ["none", "checkpoint"]
    said = (
        f"a session cannot be resumed: the examples {POINTS.ref.digest[:8]} that were given for it are not in the store"
    )
    assert said in caplog.text
