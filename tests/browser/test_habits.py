"""The page follows habits: the clipboard, Space, Escape, typed numbers, held buttons, refusals that restore values."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import Visit
from tests.browser.playground import Playground
from tests.browser.test_depth import setting
from tests.proxy import Proxy
from tests.servers import Server

PHONE = (390, 844)
XOR = "#v=1&dataset=xor"


def play_is(playground: Playground, playing: bool) -> None:
    expect(playground.button("Pause" if playing else "Play")).to_be_visible()


def wait_for_setting(playground: Playground, name: str, value: str) -> None:
    playground.wait_until(lambda: setting(playground.page, name) == value, f"{name}={value} in the address")


def typed(field: Locator, text: str, key: str = "Enter") -> None:
    """Replace a field's text as a visitor does."""
    field.click()
    field.press("ControlOrMeta+a")
    field.press_sequentially(text)
    field.press(key)


def error(page: Page) -> Locator:
    return page.locator("#field-error")


# -- the clipboard ----------------------------------------------------------------------------------------------------


def test_only_the_button_copies(visit: Visit) -> None:
    playground = visit.open()
    page = playground.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('my notes')")
    playground.button("Share").click()
    link = page.get_by_label("Link of this experiment")
    expect(link).to_have_value(re.compile("#v=1"))
    page.get_by_label("Include weights").check()
    expect(link).to_have_value(re.compile("weights="))
    assert page.evaluate("navigator.clipboard.readText()") == "my notes"
    expect(playground.button("Copy")).to_be_visible()
    playground.button("Copy").click()
    expect(playground.button("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link.input_value()
    page.get_by_label("Include weights").uncheck()
    expect(link).not_to_have_value(re.compile("weights="))
    expect(playground.button("Copy")).to_be_visible()  # what was copied is another link
    assert "weights=" in page.evaluate("navigator.clipboard.readText()")


def test_copy_copies_the_link_that_is_on_its_way(visit: Visit) -> None:
    """It must not copy the link from before the box was ticked, however slow the line."""
    playground = visit.open(wait=False)
    page = playground.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    late: list[Callable[[], None]] = []

    def relay(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def answer(text: str | bytes) -> None:
            if "weights=" in str(text):
                late.append(lambda: socket.send(text))
            else:
                socket.send(text)

        server.on_message(answer)

    page.route_web_socket("**/live?*", relay)
    page.reload()
    playground.wait_for_first_frame()
    playground.button("Share").click()
    expect(page.get_by_label("Link of this experiment")).to_have_value(re.compile("#v=1"))
    page.get_by_label("Include weights").check()
    playground.button("Copy").click()
    expect(playground.button("Copied")).to_be_visible()
    playground.wait_until(lambda: bool(late), "the link with weights")
    late[0]()
    playground.wait_until(
        lambda: "weights=" in page.evaluate("navigator.clipboard.readText()"), "the link with weights in the clipboard"
    )
    expect(playground.button("Copied")).to_be_visible()


# -- Space and letters ------------------------------------------------------------------------------------------------


def test_space_plays_whatever_was_clicked_last(playground: Playground) -> None:
    page = playground.page
    noise = page.get_by_label("Noise", exact=True)
    clicks: list[tuple[str, Callable[[], None]]] = [
        ("a +", lambda: playground.button("Add neuron to layer 1").click()),
        ("Step", lambda: playground.button("Step").click()),
        ("a data set", lambda: page.locator(".card", has_text="XOR").click()),
        ("a box", lambda: page.get_by_label("Show test data").click()),
        ("an input", lambda: page.locator("[data-feature=sinX]").click()),
        ("a list", lambda: playground.control("Batch size").click()),
        ("a slider", lambda: noise.click(position={"x": 40, "y": 6})),
        ("a neuron", lambda: playground.button("Layer 1 neuron 2").click()),
        ("a button that opens something", lambda: playground.button("Scores").click()),
    ]
    for name, click in clicks:
        click()
        if name == "a list":
            page.keyboard.press("Escape")  # the list of the system
        page.keyboard.press("Space")
        expect(playground.button("Pause"), name).to_be_visible()
        page.keyboard.press("Space")
        expect(playground.button("Play"), name).to_be_visible()
    expect(playground.neurons(1)).to_have_count(5)
    expect(playground.control("Batch size")).to_have_value("10")
    expect(page.get_by_role("checkbox", name="sin X1")).to_be_checked()


def test_space_stays_with_a_control_that_the_keyboard_has_reached(playground: Playground) -> None:
    page = playground.page
    page.get_by_label("Show test data").click()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Discretize output")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_label("Discretize output")).to_be_checked()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Show test data")).not_to_be_checked()
    play_is(playground, False)


def test_space_after_a_dialog_that_a_click_has_opened_does_not_open_it_again(playground: Playground) -> None:
    playground.button("Share").click()
    expect(playground.page.get_by_role("dialog")).to_be_visible()
    playground.page.keyboard.press("Escape")
    expect(playground.page.get_by_role("dialog")).to_be_hidden()
    playground.page.keyboard.press("Space")
    play_is(playground, True)
    expect(playground.page.get_by_role("dialog")).to_be_hidden()


def test_letters_work_after_a_click_on_a_list(playground: Playground) -> None:
    activation = playground.control("Activation")
    activation.click()
    playground.page.keyboard.press("Escape")
    playground.page.keyboard.press("s")
    playground.wait_for_epoch(1)
    expect(activation).to_have_value("tanh")
    playground.page.keyboard.press("r")
    playground.wait_for_epoch(0)


def test_letters_find_an_option_in_a_list_that_the_keyboard_has_reached(playground: Playground) -> None:
    playground.page.keyboard.press("Tab")
    activation = playground.control("Activation")
    activation.focus()
    activation.press("s")  # Sigmoid, Swish or Sine; not a step
    expect(activation).to_have_value(re.compile("^s"))
    assert playground.epoch() == 0


# -- Escape -----------------------------------------------------------------------------------------------------------


def test_escape_takes_back_one_thing_at_a_time_from_the_inside_out(visit: Visit) -> None:
    playground = visit.open(fragment=XOR)
    page = playground.page
    playground.button("More").click()
    playground.button("Layer 1 neuron 1").click()
    bias = playground.control("Bias")
    old = bias.input_value()
    bias.click()
    bias.press_sequentially("7")
    pinned = page.get_by_text("Pinned. Escape")
    more = playground.control("Weight decay")
    page.keyboard.press("Escape")
    expect(bias).to_have_value(old)
    expect(pinned).to_be_visible()
    playground.button("Scores").click()
    scores = page.get_by_role("group", name="Scores")
    expect(scores).to_be_visible()
    page.keyboard.press("Escape")
    expect(scores).to_be_hidden()
    expect(more).to_be_visible()
    page.keyboard.press("Escape")
    expect(more).to_be_hidden()
    expect(pinned).to_be_visible()
    page.keyboard.press("Escape")
    expect(pinned).to_be_hidden()


def test_escape_dismisses_a_notice_before_it_lets_go_of_a_neuron(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&noise=500")  # repaired, which is said
    notice = playground.page.locator("#notice")
    expect(notice).to_be_visible()
    playground.button("Layer 1 neuron 1").click()
    playground.page.keyboard.press("Escape")
    expect(notice).to_be_hidden()
    expect(playground.page.get_by_text("Pinned. Escape")).to_be_visible()
    playground.page.keyboard.press("Escape")
    expect(playground.page.get_by_text("Pinned. Escape")).to_be_hidden()


@pytest.mark.parametrize("opener", ["Lessons", "Share", "Help and keys"])
def test_a_click_beside_a_dialog_closes_it(playground: Playground, opener: str) -> None:
    playground.button(opener).click()
    dialog = playground.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    box = dialog.bounding_box()
    assert box
    playground.page.mouse.click(box["x"] + 12, box["y"] + box["height"] - 4)
    expect(dialog).to_be_visible()  # its own margin is no beside
    playground.page.mouse.click(6, 450)
    expect(dialog).to_be_hidden()


def test_a_dialog_closes_by_a_click_beside_it_in_browsers_that_do_not_do_it_themselves(visit: Visit) -> None:
    playground = visit.open(wait=False)
    playground.page.add_init_script("delete HTMLDialogElement.prototype.closedBy")
    playground.page.reload()
    playground.wait_for_first_frame()
    playground.button("Share").click()
    dialog = playground.page.get_by_role("dialog")
    dialog.evaluate("dialog => dialog.removeAttribute('closedby')")
    link = playground.page.get_by_label("Open link").bounding_box()
    assert link
    mouse = playground.page.mouse
    mouse.move(link["x"] + 20, link["y"] + 10)
    mouse.down()
    mouse.move(6, 450)
    mouse.up()  # text was selected, and the pointer let go outside
    expect(dialog).to_be_visible()
    mouse.click(6, 450)
    expect(dialog).to_be_hidden()


def test_popovers_close_by_a_click_beside_them_and_never_stack(playground: Playground) -> None:
    page = playground.page
    scores, menu = page.get_by_role("group", name="Scores"), page.locator("#layer-settings")
    playground.button("Scores").click()
    expect(scores).to_be_visible()
    playground.button("Settings of layer 1").click()
    expect(menu).to_be_visible()
    expect(scores).to_be_hidden()
    playground.button("Settings of layer 2").click()  # one click leads from layer to layer
    expect(menu.get_by_role("heading")).to_have_text("Layer 2")
    playground.button("Settings of layer 2").click()
    expect(menu).to_be_hidden()
    playground.button("Scores").click()
    page.get_by_role("heading", name="Data").click()
    expect(scores).to_be_hidden()


# -- typed weights ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"), [("0,5", 0.5), ("−2.5", -2.5), (" 3 ", 3.0), ("1e-3", 0.001), ("-1,5E0", -1.5), ("+.25", 0.25)]
)
def test_a_weight_takes_numbers_as_people_write_them(visit: Visit, text: str, value: float) -> None:
    playground = visit.open(fragment=XOR)
    bias = playground.page.get_by_role("spinbutton", name="Bias", exact=True)
    before = playground.picture()
    typed(bias, text)
    playground.wait_for_other_picture(before)
    assert float(bias.input_value()) == pytest.approx(value)
    assert float(bias.get_attribute("aria-valuenow") or "nan") == pytest.approx(value)
    bias.press("ControlOrMeta+c")  # Enter has left it selected, for the next try
    assert bias.evaluate("field => field.selectionEnd - field.selectionStart === field.value.length")


def test_the_comma_gives_the_loss_of_the_point(visit: Visit) -> None:
    """The expected loss is that of a bias of 0.5; that of 5 is 1.0799."""
    playground = visit.open(fragment=XOR)
    typed(playground.control("Bias"), "0,5")
    playground.wait_until(lambda: playground.show("loss-train") == 0.6569, "the loss of a bias of 0.5")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc", "“abc” is not a number"),
        ("", "is not a number"),
        ("1e400", "“1e400” is not a number"),
        ("1.234,5", "“1.234,5”"),
        ("0x10", "“0x10” is not a number"),
        ("1 2", "“1 2” is not a number"),
    ],
)
@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_what_is_no_number_says_so_and_goes_back(visit: Visit, text: str, words: str, key: str) -> None:
    playground = visit.open(fragment=XOR)
    bias = playground.control("Bias")
    old, picture = bias.input_value(), playground.picture()
    typed(bias, text or "x", key if text else "Backspace")
    if not text:
        bias.press(key)
    expect(error(playground.page)).to_be_visible()
    expect(error(playground.page)).to_contain_text(words)
    assert error(playground.page).get_attribute("role") == "alert"
    expect(bias).to_have_value(old)
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    assert playground.picture() != picture  # the session is well
    expect(error(playground.page)).to_be_hidden()


