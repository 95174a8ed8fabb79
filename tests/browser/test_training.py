"""The page comes alive: playing, stepping, and changing the network while it learns."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.playground import Playground

CONTROLS = ["Learning rate", "Activation", "Regularization", "Regularization rate", "Batch size", "Noise"]
CONTROLS += ["Training data share", "Speed", "Show test data", "Discretize output"]
FEATURES = ["X1", "X2", "X1 squared", "X2 squared", "X1 times X2", "sin X1", "sin X2"]
BUTTONS = ["Play", "Step", "Reset", "Add hidden layer", "Remove hidden layer", "Regenerate data"]
BUTTONS += ["Add neuron to layer 1", "Remove neuron from layer 1", "Layer 1 neuron 1", "Layer 2 neuron 2"]


def test_the_page_shows_every_control_and_nothing_leaves_the_host(playground: Playground) -> None:
    for name in BUTTONS:
        expect(playground.button(name)).to_be_visible()
    for name in CONTROLS:
        expect(playground.page.get_by_label(name, exact=True)).to_have_count(1)
    for name in FEATURES:
        expect(playground.page.get_by_role("checkbox", name=name, exact=True)).to_be_attached()
    for name in ["Dataset", "Problem type"]:
        expect(playground.page.get_by_role("radiogroup", name=name)).to_be_attached()
    assert playground.epoch() == 0
    assert 0 < playground.show("loss-train") < 10
    assert 0 < playground.show("loss-test") < 10


def test_playing_counts_epochs_and_changes_the_picture(playground: Playground) -> None:
    before = playground.picture()
    playground.play()
    playground.wait_to_pass_epoch(10)
    playground.wait_for_other_picture(before)
    assert playground.show("steps-per-second") > 0
    playground.pause()


def test_pause_holds_the_epoch(playground: Playground) -> None:
    playground.play()
    playground.wait_to_pass_epoch(5)
    playground.pause()
    playground.page.wait_for_timeout(300)  # frames under way
    held = playground.epoch()
    playground.page.wait_for_timeout(500)
    assert playground.epoch() == held


def test_a_step_is_one_epoch_and_reset_goes_back(playground: Playground) -> None:
    first = playground.picture()
    loss = playground.show("loss-train")
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    playground.button("Step").click()
    playground.wait_for_epoch(2)
    playground.wait_for_other_picture(first)
    playground.button("Reset").click()
    playground.wait_for_epoch(0)
    assert playground.show("loss-train") == loss
    assert playground.picture() == first


def test_two_hidden_layers_solve_xor(playground: Playground) -> None:
    playground.choose("Dataset", "XOR")
    playground.wait_for_epoch(0)
    playground.play()
    playground.wait_for_loss_below(0.05)


def test_layers_and_neurons_are_added_and_removed_while_it_plays(playground: Playground) -> None:
    playground.play()
    playground.wait_to_pass_epoch(50)
    before = playground.epoch()
    playground.button("Add neuron to layer 1").click()
    expect(playground.neurons(1)).to_have_count(5)
    playground.button("Add hidden layer").click()
    expect(playground.neurons(3).first).to_be_visible()
    assert playground.epoch() >= before
    playground.wait_to_pass_epoch(before + 50)
    playground.button("Remove neuron from layer 1").click()
    expect(playground.neurons(1)).to_have_count(4)
    playground.button("Remove hidden layer").click()
    expect(playground.neurons(3)).to_have_count(0)
    assert playground.epoch() >= before + 50
    playground.wait_to_pass_epoch(before + 100)


@pytest.mark.parametrize(
    ("name", "value"),
    [("Learning rate", "0.1"), ("Activation", "ReLU"), ("Regularization", "L2"), ("Batch size", "20")],
)
def test_a_setting_of_the_training_applies_without_a_reset(playground: Playground, name: str, value: str) -> None:
    playground.play()
    playground.wait_to_pass_epoch(50)
    before = playground.epoch()
    set_control(playground, name, value)
    playground.wait_to_pass_epoch(before + 50)
    expect(playground.button("Pause")).to_be_visible()


def test_another_method_keeps_the_weights(playground: Playground) -> None:
    for epoch in (1, 2):
        playground.button("Step").click()
        playground.wait_for_epoch(epoch)
    picture = playground.picture()
    set_control(playground, "Method", "Adam")
    playground.button("More").click()
    set_control(playground, "Rate over time", "One cycle")
    expect(playground.button("More (1)")).to_be_visible()
    expect(playground.control("Schedule epochs")).to_be_enabled()
    assert (playground.epoch(), playground.picture()) == (2, picture)
    playground.button("Step").click()
    playground.wait_for_epoch(3)
    playground.wait_for_address("method=adam", "one-cycle")


def test_a_click_on_a_link_leads_to_its_weight(playground: Playground) -> None:
    source = playground.page.get_by_role("button", name="Layer 2 neuron 1", exact=True).bounding_box()
    target = playground.button("Output neuron").bounding_box()
    assert source
    assert target
    middle = (source["x"] + source["width"] + target["x"]) / 2
    height = (source["y"] + source["height"] / 2 + target["y"] + target["height"] / 2) / 2
    playground.page.mouse.click(middle, height)
    weight = playground.page.get_by_label("Weight from neuron 1")
    expect(weight).to_be_focused()
    playground.page.keyboard.type("2.5")
    playground.page.keyboard.press("Enter")
    before = playground.picture()
    playground.page.keyboard.type("-2.5")
    playground.page.keyboard.press("Enter")
    playground.wait_for_other_picture(before)


def test_settings_that_a_link_changes_are_counted_while_they_are_out_of_sight(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&order=shuffle")
    expect(playground.control("Order of points")).to_be_hidden()
    playground.button("More (1)").click()
    expect(playground.control("Order of points")).to_have_value("shuffle")


def test_the_scores_are_live_and_add_up(playground: Playground) -> None:
    playground.choose("Dataset", "Gaussian")
    playground.button("Scores").click()
    panel = playground.page.get_by_role("group", name="Scores")
    expect(panel).to_be_visible()
    playground.page.keyboard.press("Space")  # a click beside the panel would close it
    expect(playground.page.get_by_test_id("score-train")).to_have_text("accuracy 100 %")
    playground.page.keyboard.press("Space")
    expect(playground.button("Play")).to_be_visible()
    counts = [playground.page.locator(f"#{name}-train").inner_text() for name in ("tp", "fn", "fp", "tn")]
    assert sum(map(int, counts)) == 250
    assert counts[1:3] == ["0", "0"]
    playground.choose("Problem type", "Regression")
    expect(playground.page.get_by_test_id("score-test")).to_contain_text("R²")
    playground.button("Scores").click()
    expect(panel.get_by_text("RMSE", exact=True)).to_be_visible()
    expect(panel.get_by_text("Accuracy")).to_be_hidden()
    playground.page.locator("body").press("Escape")
    expect(panel).to_be_hidden()


def test_gradients_are_shown_below_each_layer(playground: Playground) -> None:
    page = playground.page
    figures = page.get_by_role("group", name="Gradients by layer")
    bars = page.get_by_role("list", name=re.compile("Size of each layer’s gradient")).get_by_role("button")
    expect(figures).to_be_hidden()
    page.get_by_label("Gradients", exact=True).check()
    expect(bars).to_have_count(3)
    expect(bars.first).to_have_accessible_name(re.compile(r"^Layer 1: gradient .* of its values are saturated\.$"))
    expect(figures).to_contain_text("Every layer gets a gradient of similar size")
    set_control(playground, "Activation", "ReLU")
    playground.button("Add hidden layer").click()
    expect(bars).to_have_count(4)
    expect(bars.first).to_have_accessible_name(re.compile(r"% of its neurons are dead\.$"))
    playground.wait_for_address("gradients=true")


def test_other_data_start_over(playground: Playground) -> None:
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    before = playground.picture()
    playground.choose("Dataset", "Spiral")
    playground.wait_for_epoch(0)
    playground.wait_for_other_picture(before)
    before = playground.picture()
    playground.button("Regenerate data").click()
    playground.wait_for_other_picture(before)
    playground.choose("Problem type", "Regression")
    playground.wait_for_epoch(0)


def test_an_input_joins_and_leaves_without_a_reset(playground: Playground) -> None:
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    joining = playground.page.get_by_role("checkbox", name="X1 squared", exact=True)
    joining.check(force=True)
    expect(joining).to_be_checked()
    playground.button("Step").click()
    playground.wait_for_epoch(2)
    before = playground.picture()
    playground.page.get_by_role("checkbox", name="X1", exact=True).uncheck(force=True)
    playground.wait_for_other_picture(before)
    assert playground.epoch() == 2


def test_the_address_is_the_experiment(playground: Playground) -> None:
    playground.choose("Dataset", "XOR")
    playground.button("Add neuron to layer 2").click()
    expect(playground.neurons(2)).to_have_count(3)
    playground.wait_for_address("hidden=4,3")
    fragment = playground.page.evaluate("location.hash")
    playground.page.evaluate("sessionStorage.clear()")
    playground.page.goto("about:blank")
    playground.page.go_back()
    assert playground.page.evaluate("location.hash") == fragment
    expect(playground.neurons(2)).to_have_count(3)
    expect(playground.page.get_by_role("radio", name="XOR", exact=True)).to_be_checked()


def test_diverging_training_is_caught_and_said(playground: Playground) -> None:
    set_control(playground, "Activation", "Linear")
    set_control(playground, "Learning rate", "10")
    playground.play()
    expect(playground.page.get_by_text("diverge").first).to_be_visible()
    assert playground.show("loss-train") >= 0  # a number, not NaN
    playground.button("Clip gradients and go on").click()
    expect(playground.button("Pause")).to_be_visible()
    expect(playground.button("More (1)")).to_be_visible()


def set_control(playground: Playground, name: str, value: str) -> None:
    """Choose or type a value, as the control allows."""
    control = playground.control(name)
    kind = control.evaluate("element => element.tagName")
    if kind == "SELECT":
        control.select_option(label=value)
    else:
        control.fill(value)
        control.press("Enter")
