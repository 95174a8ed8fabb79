"""Simulates visitors without a browser, who play, draw at sixty frames a second, acknowledge, and sometimes click."""

import asyncio
import random
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from app.client import Client, Frame
from app.protocol import Change, Play, Visible, Welcome
from app.terminal.load.figures import Report, Usage, jain, percentiles, spread
from app.terminal.load.process import Sample, listening_on, sample

Mode = Literal["playing", "paused", "hidden"]

_ARRIVALS = 100  # new connections a second; `burst` tests all at once
_TICK = 1 / 60  # a page draws and acknowledges at the screen's rate
_SETTLE = 2.0  # seconds of play before measuring begins
_EXPERIMENTS = (
    "",
    "#v=1&dataset=xor&hidden=8,8&activation=relu",
    "#v=1&dataset=spiral&hidden=8,8,8,8,8,8&inputs=x,y,xSquared,ySquared,xTimesY,sinX,sinY",
    "#v=1&dataset=spiral&classes=4&hidden=16,16&activation=relu&method=adam&learning_rate=0.003",
    "#v=1&dataset=reg-gauss&hidden=12,8&learning_rate=0.01",
)
_HEAVY = "#v=1&dataset=spiral&hidden=64,64,64,64,64,64,64,64,64&batch_size=1&learning_rate=0.001"  # 33,537 parameters


@dataclass(frozen=True)
class Plan:
    """The parameters of a load run."""

    url: str
    sessions: int
    seconds: float
    mode: Mode = "playing"
    clicks_per_second: float = 0.2  # of each session
    seed: int = 0
    heavy: int = 0  # sessions with the network of `heavy_link`
    stay_seconds: float = 0  # mean time until a visitor leaves and another comes; 0 means for ever
    pid: int | None = None  # of the server; by default found by its port
    heavy_link: str = _HEAVY


@dataclass
class Visitor:
    """One page. Its figures are cleared when measuring begins."""

    number: int
    plan: Plan
    client: Client = field(default_factory=Client)  # of this visit
    socket: ClientConnection | None = None
    frames: int = 0
    gaps: list[float] = field(default_factory=list)  # milliseconds between two frames of a visit
    clicks: list[float] = field(default_factory=list)  # milliseconds
    arrivals: list[float] = field(default_factory=list)  # milliseconds from arrival to the first frame; never cleared
    received: int = 0  # bytes
    ended: int | None = None  # the close code
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _came: float = 0.0
    _last_frame: float | None = None  # of this visit
    _sent: dict[int, float] = field(default_factory=dict)  # clicks without a frame yet, by number

    @property
    def is_heavy(self) -> bool:
        return self.number < self.plan.heavy

    async def live(self) -> None:
        """Run until the connection ends by itself. With `stay_seconds` one visit follows another."""
        rng, stay = random.Random(f"{self.plan.seed} {self.number}"), self.plan.stay_seconds
        while self.ended is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(rng.expovariate(1 / stay) if stay else None):
                    await self._visit()

    async def _visit(self) -> None:
        self.socket, self.client = None, self._new_client()
        self._came, self._last_frame = time.perf_counter(), None
        self._sent.clear()
        parts = urlsplit(self.plan.url)
        try:
            async with connect(
                f"ws://{parts.netloc}{path_of(self.plan.url)}/live?tab={secrets.token_hex(8)}",
                origin=f"http://{parts.netloc}",  # type: ignore[arg-type]
                compression=None,
                max_size=None,
                ping_interval=None,
            ) as self.socket:
                self.client.opened()
                await self._send()
                async for message in self.socket:
                    await self._receive(message)
            self.ended = 1000
        except ConnectionClosed as closed:
            self.ended = closed.rcvd.code if closed.rcvd else 1006
        except (OSError, InvalidHandshake, TimeoutError):
            self.ended = 1006  # as browsers report a connection without a close frame
        finally:
            self.ready.set()

    def _new_client(self) -> Client:
        link = self.plan.heavy_link if self.is_heavy else _EXPERIMENTS[self.number % len(_EXPERIMENTS)]
        client = Client(link, f"load {self.number}")
        if self.plan.mode != "paused":
            client.command(Play())
        if self.plan.mode == "hidden":
            client.command(Visible(visible=False))
        return client

    async def _send(self) -> None:
        if self.socket:
            for text in self.client.to_send():
                await self.socket.send(text)

    async def _receive(self, message: str | bytes) -> None:
        self.received += len(message)
        event = self.client.receive(message)
        if isinstance(event, Frame):
            self._note_frame(event, time.perf_counter())
        elif isinstance(event, Welcome):
            await self._send()
            self.ready.set()

    def _note_frame(self, frame: Frame, now: float) -> None:
        self.frames += 1
        if self._last_frame is None:
            self.arrivals.append((now - self._came) * 1000)
        else:
            self.gaps.append((now - self._last_frame) * 1000)
        self._last_frame = now
        applied = frame.applied
        for seq in [seq for seq in self._sent if seq <= applied]:
            self.clicks.append((now - self._sent.pop(seq)) * 1000)

    async def click(self, rate: float) -> None:
        """Change a setting, and time it until a frame shows it."""
        if self.client.is_welcome:
            seq = self.client.command(Change(settings={"learning_rate": rate}))
            self._sent[seq] = time.perf_counter()
            with suppress(ConnectionClosed):
                await self._send()

    async def draw(self) -> None:
        """Acknowledge the newest frame."""
        if self.client.unacknowledged:
            self.client.acknowledge()
            with suppress(ConnectionClosed):
                await self._send()

    def wait_in_vain(self) -> None:
        """Count the time since the last frame as a gap too: a stalled session has no other."""
        if self._last_frame is not None and self.plan.mode == "playing":
            self.gaps.append((time.perf_counter() - self._last_frame) * 1000)

    def forget(self) -> None:
        """Clear the figures, because measuring begins."""
        self.frames = 0
        self.gaps.clear()
        self.clicks.clear()
        self._sent.clear()
        self.received = 0