def test_escape_after_typing_sends_nothing(visit: Visit) -> None:
    playground = visit.open(fragment=XOR)
    bias, loss = playground.control("Bias"), playground.show("loss-train")
    old = bias.input_value()
    typed(bias, "7", "Escape")
    expect(bias).to_have_value(old)
    playground.page.get_by_role("heading", name="Data").click()
    playground.button("New weights").click()  # whatever was sent is answered before this
    playground.wait_for_address("draw=1")
    playground.button("Reset").click()
    playground.page.go_back()
    playground.wait_until(lambda: playground.show("loss-train") == loss, "the loss of before")


def test_arrows_step_a_weight(visit: Visit) -> None:
    playground = visit.open(fragment=XOR)
    bias = playground.control("Bias")
    typed(bias, "1")
    for key, value in [("ArrowUp", 1.1), ("ArrowUp", 1.2), ("ArrowDown", 1.1), ("PageDown", 0.1)]:
        before = playground.picture()
        bias.press(key)
        assert float(bias.input_value()) == pytest.approx(value)
        playground.wait_for_other_picture(before)


def test_a_weight_out_of_bounds_goes_back_and_says_why(visit: Visit) -> None:
    playground = visit.open(fragment=XOR)
    bias = playground.control("Bias")
    old = bias.input_value()
    typed(bias, "1e9")
    expect(playground.page.locator("#notice")).to_contain_text("1000000")
    expect(bias).to_have_value(old)


