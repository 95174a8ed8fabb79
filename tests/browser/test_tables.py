"""Own data as tables: files, drops and pasted ranges, their preview, and the points as files to take home."""

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Locator, Route, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.playground import Playground

SEMICOLONS = "breite;höhe;art\n1,5;2;a\n2,5;3;b\nx;3;b\n3,5;1;a\n4;2\n"
DROP = """({name, text, kind}) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, {type: "text/csv"}));
  document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""
PASTE = """({text, selector}) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector(selector).dispatchEvent(event);
}"""


def dialog(playground: Playground) -> Locator:
    return playground.page.get_by_role("dialog", name="Own data")


def open_dialog(playground: Playground) -> Locator:
    playground.button("Own data…").click()
    expect(dialog(playground)).to_be_visible()
    return dialog(playground)


def choose(playground: Playground, name: str, text: str) -> Locator:
    shown = open_dialog(playground)
    file = playground.page.get_by_label("Choose a file…")
    file.set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    return shown


def learn(playground: Playground) -> None:
    playground.button("Learn").click()
    expect(dialog(playground)).to_be_hidden()


def test_a_chosen_file_is_shown_and_learned(playground: Playground) -> None:
    shown = choose(playground, "messung.csv", SEMICOLONS)
    expect(shown.get_by_text("5 rows, 3 columns: semicolons, decimal commas, UTF-8.")).to_be_visible()
    expect(shown.get_by_text("1 row left out, 2 cells instead of 3: line 6.")).to_be_visible()
    expect(shown.get_by_text("1 row left out, no number in breite, such as x: line 4.")).to_be_visible()
    expect(shown.get_by_role("list", name="Points by class")).to_have_text(re.compile(r"a: 2\s*b: 1"))
    expect(shown.get_by_role("status")).to_have_text("3 points of 2 classes")
    expect(shown.get_by_role("cell", name="2,5")).to_be_visible()
    expect(playground.control("Role of art")).to_have_value("target")
    learn(playground)
    playground.wait_for_address("dataset=own", "names=a,b", "columns=breite,h%C3%B6he,art")
    playground.wait_for_epoch(0)
    playground.button("Step").click()
    playground.wait_for_epoch(1)


def test_iris_is_learned_in_two_clicks(playground: Playground) -> None:
    open_dialog(playground)
    playground.button("Iris").click()
    expect(dialog(playground).get_by_role("status")).to_have_text("150 points of 3 classes")
    expect(dialog(playground).get_by_text("softmax and cross-entropy")).to_be_visible()
    learn(playground)
    playground.wait_for_address("dataset=own", "names=setosa,versicolor,virginica")
    playground.play()
    playground.wait_for_loss_below(0.3)


def test_a_file_can_be_dropped_anywhere(playground: Playground) -> None:
    page = playground.page
    page.evaluate(DROP, {"name": "a.csv", "text": SEMICOLONS, "kind": "dragover"})
    expect(page.get_by_text("Drop the file to see its table")).to_be_visible()
    page.evaluate(DROP, {"name": "a.csv", "text": SEMICOLONS, "kind": "drop"})
    expect(page.get_by_text("Drop the file to see its table")).to_be_hidden()
    expect(dialog(playground).get_by_role("heading", name="a.csv")).to_be_visible()
    page.evaluate(DROP, {"name": "b.csv", "text": "1 2\n3 4\n", "kind": "drop"})
    expect(dialog(playground).get_by_role("heading", name="b.csv")).to_be_visible()


def test_a_range_can_be_pasted_where_no_text_is_typed(playground: Playground) -> None:
    page = playground.page
    page.evaluate(PASTE, {"text": "1\t2", "selector": "#hidden-layers"})
    expect(dialog(playground)).to_be_hidden()
    page.evaluate(PASTE, {"text": "w\th\tkind\n1\t2\ta\n3\t4\tb\n", "selector": "body"})
    expect(dialog(playground).get_by_text("2 rows, 3 columns: tabs, decimal points.")).to_be_visible()


def test_roles_and_scaling_can_be_changed(playground: Playground) -> None:
    open_dialog(playground)
    playground.button("Iris").click()
    status = dialog(playground).get_by_role("status")
    expect(status).to_have_text("150 points of 3 classes")
    before = playground.picture("The points as they will lie")
    playground.control("Role of sepal width").select_option("X₂")
    expect(playground.control("Role of petal width")).to_have_value("")
    playground.wait_until(lambda: playground.picture("The points as they will lie") != before, "another picture")
    playground.control("Role of petal width").select_option("Value")
    expect(status).to_have_text("150 points, with values of petal width")
    expect(playground.control("Learn")).to_have_value("values")
    playground.control("Scaling").select_option("As it is")
    playground.control("Role of petal length").select_option("Unused")
    expect(dialog(playground).get_by_role("alert")).to_have_text("Choose a column for X₁ and one for X₂.")
    expect(playground.button("Learn")).to_be_disabled()
    playground.control("Role of sepal length").select_option("X₁")
    expect(dialog(playground).get_by_text("lie outside the picture")).to_be_visible()
    learn(playground)
    playground.wait_for_address("dataset=reg-own", "columns=sepal%20length,sepal%20width,petal%20width")


def test_a_late_answer_takes_no_choice_back(playground: Playground) -> None:
    open_dialog(playground)
    playground.button("Iris").click()
    expect(dialog(playground).get_by_role("status")).to_have_text("150 points of 3 classes")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    playground.page.route("**/tables/read**", hold)
    playground.control("Scaling").select_option("As it is")
    playground.wait_until(lambda: len(held) == 1, "the question for other scaling")
    playground.control("Role of sepal width").select_option("X₁")
    playground.control("Role of sepal width").select_option("Unused")
    fault = dialog(playground).get_by_role("alert")
    expect(fault).to_have_text("Choose a column for X₁ and one for X₂.")
    for route in held:
        with contextlib.suppress(Error):  # those that the page gave up
            route.continue_()
    playground.page.wait_for_load_state("networkidle")
    expect(fault).to_have_text("Choose a column for X₁ and one for X₂.")
    expect(playground.control("Role of sepal width")).to_have_value("")


def test_a_fault_is_said_with_its_place_and_the_text_stays(visit: Visit) -> None:
    playground = visit.open()
    visit.guards[-1].allow("422")  # Chromium tells the console of every refusal
    shown = open_dialog(playground)
    text = playground.control("Table as text")
    text.fill('a,b\n1,2\n"3,4\n')
    fault = shown.get_by_role("alert")
    expect(fault).to_contain_text("a quote that is never closed, in line 3 came")
    expect(playground.button("Learn")).to_be_disabled()
    expect(text).to_have_value('a,b\n1,2\n"3,4\n')
    text.fill("a,b\n1,2\n3,4\n")
    expect(fault).to_be_hidden()
    expect(playground.button("Learn")).to_be_enabled()
    text.fill("w,h,name\n" + "".join(f"{n},{n * n},n{n}\n" for n in range(12)))
    expect(fault).to_contain_text("12 in column name: n0, n1")
    playground.control("Role of name").select_option("Unused")
    expect(shown.get_by_role("status")).to_have_text("12 points of 1 class")
    before = playground.page.url
    playground.page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    assert playground.page.url == before


def test_too_large_a_file_is_refused_before_it_is_sent(playground: Playground) -> None:
    shown = choose(playground, "large.csv", "1,2\n" * 1_100_000)
    expect(shown.get_by_role("alert")).to_have_text("large.csv: 4,400,000 bytes came, expected at most 4,194,304.")


def test_cross_entropy_is_said_and_set_for_unequal_classes(playground: Playground) -> None:
    rows = "".join(f"{n % 7},{n % 5},{'rare' if n % 8 == 0 else 'usual'}\n" for n in range(80))
    shown = choose(playground, "unequal.csv", "w,h,kind\n" + rows)
    expect(shown.get_by_text("one class has 70 points, the other 10")).to_be_visible()
    expect(playground.control("Set the loss to cross-entropy")).to_be_checked()
    learn(playground)
    expect(playground.control("Loss")).to_have_value("cross-entropy")


def saved(playground: Playground, form: str) -> Path:
    with playground.page.expect_download() as coming:
        playground.button(f"Points as {form}").click()
    return Path(coming.value.path())


def losses(playground: Playground) -> list[str]:
    return [playground.page.get_by_test_id(name).inner_text() for name in ("loss-train", "loss-test")]


def test_points_go_out_and_come_in_as_the_same_experiment(playground: Playground) -> None:
    rows = "".join(f"{n * 7 % 41},{n * 5 % 23},{'abc'[n % 3]}\n" for n in range(60))
    choose(playground, "own.csv", "w,h,kind\n" + rows)
    expect(dialog(playground).get_by_role("status")).to_have_text("60 points of 3 classes")
    learn(playground)
    playground.wait_for_address("dataset=own")
    first = playground.page.url
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    wanted = losses(playground)
    open_dialog(playground)
    text = saved(playground, "JSON").read_text()
    said: dict[str, Any] = json.loads(text)
    assert said["columns"] == ["x", "y", "label", "split"]
    assert len(said["rows"]) == 60
    assert saved(playground, "CSV").read_text().startswith("x,y,label,split\n")
    assert "import numpy as np" in saved(playground, "Python").read_text()
    playground.button("Cancel").click()
    playground.choose("Dataset", "XOR")
    playground.wait_for_address("dataset=xor")
    playground.page.evaluate(DROP, {"name": "points.json", "text": text, "kind": "drop"})
    expect(dialog(playground).get_by_role("status")).to_have_text("60 points of 3 classes")
    learn(playground)
    playground.wait_for_address("dataset=own")
    points = re.search("points=([^&]*)", first)
    assert points
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    assert losses(playground) == wanted


def test_a_lesson_can_do_without_own_data(visit: Visit) -> None:
    playground = visit.open(fragment="#v=1&hide=own_data")
    expect(playground.button("Own data…")).to_be_hidden()
    playground.page.evaluate(DROP, {"name": "a.csv", "text": SEMICOLONS, "kind": "drop"})
    playground.page.evaluate(PASTE, {"text": SEMICOLONS, "selector": "body"})
    expect(dialog(playground)).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [(1440, 900), (820, 1180), (390, 844)])
def test_the_dialog_fits_and_is_accessible(visit: Visit, size: tuple[int, int], *, dark: bool) -> None:
    playground = visit.open(size, dark=dark, touch=size[0] < 900)
    shown = open_dialog(playground)
    playground.button("Iris").click()
    expect(shown.get_by_role("status")).to_have_text("150 points of 3 classes")
    assert not violations(playground.page)
    box = shown.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= size[1]
    assert shown.evaluate("element => element.scrollWidth <= element.clientWidth")
