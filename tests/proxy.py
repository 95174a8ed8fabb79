"""A TCP proxy that fails on demand: a test can cut, stall, reset and mend it."""

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Self

Fault = Literal["close", "reset", "stall"]
FAULTS: tuple[Fault, ...] = ("close", "reset", "stall")

_CHUNK = 65536
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing discards unsent data and resets the peer


@dataclass(eq=False)
class Link:
    """A connection and its way on."""

    ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    flows: asyncio.Event

    def fail(self, fault: Fault) -> None:
        """Close without a close frame, reset, or go silent without telling anybody."""
        if fault == "stall":
            self.flows.clear()
            return
        for end in self.ends:
            if fault == "reset":
                with suppress(OSError):
                    end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            end.transport.abort()
        self.flows.set()


class Proxy:
    """Passes connections on to `target`, until it is cut; then new ones are refused too.

    It has its own thread and loop; its methods may be called from any thread.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.failed: Counter[Fault] = Counter()  # connections, by fault
        self._whole = True
        self._links: set[Link] = set()
        self._passed = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._accept, "127.0.0.1", 0), self._loop
        ).result()
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(self, *failure: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self, fault: Fault = "close") -> None:
        """Let all present and new connections fail."""
        self._call(lambda: self._cut(fault))

    def mend(self) -> None:
        """Accept new connections again."""
        self._whole = True

    def fail_some(self, rng: random.Random, share: float) -> None:
        """Let a share of the connections fail, each in its own way."""
        self._call(lambda: self._fail_some(rng, share))

    def wait_for_connection(self, seconds: float = 60) -> None:
        """Wait until a connection has come through since the cut."""
        assert self._passed.wait(seconds), "nobody came back"

    # -- in the proxy's thread ----------------------------------------------------------------------------------------

    def _call(self, act: Callable[[], object]) -> None:
        done = threading.Event()

        def work() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(work)
        done.wait()

    async def _end(self) -> None:
        self._server.close()
        self._cut("close")
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)

    def _cut(self, fault: Fault) -> None:
        self._whole = False
        for link in self._links:
            link.fail(fault)
        self._passed.clear()

    def _fail_some(self, rng: random.Random, share: float) -> None:
        for link in self._in_order():
            if rng.random() < share:
                fault = rng.choice(FAULTS)
                link.fail(fault)
                self.failed[fault] += 1

    def _in_order(self) -> list[Link]:
        return sorted(self._links, key=lambda link: str(link.ends[0].get_extra_info("peername")))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        try:
            onward, outward = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:  # the target does not listen
            writer.transport.abort()
            return
        link = Link((writer, outward), asyncio.Event())
        link.flows.set()
        self._links.add(link)
        self._passed.set()
        try:
            await asyncio.gather(_pass_on(reader, outward, link), _pass_on(onward, writer, link))
        finally:
            self._links.discard(link)


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter, link: Link) -> None:
    """Pass data on until one end is gone; then close the other too."""
    with suppress(OSError):
        while data := await source.read(_CHUNK):
            await link.flows.wait()
            target.write(data)
            await target.drain()
    if link.flows.is_set():
        target.close()
