"""The server: routes, the engine's threads, start and end."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import anyio
import uvicorn
from fastapi import FastAPI, WebSocket
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from app import live, pages
from app.assets import STATIC
from app.config import Config
from app.guard import Guard
from app.keeper import Keeper
from app.monitoring import CONTENT_TYPE, Monitoring
from app.scheduler import Scheduler
from app.sessions import Sessions
from app.store import SqliteStore, Store, Unavailable, default_path
from app.websocket import LiveProtocol
from engine.warm_up import Report, warm_up

log = logging.getLogger(__name__)

_MAX_MESSAGE = 64 * 1024  # bytes; the largest good message has a few hundred
_END_WITHIN = 5  # seconds
_TIDY_SECONDS = 3600


class Server:
    """What the routes share."""

    def __init__(self, config: Config, report: Report | None = None) -> None:
        self.config = config
        self.scheduler = Scheduler(config.threads)
        self._store = _open_store(config)
        self.keeper = Keeper(self._store) if self._store else None
        self.sessions = Sessions(config, self.scheduler, self.keeper)
        self.monitoring = Monitoring(self.sessions, self.scheduler, self.keeper)
        self.compiled = asyncio.Event()
        self.draining = False
        self._report = report

    async def compile(self) -> None:
        """The engine, in a thread, so that pages and health checks are answered meanwhile."""
        await anyio.to_thread.run_sync(warm_up, self._report)
        self.scheduler.start()
        self.compiled.set()

    async def tidy(self) -> None:
        """Sessions that nobody has come back to leave the disk."""
        while self._store:
            with suppress(Unavailable):
                oldest = time.time() - self.config.store_hours * 3600
                await anyio.to_thread.run_sync(self._store.purge, oldest)
            await anyio.sleep(_TIDY_SECONDS)

    def stop(self) -> None:
        """No more turns, and the last checkpoints on disk."""
        self.scheduler.stop()
        self.sessions.save_all()
        if self.keeper and self._store:
            self.keeper.close()
            self._store.close()

    @property
    def is_ready(self) -> bool:
        return self.compiled.is_set() and not self.draining


def _open_store(config: Config) -> Store | None:
    """What keeps sessions beyond the life of the server; a file that cannot be used is no reason not to serve."""
    if config.no_store:
        return None
    try:
        return SqliteStore(Path(config.store) if config.store else default_path())
    except Unavailable as error:
        log.warning("sessions end with the server: %s", error)
        return None


class _Files(StaticFiles):
    """Pages must not mix files of two versions: the browser asks each time and is told 304."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def create_app(server: Server) -> Any:
    """The ASGI application."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        compiling = asyncio.create_task(server.compile())
        tidying = asyncio.create_task(server.tidy())
        yield
        tidying.cancel()
        await compiling  # a kernel that is being compiled cannot be interrupted
        await anyio.to_thread.run_sync(server.stop)

    app = FastAPI(title="Hyperplane", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(pages.router)
    app.mount("/static", _Files(directory=STATIC), name="static")

    @app.get("/healthz")
    async def health() -> dict[str, str]:
        """The process lives."""
        return {"status": "alive"}

    @app.get("/readyz")
    async def readiness() -> JSONResponse:
        """Visitors can be sent here."""
        status = "ready" if server.is_ready else "draining" if server.draining else "compiling"
        return JSONResponse({"status": status, "sessions": len(server.sessions)}, 200 if server.is_ready else 503)

    @app.get("/metrics")
    async def metrics() -> Response:
        """For Prometheus."""
        return Response(server.monitoring.page(), media_type=CONTENT_TYPE)

    @app.websocket("/live")
    async def live_session(socket: WebSocket) -> None:
        """A page's session; while the engine compiles it waits."""
        await server.compiled.wait()
        await live.serve(socket, server.sessions)

    return Guard(app, server.config.allowed_hosts, server.config.frame_ancestors)


class _Uvicorn(uvicorn.Server):
    """Says that it drains as soon as it is told to end: uvicorn closes sockets before the application hears of it."""

    def __init__(self, config: uvicorn.Config, server: Server) -> None:
        super().__init__(config)
        self._server = server

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._server.draining = True
        super().handle_exit(sig, frame)


def serve(config: Config, report: Report | None = None) -> None:
    """Serve until a signal ends it."""
    server = Server(config, report)
    uvicorn_config = uvicorn.Config(
        create_app(server),
        host=config.host,
        port=config.port,
        ws=LiveProtocol,
        ws_max_size=_MAX_MESSAGE,
        ws_per_message_deflate=False,  # 12 to 80 times the processor time for a frame, and a way to send bombs
        ws_ping_interval=20,
        ws_ping_timeout=20,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=_END_WITHIN,
    )
    _Uvicorn(uvicorn_config, server).run()
