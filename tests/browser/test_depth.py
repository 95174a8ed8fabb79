"""More classes and deeper networks, with their settings, as a visitor uses them."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.labs.plane.lessons import CHAPTERS
from tests.browser.conftest import Visit
from tests.browser.playground import Playground

LESSONS = {lesson.title: lesson.link for chapter in CHAPTERS for lesson in chapter.lessons}
VANISHING = LESSONS["The gradient vanishes"]
SIZES = ((1440, 900), (1920, 1080), (1024, 768), (390, 844))


def setting(page: Page, name: str) -> str:
    """A setting's value in the address bar."""
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
    expect(page.get_by_text("Batch norm works best with shuffled batches")).to_be_visible()
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
    playground.wait_until(lambda: setting(page, "lesions") == "2-1", "the lesion in the address")
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
    [
        ("Stop at loss", "0.1", "the test loss has fallen to"),
        ("Stop at epoch", "100", "“Stop at epoch” is set to that"),
    ],
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


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("link", [VANISHING, "#v=1&gradients=true&hidden=" + ",".join(["8"] * 32)], ids=["20", "32"])
def test_all_layers_of_a_deep_network_are_in_view(visit: Visit, link: str, size: tuple[int, int]) -> None:
    playground = visit.open(size, touch=size[0] < 500, fragment=link)
    page = playground.page
    panel = page.locator("#network")
    if size[0] < 500:  # a phone's page is scrolled downwards
        panel.evaluate("panel => scrollTo(0, scrollY + panel.getBoundingClientRect().top - 160)")
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    deepest = link.count("8,") + 1
    expect(playground.neurons(deepest)).to_have_count(8)
    assert panel.evaluate(
        """panel => [...panel.querySelectorAll(".unit")].every(unit => {
          const {left, right, top, bottom} = unit.getBoundingClientRect();
          return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        })"""
    )
    expect(playground.button("Output neuron")).to_be_in_viewport(ratio=1)
    expect(page.locator("#gradient-bars li")).to_have_count(deepest + 1)
    bars = page.locator("#gradient-bars")
    apart = bars.evaluate(
        """(bars, places) => [...bars.children].map((bar, i) => {
          const {left, width} = bar.getBoundingClientRect();
          const unit = document.querySelector(`.unit[data-layer="${i + 1}"]`).getBoundingClientRect();
          return Math.abs(left + width / 2 - unit.left - unit.width / 2);
        })"""
    )
    assert max(apart) <= 1  # each below its layer


@pytest.mark.parametrize(
    ("lesson", "sentence"),
    [
        ("The gradient vanishes", r"The first layer gets \de-1\d of the last layer’s gradient: it cannot learn\."),
        ("ReLU and He’s first weights", r"Every layer gets a gradient of similar size"),
        ("Xavier’s first weights", r"Every layer gets a gradient of similar size"),
        ("Batch norm", r"Every layer gets a gradient of similar size"),
        ("Residual links", r"yet it learns: the next step moves its weights by \de-4 of their size\."),
    ],
)
def test_a_sentence_says_what_the_gradients_of_a_lesson_mean(visit: Visit, lesson: str, sentence: str) -> None:
    playground = visit.open(fragment=LESSONS[lesson])
    expect(playground.page.locator("#gradient-sentence")).to_have_text(re.compile(sentence))


def test_the_gradient_of_each_layer_is_read_by_keyboard_pointer_and_touch(visit: Visit) -> None:
    playground = visit.open(fragment=VANISHING, touch=True)
    page = playground.page
    tip = page.locator("#gradient-tip")
    first = page.get_by_role(
        "button", name=re.compile(r"^Layer 1: gradient \d\.\de-1\d, .* of the output’s\. The next step")
    )
    expect(first).to_have_count(1)
    first.focus()
    expect(tip).to_have_text(re.compile(r"^Layer 1: .* saturated\.$"))
    page.keyboard.press("ArrowRight")
    expect(tip).to_have_text(re.compile("^Layer 2: "))
    page.keyboard.press("End")
    expect(tip).to_have_text(re.compile("^The output: "))
    page.keyboard.press("Home")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    plot, bar = page.locator("#gradient-plot"), page.locator("#gradient-bars li").nth(6)
    top, middle = plot.bounding_box(), bar.bounding_box()
    assert top
    assert middle
    page.mouse.move(middle["x"] + middle["width"] / 2, top["y"] + 5)  # above a short bar
    expect(tip).to_have_text(re.compile("^Layer 7: "))
    page.mouse.move(5, 5)
    expect(tip).to_have_text(re.compile("^Layer 1: "))  # where the keyboard is
    page.touchscreen.tap(middle["x"] + middle["width"] + 2, top["y"] + 30)
    expect(tip).to_have_text(re.compile("^Layer 7: "))
    page.touchscreen.tap(5, 5)
    expect(tip).to_be_hidden()


