"""The descent page: a start is dropped, racers descend and arrive, and the picture can be used without a mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.cut import CUT

BOWL = "#lab=descent&v=1"
LINE = "#lab=descent&v=1&problem=line&race=runners&speed=100"


def opened(visit: Visit, fragment: str, size: tuple[int, int] = (1440, 900), *, touch: bool = False) -> Page:
    page = visit.open(size, touch=touch, fragment=fragment, wait=False).page
    page.wait_for_url("**/descent#*")
    expect(page.get_by_test_id("loss-racer_1")).to_contain_text(".")
    return page


def click_at(page: Page, right: float, down: float) -> None:
    """At a share of the picture."""
    box = page.locator("#error-picture").bounding_box()
    assert box
    page.mouse.click(box["x"] + right * box["width"], box["y"] + down * box["height"])


def numbers(text: str) -> list[float]:
    return [float(each.replace("−", "-")) for each in re.findall(r"[−-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)]


def test_a_start_is_dropped_and_the_racer_arrives(visit: Visit) -> None:
    page = opened(visit, BOWL + "&speed=30")
    click_at(page, 0.8, 0.4)
    expect(page).to_have_url(re.compile(r"start=1\.\d+"))
    start = numbers(page.get_by_test_id("place-racer_1").inner_text())[0]
    assert 1 < start < 2.5
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_test_id("how-racer_1")).to_contain_text("arrived at step 10")
    expect(page.get_by_role("button", name="Play")).to_be_visible()  # the race is over
    expect(page.get_by_test_id("step")).to_have_text("20")
    expect(page.get_by_test_id("health")).to_contain_text("1 of 1 arrived")
    assert abs(numbers(page.get_by_test_id("place-racer_1").inner_text())[0]) < 0.02


def test_the_next_step_stands_in_numbers_and_happens(visit: Visit) -> None:
    page = opened(visit, BOWL)
    equation = page.get_by_test_id("equation")
    expect(equation).to_have_text("w ← −2.500 − 0.1 × (−10.00) = −1.500")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_test_id("place-racer_1")).to_have_text("−1.500")
    expect(page.get_by_test_id("loss-racer_1")).to_have_text("4.5000")
    expect(equation).to_have_text("w ← −1.500 − 0.1 × (−6.000) = −0.900")


def test_the_tangent_is_drawn_where_the_slope_says(visit: Visit) -> None:
    """At the start of the bowl E falls by 10 for 1: pixels of the racer's colour lie along that line."""
    page = opened(visit, BOWL)
    page.wait_for_timeout(300)
    found = page.locator("#error-picture").evaluate(
        """canvas => {
          const ratio = canvas.width / canvas.clientWidth;
          const [left, top] = [46, 8];
          const [width, height] = [canvas.clientWidth - 60, canvas.clientHeight - 36];
          const highest = 18 * 1.06, lowest = -18 * 0.06; // of the bowl over −3 to 3, with room
          const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const isBlue = (x, y) => {
            const i = 4 * (Math.round(y * ratio) * canvas.width + Math.round(x * ratio));
            return data[i + 2] - data[i] > 60;
          };
          const colored = (w, e) => {
            const x = left + (w + 3) / 6 * width, y = top + (highest - e) / (highest - lowest) * height;
            return [-2, -1, 0, 1, 2].some(off => isBlue(x + off, y));
          };
          const line = [-2.2, -2, -1.9, -1.75].map(w => colored(w, 12.5 - 10 * (w + 2.5)));
          const beside = [-2.2, -2, -1.9].map(w => colored(w, 14.5 - 10 * (w + 2.5)));
          return [line, beside];
        }"""
    )
    assert found == [[True] * 4, [False] * 3]


def test_the_start_is_moved_by_keys_and_typed(visit: Visit) -> None:
    page = opened(visit, BOWL)
    page.locator("#error-picture").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("place-racer_1")).to_have_text("−2.400")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_test_id("place-racer_1")).to_have_text("−1.900")
    field = page.get_by_role("spinbutton", name="Start w")
    field.fill("0,5")
    field.press("Enter")
    expect(page.get_by_test_id("place-racer_1")).to_have_text("0.500")
    page.get_by_role("button", name="The usual start").click()
    expect(page.get_by_test_id("place-racer_1")).to_have_text("−2.500")


def test_four_rates_race_and_one_diverges_alone(visit: Visit) -> None:
    page = opened(visit, BOWL + "&speed=30")
    page.get_by_text("Four rates", exact=True).click()
    expect(page.locator("tbody.racer:visible")).to_have_count(4)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_test_id("how-racer_4")).to_contain_text("diverged at step")
    for racer in (1, 2, 3):
        expect(page.get_by_test_id(f"how-racer_{racer}")).to_contain_text("arrived")
    expect(page.get_by_test_id("health")).to_contain_text("3 of 4 arrived, 1 diverged.")
    expect(page.get_by_role("button", name="Play")).to_be_visible()  # the race is over
    rate = page.get_by_label("Rate of η = 0.6")
    rate.fill("0.2")
    rate.press("Enter")
    expect(page).to_have_url(re.compile("rates=0.025,0.1,0.4,0.2"))
    expect(page.get_by_test_id("step")).to_have_text("0")


def test_another_error_comes_with_its_own_start_and_rate(visit: Visit) -> None:
    page = opened(visit, LINE)
    page.get_by_label("Error", exact=True).first.select_option("rosenbrock")
    expect(page.get_by_test_id("place-racer_1")).to_have_text("(−1.20, 1.00)")
    expect(page.get_by_label("Learning rate", exact=True)).to_have_value("0.001")
    expect(page.locator("tbody.racer:visible")).to_have_count(1)
    page.get_by_label("Error", exact=True).first.select_option("neuron")
    expect(page.locator("#points-picture")).to_be_visible()
    before = page.get_by_test_id("loss-racer_1").inner_text()
    page.get_by_role("button", name="New points").click()
    expect(page.get_by_test_id("loss-racer_1")).not_to_have_text(before)


def test_the_pointer_reads_the_error(visit: Visit) -> None:
    page = opened(visit, BOWL)
    box = page.locator("#error-picture").bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 50)
    expect(page.locator("#hovered")).to_contain_text("slope")
    w, error, slope = numbers(page.locator("#hovered").inner_text())
    assert error == pytest.approx(2 * w**2, abs=0.01)
    assert slope == pytest.approx(4 * w, abs=0.02)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)], ids=str)
def test_nothing_is_cut_off_at_any_width(visit: Visit, size: tuple[int, int]) -> None:
    page = opened(visit, LINE, size, touch=size[0] < 1100)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_test_id("step")).not_to_have_text("0")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate(CUT) == [], size


def test_a_phone_drops_a_start_with_a_finger(visit: Visit) -> None:
    page = opened(visit, LINE, (390, 844), touch=True)
    page.locator("#error-picture").tap(position={"x": 200, "y": 100})
    expect(page).to_have_url(re.compile("start="))
    expect(page.locator("#picture-words")).to_contain_text("The error over w and b. Minimum at")
