"""Undo, redo and the timeline, by keys, buttons, slider, finger and chart."""

import re

from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.playground import Playground


def trained(visit: Visit, epochs: int = 60, **how: object) -> Playground:
    """A page whose network has learned for some epochs and is paused."""
    playground = visit.open(fragment="#v=1&dataset=xor&stop_epochs=60", **how)  # type: ignore[arg-type]
    playground.button("Play").click()
    playground.wait_for_epoch(epochs)
    return playground


def losses(playground: Playground) -> list[str]:
    """As the page says them: pictures are coarser where the machine is busy."""
    return [playground.page.get_by_test_id(f"loss-{name}").inner_text() for name in ("train", "test")]


def test_what_was_done_is_undone_and_done_again(visit: Visit) -> None:
    playground = trained(visit)
    page = playground.page
    undo, redo = playground.button("Undo"), playground.button("Redo")
    first = losses(playground)
    playground.button("Add neuron to layer 1").click()
    expect(playground.neurons(1)).to_have_count(5)
    page.keyboard.press("Control+z")
    expect(playground.neurons(1)).to_have_count(4)
    expect(page.get_by_role("status")).to_contain_text(["Undone: add neuron"])
    playground.wait_until(lambda: losses(playground) == first, "the losses of before")
    expect(redo).to_be_enabled()
    page.keyboard.press("Control+Shift+Z")
    expect(playground.neurons(1)).to_have_count(5)
    undo.click()
    expect(playground.neurons(1)).to_have_count(4)
    undo.click()
    playground.wait_for_epoch(0)
    expect(undo).to_be_disabled()
    playground.control("Learning rate").focus()
    page.keyboard.press("Control+y")
    playground.wait_for_epoch(60)
    playground.button("Reset").click()
    playground.wait_for_epoch(0)
    expect(undo).to_have_attribute("title", re.compile("the reset"))
    undo.click()
    playground.wait_for_epoch(60)


def test_the_slider_leads_to_every_epoch_and_play_branches(visit: Visit) -> None:
    playground = trained(visit)
    page = playground.page
    last = losses(playground)
    at = page.get_by_role("slider", name="Epoch that is shown")
    at.focus()
    page.keyboard.press("ArrowLeft")
    playground.wait_for_epoch(59)
    expect(at).to_have_attribute("aria-valuetext", re.compile(r"^epoch 59 of 60, train loss 0\.\d+, test loss"))
    page.keyboard.press("Shift+ArrowLeft")
    playground.wait_for_epoch(49)
    page.keyboard.press("Home")
    playground.wait_for_epoch(0)
    page.keyboard.press(".")
    playground.wait_for_epoch(1)
    assert losses(playground) != last
    assert not violations(page)
    playground.button("Back to the end").click()
    playground.wait_for_epoch(60)
    playground.wait_until(lambda: losses(playground) == last, "the last losses")
    page.keyboard.press("Home")
    playground.wait_for_epoch(0)
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    expect(playground.button("Back to the end")).to_be_hidden()
    page.keyboard.press("Control+z")
    playground.wait_for_epoch(0)
    expect(playground.button("Back to the end")).to_be_visible()  # of the line that was left
    at.press("End")
    playground.wait_until(lambda: losses(playground) == last, "the last losses")


def test_a_drag_on_the_chart_goes_through_the_epochs(visit: Visit) -> None:
    playground = trained(visit, size=(390, 844), touch=True)
    page = playground.page
    chart = page.locator("#loss-chart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 40, steps=8)  # the chart's left
    page.mouse.up()
    playground.wait_for_epoch(0)
    page.mouse.move(box["x"] + 200, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 40, steps=8)
    page.mouse.up()
    playground.wait_for_epoch(60)
    undo = playground.button("Undo")  # where a thumb reaches it, beside the other buttons there is no room
    expect(undo).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    undo.tap()
    playground.wait_for_epoch(0)
