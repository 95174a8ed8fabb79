"""The README and docs/python.md: all their Python runs, in its order, and gives what stands behind the arrows."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import hyperplane
from tests.servers import Server

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ARROW = re.compile(r"  # → (.*)$")


def run(code: str, names: dict[str, Any]) -> int:
    """Run a block, statement by statement; returns how many results were compared."""
    compared, lines = 0, code.split("\n")
    for statement in ast.parse(code).body:
        arrow = ARROW.search(lines[(statement.end_lineno or 0) - 1])
        source = ast.get_source_segment(code, statement) or ""
        if arrow and isinstance(statement, ast.Expr):
            compared += 1
            assert repr(eval(source, names)) == arrow[1], source
        else:
            assert not arrow, f"{source}: an arrow stands behind an expression"
            exec(source, names)
    return compared


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_every_block_of_a_page_gives_what_it_says(
    page: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = hyperplane.connect
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(hyperplane, "connect", lambda _="", **rest: connect(server.address, **rest))
    blocks, names = BLOCK.findall((ROOT / page).read_text()), dict[str, Any]()
    compared = sum(run(block, names) for block in blocks)
    assert blocks
    assert compared == len(re.findall(r"# → ", "".join(blocks)))


def test_a_wrong_result_would_be_noticed() -> None:
    with pytest.raises(AssertionError):
        run("1 + 1  # → 3", {})
