"""files.py: the page's files are kept by browsers for as long as they are the same, and come packed."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.config import Config
from app.labs import LABS
from app.labs.contract import Lab
from app.pages import files
from app.pages.assets import STATIC
from app.pages.files import Files
from app.serving.application import Server, create_app

ROOT = Path(__file__).parents[2]
LABS_PAGES = pytest.mark.parametrize("lab", LABS.values(), ids=lambda lab: lab.name)
# What a module imports, as Node reads it: the file is parsed and nothing in it runs.
IMPORTS = """
const [path] = process.argv.slice(1);
const vm = await import("node:vm");
const {readFileSync} = await import("node:fs");
const names = text => new vm.SourceTextModule(text).dependencySpecifiers ?? [];
const seen = new Set();
const walk = url => {
  if (seen.has(url.href)) return;
  seen.add(url.href);
  for (const name of names(readFileSync(url, "utf8"))) walk(new URL(name, url));
};
for (const each of path.split(",")) walk(new URL(each));
console.log(JSON.stringify([...seen]));
"""


@pytest.fixture(scope="module")
def browser() -> TestClient:
    """Of a server whose pages alone are there."""
    return TestClient(create_app(Server(Config(no_store=True, allowed_hosts=["testserver"]))))


def named(page: str) -> list[str]:
    """The files that a page names."""
    return re.findall(r'(?:href|src)="(static/[^"]+)"', page)


@LABS_PAGES
@pytest.mark.parametrize("kind", ["lab", "comparison"])
def test_all_that_a_page_names_is_kept_by_browsers_under_its_version(browser: TestClient, lab: Lab, kind: str) -> None:
    page = browser.get(lab.path if kind == "lab" else f"/compare?lab={lab.name}")
    assert page.headers["cache-control"] == "no-cache"
    assert len({name.split("/")[1] for name in named(page.text)}) == 1, "files of one version"
    for name in named(page.text):
        answer = browser.get(f"/{name}")
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["cache-control"], name


@LABS_PAGES
@pytest.mark.parametrize("kind", ["lab", "comparison"])
def test_a_page_names_every_module_that_it_needs_to_begin_and_no_other(
    browser: TestClient, lab: Lab, kind: str
) -> None:
    is_lab = kind == "lab"
    page = browser.get(lab.path if is_lab else f"/compare?lab={lab.name}").text
    preloaded = re.findall(r'modulepreload" href="static/v-\w+/([^"]+)"', page)
    begun = ("main.js", f"labs/{lab.name}/lab.js") if is_lab else ("compare.js", f"labs/{lab.name}/compare.js")
    roots = ",".join((STATIC / name).as_uri() for name in begun)
    node = [str(ROOT / ".venv" / "bin" / "node"), "--experimental-vm-modules", "--no-warnings", "--input-type=module"]
    found = json.loads(subprocess.run([*node, "-e", IMPORTS, roots], check=True, capture_output=True, text=True).stdout)
    assert sorted((STATIC / name).as_uri() for name in preloaded) == sorted(found)


def test_files_come_packed_to_those_who_can_unpack_them(browser: TestClient) -> None:
    for path in STATIC.rglob("*"):
        if path.is_dir():
            continue
        name = f"/static/{path.relative_to(STATIC)}"
        plain = browser.get(name, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == path.read_bytes()
        packed = browser.get(name, headers={"Accept-Encoding": "br, gzip"})
        assert packed.content == path.read_bytes()  # the client unpacks
        if path.suffix == ".js" and len(plain.content) > 1000:
            assert packed.headers["content-encoding"] == "gzip"
            assert packed.headers["vary"] == "Accept-Encoding"


def test_what_has_not_changed_is_not_sent_again(browser: TestClient) -> None:
    for path in ("/", "/static/main.js"):
        tag = browser.get(path).headers["etag"]
        for said in (tag, f"W/{tag}", f'"other", {tag}'):
            again = browser.get(path, headers={"If-None-Match": said})
            assert (again.status_code, again.content) == (304, b"")
        assert browser.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def kept(answer: Any) -> bool:
    return "immutable" in answer.headers["cache-control"]


def test_another_version_gives_the_file_of_today_but_not_for_long(browser: TestClient) -> None:
    answer = browser.get("/static/v-0123456789ab/main.js")
    assert answer.content == (STATIC / "main.js").read_bytes()
    assert not kept(answer)
    assert not kept(browser.get("/static/main.js"))


def test_a_file_that_changes_gets_another_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_SECONDS_BETWEEN_LOOKS", 0.0)
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "a.js").write_text("1;")
    served = Files(tmp_path)
    site = FastAPI()
    site.mount("/files", served)
    browser = TestClient(site)
    first = served.version
    served.look()
    assert served.version == first
    (tmp_path / "part" / "a.js").write_text("22;")
    served.look()
    assert served.version != first
    answer = browser.get(urljoin("/files/", f"{served.version}/part/a.js"))
    assert answer.text == "22;"
    assert kept(answer)
    assert not kept(browser.get(f"/files/{first}/part/a.js"))
    (tmp_path / "part" / "a.js").unlink()
    served.look()
    assert browser.get("/files/part/a.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["", "/", "/part", "/../pyproject.toml", "/..%2fpyproject.toml", "/v-0123456789ab", "/v-0123456789ab/"]
)
def test_what_is_no_file_is_not_found(browser: TestClient, path: str) -> None:
    assert browser.get(f"/static{path}").status_code == 404
    assert browser.post("/static/main.js").status_code == 405
