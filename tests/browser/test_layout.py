"""The page fits: three sizes, both themes, and the rules of accessibility."""

import itertools

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.playground import Playground

DESKTOP, TABLET, PHONE = (1440, 900), (1024, 768), (390, 844)


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["desktop", "tablet", "phone"])
def test_nothing_overflows_sideways(visit: Visit, size: tuple[int, int]) -> None:
    playground = visit.open(size, touch=size != DESKTOP)
    assert overflow(playground.page) <= 0
    expect(playground.button("Share")).to_be_visible()
    for _ in range(3):
        playground.button("Add hidden layer").click()
    expect(playground.neurons(5).first).to_be_attached()
    assert overflow(playground.page) <= 0
    playground.play()
    playground.wait_to_pass_epoch(5)


def test_the_desktop_needs_no_scrolling(playground: Playground) -> None:
    taller = playground.page.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight")
    assert taller <= 0


# What scrolls within the board, and panels or columns that lie over one another.
NESTED = """() => [...document.querySelectorAll(".net, .panel *, .result")].filter(each =>
  each.checkVisibility() && each.scrollHeight > each.clientHeight + 1 &&
  /auto|scroll/.test(getComputedStyle(each).overflowY)).map(each => each.id || each.className)"""
BOTTOMS = """() => {
  const shown = [...document.querySelectorAll(".network, .panel")].filter(each => each.checkVisibility());
  const inner = [...document.querySelectorAll(".panel *")].filter(each => each.checkVisibility());
  return {
    edges: shown.map(each => each.getBoundingClientRect()).map(({top, bottom}) => [top, bottom]),
    lowest: Math.max(...inner.map(each => each.getBoundingClientRect().bottom)),
    notes: document.querySelector(".notes").getBoundingClientRect().top,
  };
}"""


@pytest.mark.parametrize("size", [DESKTOP, TABLET, PHONE], ids=["desktop", "tablet", "phone"])
@pytest.mark.parametrize("more", ["", "&surface=weights,0,1"], ids=["two", "three"])
def test_open_panels_scroll_with_the_page_alone(visit: Visit, size: tuple[int, int], more: str) -> None:
    fragment = f"#v=1&hidden=4,2&explain=1&space=2-1-2{more}"
    page = visit.open(size, fragment=fragment, touch=size == PHONE).page
    expect(page.locator("#space-body")).to_contain_text("variance")
    expect(page.locator("#explain-body")).to_contain_text("Training point 1")
    assert page.evaluate(NESTED) == []
    assert overflow(page) <= 0
    boxes = page.evaluate(BOTTOMS)
    ends = boxes["edges"]
    assert all(bottom <= top for (_, bottom), (top, _) in itertools.pairwise(ends))
    if size != PHONE:  # where settings lie between
        assert boxes["lowest"] <= boxes["notes"]


def test_data_and_picture_stay_in_view_beside_long_panels(visit: Visit) -> None:
    page = visit.open(DESKTOP, fragment="#v=1&hidden=4,2&explain=1&space=2-1-2").page
    expect(page.locator("#space-body")).to_contain_text("variance")
    page.evaluate("scrollTo(0, 1e6)")
    for name in ("#picture", "#data-title"):
        box = page.locator(name).bounding_box()
        assert box
        assert box["y"] >= 60  # below the bar
        assert box["y"] + box["height"] <= DESKTOP[1]


def test_a_resized_window_keeps_everything_in_view(playground: Playground) -> None:
    playground.play()
    for width, height in [TABLET, PHONE, DESKTOP]:
        playground.page.set_viewport_size({"width": width, "height": height})
        playground.wait_to_pass_epoch(playground.epoch() + 5)
        assert overflow(playground.page) <= 0
        box = playground.page.get_by_role("img", name="Decision boundary").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def brightness(playground: Playground) -> float:
    """Brightness of the page's background, 0 to 1."""
    channels: list[float] = playground.page.evaluate(
        """() => {
          const canvas = new OffscreenCanvas(1, 1).getContext("2d");
          for (const element of [document.documentElement, document.body]) {
            canvas.fillStyle = getComputedStyle(element).backgroundColor;
            canvas.fillRect(0, 0, 1, 1);
          }
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }"""
    )
    return sum(channels) / 3 / 255


def test_the_theme_follows_the_system(visit: Visit) -> None:
    assert brightness(visit.open()) > 0.9
    assert brightness(visit.open(dark=True)) < 0.2


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_to_complain_about(visit: Visit, dark: bool) -> None:
    assert violations(visit.open(dark=dark).page) == []
