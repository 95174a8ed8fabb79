"""Lessons in the page: their text is in view, and belongs to the visible experiment."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.labs.lesson import Lesson
from app.labs.plane.lessons import LESSONS
from tests.browser.conftest import Visit, usual
from tests.browser.playground import Playground
from tests.browser.webgl import SOFTWARE

SIZES = [(360, 740), (390, 844), (768, 1024), (1024, 768), (1280, 720), (1366, 768), (1440, 900), (1920, 1080)]
ALL = list(LESSONS.values())
XOR, INPUT, LARGE = LESSONS["perceptron-xor"], LESSONS["right-input"], LESSONS["large-steps"]

# Parts of the lesson that are outside the window or covered by something else: first with "More" closed, then open.
OUT_OF_SIGHT = """() => {
  const outside = one => {
    const {left, right, top, bottom, width, height} = one.getBoundingClientRect();
    const inside = width > 0 && left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
    return !inside || !one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  };
  const parts = ["lesson-title", "lesson-text", "lesson-before", "lesson-next", "close-lesson"];
  const shown = parts.map(id => document.getElementById(id)).filter(one => !one.hidden);
  return [false, true].flatMap(open => {
    if (document.getElementById("more").hidden === open) document.getElementById("show-more").click();
    return shown.filter(outside).map(one => `${one.id} with More ${open ? "open" : "closed"}`);
  });
}"""


def go(page: Page, link: str) -> None:
    """Change the address by hand."""
    page.evaluate("hash => { location.hash = hash; }", link)


def expect_lesson(page: Page, lesson: Lesson) -> None:
    panel = page.get_by_role("region", name=lesson.title)
    expect(panel.get_by_text(lesson.text)).to_be_visible()
    expect(panel.get_by_text(f"{ALL.index(lesson) + 1} of {len(ALL)}")).to_be_visible()


def expect_no_lesson(page: Page) -> None:
    expect(page.locator("#lesson")).to_be_hidden()


def choose(playground: Playground, lesson: Lesson) -> None:
    playground.button("Lessons").click()
    playground.page.get_by_role("dialog").get_by_role("link", name=lesson.title).click()
    expect_lesson(playground.page, lesson)


def test_every_lesson_is_in_view_at_every_size_with_more_open_or_closed(
    visit: Visit, pytestconfig: pytest.Config
) -> None:
    sizes = SIZES if pytestconfig.getoption("--all-sizes") else usual(SIZES)
    page = visit.open().page
    visit.guards[-1].allow(SOFTWARE)  # one lesson is in 3-D
    missing = []
    for lesson in ALL:
        go(page, lesson.link)
        expect_lesson(page, lesson)
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            missing += [(lesson.slug, width, height, part) for part in page.evaluate(OUT_OF_SIGHT)]
    assert not missing


def test_more_stays_closed_and_all_fits_the_desktop(visit: Visit) -> None:
    page = visit.open().page
    visit.guards[-1].allow(SOFTWARE)  # one lesson is in 3-D
    for lesson in ALL:
        go(page, lesson.link)
        expect_lesson(page, lesson)
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0, lesson.slug
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, lesson.slug
        chart = page.get_by_role("img", name="Training and test loss").bounding_box()
        assert chart
        assert chart["y"] + chart["height"] <= 900, lesson.slug
    assert page.get_by_role("button", name=re.compile("^More")).get_attribute("aria-expanded") == "false"


def test_text_and_experiment_stay_together(visit: Visit) -> None:
    playground = visit.open()
    page = playground.page
    expect_no_lesson(page)
    choose(playground, XOR)
    page.get_by_role("link", name="Next").click()
    expect_lesson(page, INPUT)
    expect(page.get_by_role("checkbox", name="X1 times X2")).to_be_checked()
    page.go_back()
    expect_lesson(page, XOR)
    expect(page.get_by_role("checkbox", name="X1 times X2")).not_to_be_checked()
    page.go_forward()
    expect_lesson(page, INPUT)
    page.reload()
    expect_lesson(page, INPUT)
    go(page, LARGE.link)
    expect_lesson(page, LARGE)
    go(page, "#v=1&dataset=xor")
    expect_no_lesson(page)
    page.go_back()
    expect_lesson(page, LARGE)
    go(page, f"{LARGE.link}&hide_text=true")
    expect_no_lesson(page)


def test_a_lesson_that_is_shared_brings_its_text_speed_and_chart(visit: Visit) -> None:
    teacher = visit.open(fragment=LARGE.link)
    expect_lesson(teacher.page, LARGE)
    teacher.button("Share").click()
    shared = teacher.page.get_by_label("Link of this experiment")
    teacher.wait_until(lambda: "lesson=large-steps" in shared.input_value(), "the link")
    student = visit.open(fragment="#" + shared.input_value().partition("#")[2])
    expect_lesson(student.page, LARGE)
    expect(student.control("Speed")).to_have_value("5")
    expect(student.page.get_by_role("checkbox", name="Log loss")).to_be_checked()
    expect(student.page.get_by_role("checkbox", name="Log epochs")).not_to_be_checked()
    student.page.get_by_role("checkbox", name="Log loss").uncheck()
    expect(student.page).not_to_have_url(re.compile("log_loss"))
    student.page.get_by_role("checkbox", name="Log epochs").check()
    expect(student.page).not_to_have_url(re.compile("log_epoch"))


def test_a_lesson_stays_while_one_plays_with_it_and_goes_by_its_button(playground: Playground) -> None:
    page = playground.page
    choose(playground, XOR)
    playground.button("Add hidden layer").click()
    expect(playground.neurons(1)).not_to_have_count(0)
    playground.choose("Dataset", "Spiral")
    expect(page).to_have_url(re.compile("dataset=spiral.*lesson=perceptron-xor"))
    expect_lesson(page, XOR)
    playground.button("Close lesson").click()
    expect_no_lesson(page)
    expect(page).not_to_have_url(re.compile("lesson"))
    expect(page.get_by_role("radio", name="Spiral")).to_be_checked()
    expect(page.get_by_text("What you see.")).to_be_visible()
    expect(playground.button("Lessons")).to_be_focused()


def test_a_new_experiment_lets_go_of_neurons_and_brings_its_speed(playground: Playground) -> None:
    page = playground.page
    playground.control("Speed").select_option("1")
    expect(page).to_have_url(re.compile("speed=1$"))
    neuron = playground.neurons(1).first
    neuron.click()
    expect(neuron).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#field-name")).to_be_visible()
    choose(playground, LESSONS["spiral-shallow"])
    expect(playground.neurons(1).first).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#field-name")).to_be_hidden()
    expect(playground.control("Speed")).to_have_value("full")
    go(page, LESSONS["hidden-lines"].link)
    expect(playground.control("Speed")).to_have_value("30")
    playground.button("Reset").click()
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    expect(playground.control("Speed")).to_have_value("30")


def test_the_dialog_marks_the_lesson_and_starts_it_anew(playground: Playground) -> None:
    page = playground.page
    choose(playground, XOR)
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    playground.button("Lessons").click()
    marked = page.get_by_role("dialog").locator("[aria-current]")
    expect(marked).to_have_text(XOR.title)
    marked.click()  # its address is there already
    playground.wait_for_epoch(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    playground.button("Lessons").click()
    playground.button("Close").click()
    expect_lesson(page, XOR)


def test_on_a_phone_a_lesson_that_is_chosen_comes_into_view(visit: Visit) -> None:
    playground = visit.open((390, 844), touch=True)
    page = playground.page
    playground.button("Regenerate data").scroll_into_view_if_needed()
    playground.wait_until(lambda: page.evaluate("scrollY") > 500, "the page to scroll")
    choose(playground, LARGE)
    expect(page.get_by_role("heading", name=LARGE.title)).to_be_focused()
    playground.wait_until(lambda: page.evaluate(OUT_OF_SIGHT) == [], "the lesson")
    expect(page.locator("#announcer")).to_contain_text(LARGE.text)


def test_a_whole_lesson_by_keyboard_alone(playground: Playground) -> None:
    page, key = playground.page, playground.page.keyboard

    def tab_to(selector: str) -> None:
        for _ in range(40):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            key.press("Tab")
        raise AssertionError(f"Tab does not reach {selector}")

    tab_to("#show-lessons")
    key.press("Enter")
    tab_to(f"[data-lesson='{XOR.slug}']")
    key.press("Enter")
    expect_lesson(page, XOR)
    expect(page.get_by_role("heading", name=XOR.title)).to_be_focused()
    key.press("Space")
    playground.wait_to_pass_epoch(2)
    key.press("Space")
    expect(playground.button("Play")).to_be_visible()
    tab_to("#lesson-next")
    key.press("Enter")
    expect_lesson(page, INPUT)
    expect(page.get_by_role("heading", name=INPUT.title)).to_be_focused()
    tab_to("#close-lesson")
    key.press("Enter")
    expect_no_lesson(page)
    expect(playground.button("Lessons")).to_be_focused()
