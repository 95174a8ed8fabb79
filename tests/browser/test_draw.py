"""Drawing points in the large picture: tools, classes and values, by mouse, finger and keys, while training goes on."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.links import read_link
from engine.labs.plane.given import MAX_POINTS
from engine.runs.data import Given
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.playground import Playground

Way = Sequence[tuple[float, float]]  # places in shares of the picture, from its left and top
WRITTEN = 1200  # ms after which the address has the last stroke
BLUE, ORANGE, THIRD = 0, 1, 2


def start(visit: Visit, fragment: str = "", **how: Any) -> Playground:
    playground = visit.open(fragment=fragment, **how)
    playground.page.locator("#draw").click()
    expect(playground.page.locator("#draw-tools")).to_be_visible()
    return playground


def pixels(page: Page, way: Way) -> list[tuple[float, float]]:
    box = page.locator("#picture").bounding_box()
    assert box
    return [(box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in way]


def stroke(page: Page, way: Way, steps: int = 12) -> None:
    """With the mouse."""
    first, *others = pixels(page, way)
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=steps)
    page.mouse.up()


def touch(page: Page, way: Way) -> None:
    """With one finger, as the browser's own input."""
    session = page.context.new_cdp_session(page)
    places = [{"x": x, "y": y} for x, y in pixels(page, way)]
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": places[:1]})
    for before, after in pairwise(places):
        for step in range(1, 13):
            at = {axis: before[axis] + (after[axis] - before[axis]) * step / 12 for axis in "xy"}
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def drawn(page: Page) -> Given | None:
    """The own points that the address carries."""
    return read_link(page.url).experiment.given


def count(page: Page) -> int:
    given = drawn(page)
    return given.ref.count if given else 0


def wait_for_count(playground: Playground, least: int, most: int | None = None) -> Given:
    most = least if most is None else most
    playground.wait_until(lambda: least <= count(playground.page) <= most, f"{least} to {most} points in the address")
    given = drawn(playground.page)
    assert given
    return given


def tool(page: Page, name: str) -> None:
    page.get_by_role("group", name="Tools").get_by_role("button", name=name, exact=True).click()


def begin_empty(visit: Visit, fragment: str = "", **how: Any) -> Playground:
    playground = start(visit, fragment, **how)
    playground.button("Clear").click()
    return playground


def test_a_stroke_adds_points_and_training_goes_on(visit: Visit) -> None:
    playground = start(visit)
    page = playground.page
    playground.play()
    playground.wait_to_pass_epoch(100)
    before = playground.epoch()
    width = page.locator("#picture").evaluate("element => element.clientWidth")
    wanted = 501 + round(0.6 * width / 25)
    stroke(page, [(0.2, 0.5), (0.8, 0.5)])
    given = wait_for_count(playground, wanted - 1, wanted + 1)
    assert playground.epoch() > before
    expect(playground.button("Pause")).to_be_visible()
    new = given.examples["points"][500:]
    assert abs(new[:, 1]).max() <= 0.05 * 12 + 0.02  # in the circle of the brush
    assert set(given.examples["labels"][500:]) == {BLUE}


