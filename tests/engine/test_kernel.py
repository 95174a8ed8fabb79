"""kernel.py: where compiled kernels are kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAY = "from engine.kernel import CACHE_FOLDER; print(CACHE_FOLDER.parent)"
# As for a user that the system does not know.
NO_HOME = f"import os; os.environ.pop('HOME'); os.path.expanduser = lambda path: path; {SAY}"

linux = pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")


def folder(script: str, home: Path, **variables: str) -> Path:
    """Where a process with these variables keeps kernels."""
    path = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environment = {**path, "HOME": str(home), "TMPDIR": str(home.parent), **variables}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


@linux
def test_kernels_are_in_the_cache_folder_of_the_user(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    usual = home / ".cache" / "hyperplane"
    assert folder(SAY, home) == usual
    assert folder(SAY, home, XDG_CACHE_HOME="") == usual
    assert folder(SAY, home, XDG_CACHE_HOME=str(tmp_path / "cache")) == tmp_path / "cache" / "hyperplane"
    assert folder(SAY, home, HYPERPLANE_CACHE=str(tmp_path / "named")) == tmp_path / "named"


@pytest.mark.parametrize("script", [SAY, NO_HOME], ids=["not a folder", "none"])
def test_a_user_without_a_home_has_a_new_folder_each_time(script: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.touch()
    first, second = folder(script, home), folder(script, home)
    assert first.parent == second.parent == tmp_path
    assert first != second
    assert first.stat().st_mode & 0o077 == 0  # what lies there is executed


CHOICE = """
import numpy as np
from engine.kernel import inlined, kernel, one_of
from engine.warm_up import when_compiling

@inlined
def double(row, numbers):
    numbers[0] *= 2

@inlined
def negate(row, numbers):
    numbers[0] *= -1

choose = one_of("row, numbers", {3: double, 7: negate})

@kernel
def run(rows, numbers):
    for r in range(len(rows)):
        choose(rows[r], numbers)

rows = np.array([(3,), (5,), (7,), (3,)], [("operation", np.int64)])
numbers = np.array([1])
with when_compiling(lambda: print("compiled", end=" ")):
    run(rows, numbers)
print(numbers[0])
"""


def test_a_kernel_with_a_written_choice_comes_from_the_disk(tmp_path: Path) -> None:
    """Where the choice was caught in a closure, each process would compile it (numba#6264)."""
    (tmp_path / "choice.py").write_text(CHOICE)
    environment = {**os.environ, "HYPERPLANE_CACHE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(tmp_path / "choice.py")]
    said = [subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(2)]
    assert [each.stdout for each in said] == ["compiled -4\n", "-4\n"]
