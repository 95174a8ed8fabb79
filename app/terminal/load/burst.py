"""Simulates a class that opens the page at once: each browser fetches all files over six connections, then a session.

No browser may see a connection closed without an answer.
"""

import asyncio
import re
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from app.terminal.load.figures import percentiles
from app.terminal.load.visitors import Plan, Visitor, path_of

_CONNECTIONS = 6  # that a browser opens to one server
_PATIENCE = 60.0  # seconds for an answer, about as in browsers
_REFERENCES = (
    re.compile(r'(?:src|href)="([^"#]*static/[^"]+)"'),  # of the page
    re.compile(r'^(?:import|export|\}) ?[^"\n]*"(\.{1,2}/[^"]+)"', re.MULTILINE),  # of a module
    re.compile(r'url\("([\w./-]+)"\)'),  # of a style sheet
)


@dataclass(frozen=True)
class BurstReport:
    """The results of a burst."""

    browsers: int
    files: int  # requested by each browser
    failures: dict[str, int]  # requests without a good answer, by error or status
    incomplete: int  # browsers that lack at least one file
    unopened: int  # browsers without a first frame
    file_ms: dict[str, float]
    page_ms: dict[str, float]  # from arrival to the last file
    frame_ms: dict[str, float]  # from arrival to the first frame
    bare: int = 0  # connections opened at once before, with one small request each
    bare_failures: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether every browser got everything."""
        return not (self.failures or self.incomplete or self.unopened or self.bare_failures)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def rows(self) -> list[tuple[str, str]]:
        """Name and value."""
        return [
            ("bare connections at once", f"{self.bare:,}; failed: {_counts(self.bare_failures)}"),
            ("browsers at once", f"{self.browsers:,}, {self.files} files each over {_CONNECTIONS} connections"),
            ("requests without a good answer", _counts(self.failures)),
            ("browsers that lack a file", str(self.incomplete)),
            ("browsers without a frame", str(self.unopened)),
            ("a file, ms", _figures(self.file_ms)),
            ("coming to the last file, ms", _figures(self.page_ms)),
            ("coming to the first frame, ms", _figures(self.frame_ms)),
        ]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"


def _figures(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:,.0f}" for name, value in figures.items()) or "none"


async def burst(url: str, browsers: int, bare: int = 0) -> BurstReport:
    """Open `bare` connections with a request each, all at once; then all browsers at once."""
    paths = await _files_of(url)
    bare_failures = await _knock(url, bare)
    crowd = [_Browser(number, url, paths) for number in range(browsers)]
    await asyncio.gather(*(browser.visit() for browser in crowd))
    await asyncio.gather(*(browser.leave() for browser in crowd))
    return BurstReport(
        browsers=browsers,
        files=len(paths),
        failures=dict(sum((browser.failures for browser in crowd), Counter[str]())),
        incomplete=sum(browser.missing > 0 for browser in crowd),
        unopened=sum(browser.first_frame is None for browser in crowd),
        file_ms=percentiles([took for browser in crowd for took in browser.took]),
        page_ms=percentiles([browser.page for browser in crowd if browser.page is not None]),
        frame_ms=percentiles([browser.first_frame for browser in crowd if browser.first_frame is not None]),
        bare=bare,
        bare_failures=dict(bare_failures),
    )


async def _files_of(url: str) -> list[str]:
    """The paths of the page and of all files that it refers to, found as a browser does."""
    line = _Line(url)
    page = f"{path_of(url)}/"
    found, new = [page], [page]
    while new:
        path = new.pop(0)
        _, body = await line.get(path)
        text = body.decode(errors="replace")
        for reference in (each for kind in _REFERENCES for each in kind.findall(text)):
            target = urlsplit(urljoin(path, reference)).path
            if target not in found:
                found.append(target)
                new.append(target)
    await line.close()
    return found


async def _knock(url: str, count: int) -> Counter[str]:
    """Open `count` connections at once, each with one request; all stay open until the last has its answer."""
    lines = [_Line(url) for _ in range(count)]
    answers = await asyncio.gather(*(line.get(f"{path_of(url)}/healthz") for line in lines), return_exceptions=True)
    await asyncio.gather(*(line.close() for line in lines))
    return Counter(_fault(answer) for answer in answers if isinstance(answer, BaseException) or answer[0] != 200)


def _fault(answer: BaseException | tuple[int, bytes]) -> str:
    return type(answer).__name__ if isinstance(answer, BaseException) else f"status {answer[0]}"


class _Line:
    """One connection, reused for further requests, as in browsers."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> tuple[int, bytes]:
        """Status and body. Raises OSError, EOFError, TimeoutError."""
        async with asyncio.timeout(_PATIENCE):
            reader, writer = self._streams = self._streams or await asyncio.open_connection(self._host, self._port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n\r\n".encode())
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = re.search(r"\r\ncontent-length: *(\d+)", head)
            if not length:
                raise EOFError("an answer without a length")
            return int(head.split()[1]), await reader.readexactly(int(length[1]))

    async def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None


class _Browser:
    """Fetches the page, then its files over several lines, then opens the session."""

    def __init__(self, number: int, url: str, paths: list[str]) -> None:
        self._url = url
        self._paths = list(paths)
        self._visitor = Visitor(number, Plan(url, 1, 0))
        self._living: asyncio.Task[None] | None = None
        self._came = 0.0
        self.failures: Counter[str] = Counter()
        self.missing = 0
        self.took: list[float] = []  # milliseconds
        self.page: float | None = None
        self.first_frame: float | None = None

    async def visit(self) -> None:
        """Returns at the first frame, or when there will be none."""
        self._came = time.perf_counter()
        waiting = list(self._paths)
        await asyncio.gather(*(self._fetch(waiting) for _ in range(_CONNECTIONS)))
        self.page = (time.perf_counter() - self._came) * 1000
        self._living = asyncio.create_task(self._visitor.live())
        end = time.perf_counter() + _PATIENCE
        while self._waits() and time.perf_counter() < end:  # noqa: ASYNC110  a first frame sets no event
            await asyncio.sleep(0.02)
        if self._visitor.arrivals:
            self.first_frame = (time.perf_counter() - self._came) * 1000

    def _waits(self) -> bool:
        return not self._visitor.arrivals and self._visitor.ended is None

    async def _fetch(self, waiting: list[str]) -> None:
        line = _Line(self._url)
        while waiting:
            path, began = waiting.pop(0), time.perf_counter()
            try:
                status, _ = await line.get(path)
                fault = "" if status == 200 else f"status {status}"
            except (OSError, EOFError, TimeoutError) as error:
                fault = type(error).__name__
                line = _Line(self._url)
            self.took.append((time.perf_counter() - began) * 1000)
            if fault:
                self.failures[fault] += 1
                self.missing += 1
        await line.close()

    async def leave(self) -> None:
        if self._living:
            self._living.cancel()
            await asyncio.gather(self._living, return_exceptions=True)
