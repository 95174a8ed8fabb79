"""Sets up one real server and one Chromium for all browser tests, and guards that fail tests on unseen errors."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, expect, sync_playwright

from tests.browser import chromium
from tests.browser.playground import PATIENCE, Playground
from tests.servers import Server, free_port, hyperplane, serving

Size = tuple[int, int]  # width and height of the window

DESKTOP = (1440, 900)
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test for many sizes of the window two run, unless `--all-sizes` asks for all, as `make sizes` does."""
    here = Path(__file__).parent
    ours = [item for item in items if here in item.path.parents]
    for item in ours:
        item.add_marker("browser")
    if config.getoption("--all-sizes"):
        return
    known: dict[str, set[Size]] = {}
    for item in ours:
        if size := _size_of(item):
            known.setdefault(_function_of(item), set()).add(size)
    left_out = [item for item in ours if (size := _size_of(item)) and size not in usual(known[_function_of(item)])]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def usual(sizes: Iterable[Size]) -> list[Size]:
    """The narrowest size and the desktop's, or the largest."""
    every = set(sizes)
    return sorted({min(every), DESKTOP if DESKTOP in every else max(every)})


def _size_of(item: pytest.Item) -> Size | None:
    called = getattr(item, "callspec", None)
    size: Size | None = called.params.get("size") if called else None
    return size


def _function_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    port = free_port()
    with serving([hyperplane(), "serve", "--host", "127.0.0.1", "--port", str(port)], port) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, chromium.MISSING
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield running
        running.close()


@dataclass
class Guard:
    """Collects console errors, uncaught exceptions, and requests to other hosts."""

    context: BrowserContext
    home: str
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("console", self.on_console)
        self.context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        self.context.on("request", self.on_request)
        self.context.on("page", lambda page: page.on("websocket", lambda socket: self.check(socket.url)))

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console {message.type}: {message.text}")

    def on_request(self, request: Request) -> None:
        self.check(request.url)

    def check(self, url: str) -> None:
        if not re.match(rf"(data:|blob:|(http|ws)://{re.escape(self.home)}([/#]|$))", url):
            self.complaints.append(f"request leaves the host, or its path: {url}")

    def allow(self, pattern: str) -> None:
        """Accept errors that a test provokes on purpose."""
        self.allowed.append(pattern)

    def verdict(self) -> list[str]:
        return [text for text in self.complaints if not any(re.search(pattern, text) for pattern in self.allowed)]


@dataclass
class Visit:
    """Opens guarded pages, for tests that need more than the usual `playground`."""

    browser: Browser
    server: Server
    guards: list[Guard] = field(default_factory=list)

    def open(
        self,
        size: tuple[int, int] = DESKTOP,
        *,
        dark: bool = False,
        touch: bool = False,
        port: int | None = None,
        path: str = "/",
        fragment: str = "",
        wait: bool = True,
    ) -> Playground:
        """A fresh visitor's page below `path`, loaded and connected unless told not to wait for that."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            bypass_csp=False,
        )
        context.set_default_timeout(PATIENCE)
        home = f"127.0.0.1:{port or self.server.port}"
        self.guards.append(Guard(context, home + path.rstrip("/")))
        page = context.new_page()
        page.goto(f"http://{home}{path}{fragment}")
        playground = Playground(page)
        if wait:
            playground.wait_for_first_frame()
        return playground


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    visits = Visit(browser, server)
    yield visits
    complaints = [text for guard in visits.guards for text in guard.verdict()]
    for guard in visits.guards:
        guard.context.close()
    assert not complaints


@pytest.fixture
def playground(visit: Visit) -> Playground:
    """The page of a fresh visitor on a desktop."""
    return visit.open()
