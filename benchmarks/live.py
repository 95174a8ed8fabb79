"""Measures what a visitor sees: time between drawn frames, epochs per second, and from a click to the changed picture.

Runs a server and a headless Chromium on this machine, through the page's own controls. The page acknowledges a frame
after drawing it, from requestAnimationFrame, so intercepted acknowledgements tell when frames were drawn.

Times mean little on a busy machine, so the processor time of each drawn frame is reported too. With --against, two
checkouts take turns in one run: this one, and another that is served by its own .venv.

python -m benchmarks.live [--seconds 20] [--clicks 40] [--against FOLDER [--rounds 4]] [--json]
"""

import argparse
import itertools
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from app.terminal.this_machine import machine, on_what
from benchmarks.processor_time import Used, used
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
    """Figures of one network. Times in milliseconds: median and 95th percentile."""

    network: str
    frame_median: float
    frame_p95: float
    frames_per_second: float
    epochs_per_second: float
    click_median: float
    click_p95: float
    clicks: int
    page_cpu: float  # processor time per drawn frame while playing: the page's own process
    browser_cpu: float  # Chromium's other processes, which put it on the screen
    server_cpu: float  # training and frames


@dataclass
class Seen:
    """Measurements of one network over all rounds."""

    gaps: list[float] = field(default_factory=list)  # ms between drawn frames
    epochs: float = 0.0
    milliseconds: float = 0.0  # in which they were trained
    clicks: list[float] = field(default_factory=list)  # ms to the changed picture
    used: Used = field(default_factory=Used)

    def figures(self, network: str) -> Figures:
        frames = len(self.gaps)
        return Figures(
            network=network,
            frame_median=statistics.median(self.gaps),
            frame_p95=percentile(self.gaps, 0.95),
            frames_per_second=1000 / statistics.mean(self.gaps),
            epochs_per_second=self.epochs / self.milliseconds * 1000,
            click_median=statistics.median(self.clicks),
            click_p95=percentile(self.clicks, 0.95),
            clicks=len(self.clicks),
            page_cpu=self.used.page / frames * 1000,
            browser_cpu=self.used.browser / frames * 1000,
            server_cpu=self.used.server / frames * 1000,
        )


def percentile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def fast(playground: Playground) -> None:
    """Set the highest speed, the last choice."""
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


def watch_frames(playground: Playground, seen: Seen, seconds: float) -> None:
    """Record the gaps between drawn frames, and the epochs, over `seconds` of play."""
    playground.page.evaluate("watched.frames.length = watched.drawn.length = 0")
    playground.page.wait_for_timeout(seconds * 1000)
    now = watched(playground)
    epochs = {frame["frame"]: frame["epoch"] for frame in now["frames"]}
    drawn = [(frame["at"], epochs[frame["frame"]]) for frame in now["drawn"] if frame["frame"] in epochs]
    seen.gaps += [after - before for (before, _), (after, _) in itertools.pairwise(drawn)]
    (began, first), (ended, last) = drawn[0], drawn[-1]
    seen.epochs += last - first
    seen.milliseconds += ended - began


