"""The dialog in which a visitor types a formula that labels points."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.playground import Playground
from tests.proxy import Proxy
from tests.servers import Server

PHONE = (390, 844)
RING = "x^2 + y^2 > 9\nx^2 + y^2 > 25 or y > 0"


def opened(playground: Playground) -> Locator:
    playground.button("Formula…").click()
    dialog = playground.page.get_by_role("dialog", name="Points by a formula")
    expect(dialog).to_be_visible()
    return dialog


def said(dialog: Locator) -> Locator:
    return dialog.get_by_role("status")


def learn(dialog: Locator, text: str) -> None:
    dialog.get_by_role("textbox", name="Formula").fill(text)
    dialog.get_by_role("button", name="Learn", exact=True).click()


def accuracy(page: Page) -> str:
    return page.locator("#accuracy-train").text_content() or ""


def selected(dialog: Locator) -> str:
    text: str = dialog.get_by_role("textbox", name="Formula").evaluate(
        "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    )
    return text


def test_a_formula_is_typed_and_learned_and_another_one_after_it(playground: Playground) -> None:
    page = playground.page
    before = playground.picture()
    dialog = opened(playground)
    learn(dialog, "y > sin(x)")
    expect(said(dialog)).to_have_text("Learned 500 points: blue if y > sin(x), else orange.")
    playground.wait_for_address("dataset=own", "points=", "formula=")
    playground.wait_for_other_picture(before)
    dialog.get_by_role("combobox", name="Number of points").select_option("200")
    learn(dialog, "y > 0")
    expect(said(dialog)).to_have_text("Learned 200 points: blue if y > 0, else orange.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    untrained = accuracy(page)
    playground.play()
    playground.wait_until(lambda: accuracy(page) != untrained, "another accuracy")
    playground.wait_until(lambda: float(accuracy(page).rstrip(" %")) > 95, "an accuracy above 95 %")


def test_a_refusal_marks_its_place_and_nothing_changes(playground: Playground) -> None:
    page = playground.page
    address = page.url
    dialog = opened(playground)
    learn(dialog, "x > 0\ny > sin x")
    expect(said(dialog)).to_have_text(
        "'sin' came, expected its argument in brackets behind it, sin(a), at position 5, in line 2."
    )
    assert selected(dialog) == "sin"
    expect(dialog.get_by_role("textbox", name="Formula")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#notice")).to_be_hidden()  # the dialog has said it
    assert page.url == address
    page.keyboard.type("foo +")  # over what is marked
    page.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("'foo' came")
    assert selected(dialog) == "foo"
    learn(dialog, "y > 7")
    expect(said(dialog)).to_contain_text("expected a condition that divides the points: none satisfies this one.")
    learn(dialog, "y > 1")
    expect(said(dialog)).to_contain_text("Learned 500 points")
    expect(dialog.get_by_role("textbox", name="Formula")).to_have_attribute("aria-invalid", "false")


def test_three_classes_and_their_notices_are_there_after_a_reload(playground: Playground) -> None:
    page = playground.page
    dialog = opened(playground)
    learn(dialog, f"{RING}\nx > 9")
    told = (
        "Learned 500 points: class 1 if x^2 + y^2 > 9, class 2 if x^2 + y^2 > 25 or y > 0, class 3 if x > 9, "
        "else class 4.\n"
        "No point is in the class of x > 9."
    )
    expect(said(dialog)).to_have_text(told, use_inner_text=True)
    expect(page.get_by_role("list", name="Classes by colour").get_by_role("listitem")).to_have_count(4)
    playground.wait_for_address("formula=")
    page.reload()
    playground.wait_for_first_frame()
    dialog = opened(playground)
    expect(dialog.get_by_role("textbox", name="Formula")).to_have_value(f"{RING}\nx > 9")
    expect(said(dialog)).to_have_text(told, use_inner_text=True)


def test_the_link_opens_with_its_formula_for_another_visitor(visit: Visit) -> None:
    playground = visit.open()
    dialog = opened(playground)
    dialog.get_by_role("combobox", name="Number of points").select_option("100")
    learn(dialog, RING)
    playground.wait_for_address("formula=")
    page = playground.page
    other = visit.open(fragment="#" + page.url.partition("#")[2])
    expect(other.page.locator("#notice")).to_be_hidden()
    dialog = opened(other)
    expect(dialog.get_by_role("textbox", name="Formula")).to_have_value(RING)
    expect(dialog.get_by_role("combobox", name="Number of points")).to_have_value("100")


def test_an_example_of_a_regression_is_learned(playground: Playground) -> None:
    dialog = opened(playground)
    dialog.get_by_role("button", name="z = sin(x) cos(y)").click()
    playground.page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Learn", exact=True).click()
    expect(said(dialog)).to_have_text("Learned values of z at 500 points.")
    playground.page.keyboard.press("Escape")
    expect(playground.page.get_by_role("radio", name="Regression")).to_be_checked()
    playground.wait_for_address("dataset=reg-own")


def test_by_keyboard_alone(playground: Playground) -> None:
    page = playground.page
    playground.button("Formula…").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Formula")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("y > x s r e")  # no key of the page's
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Points by a formula")
    expect(said(dialog)).to_contain_text("'s' came")
    page.keyboard.press("Control+A")
    page.keyboard.type("y > x")
    page.keyboard.press("Control+Enter")
    expect(said(dialog)).to_contain_text("Learned 500 points")
    expect(page.get_by_role("textbox", name="Formula")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(playground.button("Formula…")).to_be_focused()
    assert playground.epoch() == 0


def test_a_phone(visit: Visit) -> None:
    playground = visit.open(PHONE, touch=True)
    playground.button("Formula…").tap()
    dialog = playground.page.get_by_role("dialog", name="Points by a formula")
    dialog.get_by_role("button", name=re.compile("x - 2")).tap()
    dialog.get_by_role("button", name="Learn", exact=True).tap()
    expect(said(dialog)).to_contain_text(": class 1 if y > x + 2, class 2 if y > x - 2, else class 3.")
    assert playground.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]
    box = dialog.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= PHONE[1]


def test_without_a_connection_it_says_that_nothing_was_learned(visit: Visit, server: Server) -> None:
    with Proxy(server.port) as proxy:
        playground = visit.open(port=proxy.port)
        visit.guards[-1].allow("WebSocket|ERR_")
        dialog = opened(playground)
        proxy.cut()
        expect(playground.page.locator("#connection")).to_be_visible()
        learn(dialog, "y > 0")
        expect(said(dialog)).to_have_text("Not connected: nothing was learned.")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_to_complain_about(visit: Visit, size: tuple[int, int], dark: bool) -> None:
    playground = visit.open(size, dark=dark)
    dialog = opened(playground)
    learn(dialog, "y >")
    expect(said(dialog)).to_contain_text("behind >")
    assert violations(playground.page) == []
    learn(dialog, "y > 0")
    expect(said(dialog)).to_contain_text("Learned")
    assert violations(playground.page) == []


def test_a_link_can_hide_it(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hide=formula")
    expect(playground.button("Formula…")).to_be_hidden()
    playground = visit.open(fragment="#dataset=xor&dataset_hide=true")
    expect(playground.button("Formula…")).to_be_hidden()


def test_a_formula_becomes_an_input(playground: Playground) -> None:
    page = playground.page
    tile = page.get_by_role("checkbox", name=re.compile("^Own input"))
    expect(tile).to_be_hidden()
    before = playground.picture()
    playground.button("Own input…").click()
    dialog = page.get_by_role("dialog", name="Own input")
    field = dialog.get_by_role("textbox", name="Formula of the own input")
    field.fill("hypot(x, z)")
    field.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("came, expected one of x, y, pi")
    assert field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == "z"
    field.fill("hypot(x, y)")
    dialog.get_by_role("button", name="Use", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("checkbox", name="Own input: hypot(x, y)")).to_be_checked()
    playground.wait_for_address("inputs=x,y,own", "own_input=hypot")
    playground.play()
    playground.wait_for_loss_below(0.05)
    playground.wait_for_other_picture(before)
    playground.pause()
    page.reload()
    expect(page.get_by_role("checkbox", name="Own input: hypot(x, y)")).to_be_checked()
    tile.uncheck()
    playground.wait_until(lambda: "inputs=" not in page.url and "own_input=hypot" in page.url, "x and y alone")
    expect(tile).to_be_visible()
