"""The autoencoder page: planes, reconstructions, errors, the stack by clicking; without a mouse, and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit

SMALL = "#lab=autoencoder&v=1&hidden=16&stop_epochs=2"
RING = "#lab=autoencoder&v=1&examples=ring&hidden=8,8&code=1&batch_size=10&activation=tanh&loss=squared"


def opened(visit: Visit, fragment: str, size: tuple[int, int] = (1440, 900), *, touch: bool = False) -> Page:
    page = visit.open(size, touch=touch, fragment=fragment, wait=False).page
    page.wait_for_url("**/autoencoder#*")
    expect(page.get_by_test_id("loss-test")).to_contain_text(".")
    return page


def error(page: Page, name: str) -> float:
    return float(page.get_by_test_id(name).inner_text())


def test_it_learns_and_says_what_is_left(visit: Visit) -> None:
    page = opened(visit, SMALL)
    assert 43 < error(page, "error-pca") < 44
    assert 52 < error(page, "error-nothing") < 53
    before = error(page, "error-test")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_test_id("epoch")).to_have_text("2")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert error(page, "error-test") < before
    plane = page.get_by_role("application", name="Code plane")
    plane.press("ArrowRight")
    expect(page.get_by_test_id("words-seen")).to_have_text(re.compile(r"^digit 1, a \d$"))
    expect(page.get_by_test_id("words-own")).to_have_text(re.compile(r"^error [\d.]+$"))
    expect(page.locator("#announcer")).to_have_text(re.compile(r"Test digit 1, a \d"))
    plane.press("Shift+ArrowUp")
    expect(page.get_by_test_id("words-decoded")).to_have_text("by the decoder")
    inked = "canvas => canvas.width > 1 && canvas.getContext('2d').getImageData(0, 0, 28, 28).data.some(v => v < 128)"
    for name in ("seen", "own", "pca"):
        assert page.locator(f"#picture-{name}").evaluate(inked)
    plane.press("Escape")  # takes back the message that training has stopped
    plane.press("Escape")
    expect(page.get_by_test_id("words-seen")).to_have_text("")
    assert violations(page) == []


def test_a_drag_decodes_and_a_linear_stack_has_an_angle(visit: Visit) -> None:
    page = opened(visit, SMALL)
    expect(page.get_by_test_id("angle")).to_be_hidden()
    page.get_by_label("Linear", exact=True).check()
    expect(page.get_by_test_id("angle")).to_have_text(re.compile(r"^\d+\.\d+°$"))
    for name, words in (("pca-plane", "by PCA"), ("code-plane", "by the decoder")):
        box = page.locator(f"#{name}").bounding_box()
        assert box
        page.mouse.move(box["x"] + 90, box["y"] + 90)
        page.mouse.down()
        page.mouse.move(box["x"] + 120, box["y"] + 110, steps=3)
        page.mouse.up()
        expect(page.get_by_test_id("words-decoded")).to_have_text(words)


def test_a_stack_is_built_by_clicking(visit: Visit) -> None:
    page = opened(visit, RING)
    expect(page.get_by_test_id("decoder")).to_have_text("1 – 8 – 8 – 2")
    page.get_by_role("button", name="Add encoder layer").click()
    expect(page.get_by_test_id("decoder")).to_have_text("1 – 4 – 8 – 8 – 2")
    field = page.get_by_label("Units of encoder layer 1")
    field.fill("12")
    field.press("Enter")
    expect(page.get_by_test_id("decoder")).to_have_text("1 – 4 – 8 – 12 – 2")
    page.get_by_role("button", name="Remove encoder layer 3").click()
    expect(page.get_by_test_id("decoder")).to_have_text("1 – 8 – 12 – 2")
    expect(page.get_by_test_id("cost")).to_contain_text("299 parameters")
    page.get_by_label("Numbers of the code", exact=True).press("ArrowRight")
    expect(page.get_by_test_id("code")).to_have_text("2")
    page.get_by_label("Examples", exact=True).select_option("digits")
    expect(page.get_by_test_id("cost")).to_contain_text("435,858 parameters")
    expect(page).to_have_url(re.compile("lab=autoencoder"))


@pytest.mark.parametrize("size", [(390, 844), (1024, 768)])
def test_it_fits(visit: Visit, size: tuple[int, int]) -> None:
    page = opened(visit, RING, size, touch=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_test_id("epoch")).to_have_text("1")
    slider = page.locator("#numbers input").first
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_test_id("words-decoded")).to_contain_text("by the decoder: ")
