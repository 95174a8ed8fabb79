"""The Dockerfile and the wheel: the Dockerfile's lines work, run in a temporary prefix instead of Docker."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from app.config import Config
from tests.servers import Server, fetch, free_port, serving

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Instruction:
    """One line of the Dockerfile with its continuations."""

    stage: int
    name: str
    arguments: str


@cache
def dockerfile() -> tuple[Instruction, ...]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = [line for line in re.sub(r"\\\n\s*", "", text).splitlines() if line.strip()]
    instructions, stage = [], -1
    for line in lines:
        name, _, arguments = line.partition(" ")
        stage += name == "FROM"
        instructions.append(Instruction(stage, name, arguments))
    return tuple(instructions)


def lines(stage: int, name: str) -> list[str]:
    return [one.arguments for one in dockerfile() if (one.stage, one.name) == (stage, name)]


BUILD, IMAGE = 0, 1


@dataclass(frozen=True)
class Image:
    """The result of the Dockerfile, with its folders moved into a temporary one."""

    folder: Path
    wheel: Path
    environment: dict[str, str]

    def moved(self, command: str) -> str:
        """A line with its absolute folders moved into ours."""
        return moved(command, self.folder)


def moved(command: str, folder: Path) -> str:
    return re.sub(r"(?<![\w/:.])/(src|opt|tmp|home)\b", lambda match: f"{folder}/{match[1]}", command)


def environment(stage: int, folder: Path, base: dict[str, str]) -> dict[str, str]:
    """The ENV lines of a stage on top of `base`."""
    result = dict(base)
    for line in lines(stage, "ENV"):
        for pair in shlex.split(line):
            name, _, value = pair.partition("=")
            if name != "PIP_NO_CACHE_DIR":  # here the cache saves a hundred megabytes per run
                result[name] = moved(value, folder).replace("$PATH", result["PATH"])
    return result


def run(command: str, folder: Path, variables: dict[str, str]) -> None:
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def copy_sources(folder: Path) -> None:
    """The COPY lines of the build stage."""
    folder.mkdir(parents=True)
    for line in lines(BUILD, "COPY"):
        *sources, target = line.split()
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, folder / target)


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    folder = tmp_path_factory.mktemp("image")
    for name in ("opt", "tmp", "home/hyperplane"):
        (folder / name).mkdir(parents=True)
    copy_sources(folder / "src")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NUMBA"))}
    inherited["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{inherited['PATH']}"
    for line in lines(BUILD, "RUN"):
        run(moved(line, folder), folder / "src", environment(BUILD, folder, inherited))
    shutil.rmtree(folder / "src")  # nothing may be found in the sources any more
    variables = environment(IMAGE, folder, inherited)
    for line in lines(IMAGE, "RUN"):
        if not line.startswith("useradd "):  # this test leaves the machine's users alone
            run(moved(line, folder), folder / "home/hyperplane", variables)
    (wheel,) = (folder / "wheels").glob("hyperplane-*.whl")
    return Image(folder, wheel, variables)


@pytest.fixture(scope="session")
def server(image: Image) -> Iterator[Server]:
    """The image's CMD, on a free port of this machine only."""
    (command,) = lines(IMAGE, "CMD")
    port = free_port()
    arguments = [
        argument.replace("0.0.0.0", "127.0.0.1").replace("8000", str(port)) for argument in json.loads(command)
    ]
    program = shutil.which(arguments[0], path=image.environment["PATH"])
    assert program == f"{image.folder}/opt/hyperplane/bin/hyperplane"
    with serving([program, *arguments[1:]], port, image.environment, image.folder / "home/hyperplane") as running:
        yield running


def test_hadolint_finds_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert not done.stdout


def test_the_image_does_not_run_as_root() -> None:
    assert lines(IMAGE, "USER") == ["10001"]
    assert any(line.startswith("useradd --uid 10001 ") for line in lines(IMAGE, "RUN"))


def test_the_image_holds_only_what_the_build_made() -> None:
    assert lines(IMAGE, "COPY") == ["--from=build /opt/hyperplane /opt/hyperplane"]


def test_everything_copied_is_let_through_by_dockerignore() -> None:
    passed = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = {source for line in lines(BUILD, "COPY") for source in line.split()[:-1]}
    assert copied == passed


def test_the_wheel_brings_pages_and_assets_and_no_tests(image: Image) -> None:
    names = set(zipfile.ZipFile(image.wheel).namelist())
    for folder in ("static", "templates"):
        here = {f"app/{path.relative_to(ROOT)}" for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert here
        assert here <= names
    data = ROOT / "engine/labs/digits/data"
    assert {f"engine/labs/digits/data/{path.name}" for path in data.iterdir()} == {
        name for name in names if name.startswith("engine/labs/digits/data/")
    }
    assert {name.split("/")[0] for name in names if not name.startswith("hyperplane-")} == {
        "app",
        "engine",
        "hyperplane",
    }


def test_the_command_line_works_from_another_folder(image: Image) -> None:
    run("hyperplane --help", image.folder / "home/hyperplane", image.environment)


def test_programs_in_another_folder_can_import_it(image: Image) -> None:
    code = "import hyperplane; assert hyperplane.train(epochs=1).epoch == 1"
    run(f'python -W error -c "{code}"', image.folder / "home/hyperplane", image.environment)


def test_the_server_answers_from_another_folder(server: Server) -> None:
    page = fetch(server.address).decode()
    assets = re.findall(r"""(?:src|href)="(static/[^"]+)""", page)
    assert assets
    for asset in assets:
        assert fetch(f"{server.address}/{asset}")
    assert json.loads(fetch(f"{server.address}/healthz"))


def test_the_health_check_succeeds_while_the_server_lives(image: Image, server: Server) -> None:
    (check,) = lines(IMAGE, "HEALTHCHECK")
    command = json.loads(check[check.index("CMD") + 3 :])
    command[-1] = command[-1].replace("8000", str(server.port))
    subprocess.run([shutil.which(command[0], path=image.environment["PATH"]), *command[1:]], check=True)


def test_the_compose_example_names_only_settings_there_are() -> None:
    named = re.findall(r"HYPERPLANE_([A-Z_]+)", (ROOT / "docs" / "deployment" / "compose.yaml").read_text())
    assert named
    assert {name.lower() for name in named} <= set(Config.model_fields)
