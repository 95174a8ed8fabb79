"""Links: the address bar, the dialog that shows and opens them, and a frame in another page."""

import http.server
import json
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Contexts, Visit
from tests.browser.playground import Playground
from tests.proxy import Proxy
from tests.recorded import LINKS, TRAJECTORIES, link_of
from tests.servers import Server, free_port, hyperplane, serving

FINITE = [link for link in LINKS if link["numeric"]]


def fragment(url: str) -> str:
    return "#" + url.partition("#")[2]


def expect_losses(playground: Playground, train: float, test: float) -> None:
    """The page shows four digits of a float32 result."""
    expected = pytest.approx((train, test), rel=2e-3, abs=1e-4)
    playground.wait_until(
        lambda: (playground.show("loss-train"), playground.show("loss-test")) == expected, "the losses"
    )


@pytest.fixture(scope="module")
def opened(contexts: Contexts, server: Server) -> Iterator[Playground]:
    """One page for all recorded links, which it opens one after the other."""
    visit = Visit(contexts, server)
    yield visit.open()
    visit.end()


@pytest.mark.parametrize("link", FINITE, ids=lambda link: str(link["id"]))
def test_a_link_of_theirs_runs_as_recorded(opened: Playground, link: dict[str, Any]) -> None:
    opened.page.evaluate("hash => { location.hash = hash; }", fragment(link["url"]))
    opened.wait_for_epoch(0)
    expect_losses(opened, link["e0"]["loss_train"], link["e0"]["loss_test"])
    if link["e20"]["loss_train"] is None:
        return  # their weights overflow too, only later in float64
    opened.page.locator("body").press("s")  # a lesson may hide the button
    opened.wait_for_epoch(1)
    expect_losses(opened, link["e1"]["loss_train"], link["e1"]["loss_test"])
    if "goal" not in link["url"]:  # which we leave out
        assert opened.page.evaluate("location.hash") == fragment(link["url"])


@pytest.mark.parametrize("path", TRAJECTORIES, ids=lambda path: path.stem)
def test_a_recorded_trajectory_is_met_in_the_page(opened: Playground, path: Path) -> None:
    record = json.loads(path.read_text())
    opened.page.evaluate("hash => { location.hash = hash; }", link_of(record["config"]))
    opened.wait_for_epoch(0)
    expect_losses(opened, record["initial"]["lossTrain"], record["initial"]["lossTest"])
    opened.button("Step").click()
    opened.wait_for_epoch(1)
    expect_losses(opened, record["after_1_epoch"]["lossTrain"], record["after_1_epoch"]["lossTest"])


def test_back_and_forward_lead_through_the_experiments(playground: Playground) -> None:
    page = playground.page
    playground.choose("Dataset", "XOR")
    expect(page).to_have_url(re.compile("dataset=xor"))
    playground.button("Add neuron to layer 1").click()
    playground.button("Add neuron to layer 1").click()
    expect(page).to_have_url(re.compile("hidden=6,2"))
    page.go_back()
    expect(playground.neurons(1)).to_have_count(4)
    expect(page.get_by_role("radio", name="XOR")).to_be_checked()
    page.go_back()
    expect(page.get_by_role("radio", name="Circle")).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="XOR")).to_be_checked()
    page.reload()
    playground.wait_for_first_frame()
    expect(page.get_by_role("radio", name="XOR")).to_be_checked()


def test_a_link_followed_in_a_tab_in_use_is_opened(playground: Playground) -> None:
    playground.button("Add neuron to layer 1").click()
    expect(playground.neurons(1)).to_have_count(5)
    home = playground.page.url.partition("#")[0]
    playground.page.goto("about:blank")
    playground.page.goto(f"{home}#v=1&dataset=spiral&hidden=3")
    expect(playground.neurons(1)).to_have_count(3)
    expect(playground.page.get_by_role("radio", name="Spiral")).to_be_checked()


def test_a_broken_link_is_repaired_and_the_page_says_what(visit: Visit) -> None:
    playground = visit.open(fragment="#dataset=circle®Dataset=reg-plane&learningRate=NaN&batchSize=900&noise=10")
    notice = playground.page.locator("#notice")
    for said in ("®", "“NaN” came, expected a number; 0.03 is used", "“900” came, expected at most the 250"):
        expect(notice).to_contain_text(said)
    expect(playground.control("Batch size")).to_have_value("250")
    expect(playground.page).to_have_url(re.compile("regDataset=reg-plane.*learningRate=0.03"))
    playground.button("Step").click()
    playground.wait_for_epoch(1)


def test_text_that_is_no_link_is_refused_and_nothing_changes(playground: Playground) -> None:
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    playground.button("Share").click()
    playground.page.get_by_label("Open link").fill("good morning")
    playground.button("Open").click()
    expect(playground.page.get_by_text("a link of Hyperplane or TensorFlow Playground").first).to_be_visible()
    assert playground.epoch() == 1


