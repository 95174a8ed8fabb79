"""The dialog that gives the experiment out in every form, and files that open it again."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect
from safetensors.numpy import load

from tests.app.test_pictures_to_take_home import pixels_of
from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.playground import Playground

LINK = "#v=1&dataset=xor&hidden=3,2&method=adam"
DROP = """({name, content}) => {
  const bytes = Uint8Array.from(atob(content), sign => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  for (const kind of ["dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


def dialog(playground: Playground) -> Locator:
    return playground.page.get_by_role("dialog", name="Take home")


def download(playground: Playground, name: str, folder: Path) -> Path:
    with playground.page.expect_download() as waiting:
        playground.button(f"Download {name}").click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


def drop(playground: Playground, name: str, content: bytes) -> None:
    playground.page.evaluate(DROP, {"name": name, "content": base64.b64encode(content).decode()})


def test_a_file_that_is_dropped_opens_the_experiment_as_it_was(visit: Visit, tmp_path: Path) -> None:
    playground = visit.open(fragment=LINK)
    visit.guards[0].allow("422")  # the browser says so in the console, the page in the dialog
    for epoch in range(1, 4):
        playground.page.keyboard.press("s")
        playground.wait_for_epoch(epoch)
    loss = playground.show("loss-train")
    playground.page.keyboard.press("t")
    files = [download(playground, name, tmp_path) for name in ("JSON", "safetensors")]
    playground.page.keyboard.press("Escape")
    for file in files:
        playground.choose("Dataset", "Spiral")
        playground.wait_for_epoch(0)
        playground.wait_for_address("dataset=spiral")
        drop(playground, file.name, file.read_bytes())
        playground.wait_for_epoch(3)
        assert playground.show("loss-train") == loss
        playground.wait_for_address("dataset=xor", "hidden=3,2")
        expect(dialog(playground)).to_be_hidden()
    playground.page.go_back()  # opening is a step of its own
    playground.wait_for_address("dataset=spiral")
    said = json.loads(files[0].read_text())
    said["settings"]["learning_rate"] = "quick"
    drop(playground, "wrong.json", json.dumps(said).encode())
    expect(dialog(playground).get_by_role("alert")).to_have_text(
        "wrong.json: learning rate: quick came, expected a valid number."
    )
    playground.page.get_by_label("Open a file…").set_input_files(files[1])
    playground.wait_for_epoch(3)
    drop(playground, "table.csv", b"x,y,c\n1,2,a\n3,4,b\n")  # what is no experiment may be a table
    expect(playground.page.get_by_role("dialog", name="Own data")).to_be_visible()


def test_files_come_in_every_form_while_training_goes_on(visit: Visit, tmp_path: Path) -> None:
    playground = visit.open(fragment=LINK)
    playground.play()
    playground.button("Take home").click()
    tensors = load(download(playground, "safetensors", tmp_path).read_bytes())
    assert tensors["layer_1.weight"].shape == (3, 2)
    code = download(playground, "NumPy", tmp_path)
    check = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import {code.stem} as m; print(len(m.predict([[1, 2]])))"
    )
    assert subprocess.run([sys.executable, "-c", check], capture_output=True, check=True, text=True).stdout == "1\n"
    assert download(playground, "Network as SVG", tmp_path).read_text().startswith("<svg")
    assert "tikzpicture" in download(playground, "Network as TikZ", tmp_path).read_text()
    playground.control("Size of pictures").select_option("2")
    assert pixels_of(download(playground, "Decision field as PNG", tmp_path).read_bytes()).shape[1] > 960
    expect(dialog(playground).get_by_role("status")).to_contain_text("field.png: ")
    epoch = playground.epoch()
    playground.wait_to_pass_epoch(epoch)


def test_films_of_the_training_are_made_or_given_up(visit: Visit, tmp_path: Path) -> None:
    playground = visit.open(fragment=LINK)
    visit.guards[0].allow("422")
    playground.button("Take home").click()
    playground.control("Size of films").select_option("320")
    playground.button("Download Film (GIF)").click()
    expect(dialog(playground).get_by_role("alert")).to_contain_text("press Play")  # nothing is trained yet
    playground.page.keyboard.press("Escape")
    playground.play()
    playground.wait_to_pass_epoch(30)
    playground.button("Take home").click()
    playground.control("Length of films").select_option("3")
    expect(dialog(playground)).to_contain_text("41 frames")
    with Image.open(download(playground, "Film (GIF)", tmp_path)) as image:
        assert (image.size[0], image.n_frames) == (320, 41)  # type: ignore[attr-defined]
    playground.control("Length of films").select_option("20")
    playground.control("Size of films").select_option("960")
    playground.button("Download Film (MP4)").click()
    expect(dialog(playground).get_by_text(re.compile(r"^\d+ %, "))).to_be_visible()
    playground.button("Cancel").click()
    expect(dialog(playground).get_by_role("status")).to_have_text("Cancelled")
    playground.wait_to_pass_epoch(playground.epoch())  # training went on all the time


def test_parts_of_the_page_are_pictures_of_any_size(visit: Visit, tmp_path: Path) -> None:
    playground = visit.open(fragment=LINK)
    playground.button("Take home").click()
    part = playground.control("Part of the page")
    assert part.locator("option").all_inner_texts() == ["Network", "Decision boundary", "Loss chart"]
    part.select_option("Decision boundary")
    sizes = {}
    for scale in (1, 3):
        playground.control("Size of pictures").select_option(str(scale))
        file = download(playground, "the part of the page", tmp_path)
        sizes[scale] = np.array(struct_size(file.read_bytes()))
    box = playground.page.locator("#picture").bounding_box()
    assert box
    np.testing.assert_allclose(sizes[1], [box["width"], box["height"]], atol=1)
    np.testing.assert_allclose(sizes[3], 3 * sizes[1], atol=3)
    playground.page.keyboard.press("Escape")
    ratio = playground.page.locator("#dots").evaluate("canvas => canvas.width / canvas.clientWidth")
    assert ratio == pytest.approx(1, abs=0.01)  # the page is drawn as before


def struct_size(file: bytes) -> tuple[int, int]:
    """Of a PNG."""
    return int.from_bytes(file[16:20], "big"), int.from_bytes(file[20:24], "big")


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
def test_the_dialog_fits_and_is_named(visit: Visit, size: tuple[int, int]) -> None:
    playground = visit.open(size, touch=size[0] < 500)
    playground.button("Take home").click()
    box = dialog(playground).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= size[1]
    playground.button("Download the part of the page").scroll_into_view_if_needed()
    assert not violations(playground.page)
