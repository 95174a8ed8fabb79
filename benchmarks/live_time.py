"""Measures how long the timeline takes to show an epoch, in a headless Chromium without graphics.

Six layers of eight have trained for a while; the slider goes to random places of it. Counted is the time from its
movement until the page has drawn and acknowledged the picture of that epoch.

python -m benchmarks.live_time [--json] [--seconds 20]
"""

import argparse
import json
import random
import statistics
import sys
from typing import Any

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from app.terminal.this_machine import machine, on_what
from benchmarks.live import checkout, percentile
from tests.browser import chromium
from tests.browser.playground import Playground

EXPERIMENT = "#v=1&hidden=8,8,8,8,8,8&inputs=x,y,xSquared,ySquared,xTimesY,sinX,sinY&learning_rate=0.003"
PLACES = 120
# The epoch of each frame that comes, and when the page has drawn it.
WATCH = """
window.drawn = [];
let newest = null;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  if (!this.isWatched) {
    this.isWatched = true;
    this.addEventListener("message", ({data}) => {
      if (!(data instanceof ArrayBuffer)) return;
      const length = Number(new DataView(data).getBigUint64(0, true));
      const about = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 8, length))).__metadata__;
      if (about.kind === "frame") newest = Number(about.epoch);
    });
  }
  if (message.includes('"ack"')) drawn.push([newest, performance.now()]);
  send.call(this, message);
};
"""
# Moves the slider and waits for the picture of its epoch; returns how long that took, in ms, and the epoch;
# null where it is there already.
MOVE = """value => new Promise(done => {
  const slider = document.getElementById("timeline-at");
  drawn.length = 0;
  const start = performance.now();
  slider.value = String(value);
  slider.dispatchEvent(new Event("input"));
  const wanted = Number(/\\d+/.exec(slider.ariaValueText.replaceAll(/\\D(?=\\d{3})/g, ""))[0]);
  if (wanted === window.shown) return done([0, null]);
  window.shown = wanted;
  const look = () => {
    const last = drawn.find(([epoch]) => epoch === wanted);
    if (last) done([last[1] - start, wanted]);
    else if (performance.now() - start > 5000) done([null, wanted]);
    else setTimeout(look, 1);
  };
  look();
})"""


def measure(page: Page, address: str, seconds: float) -> dict[str, Any]:
    """Times in ms, and how many epochs the timeline has."""
    page.add_init_script(WATCH)
    page.goto(f"{address}/{EXPERIMENT}")
    playground = Playground(page)
    playground.wait_for_first_frame()
    playground.play()
    page.wait_for_timeout(seconds * 1000)
    playground.pause()
    last = playground.epoch()
    page.locator("#timeline-at").focus()
    places = random.Random(1).sample(range(100, 1000), PLACES)
    moves = [page.evaluate(MOVE, place) for place in places]
    lost = [epoch for took, epoch in moves if took is None]
    if lost:
        sys.exit(f"no picture of the epochs {lost[:5]}")
    times = [took for took, epoch in moves if epoch is not None]
    return {"epochs": last, "places": len(times), "median": statistics.median(times), "p95": percentile(times, 0.95)}


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=20, help="of training before")
    options = parser.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    with checkout(None) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        found = measure(page, server.address, options.seconds)
        browser.close()
    if options.json:
        json.dump({"machine": machine(), "timeline": found}, sys.stdout)
        return
    Console().print(
        f"{found['places']} places of {found['epochs']:,} epochs: median {found['median']:.0f} ms, "
        f"95th percentile {found['p95']:.0f} ms, {on_what()}"
    )


if __name__ == "__main__":
    main()
