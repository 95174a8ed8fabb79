"""docs/deployment/hyperplane.service: its settings exist, and its command runs for a user without a home."""

import os
import re
import shlex
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import typer

from app.config import PREFIX, Config
from app.terminal.cli import cli
from engine.kernel import CACHE_FOLDER, is_compiled
from tests.servers import fetch, free_port, hyperplane, serving

UNIT = Path(__file__).parents[2] / "docs" / "deployment" / "hyperplane.service"
INSTALLED = "/opt/hyperplane/bin/hyperplane"
NOBODY = 65534


def options(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.MULTILINE)


def test_it_names_only_settings_and_flags_there_are() -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", UNIT.read_text()))
    assert {"STORE", "CACHE"} <= named
    assert {name.lower() for name in named} - {"cache"} <= set(Config.model_fields)
    (command,) = options("ExecStart")
    program, subcommand, *arguments = shlex.split(command)
    assert (program, subcommand) == (INSTALLED, "serve")
    known = {flag for parameter in typer.main.get_command(cli).commands["serve"].params for flag in parameter.opts}  # type: ignore[attr-defined]
    assert {argument for argument in arguments if argument.startswith("-")} <= known


def test_systemd_understands_it(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    unit = tmp_path / "hyperplane.service"
    unit.write_text(UNIT.read_text().replace(INSTALLED, hyperplane()))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("setpriv") is None or os.geteuid() != 0, reason="only root can be somebody else")
def test_its_command_runs_for_a_user_without_a_home(tmp_path: Path) -> None:
    """With its variables and limits, and the folders of StateDirectory and CacheDirectory."""
    port, folders = free_port(), {name: tmp_path / name for name in ("lib", "cache")}
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    if is_compiled():  # as at the second start
        shutil.copytree(CACHE_FOLDER, folders["cache"] / CACHE_FOLDER.name)
    for path in (*folders.values(), *folders["cache"].rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    moved = re.sub(r"/var/(lib|cache)/hyperplane", lambda found: str(folders[found[1]]), UNIT.read_text())
    variables = dict(re.findall(r"^Environment=(\w+)=(.*)$", moved, re.MULTILINE))
    (command,), (files,) = options("ExecStart"), options("LimitNOFILE")
    as_nobody = (
        f"umask 077; ulimit -n {files}; exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups --no-new-privs "
        "--inh-caps +dac_read_search --ambient-caps +dac_read_search "  # Python may lie in root's own folder
        + command.replace(INSTALLED, hyperplane()).replace("8000", str(port))
    )
    environment = {"PATH": os.environ["PATH"], "HOME": "/", **variables}
    with serving(["sh", "-c", as_nobody], port, environment, tmp_path) as server:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == NOBODY
        assert b"Hyperplane" in fetch(server.address)
        kept = folders["lib"] / "sessions.sqlite3"
        assert (kept.stat().st_uid, stat.S_IMODE(kept.stat().st_mode)) == (NOBODY, 0o600)
        server.process.terminate()
        assert server.process.wait(60) == 0
        said = server.log.read_text()
    assert '"warning"' not in said
    assert "Traceback" not in said