def test_buttons_of_close_layers_are_reached_by_name_keyboard_and_pointer(visit: Visit) -> None:
    playground = visit.open(fragment=VANISHING)
    page = playground.page
    playground.button("Add neuron to layer 12").click()
    expect(playground.neurons(12)).to_have_count(9)
    playground.button("Remove neuron from layer 3").click()
    expect(playground.neurons(3)).to_have_count(7)
    playground.button("Remove layer 20").click()
    expect(page.get_by_role("spinbutton", name="Number of hidden layers")).to_have_value("19")
    playground.button("Insert hidden layer before layer 1").click()
    expect(page.get_by_role("spinbutton", name="Number of hidden layers")).to_have_value("20")
    add = playground.button("Add neuron to layer 5")
    expect(add).to_have_css("opacity", "0")
    playground.button("Layer 5 neuron 2").hover()
    expect(add).to_have_css("opacity", "1")
    playground.button("Settings of layer 9").focus()
    expect(add).to_have_css("opacity", "0")
    page.keyboard.press("Tab")
    expect(playground.button("Insert hidden layer before layer 9")).to_be_focused()
    expect(playground.button("Add neuron to layer 9")).to_have_css("opacity", "1")
    playground.button("Settings of layer 9").click()
    expect(page.get_by_label("Layer is off", exact=True)).to_be_visible()


def test_a_fingers_first_tap_opens_a_layer_and_changes_nothing(visit: Visit) -> None:
    playground = visit.open((390, 844), touch=True, fragment=VANISHING)
    page = playground.page
    add = playground.button("Add neuron to layer 10")
    add.scroll_into_view_if_needed()
    expect(add).to_have_css("opacity", "0")
    name = playground.button("Settings of layer 10").bounding_box()
    assert name
    page.touchscreen.tap(name["x"] + name["width"] / 2, name["y"] + name["height"] / 2)
    expect(add).to_have_css("opacity", "1")
    expect(page.locator("#layer-settings")).to_be_hidden()
    expect(playground.neurons(10)).to_have_count(8)
    add.tap()
    expect(playground.neurons(10)).to_have_count(9)
    small = playground.button("Layer 15 neuron 4").bounding_box()
    assert small
    assert small["width"] < 12
    page.touchscreen.tap(small["x"] + small["width"] / 2 + 4, small["y"] + small["height"] + 4)  # beside it
    expect(page.get_by_role("heading", name="Layer 15, neuron 4")).to_be_visible()


def test_a_network_too_large_for_its_panel_is_panned_and_keeps_its_output_in_view(visit: Visit) -> None:
    playground = visit.open((1024, 768), fragment="#v=1&gradients=true&hidden=" + ",".join(["256", "1"] * 16))
    page = playground.page
    panel, output, inputs = page.locator("#network"), playground.button("Output neuron"), page.locator("#inputs-title")
    box = panel.bounding_box()
    assert box
    expect(panel).to_have_class(re.compile("behind"))
    expect(output).to_be_in_viewport(ratio=1)
    place = output.bounding_box()
    expect(page.get_by_role("heading", name="Inputs")).to_be_in_viewport(ratio=1)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)  # below all tiles
    page.mouse.move(*middle)
    page.mouse.wheel(0, 300)
    playground.wait_until(lambda: panel.evaluate("panel => panel.scrollLeft") >= 299, "the wheel to pan")
    expect(panel).to_have_class(re.compile("before"))
    assert output.bounding_box() == place
    assert inputs.evaluate("title => title.getBoundingClientRect().right") < box["x"]  # gone with what it names
    page.mouse.down()
    page.mouse.move(middle[0] - 100, middle[1], steps=5)
    page.mouse.up()
    playground.wait_until(lambda: panel.evaluate("panel => panel.scrollLeft") >= 395, "the drag to pan")
    output.click()
    expect(page.get_by_role("heading", name="Output neuron")).to_be_visible()
    last = playground.button("Layer 32 neuron 1")
    last.focus()
    expect(last).to_be_in_viewport(ratio=1)


def test_wide_layers_are_folded_and_their_links_gathered(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=64,64&activation=relu")
    panel = playground.page.locator("#network")
    assert panel.evaluate("panel => panel.scrollHeight <= panel.clientHeight + 1")
    playground.play()
    playground.wait_to_pass_epoch(20)
    playground.button("Layer 2 neuron 64").click()
    expect(playground.page.get_by_label("Weight from neuron 64", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("hidden", ["100", "256", "64,64"])
def test_wide_layers_fit_their_panel(visit: Visit, hidden: str, size: tuple[int, int]) -> None:
    playground = visit.open(size, fragment=f"#v=1&dataset=spiral&classes=3&activation=relu&hidden={hidden}")
    panel = playground.page.locator("#network")
    assert panel.evaluate(
        """panel => [...panel.querySelectorAll(".unit")].every(unit => {
          const [a, b] = [unit.getBoundingClientRect(), panel.getBoundingClientRect()];
          return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
        })"""
    )
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    last = playground.button(f"Layer 1 neuron {hidden.split(',', maxsplit=1)[0]}")
    last.focus()
    playground.page.keyboard.press("ArrowUp")
    expect(last).not_to_be_focused()
    playground.page.keyboard.press("ArrowDown")
    expect(last).to_be_focused()
