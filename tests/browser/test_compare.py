"""The page that compares runs: in step, with what differs, the difference of pictures, seeds and a report."""

import re
from urllib.parse import quote

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

import hyperplane
from hyperplane.labs.plane.run import PlaneRun
from tests.browser.axe import violations
from tests.browser.conftest import Size, Visit
from tests.browser.playground import Playground, number

SLOW, FAST = "v=1&dataset=xor&hidden=3", "v=1&dataset=xor&hidden=3&learning_rate=0.3"


def compare(visit: Visit, *links: str, lab: str = "", more: str = "", size: Size = (1440, 900)) -> Page:
    """The page with a column for each link, all there."""
    playground = visit.open(size, touch=size[0] < 500)
    columns = "&".join(f"{letter}={quote(link, safe='')}" for letter, link in zip("ABCD", links, strict=False))
    page = playground.page
    page.goto(f"http://127.0.0.1:{visit.server.port}/compare{lab}#{columns}{more}")
    for letter, _ in zip("ABCD", links or ("", ""), strict=False):
        expect(page.get_by_test_id(f"epoch-{letter}")).to_contain_text(re.compile(r"\d"))
    return page


def epochs(page: Page, letters: str = "AB") -> list[int]:
    return [round(number(page.get_by_test_id(f"epoch-{letter}").inner_text())) for letter in letters]


def train_past(page: Page, epoch: int) -> int:
    """Play until all have passed an epoch, and pause; the epoch at which all of them stand then."""
    playground = Playground(page)
    playground.play()
    playground.wait_until(lambda: min(epochs(page)) > epoch, f"epoch {epoch} of all")
    playground.pause()
    expect(page.locator("#in-step")).to_have_text(re.compile(r"^All at epoch"))
    return round(number(page.locator("#in-step").inner_text()))


def loss_text(loss: float) -> str:
    """As static/drawing/format.js has it, for what occurs here."""
    if loss >= 0.001:
        return f"{loss:.4f}"
    digits, _, power = f"{loss:.2e}".partition("e")
    return f"{digits}e{int(power)}"


def test_columns_stand_at_the_same_epoch_with_the_losses_of_their_runs(visit: Visit) -> None:
    page = compare(visit, SLOW, FAST)
    epoch = train_past(page, 300)
    assert epochs(page) == [epoch, epoch]
    for letter, link in (("A", SLOW), ("B", FAST)):
        run = hyperplane.train(f"#{link}", epochs=epoch)
        for name, loss in run.losses.items():
            expect(page.get_by_test_id(f"loss-{name}-{letter}")).to_have_text(loss_text(loss))
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.locator("#in-step")).to_have_text(f"All at epoch {epoch + 1:,}")
    label = page.locator("#curves").get_attribute("aria-label") or ""
    assert f"B at epoch {epoch:,}" in label or f"B at epoch {epoch + 1:,}" in label
    assert violations(page) == []
    page.reload()
    expect(page.locator("#in-step")).to_have_text(f"All at epoch {epoch + 1:,}")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.locator("#in-step")).to_have_text("All at epoch 0")


def test_the_labs_page_leads_here_with_copies_of_its_run_and_keeps_it(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=spiral&hidden=6&method=adam")
    page = playground.page
    playground.play()
    playground.wait_to_pass_epoch(200)
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator("#in-step")).to_have_text(re.compile("^All at epoch"))
    first, second = epochs(page)
    assert first == second > 200
    losses = [page.get_by_test_id(f"loss-train-{letter}").inner_text() for letter in "AB"]
    assert losses[0] == losses[1]
    expect(page.locator("#difference-text")).to_contain_text("largest difference 0.000")
    page.go_back()
    playground.wait_for_epoch(first)
    assert page.get_by_test_id("loss-train").inner_text() == losses[0]


def test_a_difference_is_added_in_the_table_and_what_is_wrong_is_said(visit: Visit) -> None:
    page = compare(visit, SLOW, SLOW)
    expect(page.locator("#no-difference")).to_be_visible()
    page.get_by_label("Add a difference").select_option(label="Method")
    page.get_by_label("Method of B").select_option(label="Adam")
    expect(page.get_by_role("article", name="Column B")).to_contain_text("Method Adam")
    page.get_by_label("Add a difference").select_option(label="Hidden layers")
    shape = page.get_by_label("Hidden layers of B")
    shape.fill("3,x")
    shape.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("x")
    expect(shape).to_have_value("3")
    shape.fill("5,2")
    shape.press("Enter")
    expect(page.get_by_role("row", name="Shape 2-3-1 2-5-2-1")).to_be_visible()
    page.get_by_role("button", name="Add a copy of B").click()
    expect(page.get_by_label("Method of C")).to_have_value("adam")
    page.get_by_role("button", name="Remove A").click()
    expect(page.get_by_label("Method of A")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"#B=v%3D1[^&]*hidden%3D5%2C2[^&]*method%3Dadam&C="))
    with page.expect_navigation():
        page.get_by_role("link", name="Open C as a page").click()
    expect(page.get_by_label("Method", exact=True)).to_have_value("adam")


