"""config.py: what an operator writes wrong is named, in a line."""

import os
import subprocess
from pathlib import Path

import pytest

from app.config import Config, unknown_variables
from app.labs import LABS
from tests.servers import hyperplane

MOST_PARAMETERS = max(lab.most_parameters for lab in LABS.values())
HOME = ("PATH", "XDG_CACHE_HOME", "XDG_DATA_HOME", "HYPERPLANE_CACHE")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`hyperplane`, with these variables and few others."""
    kept = {name: os.environ[name] for name in HOME if name in os.environ}
    command = [hyperplane(), *arguments]
    return subprocess.run(command, env={**kept, **environment}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("foo.example", ["foo.example"]),
        ("foo.example, bar ,", ["foo.example", "bar"]),
        ('["a", "b"]', ["a", "b"]),
    ],
)
def test_names_come_by_commas_or_as_json(text: str, hosts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPERPLANE_ALLOWED_HOSTS", text)
    assert Config().allowed_hosts == hosts


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("HYPERPLANE_STORE", "redis://[[[", "came, expected redis://host:port/number"),
        ("HYPERPLANE_STORE", "redis://host:port", "came, expected redis://host:port/number"),
        ("HYPERPLANE_ALLOWED_HOSTS", '["a', "came, expected names by commas, or a JSON list"),
        ("HYPERPLANE_FRAME_ANCESTORS", "ftp://x", "expected https://host"),
        ("HYPERPLANE_TRUSTED_PROXIES", "127.0.0.1,proxy.example", "expected an address or a network"),
        ("HYPERPLANE_PORT", "many", "port"),
        ("HYPERPLANE_PARAMETERS", str(MOST_PARAMETERS + 1), f"less than or equal to {MOST_PARAMETERS}"),
    ],
)
def test_a_wrong_setting_is_a_line_and_no_traceback(name: str, text: str, words: str) -> None:
    ended = run("check-config", **{name: text})
    assert ended.returncode == 2
    assert words in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr


def test_a_name_that_is_no_setting_is_named() -> None:
    assert unknown_variables(["HYPERPLANE_SESION", "PATH", "HYPERPLANE_CACHE"]) == {
        "HYPERPLANE_SESION": "HYPERPLANE_SESSIONS"
    }
    ended = run("check-config", HYPERPLANE_SESION="3")
    assert ended.returncode == 2
    assert "HYPERPLANE_SESION is no setting: HYPERPLANE_SESSIONS may be meant" in ended.stderr
    assert run("check-config").returncode == 0


@pytest.mark.parametrize("home", ["missing", "not a folder"])
def test_a_user_without_a_home_can_run_it(home: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = {"missing": str(tmp_path / "nowhere" / "at" / "all"), "not a folder": str(tmp_path / "file")}[home]
    folders = {"XDG_CACHE_HOME": f"{place}/.cache", "HYPERPLANE_CACHE": "", "TMPDIR": str(tmp_path)}
    ended = run("--version", HOME=place, **folders)
    assert (ended.returncode, ended.stderr) == (0, "")
