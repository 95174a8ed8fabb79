"""Mouse, keyboard and touch read the large picture; wrong points are marked; a sentence describes the run."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.playground import Playground

PERCEPTRON = "#v=1&dataset=xor&hidden=&loss=cross-entropy&stop_epochs=2000&stop_set=train"


def picture_of(playground: Playground) -> Locator:
    return playground.page.get_by_role("application", name="Read the picture")


def point_at(playground: Playground, x: float, y: float) -> None:
    """Move the mouse to a place of the plane."""
    box = picture_of(playground).bounding_box()
    assert box
    playground.page.mouse.move(box["x"] + box["width"] * (x + 6) / 12, box["y"] + box["height"] * (6 - y) / 12)


def test_the_mouse_reads_a_place_while_it_learns_and_nothing_once_it_has_left(playground: Playground) -> None:
    reading = playground.page.locator("#reading")
    point_at(playground, 3, -3)
    expect(reading).to_contain_text(re.compile(r"X₁ (3\.0|2\.9)"))
    expect(reading).to_contain_text(re.compile("Output .*(blue|orange)"))
    first = reading.inner_text()
    playground.play()
    playground.wait_until(lambda: reading.inner_text() != first, "another output")
    playground.pause()
    playground.page.mouse.move(5, 5)
    expect(reading).to_be_hidden()


def test_a_point_is_read_with_its_class_and_loss(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=gauss&hidden=&seed=a")
    reading = playground.page.locator("#reading")
    places = [(x / 4, y / 4) for y in range(4, 14) for x in range(4, 14)]

    def found() -> bool:
        x, y = places.pop(0)
        point_at(playground, x, y)
        playground.page.wait_for_timeout(100)
        return "Training point" in reading.inner_text()

    playground.wait_until(found, "a point of the cloud")
    expect(reading).to_contain_text(re.compile(r"Training point −?\d\.\d\d, −?\d\.\d\d: blue"))
    expect(reading).to_contain_text(re.compile(r"(Right|Wrong): output .*; loss \d"))


def test_arrow_keys_read_the_picture_and_it_is_said(playground: Playground) -> None:
    picture, reading = picture_of(playground), playground.page.locator("#reading")
    picture.focus()
    picture.press("ArrowRight")
    expect(reading).to_contain_text("X₁ 0.10, X₂ 0.00")
    picture.press("Shift+ArrowUp")
    expect(reading).to_contain_text("X₁ 0.10, X₂ 1.00")
    expect(playground.page.locator("#announcer")).to_contain_text(re.compile(r"X₁ 0\.10, X₂ 1\.00\. Output"))
    picture.press("Escape")
    expect(reading).to_be_hidden()


def test_a_finger_reads_what_it_presses(visit: Visit) -> None:
    playground = visit.open((390, 844), touch=True)
    box = picture_of(playground).bounding_box()
    assert box
    playground.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(playground.page.locator("#reading")).to_contain_text("Output")


def test_wrong_points_are_counted_and_a_regression_has_none(visit: Visit) -> None:
    playground = visit.open(fragment=PERCEPTRON)
    box, count = playground.control("Mark wrong points"), playground.page.locator("#wrong-count")
    box.check()
    expect(count).to_have_text(re.compile(r"^\d+ of 250 wrong$"))
    playground.wait_for_address("errors=true")
    playground.control("Show test data").check()
    expect(count).to_have_text(re.compile(r"^\d+ of 500 wrong$"))
    playground.choose("Problem type", "Regression")
    expect(box).to_be_disabled()
    expect(count).to_have_text("only for classes")


def distance(upper: Locator, lower: Locator) -> float:
    """The distance between two elements, independent of scrolling."""
    above, below = upper.bounding_box(), lower.bounding_box()
    assert above
    assert below
    return below["y"] - above["y"]


def test_a_perceptron_is_told_to_be_stuck_and_the_button_adds_a_layer(visit: Visit) -> None:
    playground = visit.open(fragment=PERCEPTRON)
    health = playground.page.get_by_test_id("health")
    expect(health).to_have_text("Press play.")
    losses = playground.page.get_by_test_id("loss-train")
    below = distance(losses, health)
    playground.button("Play").click()
    expect(health).to_contain_text("A linear model cannot fit these points.")
    assert abs(distance(losses, health) - below) < 20  # within its place
    playground.button("Add a layer of 8").click()
    expect(playground.neurons(1)).to_have_count(8)
    expect(health).not_to_contain_text("Stuck")