def test_a_finger_finds_the_minus(visit: Visit) -> None:
    """A phone's keypad for decimals has no minus."""
    playground = visit.open(PHONE, touch=True, fragment=XOR)
    bias = playground.control("Bias")
    bias.tap()
    sign = playground.page.get_by_role("button", name="Change the sign")
    bias.fill("2,5")
    sign.tap()
    expect(bias).to_be_focused()
    expect(bias).to_have_value("-2,5")
    box = sign.bounding_box()
    assert box
    assert box["height"] >= 44
    before = playground.picture()
    bias.press("Enter")
    playground.wait_for_other_picture(before)
    assert float(bias.input_value()) == -2.5


# -- typed settings ---------------------------------------------------------------------------------------------------

OTHERS = [
    ("Learning rate", "0,02", "learning_rate", "0.02"),
    ("Batch size", "15", "batch_size", "15"),
    ("Regularization rate", "0.005", "regularization_rate", "0.005"),
    ("Schedule epochs", "2500", "schedule_epochs", "2500"),
    ("Momentum", "0,85", "momentum", "0.85"),
    ("Weight decay", "0.02", "weight_decay", "0.02"),
    ("Dropout", "25 %", "dropout", "0.25"),
    ("Clip gradient at", "2", "clip", "2"),
    ("Stop at epoch", "250", "stop_epochs", "250"),
    ("Stop at loss", "0.15", "stop_loss", "0.15"),
    ("Stop at accuracy", "97", "stop_accuracy", "97"),
    ("Stop without gain", "50", "stop_plateau", "50"),
]
ALL_MORE = "#v=1&method=momentum&schedule=cosine"


