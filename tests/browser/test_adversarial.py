"""The GAN page: both networks learn, are built by clicking, real points are drawn, and sixteen seeds are tried."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit

SMALL = "#lab=adversarial&v=1&generator=8&discriminator=8"


def opened(visit: Visit, fragment: str, size: tuple[int, int] = (1440, 900), *, dark: bool = False) -> Page:
    page = visit.open(size, dark=dark, fragment=fragment, wait=False).page
    page.wait_for_url("**/adversarial#*")
    expect(page.get_by_test_id("loss-generator")).to_contain_text(".")
    return page


def test_both_networks_learn_and_are_built_by_clicking(visit: Visit) -> None:
    page = opened(visit, SMALL + "&stop_epochs=200")
    page.get_by_role("button", name="Add unit to layer 1 of the generator").click()
    page.get_by_role("button", name="Add layer to the discriminator").click()
    expect(page.get_by_test_id("parameters-discriminator")).to_have_text("105 parameters")
    expect(page).to_have_url(re.compile("generator=9.*discriminator=8,8"))
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_test_id("round")).to_have_text("200")
    expect(page.get_by_test_id("modes")).to_have_text(re.compile(r"\d of 8"))
    expect(page.get_by_test_id("health")).to_contain_text("of the fakes are good")
    page.keyboard.press("Shift+S")
    expect(page.get_by_test_id("batch")).to_have_text("batch 1 of 2")


def test_real_points_are_drawn_by_pointer_and_by_keys_and_taken_back(visit: Visit) -> None:
    page = opened(visit, SMALL)
    picture = page.locator("#plane-picture")
    box = picture.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*middle)
    expect(page.get_by_role("button", name="Erase drawing")).to_be_hidden()  # nothing is drawn by accident
    page.get_by_role("button", name="Draw points").click()
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 150, middle[1], steps=8)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"dataset=own.*drawing=0,0,"))
    picture.focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"drawing=[^&]*,0,0\.25"))
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile(r"^(?!.*drawing).*$"))


def test_sixteen_seeds_are_tried_and_one_is_opened(visit: Visit) -> None:
    page = opened(visit, SMALL)
    expect(page.locator("#seeds-cost")).to_contain_text("of one processor core")
    page.get_by_label("Rounds of each seed").select_option("300")
    page.get_by_role("button", name="Try 16 seeds").click()
    expect(page.get_by_test_id("seeds")).to_contain_text("All 16 done", timeout=60_000)
    expect(page.get_by_test_id("seeds")).to_contain_text("of 16 collapsed")
    page.get_by_role("button", name=re.compile("^Open seed 7:")).click()
    expect(page).to_have_url(re.compile("seed=7"))
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_test_id("seeds")).to_be_hidden()


@pytest.mark.parametrize(("size", "dark"), [((1440, 900), False), ((390, 844), True)])
def test_axe_finds_nothing_to_complain_about(visit: Visit, size: tuple[int, int], dark: bool) -> None:
    page = opened(visit, SMALL + "&bent_grid=true", size, dark=dark)
    page.get_by_role("button", name="Try 16 seeds").click()
    expect(page.get_by_test_id("seeds")).to_contain_text("of 16 done")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
