"""The pages of several labs: what each is called, and how a visitor comes from one to another."""

import re
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient

from app.config import Config
from app.labs import FIRST, LABS
from app.serving.application import Server, create_app

TWIN = replace(FIRST, name="twin", title="Twin", path="/twin")
WAY = re.compile(r'<a href="([^"]*)" data-lab-page="(\w+)"( aria-current="page")?>(\w+)</a>')


def server() -> TestClient:
    """Its pages alone: nothing of it is started."""
    return TestClient(create_app(Server(Config(no_store=True, allowed_hosts=["testserver"]))))


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Of a server with one more lab."""
    monkeypatch.setitem(LABS, TWIN.name, TWIN)
    return server()


@pytest.mark.parametrize("path", ["/", "/twin"])
@pytest.mark.parametrize("base", ["", "/playground"])
def test_each_page_leads_to_all_labs(browser: TestClient, path: str, base: str) -> None:
    page = browser.get(path, headers={"X-Forwarded-Prefix": base} if base else {}).text
    ways = WAY.findall(page)
    assert [(name, title) for _, name, _, title in ways] == [(lab.name, lab.title) for lab in LABS.values()]
    assert [urljoin(base + path, way) for way, *_ in ways] == [base + lab.path for lab in LABS.values()]
    assert [name for _, name, current, _ in ways if current] == [FIRST.name if path == "/" else "twin"]


def test_a_page_loads_its_own_lab_and_says_which_it_is(browser: TestClient) -> None:
    page = browser.get("/twin").text
    assert "<title>Twin – Hyperplane" in page
    assert '<body data-lab="twin" data-path="twin"' in page
    first = browser.get("/").text
    assert f'<body data-lab="{FIRST.name}" data-path=""' in first
    assert re.findall(r'modulepreload" href="[^"]*/labs/(\w+)/lab.js"', first) == [FIRST.name]


def test_with_one_lab_there_is_no_way_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in LABS if name != FIRST.name]:
        monkeypatch.delitem(LABS, name)
    page = server().get("/").text
    assert "data-lab-page" not in page
    assert "<title>Hyperplane" in page
