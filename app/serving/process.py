"""Runs the server until a signal ends it: in one process, or in workers behind a front."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from types import FrameType
from typing import Any, cast

import uvicorn

from app.config import Config, unknown_variables
from app.serving import arenas
from app.serving.application import Server, create_app
from app.serving.front import Front
from app.serving.hangup import on_hangup
from app.serving.http import http_protocol
from app.serving.logs import configure, name_worker
from app.serving.shared_figures import Board, Peers
from app.serving.websocket import live_protocol
from engine.warm_up import Report

if sys.platform != "win32":
    import resource

log = logging.getLogger(__name__)

_END_WITHIN = 5  # seconds
_OTHER_FILES = 200  # besides connections
_QUIET = 1_000  # HTTP connections without a request that may wait in a process
_TAKEN_AT_ONCE = 32  # connections, before other events get their turn


class _Uvicorn(uvicorn.Server):
    """Drains when it is told to end; uvicorn itself closes sockets before it tells the application.

    A worker's connections come from the front, through a channel.
    """

    def __init__(self, config: uvicorn.Config, server: Server, channel: socket.socket | None = None) -> None:
        super().__init__(config)
        self._server = server
        self._channel = channel
        self._adopting: set[asyncio.Task[Any]] = set()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        if not self._channel:  # a worker's front decides
            on_hangup(lambda: self.handle_exit(signal.SIGTERM, None))
        await super().serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._channel:
            self._channel.setblocking(False)
            self._loop.add_reader(self._channel, self._take, self._channel)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._channel:  # just as uvicorn stops listening
            self._loop.remove_reader(self._channel)
            self._channel.close()
        await super().shutdown(sockets)

    def _take(self, channel: socket.socket) -> None:
        """Take connections that the front hands over; the end of the channel means that the front has ended."""
        for _ in range(_TAKEN_AT_ONCE):
            try:
                said, files, _, _ = socket.recv_fds(channel, 1, 1)
            except BlockingIOError:
                return
            if not said:
                self._loop.remove_reader(channel)
                self.handle_exit(signal.SIGTERM, None)
                return
            if not files:
                log.warning("a connection is lost: this process cannot open more files")
            for file in files:
                self._adopt(socket.socket(fileno=file))

    def _adopt(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        adopting = self._loop.create_task(self._loop.connect_accepted_socket(self._protocol, connection))
        self._adopting.add(adopting)
        adopting.add_done_callback(self._adopting.discard)

    def _protocol(self) -> asyncio.Protocol:
        """Make the protocol as uvicorn does for a connection that it accepts itself."""
        made: asyncio.Protocol = cast("Any", self.config.http_protocol_class)(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain on the first signal; a second one ends at once."""
        if self._server.draining:
            super().handle_exit(sig, frame)
            return
        self._server.draining = True
        self._loop.call_soon_threadsafe(self._drain, sig)  # nothing else is safe in a signal handler

    def _drain(self, sig: int) -> None:
        if not self._server.compiled.is_set():  # compiling cannot be interrupted, and no session exists yet
            log.info("the server ends before it was ready")
            os._exit(0)
        self._draining = self._loop.create_task(self._server.drain())
        self._draining.add_done_callback(lambda _: self._end(sig))

    def _end(self, sig: int) -> None:
        super().handle_exit(sig, None)


def serve(config: Config, report: Report | None = None) -> None:
    """Serve until a signal ends it. Raises SystemExit."""
    configure(config.log_format, config.log_level)
    arenas.keep_few()
    for name, meant in unknown_variables(os.environ).items():
        log.warning("%s is no setting%s", name, f": {meant} may be meant" if meant else "")
    files = _allow_files(config.connections)
    if config.workers == 1:
        _run(config, report)
        return

    def run(number: int, channel: socket.socket, board: Board) -> None:
        name_worker(number)
        _run(config.share, None if number else report, Peers(board, number), channel)

    try:
        front = Front(config, run, files)
    except OSError as error:
        log.error("cannot listen at %s, port %d: %s", config.host, config.port, error)
        raise SystemExit(1) from error
    gc.freeze()  # so that workers share the memory that they do not touch
    raise SystemExit(front.serve())


def _allow_files(connections: int) -> int:
    """Raise the limit of open files, one per connection: shells often allow 1,024, on a Mac 256. Returns the limit."""
    wanted = connections + _QUIET + _OTHER_FILES
    if sys.platform == "win32":
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < connections + _OTHER_FILES:
        log.warning("%d files can be open, and %d connections are allowed", most, connections)
    return most


def _run(
    config: Config, report: Report | None, peers: Peers | None = None, channel: socket.socket | None = None
) -> None:
    """Run one process: a whole server, or a worker."""
    server = Server(config, report, peers)
    uvicorn_config = uvicorn.Config(
        create_app(server),
        host=config.host,
        port=config.port,
        http=http_protocol(config.request_seconds, _QUIET, is_worker=channel is not None),
        ws=live_protocol(config.message_fragments),
        ws_max_size=config.message_bytes,
        ws_per_message_deflate=False,  # it takes 12 to 80 times the processor time for a frame, and allows bombs
        ws_ping_interval=config.ping_seconds,
        ws_ping_timeout=config.ping_seconds,
        server_header=False,
        proxy_headers=False,  # uvicorn would trust any client on this machine: see app/serving/addresses.py
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=_END_WITHIN,
    )
    _Uvicorn(uvicorn_config, server, channel).run([] if channel else None)
