"""The space of a layer: the panel, its axes, the way from the input to the layer, points, keys and links."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.playground import PICTURE, Playground

XOR = "#v=1&dataset=xor&hidden=3,2&loss=cross-entropy"


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("^Space of"))


def picture(page: Page) -> Locator:
    return page.get_by_role("application", name="Space of the layer")


def numbers(page: Page) -> list[float]:
    """Of the equation, with all their digits."""
    found = page.locator("#space-body [data-exact]").all()
    return [float(each.get_attribute("data-exact") or "") for each in found]


def test_the_space_of_the_last_hidden_layer_opens_with_its_straight_line(visit: Visit) -> None:
    playground = visit.open(fragment=XOR)
    page = playground.page
    playground.button("Space").click()
    expect(panel(page)).to_be_visible()
    expect(page.locator("#space-title")).to_have_text("Space of layer 2")
    expect(page.locator("#space-body")).to_contain_text("The boundary is this straight line")
    assert len(numbers(page)) == 3
    page.wait_for_url(re.compile("space=2-1-2"))
    score = re.compile(r"^1 \d+ %: layer 1, and what a linear read-out scores")
    expect(page.get_by_role("button", name=score)).to_be_visible()
    page.keyboard.press("p")
    expect(panel(page)).to_be_hidden()


def test_a_link_opens_the_space_and_it_is_live_while_it_trains(visit: Visit) -> None:
    playground = visit.open(fragment=f"{XOR}&space=1-1-2-3")
    page = playground.page
    expect(page.locator("#space-title")).to_have_text("Space of layer 1")
    expect(page.locator("#space-words")).to_contain_text("neurons 1, 2, 3")
    before = picture(page).evaluate(PICTURE)
    playground.button("Step").click()
    playground.wait_until(lambda: picture(page).evaluate(PICTURE) != before, "another picture")


def test_layers_axes_and_neurons_can_be_chosen(visit: Visit) -> None:
    playground = visit.open(fragment=f"{XOR}&space=2-1-2")
    page = playground.page
    page.get_by_role("button", name=re.compile("^1 .*: layer 1")).click()
    expect(page.locator("#space-title")).to_have_text("Space of layer 1")
    expect(page.locator("#space-body")).to_contain_text("Only behind the last hidden layer")
    playground.choose("Axes", "Principal plane")
    expect(page.locator("#space-words")).to_contain_text("its principal plane")
    playground.choose("Axes", "2 neurons")
    page.get_by_role("combobox", name="Neuron of the first axis").select_option("3")
    page.wait_for_url(re.compile("space=1-3-2"))
    expect(page.locator("#space-words")).to_contain_text("neurons 3, 2")


def test_the_way_leads_from_the_input_to_the_layer(visit: Visit) -> None:
    playground = visit.open(fragment=f"{XOR}&space=1-1-2-3")
    page = playground.page
    slider = page.get_by_role("slider", name="From the layer’s input to the layer")
    phase = page.locator("#space-phase")
    slider.fill("0")
    expect(phase).to_have_text("What the layer reads")
    slider.fill("0.3")
    expect(phase).to_contain_text("weighted sum")
    slider.fill("1")
    expect(phase).to_contain_text("activation")
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    playground.wait_for_first_frame()
    play = playground.button("Go through the phases")
    play.click()
    expect(slider).to_have_value("0")
    play.click()
    expect(phase).to_contain_text("weighted sum")  # a phase further, at once


def test_arrow_keys_and_drags_turn_three_axes(visit: Visit) -> None:
    playground = visit.open(fragment=f"{XOR}&space=1-1-2-3")
    page = playground.page
    expect(page.locator("#space-words")).to_contain_text("250 points")
    seen = [picture(page).evaluate(PICTURE)]

    def changed() -> None:
        playground.wait_until(lambda: picture(page).evaluate(PICTURE) != seen[-1], "another picture")
        seen.append(picture(page).evaluate(PICTURE))

    picture(page).focus()
    page.keyboard.press("ArrowRight")
    changed()
    box = picture(page).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 20, steps=3)
    page.mouse.up()
    changed()
    assert len(set(seen)) == 3


def test_a_point_that_is_chosen_is_explained(visit: Visit) -> None:
    playground = visit.open(fragment=f"{XOR}&space=2-1-2")
    page = playground.page
    expect(page.locator("#space-words")).to_contain_text("250 points")
    picture(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#space-point")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("#explain")).to_be_visible()
    picture(page).focus()
    page.keyboard.press("PageDown")
    expect(page.get_by_label("Training point by its number, or x and y")).to_have_value("2")
    page.wait_for_url(re.compile("explain=2"))


def test_nothing_leaves_a_narrow_screen(visit: Visit) -> None:
    for size in ((390, 844), (1024, 768)):
        playground: Playground = visit.open(size, fragment=f"{XOR}&space=1-1-2-3", touch=size[0] < 400)
        page = playground.page
        expect(page.locator("#space-words")).to_contain_text("250 points")
        for name in ("#space-canvas", ".space-side", "#space-layers"):
            box = page.locator(name).bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size[0]
            assert box["height"] > 20
        assert page.evaluate("scrollY") == 0  # a link leaves the page at its top, a click goes to what it opens
        playground.button("Space").click()
        page.evaluate("scrollTo(0, 0)")
        playground.button("Space").click()
        expect(page.locator("#space")).to_be_in_viewport()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_to_complain_about(visit: Visit, dark: bool) -> None:
    page = visit.open(dark=dark, fragment=f"{XOR}&space=2-1-2").page
    expect(page.locator("#space-body math").first).to_be_visible()
    assert not violations(page)