def other_field(playground: Playground, name: str) -> Locator:
    return playground.page.get_by_role("spinbutton", name=name, exact=True)


def choose_other(playground: Playground, name: str) -> Locator:
    playground.control(name).select_option(label="Other…")
    field = other_field(playground, name)
    expect(field).to_be_focused()
    return field


@pytest.mark.parametrize(("name", "text", "key", "value"), OTHERS, ids=[other[0] for other in OTHERS])
def test_a_list_of_numbers_takes_others(visit: Visit, name: str, text: str, key: str, value: str) -> None:
    playground = visit.open(fragment=ALL_MORE)
    playground.page.locator("#show-more").click()
    field = choose_other(playground, name)
    field.press_sequentially(text)  # replaces the old value, which is selected
    field.press("Enter")
    expect(field).to_have_count(0)
    wait_for_setting(playground, key, value)
    select = playground.page.get_by_role("combobox", name=name, exact=True)
    expect(select).to_have_value(value)
    expect(select.get_by_role("option").last).to_have_text("Other…")
    ordered = select.evaluate(
        "select => [...select.options].map(one => Number(one.value)).filter(one => Number.isFinite(one) && one > 0)"
    )
    assert ordered in (sorted(ordered), sorted(ordered, reverse=True))


def test_a_speed_can_be_typed(playground: Playground) -> None:
    field = choose_other(playground, "Speed")
    field.press_sequentially("45")
    field.press("Enter")
    speed = playground.page.get_by_role("combobox", name="Speed")
    expect(speed).to_have_value("45")
    expect(speed.locator("option:checked")).to_have_text("45 epochs/s")
    playground.play()
    playground.wait_to_pass_epoch(5)


