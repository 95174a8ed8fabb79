"""The digits page: what a visitor draws, moves, builds and reads there."""

import re

import pytest
from playwright.sync_api import Page, expect

from engine.labs.digits.mnist import unseen_digits
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.cut import CUT

QUICK = "#lab=digits&v=1&digits=500&shift_map=true"
PARAMETERS = re.compile(r"([\d,]+) parameters")


@pytest.fixture
def digits(visit: Visit) -> Page:
    """The page of the lab: its link leads there also from another lab's page."""
    return opened(visit)


def opened(
    visit: Visit, size: tuple[int, int] = (1440, 900), *, touch: bool = False, dark: bool = False, more: str = ""
) -> Page:
    page = visit.open(size, touch=touch, dark=dark, fragment=QUICK + more, wait=False).page
    page.wait_for_url("**/digits#*")
    expect(page.get_by_test_id("winner-plain")).to_contain_text("%")
    return page


def stroke(page: Page) -> None:
    """A long vertical line in the middle of the pad."""
    box = page.locator("#pad").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(x, y + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(x, y + box["height"] * 0.8, steps=12)
    page.mouse.up()


def parameters(page: Page, twin: str) -> int:
    found = PARAMETERS.search(page.get_by_test_id(f"parameters-{twin}").inner_text())
    assert found
    return int(found[1].replace(",", ""))


def test_both_networks_learn_to_read_what_is_drawn(digits: Page) -> None:
    digits.get_by_role("button", name="Play").click()
    expect(digits.get_by_test_id("score-convolutional_test")).to_have_text(re.compile(r"accuracy 9\d\.\d %"))
    digits.get_by_role("button", name="Pause").click()
    stroke(digits)
    for twin in ("plain", "convolutional"):
        expect(digits.get_by_test_id(f"winner-{twin}")).to_contain_text("reads a 1")
    digits.get_by_role("button", name="Clear").click()
    expect(digits.get_by_test_id("winner-plain")).to_have_text("An empty pad has no answer.")
    box = digits.locator("#large").bounding_box()
    assert box
    assert box["width"] == pytest.approx(box["height"], abs=1)


def test_a_drawing_survives_a_reload_until_it_is_cleared(digits: Page) -> None:
    hint, pad, place = digits.get_by_text("Draw here"), digits.locator("#pad"), digits.locator("#pad-place")
    picture = "pad => new Promise(requestAnimationFrame).then(() => pad.toDataURL())"
    expect(hint).to_be_hidden()
    stroke(digits)
    digits.get_by_role("radio", name="Moves").check(force=True)
    pad.press("ArrowRight")
    expect(place).to_have_text("1 px right")
    drawn = pad.evaluate(picture)
    expect(digits).to_have_url(re.compile("right=1&ink="))
    digits.reload()
    expect(place).to_have_text("1 px right")
    expect(digits.get_by_label("Number of the test digit")).to_have_value("")
    assert pad.evaluate(picture) == drawn
    expect(hint).to_be_hidden()
    digits.get_by_role("button", name="Clear").click()
    expect(hint).to_be_visible()
    expect(digits).not_to_have_url(re.compile("ink="))
    digits.reload()
    expect(digits.get_by_label("Number of the test digit")).not_to_have_value("")


def test_a_link_carries_the_drawing_to_another_visitor(digits: Page, visit: Visit) -> None:
    stroke(digits)
    digits.get_by_role("radio", name="Moves").check(force=True)
    digits.locator("#pad").press("ArrowLeft")
    expect(digits).to_have_url(re.compile("right=-1&ink="))
    picture = "pad => new Promise(requestAnimationFrame).then(() => pad.toDataURL())"
    drawn = digits.locator("#pad").evaluate(picture)
    other = visit.open(fragment="#" + digits.url.split("#")[1], wait=False).page
    expect(other.locator("#pad-place")).to_have_text("1 px left")
    expect(other.get_by_test_id("winner-plain")).to_contain_text("%")
    assert other.locator("#pad").evaluate(picture) == drawn
    other.get_by_role("button", name="Next 7", exact=True).click()
    expect(other).to_have_url(re.compile("test_digit="))


def test_a_digit_is_moved_by_keys_and_dragged(digits: Page) -> None:
    digits.get_by_label("Number of the test digit").fill("5")
    digits.keyboard.press("Enter")
    digits.locator("#pad").focus()
    for key in ("ArrowRight", "ArrowUp", "+", "]"):
        digits.keyboard.press(key)
    expect(digits.locator("#pad-place")).to_have_text("1 px right, 1 px up, turned 5°, size 105 %")
    expect(digits.locator("#vectors-words")).to_contain_text("though it is the same digit")
    box = digits.locator("#pad").bounding_box()
    assert box
    digits.mouse.move(box["x"] + 100, box["y"] + 100)
    digits.mouse.down()
    digits.mouse.move(box["x"] + 100 + 4 * box["width"] / 28, box["y"] + 100, steps=4)
    digits.mouse.up()
    expect(digits.locator("#pad-place")).to_contain_text("5 px right")


def test_a_test_digit_is_asked_for_by_class_and_the_next_misread_one(digits: Page) -> None:
    number, pad, labels = (
        digits.get_by_label("Number of the test digit"),
        digits.locator("#pad"),
        unseen_digits().labels,
    )
    sevens = [str(each + 1) for each in range(2000) if labels[each] == 7]
    number.fill("1")
    digits.keyboard.press("Enter")
    digits.get_by_role("button", name="Next 7", exact=True).click()
    expect(number).to_have_value(next(each for each in sevens if int(each) > 1))
    pad.press("7")
    expect(number).to_have_value(sevens[1] if sevens[0] != "1" else sevens[2])
    expect(digits.locator("#announcer")).to_contain_text("a 7")
    for by_key in (False, True):
        before = number.input_value()
        if by_key:
            pad.press("m")
        else:
            digits.get_by_role("button", name="Next misread").click()
        expect(number).not_to_have_value(before)
        label = labels[int(number.input_value()) - 1]
        words = [digits.get_by_test_id(f"winner-{twin}") for twin in ("plain", "convolutional")]
        expect(words[0]).to_contain_text("%")
        digits.wait_for_timeout(300)  # the answers to the digit before are written over
        assert any(f" {label}," not in each.inner_text() for each in words)


def test_a_digit_is_drawn_by_keys(digits: Page) -> None:
    digits.get_by_role("button", name="Play").click()
    expect(digits.get_by_test_id("score-convolutional_test")).to_have_text(re.compile(r"accuracy 9\d\.\d %"))
    digits.get_by_role("button", name="Pause").click()
    pad, pen = digits.locator("#pad"), digits.locator("#pen")
    pad.press("ArrowUp")
    expect(pen).to_be_visible()
    for _ in range(2):
        pad.press("Shift+ArrowUp")
    pad.press(" ")
    expect(digits.locator("#announcer")).to_have_text("Pen down, column 15, row 5")
    expect(pen).to_have_class(re.compile("down"))
    for _ in range(4):
        pad.press("Shift+ArrowDown")
    pad.press(" ")
    for twin in ("plain", "convolutional"):
        expect(digits.get_by_test_id(f"winner-{twin}")).to_contain_text("reads a 1")
    digits.keyboard.press("Escape")
    expect(pen).to_be_hidden()
    expect(digits.get_by_role("button", name="Play")).to_be_visible()
    pad.press(" ")  # without a pen it plays again
    expect(digits.get_by_role("button", name="Pause")).to_be_visible()


def test_networks_are_built_by_clicking_and_the_link_says_so(digits: Page) -> None:
    plain, convolutional = (parameters(digits, twin) for twin in ("plain", "convolutional"))
    digits.get_by_role("button", name="Add filter to layer 1 of the convolutional network").click()
    expect(digits).to_have_url(re.compile("filters=9,16"))
    digits.get_by_role("button", name="Add layer to the plain network").click()
    expect(digits).to_have_url(re.compile("hidden=14,16"))
    assert parameters(digits, "plain") == plain + 14 * 16 + 16 + 2 * 10
    assert parameters(digits, "convolutional") == convolutional + 26 + 25 * 16
    digits.reload()
    expect(digits.locator("#convolutional-layers output").first).to_have_text("9")


@pytest.mark.parametrize("size", [(1440, 900), (1240, 620), (1024, 768), (390, 844)], ids=str)
def test_networks_and_the_equation_can_be_read_at_every_width(visit: Visit, size: tuple[int, int]) -> None:
    page = opened(visit, size, touch=size[0] < 1100)
    if size[0] >= 1240:  # narrower ones are touched, and have large buttons
        for twin in ("plain", "convolutional"):
            parts = page.locator(f"#{twin}-layers > *:visible").evaluate_all(
                "parts => parts.map(part => part.getBoundingClientRect()).map(box => box.top + box.height / 2)"
            )
            assert max(parts) - min(parts) < 2, f"the chain of the {twin} network is in one line"
    page.get_by_label("Read the map").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#sum")).to_contain_text("ReLU(")
    texts, cut = page.locator(".factors td").evaluate_all(
        """cells => {
          const range = document.createRange();
          const isCut = cell => {
            range.selectNodeContents(cell);
            return range.getBoundingClientRect().width > cell.clientWidth;
          };
          return [cells.map(cell => cell.textContent), cells.filter(isCut).map(cell => cell.textContent)];
        }"""
    )
    assert len(texts) == 75
    assert all(texts)
    assert cut == []
    assert page.evaluate(CUT) == [], size
    page.get_by_role("radiogroup", name="The network that is looked into").get_by_text("Plain").click()
    expect(page.get_by_test_id("weighing-sum")).to_contain_text("ReLU(")
    page.get_by_label("Read the weights").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#chosen-place")).to_have_text("Row 15, column 15:")
    assert page.evaluate(CUT) == [], size
    for name in ("weights", "seen", "products"):
        box = page.locator(f"#sheet-{name}").bounding_box()
        assert box
        assert box["width"] == pytest.approx(box["height"], abs=1)
        assert box["width"] > 90


def test_a_filter_is_looked_at_edited_and_restored(digits: Page) -> None:
    digits.get_by_role("button", name="Layer 1 filter 3").click()
    expect(digits.locator("#strongest button")).to_have_count(9)
    digits.get_by_label("Read the map").focus()
    digits.keyboard.press("ArrowRight")
    expect(digits.locator("#sum")).to_contain_text("ReLU(")
    restore = digits.get_by_role("button", name="Restore")
    expect(restore).to_be_disabled()
    digits.get_by_role("button", name="Edit").click()
    weight = digits.get_by_label("Weight in row 3, column 3")
    before = weight.input_value()
    weight.fill("5")
    weight.press("Enter")
    expect(restore).to_be_enabled()
    digits.keyboard.press("Escape")
    restore.click()
    digits.get_by_role("button", name="Edit").click()
    expect(weight).to_have_value(before)


def test_the_plain_network_is_looked_into(digits: Page) -> None:
    digits.get_by_role("radiogroup", name="The network that is looked into").get_by_text("Plain").click()
    expect(digits).to_have_url(re.compile("inside_plain=true"))
    digits.get_by_role("button", name="Layer 1 unit 3", exact=True).click()
    total = digits.get_by_test_id("weighing-sum")
    expect(total).to_contain_text("ReLU(")
    assert_adds_up(total.inner_text())
    digits.get_by_label("Read the weights").focus()
    for key in ("ArrowRight", "ArrowUp"):
        digits.keyboard.press(key)
    place, product = digits.locator("#chosen-place"), digits.locator("#chosen-product")
    expect(place).to_have_text("Row 14, column 15:")
    expect(product).to_contain_text("× ink")
    assert page_paints(digits, "#sheet-weights") > 100  # colours of 784 weights
    digits.get_by_text("Output", exact=True).click()
    digits.get_by_role("button", name="Output for digit 7", exact=True).click()
    expect(digits.locator("#unit-title")).to_have_text("Output for digit 7")
    expect(total).to_contain_text("the softmax of all 10 outputs makes it")
    assert_adds_up(total.inner_text())
    expect(digits.locator("#strongest button")).to_have_count(9)
    expect(digits.get_by_label("Off", exact=True)).to_be_hidden()
    digits.get_by_role("radiogroup", name="The network that is looked into").get_by_text("Convolutional").click()
    expect(total).to_contain_text("map ")
    assert_adds_up(total.inner_text())


def assert_adds_up(text: str) -> None:
    """Terms are rounded, each by at most 0.0005."""
    terms, _, rest = text.partition(" = ")
    found = re.findall(r"(?:^|([+−]) )(−?)(\d+\.\d+) \(", terms)
    assert len(found) >= 4, text
    total = sum(float(size) * (-1 if "−" in signs else 1) for *signs, size in found)
    said = re.match(r"−?\d+\.\d+", rest)
    assert said, text
    assert total == pytest.approx(float(said[0].replace("−", "-")), abs=0.0005 * (len(found) + 1)), text


def page_paints(page: Page, canvas: str) -> int:
    """How many colours there are in a picture."""
    return int(
        page.locator(canvas).evaluate(
            """canvas => {
              const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              return new Set(new Uint32Array(data.buffer)).size;
            }"""
        )
    )


def test_a_plain_unit_is_edited_switched_off_and_restored_while_it_learns(visit: Visit) -> None:
    digits = opened(visit, more="&inside_plain=true&speed=2")
    digits.get_by_role("button", name="Play").click()
    digits.get_by_role("button", name="Layer 1 unit 2", exact=True).click()
    digits.get_by_label("Read the weights").focus()
    digits.keyboard.press("ArrowUp")
    weight, restore = digits.get_by_label("Weight", exact=True), digits.get_by_role("button", name="Restore")
    expect(restore).to_be_disabled()
    weight.fill("7")
    weight.press("Enter")
    expect(restore).to_be_enabled()
    expect(weight).to_have_value(re.compile("^[67]"))  # it goes on learning
    off = digits.get_by_label("Off", exact=True)
    off.check()
    expect(digits.get_by_role("button", name="Layer 1 unit 2, switched off")).to_be_visible()
    expect(digits.get_by_test_id("weighing-sum")).to_contain_text("switched off: 0.000")
    expect(digits).to_have_url(re.compile("plain_off=1-2"))
    digits.get_by_role("button", name="Pause").click()
    off.uncheck()
    restore.click()
    expect(weight).not_to_have_value(re.compile("^[67]"))
    bias = digits.locator("#weighing").get_by_label("Bias")
    before = settled(digits, "score-plain_test")
    bias.fill("60")
    bias.press("Enter")
    expect(digits.get_by_test_id("score-plain_test")).not_to_have_text(before)
    restore.click()
    expect(digits.get_by_test_id("score-plain_test")).to_have_text(before)


def settled(page: Page, name: str) -> str:
    """A text once it stays as it is: all test digits were read."""
    texts = [""]
    while len(texts) < 3 or len(set(texts[-3:])) > 1:
        page.wait_for_timeout(500)
        texts.append(page.get_by_test_id(name).inner_text())
    return texts[-1]


def test_a_click_keeps_a_weight_while_the_pointer_goes_to_its_field(digits: Page) -> None:
    digits.get_by_role("radiogroup", name="The network that is looked into").get_by_text("Plain").click()
    picture, place = digits.locator("#sheet-seen"), digits.locator("#chosen-place")
    expect(digits.get_by_test_id("weighing-sum")).to_contain_text("ReLU(")
    box = picture.bounding_box()
    assert box
    pixel = box["width"] / 28

    def point(row: float, column: float) -> None:
        assert box
        digits.mouse.move(box["x"] + (column - 0.5) * pixel, box["y"] + (row - 0.5) * pixel)

    point(10, 14)
    expect(place).to_have_text("Row 10, column 14:")
    point(12, 5)
    expect(place).to_have_text("Row 12, column 5:")
    digits.mouse.down()
    digits.mouse.up()
    point(28, 5)
    digits.wait_for_timeout(300)
    expect(place).to_have_text("Row 12, column 5:")
    digits.keyboard.press("Escape")
    expect(digits.get_by_label("Weight", exact=True)).to_be_hidden()


def test_shuffled_pixels_are_drawn_in_their_places(visit: Visit) -> None:
    page = opened(visit, more="&shuffled_pixels=true&inside_plain=true")
    expect(page.locator("#shuffled-note")).to_contain_text("at its pixel’s place")
    picture = "canvas => canvas.toDataURL()"
    expect(page.get_by_test_id("weighing-sum")).to_contain_text("ReLU(")
    seen = page.locator("#sheet-seen").evaluate(picture)
    page.get_by_label("Shuffle pixels").uncheck()
    expect(page.locator("#shuffled-note")).to_have_text("")
    expect(page.get_by_test_id("weighing-sum")).to_contain_text("ReLU(")
    page.wait_for_timeout(1_000)
    assert page.locator("#sheet-seen").evaluate(picture) == seen


def test_a_cell_of_the_map_shows_misread_digits(digits: Page) -> None:
    expect(digits.locator("#shift-done")).to_be_hidden()
    digits.get_by_label("Accuracy by shift", exact=True).last.focus()
    for _ in range(4):
        digits.keyboard.press("ArrowRight")
    expect(digits.locator("#shift-words")).to_contain_text("3 px right, accuracy on 200 test digits: plain network")
    expect(digits.locator("#misread button")).to_have_count(10)
    digits.locator("#misread button").first.click()
    expect(digits.locator("#pad-place")).to_have_text("3 px right")


def test_confusion_counts_all_test_digits(digits: Page) -> None:
    digits.get_by_role("button", name="Confusion", exact=True).click()
    cells = digits.locator("#confusion-plain tbody td")
    expect(cells.first).not_to_have_text("")
    expect(digits.locator("#shift-done")).to_be_hidden()
    digits.wait_for_timeout(1_000)
    assert sum(int(text) for text in cells.all_inner_texts()) == 2000


def test_the_worst_pairs_are_named_and_a_cell_shows_its_digits(digits: Page) -> None:
    digits.get_by_role("button", name="Confusion", exact=True).click()
    worst = digits.get_by_test_id("worst-plain")
    expect(worst).to_contain_text("Most often reads")
    digits.wait_for_timeout(1_000)
    found = re.search(r"reads (\d) as (\d): (\d+) times", worst.inner_text())
    assert found
    actual, said, count = map(int, found.groups())
    cells = digits.locator("#confusion-plain tbody td")
    counts = [int(text) for text in cells.all_inner_texts()]
    assert count == counts[10 * actual + said] == max(counts[i] for i in range(100) if i % 11)
    cells.nth(10 * actual + max(said - 1, 0)).focus()
    cells.nth(10 * actual + max(said - 1, 0)).press("Enter")
    if said:
        digits.keyboard.press("ArrowRight")
    expect(cells.nth(10 * actual + said)).to_be_focused()
    expect(digits.get_by_test_id("confused")).to_contain_text(f"{count} of the digits {actual} read as {said}")
    shown = digits.locator("#confused button")
    expect(shown).to_have_count(min(count, 30))
    shown.first.click()
    number = int(digits.get_by_label("Number of the test digit").input_value())
    assert unseen_digits().labels[number - 1] == actual
    expect(digits.get_by_test_id("winner-plain")).to_contain_text(f" {said},")


@pytest.mark.parametrize("size", [(390, 844), (360, 740)], ids=str)
def test_a_phone_shows_the_answers_below_the_pad_and_a_bar_of_two_rows(visit: Visit, size: tuple[int, int]) -> None:
    page = opened(visit, size, touch=True)
    page.get_by_role("button", name="Step").tap()
    expect(page.get_by_test_id("epoch")).to_have_text("1")
    for twin in ("plain", "convolutional"):
        brief, winner = page.get_by_test_id(f"brief-{twin}"), page.get_by_test_id(f"winner-{twin}")
        expect(brief).to_have_text(re.compile(r"\d, \d+\.\d %"))
        digit, share = brief.inner_text().split(", ")
        expect(winner).to_contain_text(f"a {digit}, {share}")
        box = brief.bounding_box()
        assert box
        assert box["y"] + box["height"] <= size[1]
    tops = page.locator(".bar > :is(button, label, dl), .run > button").evaluate_all(
        "parts => parts.map(part => part.getBoundingClientRect()).map(box => box.top + box.height / 2)"
    )
    assert max(tops) - min(tops) < 60
    assert page.locator(".bar").evaluate("bar => bar.offsetHeight") < 125
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate(CUT) == []
    page.get_by_label("Number of the test digit").scroll_into_view_if_needed()
    expect(page.get_by_test_id("brief-plain")).to_be_in_viewport()
    below = page.evaluate("() => document.documentElement.scrollHeight - document.querySelector('footer').offsetHeight")
    assert abs(below - page.locator("footer.notes").evaluate("notes => notes.offsetTop")) < 2, (
        "nothing follows the notes"
    )


def test_a_tablet_has_losses_and_map_side_by_side(visit: Visit) -> None:
    page = opened(visit, (1024, 768), touch=True)
    chart, shifts = (page.locator(each).bounding_box() for each in (".chart", ".shifts"))
    assert chart
    assert shifts
    assert chart["x"] + chart["width"] <= shifts["x"]
    assert shifts["y"] < chart["y"] < shifts["y"] + shifts["height"]
    assert chart["height"] < 300
    assert page.locator("label:has(.about + .about)").count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desktop", "phone"])
def test_axe_finds_nothing_to_complain_about(visit: Visit, size: tuple[int, int], dark: bool) -> None:
    page = opened(visit, size, dark=dark, touch=size[0] < 1100)
    page.locator("#pad").press("ArrowUp")
    page.get_by_label("Accuracy by shift", exact=True).last.press("ArrowRight")
    expect(page.locator("#misread button").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Confusion", exact=True).click()
    page.locator("#confusion-plain tbody td").first.click()
    expect(page.locator("#confused button").first).to_be_visible()
    assert violations(page) == []


def test_a_phone_draws_with_a_finger_and_does_not_scroll(visit: Visit) -> None:
    page = opened(visit, (390, 844), touch=True)
    page.get_by_role("button", name="Clear").tap()
    pad, scrolled = page.locator("#pad"), page.evaluate("() => scrollY")
    assert pad.evaluate("pad => getComputedStyle(pad).touchAction") == "none"
    pad.tap()
    expect(page.get_by_test_id("winner-plain")).to_contain_text("%")
    assert page.evaluate("() => scrollY") == scrolled
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
