"""The loss surface of the running network: live, its race, its curves along one weight, keys and links."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.playground import PICTURE

FEW = "#v=1&hidden=3"


def surface_map(page: Page) -> Locator:
    return page.get_by_role("application", name=re.compile("Map of the training loss"))


def words(page: Page) -> Locator:
    return page.locator("#surface-words")


def test_the_surface_is_live_and_shares_links(visit: Visit) -> None:
    playground = visit.open(fragment=FEW)
    page = playground.page
    playground.button("Surface").click()
    expect(words(page)).to_contain_text("Loss here")
    expect(page.get_by_label("Weight across")).to_have_value("9")
    playground.wait_until(lambda: "surface=weights%2C9%2C10" in page.url, "the weights in the address")
    before = surface_map(page).evaluate(PICTURE)
    playground.play()
    expect(words(page)).to_contain_text(re.compile(r"This plane holds [\d.]+ % of the path"))
    playground.wait_until(lambda: surface_map(page).evaluate(PICTURE) != before, "another picture")
    playground.pause()
    page.get_by_label("Weight up").select_option(label="Layer 1, neuron 1, bias")
    playground.wait_until(lambda: "surface=weights%2C9%2C2" in page.url, "another weight in the address")
    page.get_by_label("What the surface is over").select_option("path")
    expect(words(page)).to_contain_text("of the path")
    loss = page.get_by_test_id("loss-train").inner_text()
    expect(words(page)).to_contain_text(f"Loss here {loss}")
    page.keyboard.press("Escape")
    expect(page.locator("#surface")).to_be_hidden()
    playground.wait_until(lambda: "surface" not in page.url, "a link without it")


def test_seven_methods_race_from_where_one_clicks_or_by_keys(visit: Visit) -> None:
    playground = visit.open(fragment=f"{FEW}&surface=weights,9,10")
    page = playground.page
    expect(words(page)).to_contain_text("Loss here")
    surface_map(page).click(position={"x": 30, "y": 30})
    expect(words(page)).to_contain_text("Race over: 250 steps each")
    racers = page.get_by_role("list", name="Methods and their losses").get_by_role("listitem")
    expect(racers).to_have_count(7)
    first = racers.all_inner_texts()
    surface_map(page).focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#surface-read")).to_contain_text("loss")
    page.keyboard.press("Enter")
    playground.wait_until(lambda: racers.all_inner_texts() != first, "another race")
    page.keyboard.press("+")
    expect(page.locator("#surface-radius")).to_have_text("± 2.828")
    playground.button("End the race").click()
    expect(racers).to_have_count(0)
    assert playground.epoch() == 0  # the run has not moved


def test_a_click_on_a_link_chooses_its_weight(visit: Visit) -> None:
    playground = visit.open(fragment=f"{FEW}&surface=weight,9")
    page = playground.page
    expect(words(page)).to_contain_text("Output neuron, weight from neuron 1")
    expect(words(page)).to_contain_text("The tangent touches")
    expect(page.get_by_role("img", name=re.compile("The loss along one weight"))).to_be_visible()
    a, b = (page.get_by_role("button", name=name).bounding_box() for name in ("Layer 1 neuron 3", "Output neuron"))
    assert a
    assert b
    page.mouse.click(a["x"] + a["width"] + 9, a["y"] + a["height"] / 2)
    playground.wait_until(lambda: "surface=weight%2C11" in page.url, "the weight of the third neuron")


def test_only_one_panel_is_open(visit: Visit) -> None:
    playground = visit.open(fragment=f"{FEW}&explain=1")
    page = playground.page
    expect(page.locator("#explain")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator("#surface")).to_be_visible()
    expect(page.locator("#explain")).to_be_hidden()
    page.keyboard.press("e")
    expect(page.locator("#explain")).to_be_visible()
    expect(page.locator("#surface")).to_be_hidden()


def test_what_cannot_be_shown_is_said(visit: Visit) -> None:
    page = visit.open(fragment=f"{FEW}&surface=weights,900,1").page
    expect(words(page)).to_contain_text("Not shown: [900, 1]: expected two places below 13")
