"""Measures the processor time of Chromium and a server, which other work on the machine hardly changes."""

from dataclasses import dataclass

from playwright.sync_api import Browser

from app.terminal.load.process import sample


@dataclass(frozen=True)
class Used:
    """Seconds of processor time."""

    page: float = 0.0  # Chromium's renderers: scripts, layout, painting
    browser: float = 0.0  # its other processes, which compose the page's painting and carry messages
    server: float = 0.0

    def __add__(self, other: "Used") -> "Used":
        return Used(self.page + other.page, self.browser + other.browser, self.server + other.server)

    def __sub__(self, other: "Used") -> "Used":
        return Used(self.page - other.page, self.browser - other.browser, self.server - other.server)


def used(browser: Browser, server: int) -> Used:
    """Processor time so far of a browser, and of the server with this process number and its workers."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    page = sum(one["cpuTime"] for one in processes if one["type"] == "renderer")
    whole = sum(one["cpuTime"] for one in processes)
    return Used(page, whole - page, sample(server).cpu_seconds)
