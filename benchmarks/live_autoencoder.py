"""Frames a second that the autoencoder page draws in headless Chromium while it learns; and four plane sessions.

    python -m benchmarks.live_autoencoder [--seconds 10]

The default stack, then the lecture's wide one, on one server; the sessions of the plane stand beside the wide one.
"""

import argparse
import statistics
import sys
from contextlib import ExitStack

from playwright.sync_api import Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from app.terminal.this_machine import on_what
from benchmarks.live import checkout, percentile
from benchmarks.live_digits import CONTEST, WATCH, beside, frame_gaps
from tests.browser import chromium

STACKS = {"784-256-64-2": ("", 60), "784-1000-500-250-2": ("&hidden=1000,500,250", 30)}
PLANE_GOAL = 45


def playing(page: Page, address: str, settings: str) -> None:
    page.goto("about:blank")  # else only the part behind the # changes
    page.goto(f"{address}/autoencoder#lab=autoencoder&v=1{settings}")
    expect(page.get_by_test_id("loss-test")).to_contain_text(".", timeout=60_000)
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(1000)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=10, help="of play, for each")
    seconds = options.parse_args().seconds
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    rows = Table("", "", "goal", title="The autoencoder lab, live in headless Chromium", caption=on_what())
    with ExitStack() as running, sync_playwright() as playwright:
        server = running.enter_context(checkout(None))
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        for name, (settings, goal) in STACKS.items():
            playing(page, server.address, settings)
            gaps = frame_gaps(page, seconds)
            said = f"{1000 / statistics.mean(gaps):.1f}, {percentile(gaps, 0.95):.0f} ms a frame in the 95th percentile"
            rows.add_row(f"{name}: frames a second", said, str(goal))
        plane = beside(server.address, seconds)
        browser.close()
    said = f"{plane['median']:.1f} (min {plane['min']:.1f})"
    rows.add_row(f"frames a second of {CONTEST} plane sessions beside the last", said, str(PLANE_GOAL))
    Console(width=110).print(rows)


if __name__ == "__main__":
    main()
