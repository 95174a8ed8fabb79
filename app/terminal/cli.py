"""The command line: serve the playground, train without a browser, measure the engine."""

import asyncio
import errno
import json
import logging
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.config import Config, unknown_variables
from app.exports.films import wanted as films
from app.exports.forms import forms_of
from app.labs import FIRST, LABS
from app.labs.contract import Lab
from app.links import read_link
from app.serving.process import serve as run_server
from app.storage.archive import Census, Failed, age, back_up, take_census
from app.storage.store import Unavailable, file_of
from app.terminal.bench import ENGINE, measure, show
from app.terminal.flag_errors import UsageError, error_line, value_of
from app.terminal.flags import takes_settings
from app.terminal.numbers import figure
from app.terminal.this_machine import machine, on_what
from app.terminal.training import Source, begin, checked_choices, screen, warn, written
from app.terminal.training import train as train_for
from app.training import COMPILES_WITHIN, Length, Training
from engine.choices import Refused
from engine.kernel import is_compiled


class _Commands(typer.core.TyperGroup):
    """Commands that train have the flags of the lab that their own flags name."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        lab = _named_lab(rest) if name in _OF_LABS else FIRST
        return name, command if lab is FIRST else _command_of(lab, str(name)), rest


cli = typer.Typer(cls=_Commands, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
stores = typer.Typer(no_args_is_help=True, help="Copy the store of sessions, or look what is in it.")
cli.add_typer(stores, name="store")

log = logging.getLogger(__name__)

_FROM = "A file that `export` or the page’s “Take home” has written, to go on from: .safetensors or .json."
_MOST_FAULTS = 20  # of a store that are told one by one
_FILMS = tuple(form.suffix for form in films.FORMS.values())
_FORMS = ", ".join({name: None for lab in LABS.values() for name in forms_of(lab)})


def main() -> None:
    """The entry point of `hyperplane`: whatever is wrong with its flags is one line on stderr, and exit code 2."""
    if not sys.argv[1:]:
        cli()  # prints the help
    try:
        status = typer.main.get_command(cli).main(standalone_mode=False)
    except UsageError as error:
        typer.echo(f"Error: {error_line(error, sys.argv[1:])}", err=True)
        sys.exit(2)
    except typer.Abort:
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


@cli.callback(invoke_without_command=True)
def about(show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Hyperplane: a neural-network playground in the browser."""
    if show_version:
        typer.echo(version("hyperplane"))
        raise typer.Exit


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen at; 127.0.0.1 unless told.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at; 8000 unless told.")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads that train; one per core unless told.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that share them; one per core unless told.")] = None,
    root_path: Annotated[
        str | None, typer.Option(help="Path below which a proxy has the server, as /playground.")
    ] = None,
    no_store: Annotated[
        bool | None, typer.Option("--no-store", help="Keep no sessions beyond the server's life.")
    ] = None,
) -> None:
    """Serve the playground. All other settings come from the environment: see docs/settings.md."""
    given: dict[str, Any] = {
        "host": host,
        "port": port,
        "threads": threads,
        "workers": workers,
        "root_path": root_path,
        "no_store": no_store,
    }
    config = _config({name: value for name, value in given.items() if value is not None})
    if config.port and _is_taken(config.host, config.port):
        raise _bad(
            f"port {config.port} is in use by another program, perhaps another Hyperplane. "
            f"End that one, or choose another port: hyperplane serve --port {config.port + 1}",
            code=1,
        )
    with suppress(KeyboardInterrupt):
        run_server(config, _starting(config))


@cli.command()
def check_config() -> None:
    """Check the settings that `serve` would take from the environment, and print them. Exit code 2 if one is wrong."""
    config, unknown = _config({}), unknown_variables(os.environ)
    table = Table(show_header=False, box=None)
    for name, value in config.model_dump().items():
        table.add_row(f"HYPERPLANE_{name.upper()}", str(value) if value != "" else "(empty)")
    Console().print(table)
    for name, meant in unknown.items():
        screen.print(f"[bold]Warning:[/] {name} is no setting{f': {meant} may be meant' if meant else ''}")
    if unknown:
        raise typer.Exit(2)


