"""The page paints only changes, some of them less often; at rest it shows the same as after a full redraw."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.playground import PICTURE, Playground

DEEP = "#dataset=spiral&networkShape=8,8,8&xTimesY=true"
CLASSES = "#v=1&dataset=spiral&classes=4&hidden=6,5"
SETTLED = 600  # ms: longer than any drawing is delayed


def pictures(page: Page) -> dict[str, int]:
    """A hash of the pixels of each canvas."""
    page.wait_for_timeout(SETTLED)
    names = page.locator("canvas").evaluate_all("all => all.map(canvas => canvas.id)")
    return {name: page.locator(f"canvas#{name}").evaluate(PICTURE) for name in names}


def redrawn(page: Page) -> dict[str, int]:
    """The same after a change of colours and back, which redraws everything."""
    before = page.locator("canvas#field").evaluate(PICTURE)
    page.emulate_media(color_scheme="dark")
    Playground(page).wait_until(lambda: page.locator("canvas#field").evaluate(PICTURE) != before, "other colours")
    page.emulate_media(color_scheme="light")
    return pictures(page)


def pause(playground: Playground) -> None:
    playground.control("Speed").select_option("full")
    playground.play()
    playground.wait_to_pass_epoch(200)
    playground.pause()


def step(playground: Playground) -> None:
    for epoch in range(1, 4):
        playground.button("Step").click()
        playground.wait_for_epoch(epoch)


def add_and_remove(playground: Playground) -> None:
    pause(playground)
    playground.button("Add neuron to layer 1").click()
    playground.button("Remove neuron from layer 2").click()


def switch_off(playground: Playground) -> None:
    pause(playground)
    playground.button("Layer 2 neuron 1").click()
    playground.page.keyboard.press("x")
    playground.button("Step").click()


@pytest.mark.parametrize("address", [DEEP, CLASSES], ids=["deep", "classes"])
@pytest.mark.parametrize("act", [pause, step, add_and_remove, switch_off])
def test_a_page_at_rest_shows_what_a_full_redraw_shows(
    visit: Visit, address: str, act: Callable[[Playground], None]
) -> None:
    playground = visit.open(fragment=address)
    act(playground)
    still = pictures(playground.page)
    assert {"field", "tiles", "links", "dots", "loss-chart"} <= set(still)
    assert redrawn(playground.page) == still


def test_training_that_ends_by_itself_leaves_its_last_picture(visit: Visit) -> None:
    """Then no command comes that would make the page draw everything at once."""
    playground = visit.open(fragment="#v=1&dataset=circle&stop_epochs=300")
    playground.play()
    playground.wait_for_epoch(300)
    still = pictures(playground.page)
    assert redrawn(playground.page) == still