def path_of(url: str) -> str:
    """The path below which the server is, without a slash at its end."""
    return urlsplit(url).path.rstrip("/")


async def measure(plan: Plan) -> Report:
    """Let the visitors in, let them settle, and measure."""
    pid = plan.pid or listening_on(urlsplit(plan.url).port or 80)
    before = _sample(pid)
    visitors = [Visitor(number, plan) for number in range(plan.sessions)]
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_screen(visitors))]
        for visitor in visitors:
            running.append(tasks.create_task(visitor.live()))
            await asyncio.sleep(1 / _ARRIVALS)
        for visitor in visitors:
            await visitor.ready.wait()
        running.append(tasks.create_task(_hands(visitors, plan)))
        await asyncio.sleep(_SETTLE)
        for visitor in visitors:
            visitor.forget()
        first, start = _sample(pid), time.perf_counter()
        await asyncio.sleep(plan.seconds)
        took, last = time.perf_counter() - start, _sample(pid)
        for visitor in visitors:
            visitor.wait_in_vain()
        report = _report(plan, visitors, took, _usage(before, first, last, took))
        for task in running:
            task.cancel()
    return report


async def _screen(visitors: Sequence[Visitor]) -> None:
    """Sixty times a second every page draws its newest frame."""
    due = time.perf_counter()
    while True:
        for visitor in visitors:
            await visitor.draw()
        due = max(due + _TICK, time.perf_counter())
        await asyncio.sleep(due - time.perf_counter())


async def _hands(visitors: Sequence[Visitor], plan: Plan) -> None:
    """Clicks at random moments, one after the other."""
    rng = random.Random(plan.seed)
    whole = plan.clicks_per_second * len(visitors)
    while whole > 0 and plan.mode != "hidden":
        await asyncio.sleep(rng.expovariate(whole))
        await rng.choice(visitors).click(rng.choice((0.003, 0.01, 0.03)))


def _sample(pid: int | None) -> Sample | None:
    with suppress(psutil.Error):
        return sample(pid) if pid else None
    return None


def _usage(before: Sample | None, first: Sample | None, last: Sample | None, seconds: float) -> Usage | None:
    if not (before and first and last):
        return None
    return Usage((last.cpu_seconds - first.cpu_seconds) / seconds, last.memory, last.memory - before.memory)


def _report(plan: Plan, visitors: Sequence[Visitor], seconds: float, usage: Usage | None) -> Report:
    all_here = [visitor for visitor in visitors if visitor.ended is None]
    here = [visitor for visitor in all_here if not visitor.is_heavy]
    rates = [visitor.frames / seconds for visitor in here]
    return Report(
        sessions=len(all_here),
        seconds=seconds,
        mode=plan.mode,
        refused=dict(Counter(visitor.ended for visitor in visitors if visitor.ended is not None)),
        frames_per_second=spread(rates),
        heavy_frames_per_second=spread([visitor.frames / seconds for visitor in all_here if visitor.is_heavy]),
        fairness=jain(rates),
        arrival_ms=percentiles([arrival for visitor in here for arrival in visitor.arrivals]),
        gap_ms=percentiles([gap for visitor in here for gap in visitor.gaps]),
        click_to_frame_ms=percentiles([click for visitor in here for click in visitor.clicks]),
        megabytes_per_second=sum(visitor.received for visitor in all_here) / seconds / 1e6,
        usage=usage,
        notes=[] if usage else ["the server's process cannot be seen from here; --pid names it"],
    )
