"""Measures how often the page paints the space of a layer and its surfaces, in a headless Chromium without graphics.

While the network trains at full speed: pictures of the space of the last layer of 2-8-8-1 on two neurons and in the
principal plane, and of its loss over two weights as a surface, 41 x 41 heights. Paused: turns of the output as a
surface, of 100 x 100 vertices, and of the loss, each finished before the next.

python -m benchmarks.live_space [--seconds 5] [--json]
"""

import argparse
import json
import sys

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console

from app.terminal.this_machine import machine, on_what
from benchmarks.live import checkout
from tests.browser import chromium
from tests.browser.playground import Playground

NETWORK = "#v=1&hidden=8,8&dataset=spiral"
LOSS = "surface=weights,96,97&surface_relief=true"
# How often the canvas of the space is painted: each time it is cleared.
PAINTED = """([seconds]) => new Promise(done => {
  const context = document.querySelector("#space-canvas").getContext("2d");
  const clear = context.clearRect;
  let count = 0;
  context.clearRect = (...area) => { count++; clear.apply(context, area); };
  setTimeout(() => { delete context.clearRect; done(count / seconds); }, 1000 * seconds);
})"""
# How often the surface of the loss is painted: each time it is cleared. Each is finished by reading a pixel.
LIVE = """([seconds, frame]) => new Promise(done => {
  const gl = document.querySelector(`${frame} canvas`).getContext("webgl2");
  const pixel = new Uint8Array(4);
  const clear = gl.clear;
  let count = 0;
  gl.clear = bits => {
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    count++;
    clear.call(gl, bits);
  };
  setTimeout(() => { delete gl.clear; done(count / seconds); }, 1000 * seconds);
})"""
# An arrow key, the frame that follows, and a pixel of it, so that it is finished.
TURNED = """async ([seconds, frame]) => {
  const relief = document.querySelector(frame);
  const gl = relief.querySelector("canvas").getContext("webgl2");
  const pixel = new Uint8Array(4);
  const event = () => new KeyboardEvent("keydown", {key: "ArrowRight", cancelable: true});
  const begin = performance.now();
  let count = 0;
  while (performance.now() - begin < 1000 * seconds) {
    relief.dispatchEvent(event());
    await new Promise(requestAnimationFrame);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    count++;
  }
  return count / seconds;
}"""


def measure(
    browser: Browser, address: str, view: str, script: str, frame: str, seconds: float, *, trains: bool
) -> float:
    """How often a second, on a page of its own."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/{NETWORK}&{view}")
    playground = Playground(page)
    playground.wait_for_first_frame()
    if trains:
        playground.play()
    page.wait_for_timeout(1000)
    rate: float = page.evaluate(script, [seconds, frame])
    page.close()
    return rate


def main() -> None:
    """Print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    with checkout(None) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        figures = {
            name: measure(browser, server.address, view, script, frame, options.seconds, trains=trains)
            for name, view, script, frame, trains in [
                ("two neurons", "space=2-1-2", PAINTED, "", True),
                ("principal plane", "space=2-plane", PAINTED, "", True),
                ("surface", "relief=true", TURNED, "#relief", False),
                ("loss surface", LOSS, TURNED, "#surface-relief", False),
                ("loss surface, training", LOSS, LIVE, "#surface-relief", True),
            ]
        }
        browser.close()
    if options.json:
        json.dump({"machine": machine(), "per_second": figures}, sys.stdout)
        return
    console = Console()
    console.print(f"2-8-8-1, space and surface, {on_what()}")
    for name, rate in figures.items():
        console.print(f"{name}: {rate:.0f} a second")


if __name__ == "__main__":
    main()
