"""Sets up one real server and one Chromium for all browser tests, and guards that fail tests on unseen errors."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

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


Contexts = dict[bool, BrowserContext]  # by whether it has a touch screen


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[Contexts]:
    """Kept from test to test, so that the page's files come once; what a visitor leaves behind is in the tab alone."""
    kept = {touch: browser.new_context(has_touch=touch) for touch in (False, True)}
    for context in kept.values():
        context.set_default_timeout(PATIENCE)
    yield kept
    for context in kept.values():
        context.close()


@dataclass
class Guard:
    """Collects console errors, uncaught exceptions, and requests to other hosts."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watch(self.page)

    def watch(self, page: Page) -> None:
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("request", self.on_request)
        page.on("websocket", lambda socket: self.check(socket.url))
        page.on("popup", self.watch)

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

    contexts: Contexts
    server: Server
    guards: list[Guard] = field(default_factory=list)
    _others: list[BrowserContext] = field(default_factory=list)

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
        """A fresh visitor's tab below `path`, loaded and connected unless told not to wait for that."""
        page = self._room(touch).new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if dark else "light")
        home = f"127.0.0.1:{port or self.server.port}"
        self.guards.append(Guard(page, home + path.rstrip("/")))
        page.goto(f"http://{home}{path}{fragment}")
        playground = Playground(page)
        if wait:
            playground.wait_for_first_frame()
        return playground

    def _room(self, touch: bool) -> BrowserContext:
        """A context without a page: of two pages in one, Chromium may draw only the foremost."""
        kept = self.contexts[touch]
        if not kept.pages:
            return kept
        assert kept.browser
        self._others.append(kept.browser.new_context(has_touch=touch))
        self._others[-1].set_default_timeout(PATIENCE)
        return self._others[-1]

    def end(self) -> None:
        """Close all pages; nothing may have been complained about."""
        complaints = [text for guard in self.guards for text in guard.verdict()]
        for guard in self.guards:
            guard.page.close()
        for context in self._others:
            context.close()
        for context in self.contexts.values():
            context.clear_permissions()
        assert not complaints


@pytest.fixture
def visit(contexts: Contexts, server: Server) -> Iterator[Visit]:
    visits = Visit(contexts, server)
    yield visits
    visits.end()


@pytest.fixture
def playground(visit: Visit) -> Playground:
    """The page of a fresh visitor on a desktop."""
    return visit.open()
