"""Trains for the commands of the terminal: what flags ask for, with its progress on stderr."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app import training
from app.exports import forms, moments
from app.labs import LABS
from app.labs.contract import Lab
from app.storage.checkpoint import Frozen
from app.terminal.flags import read_flags
from app.training import Dtype, Length, Training
from engine.choices import Refused
from engine.warm_up import warm_up

if TYPE_CHECKING:
    from app.exports.films.making import Making

screen = Console(stderr=True, highlight=False)


@dataclass(frozen=True)
class Source:
    """Where an experiment comes from, as flags say it; by default it is a lab's own."""

    lab: str | None = None
    link: str | None = None
    file: Path | None = None  # of a moment
    table: Path | None = None  # of own examples
    columns: str | None = None
    scaling: str | None = None


def begin(source: Source, flags: dict[str, Any], dtype: Dtype | None) -> Training:
    """A run of it, with what flags change. Raises Refused."""
    if source.file:
        return _go_on(source, source.file, flags, dtype)
    opened = training.opened(source.lab, source.link)
    names = tuple(name.strip() for name in source.columns.split(",")) if source.columns else ()
    table = source.table
    brought = training.examples_of_file(opened.lab, table, names, source.scaling) if table else None
    kind = dtype or opened.lab.dtype
    compile_engine(kind)
    return training.begin(opened, read_flags(opened.lab, flags), kind, brought)


def _go_on(source: Source, file: Path, flags: dict[str, Any], dtype: Dtype | None) -> Training:
    """From the moment in a file, with its kind of numbers."""
    for name, came in (("link", source.link), ("data", source.table)):
        if came is not None:
            raise Refused(name, str(came)[:40], "none beside --from, whose file has its own")
    frozen = _read(file)
    kind = moments.dtype_of(frozen).name
    if source.lab not in {None, frozen.lab}:
        raise Refused("lab", source.lab, f"{frozen.lab}, whose experiment the file has")
    if dtype not in {None, kind}:
        raise Refused("dtype", dtype, f"{kind}, with which the file's experiment was trained")
    compile_engine(kind)
    return training.go_on(frozen, read_flags(LABS[frozen.lab], flags))


def _read(file: Path) -> Frozen:
    try:
        return moments.read(file.read_bytes())
    except OSError as error:
        raise Refused("from", str(file), f"a file that can be read ({error.strerror})") from error


def train(begun: Training, length: Length, *, quiet: bool) -> None:
    """Train so long, shorter if training ends by itself; without `quiet` a bar shows how far it is."""
    unit, whole = length.amount
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, disable=quiet) as progress:
        task = progress.add_task(unit, total=1.0, count=f"0/{whole:,.10g}")

        def report(share: float) -> None:
            done = round(share * whole, 1) if unit == "seconds" else round(share * whole)
            progress.update(task, completed=share, count=f"{done:,}/{whole:,.10g}")

        begun.train(length, report)


def warn(begun: Training) -> None:
    """Print what nobody would expect of the run."""
    for warning in begun.warnings:
        screen.print(f"[bold]Warning:[/] {escape(warning)}", soft_wrap=True)


def checked_choices(lab: Lab, form: str, choices: Sequence[str], more: Mapping[str, object]) -> dict[str, str]:
    """What is chosen of a form of the lab's, each as "scale=2" or by a flag of its own. Raises Refused, before
    anything is trained, for all that would be refused after it."""
    offered = forms.forms_of(lab)
    if not offered:
        having = [each.name for each in LABS.values() if each.exports]
        raise Refused("lab", lab.name, f"one whose runs can be exported: {', '.join(having)}")
    if form not in offered:
        raise Refused("to", form, f"one of {', '.join(offered)}")
    chosen = {}
    for text in choices:
        name, equals, value = text.partition("=")
        if not equals:
            raise Refused("choice", text, "NAME=VALUE, as scale=2")
        chosen[name] = value
    chosen |= {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in more.items()}
    return forms.checked(lab, form, chosen)


def written(begun: Training, form: str, chosen: Mapping[str, str]) -> bytes:
    """The run as it is, in one of its lab's forms. Raises Refused."""
    is_film = forms.is_film(begun.lab, form)
    frozen = moments.freeze(begun.run, begun.view, begun.link(), for_film=is_film)
    if is_film:
        return _filmed(forms.film(begun.lab, frozen, form, chosen))
    return forms.write(begun.lab, frozen, begun.run, form, chosen)


def _filmed(making: "Making") -> bytes:
    """The film when it is made; a bar shows how far it is."""
    columns = (TextColumn("film"), BarColumn(), TextColumn("{task.fields[size]}"), TimeElapsedColumn())
    with closing(making), Progress(*columns, console=screen, disable=not screen.is_terminal) as progress:
        task = progress.add_task("film", total=1.0, size="")
        while True:
            try:
                so_far = next(making)
            except StopIteration as done:
                film: bytes = done.value
                return film
            progress.update(task, completed=so_far.share, size=f"{so_far.nbytes / 1e6:.1f} MB")


def compile_engine(dtype: str) -> None:
    """Make the engine ready for these numbers, and say so if that takes its time."""
    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        screen.print(sentence)

    def report(what: str, done: int, of: int) -> None:
        if told:
            screen.print(f"  {done} of {of} ready: {what}")

    with training.saying_that_it_compiles(tell, dtype):
        warm_up(report, np.dtype(dtype))
