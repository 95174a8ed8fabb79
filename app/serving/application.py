"""A worker, or all of a server: routes, the engine's threads, start and end."""

import asyncio
import gc
import logging
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
from fastapi import APIRouter, FastAPI, WebSocket
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from app.config import Config
from app.pages.assets import STATIC
from app.pages.files import Files
from app.pages.routes import page_routes
from app.serving.base_path import BasePath
from app.serving.exports import export_routes
from app.serving.guard import Guard
from app.serving.live import FULL, Live
from app.serving.monitoring import CONTENT_TYPE, Monitoring, merged, page
from app.serving.quotas import Quotas
from app.serving.shared_figures import Figures, Peers
from app.serving.tables import table_routes
from app.sessions.register import Sessions
from app.sessions.scheduler import Scheduler
from app.storage.checkpoint_writer import Keeper
from app.storage.claims import Claims
from app.storage.redis_store import RedisStore
from app.storage.store import SqliteStore, Store, Unavailable, file_of
from engine.kernel import is_compiled
from engine.warm_up import Report, warm_up

log = logging.getLogger(__name__)

_TIDY_SECONDS = 300
_SIBLING_SECONDS = 0.5  # that a page waits for a session of another worker, which may be about to end


class Server:
    """What the routes share."""

    def __init__(self, config: Config, report: Report | None = None, peers: Peers | None = None) -> None:
        self.config = config
        self.peers = peers or Peers()
        self.scheduler = Scheduler(config.threads)
        self._store = _open_store(config)
        self.keeper = Keeper(self._store) if self._store else None
        self.sessions = Sessions(config, self.scheduler, self.keeper, self._claims(), self._quotas())
        if self.keeper:
            self.keeper.on_loss = self.sessions.write_anew
        self.refusals = Counter({FULL: 0})  # by close code or status; an alert needs the first of these to be a change
        self.live = Live(config, self.sessions, self.refusals)
        self.monitoring = Monitoring(
            config, self.peers.number, self.sessions, self.scheduler, self.keeper, self.refusals
        )
        self.compiled = asyncio.Event()
        self.draining = False
        self._has_stopped = False
        self._report = report

    def _claims(self) -> Claims:
        if isinstance(self._store, RedisStore):  # the lock of a server that was killed ends by itself, with its lease
            return Claims(self._store, self.keeper, 1.5 * self.config.lease_seconds, are_shared=True)
        return Claims(self.peers.locks, self.keeper, _SIBLING_SECONDS)

    def _quotas(self) -> Quotas:
        per_address, per_minute = self.config.sessions_per_address, self.config.new_sessions_per_minute
        return Quotas(per_address, per_minute, self.peers.locks, self.peers.secret)

    async def compile(self) -> None:
        """The engine, in a thread, so that pages and health checks are answered meanwhile; by one worker for all."""
        is_cold = not is_compiled()
        while is_cold and not self.peers.first_is_ready:  # noqa: ASYNC110  another process sets no event
            await anyio.sleep(0.1)
        await anyio.to_thread.run_sync(warm_up, self._report)
        gc.collect()
        gc.freeze()  # what the compiler leaves made collections of 40 to 115 ms, in the middle of somebody's turn
        self.scheduler.start()
        self.compiled.set()
        self.peers.tell(self.own())

    async def tidy(self) -> None:
        """Sessions that nobody has come back to leave the disk, and the oldest of more than it may have."""
        while self._store:
            with suppress(Unavailable):
                oldest = time.time() - self.config.store_hours * 3600
                await anyio.to_thread.run_sync(self._store.purge, oldest, self.config.store_sessions)
            await anyio.sleep(_TIDY_SECONDS)

    def own(self) -> Figures:
        """Of this process, for its peers."""
        return {**self.monitoring.own(), "ready": self.is_ready}

    async def tell(self) -> None:
        """Its peers and the front."""
        await self.peers.keep_telling(self.own)

    async def all(self) -> list[Figures]:
        """The same of all workers."""
        return [self.own(), *await self.peers.ask()]

    async def renew_claims(self) -> None:
        """Again and again."""
        while True:
            await self.sessions.renew_claims()
            await anyio.sleep(self.config.lease_seconds / 3)

    async def drain(self) -> None:
        """Tell the pages, let nobody in, and put all on disk, while their connections still stand."""
        self.sessions.end()
        if self.compiled.is_set():
            await anyio.to_thread.run_sync(self.stop)

    def stop(self) -> None:
        """No more turns, and the last checkpoints on disk."""
        if self._has_stopped:
            return
        self._has_stopped = True
        self.scheduler.stop()
        if self.keeper:
            self.keeper.look()
        self.sessions.save_all()
        if self.keeper and self._store:
            self.keeper.close()
            self.sessions.let_all_go()
            self._store.close()
        log.info("the server has stopped", extra={"sessions": len(self.sessions)})

    @property
    def is_ready(self) -> bool:
        return self.compiled.is_set() and not self.draining


def _open_store(config: Config) -> Store | None:
    """What keeps sessions beyond the life of the server; a file that cannot be used is no reason not to serve."""
    if config.no_store:
        return None
    try:
        if config.has_redis:
            return RedisStore(config.store, secrets.token_hex(8), config.store_hours * 3600, config.lease_seconds)
        return SqliteStore(file_of(config.store))
    except Unavailable as error:
        log.warning("sessions end with the server: %s", error)
        return None


def create_app(server: Server) -> Any:
    """The ASGI application."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        compiling = asyncio.create_task(server.compile())
        upkeep = [asyncio.create_task(task()) for task in (server.tidy, server.renew_claims, server.tell)]
        yield
        for task in upkeep:
            task.cancel()
        await compiling  # a kernel that is being compiled cannot be interrupted
        await anyio.to_thread.run_sync(server.stop)

    files = Files(STATIC)
    app = FastAPI(title="Hyperplane", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(BasePath, root_path=server.config.root_path)
    app.include_router(page_routes(files))
    app.include_router(table_routes(server.config, server.refusals))
    app.include_router(export_routes(server.config, server.refusals, server.scheduler))
    app.include_router(_operators_routes(server))
    app.mount("/static", files, name="static")

    @app.websocket("/live")
    async def live_session(socket: WebSocket) -> None:
        """A page's session; while the engine compiles it waits."""
        await server.compiled.wait()
        await server.live.serve(socket)

    return Guard(app, server.config.allowed_hosts, server.config.frame_ancestors, server.refusals)


def _operators_routes(server: Server) -> APIRouter:
    """What those ask who run it."""
    router = APIRouter()

    @router.get("/healthz")
    async def health() -> dict[str, str]:
        """The process lives."""
        return {"status": "alive"}

    @router.get("/readyz", responses={503: {"description": "It compiles, or it ends."}})
    async def readiness() -> JSONResponse:
        """Visitors can be sent here."""
        workers = await server.all()
        is_ready = all(figures.get("ready") for figures in workers)
        status = "ready" if is_ready else "draining" if server.draining else "compiling"
        figures = merged(workers)
        counts = {"sessions": figures["sessions"], "connected": figures["sessions_connected"]}
        return JSONResponse({"status": status, **counts}, 200 if status == "ready" else 503)

    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:
        """For Prometheus."""
        return Response(page([*await server.all(), server.peers.of_the_front]), media_type=CONTENT_TYPE)

    return router
