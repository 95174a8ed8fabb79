"""Single mini-batches and the losses before a divergence, as a visitor sees them."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.playground import Playground


def batch(playground: Playground) -> str:
    return playground.page.get_by_test_id("batch").inner_text()


def test_shift_steps_one_mini_batch_by_mouse_and_key(playground: Playground) -> None:
    playground.button("Step").click(modifiers=["Shift"])
    playground.wait_until(lambda: batch(playground) == "batch 1 of 25", "the first batch")
    loss = playground.page.get_by_test_id("loss-train").inner_text()
    playground.page.locator("body").press("Shift+S")
    playground.wait_until(lambda: batch(playground) == "batch 2 of 25", "the second batch")
    assert playground.page.get_by_test_id("loss-train").inner_text() != loss
    assert playground.epoch() == 0
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    playground.wait_until(lambda: batch(playground) == "", "the end of the epoch")
    expect(playground.button("Step")).to_have_accessible_description(re.compile("Shift"))


def test_a_divergence_inside_the_first_epoch_shows_its_steps(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=reg-plane&hidden=&learning_rate=0.35&seed=0.4")
    chart = playground.picture("Training and test loss by epoch")
    playground.button("Step").click()
    caption = playground.page.get_by_text("Loss by step, before it diverged", exact=True)
    expect(caption).to_be_visible()
    assert playground.picture("Loss by step, before it diverged") != chart
    expect(playground.page.get_by_text("the numbers became too large")).to_be_visible()
    expect(playground.page.get_by_test_id("loss-train")).to_have_text("> 10,000")
    playground.page.get_by_role("img", name="Loss by step, before it diverged").hover()
    expect(playground.page.get_by_text(re.compile(r"^step \d+ · train"))).to_be_visible()
    playground.page.locator("#reset-diverged").click()
    expect(playground.page.get_by_text("Loss by epoch", exact=True)).to_be_visible()
    playground.wait_until(lambda: playground.show("loss-train") < 10, "the loss of the first weights")
