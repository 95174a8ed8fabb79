"""sessions.py: what leaves memory. Who gets which session is in test_resume.py and test_live.py."""

import asyncio
import gc
import weakref
from contextlib import closing
from pathlib import Path

from app.config import Config
from app.links import read_link
from app.sessions.register import Sessions
from app.sessions.scheduler import Scheduler
from app.sessions.seat import Seat
from app.storage.checkpoint_writer import Keeper
from app.storage.store import SqliteStore


async def come_and_go(sessions: Sessions) -> "weakref.ref[Seat]":
    seat = (await sessions.place(None, "a page", read_link(""))).seat
    sessions.leave(seat, seat.connect(lambda: None))
    return weakref.ref(seat)


def test_a_session_that_has_made_room_is_gone_before_its_time(tmp_path: Path) -> None:
    """It was kept by the timer that would have ended it: 1,200 of them where ten visitors came every second."""

    async def run() -> None:
        config = Config(sessions=1, reserve=0, pause_seconds=0, keep_seconds=3600)
        with closing(SqliteStore(tmp_path / "sessions.sqlite3")) as store:
            keeper, scheduler = Keeper(store), Scheduler(1)
            sessions = Sessions(config, scheduler, keeper)
            scheduler.start()
            first = await come_and_go(sessions)
            await asyncio.sleep(0.01)
            await come_and_go(sessions)
            assert len(sessions) == 1
            for _ in range(500):  # the thread may be in its last turn
                gc.collect()
                if first() is None:
                    break
                await asyncio.sleep(0.01)
            assert first() is None
            scheduler.stop()
            keeper.close()

    asyncio.run(run())
