"""The page below a path of another site, behind a real nginx, as in docs/deployment.md and as other proxies do it."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.error import HTTPError

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.playground import Playground
from tests.servers import Server, fetch, figure, free_port, hyperplane, serving
from tests.services import NGINX, ROOT, nginx

FONT = """async () => (await document.fonts.load("12px 'STIX Two Math'")).map(font => font.status).join()"""


@dataclass(frozen=True)
class Place:
    """The place where a visitor opens the page."""

    port: int  # of nginx
    path: str
    server: Server

    def figure(self, resumed: str) -> float:
        return figure(self.server, "hyperplane_places_total", resumed=resumed)


def described(path: str) -> str:
    """The locations of docs/deployment.md, at this path."""
    found = re.search(
        r"location /playground/metrics .*?\nlocation /playground/ \{.*?\n\}",
        (ROOT / "docs" / "deployment.md").read_text(),
        re.DOTALL,
    )
    assert found
    return found[0].replace("/playground", path).replace("127.0.0.1:8000", "hyperplane")


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} in {text!r}"
        text = text.replace(old, new)
    return text


def without_header(text: str) -> str:
    return re.sub(r"\n.*X-Forwarded-Prefix.*", "", text)


# As in that page; the same without a header for the path; as with Traefik's StripPrefix, which makes one address of
# /told and /told/; and with the whole path passed on.
LOCATIONS = {
    "": [
        described("/stripped"),
        without_header(described("/bare")),
        changed(
            described("/told"),
            ("location /told/ ", "location /told "),
            ("hyperplane/;", "hyperplane; rewrite ^/told/?(.*) /$1 break;"),
        ),
    ],
    "/whole": [
        changed(
            without_header(described("/whole")),
            ("location /whole/ ", "location /whole "),
            ("hyperplane/;", "hyperplane;"),
        )
    ],
}
PLACES = ["/stripped/", "/bare", "/told/", "/told", "/whole/", "/whole"]
KINDS = pytest.mark.parametrize("place", ["/bare", "/told", "/whole/"], indirect=True)  # the others behave alike


def configuration(root_path: str) -> str:
    """docs/deployment/hyperplane.conf with locations for a server whose setting is this path."""
    locations = "\n".join(LOCATIONS[root_path])
    text, count = re.subn(r"    location / \{.*?\n    \}", lambda _: locations, NGINX.read_text(), flags=re.DOTALL)
    assert count == 1
    return text


@pytest.fixture(scope="module")
def ports(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[int, Server]]]:
    """nginx's port and the server behind it, by the server's root path: one without, one with."""
    port, environment = free_port(), {**os.environ, "HYPERPLANE_ROOT_PATH": "/whole"}
    folders = [tmp_path_factory.mktemp("nginx") for _ in range(2)]
    with (
        serving([hyperplane(), "serve", "--port", str(port)], port, environment) as told,
        nginx(folders[0], [server.port] * 2, configuration("")) as first,
        nginx(folders[1], [told.port] * 2, configuration("/whole")) as second,
    ):
        yield {"": (first, server), "/whole": (second, told)}


@pytest.fixture(params=PLACES)
def place(ports: dict[str, tuple[int, Server]], request: pytest.FixtureRequest) -> Place:
    port, server = ports["/whole" if request.param.startswith("/whole") else ""]
    return Place(port, request.param, server)


def open_at(visit: Visit, place: Place, fragment: str = "") -> Playground:
    return visit.open(port=place.port, path=place.path, fragment=fragment)


def test_the_page_is_whole_below_a_path(visit: Visit, place: Place) -> None:
    """`visit` checks that there is no error in the console and no request elsewhere."""
    playground = open_at(visit, place)
    page, home = playground.page, f"http://127.0.0.1:{place.port}{place.path.rstrip('/')}"
    assert page.evaluate(FONT) == "loaded"
    playground.play()
    playground.wait_to_pass_epoch(3)
    playground.pause()
    playground.button("Lessons").click()
    page.get_by_role("link", name="A perceptron cannot do XOR").click()
    expect(page.get_by_role("heading", name="A perceptron cannot do XOR")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"{re.escape(home)}/?#v=1&dataset=xor.*lesson=perceptron-xor"))
    page.go_back()
    expect(page.get_by_role("radio", name="Circle", exact=True)).to_be_checked()
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_test_id("loss-test-B")).to_contain_text("0.")
    expect(page).to_have_url(re.compile(rf"{re.escape(home)}/compare\?lab=\w+#A=v%3D1.*&B=v%3D1"))
    page.get_by_role("link", name=re.compile("Back to")).click()
    playground.wait_for_first_frame()


@KINDS
def test_a_shared_link_opens_the_same_experiment_for_another_visitor(visit: Visit, place: Place) -> None:
    playground = open_at(visit, place, "#v=1&dataset=xor&hidden=3")
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    playground.button("Share").click()
    shared = playground.page.get_by_label("Link of this experiment")
    playground.page.get_by_label("Include weights").check()
    playground.wait_until(lambda: "weights=" in shared.input_value(), "a link with weights")
    link = shared.input_value()
    assert re.match(rf"http://127\.0\.0\.1:{place.port}{place.path.rstrip('/')}/?#v=1&dataset=xor", link)
    path, _, fragment = link.partition(str(place.port))[2].partition("#")
    other = visit.open(port=place.port, path=path, fragment=f"#{fragment}")
    other.wait_for_epoch(1)
    expect(other.neurons(1)).to_have_count(3)
    assert other.picture() == playground.picture()


@pytest.mark.parametrize("place", ["/stripped/", "/whole"], indirect=True)
def test_the_bare_address_opens_the_default_experiment_with_and_without_a_slash(visit: Visit, place: Place) -> None:
    playground = open_at(visit, place, "#v=1&dataset=xor")
    home = f"http://127.0.0.1:{place.port}{place.path.rstrip('/')}"
    for address in (home, f"{home}/", f"{home}#"):
        playground.choose("Dataset", "XOR")
        playground.button("Share").click()
        playground.page.get_by_label("Open link").fill(address)
        playground.button("Open").click()
        expect(playground.page.get_by_role("radio", name="Circle", exact=True)).to_be_checked()


@KINDS
def test_a_reloaded_page_comes_back_to_its_live_session(visit: Visit, place: Place) -> None:
    playground = open_at(visit, place)
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    before = {word: place.figure(word) for word in ("none", "live", "copy", "checkpoint")}
    for _ in range(2):
        playground.page.reload()
        playground.wait_for_epoch(1)
    assert {word: place.figure(word) for word in before} == {**before, "live": before["live"] + 2}


def test_figures_are_not_for_the_public_below_a_path_either(ports: dict[str, tuple[int, Server]]) -> None:
    for root_path, path in (("", "/stripped"), ("", "/told"), ("/whole", "/whole")):
        site = f"http://127.0.0.1:{ports[root_path][0]}"
        assert json.loads(fetch(f"{site}{path}/readyz"))["status"] == "ready"
        with pytest.raises(HTTPError) as refused:
            fetch(f"{site}{path}/metrics")
        with refused.value as answer:
            assert answer.code == 403


def test_two_playgrounds_of_one_site_do_not_know_each_others_sessions(
    visit: Visit, ports: dict[str, tuple[int, Server]]
) -> None:
    playground = visit.open(port=ports[""][0], path="/bare/")
    visit.guards[-1].allow("/told/")
    playground.button("Step").click()
    playground.wait_for_epoch(1)
    playground.page.goto(f"http://127.0.0.1:{ports[''][0]}/told/")
    playground.wait_for_epoch(0)
    playground.page.goto(f"http://127.0.0.1:{ports[''][0]}/bare/")
    playground.wait_for_epoch(1)
