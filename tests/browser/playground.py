"""Operates the page as a visitor does, by roles and accessible names only."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Literal, get_args

from playwright.sync_api import Locator, Page, expect

PATIENCE = 60_000  # ms: generous, as two cores may be shared with other work

PICTURE = """element => {
  const canvas = element instanceof HTMLCanvasElement ? element : element.querySelector("canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {willReadFrequently: true});
  copy.drawImage(canvas, 0, 0);
  const {data} = copy.getImageData(0, 0, canvas.width, canvas.height);
  let hash = 5381;
  for (const byte of data) hash = (hash * 33 + byte) | 0;
  return hash;
}"""
Input = Literal["combobox", "slider", "spinbutton", "textbox", "checkbox"]
INPUTS: tuple[Input, ...] = get_args(Input)
_FACTORS = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9}


def number(text: str) -> float:
    """The number that an output shows, with separated or abbreviated thousands: 12,345 or 1.2k."""
    match = re.search(r"([-−]?[\d.]+(?:e-?\d+)?)\s*([kMG]?)", re.sub(r"[,\s'’\u2009\u202f\u00a0]", "", text))
    if not match:
        raise ValueError(f"no number in {text!r}")
    return float(match[1].replace("−", "-")) * _FACTORS[match[2]]


@dataclass(frozen=True)
class Playground:
    """Controls and outputs of one open page."""

    page: Page

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def choose(self, group: str, option: str) -> None:
        """Click one option of a radio group, by its label as a visitor would."""
        radio = self.page.get_by_role("radiogroup", name=group).get_by_role("radio", name=option, exact=True)
        radio.check(force=True)
        expect(radio).to_be_checked()

    def control(self, name: str) -> Locator:
        """A labelled control of any kind."""
        combobox, *others = (self.page.get_by_role(role, name=name, exact=True) for role in INPUTS)
        return reduce(Locator.or_, others, combobox)

    def show(self, name: str) -> float:
        """The number in an output: epoch, loss-train, loss-test, steps-per-second."""
        return number(self.page.get_by_test_id(name).inner_text())

    def epoch(self) -> int:
        return round(self.show("epoch"))

    def picture(self, name: str = "Decision boundary") -> int:
        """A hash of the pixels of a canvas."""
        hashed: int = self.page.get_by_role("img", name=name).evaluate(PICTURE)
        return hashed

    def neurons(self, layer: int) -> Locator:
        """The buttons of a layer's neurons."""
        return self.page.get_by_role("button", name=re.compile(rf"^Layer {layer} neuron \d+"))

    def play(self) -> None:
        self.button("Play").click()
        expect(self.button("Pause")).to_be_visible()

    def pause(self) -> None:
        self.button("Pause").click()
        expect(self.button("Play")).to_be_visible()

    def wait_until(self, condition: Callable[[], bool], waiting_for: str) -> None:
        deadline = time.monotonic() + PATIENCE / 1000
        while not condition():
            assert time.monotonic() < deadline, f"still waiting for {waiting_for}"
            self.page.wait_for_timeout(20)

    def wait_for_address(self, *parts: str) -> None:
        """Wait until the address holds these. Playwright's `wait_for_function` evaluates text in the page, which the
        content security policy forbids from the second try on."""
        self.wait_until(lambda: all(part in self.page.url for part in parts), f"{parts} in the address")

    def wait_for_epoch(self, epoch: int) -> None:
        """Wait until exactly this epoch is shown."""
        shown = f"{epoch:,}"  # as text, because a newly loaded page shows a dash
        self.wait_until(lambda: self.page.get_by_test_id("epoch").inner_text() == shown, f"epoch {epoch}")

    def wait_to_pass_epoch(self, epoch: int) -> None:
        self.wait_until(lambda: self.epoch() > epoch, f"an epoch after {epoch}")

    def wait_for_loss_below(self, loss: float) -> None:
        self.wait_until(lambda: self.show("loss-train") < loss, f"a loss below {loss}")

    def wait_for_first_frame(self) -> None:
        self.wait_until(lambda: any(c.isdigit() for c in self.page.get_by_test_id("loss-train").inner_text()), "a loss")

    def wait_for_other_picture(self, than: int) -> None:
        """Wait until the decision boundary looks different."""
        self.wait_until(lambda: self.picture() != than, "another picture")
