"""The large picture as a surface: its button, key and link, turning it, and a browser without WebGL2."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.playground import Playground
from tests.browser.webgl import NO_WEBGL2, SOFTWARE


def turns(playground: Playground, page: Page) -> bool:
    """Whether an arrow key changes the picture."""
    page.get_by_role("application", name=re.compile("surface")).focus()
    before = page.locator("#relief-x").get_attribute("style")
    page.keyboard.press("ArrowRight")
    playground.wait_until(lambda: page.locator("#relief-x").get_attribute("style") != before, "another pose")
    return True


def test_the_picture_is_lifted_turned_and_laid_down(visit: Visit) -> None:
    playground = visit.open()
    visit.guards[-1].allow(SOFTWARE)
    page = playground.page
    button = playground.button("3-D: show the picture as a surface")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_url(re.compile("relief=true"))
    expect(page.locator("#picture")).to_be_hidden()
    assert turns(playground, page)
    box = page.locator("#relief").bounding_box()
    assert box
    before = page.locator("#relief-x").get_attribute("style")
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 130, steps=4)
    page.mouse.up()
    playground.wait_until(lambda: page.locator("#relief-x").get_attribute("style") != before, "another pose")
    page.keyboard.press("3")
    expect(page.locator("#picture")).to_be_visible()
    expect(page.locator("#relief")).to_be_hidden()


def test_a_link_opens_the_surface_and_it_is_not_empty(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=spiral&classes=3&relief=true&show_test=true")
    visit.guards[-1].allow(SOFTWARE)
    page = playground.page
    expect(page.locator("#relief")).to_be_visible()
    assert page.locator("#relief").screenshot() != page.locator("#data-title").screenshot()
    playground.button("Step").click()
    assert turns(playground, page)


def test_without_webgl2_the_picture_stays_flat(visit: Visit) -> None:
    playground = visit.open()
    page = playground.page
    page.add_init_script(NO_WEBGL2)
    page.goto(page.url.split("#")[0] + "#v=1&noise=5&relief=true")
    page.reload()
    playground.wait_for_first_frame()
    expect(page.locator("#picture")).to_be_visible()
    expect(playground.button("3-D: show the picture as a surface")).to_be_disabled()