def field(link: str, epoch: int) -> NDArray[np.float64]:
    """As frames have it: whole steps of 1/127.5."""
    run = hyperplane.train(f"#{link}", epochs=epoch)
    assert isinstance(run, PlaneRun)
    steps: NDArray[np.float64] = np.round((np.clip(np.asarray(run.field(200), float), -1, 1) + 1) * 127.5)
    return steps / 127.5 - 1


def test_the_difference_of_two_pictures_is_numpys(visit: Visit) -> None:
    page = compare(visit, SLOW, FAST)
    epoch = train_past(page, 20)
    found = np.abs(field(SLOW, epoch) - field(FAST, epoch))
    playground = Playground(page)

    def says() -> bool:
        text = page.get_by_test_id("difference").inner_text()
        numbers = [float(part) for part in re.findall(r"\d\.\d+", text)]
        return len(numbers) == 2 and np.allclose(numbers, [found.max(), found.mean()], atol=0.009)

    playground.wait_until(says, "the numbers of NumPy")
    before = playground.picture("Difference of two pictures")
    page.get_by_label("Minus picture").select_option("A")
    expect(page.get_by_test_id("difference")).to_contain_text("A − A, the output: largest difference 0.000")
    assert playground.picture("Difference of two pictures") != before


def test_seeds_have_the_median_and_the_spread_of_runs_with_them_and_the_report_says_so(visit: Visit) -> None:
    page = compare(visit, SLOW, FAST, more="&seeds=4&epochs=60")
    expect(page.get_by_label("Epochs each")).to_have_value("60")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#seeds-text")).to_contain_text("From epoch 0 to 60")
    expect(page.locator("#band-key")).to_be_visible()
    for letter, link in (("A", SLOW), ("B", FAST)):
        losses = [hyperplane.train(f"#{link}&seed={seed}", epochs=60).losses["test"] for seed in range(1, 5)]
        low, first, median, third, high = map(loss_text, np.quantile(losses, [0, 0.25, 0.5, 0.75, 1]))
        row = f"{letter} Test loss {median} {first} to {third} {low} {high} 4 0"
        expect(page.get_by_role("row", name=row)).to_be_visible()
    shown = page.get_by_test_id("loss-test-B").inner_text()
    page.get_by_role("button", name="Report").click()
    report = page.get_by_label("Report as Markdown").input_value()
    assert f"| B | Test loss | {median} | {first} to {third} | {low} | {high} | 4 | 0 |" in report
    assert "| Learning rate | 0.03 | 0.3 |" in report
    assert re.search(rf"\| Test loss \| .* \| {re.escape(shown)} \|", report)
    assert f"- [B](http://127.0.0.1:{visit.server.port}/#{FAST})" in report
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.path().read_text() == report
    assert download.value.suggested_filename == "comparison.md"


def test_a_column_that_fails_says_why_and_the_others_go_on(visit: Visit) -> None:
    diverging = "v=1&dataset=reg-plane&hidden=3&activation=relu&learning_rate=1000"
    page = compare(visit, SLOW, diverging, "lab=descent&v=1")
    expect(page.get_by_role("article", name="Column C")).to_contain_text("the link is one of Descent")
    playground = Playground(page)
    playground.play()
    expect(page.get_by_role("article", name="Column B")).to_contain_text("Diverged after step")
    playground.wait_until(lambda: min(epochs(page, "AC")) > 50, "the others")
    playground.pause()
    page.context.set_offline(True)
    page.context.set_offline(False)
    expect(page.locator("#difference-text")).to_contain_text("A − B")


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desktop"])
def test_other_labs_are_compared_too(visit: Visit, size: Size) -> None:
    page = compare(visit, lab="?lab=descent", size=size)
    page.get_by_label("Add a difference").select_option(label="Learning rate")
    page.get_by_label("Learning rate of B").select_option("1")
    expect(page.get_by_role("article", name="Column B")).to_contain_text("Learning rate 1")
    Playground(page).play()
    expect(page.get_by_test_id("loss-racer_1-A")).to_contain_text("e-")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page) == []
    page = compare(visit, lab="?lab=digits", size=size)
    expect(page.get_by_role("article", name="Column B")).to_contain_text("Plain, test accuracy")
    expect(page.locator("#subtraction")).to_be_hidden()