def _config(given: dict[str, Any]) -> Config:
    """The environment's settings and these. Raises typer.Exit where one is wrong."""
    try:
        return Config(**given)
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, e['loc']))}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors())
        raise _bad("; ".join(lines)) from error


def _is_taken(host: str, port: int) -> bool:
    """Whether somebody listens there already; all else that is wrong with an address is found when it is used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        if sys.platform != "win32":  # where it would allow two to listen
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def _starting(config: Config) -> Any:
    """Tells on the terminal how far the engine is, and where the playground is once it is there."""
    if config.log_format == "json":  # every line is an object
        return lambda what, done, of: log.info("the engine gets ready", extra={"part": what, "done": done, "of": of})
    if not is_compiled():
        screen.print(f"Compiling the engine: {COMPILES_WITHIN}, the first time only.")
    name = "localhost" if config.host in {"0.0.0.0", "::"} else config.host
    address = f"http://{name}:{config.port}{config.root_path.rstrip('/')}"

    def report(what: str, done: int, of: int) -> None:
        screen.print(f"  {done} of {of} ready: {what}")
        if done == of:
            screen.print(f"Hyperplane is at [bold]{address}[/] (end with Ctrl-C)")

    return report


def train(
    lab: Annotated[str | None, typer.Option(help="Whose experiment; the link's unless told.")] = None,
    link: Annotated[
        str | None, typer.Option(help="A link of Hyperplane or TensorFlow Playground; flags change it.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=0, max=100_000_000, help="How many epochs; 100 unless told.")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=0, help="How many mini-batches, in place of epochs.")] = None,
    seconds: Annotated[float | None, typer.Option(min=0, help="How long, in place of epochs.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="A table of own points to learn: CSV in any dialect, or JSON.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option(help="Of the table: names of x, y and what is learned, by commas; found unless told.")
    ] = None,
    scaling: Annotated[
        Literal["fit", "axes", "none"] | None,
        typer.Option(help="How its numbers become the picture's: one factor, one for each axis, or as they are."),
    ] = None,
    *,
    flags: dict[str, Any],
    dtype: Annotated[
        Literal["float32", "float64"] | None, typer.Option(help="The numbers to train with; the lab's unless told.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--from", help=_FROM)] = None,
    film: Annotated[
        Path | None, typer.Option(help=f"Write the training as a film too: a file with one of {', '.join(_FILMS)}.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: points, weights, losses.")] = False,
) -> None:
    """Train a model without a browser: the default experiment, a link's or a file's, with what the flags change."""
    try:
        length = Length(epochs, steps, seconds)
        begun = begin(Source(lab, link, file, data, columns, scaling), flags, dtype)
        form = film.suffix.lower().removeprefix(".") if film else ""
        chosen = checked_choices(begun.lab, form, [], {}) if film else {}
        train_for(begun, length, quiet=as_json)
        if film:
            _write(film, written(begun, form, chosen))
    except Refused as error:
        raise _bad(str(error)) from error
    if as_json:
        typer.echo(json.dumps(begun.as_json()))
        return
    _summarise(begun)
    warn(begun)


def export(
    lab: Annotated[str | None, typer.Option(help="Whose experiment; the link's unless told.")] = None,
    link: Annotated[
        str | None, typer.Option(help="A link of Hyperplane or TensorFlow Playground; flags change it.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=0, max=100_000_000, help="How many epochs; 100 unless told, none after --from.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="A table of own points to learn, as `train` takes it.")] = None,
    *,
    flags: dict[str, Any],
    dtype: Annotated[
        Literal["float32", "float64"] | None, typer.Option(help="The numbers to train with; the lab's unless told.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--from", help=_FROM)] = None,
    choice: Annotated[
        list[str] | None, typer.Option(help="Of the form, as theme=dark; more than one may come.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="Of a film: how long it is, 1 to 60; 5 unless told.")] = None,
    size: Annotated[
        int | None, typer.Option(help="Of a film: pixels of its picture, 160 to 960; 480 unless told.")
    ] = None,
    fps: Annotated[
        int | None, typer.Option(help="Of a film: frames a second: 20, 10, 25 or 50; 20 unless told.")
    ] = None,
    form: Annotated[str, typer.Option("--to", help=f"What to write: {_FORMS}.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write; - for the standard output.")],
) -> None:
    """Train a model as `train` does, and write it as code, for other programs, as a picture or as a film."""
    try:
        begun = begin(Source(lab, link, file, data), flags, dtype)
        of_film = {"seconds": seconds, "size": size, "fps": fps}
        told = {name: value for name, value in of_film.items() if value is not None}
        chosen = checked_choices(begun.lab, form, choice or [], told)
        train_for(begun, Length(0 if file and epochs is None else epochs), quiet=not screen.is_terminal)
        content = written(begun, form, chosen)
    except Refused as error:
        raise _bad(str(error)) from error
    warn(begun)
    _write(output, content)


def _write(file: Path, content: bytes) -> None:
    if str(file) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        file.write_bytes(content)
    except OSError as error:
        raise _bad(f"output: {str(file)!r} came, expected a file that can be written ({error.strerror})", 1) from error
    screen.print(escape(_printable(f"{file}: {len(content):,} bytes")), soft_wrap=True)


def _named_lab(arguments: list[str]) -> Lab:
    """The lab that flags name, by themselves or by a link; the first one where they name none."""
    name, link = value_of(("--lab",), arguments), value_of(("--link",), arguments)
    return LABS.get(name, FIRST) if name else read_link(link).lab


_OF_LABS: dict[str, Callable[..., None]] = {"train": train, "export": export}


def _command_of(lab: Lab, name: str) -> Any:
    """The command with this lab's flags."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(name)(takes_settings(lab, _OF_LABS[name]))
    return typer.main.get_command(app)


