"""A lab that is unmounted leaves nothing behind that would still act in the page."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

# Notes what modules of labs have under way: `ofTheLab()` lists it as "kind module". `drawing` and `shell/elements.js`
# start timers and observers for others.
WATCH = r"""
const alive = new Map();
globalThis.ofTheLab = () => [...alive.values()].sort();

function note(key, kind) {
  const modules = [...new Error().stack.matchAll(/static\/(?:v-\w+\/)?([\w/-]+)\.js/g)].map(([, name]) => name);
  const module = modules.find(name => !/^drawing\/|^shell\/elements$/.test(name)) ?? "";
  if (module.startsWith("labs/")) alive.set(key, `${kind} ${module.split("/").at(-1)}`);
}

for (const [start, end] of [["setTimeout", "clearTimeout"], ["requestAnimationFrame", "cancelAnimationFrame"]]) {
  const [original, cancel] = [globalThis[start], globalThis[end]];
  globalThis[start] = (act, ...rest) => {
    const id = original((...values) => {
      alive.delete(`${start} ${id}`);
      act(...values);
    }, ...rest);
    note(`${start} ${id}`, start);
    return id;
  };
  globalThis[end] = id => {
    alive.delete(`${start} ${id}`);
    cancel(id);
  };
}

globalThis.ResizeObserver = class extends ResizeObserver {
  observe(element) {
    super.observe(element);
    note(this, "resize");
  }
  disconnect() {
    super.disconnect();
    alive.delete(this);
  }
};

const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, act, options) {
  listen.call(this, type, act, options);
  if (![undefined, document, window].includes(this)) return;
  note(act, type);
  options?.signal?.addEventListener("abort", () => alive.delete(act));
  if (options?.once) listen.call(this, type, () => alive.delete(act), options);
};
"""

# Leaves the page once all of this is under way, first as if the browser kept it.
LEAVE = """async wanted => {
  await new Promise(requestAnimationFrame);
  document.querySelector("#network")?.dispatchEvent(new Event("scroll"));
  if (!wanted.every(each => ofTheLab().includes(each))) return null;
  return [true, false].map(persisted => {
    dispatchEvent(new PageTransitionEvent("pagehide", {persisted}));
    return ofTheLab();
  });
}"""

LISTENERS = ["pointerdown layer-figures", "pointerdown plane-reader", "pointerup layer-settings"]
OBSERVERS = ["resize lab", "resize network-view"]
TIMERS = [
    f"setTimeout {each}"
    for each in ("inspector", "layer-figures", "network-view", "plane-reader", "scores-view", "wrong-view")
]
FRAMES = [f"requestAnimationFrame {each}" for each in ("network-view", "wrong-view")]


@pytest.mark.parametrize("under_way", [LISTENERS + OBSERVERS + TIMERS, FRAMES], ids=["timers", "frames"])
def test_a_lab_that_is_unmounted_leaves_nothing_behind(visit: Visit, under_way: list[str]) -> None:
    playground = visit.open(fragment="#v=1&noise=50&gradients=true&errors=true")
    page = playground.page
    page.add_init_script(WATCH)
    page.reload()
    playground.wait_for_first_frame()
    playground.play()
    playground.neurons(1).first.hover()
    page.mouse.down(button="right")  # the panel of the layer opens when the button is let go
    seen: Any = None

    def leave() -> bool:
        nonlocal seen
        page.locator("#picture").press("ArrowRight")  # the place is read out half a second later
        seen = page.evaluate(LEAVE, under_way)
        return seen is not None

    playground.wait_until(leave, f"{under_way} at the same time")
    kept, left = seen
    assert set(under_way) <= set(kept)
    assert left == []


OF_DIGITS = ["answers-view", "confusion-view", "readouts-view", "scores-view", "shift-view", "vectors-view"]
INSIDE = {  # what is looked into, where the arrow keys read it, and the views that have timers then
    "layer=1": ("#large", ["equation-view", "filter-tiles"]),
    "inside_plain=true": ("#sheets", ["weighing-view", "weight-tiles"]),
}


@pytest.mark.parametrize("inside", INSIDE)
def test_the_digits_lab_leaves_nothing_behind(visit: Visit, inside: str) -> None:
    read_at, views = INSIDE[inside]
    expected = ["resize lab", *(f"setTimeout {view}" for view in (*OF_DIGITS, *views))]
    playground = visit.open(fragment=f"#lab=digits&v=1&shift_map=true&readouts=true&{inside}", wait=False)
    page = playground.page
    page.wait_for_url("**/digits#*")
    page.add_init_script(WATCH)
    page.reload()
    expect(page.get_by_test_id("winner-plain")).to_contain_text("%")
    page.locator("#play").click()
    page.get_by_role("button", name="Confusion", exact=True).click()
    seen: Any = None

    def leave() -> bool:
        nonlocal seen
        # What is read out half a second later: an equation, a shift, and what networks read on the pad.
        for place in (read_at, "#shift-cells", "#pad"):
            page.locator(place).press("ArrowRight")
        seen = page.evaluate(LEAVE, expected)
        return seen is not None

    playground.wait_until(leave, f"{expected} at the same time")
    kept, left = seen
    assert set(expected) <= set(kept)
    assert left == []


OF_DESCENT = ["resize lab", *(f"setTimeout {each}" for each in ("picture-view", "racers-view", "start-view"))]


def test_the_descent_lab_leaves_nothing_behind(visit: Visit) -> None:
    playground = visit.open(fragment="#lab=descent&v=1&speed=100", wait=False)
    page = playground.page
    page.wait_for_url("**/descent#*")
    page.add_init_script(WATCH)
    page.reload()
    expect(page.get_by_test_id("loss-racer_1")).to_contain_text(".")
    seen: Any = None

    def leave() -> bool:
        nonlocal seen
        page.locator("#error-picture").press("ArrowRight")  # the start is read out half a second later
        page.locator("#play").click()
        seen = page.evaluate(LEAVE, OF_DESCENT)
        return seen is not None

    playground.wait_until(leave, f"{OF_DESCENT} at the same time")
    kept, left = seen
    assert set(OF_DESCENT) <= set(kept)
    assert left == []


def test_the_autoencoder_lab_leaves_nothing_behind(visit: Visit) -> None:
    playground = visit.open(fragment="#lab=autoencoder&v=1&examples=ring&hidden=8&code=1", wait=False)
    page = playground.page
    page.wait_for_url("**/autoencoder#*")
    page.add_init_script(WATCH)
    page.reload()
    expect(page.get_by_test_id("loss-test")).to_contain_text(".")
    page.locator("#code-plane").press("ArrowRight")
    seen: Any = None

    def leave() -> bool:
        nonlocal seen
        seen = page.evaluate(LEAVE, ["resize lab"])
        return seen is not None

    playground.wait_until(leave, "what the lab watches")
    kept, left = seen
    assert "resize lab" in kept
    assert left == []
