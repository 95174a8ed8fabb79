"""A setting is said once: none lacks a flag, a field, an explanation, a control to hide, or a line of the docs."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.labs.plane import explanations
from app.labs.plane.controls import CONTROLS, OWN
from app.labs.plane.explanations import EXPLANATIONS
from app.pages.assets import STATIC
from app.pages.files import Files
from app.pages.routes import page_routes
from app.terminal.cli import cli
from engine.choices import Number, Setting
from engine.labs.plane.settings import SETTINGS

ROOT = Path(__file__).parents[2]
ALL = pytest.mark.parametrize("each", SETTINGS.values(), ids=lambda each: each.name)
WITH_A_FIELD = pytest.mark.parametrize(
    "each",
    [each for each in SETTINGS.values() if each.group and each.name != "dataset"],  # which has cards
    ids=lambda each: each.name,
)


class Page(HTMLParser):
    """The fields of settings by name, with the control around each, and the texts of its options by value."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, dict[str, Any]] = {}
        self.ids: list[str] = []
        self.body: dict[str, str] = {}
        self._control = ""
        self._options: dict[str, str] | None = None
        self._value: str | None = None
        application = FastAPI()
        application.include_router(page_routes(Files(STATIC)))
        self.feed(TestClient(application).get("/").text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.ids += [said["id"]] if "id" in said else []
        self._control = said.get("data-control", self._control)
        if tag == "body":
            self.body = said
        if "data-setting" in said:
            self._options = {} if tag == "select" else None
            self.fields[said["data-setting"]] = {**said, "control": self._control, "options": self._options}
        self._value = said.get("value") if tag == "option" and "disabled" not in said else None

    def handle_data(self, data: str) -> None:
        if self._options is not None and self._value is not None:
            self._options[self._value] = data
            self._value = None


@pytest.fixture(scope="module")
def page() -> Page:
    return Page()


@ALL
def test_each_has_a_flag_with_help(each: Setting) -> None:
    train: Any = typer.main.get_command(cli).commands["train"]  # type: ignore[attr-defined]
    flags = {flag: option.help for option in train.params for flag in option.opts}
    assert flags[f"--{each.name.replace('_', '-')}"]


@ALL
def test_each_can_be_hidden_and_is_explained(each: Setting) -> None:
    for control in each.controls:
        assert CONTROLS[control]
        assert EXPLANATIONS[control]


def test_nothing_is_explained_twice() -> None:
    parts = [part for name, part in vars(explanations).items() if name.startswith("_") and name.isupper()]
    assert sum(map(len, parts)) == len(EXPLANATIONS)


@WITH_A_FIELD
def test_each_has_a_field_in_the_control_of_its_name(each: Setting, page: Page) -> None:
    field = page.fields[each.name]
    assert field["control"] == each.name
    assert field["id"] in page.ids
    assert field.get("data-number") == each.number
    assert field.get("aria-label", each.label) == each.label


@WITH_A_FIELD
def test_a_list_has_what_is_declared_and_begins_with_the_default(each: Setting, page: Page) -> None:
    options = page.fields[each.name]["options"]
    if options is None:
        assert each.kind is bool or each.slider
        return
    words = [str(word) for word in each.words if isinstance(word, str)]
    if each.choices:
        assert options == each.choices
    else:
        assert [float(value) for value in options if value not in words] == list(each.offers)
        assert [value for value in options if value in words] == words
    for value, text in each.words.items():
        assert options[str(value)] == text


def test_there_is_no_field_of_anything_else(page: Page) -> None:
    assert set(page.fields) <= set(SETTINGS)
    assert len(set(page.ids)) == len(page.ids)


def test_numbers_are_said_as_people_write_them(page: Page) -> None:
    """In tests/static/number-kinds.test.js the page says others in the same way."""
    assert page.fields["learning_rate"]["options"]["0.00001"] == "0.00001"
    assert page.fields["schedule_epochs"]["options"]["100000"] == "100,000"
    assert page.fields["dropout"]["options"]["0.3"] == "30 %"
    assert page.fields["stop_accuracy"]["options"]["95"] == "95 %"
    assert page.fields["stop_plateau"]["options"]["1000"] == "For 1,000 epochs"


def test_the_page_can_read_every_kind_of_number() -> None:
    script = (ROOT / "static" / "shell" / "number-kinds.js").read_text()
    listed = re.search(r"NUMBER_KINDS = \{(.*?)\}", script)
    assert listed
    assert re.findall(r"([\w-]+)\"?(?::|,|$)", listed[1].replace(": perCent", "")) == list(get_args(Number))


def test_back_leads_over_what_starts_over_or_changes_the_number_of_weights(page: Page) -> None:
    beginnings = [each.name for each in SETTINGS.values() if each.costs in {"weights", "run"}]
    assert page.body["data-beginnings"].split() == beginnings
    assert set(page.body["data-gradual"].split()) <= set(beginnings)


def rows() -> dict[str, tuple[str, str]]:
    """Default and text of each setting, from the README's table."""
    table = (ROOT / "README.md").read_text().partition("| setting | default | |\n")[2].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[1:]]
    names = [name for name, _, _ in cells]
    assert len(set(names)) == len(names)
    return {name.strip("`"): (default, text) for name, default, text in cells}


@ALL
def test_the_readme_tells_its_default_and_what_it_may_be(each: Setting) -> None:
    default, text = rows()[each.name]
    assert default == ", ".join(map(written, each.default if isinstance(each.default, tuple) else [each.default]))
    if each.low is not None:
        assert f"{each.low:,} to {each.high:,}" in text.replace("−", "-")
    if each.name != "activations":  # “same”, or one of another row
        assert {f"`{value}`" for value in each.values} <= set(re.findall("`[^`]+`", f"{default} {text}"))


def written(value: object) -> str:
    """As the README writes a value."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value}`" if isinstance(value, str) else f"{value:,}"


def test_the_readme_names_nothing_else() -> None:
    assert set(rows()) == set(SETTINGS)


def test_all_that_can_be_hidden_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "compatibility.md").read_text()
    hide = next(line for line in page.splitlines() if line.startswith("| `hide` |"))
    assert [name for name in re.findall(r"`(\w+)`", hide)[1:] if name != "neurons_2"] == list(OWN)
