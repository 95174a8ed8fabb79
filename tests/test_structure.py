"""The repository as a whole: allowed imports, documented settings, and names that no file may contain."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from engine.labs.plane.settings import SETTING_NAMES

ROOT = Path(__file__).parent.parent
ENGINE_MAY_IMPORT = {*sys.stdlib_module_names, "engine", "numpy", "numba", "llvmlite", "platformdirs"}
LOADS = r"""(?:from|import|src=|href=|url\(|fetch\()\s*\(?["']?"""
ADDRESS = r"""((?:https?:)?//[^"'\s)]+)"""
OURS = {"app", "engine", "hyperplane", "tests", "benchmarks", "tools"}
OF_THE_WHEEL = ("app", "engine", "hyperplane")
PACKAGED = sorted(path for package in OF_THE_WHEEL for path in ROOT.glob(f"{package}/**/*.py"))


def imported_by(path: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: absolute imports only"
            names.add((node.module or "").split(".")[0])
    return names


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Name and text of each file that is text."""
    for path in paths:
        try:
            yield str(path.relative_to(ROOT)), path.read_text()
        except UnicodeDecodeError:
            continue


def module_ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", sorted(ROOT.glob("engine/**/*.py")), ids=module_ids)
def test_the_engine_imports_only_numbers_and_itself(path: Path) -> None:
    assert imported_by(path) <= ENGINE_MAY_IMPORT


@pytest.mark.parametrize("path", PACKAGED, ids=module_ids)
def test_every_import_is_a_statement(path: Path) -> None:
    """So that the tests here find it."""
    assert not re.search(r"\b(?:import_module|__import__)\b", path.read_text())


@pytest.mark.parametrize("path", sorted(ROOT.glob("app/**/*.py")), ids=module_ids)
def test_the_server_imports_none_of_our_tools(path: Path) -> None:
    assert imported_by(path) & OURS <= {"app", "engine"}


@pytest.mark.parametrize("path", sorted(ROOT.glob("hyperplane/**/*.py")), ids=module_ids)
def test_what_programs_import_stands_on_server_and_engine_alone(path: Path) -> None:
    assert imported_by(path) & OURS <= {"app", "engine", "hyperplane"}


def python_imports() -> dict[str, set[str]]:
    """For each of our modules those of ours that it imports, anywhere in it."""
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in PACKAGED
    }
    found: dict[str, set[str]] = {name: set() for name in modules}
    for name, path in modules.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                named = {f"{node.module}.{alias.name}" for alias in node.names} & modules.keys()
                found[name] |= named or ({node.module} & modules.keys())
            elif isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names} & modules.keys()
    return found


def page_imports() -> dict[str, set[str]]:
    """The same for the page's modules; imports of types alone are in comments."""
    code = re.compile(
        r"""(?:^(?:import|export)\b(?:[^;]*?from)?\s+|await import\()["'`](\.\.?/[\w./-]+\.js)["'`]""", re.MULTILINE
    )
    return {
        str(path.relative_to(ROOT)): {
            str((path.parent / name).resolve().relative_to(ROOT)) for name in code.findall(path.read_text())
        }
        for path in ROOT.glob("static/**/*.js")
    }


@pytest.mark.parametrize("imports", [python_imports, page_imports], ids=["server", "page"])
def test_no_modules_import_each_other_in_a_circle(imports: Callable[[], dict[str, set[str]]]) -> None:
    graph = imports()
    assert sum(map(len, graph.values())) > len(graph)  # it has been read
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' → '.join(error.args[1])}")


LABS = sorted(path.parent.name for path in ROOT.glob("engine/labs/*/__init__.py"))
KNOWS_LABS = {
    "app/terminal/bench.py",  # measures the plane's engine, as docs/figures.md has it
    "engine/warm_up.py",  # compiles the kernels of all labs
}
OUTSIDE_LABS = [
    path
    for path in PACKAGED
    if "labs" not in path.relative_to(ROOT).parts and str(path.relative_to(ROOT)) not in KNOWS_LABS
]


@pytest.mark.parametrize("path", OUTSIDE_LABS, ids=module_ids)
def test_nothing_outside_labs_names_a_lab(path: Path) -> None:
    """Labs are known by their record: `LABS`, and the first of them."""
    for lab in LABS:
        named = rf"(?<!gradient )\b{lab}\b"  # which is a method, whatever labs there are
        assert not re.findall(named, path.read_text(), re.IGNORECASE)


def test_the_exceptions_are_needed() -> None:
    for name in KNOWS_LABS:
        assert "engine.labs.plane" in (ROOT / name).read_text()


def test_the_labs_of_engine_and_server_are_the_same() -> None:
    assert sorted(path.parent.name for path in ROOT.glob("app/labs/*/__init__.py")) == LABS


def test_drawing_knows_neither_messages_nor_views() -> None:
    drawing = {name: names for name, names in page_imports().items() if name.startswith("static/drawing/")}
    assert drawing
    for name, names in drawing.items():
        assert all(each.startswith("static/drawing/") for each in names), f"{name} imports {names}"


MOST_LINES = 40  # of a function that wires: what is longer is several things
WIRING = [
    *sorted(ROOT.glob("app/sessions/*.py")),
    ROOT / "app" / "serving" / "application.py",
    ROOT / "app" / "serving" / "live.py",
    *sorted(ROOT.glob("app/terminal/**/*.py")),
    *sorted(ROOT.glob("hyperplane/**/*.py")),
]


@pytest.mark.parametrize("path", WIRING, ids=module_ids)
def test_no_function_that_wires_is_long(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.body[0].lineno + 1
            assert lines <= MOST_LINES, f"{node.name} has {lines} lines"


def test_a_client_of_the_protocol_compiles_nothing() -> None:
    code = "import sys, app.client; sys.exit('numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_program_waits_for_messages_and_kernels_only_when_it_uses_them() -> None:
    """Nor does a session compile anything: its arrays come from the server."""
    code = (
        "import sys, hyperplane\n"
        "assert not {'numpy', 'pydantic', 'numba', 'app.client'} & sys.modules.keys()\n"
        "from hyperplane.opening import session_class\n"
        "session_class('plane'), session_class('digits')\n"
        "assert 'numba' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_the_page_loads_only_its_own_files() -> None:
    for name, text in texts(
        [*ROOT.glob("static/**/*.js"), *ROOT.glob("static/**/*.css"), *ROOT.glob("templates/**/*.html")]
    ):
        addresses = re.findall(LOADS + ADDRESS, text)
        assert not addresses, f"{name} loads from elsewhere"


def test_the_message_types_of_the_page_are_fresh() -> None:
    subprocess.run([sys.executable, "-m", "tools.protocol_types", "--check"], cwd=ROOT, check=True)


REGISTRIES = [  # split and with brackets, so that this file itself names none
    ("pypi", "org"),
    ("python[h]osted", "org"),
    ("npmjs", "(?:org|com)"),
    ("yarnpkg", "com"),
    ("deb", "debian", "org"),
    ("(?:conda|anaconda)", "org"),
]


def test_no_file_names_a_machine_or_a_registry() -> None:
    machine = r"(?<![\w.])/(?:work|root|Users|mnt)/"
    registries = "|".join(r"\.".join(parts) for parts in REGISTRIES)
    for name, text in texts(tracked_files()):
        found = re.findall(f"{machine}|{registries}", text)
        assert not found, f"{name} names {found}"


def test_the_lock_file_holds_no_addresses() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


@pytest.mark.parametrize("setting", SETTING_NAMES)
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_make_targets_that_a_page_names_exist(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", " ".join(code_of(ROOT / page))))
    assert named
    assert named <= targets


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=module_ids)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_dependency_is_documented() -> None:
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    page = (ROOT / "docs" / "dependencies.md").read_text().lower()
    missing = [name for name in pinned if not re.search(rf"(?<![\w-]){re.escape(name.lower())}(?![\w-])", page)]
    assert not missing


def code_of(page: Path) -> list[str]:
    """The text of a page's code blocks and spans."""
    text = page.read_text()
    return re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