def test_another_value_is_taken_by_leaving_and_let_go_by_escape(playground: Playground) -> None:
    page = playground.page
    field = choose_other(playground, "Learning rate")
    expect(field).to_have_value("0.03")
    field.press_sequentially("5")
    field.press("Escape")
    rate = page.get_by_role("combobox", name="Learning rate")
    expect(rate).to_have_value("0.03")
    expect(field).to_have_count(0)
    field = choose_other(playground, "Learning rate")
    field.press_sequentially("0.07")
    page.get_by_role("heading", name="Data").click()
    wait_for_setting(playground, "learning_rate", "0.07")
    expect(rate).to_have_value("0.07")
    field = choose_other(playground, "Learning rate")
    field.press("Tab")  # nothing was typed: nothing changes
    expect(field).to_have_count(0)
    expect(rate).to_have_value("0.07")


@pytest.mark.parametrize(
    ("name", "text", "before", "words"),
    [
        ("Learning rate", "abc", "0.03", "“abc” is not a number"),
        ("Batch size", "1.5", "10", "“1.5” is not a whole number"),
        ("Learning rate", "5000", "0.03", "from 0 to 1000"),
        ("Batch size", "0", "10", "a number from 1 to"),
        ("Speed", "0", "full", "greater than 0"),
    ],
)
def test_another_value_that_cannot_be_goes_back_and_says_why(
    playground: Playground, name: str, text: str, before: str, words: str
) -> None:
    field = choose_other(playground, name)
    field.press_sequentially(text)
    field.press("Enter")
    expect(playground.page.locator("#field-error:visible, #notice:visible").first).to_contain_text(words)
    expect(playground.page.get_by_role("combobox", name=name, exact=True)).to_have_value(before)


@pytest.mark.parametrize(
    ("slider", "text", "key", "value"),
    [
        ("Noise", "80", "noise", "80"),
        ("Noise", "12,5 %", "noise", "12.5"),
        ("Training data share", "99", "train_share", "99"),
    ],
)
def test_the_figure_beside_a_slider_is_typed(visit: Visit, slider: str, text: str, key: str, value: str) -> None:
    playground = visit.open(fragment=XOR)
    control = playground.page.get_by_role("slider", name=slider)
    figure = playground.page.locator(f"#{control.get_attribute('id')}-figure")
    typed(figure, text)
    wait_for_setting(playground, key, value)
    expect(figure).to_have_value(f"{value} %")
    typed(figure, "1000")
    expect(playground.page.locator("#field-error")).to_be_visible()
    expect(figure).to_have_value(f"{value} %")


# -- typed counts, held buttons ---------------------------------------------------------------------------------------


def test_the_neurons_of_a_layer_are_typed_into_its_head(playground: Playground) -> None:
    count = playground.page.get_by_role("spinbutton", name="Neurons in layer 1")
    expect(count).to_have_value("4")
    typed(count, "50")
    expect(playground.neurons(1)).to_have_count(50)
    wait_for_setting(playground, "hidden", "50,2")
    typed(count, "3")
    expect(playground.neurons(1)).to_have_count(3)
    typed(count, "0")
    expect(error(playground.page)).to_be_visible()
    expect(count).to_have_value("3")
    count.press("ArrowUp")
    expect(playground.neurons(1)).to_have_count(4)


