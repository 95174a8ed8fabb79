"""load/: its arithmetic beside NumPy and by hand, and visitors against a real server."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.labs import LABS
from app.pages.assets import STATIC
from app.pages.files import Files
from app.terminal.load.figures import jain, percentiles, spread
from app.terminal.load.process import is_here, listening_on, sample
from tests.servers import Server, figure, free_port, hyperplane, serving

ROOT = Path(__file__).parents[2]
OF_OTHERS = {("labs", lab) for lab in LABS if lab != "plane"} | {("shell", "compare")}
FILES = (
    len(Files(STATIC).modules_of("main.js", "labs/plane/lab.js"))
    + sum(  # that the page of the plane needs
        path.suffix in {".css", ".svg", ".woff2"} and path.relative_to(STATIC).parts[:2] not in OF_OTHERS
        for path in STATIC.rglob("*")
    )
)


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([hyperplane(), "load", *arguments], capture_output=True, text=True, check=False, timeout=120)


def report(server: Server, *arguments: str) -> dict[str, Any]:
    done = run("--url", server.address, "--json", "--seconds", "1.5", *arguments)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_percentiles_are_numpys() -> None:
    values = list(np.random.default_rng(1).exponential(10, 500))
    found = percentiles(values)
    assert [found[f"p{share}"] for share in (50, 95, 99)] == pytest.approx(np.percentile(values, [50, 95, 99]))
    assert (found["count"], found["max"]) == (500, max(values))
    assert percentiles([]) == {"count": 0}


def test_fairness_is_one_for_all_the_same_and_one_nth_for_all_to_one() -> None:
    assert jain([3, 3, 3, 3]) == pytest.approx(1)
    assert jain([5, 0, 0, 0, 0]) == pytest.approx(0.2)
    assert jain([1, 2]) == pytest.approx(0.9)
    assert np.isnan(jain([]))


def test_a_spread_is_least_median_mean_and_most() -> None:
    assert spread([4, 1, 1]) == {"min": 1, "median": 1, "mean": 2, "max": 4}


def test_the_servers_process_is_found_by_its_port(server: Server) -> None:
    pid = listening_on(server.port)
    assert pid == server.process.pid
    first = sample(pid)
    assert first.memory > 2**20
    assert sample(pid).cpu_seconds >= first.cpu_seconds > 0
    assert listening_on(free_port()) is None


def test_visitors_get_frames_and_answers(server: Server) -> None:
    found = report(server, "--sessions", "3", "--clicks-per-second", "5")
    assert (found["sessions"], found["refused"], found["mode"]) == (3, {}, "playing")
    assert found["frames_per_second"]["min"] > 0
    assert 1 / 3 <= found["fairness"] <= 1
    assert found["click_to_frame_ms"]["count"] > 0
    assert 0 < found["click_to_frame_ms"]["p50"] <= found["click_to_frame_ms"]["p99"]
    assert found["gap_ms"]["count"] > 0
    assert found["arrival_ms"]["count"] == found["sessions"]
    assert found["usage"]["cpu"] > 0
    assert found["megabytes_per_second"] > 0


def test_heavy_visitors_are_counted_by_themselves(server: Server) -> None:
    found = report(server, "--sessions", "3", "--heavy", "1")
    assert found["sessions"] == 3
    assert found["heavy_frames_per_second"]["max"] > 0
    assert found["fairness"] >= 0.5  # of the two others


def test_visitors_who_stay_for_a_while_are_followed_by_others(server: Server) -> None:
    def newcomers() -> float:
        return figure(server, "hyperplane_places_total", resumed="none")

    before = newcomers()
    found = report(server, "--sessions", "3", "--stay-seconds", "0.2")
    assert (found["sessions"], found["refused"]) == (3, {})
    assert newcomers() >= before + 6


def test_hidden_visitors_get_nothing(server: Server) -> None:
    found = report(server, "--sessions", "3", "--mode", "hidden")
    assert found["sessions"] == 3
    assert found["frames_per_second"]["max"] == 0


def test_without_psutil_it_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['psutil'] = None; sys.argv[1:] = ['load']; from app.terminal.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert "pip install 'hyperplane[load]'" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_where_no_server_is_nobody_comes_in() -> None:
    done = run("--url", f"http://127.0.0.1:{free_port()}", "--sessions", "2", "--seconds", "0.5")
    assert done.returncode == 1
    assert "2 with code 1006" in done.stdout
    assert "Traceback" not in done.stderr


def test_visitors_find_a_server_below_a_path() -> None:
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port), "--root-path", "/playground"], port) as server:
        for path in ("/playground", "/playground/"):
            address = f"{server.address}{path}"
            assert report(server, "--url", address, "--sessions", "2")["sessions"] == 2
            burst = json.loads(run("--url", address, "--sessions", "2", "--burst", "--bare", "2", "--json").stdout)
            assert (burst["failures"], burst["incomplete"], burst["unopened"], burst["bare_failures"]) == ({}, 0, 0, {})
            assert burst["files"] == 1 + FILES
        assert f"Hyperplane is at {server.address}/playground (" in server.log.read_text()
        lost = run("--url", f"{server.address}/elsewhere", "--sessions", "2", "--seconds", "0.5")
        assert (lost.returncode, "2 with code 1006" in lost.stdout) == (1, True)


@pytest.mark.parametrize(("url", "said"), [("http://192.0.2.1:80", "this machine"), ("localhost:8000", "http://")])
def test_other_machines_are_left_alone(url: str, said: str) -> None:
    done = run("--url", url)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize(("host", "here"), [("127.0.0.1", True), ("localhost", True), ("192.0.2.1", False)])
def test_an_address_is_here_if_it_can_be_bound(host: str, here: bool) -> None:
    assert is_here(host) is here
