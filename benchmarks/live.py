"""What a visitor sees: time between drawn frames, epochs per second, and from a click to the changed picture.

A server and a headless Chromium on this machine, through the page's own controls. The page acknowledges a frame after
drawing it, from requestAnimationFrame; so the acknowledgements, caught on their way out, tell when frames were drawn.

python -m benchmarks.live [--seconds 20] [--clicks 40] [--json]
"""

import argparse
import itertools
import json
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from app.machine import machine, on_what
from tests.browser import chromium
from tests.browser.playground import Playground
from tests.servers import Server, free_port, hyperplane, serving

# Frames by number, when they were drawn, and when each command left; all in milliseconds of the page's clock.
WATCH = """
window.watched = {frames: [], sent: [], drawn: []};
window.WebSocket = class extends WebSocket {
  constructor(...options) {
    super(...options);
    this.addEventListener("message", ({data}) => {
      if (!(data instanceof ArrayBuffer)) return;
      const length = Number(new DataView(data).getBigUint64(0, true));
      const {__metadata__: about} = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 8, length)));
      if (about.kind !== "frame") return;
      const {frame, applied, epoch} = about;
      watched.frames.push({frame: Number(frame), applied: Number(applied), epoch: Number(epoch)});
    });
  }
  send(text) {
    super.send(text);
    const message = JSON.parse(text);
    const at = performance.now();
    if (message.type === "ack") watched.drawn.push({frame: message.frame, at});
    else watched.sent.push({type: message.type, seq: message.seq, at});
  }
};
addEventListener("click", ({timeStamp}) => { watched.clicked = timeStamp; }, {capture: true});
"""

SETTLE = 2.0  # seconds of play before anything is measured
FEATURES = ("X1 squared", "X2 squared", "X1 times X2", "sin X1", "sin X2")


@dataclass(frozen=True)
class Figures:
    """Of one network. Times in milliseconds: median and 95th percentile."""

    network: str
    frame_median: float
    frame_p95: float
    frames_per_second: float
    epochs_per_second: float
    click_median: float
    click_p95: float
    clicks: int


def percentile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def fast(playground: Playground) -> None:
    """Set the speed to as fast as it goes: the last choice."""
    speed = playground.control("Speed")
    if speed.evaluate("element => element.tagName") == "SELECT":
        speed.select_option(index=speed.evaluate("element => element.options.length") - 1)
    else:
        speed.press("End")


def build(playground: Playground, layers: tuple[int, ...]) -> None:
    """Hidden layers of these sizes, by clicking."""
    for _ in range(len(layers) - 2):
        playground.button("Add hidden layer").click()
    expect(playground.neurons(len(layers)).first).to_be_visible()
    for layer, wanted in enumerate(layers, start=1):
        for count in range(playground.neurons(layer).count(), wanted):
            playground.button(f"Add neuron to layer {layer}").click()
            expect(playground.neurons(layer)).to_have_count(count + 1)


def watched(playground: Playground) -> dict[str, Any]:
    seen: dict[str, Any] = playground.page.evaluate("watched")
    return seen


def frame_figures(playground: Playground, seconds: float) -> tuple[list[float], float]:
    """Gaps between drawn frames, and epochs per second, over `seconds` of play."""
    playground.page.evaluate("watched.frames.length = watched.drawn.length = 0")
    playground.page.wait_for_timeout(seconds * 1000)
    seen = watched(playground)
    epochs = {frame["frame"]: frame["epoch"] for frame in seen["frames"]}
    drawn = [(frame["at"], epochs[frame["frame"]]) for frame in seen["drawn"] if frame["frame"] in epochs]
    gaps = [after - before for (before, _), (after, _) in itertools.pairwise(drawn)]
    (began, first), (ended, last) = drawn[0], drawn[-1]
    return gaps, (last - first) / (ended - began) * 1000


def click_times(playground: Playground, clicks: int) -> list[float]:
    """From each click to the drawn frame that reflects it, while playing: add a neuron, remove it, and so on."""
    times = []
    for number in range(clicks):
        name = "Remove neuron from layer 1" if number % 2 else "Add neuron to layer 1"
        playground.page.evaluate("watched.frames.length = watched.drawn.length = watched.sent.length = 0")
        playground.button(name).click()
        playground.page.wait_for_timeout(37 * (number % 7) + 300)  # at any moment between two frames
        times.append(click_time(watched(playground)))
    return times


def click_time(seen: dict[str, Any]) -> float:
    command = next(sent for sent in seen["sent"] if sent["type"].endswith("-neuron"))
    changed = {frame["frame"] for frame in seen["frames"] if frame["applied"] >= command["seq"]}
    drawn: float = next(frame["at"] for frame in seen["drawn"] if frame["frame"] in changed)
    return drawn - float(seen["clicked"])


@contextmanager
def visit(browser: Browser, server: Server) -> Iterator[Playground]:
    """A fresh page with the watch in it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(server.address)
    playground = Playground(page)
    playground.wait_for_first_frame()
    fast(playground)
    yield playground
    context.close()


def measure(playground: Playground, network: str, seconds: float, clicks: int) -> Figures:
    playground.play()
    playground.page.wait_for_timeout(SETTLE * 1000)
    gaps, epochs_per_second = frame_figures(playground, seconds)
    times = click_times(playground, clicks)
    return Figures(
        network=network,
        frame_median=statistics.median(gaps),
        frame_p95=percentile(gaps, 0.95),
        frames_per_second=1000 / statistics.mean(gaps),
        epochs_per_second=epochs_per_second,
        click_median=statistics.median(times),
        click_p95=percentile(times, 0.95),
        clicks=len(times),
    )


def small(browser: Browser, server: Server, seconds: float, clicks: int) -> Figures:
    with visit(browser, server) as playground:
        return measure(playground, "circle, 2-4-2-1", seconds, clicks)


def large(browser: Browser, server: Server, seconds: float, clicks: int) -> Figures:
    with visit(browser, server) as playground:
        playground.choose("Dataset", "Spiral")
        for feature in FEATURES:
            playground.page.get_by_role("checkbox", name=feature, exact=True).check(force=True)
        build(playground, (8,) * 6)
        return measure(playground, "spiral, 7 inputs, six layers of eight", seconds, clicks)


def report(figures: list[Figures]) -> Table:
    table = Table("", *(one.network for one in figures), title="Live, in headless Chromium", caption=on_what())
    rows: dict[str, Callable[[Figures], str]] = {
        "time between drawn frames, median / p95": lambda it: f"{it.frame_median:.1f} / {it.frame_p95:.1f} ms",
        "frames per second": lambda it: f"{it.frames_per_second:.1f}",
        "epochs per second": lambda it: f"{it.epochs_per_second:,.0f}",
        "click to changed picture, median / p95": lambda it: f"{it.click_median:.0f} / {it.click_p95:.0f} ms",
    }
    for name, text in rows.items():
        table.add_row(name, *(text(one) for one in figures))
    return table


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=20, help="of play, for each network")
    options.add_argument("--clicks", type=int, default=40, help="for each network")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    port = free_port()
    command = [hyperplane(), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with serving(command, port) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        figures = [of(browser, server, chosen.seconds, chosen.clicks) for of in (small, large)]
        version = browser.version
        browser.close()
    if chosen.json:
        described = {**machine(), "chromium": version}
        json.dump({"machine": described, "figures": [asdict(one) for one in figures]}, sys.stdout, indent=2)
    else:
        Console().print(report(figures))


if __name__ == "__main__":
    main()