def test_a_finger_finds_the_number_of_neurons_in_the_menu_of_the_layer(visit: Visit) -> None:
    playground = visit.open(PHONE, touch=True)
    playground.button("Settings of layer 2").tap()
    count = playground.page.get_by_role("spinbutton", name="Neurons in this layer")
    expect(count).to_have_value("2")
    count.tap()
    count.fill("5")
    count.press("Enter")
    expect(playground.neurons(2)).to_have_count(5)
    expect(playground.page.get_by_role("spinbutton", name="Neurons in layer 2")).to_have_value("5")


def test_the_number_of_layers_is_typed(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=4,3")
    layers = playground.page.get_by_role("spinbutton", name="Number of hidden layers")
    typed(layers, "5")
    wait_for_setting(playground, "hidden", "4,3,3,3,3")
    typed(layers, "0")
    expect(playground.neurons(1)).to_have_count(0)
    typed(layers, "33")
    expect(error(playground.page)).to_be_visible()
    expect(layers).to_have_value("0")
    typed(layers, "2")
    wait_for_setting(playground, "hidden", "4,3")


def test_minus_and_plus_give_a_layer_back_as_wide_as_it_was(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=4,3")
    playground.button("Remove hidden layer").click()
    expect(playground.neurons(2)).to_have_count(0)
    playground.button("Add hidden layer").click()
    wait_for_setting(playground, "hidden", "4,3")
    expect(playground.neurons(2)).to_have_count(3)


def assert_nothing_repeats(playground: Playground) -> None:
    """Answers come in order, so once a step's epoch is shown, everything sent before it has arrived."""
    playground.page.keyboard.press("s")
    playground.wait_for_epoch(1)
    held = playground.page.locator(".unit").count()
    playground.page.wait_for_timeout(800)
    playground.page.keyboard.press("s")
    playground.wait_for_epoch(2)
    assert playground.page.locator(".unit").count() == held


@pytest.mark.parametrize(("name", "layer", "count"), [("Add neuron to layer 1", 1, 7), ("Add hidden layer", 5, 2)])
def test_a_button_that_is_held_repeats(playground: Playground, name: str, layer: int, count: int) -> None:
    page = playground.page
    playground.button(name).hover()
    page.mouse.down()
    expect(playground.neurons(layer).nth(count - 1)).to_be_visible()
    page.mouse.up()
    assert_nothing_repeats(playground)


def test_a_finger_that_rests_on_a_button_repeats_it_and_opens_no_menu(visit: Visit) -> None:
    playground = visit.open(PHONE, touch=True)
    page = playground.page
    button = playground.button("Add neuron to layer 1")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    finger = page.context.new_cdp_session(page)
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    expect(playground.neurons(1).nth(7)).to_be_attached()
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert_nothing_repeats(playground)
    expect(page.locator("#layer-settings")).to_be_hidden()


def test_a_held_button_stops_where_nothing_is_left(playground: Playground) -> None:
    page = playground.page
    playground.button("Remove neuron from layer 1").hover()
    page.mouse.down()
    expect(playground.neurons(1)).to_have_count(1)
    expect(playground.button("Remove neuron from layer 1")).to_be_disabled()
    page.mouse.up()
    expect(page.locator("#notice")).to_be_hidden()
    playground.button("Add neuron to layer 1").click()  # a short click is one
    expect(playground.neurons(1)).to_have_count(2)


def test_a_held_button_waits_for_answers(visit: Visit) -> None:
    """A slow line gets one command at a time."""
    playground = visit.open(wait=False)
    page = playground.page
    waiting: list[str | bytes] = []
    answers = True

    def relay(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(
            lambda text: server.send(text) if answers or "neuron" not in str(text) else waiting.append(text)
        )

    page.route_web_socket("**/live?*", relay)
    page.reload()
    playground.wait_for_first_frame()
    answers = False
    playground.button("Add neuron to layer 1").hover()
    page.mouse.down()
    page.wait_for_timeout(1500)
    page.mouse.up()
    assert len(waiting) == 1


# -- the layers' own activations --------------------------------------------------------------------------------------


def test_an_activation_of_its_own_stands_in_the_head_of_the_layer(playground: Playground) -> None:
    page = playground.page
    head = playground.button("Settings of layer 1")
    expect(head).not_to_contain_text("ReLU")
    playground.button("Settings of layer 1").click()
    page.get_by_label("Activation of this layer", exact=True).select_option("relu")
    expect(head).to_have_text(re.compile(r"^Layer 1 · ReLU$"))
    activation = playground.control("Activation")
    expect(activation.locator("option:checked")).to_have_text("Mixed")
    page.keyboard.press("Escape")
    activation.select_option("Sigmoid")
    wait_for_setting(playground, "activation", "sigmoid")
    expect(head).not_to_contain_text("ReLU")
    expect(activation).to_have_value("sigmoid")
    assert setting(page, "activations") == ""


@pytest.mark.parametrize("name", ["Settings of layer 2", "Layer 2 neuron 1"])
def test_a_right_click_opens_the_layers_menu(playground: Playground, name: str) -> None:
    playground.button(name).click(button="right")
    menu = playground.page.locator("#layer-settings")
    expect(menu).to_be_visible()
    expect(menu.get_by_role("heading")).to_have_text("Layer 2")
    playground.page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with Proxy(server.port) as running:
        yield running


def test_offline_every_control_goes_back_and_says_why(visit: Visit, proxy: Proxy) -> None:
    playground = visit.open(port=proxy.port)
    page = playground.page
    visit.guards[-1].allow("WebSocket|ERR_")
    playground.button("Layer 1 neuron 1").click()
    old = playground.control("Bias").input_value()
    proxy.cut()
    expect(page.locator("#connection")).to_be_visible()
    typed(playground.control("Bias"), "5")
    expect(playground.control("Bias")).to_have_value(old)
    expect(page.locator("#notice")).to_contain_text("nothing was changed")
    field = choose_other(playground, "Learning rate")
    field.press_sequentially("2")
    field.press("Enter")
    expect(page.get_by_role("combobox", name="Learning rate")).to_have_value("0.03")
    page.get_by_label("Switched off").click()
    expect(page.get_by_label("Switched off")).not_to_be_checked()
    figure = page.locator("#noise-figure")
    typed(figure, "20")
    expect(figure).to_have_value("0 %")
    expect(page.get_by_role("slider", name="Noise")).to_have_value("0")
    count = page.get_by_role("spinbutton", name="Neurons in layer 1")
    typed(count, "7")
    expect(count).to_have_value("4")
    playground.button("Settings of layer 2").click()
    page.get_by_label("Activation of this layer", exact=True).select_option("relu")
    expect(page.get_by_label("Activation of this layer", exact=True)).to_have_value("same")
    page.get_by_label("Layer is off", exact=True).click()
    expect(page.get_by_label("Layer is off", exact=True)).not_to_be_checked()
    page.keyboard.press("Escape")
    playground.button("Share").click()
    weights = page.get_by_label("Include weights")
    weights.click()
    expect(weights).not_to_be_checked()
    expect(error(page)).to_contain_text("Not connected")


def test_what_a_lesson_does_without_cannot_be_typed(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=4,3&hide=neurons_1,hidden")
    page = playground.page
    for name in ("Neurons in layer 1", "Number of hidden layers"):
        field = page.get_by_role("spinbutton", name=name)
        expect(field).not_to_be_editable()
        field.focus()
        field.press("ArrowUp")
    expect(page.get_by_role("spinbutton", name="Neurons in layer 2")).to_be_editable()
    playground.button("Settings of layer 1").click()
    expect(page.get_by_role("spinbutton", name="Neurons in this layer")).not_to_be_editable()
    assert setting(page, "hidden") == "4,3"