for _name, _command in _OF_LABS.items():
    cli.command(_name)(takes_settings(FIRST, _command))


@cli.command()
def bench(
    seconds: Annotated[float, typer.Option(min=0.05, help="For each row.")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure the engine on this machine; `make bench` in a checkout adds a C kernel and peers."""
    rows = measure(ENGINE, seconds)
    if as_json:
        typer.echo(json.dumps({"machine": machine(), "rows": rows}))
    else:
        show(rows, on_what())


@cli.command()
def load(
    sessions: Annotated[int, typer.Option(min=1, max=20_000, help="How many visitors.")] = 50,
    seconds: Annotated[float, typer.Option(min=0.5, help="How long they are watched.")] = 10.0,
    url: Annotated[str, typer.Option(help="Of the server, with its path if it has one.")] = "http://127.0.0.1:8000",
    mode: Annotated[Literal["playing", "paused", "hidden"], typer.Option(help="What their pages do.")] = "playing",
    clicks_per_second: Annotated[float, typer.Option(min=0, help="Of each visitor.")] = 0.2,
    seed: Annotated[int, typer.Option(help="Of the clicks.")] = 0,
    heavy: Annotated[int, typer.Option(min=0, help="How many of them have a network near the size limit.")] = 0,
    stay_seconds: Annotated[
        float, typer.Option(min=0, help="How long they stay on average, until others come; 0 for all the time.")
    ] = 0,
    burst: Annotated[
        bool,
        typer.Option("--burst", help="All come in the same moment: each fetches all files, then its session opens."),
    ] = False,
    bare: Annotated[int, typer.Option(min=0, max=20_000, help="With --burst: connections at once before.")] = 0,
    pid: Annotated[int | None, typer.Option(help="The server's process; found by its port unless told.")] = None,
    anywhere: Annotated[bool, typer.Option("--anywhere", help="Other machines too: be sure they are yours.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Load a server on this machine as a class would: visitors who play, draw and click."""
    try:
        from app.terminal import load as visitors  # noqa: PLC0415  only this command needs psutil
    except ModuleNotFoundError as error:
        raise _bad(f"{error.name} is not installed, expected the extra load: pip install 'hyperplane[load]'") from error
    host = _host_of(url)
    if not host:
        raise _bad(f"url: {url!r} came, expected http://host:port")
    if not (anywhere or visitors.is_here(host)):
        raise _bad(f"url: {host!r} came, expected an address of this machine; --anywhere allows others")
    report: visitors.Report | visitors.BurstReport
    if burst:
        report = asyncio.run(visitors.burst(url, sessions, bare))
    else:
        plan = visitors.Plan(url, sessions, seconds, mode, clicks_per_second, seed, heavy, stay_seconds, pid)
        report = asyncio.run(visitors.measure(plan))
    if as_json:
        typer.echo(json.dumps({"machine": machine(), **report.as_json()}))
        return
    table = Table(show_header=False, box=None, caption=on_what(), caption_justify="left")
    for name, value in report.rows():
        table.add_row(name, value)
    Console().print(table)
    if not report.is_clean:
        raise typer.Exit(1)


def _host_of(url: str) -> str | None:
    """None where it is no address of a server."""
    try:
        parts = urlsplit(url)
        _, name = parts.port, (parts.hostname or "").encode("idna")  # whatever is wrong with either is a ValueError
    except ValueError:
        return None
    return parts.hostname if name and parts.scheme == "http" else None


@stores.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to put the copy.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of this name.")] = False,
) -> None:
    """Copy the store of sessions to FILE. Servers may go on writing to it; the copy is the store at one moment."""
    try:
        count = back_up(_store_file("`redis-cli --rdb FILE` copies them"), file, overwrite=overwrite)
    except Failed as error:
        raise _bad(str(error)) from error
    typer.echo(_printable(f"{count:,} session{'s' * (count != 1)} copied to {file}"))


@stores.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="The server's own store unless told.")] = None,
) -> None:
    """Read every session of a store and change nothing. Exit code 1 if one cannot be read, 2 if the store cannot."""
    try:
        census = take_census(file or _store_file("name a file to check"))
    except Failed as error:
        raise _bad(str(error)) from error
    _show_census(census)
    if census.faults:
        raise typer.Exit(1)


