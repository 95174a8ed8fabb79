"""Measures how long a film takes, and what it costs a page that plays, in a headless Chromium without graphics.

Six layers of eight learn the spiral at full speed. Counted are the frames that the page draws in a second, with and
without a film that another visitor has asked for, and the epochs that it trains meanwhile.

python -m benchmarks.live_film [--json] [--seconds 10]
"""

import argparse
import http.client
import json
import sys
import time
from typing import Any

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from app.exports import moments
from app.exports.films.wanted import FORMS
from app.labs import FIRST
from app.links import read_link
from app.terminal.this_machine import machine, on_what
from benchmarks.live import checkout
from tests.browser import chromium
from tests.browser.playground import Playground
from tests.servers import Server

EXPERIMENT = "#v=1&dataset=spiral&hidden=8,8,8,8,8,8&inputs=x,y,xSquared,ySquared,xTimesY,sinX,sinY"
EPOCHS = 3_000
COUNT = """
window.drawn = 0;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (message) {
  if (typeof message === "string" && message.includes('"ack"')) window.drawn++;
  send.call(this, message);
};
"""


def experiment() -> bytes:
    """With its timeline, as a page sends it."""
    opened = read_link(EXPERIMENT)
    run = FIRST.engine.begin(opened.experiment.settings)
    run.train(EPOCHS)
    return moments.write_safetensors(moments.freeze(run, opened.experiment.view, EXPERIMENT, for_film=True))


def film(server: Server, body: bytes, form: str) -> tuple[float, int]:
    """Seconds and bytes."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request("POST", f"/exports/{form}", body)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        sys.exit(content.decode())
    return time.perf_counter() - begun, len(content)


def rates(page: Page, begun: tuple[float, int, int] | None = None) -> tuple[float, int, int]:
    """Now, frames and epochs so far; with what it was before, the seconds and what came meanwhile."""
    now = time.perf_counter(), int(page.evaluate("drawn")), Playground(page).epoch()
    return now if begun is None else (now[0] - begun[0], now[1] - begun[1], now[2] - begun[2])


def measure(page: Page, server: Server, seconds: float) -> list[dict[str, Any]]:
    """A row for each form, and one without a film."""
    body = experiment()
    rows = [{"what": f"{form}, nobody plays", **_made(film(server, body, form))} for form in FORMS]
    page.add_init_script(COUNT)
    page.goto(f"{server.address}/{EXPERIMENT}")
    playground = Playground(page)
    playground.wait_for_first_frame()
    playground.play()
    page.wait_for_timeout(5_000)
    begun = rates(page)
    page.wait_for_timeout(seconds * 1000)
    rows.append({"what": "playing, no film", **_per_second(rates(page, begun))})
    for form in FORMS:
        begun = rates(page)
        made = film(server, body, form)
        rows.append({"what": f"{form} while one plays", **_made(made), **_per_second(rates(page, begun))})
    return rows


def _made(made: tuple[float, int]) -> dict[str, float]:
    return {"seconds": made[0], "megabytes": made[1] / 1e6}


def _per_second(found: tuple[float, int, int]) -> dict[str, float]:
    return {"frames": found[1] / found[0], "epochs": found[2] / found[0]}


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=10, help="of playing without a film")
    options = parser.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    with checkout(None) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        rows = measure(browser.new_page(viewport={"width": 1440, "height": 900}), server, options.seconds)
        browser.close()
    if options.json:
        json.dump({"machine": machine(), "films": rows}, sys.stdout)
        return
    for row in rows:
        figures = ", ".join(f"{value:,.1f} {name}" for name, value in row.items() if name != "what")
        Console().print(f"{row['what']}: {figures}")
    Console().print(on_what())


if __name__ == "__main__":
    main()
