"""Measures how many frames a second each column of the page that compares runs draws, in a headless Chromium.

A frame is counted when its column acknowledges it, which it does after drawing. Learning rate 0.03 against 0.3, at full
speed and in step; with four columns the others have other batch sizes.

python -m benchmarks.live_compare [--json] [--seconds 10]
"""

import argparse
import json
import sys
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from app.terminal.this_machine import machine, on_what
from benchmarks.live import checkout
from tests.browser import chromium
from tests.browser.playground import Playground, number

LINK = "v=1&dataset=spiral&hidden=8,8&learning_rate={}"
COLUMNS = (LINK.format(0.03), LINK.format(0.3), LINK.format("0.03&batch_size=1"), LINK.format("0.3&batch_size=30"))
LEAST = 20  # frames a second of each column
# How many frames each column, by the order of their sockets, has acknowledged.
WATCH = """
window.drawn = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  this.number ??= drawn.push(0) - 1;
  if (String(message).includes('"ack"')) drawn[this.number] += 1;
  send.call(this, message);
};
"""


def measure(page: Page, address: str, count: int, seconds: float) -> dict[str, Any]:
    """Frames a second of each column, epochs a second of all, and how far the columns were apart after a pause."""
    columns = "&".join(f"{letter}={quote(link)}" for letter, link in zip("ABCD", COLUMNS[:count], strict=False))
    page.goto("about:blank")
    page.goto(f"{address}/compare#{columns}")
    for letter in "ABCD"[:count]:
        page.get_by_test_id(f"epoch-{letter}").wait_for()
    playground = Playground(page)
    playground.play()
    page.wait_for_timeout(2000)

    def epoch() -> float:
        return number(page.get_by_test_id("epoch-A").inner_text())

    before, first = page.evaluate("[...drawn]"), epoch()
    page.wait_for_timeout(seconds * 1000)
    after, last = page.evaluate("[...drawn]"), epoch()
    playground.pause()
    playground.wait_until(lambda: page.locator("#in-step").inner_text().startswith("All at"), "the same epoch of all")
    frames = [(one - other) / seconds for one, other in zip(after, before, strict=True)]
    return {"columns": count, "frames": frames, "epochs_per_second": (last - first) / seconds}


def main() -> None:
    """Print what was found; exit code 1 if a column of two draws fewer frames than are wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement")
    options = parser.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    with checkout(None) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        found = [measure(page, server.address, count, options.seconds) for count in (2, 4)]
        browser.close()
    if options.json:
        json.dump({"machine": machine(), "compare": found}, sys.stdout)
    else:
        for each in found:
            frames = ", ".join(f"{value:.0f}" for value in each["frames"])
            Console().print(
                f"{each['columns']} columns: {frames} frames a second, in step at {each['epochs_per_second']:,.0f} "
                f"epochs/s, {on_what()}"
            )
    sys.exit(min(found[0]["frames"]) < LEAST)


if __name__ == "__main__":
    main()
