"""The Makefile: it reports an older Python before it runs pip."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
OLDER = "#!/bin/sh\nexit 1\n"  # stands for Python 3.10: it only answers our question about its version


@pytest.mark.parametrize("where", ["named", "in .venv"])
def test_a_python_that_is_too_old_is_told_in_words(where: str, tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    older = tmp_path / ("python3.10" if where == "named" else ".venv/bin/python")
    older.parent.mkdir(parents=True, exist_ok=True)
    older.write_text(OLDER)
    older.chmod(0o755)
    arguments = [f"PYTHON={older}"] if where == "named" else []
    result = subprocess.run(
        ["make", "-C", str(tmp_path), "setup", *arguments], capture_output=True, text=True, check=False
    )
    assert result.returncode != 0
    assert "Hyperplane needs Python 3.11 or newer, and " in result.stderr
    assert ("Remove .venv" in result.stderr) == (where == "in .venv")
    assert "Installing" not in result.stdout


def test_all_that_names_the_oldest_python_names_the_same() -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    major, minor = needed.removeprefix(">=").split(".")
    asked = re.findall(r"sys\.version_info < \((\d+), (\d+)\)", (ROOT / "Makefile").read_text())
    assert set(asked) == {(major, minor)}
