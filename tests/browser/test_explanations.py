"""Every control explains itself to a resting pointer, the keyboard, a finger and a screen reader."""

import pytest
from playwright.sync_api import Page, expect

from app.labs.plane.explanations import EXPLANATIONS
from tests.browser.conftest import Visit
from tests.browser.playground import Playground

# Boxes that hide a control have its name.
UNEXPLAINED = """() => [...document.querySelectorAll("select, input[type=checkbox], input[type=range]")]
  .filter(control => control.name !== "hide")
  .filter(control => {
    const ids = (control.getAttribute("aria-describedby") ?? "").split(" ");
    return !ids.some(id => id.startsWith("about-") && document.getElementById(id)?.textContent.length > 20);
  })
  .map(control => control.id || control.name || control.value)"""
BOXES = """() => [...document.querySelectorAll("[role=tooltip]")].map(tip => tip.getBoundingClientRect().toJSON())"""


def test_no_list_box_or_slider_lacks_an_explanation(playground: Playground) -> None:
    playground.button("Share").click()
    assert playground.page.evaluate(UNEXPLAINED) == []


def test_an_explanation_is_told_to_a_screen_reader(playground: Playground) -> None:
    for name, control in [
        ("learning_rate", playground.control("Learning rate")),
        ("show_test", playground.control("Show test data")),
        ("play", playground.button("Play")),
        ("xTimesY", playground.page.get_by_role("checkbox", name="X1 times X2", exact=True)),
    ]:
        expect(control).to_have_accessible_description(EXPLANATIONS[name])
    group = playground.page.get_by_role("radiogroup", name="Dataset")
    expect(group).to_have_accessible_description(EXPLANATIONS["dataset"])


def tip(page: Page, name: str) -> None:
    """Check that the explanation is shown."""
    expect(page.get_by_role("tooltip")).to_have_text(EXPLANATIONS[name])


def test_a_pointer_that_rests_on_a_label_brings_the_words_and_a_click_sends_them_away(playground: Playground) -> None:
    page = playground.page
    page.locator("label[data-control=learning_rate]").hover(position={"x": 20, "y": 6})
    tip(page, "learning_rate")
    page.locator("label[data-control=batch_size]").hover(position={"x": 20, "y": 6})
    tip(page, "batch_size")
    page.mouse.move(700, 500)
    expect(page.get_by_role("tooltip")).to_be_hidden()
    page.locator("label[data-control=gradients]").hover()  # inside a section that has an explanation of its own
    tip(page, "gradients")
    page.get_by_label("Show test data").hover()
    tip(page, "show_test")
    page.mouse.down()
    expect(page.get_by_role("tooltip")).to_be_hidden()
    page.mouse.up()


def test_a_page_that_moves_below_a_resting_pointer_says_nothing(playground: Playground) -> None:
    """Browsers then report the pointer over an element, but nothing more when it moves there; the page needs both."""
    page = playground.page
    page.mouse.move(700, 500)
    label = page.locator("label[data-control=batch_size]")
    event = {"bubbles": True, "clientX": 700, "clientY": 500, "pointerType": "mouse"}
    label.dispatch_event("pointerover", event)
    page.wait_for_timeout(900)  # the page waits 500 ms; a late pointer event cannot make the test fail
    expect(page.get_by_role("tooltip")).to_be_hidden()
    label.dispatch_event("pointermove", event)
    page.wait_for_timeout(900)
    expect(page.get_by_role("tooltip")).to_be_hidden()
    label.dispatch_event("pointermove", event | {"clientX": 701})
    tip(page, "batch_size")


def test_the_keyboard_brings_the_words_and_escape_sends_them_away(playground: Playground) -> None:
    page = playground.page
    playground.control("Activation").focus()
    page.keyboard.press("Tab")
    tip(page, "loss")
    page.keyboard.press("Tab")
    tip(page, "learning_rate")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()
    expect(playground.control("Learning rate")).to_be_focused()


def test_a_finger_taps_the_name_of_a_field_or_the_sign_of_a_box(visit: Visit) -> None:
    playground = visit.open((390, 844), touch=True)
    page = playground.page
    field = page.locator("label[data-control=batch_size]")
    field.scroll_into_view_if_needed()
    field.tap(position={"x": 20, "y": 6})
    tip(page, "batch_size")
    assert page.evaluate("document.activeElement.id") != "batch-size"
    field.tap(position={"x": 20, "y": 6})
    expect(page.get_by_role("tooltip")).to_be_hidden()
    box = playground.control("Show test data")
    page.locator("label[data-control=show_test] .about").tap()
    tip(page, "show_test")
    expect(box).not_to_be_checked()
    page.locator("#data-title").tap()
    expect(page.get_by_role("tooltip")).to_be_hidden()


@pytest.mark.parametrize("size", [(390, 844), (1024, 768), (1440, 900)], ids=str)
def test_the_words_cover_no_control_and_stay_in_the_window(visit: Visit, size: tuple[int, int]) -> None:
    playground = visit.open(size)
    page = playground.page
    playground.button("More").click()
    for name in ("activation", "method", "clip", "stop_set", "noise", "show_test", "log_epoch"):
        label = page.locator(f"label[data-control={name}], [data-explain={name}], [data-control={name}] label").first
        label.scroll_into_view_if_needed()
        page.mouse.move(2, 2)
        label.hover()
        tip(page, name)
        words = page.evaluate(BOXES)[0]
        control = label.bounding_box()
        assert control
        assert words["left"] >= 0
        assert words["right"] <= size[0]
        assert words["top"] >= 0
        assert words["bottom"] <= size[1]
        assert words["top"] >= control["y"] + control["height"] or words["bottom"] <= control["y"]