def _store_file(instead: str) -> Path:
    """Where a server with these settings keeps its sessions. `instead`: what to do if they are in Redis."""
    config = _config({})
    if config.no_store:
        raise Failed("HYPERPLANE_NO_STORE is set: a server with these settings keeps no sessions")
    if config.has_redis:
        raise Failed(f"the sessions are in Redis or Valkey, not in a file: {instead}")
    try:
        return file_of(config.store)
    except Unavailable as error:
        raise Failed(str(error)) from error


def _show_census(census: Census) -> None:
    table = Table(show_header=False, box=None)
    table.add_row("sessions", f"{census.sessions:,}")
    for form, count in sorted(census.versions.items()):
        table.add_row(f"checkpoints of version {form}", f"{count:,}")
    if census.saved:
        table.add_row("the oldest was saved", age(census.saved[0]))
        table.add_row("the newest was saved", age(census.saved[1]))
    table.add_row("cannot be read", f"{len(census.faults):,}")
    Console().print(table)
    for fault in census.faults[:_MOST_FAULTS]:
        typer.echo(_printable(f"  {fault}"), err=True)
    if more := len(census.faults[_MOST_FAULTS:]):
        typer.echo(f"  and {more:,} more", err=True)


def _printable(text: str) -> str:
    """As a terminal can show it: names of files and arguments need not be text."""
    return text.encode(errors="backslashreplace").decode()


def _bad(message: str, code: int = 2) -> typer.Exit:
    typer.echo(_printable(f"Error: {' '.join(message.split())}"), err=True)
    return typer.Exit(code)


def _summarise(training: Training) -> None:
    engine, run = training.engine, training.run
    table = Table(show_header=False, box=None)
    rows = {
        **engine.rows(run),
        "epochs": f"{run.epoch:,}",
        **({"steps": f"{run.step:,}"} if run.step_in_epoch else {}),
        **{f"loss on {name}": figure(loss) for name, loss in training.losses().items()},
        **engine.scores(run),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    Console(file=sys.stdout).print(table)