def test_classes_are_chosen_by_keys_and_one_more_begins_anew(visit: Visit) -> None:
    playground = begin_empty(visit)
    page = playground.page
    tool(page, "Point")
    for key, across in [("1", 0.2), ("2", 0.4), ("3", 0.6)]:
        page.keyboard.press(key)
        stroke(page, [(across, 0.5)])
    given = wait_for_count(playground, 3)
    assert list(given.examples["labels"]) == [BLUE, ORANGE, THIRD]
    chips = page.get_by_role("group", name="Class of new points")
    expect(chips.get_by_role("button")).to_have_count(4)
    expect(chips.get_by_role("button", name="Class 3")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("9")  # there are three
    expect(chips.get_by_role("button", name="Class 3")).to_have_attribute("aria-pressed", "true")
    chips.get_by_role("button", name="One more class").click()
    stroke(page, [(0.8, 0.5)])
    assert list(wait_for_count(playground, 4).examples["labels"]) == [BLUE, ORANGE, THIRD, 3]


def test_points_are_moved_and_erased(visit: Visit) -> None:
    playground = begin_empty(visit)
    page = playground.page
    tool(page, "Point")
    for across in (0.25, 0.5, 0.75):
        stroke(page, [(across, 0.5)])
    wait_for_count(playground, 3)
    tool(page, "Move")
    stroke(page, [(0.25, 0.5), (0.25, 0.25)])
    playground.wait_until(lambda: (given := drawn(page)) is not None and given.examples["points"][0, 1] > 2.9, "a move")
    given = drawn(page)
    assert given
    assert given.examples["points"][0] == pytest.approx((-3, 3), abs=0.06)
    tool(page, "Point")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Eraser")).to_have_attribute("aria-pressed", "true")
    stroke(page, [(0.5, 0.4), (0.5, 0.6)])
    wait_for_count(playground, 2)
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Point", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_last_point_stays_and_says_so_once(visit: Visit) -> None:
    playground = begin_empty(visit)
    page = playground.page
    tool(page, "Point")
    stroke(page, [(0.5, 0.5)])
    wait_for_count(playground, 1)
    tool(page, "Eraser")
    for _ in range(3):
        stroke(page, [(0.3, 0.5), (0.7, 0.5)])
    expect(page.locator("#draw-words")).to_have_text("One point must stay. “Clear” empties the board.")
    expect(page.locator("#notice")).to_be_hidden()
    assert count(page) == 1


def test_there_is_room_for_so_many_points_and_no_more(visit: Visit) -> None:
    playground = start(visit, "#v=1&dataset=reg-plane")  # of 1,200
    page = playground.page
    stroke(page, [(0.3, 0.5), (0.7, 0.5)])
    expect(page.locator("#draw-words")).to_contain_text("no room for more")
    tool(page, "Eraser")
    stroke(page, [(0.3, 0.5), (0.5, 0.5)])
    playground.wait_until(lambda: 0 < count(page) < MAX_POINTS, "fewer points")
    expect(page.locator("#draw-words")).not_to_contain_text("no room for more")


def test_a_value_is_drawn_by_its_colour(visit: Visit) -> None:
    playground = begin_empty(visit, "#v=1&dataset=reg-gauss")
    page = playground.page
    expect(page.get_by_role("group", name="Class of new points")).to_be_hidden()
    tool(page, "Point")
    slider = page.get_by_role("slider", name="Value of new points")
    before = page.locator("#draw-value-color").evaluate("element => getComputedStyle(element).backgroundColor")
    slider.fill("-0.5")
    after = page.locator("#draw-value-color").evaluate("element => getComputedStyle(element).backgroundColor")
    assert before != after
    stroke(page, [(0.5, 0.25)])
    given = wait_for_count(playground, 1)
    assert (given.targets, list(given.examples["labels"])) == ("values", [-0.5])


def test_an_emptied_board_says_what_comes_and_play_brings_the_points_back(visit: Visit) -> None:
    playground = start(visit)
    page = playground.page
    playground.play()
    playground.button("Clear").click()
    expect(playground.button("Play")).to_be_visible()
    expect(page.locator("#board-empty")).to_contain_text("The board is empty")
    playground.play()
    expect(page.locator("#board-empty")).to_be_hidden()
    playground.pause()
    playground.button("Clear").click()
    stroke(page, [(0.3, 0.3), (0.5, 0.3)])
    expect(page.locator("#board-empty")).to_be_hidden()
    wait_for_count(playground, 2, 10)
    assert playground.epoch() == 0


def test_a_tile_brings_own_points_back(visit: Visit) -> None:
    playground = visit.open()
    page = playground.page
    tile = page.get_by_role("radio", name="Own points")
    expect(tile).to_have_count(0)
    page.keyboard.press("d")
    stroke(page, [(0.2, 0.5), (0.8, 0.5)])
    expect(tile).to_be_checked()
    noise = page.get_by_role("slider", name="Noise")
    expect(noise).to_be_disabled()
    expect(page.locator("#own-points")).to_be_visible()
    expect(playground.button("Split anew")).to_be_enabled()
    page.keyboard.press("Escape")
    expect(page.locator("#draw-tools")).to_be_hidden()
    page.wait_for_timeout(WRITTEN)
    own = wait_for_count(playground, 502, 530)
    playground.choose("Dataset", "Spiral")
    playground.wait_for_address("dataset=spiral")
    expect(noise).to_be_enabled()
    playground.choose("Dataset", "Own points")
    playground.wait_until(lambda: count(page) == own.ref.count, "the points")
    back = drawn(page)
    assert back
    assert sorted(map(tuple, back.examples["points"].tolist())) == sorted(map(tuple, own.examples["points"].tolist()))
    playground.choose("Problem type", "Regression")
    playground.wait_for_address("reg-plane")
    playground.choose("Problem type", "Classification")
    playground.wait_until(lambda: count(page) == own.ref.count, "the points")


def test_a_link_opens_the_same_points(visit: Visit) -> None:
    playground = begin_empty(visit)
    page = playground.page
    stroke(page, [(0.2, 0.3), (0.8, 0.3)])
    page.keyboard.press("2")
    stroke(page, [(0.2, 0.7), (0.8, 0.7)])
    page.keyboard.press("Escape")
    playground.wait_until(lambda: len(set(list(drawn(page).examples["labels"]) if drawn(page) else [])) == 2, "both")  # type: ignore[union-attr]
    page.wait_for_timeout(WRITTEN)
    other = visit.open(fragment=page.url[page.url.index("#") :])
    assert drawn(other.page) == drawn(page)
    assert other.show("loss-train") == playground.show("loss-train")


def test_one_finger_draws_and_the_page_does_not_scroll(visit: Visit) -> None:
    playground = start(visit, size=(390, 844), touch=True)
    page = playground.page
    playground.play()
    page.locator("#picture").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    touch(page, [(0.5, 0.8), (0.5, 0.2)])
    wait_for_count(playground, 504, 530)
    assert page.evaluate("scrollY") == before
    touch(page, [(0.2, 0.2), (0.8, 0.8)])
    assert page.evaluate("scrollX") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_spray_goes_on_while_the_pointer_rests(visit: Visit) -> None:
    playground = begin_empty(visit)
    page = playground.page
    tool(page, "Spray")
    (place,) = pixels(page, [(0.5, 0.5)])
    page.mouse.move(*place)
    page.mouse.down()
    playground.wait_until(lambda: count(page) > 5, "sprayed points")
    page.mouse.up()
    page.wait_for_timeout(WRITTEN)
    before = count(page)
    page.wait_for_timeout(WRITTEN)
    assert count(page) == before


def test_keys_draw_erase_and_move(visit: Visit) -> None:
    playground = begin_empty(visit)
    page = playground.page
    page.locator("#picture").focus()
    said = page.locator("#announcer")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("First move the crosshair")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Blue at X₁ 0.10, X₂ 0.00; 1 points")
    page.keyboard.press("2")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Space")
    given = wait_for_count(playground, 2)
    assert given.examples["points"].tolist() == [[0.1, 0], [0.1, 1]]
    assert list(given.examples["labels"]) == [BLUE, ORANGE]
    expect(playground.button("Play")).to_be_visible()  # Space has not played
    page.keyboard.press("Delete")
    assert wait_for_count(playground, 1).examples["points"].tolist() == [[0.1, 0]]


def test_what_else_wants_the_pointer_rests(visit: Visit) -> None:
    playground = start(visit, "#v=1&relief=true&explain=1&hidden=")
    visit.guards[-1].allow("GL Driver Message")
    page = playground.page
    expect(page.locator("#picture")).to_be_visible()
    expect(page.locator("#relief")).to_be_hidden()
    for mark in ("#probe", "#line"):
        expect(page.locator(mark)).to_be_hidden()
    playground.button("3-D: show the picture as a surface").click(force=True)
    expect(page.locator("#draw-words")).to_have_text("3-D rests while you draw. Escape ends drawing.")
    (place,) = pixels(page, [(0.4, 0.4)])
    page.mouse.move(*place)
    expect(page.locator("#draw-ring")).to_be_visible()
    expect(page.locator("#reading")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#relief")).to_be_visible()
    expect(page.locator("#draw-ring")).to_be_hidden()


def test_radius_by_keys_and_slider(visit: Visit) -> None:
    playground = start(visit)
    page = playground.page
    slider = page.get_by_role("slider", name="Radius of the tool")
    page.keyboard.press("]")
    expect(slider).to_have_value("6")
    page.keyboard.press("[")
    page.keyboard.press("[")
    expect(slider).to_have_value("4")
    slider.fill("10")
    (place,) = pixels(page, [(0.5, 0.5)])
    page.mouse.move(*place)
    ring = page.locator("#draw-ring").bounding_box()
    width = page.locator("#picture").evaluate("element => element.clientWidth")
    assert ring
    assert ring["width"] == pytest.approx(0.2 * width, abs=1)


def test_a_link_hides_drawing_and_its_key(visit: Visit) -> None:
    page = visit.open(fragment="#v=1&hide=draw").page
    expect(page.locator("#draw")).to_be_hidden()
    page.keyboard.press("d")
    expect(page.locator("#draw-tools")).to_be_hidden()


@pytest.mark.parametrize("fragment", ["#v=1&dataset=gauss&classes=10", "#v=1&dataset=reg-plane"])
@pytest.mark.parametrize("dark", [False, True])
def test_people_with_disabilities_can_use_the_tools(visit: Visit, fragment: str, dark: bool) -> None:
    playground = start(visit, fragment, dark=dark)
    assert violations(playground.page) == []
    playground.button("Clear").click()
    assert violations(playground.page) == []
    assert re.search("board is empty", playground.page.locator("#board-empty").inner_text())
