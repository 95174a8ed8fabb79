"""A training step, number by number: the panel, the probe on the picture, the values on neurons, keys and links."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.playground import Playground
from tests.browser.webgl import SOFTWARE

LECTURE = "#v=1&loss=cross-entropy&activation=sigmoid&hidden=3"
RESULTS = """() => [...document.querySelectorAll('#explain-body .formula')].map(formula =>
  [...formula.lastElementChild.querySelectorAll('[data-exact]')].at(-1)?.dataset.exact)"""


def title(page: Page) -> Locator:
    return page.locator("#explain-title")


def phase(page: Page, name: str) -> Locator:
    """By the beginning of its name; the sign on the button may follow."""
    buttons = page.get_by_role("toolbar", name="Phases of the step").get_by_role("button")
    return buttons.and_(page.get_by_role("button", name=re.compile(f"^{re.escape(name)}(,|$)")))


def results(page: Page) -> list[float]:
    """The last number of each formula, with all its digits."""
    return [float(text) for text in page.evaluate(RESULTS) if text]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("panel", ["explain=3", "surface=weights,0,1", "surface=path&surface_relief=true"])
def test_axe_finds_nothing_to_complain_about(visit: Visit, panel: str, dark: bool) -> None:
    page = visit.open(dark=dark, fragment=f"{LECTURE}&{panel}").page
    visit.guards[-1].allow(SOFTWARE)
    expect(page.locator(f"#{panel.partition('=')[0]}")).to_be_visible()
    assert not violations(page)


def test_from_a_number_to_its_derivation_in_two_clicks(visit: Visit) -> None:
    playground = visit.open(fragment=LECTURE)
    page = playground.page
    playground.button("Explain").click()
    expect(title(page)).to_have_text("The point")
    unit = page.get_by_role("button", name="Layer 1 neuron 2")
    expect(unit).to_have_attribute("data-value", re.compile(r"^0\.\d\d$"))  # a sigmoid's
    unit.click()
    expect(title(page)).to_have_text("Forward · Layer 1, neuron 2")
    body = page.locator("#explain-body")
    expect(body.locator("math").first).to_be_visible()
    a, o = results(page)
    assert abs(o - 1 / (1 + 2.718281828**-a)) < 1e-6


def test_the_derivation_ends_with_y_minus_t_times_o(visit: Visit) -> None:
    playground = visit.open(fragment=f"{LECTURE}&explain=5")
    page = playground.page
    phase(page, "The point").click()
    *_, answers, wanted, _loss = page.locator("#explain-body .formula").all()
    y = float(answers.locator("[data-exact]").get_attribute("data-exact") or "")
    t = float(wanted.locator("[data-exact]").get_attribute("data-exact") or "")
    phase(page, "Backward: δ of the output").click()
    expect(title(page)).to_contain_text("Backward")
    assert abs(results(page)[-1] - (y - t)) < 1e-6
    phase(page, "Forward: layer 1").click()
    expect(title(page)).to_have_text("Forward · Layer 1, neuron 1")
    o = results(page)[-1]
    phase(page, "The gradient").click()
    expect(title(page)).to_contain_text("The gradient")
    cell = page.get_by_role("row", name=re.compile("Weight from neuron 1")).locator("[data-exact]").first
    told = float(cell.get_attribute("data-exact") or "")
    assert abs(told - (y - t) * o) < 1e-6


def test_arrows_go_through_all_phases_and_back_and_change_nothing(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=3,2&method=adam&explain=batch")
    page = playground.page
    playground.button("Step").click()
    before = saved(page)
    phase(page, "The point").focus()
    titles = [title(page).inner_text()]
    for key in ("ArrowRight", "ArrowLeft"):
        for _ in range(12):
            page.keyboard.press(key)
            page.wait_for_timeout(30)
            titles.append(title(page).inner_text())
    assert titles[0] == titles[-1] == "The point"
    assert len(set(titles)) >= 10
    assert saved(page) == before


def saved(page: Page) -> str:
    """The experiment with its weights, as a link has it."""
    page.get_by_role("button", name="Share").click()
    page.get_by_role("checkbox", name=re.compile("weights", re.IGNORECASE)).check()
    field = page.locator("#share-link")
    expect(field).to_have_value(re.compile("weights="))
    link = field.input_value()
    page.keyboard.press("Escape")
    return link


def test_apply_takes_the_very_step_that_was_explained(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=2&explain=batch")
    page = playground.page
    phase(page, "The step").click()
    expect(title(page)).to_contain_text("The step")
    row = page.get_by_role("row", name=re.compile("Weight from neuron 1"))
    after = row.locator("[data-exact]").last.get_attribute("data-exact") or ""
    playground.button("Apply: take the step").click()
    expect(row.locator("[data-exact]").first).to_have_attribute("data-exact", after)
    expect(page.locator("#batch")).to_contain_text("batch 1 of")


def test_the_step_is_written_for_the_parameter_that_is_chosen(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=2&explain=batch")
    page = playground.page
    phase(page, "The step").click()
    expect(page.locator("#explain-body")).to_contain_text("Weight from neuron 1 of this neuron")
    playground.button("Bias").click()
    expect(page.locator("#explain-body")).to_contain_text("Bias of this neuron, by gradient descent")
    after = page.get_by_role("row", name=re.compile("^Bias")).locator("[data-exact]").last
    assert float(after.get_attribute("data-exact") or "") == results(page)[-1]


def test_one_point_alone_is_no_step_of_the_run(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&explain=7")
    phase(playground.page, "The step").click()
    expect(playground.button("Apply: take the step")).to_be_disabled()


def test_a_click_on_the_picture_takes_a_place_and_a_drag_moves_it(playground: Playground) -> None:
    page = playground.page
    playground.button("Explain").click()
    expect(page.locator("#probe")).to_be_visible()
    box = page.locator("#picture").bounding_box()
    assert box
    corner = (box["x"] + box["width"] * 0.02, box["y"] + box["height"] * 0.02)
    page.mouse.click(*corner)
    expect(page.locator("#explain-body")).to_contain_text("has no target")
    value = page.locator("#units button").first.get_attribute("data-value")
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.9, steps=4)
    playground.wait_until(
        lambda: page.locator("#units button").first.get_attribute("data-value") != value,
        "another value while it is dragged",
    )
    page.mouse.up()
    playground.wait_until(lambda: "explain=4.8" in page.url, "the place in the address")


def test_a_point_is_typed(visit: Visit) -> None:
    page = visit.open(fragment="#v=1&explain=1").page
    field = page.get_by_role("textbox", name="Training point by its number, or x and y")
    field.fill("1.5, −2")
    field.press("Enter")
    expect(page.locator("#explain-body")).to_contain_text("The place 1.5, -2 of the plane.")
    field.fill("nowhere")
    field.press("Enter")
    assert page.evaluate("document.getElementById('explain-number').validationMessage").startswith("Type the number")


def test_a_link_opens_the_explanation_and_closing_it_leaves_no_trace(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&explain=12")
    page = playground.page
    expect(page.locator("#explain-body")).to_contain_text("Training point 12, alone.")
    page.keyboard.press("Escape")
    expect(page.locator("#explain")).to_be_hidden()
    playground.wait_until(lambda: "explain" not in page.url, "a link without it")
    expect(page.locator("[data-value]")).to_have_count(0)


def test_a_link_carries_the_phase(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=3,2&explain=batch&phase=back-2")
    page = playground.page
    expect(title(page)).to_have_text("Backward: δ · Layer 2, neuron 1")
    page.get_by_role("button", name="Layer 1 neuron 2").click()
    playground.wait_until(lambda: "phase=back-1" in page.url, "the layer in the address")
    phase(page, "The step").click()
    playground.wait_until(lambda: "phase=update" in page.url, "the phase in the address")
    page.reload()
    expect(title(page)).to_contain_text("The step")
    page.keyboard.press("Escape")
    playground.wait_until(lambda: "explain" not in page.url and "phase" not in page.url, "a link without it")


def test_a_point_that_is_not_there_is_said(visit: Visit) -> None:
    page = visit.open(fragment="#v=1&explain=5000").page
    expect(page.locator("#explain-body")).to_contain_text("This cannot be explained: 4999 came")


def test_check_puts_central_differences_beside_the_gradient(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=3&explain=batch")
    page = playground.page
    phase(page, "The gradient").click()
    page.get_by_role("checkbox", name="Check by central differences").check()
    expect(page.locator("#explain-body th", has_text="Relative error")).to_be_visible()
    errors = [
        float(text.replace("−", "-")) for text in page.locator("#explain-body tbody td:last-child").all_inner_texts()
    ]
    assert max(errors) < 1e-3


def test_the_lectures_choice_is_one_click(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&explain=1")
    playground.button("Lecture’s choice: sigmoid, cross-entropy").click()
    playground.wait_until(lambda: "activation=sigmoid" in playground.page.url, "sigmoid")
    assert "loss=cross-entropy" in playground.page.url


def test_a_copy_has_all_digits(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&explain=3")
    page = playground.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phase(page, "Forward: layer 1").click()
    expect(title(page)).to_contain_text("Forward")
    exact = page.locator("#explain-body [data-exact]").last.get_attribute("data-exact")
    page.evaluate("getSelection().selectAllChildren(document.getElementById('explain-body'))")
    page.keyboard.press("Control+C")
    text = page.evaluate("navigator.clipboard.readText()")
    assert exact
    assert exact in text


def test_deep_networks_have_the_chain_of_factors(visit: Visit) -> None:
    ten = ",".join(["4"] * 10)
    page = visit.open(fragment=f"#v=1&hidden={ten}&activation=sigmoid&explain=batch").page
    phase(page, "The way back, layer by layer").click()
    expect(page.locator("#explain-body")).to_contain_text(re.compile("Gradients vanish, most of all by the slopes"))
    expect(page.locator("#explain-body tbody tr")).to_have_count(10)
    factors = json.loads(
        page.evaluate(
            "JSON.stringify([...document.querySelectorAll('#explain-body tbody tr')]"
            ".map(row => Number(row.cells[3].querySelector('[data-exact]').dataset.exact)))"
        )
    )
    product = 1.0
    for factor in factors:
        product *= factor
    assert abs(product / results(page)[-1] - 1) < 1e-6


def test_a_perceptron_is_turned_by_hand_until_it_separates_the_clouds(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=gauss&hidden=&loss=cross-entropy")
    page = playground.page
    score = page.get_by_test_id("score-train")
    expect(score).to_have_text("accuracy 0 %")
    page.get_by_role("slider", name="Turn the line of Output neuron").focus()

    def is_separated() -> bool:
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(40)
        return score.inner_text() == "accuracy 100 %"

    playground.wait_until(is_separated, "a line between the clouds")
    assert playground.epoch() == 0


def test_a_drag_of_the_line_changes_the_loss_while_it_is_dragged(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&dataset=gauss&hidden=&loss=cross-entropy&seed=a")
    page = playground.page
    before = playground.show("loss-train")
    box = page.locator("#line-middle").bounding_box()
    assert box
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 70, steps=6)
    playground.wait_until(lambda: playground.show("loss-train") != before, "another loss")
    page.mouse.up()


def test_a_link_is_dragged_up_for_its_weight(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hidden=1")
    page = playground.page
    page.get_by_role("button", name="Layer 1 neuron 1").click()  # its weights are shown
    stage = page.locator("#stage").bounding_box()
    unit = page.get_by_role("button", name="Layer 1 neuron 1").bounding_box()
    output = page.get_by_role("button", name="Output neuron").bounding_box()
    assert stage
    assert unit
    assert output
    x = (unit["x"] + unit["width"] + output["x"]) / 2
    y = (unit["y"] + unit["height"] / 2 + output["y"] + output["height"] / 2) / 2
    before = playground.show("loss-train")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 100, steps=5)
    playground.wait_until(lambda: playground.show("loss-train") != before, "another loss")
    page.mouse.up()
    expect(page.locator("#link-tip")).to_be_attached()
