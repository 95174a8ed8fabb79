"""The loss surface of the running network: live, its race, its curves along one weight, keys and links."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.playground import PICTURE
from tests.browser.webgl import NO_WEBGL2, SOFTWARE

FEW = "#v=1&hidden=3"
LIFT = "3-D: show the loss as a surface"


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


def hill(page: Page) -> Locator:
    return page.get_by_role("application", name=re.compile("The training loss as a surface"))


def pose(page: Page) -> str | None:
    """Where a turn has put the name of an axis."""
    return page.locator("#surface-relief > span").first.get_attribute("style")


def test_the_map_is_lifted_turned_and_laid_down(visit: Visit) -> None:
    playground = visit.open(fragment=f"{FEW}&surface=weights,9,10")
    visit.guards[-1].allow(SOFTWARE)
    page = playground.page
    playground.button(LIFT).click()
    expect(hill(page)).to_be_visible()
    expect(surface_map(page)).to_be_hidden()
    playground.wait_until(lambda: "surface_relief=true" in page.url, "the switch in the address")
    playground.wait_until(lambda: pose(page) is not None, "a surface")
    before = pose(page)
    hill(page).focus()
    page.keyboard.press("ArrowRight")
    playground.wait_until(lambda: pose(page) != before, "another pose by a key")
    before = pose(page)
    box = hill(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + 100, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 170, steps=4)
    page.mouse.up()
    playground.wait_until(lambda: pose(page) != before, "another pose by a drag")
    racers = page.get_by_role("list", name="Methods and their losses").get_by_role("listitem")
    expect(racers).to_have_count(0)  # a drag is no click
    playground.button(LIFT).click()
    expect(surface_map(page)).to_be_visible()
    playground.wait_until(lambda: "surface_relief" not in page.url, "a link without it")


def test_a_link_opens_the_loss_as_a_surface_on_which_a_race_starts(visit: Visit) -> None:
    playground = visit.open(fragment=f"{FEW}&surface=weights,9,10&surface_relief=true")
    visit.guards[-1].allow(SOFTWARE)
    page = playground.page
    expect(hill(page)).to_be_visible()
    expect(page.locator(".surface-marks .here")).to_be_attached()
    size = hill(page).evaluate("each => each.clientWidth")
    hill(page).click(position={"x": size / 2, "y": size / 2})
    expect(words(page)).to_contain_text("Race over: 250 steps each")
    expect(page.locator(".surface-marks .racer")).to_have_count(7)
    playground.button("End the race").click()
    before = hill(page).screenshot()
    playground.play()
    expect(words(page)).to_contain_text("The path, at its true losses, is")
    playground.wait_until(lambda: hill(page).screenshot() != before, "another picture")
    playground.pause()
    page.get_by_label("What the surface is over").select_option("weight")
    expect(hill(page)).to_be_hidden()
    expect(playground.button(LIFT)).to_be_hidden()


def test_without_webgl2_the_map_stays_flat(visit: Visit) -> None:
    playground = visit.open()
    page = playground.page
    page.add_init_script(NO_WEBGL2)
    page.goto(page.url.split("#")[0] + f"{FEW}&surface=weights,9,10&surface_relief=true")
    page.reload()
    playground.wait_for_first_frame()
    expect(surface_map(page)).to_be_visible()
    expect(playground.button(LIFT)).to_be_disabled()


def test_an_arrow_points_to_a_method_outside(visit: Visit) -> None:
    playground = visit.open(fragment=f"{FEW}&learning_rate=0.001&surface=weights,9,10")
    page = playground.page
    expect(words(page)).to_contain_text("Loss here")
    surface_map(page).click(position={"x": 5, "y": 5})
    expect(words(page)).to_contain_text("Race over: 250 steps each")
    expect(words(page)).not_to_contain_text("Outside")
    for _ in range(6):
        playground.button("Closer view").click()
    expect(words(page)).to_contain_text(re.compile(r"Outside, where an arrow points: SGD"))
