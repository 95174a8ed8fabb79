"""More classes, deeper networks, and what they need: as a visitor uses them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.playground import Playground


def setting(page: Page, name: str) -> str:
    """What the address bar says of a setting."""
    return next((part.split("=")[1] for part in page.url.split("#")[1].split("&") if part.startswith(f"{name}=")), "")


def test_more_classes_have_an_output_each_a_legend_and_a_confusion(playground: Playground) -> None:
    page = playground.page
    expect(playground.control("Classes")).to_be_disabled()  # the circle has two
    playground.choose("Dataset", "Spiral")
    two = playground.picture()
    playground.control("Classes").select_option("4")
    for k in range(1, 5):
        expect(playground.button(f"Output neuron, class {k}")).to_be_visible()
    expect(page.get_by_role("list", name="Classes by colour").get_by_role("listitem")).to_have_text(
        ["1", "2", "3", "4"]
    )
    expect(playground.control("Loss")).to_be_disabled()
    expect(page.get_by_text("Categorical cross-entropy")).to_be_visible()
    expect(page.locator("math:visible")).to_have_count(1)
    playground.wait_for_other_picture(two)
    playground.play()
    playground.wait_for_loss_below(0.9)
    playground.pause()
    playground.button("Scores").click()
    counts = page.locator("#confusion-test td[data-figure^=count]")
    expect(counts).to_have_count(16)
    assert sum(map(int, counts.all_inner_texts())) == 250
    playground.button("Close scores").click()
    expect(counts.first).to_be_hidden()
    playground.control("Classes").select_option("2")
    expect(playground.button("Output neuron")).to_be_visible()
    expect(page.get_by_role("list", name="Classes by colour")).to_be_hidden()


def test_an_output_of_several_can_be_looked_at_and_edited(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=rings&classes=3&hidden=3")
    whole = playground.picture()
    playground.button("Output neuron, class 2").click()
    playground.wait_for_other_picture(whole)
    bias = playground.control("Bias")
    bias.fill("30")
    bias.press("Enter")
    playground.page.keyboard.press("Escape")
    playground.page.mouse.move(5, 5)
    playground.wait_until(lambda: playground.show("loss-train") > 5, "the loss of a network that always says class 2")


def test_depth_is_switched_on_while_it_learns(playground: Playground) -> None:
    page = playground.page
    playground.button("More").click()
    playground.play()
    for label, option, said in [
        ("Skip links", "residual", "connections"),
        ("Batch norm", "true", "batch_norm"),
        ("Dropout", "0.2", "dropout"),
        ("Skip links", "dense", "connections"),
    ]:
        epoch = playground.epoch()
        if option == "true":
            page.get_by_label(label, exact=True).check()
        else:
            playground.control(label).select_option(option)
        expect(page).to_have_url(re.compile(f"{said}={option}"))
        playground.wait_to_pass_epoch(epoch)
        expect(playground.button("Pause")).to_be_visible()
    expect(page.get_by_text("Batch norm learns best from shuffled batches")).to_be_visible()
    playground.pause()
    playground.button("Layer 2 neuron 1").click()
    expect(page.get_by_label("Weight from layer 1, neuron 4", exact=True)).to_be_visible()
    expect(page.get_by_label("Scale of batch norm", exact=True)).to_be_visible()


def test_a_neuron_is_switched_off_and_restored(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&stop_epochs=300")
    page = playground.page
    playground.play()
    playground.wait_for_epoch(300)
    learned = playground.show("loss-train")
    playground.button("Layer 2 neuron 1").click()
    page.get_by_label("Switched off", exact=True).check()
    playground.wait_until(lambda: playground.show("loss-train") > 2 * learned, "the loss without the neuron")
    assert setting(page, "lesions") == "2-1"
    page.keyboard.press("x")
    playground.wait_until(lambda: playground.show("loss-train") == learned, "the loss of before")
    expect(page.get_by_label("Switched off", exact=True)).not_to_be_checked()


def test_a_layer_has_an_activation_of_its_own_and_can_be_off(playground: Playground) -> None:
    page = playground.page
    playground.button("Settings of layer 2").click()
    page.get_by_label("Activation of this layer", exact=True).select_option("relu")
    playground.wait_until(lambda: setting(page, "activations") == "same,relu", "the activation in the address")
    page.get_by_label("Layer is off", exact=True).check()
    playground.wait_until(lambda: setting(page, "lesions") == "2-0", "the lesion in the address")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Layer is off", exact=True)).to_be_hidden()
    playground.button("Layer 2 neuron 1").click()
    expect(page.get_by_label("Switched off", exact=True)).to_be_disabled()


@pytest.mark.parametrize(
    ("label", "value", "words"),
    [("Stop at loss", "0.1", "the test loss has fallen to"), ("Stop at epoch", "100", "at which you told it to stop")],
)
def test_training_stops_where_it_was_told_to(playground: Playground, label: str, value: str, words: str) -> None:
    playground.button("More").click()
    playground.control(label).select_option(value)
    playground.play()
    expect(playground.page.locator("#notice").get_by_text(words)).to_be_visible()
    expect(playground.button("Play")).to_be_visible()
    stopped = playground.epoch()
    playground.play()
    playground.wait_to_pass_epoch(stopped)
    playground.pause()
    expect(playground.page.locator("#notice").get_by_text(words)).to_be_hidden()


def test_after_a_stop_without_gain_the_best_epoch_comes_back(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=xor&hidden=&learning_rate=0.1&stop_plateau=50")
    playground.play()
    notice = playground.page.locator("#notice").get_by_text("has not improved on")
    expect(notice).to_be_visible()
    stopped = int(notice.inner_text().split("epoch ")[1].split(":")[0])  # the figures come a moment later
    back = playground.page.get_by_role("button", name=re.compile(r"^Go back to epoch \d+$"))
    best = int(back.inner_text().split()[-1])
    assert best <= stopped - 50
    back.click()
    playground.wait_for_epoch(best)
    expect(back).to_be_hidden()


def test_a_network_of_thirty_two_layers_is_scrolled_not_cut(visit: Visit) -> None:
    playground = visit.open(
        fragment="#v=1&hidden=" + ",".join(["4"] * 32) + "&connections=residual&initialization=xavier-normal"
    )
    last = playground.button("Layer 32 neuron 4")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    last.click()
    expect(playground.page.get_by_role("heading", name="Layer 32, neuron 4")).to_be_visible()
    expect(playground.button("Add hidden layer")).to_be_disabled()


def test_wide_layers_are_folded_and_their_links_gathered(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=64,64&activation=relu")
    panel = playground.page.locator("#network")
    assert panel.evaluate("panel => panel.scrollHeight <= panel.clientHeight + 1")
    playground.play()
    playground.wait_to_pass_epoch(20)
    playground.button("Layer 2 neuron 64").click()
    expect(playground.page.get_by_label("Weight from neuron 64", exact=True)).to_be_visible()
