"""The page is calm: nothing is cut off, messages cover nothing, and disabled controls say why."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.cut import CUT
from tests.browser.playground import Playground
from tests.proxy import Proxy
from tests.servers import Server

SIZES = [(360, 740), (390, 844), (768, 1024), (1024, 768), (1280, 800), (1366, 768), (1440, 900), (1920, 1080)]
EXPERIMENTS = [
    "#v=1",
    "#v=1&dataset=reg-gauss",
    "#v=1&dataset=spiral&classes=4&hidden=8,8",
    "#v=1&dataset=moons&batch_norm=true&order=shuffle&regularization=L2",
]
OVERLAPS = """ids => {
  const notice = document.querySelector("#notices").getBoundingClientRect();
  return ids.filter(id => {
    const box = document.querySelector(id).getBoundingClientRect();
    return box.top < notice.bottom && box.bottom > notice.top && box.left < notice.right && box.right > notice.left;
  });
}"""


def wider(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    by: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return by


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_is_cut_off(visit: Visit, size: tuple[int, int]) -> None:
    playground = visit.open(size, touch=size[0] < 1100)
    page = playground.page
    for fragment in EXPERIMENTS:
        page.evaluate("hash => { location.hash = hash; }", fragment)
        page.wait_for_timeout(200)
        for opened in ("false", "true"):
            more = page.locator("#show-more")
            if more.get_attribute("aria-expanded") != opened:
                more.click()
            assert page.evaluate(CUT) == [], (fragment, opened)
            assert wider(page) <= 0


def test_what_does_nothing_says_why(playground: Playground) -> None:
    page = playground.page
    playground.button("More").click()
    for name, reason in [
        ("Momentum", "not used by gradient descent"),
        ("Schedule epochs", "the rate is constant"),
        ("Classes", "these data have two classes"),
    ]:
        expect(page.get_by_text(reason)).to_be_visible()
        expect(playground.control(name)).to_be_disabled()
        expect(playground.control(name)).to_have_accessible_description(re.compile(f"^{reason}"))
    playground.control("Method").select_option("adam")
    expect(page.get_by_text("not used by")).to_be_hidden()
    playground.control("Method").select_option("rmsprop")
    expect(page.get_by_text("not used by RMSprop")).to_be_visible()
    playground.control("Regularization").select_option("L2")
    expect(page.get_by_text("rate is 0: no effect")).to_be_visible()
    playground.control("Regularization rate").select_option("0.01")
    expect(page.get_by_text("no effect")).to_be_hidden()
    playground.choose("Problem type", "Regression")
    expect(page.get_by_text("regression uses squared error")).to_be_visible()


def test_more_counts_boxes_too(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&batch_norm=true&order=shuffle")
    expect(playground.button("More (2)")).to_be_visible()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)], ids=str)
def test_a_divergence_is_told_where_it_covers_nothing(visit: Visit, size: tuple[int, int]) -> None:
    playground = visit.open(size, fragment="#v=1&dataset=reg-plane&hidden=&learning_rate=10")
    page = playground.page
    playground.button("Play").click()
    expect(page.get_by_text("the numbers became too large")).to_be_visible()
    page.wait_for_timeout(200)
    assert page.evaluate(OVERLAPS, [".settings", ".inspector", ".chart", ".picture", "#network"]) == []
    assert page.evaluate(CUT) == []
    chart = page.locator("#loss-chart").bounding_box()
    assert chart
    assert size != (1440, 900) or chart["y"] + chart["height"] <= size[1]


def test_a_lost_server_is_seen_and_covers_no_setting(visit: Visit, server: Server) -> None:
    with Proxy(server.port) as proxy:
        playground = visit.open(port=proxy.port)
        visit.guards[-1].allow("WebSocket connection|ERR_")
        page = playground.page
        playground.play()
        playground.wait_to_pass_epoch(3)
        proxy.cut()
        expect(page.get_by_text("The connection to the server is lost")).to_be_visible()
        expect(page.get_by_test_id("epochs-per-second")).to_have_text("–")
        for name in ("Pause", "Step", "Reset"):
            expect(playground.button(name)).to_have_attribute("aria-disabled", "true")
        expect(page.locator(".picture")).to_have_css("filter", "grayscale(1)")
        page.wait_for_timeout(200)
        assert page.evaluate(OVERLAPS, [".settings", ".picture", "#network"]) == []
        proxy.mend()
        expect(page.locator(".picture")).to_have_css("filter", "none")
        expect(playground.button("Step")).not_to_have_attribute("aria-disabled", "true")
        expect(page.get_by_test_id("epochs-per-second")).not_to_have_text("–")


def test_skip_links_come_first_and_leave_the_address_alone(playground: Playground) -> None:
    page = playground.page
    page.keyboard.press("Tab")
    first = page.get_by_role("link", name="Skip to the network")
    expect(first).to_be_focused()
    assert (first.bounding_box() or {"width": 0})["width"] > 60
    address = page.url
    page.keyboard.press("Enter")
    expect(playground.button("Layer 1 neuron 1")).to_be_focused()
    page.locator("[data-skip=play]").focus()
    page.keyboard.press("Enter")
    expect(playground.button("Play")).to_be_focused()
    assert page.url == address


def test_tab_goes_from_a_neuron_to_its_numbers_and_back(playground: Playground) -> None:
    page = playground.page
    playground.button("Layer 1 neuron 2").focus()
    page.keyboard.press("ArrowDown")
    heading = page.get_by_role("heading", name="Layer 1, neuron 3")
    expect(heading).to_be_visible()
    names = ["Switched off", "Gradients", "Explain", "Surface", "Space", "Bias", "Weight from X₁", "Weight from X₂"]
    for name in names:
        page.keyboard.press("Tab")
        expect(playground.control(name).or_(playground.button(name))).to_be_focused()
        expect(heading).to_be_visible()
    for _ in names:
        page.keyboard.press("Shift+Tab")
    expect(playground.button("Layer 1 neuron 3")).to_be_focused()
    for _ in range(len(names) + 1):
        page.keyboard.press("Tab")
    expect(page.get_by_role("heading", name="Output neuron")).to_be_visible()
    assert page.evaluate("document.activeElement !== document.body")
