"""Measures how long the pages take to come, in a headless Chromium without graphics.

A browser that has never been there opens each lab's page, then opens it once more. Counted is the time until the page
shows a loss, the requests, and the bytes that came. With --against, visits to another checkout take turns with these.

python -m benchmarks.live_load [--json] [--visits 9] [--against FOLDER]
"""

import argparse
import json
import statistics
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console

from app.labs import LABS
from app.terminal.this_machine import machine, on_what
from benchmarks.live import checkout
from tests.browser import chromium

# Resolves once a loss is shown, with the time since the address was asked for; and what it took.
COME = """() => new Promise(done => {
  const look = () => {
    const loss = document.querySelector("[data-testid^=loss]");
    if (!loss || !/\\d/.test(loss.textContent)) return void setTimeout(look, 5);
    const ms = performance.now();
    const parts = [...performance.getEntriesByType("resource"), ...performance.getEntriesByType("navigation")];
    const asked = parts.filter(part => part.transferSize > 0);
    done({ms, requests: asked.length, bytes: asked.reduce((sum, part) => sum + part.transferSize, 0)});
  };
  look();
})"""


def opened(page: Page, address: str) -> dict[str, float]:
    """Milliseconds, requests and bytes of one opening."""
    page.goto("about:blank")
    page.goto(address, wait_until="commit")
    found: dict[str, float] = page.evaluate(COME)
    return found


def measure(browser: Browser, addresses: list[str], visits: int) -> list[dict[str, Any]]:
    """For each address: medians for a newcomer, and for one who comes again."""
    times: list[dict[str, list[dict[str, float]]]] = [{"first": [], "again": []} for _ in addresses]
    for _ in range(visits):
        for address, visit in zip(addresses, times, strict=True):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            for openings in visit.values():
                openings.append(opened(page, address))
            context.close()
    return [{which: _medians(several) for which, several in visit.items()} for visit in times]


def _medians(openings: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in openings) for name in ("ms", "requests", "bytes")}


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--visits", type=int, default=9)
    parser.add_argument("--against", type=Path, help="the folder of another checkout, made ready by `make setup`")
    options = parser.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    folders = [None, options.against.resolve()] if options.against else [None]
    with ExitStack() as stack, sync_playwright() as playwright:
        servers = [stack.enter_context(checkout(folder)) for folder in folders]
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        found = {
            lab.name: measure(browser, [server.address + lab.path for server in servers], options.visits)
            for lab in LABS.values()
        }
        browser.close()
    if options.json:
        json.dump({"machine": machine(), "labs": found}, sys.stdout)
        return
    console = Console()
    console.print(f"medians of {options.visits} visits, {on_what()}")
    for name, places in found.items():
        for place, folder in zip(places, folders, strict=True):
            for which, of in place.items():
                said = f"{of['ms']:,.0f} ms, {of['requests']:.0f} requests, {of['bytes'] / 1000:,.0f} KB"
                console.print(f"{name}{' in the other' if folder else ''}, {which}: {said}")


if __name__ == "__main__":
    main()
