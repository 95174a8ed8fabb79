"""Measures what a visitor sees of the digits lab in headless Chromium, while both networks learn.

- From the click on play to 95 and 97 % of the test digits, read by the convolutional network.
- Frames drawn a second.
- From a movement of the pen to the drawn frame whose image has its ink, answers of both networks included.
- Frames a second of four sessions of the plane on the same server.

The page acknowledges a frame after drawing it, from requestAnimationFrame, so acknowledgements tell when one was drawn.

python -m benchmarks.live_digits [--seconds 10] [--moves 60] [--json]
"""

import argparse
import itertools
import json
import re
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from app.terminal.this_machine import machine, on_what
from benchmarks.live import checkout, percentile
from tests.browser import chromium
from tests.servers import hyperplane

# Frames with the image that both networks see, images that the page sends, and when; in ms of the page's clock.
WATCH = """
window.watched = {frames: [], drawn: [], sent: [], moved: 0};
const text = bytes => btoa(String.fromCharCode(...bytes));
window.WebSocket = class extends WebSocket {
  constructor(...options) {
    super(...options);
    this.addEventListener("message", ({data}) => {
      if (!(data instanceof ArrayBuffer)) return;
      const length = Number(new DataView(data).getBigUint64(0, true));
      const head = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 8, length)));
      if (head.__metadata__.kind !== "frame") return;
      const [from, to] = head.image?.data_offsets ?? [0, 0];
      const image = text(new Uint8Array(data, 8 + length + from, to - from));
      watched.frames.push({frame: Number(head.__metadata__.frame), image});
    });
  }
  send(message) {
    super.send(message);
    const {type, frame, pixels} = JSON.parse(message);
    if (type === "ack") watched.drawn.push({frame, at: performance.now()});
    else if (type === "draw" && pixels) watched.sent.push({image: pixels, moved: watched.moved});
  }
};
addEventListener("pointermove", ({timeStamp}) => { watched.moved = timeStamp; }, {capture: true});
"""
CONTEST = 4  # sessions of the plane beside the digits


@dataclass(frozen=True)
class Figures:
    """Times in milliseconds, where they are not named as seconds."""

    seconds_to_95: float
    seconds_to_97: float
    frames_per_second: float
    frame_p95: float  # between two drawn frames
    answer_median: float
    answer_p95: float
    answers: int
    plane_median: float  # frames a second of the plane's sessions
    plane_min: float


def watched(page: Page) -> dict[str, Any]:
    seen: dict[str, Any] = page.evaluate("watched")
    return seen


def clear(page: Page) -> None:
    page.evaluate("for (const list of ['frames', 'drawn', 'sent']) watched[list].length = 0")


def time_to_read(page: Page) -> tuple[float, float]:
    """Plays; seconds until the convolutional network reads 95 and 97 % of the test digits, as the page says."""
    score = page.get_by_test_id("score-convolutional_test")
    page.get_by_role("button", name="Play", exact=True).click()
    began = time.perf_counter()
    expect(score).to_have_text(re.compile(r"accuracy (9[5-9]|100)\.\d %"), timeout=120_000)
    at_95 = time.perf_counter() - began
    expect(score).to_have_text(re.compile(r"accuracy (9[7-9]|100)\.\d %"), timeout=120_000)
    return at_95, time.perf_counter() - began


def frame_gaps(page: Page, seconds: float) -> list[float]:
    """Milliseconds between drawn frames."""
    clear(page)
    page.wait_for_timeout(seconds * 1000)
    drawn = [frame["at"] for frame in watched(page)["drawn"]]
    return [after - before for before, after in itertools.pairwise(drawn)]


def answer_times(page: Page, moves: int) -> list[float]:
    """Milliseconds from a movement of the pen to the drawn frame of the image that it made."""
    page.get_by_role("button", name="Clear").click()
    box = page.locator("#pad").bounding_box()
    assert box
    clear(page)
    for move in range(moves):
        share = move % 20 / 20
        across = 0.3 + 0.4 * (move // 20 % 3) / 2
        page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * (0.15 + 0.7 * share))
        if move % 20 == 0:
            page.mouse.down()
        page.wait_for_timeout(50 + 17 * (move % 5))  # at any moment between two frames
        if move % 20 == 19:
            page.mouse.up()
    page.wait_for_timeout(500)
    return times_of(watched(page))


def times_of(seen: dict[str, Any]) -> list[float]:
    """Of every image that was answered before the next movement made another."""
    drawn = {one["frame"]: one["at"] for one in seen["drawn"]}
    first: dict[str, float] = {}
    for frame in seen["frames"]:
        if frame["frame"] in drawn:
            first.setdefault(frame["image"], drawn[frame["frame"]])
    return [first[sent["image"]] - sent["moved"] for sent in seen["sent"] if sent["image"] in first]


def beside(address: str, seconds: float) -> dict[str, Any]:
    """Frames a second of sessions of the plane."""
    command = [hyperplane(), "load", "--sessions", str(CONTEST), "--seconds", str(seconds), "--url", address, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)["frames_per_second"]
    return found


def measure(page: Page, address: str, seconds: float, moves: int) -> Figures:
    page.goto(f"{address}/digits")
    expect(page.get_by_test_id("winner-plain")).to_contain_text("%")
    at_95, at_97 = time_to_read(page)
    gaps = frame_gaps(page, seconds)
    answers = answer_times(page, moves)
    plane = beside(address, seconds)
    return Figures(
        seconds_to_95=at_95,
        seconds_to_97=at_97,
        frames_per_second=1000 / statistics.mean(gaps),
        frame_p95=percentile(gaps, 0.95),
        answer_median=statistics.median(answers),
        answer_p95=percentile(answers, 0.95),
        answers=len(answers),
        plane_median=plane["median"],
        plane_min=plane["min"],
    )


def table(found: Figures) -> Table:
    rows = Table("", "", title="The digits lab, live in headless Chromium", caption=on_what())
    rows.add_row("from play to 95 % of the test digits, s", f"{found.seconds_to_95:.1f}")
    rows.add_row("to 97 %, s", f"{found.seconds_to_97:.1f}")
    rows.add_row("frames drawn a second", f"{found.frames_per_second:.1f}")
    rows.add_row("between two frames, 95th percentile, ms", f"{found.frame_p95:.1f}")
    rows.add_row("pen to answer, median / p95, ms", f"{found.answer_median:.1f} / {found.answer_p95:.1f}")
    rows.add_row(
        f"frames a second of {CONTEST} plane sessions", f"{found.plane_median:.1f} (min {found.plane_min:.1f})"
    )
    return rows


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=10, help="of play, for frames")
    options.add_argument("--moves", type=int, default=60, help="of the pen")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    with ExitStack() as running, sync_playwright() as playwright:
        server = running.enter_context(checkout(None))
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        found = measure(page, server.address, chosen.seconds, chosen.moves)
        browser.close()
    if chosen.json:
        json.dump({"machine": machine(), "figures": asdict(found)}, sys.stdout, indent=2)
    else:
        Console().print(table(found))


if __name__ == "__main__":
    main()
