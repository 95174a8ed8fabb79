"""Measures how soon the numbers of the page follow the probe: from a pointer's move to the changed value of a neuron.

Runs a server and a headless Chromium on this machine; the probe is dragged over the large picture while the network
trains and while it is paused. Times are those of the page's clock, so the pointer's own way into the page is not in.

python -m benchmarks.live_explain [--moves 120] [--json]
"""

import argparse
import json
import statistics
import sys

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from app.terminal.this_machine import machine, on_what
from benchmarks.live import checkout
from tests.browser import chromium
from tests.browser.playground import Playground

NETWORK = "#v=1&hidden=8,8,8,8,8,8&explain=0.5,0.5"
# The time of the latest move, and for each move how long until a neuron's value changed after it.
WATCH = """() => {
  window.delays = [];
  let moved = 0;
  const move = ({timeStamp}) => { moved ||= timeStamp; };
  document.querySelector("#picture").addEventListener("pointermove", move, {capture: true});
  new MutationObserver(() => {
    if (moved) window.delays.push(performance.now() - moved);
    moved = 0;
  }).observe(document.querySelector("#units"), {subtree: true, attributeFilter: ["data-value"]});
}"""


def delays_of(page: Page, moves: int) -> list[float]:
    """Of so many moves of a probe that is dragged, in milliseconds."""
    box = page.locator("#picture").bounding_box()
    assert box
    page.evaluate("window.delays.length = 0")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for i in range(moves):
        part = 0.1 + 0.8 * (i % 40) / 40
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * (0.3 + 0.4 * part))
        page.wait_for_timeout(80)
    page.mouse.up()
    page.wait_for_timeout(300)
    delays: list[float] = page.evaluate("window.delays")
    return delays


def main() -> None:
    """Print median and 95th percentile, paused and while it trains."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=120)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    figures = {}
    with checkout(None) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{server.address}/{NETWORK}")
        page.locator("#units [data-value]").first.wait_for()
        page.evaluate(WATCH)
        figures["paused"] = delays_of(page, options.moves)
        Playground(page).play()
        page.wait_for_timeout(1000)
        figures["training"] = delays_of(page, options.moves)
        browser.close()
    result = {
        name: {
            "median_ms": statistics.median(delays),
            "p95_ms": statistics.quantiles(delays, n=20)[18],
            "moves": len(delays),
        }
        for name, delays in figures.items()
    }
    if options.json:
        json.dump({"machine": machine(), **result}, sys.stdout)
        return
    console = Console()
    console.print(f"Six layers of eight, the probe dragged, {on_what()}")
    for name, each in result.items():
        times = f"median {each['median_ms']:.0f} ms, 95th percentile {each['p95_ms']:.0f} ms"
        console.print(f"{name}: {times}, {each['moves']} moves")


if __name__ == "__main__":
    main()