def click_times(playground: Playground, clicks: int) -> list[float]:
    """Milliseconds from each click to the drawn frame that shows it, while playing; clicks add and remove a neuron."""
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
    """A fresh page with the script that watches frames."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(server.address)
    playground = Playground(page)
    playground.wait_for_first_frame()
    fast(playground)
    yield playground
    context.close()


@dataclass(frozen=True)
class Contestant:
    """A measured checkout: its server, and the browser that visits it."""

    name: str
    server: Server
    browser: Browser


def measure(playground: Playground, contestant: Contestant, seen: Seen, seconds: float, clicks: int) -> None:
    playground.play()
    playground.page.wait_for_timeout(SETTLE * 1000)
    before = used(contestant.browser, contestant.server.process.pid)
    watch_frames(playground, seen, seconds)
    seen.used += used(contestant.browser, contestant.server.process.pid) - before
    seen.clicks += click_times(playground, clicks)
    playground.pause()


def small(_: Playground) -> str:
    """Keep the default network."""
    return "circle, 2-4-2-1"


def large(playground: Playground) -> str:
    """Build the network that takes most drawing."""
    playground.choose("Dataset", "Spiral")
    for feature in FEATURES:
        playground.page.get_by_role("checkbox", name=feature, exact=True).check(force=True)
    build(playground, (8,) * 6)
    return "spiral, 7 inputs, six layers of eight"


def surveyed(playground: Playground) -> str:
    """Open the loss surface, which each frame then brings anew: 41 by 41 places over 250 points."""
    build(playground, (8, 8))
    surface = playground.button("Surface")
    if surface.count():  # another checkout may have none
        surface.click()
        expect(playground.page.get_by_role("application", name="Map of the training loss")).to_be_visible()
    return "circle, 2-8-8-1, loss surface"


def contest(
    contestants: Sequence[Contestant], prepare: Callable[[Playground], str], seconds: float, clicks: int, rounds: int
) -> list[Figures]:
    """Figures of each contestant, who take turns; `seconds` and `clicks` are divided among the rounds."""
    with ExitStack() as pages:
        playgrounds = [pages.enter_context(visit(one.browser, one.server)) for one in contestants]
        networks = [prepare(playground) for playground in playgrounds]
        seen = [Seen() for _ in contestants]
        for number in range(rounds):
            turn = list(zip(playgrounds, contestants, seen, strict=True))
            for playground, contestant, so_far in turn if number % 2 == 0 else reversed(turn):
                measure(playground, contestant, so_far, seconds / rounds, -(-clicks // rounds))
    return [so_far.figures(network) for so_far, network in zip(seen, networks, strict=True)]


ROWS: dict[str, Callable[[Figures], tuple[float, ...]]] = {
    "time between drawn frames, median / p95, ms": lambda it: (it.frame_median, it.frame_p95),
    "frames per second": lambda it: (it.frames_per_second,),
    "epochs per second": lambda it: (it.epochs_per_second,),
    "click to changed picture, median / p95, ms": lambda it: (it.click_median, it.click_p95),
    "processor time of the page, ms a frame": lambda it: (it.page_cpu,),
    "of the rest of Chromium, ms a frame": lambda it: (it.browser_cpu,),
    "of the server, ms a frame, training included": lambda it: (it.server_cpu,),
}


def text(values: tuple[float, ...]) -> str:
    return " / ".join(f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" for value in values)


def ratio(ours: tuple[float, ...], theirs: tuple[float, ...]) -> str:
    return " / ".join(f"{a / b:.2f}" if b else "–" for a, b in zip(ours, theirs, strict=True))


def report(figures: list[list[Figures]], names: Sequence[str]) -> list[Table]:
    """One table with a column for each network, or with two contestants a table for each network, with ratios."""
    if len(names) == 1:
        return [table("Live, in headless Chromium", [(one.network, one) for (one,) in figures])]
    return [table(each[0].network, list(zip(names, each, strict=True)), are_rivals=True) for each in figures]


def table(title: str, columns: Sequence[tuple[str, Figures]], *, are_rivals: bool = False) -> Table:
    """A row for each figure."""
    found = Table("", *(name for name, _ in columns), title=title, caption=on_what())
    if are_rivals:
        found.add_column("ratio")
    for row, values in ROWS.items():
        shown = [values(one) for _, one in columns]
        found.add_row(row, *(text(each) for each in shown), *([ratio(shown[0], shown[1])] if are_rivals else []))
    return found


@contextmanager
def checkout(folder: Path | None) -> Iterator[Server]:
    """The server of another checkout, run by its own environment, or of this one."""
    port = free_port()
    program = str(folder / ".venv" / "bin" / "hyperplane") if folder else hyperplane()
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port)]
    with serving(command, port, folder=folder) as server:
        yield server


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=20, help="of play, for each network")
    options.add_argument("--clicks", type=int, default=40, help="for each network")
    options.add_argument("--against", type=Path, help="the folder of another checkout, made ready by `make setup`")
    options.add_argument("--rounds", type=int, default=4, help="in which two checkouts take turns")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    path = chromium.find()
    if not path:
        sys.exit(chromium.MISSING)
    folders = [None, chosen.against.resolve()] if chosen.against else [None]
    names = ["this", "the other"][: len(folders)]
    rounds = chosen.rounds if chosen.against else 1
    with ExitStack() as running, sync_playwright() as playwright:
        servers = [running.enter_context(checkout(folder)) for folder in folders]
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        contestants = [Contestant(name, server, browser) for name, server in zip(names, servers, strict=True)]
        figures = [
            contest(contestants, prepare, chosen.seconds, chosen.clicks, rounds) for prepare in (small, large, surveyed)
        ]
        version = browser.version
        browser.close()
    if chosen.json:
        described = {**machine(), "chromium": version}
        found = [{"checkout": name, **asdict(one)} for each in figures for name, one in zip(names, each, strict=True)]
        json.dump({"machine": described, "figures": found}, sys.stdout, indent=2)
    else:
        Console().print(*report(figures, names), sep="\n")


if __name__ == "__main__":
    main()