@pytest.mark.parametrize("text", ["https://goo.gl/VyoRWX", "", "https://example.org/"])
def test_an_address_that_is_no_experiment_is_refused_and_nothing_is_lost(playground: Playground, text: str) -> None:
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    playground.button("Share").click()
    playground.page.get_by_label("Open link").fill(text)
    playground.button("Open").click()
    expect(playground.page.locator("#notice")).to_contain_text("came, expected a link of Hyperplane")
    assert playground.epoch() == 1


def test_a_hash_that_is_no_experiment_is_refused_and_the_address_comes_back(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=xor")
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    playground.page.evaluate("location.hash = '#foo'")
    expect(playground.page.locator("#notice")).to_contain_text("'#foo' came, expected a link of Hyperplane")
    expect(playground.page).to_have_url(re.compile("#v=1&dataset=xor$"))
    assert playground.epoch() == 1


@pytest.mark.parametrize("end", [">", "”", ").", "`"])
def test_wrapping_that_came_into_the_address_is_taken_off(visit: Visit, end: str) -> None:
    playground = visit.open(fragment=f"#dataset=xor&networkShape=2&seed=0.5{end}")
    expect(playground.page).to_have_url(re.compile("#dataset=xor&networkShape=2&seed=0.5$"))
    expect(playground.neurons(1)).to_have_count(2)
    expect(playground.page.locator("#notice")).to_be_hidden()


def test_this_pages_own_address_is_the_default_experiment(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=xor")
    playground.button("Share").click()
    playground.page.get_by_label("Open link").fill(playground.page.url.partition("#")[0])
    playground.button("Open").click()
    expect(playground.page.get_by_role("radio", name="Circle", exact=True)).to_be_checked()


def test_a_pasted_link_is_opened(playground: Playground) -> None:
    playground.button("Share").click()
    playground.page.get_by_label("Open link").fill(LINKS[0]["url"])
    playground.page.keyboard.press("Enter")
    expect(playground.page.get_by_role("dialog")).to_have_count(0)
    expect(playground.neurons(6)).to_have_count(8)
    expect(playground.page).to_have_url(re.compile(re.escape(fragment(LINKS[0]["url"])) + "$"))


def test_trained_weights_travel_to_another_visitor(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=xor")
    for epoch in range(1, 4):
        playground.button("Step").click()
        playground.wait_for_epoch(epoch)
    playground.page.wait_for_timeout(200)  # the digits rest for a tenth of a second between two epochs
    bias = playground.page.get_by_label("Bias").input_value()
    playground.button("Share").click()
    shared = playground.page.get_by_label("Link of this experiment")
    playground.page.get_by_label("Include weights").check()
    playground.wait_until(lambda: "weights=" in shared.input_value(), "a link with weights")
    other = visit.open(fragment=fragment(shared.input_value()))
    other.wait_for_epoch(3)
    expect(other.page.get_by_label("Bias")).to_have_value(bias)
    assert other.picture() == playground.picture()
    assert other.show("loss-train") == playground.show("loss-train")


def test_a_lesson_that_brings_weights_is_shared_with_them(visit: Visit) -> None:
    playground = visit.open()
    page = playground.page
    playground.button("Lessons").click()
    page.get_by_role("link", name="XOR by hand").click()
    playground.wait_until(lambda: playground.show("loss-train") == 0, "the weights of the book")
    playground.button("Share").click()
    shared = page.get_by_label("Link of this experiment")
    playground.wait_until(lambda: "weights=" in shared.input_value(), "a link with weights")
    other = visit.open(fragment=fragment(shared.input_value()))
    other.wait_until(lambda: other.show("loss-train") == 0, "the weights of the book")


def test_copy_copies_the_link_and_then_what_was_added(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=xor")
    page = playground.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    playground.button("Share").click()
    playground.button("Copy").click()
    expect(playground.button("Copied")).to_be_visible()
    playground.wait_until(lambda: page.evaluate("navigator.clipboard.readText()") == page.url, "the link")
    page.get_by_label("Include weights").check()
    playground.button("Copy").click()
    expect(playground.button("Copied")).to_be_visible()
    weights = "#v=1&dataset=xor&epoch=0&weights="
    playground.wait_until(lambda: weights in page.evaluate("navigator.clipboard.readText()"), "the weights")


def test_a_lesson_hides_what_it_does_without(visit: Visit) -> None:
    teacher = visit.open()
    teacher.button("Share").click()
    teacher.page.get_by_text("Hide controls").click()
    for name in ("Noise", "Training data share", "Neuron buttons", "Inputs that are off"):
        teacher.page.get_by_role("dialog").get_by_label(name, exact=True).check()
    teacher.page.get_by_label("Title and explanations").check()
    shared = teacher.page.get_by_label("Link of this experiment")
    teacher.wait_until(lambda: "hide_text=true" in shared.input_value() and "sinY" in shared.input_value(), "the link")
    student = visit.open(fragment=fragment(shared.input_value()))
    for name in ("Noise", "Training data share", "X1 squared", "sin X2"):
        expect(student.control(name)).to_be_hidden()
    for hidden in (student.button("Add neuron to layer 1"), student.page.get_by_text("What you see.")):
        expect(hidden).to_be_hidden()
    for name in ("Learning rate", "X1"):
        expect(student.control(name)).to_be_visible()
    expect(student.page.get_by_test_id("loss-test")).to_be_visible()
    expect(teacher.page.get_by_role("heading", name="Hyperplane")).to_be_attached()
    student.button("Add hidden layer").click()
    expect(student.neurons(3)).to_have_count(2)
    expect(student.button("Add neuron to layer 3")).to_be_hidden()


def test_a_link_that_hides_nearly_everything_leaves_no_empty_rows(visit: Visit) -> None:
    names = [
        "learningRate",
        "batchSize",
        "activation",
        "regularization",
        "regularizationRate",
        "dataset",
        "resetButton",
    ]
    playground = visit.open(fragment="#dataset=xor&" + "&".join(f"{name}_hide=true" for name in names))
    for name in ("Loss", "Method", "Classes"):
        expect(playground.control(name)).to_be_hidden()
    for name in ("More", "New weights"):
        expect(playground.button(name)).to_be_hidden()
    expect(playground.page.locator(".settings")).to_be_hidden()
    expect(playground.button("Play")).to_be_visible()
    expect(playground.control("Noise")).to_be_visible()


def test_the_four_points_of_logic_are_shown_and_say_why_nothing_can_be_drawn(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=logic-xor&hidden=4")
    for control in (playground.control("Noise"), playground.control("Training data share")):
        expect(control).to_be_disabled()
    expect(playground.button("Regenerate data")).to_be_disabled()
    expect(playground.page.get_by_text("These four points are fixed")).to_be_visible()
    expect(playground.page.locator(".axis.x")).to_contain_text("−0.5")
    expect(playground.page.get_by_test_id("loss-test")).to_have_text("–")
    playground.choose("Dataset", "Circle")
    expect(playground.page.locator(".axis.x")).to_contain_text("−6")
    expect(playground.control("Noise")).to_be_enabled()


def test_a_weight_is_edited_while_it_trains(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&learning_rate=0")  # so that it stays what it was set to
    playground.play()
    playground.wait_to_pass_epoch(3)
    before = playground.picture()
    bias = playground.page.get_by_label("Bias")
    bias.fill("-2.5")
    bias.press("Enter")
    playground.wait_for_other_picture(before)
    expect(playground.button("Pause")).to_be_visible()
    playground.page.keyboard.press("Tab")
    expect(bias).to_have_value("-2.5000")
    playground.wait_to_pass_epoch(playground.epoch())


def test_no_inputs_at_all_is_an_experiment_too(visit: Visit) -> None:
    playground = visit.open(fragment=fragment(next(link["url"] for link in LINKS if not link["inputs"])))
    expect(playground.page.get_by_text("No input is on")).to_be_visible()
    playground.play()
    playground.wait_to_pass_epoch(3)


def test_what_is_changed_while_offline_goes_back(visit: Visit, server: Server) -> None:
    with Proxy(server.port) as proxy:
        playground = visit.open(port=proxy.port)
        visit.guards[-1].allow("WebSocket connection|ERR_")
        proxy.cut()
        expect(playground.page.get_by_text("connect").first).to_be_visible()
        playground.control("Learning rate").select_option("1")
        expect(playground.page.get_by_text("nothing was changed").first).to_be_visible()
        expect(playground.control("Learning rate")).to_have_value("0.03")


class LessonPage(http.server.BaseHTTPRequestHandler):
    """A page of another site, which shows the requested address in a frame."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f'<iframe width="1200" height="800" src="{unquote(self.path[1:])}"></iframe>'.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("allowed", [True, False])
def test_another_page_may_frame_it_if_the_operator_says_so(browser: Browser, allowed: bool) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), LessonPage) as lesson:
        threading.Thread(target=lesson.serve_forever, daemon=True).start()
        site, port = f"http://127.0.0.1:{lesson.server_port}", free_port()
        environment = {**os.environ, "HYPERPLANE_FRAME_ANCESTORS": json.dumps([site] if allowed else [])}
        with serving([hyperplane(), "serve", "--port", str(port)], port, environment), browser.new_context() as context:
            page = context.new_page()
            with page.expect_response(f"http://127.0.0.1:{port}/"):
                page.goto(f"{site}/{quote(f'http://127.0.0.1:{port}/#v=1&dataset=xor&hide_text=true')}")
            frame = page.frame_locator("iframe")
            if allowed:
                frame.get_by_role("button", name="Step", exact=True).click()
                expect(frame.get_by_test_id("epoch")).to_have_text("1")
            else:
                page.wait_for_load_state()
                expect(frame.get_by_role("button", name="Step", exact=True)).to_have_count(0)
        lesson.shutdown()
