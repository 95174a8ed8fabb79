"""Measures how often the page draws while a finger draws points, in a headless Chromium without graphics.

A network of two layers of eight learns at full speed; a finger draws 20 strokes, 300 points in all. The page
acknowledges a frame after it has drawn it: these times are counted.

python -m benchmarks.live_draw [--json]
"""

import argparse
import json
import statistics
import sys
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from app.links import read_link
from app.terminal.this_machine import machine, on_what
from benchmarks.live import checkout, percentile
from tests.browser import chromium
from tests.browser.playground import Playground

EXPERIMENT = "#v=1&hidden=8,8&dataset=gauss"
STROKES = 20
WANTED = 300  # points
LENGTH = 360  # px of a stroke: 15 points
# The times of acknowledgements: the page sends one after it has drawn a frame.
WATCH = """
window.drawnAt = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  if (message.includes('"ack"')) drawnAt.push(performance.now());
  send.call(this, message);
};
"""


def draw(page: Page) -> None:
    """Strokes from left to right, and back where the picture ends, at about 60 movements a second."""
    box = page.locator("#picture").bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)

    def tell(kind: str, *places: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    width = 0.9 * box["width"]
    for stroke in range(STROKES):
        down = box["y"] + box["height"] * (0.05 + 0.9 * stroke / STROKES)
        left = box["x"] + 0.05 * box["width"]
        tell("touchStart", (left, down))
        for step in range(1, 25):
            way = LENGTH * step / 24
            tell("touchMove", (left + min(way, 2 * width - way), down))
            page.wait_for_timeout(10)
        tell("touchEnd")


def measure(page: Page, address: str) -> dict[str, Any]:
    """Frames a second and gaps in ms while the finger draws."""
    page.add_init_script(WATCH)
    page.goto(f"{address}/{EXPERIMENT}")
    playground = Playground(page)
    playground.wait_for_first_frame()
    playground.play()
    page.locator("#draw").click()
    page.wait_for_timeout(1000)
    before = playground.epoch()
    page.evaluate("drawnAt.length = 0")
    draw(page)
    times: list[float] = page.evaluate("drawnAt")
    gaps = [after - at for at, after in pairwise(times)]
    page.wait_for_timeout(1000)
    given = read_link(page.url).experiment.given
    return {
        "points": (given.ref.count if given else 0) - 500,
        "frames_per_second": 1000 / statistics.mean(gaps),
        "gap_p95": percentile(gaps, 0.95),
        "epochs": playground.epoch() - before,
    }


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    with checkout(None) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, has_touch=True)
        found = measure(page, server.address)
        browser.close()
    if options.json:
        json.dump({"machine": machine(), "drawing": found}, sys.stdout)
        return
    Console().print(
        f"{found['points']} points in {STROKES} strokes (wanted: about {WANTED}): "
        f"{found['frames_per_second']:.1f} frames a second, 95th percentile of gaps {found['gap_p95']:.1f} ms, "
        f"{found['epochs']:,} epochs, {on_what()}"
    )


if __name__ == "__main__":
    main()
