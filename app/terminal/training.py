"""Trains for the commands of the terminal: what a link or flags ask for, with its progress on stderr."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.exports import forms, moments
from app.labs import FIRST, LABS
from app.labs.contract import Lab
from app.links import Link, expect_link, read_link
from app.sessions.checked_settings import build_settings
from app.terminal.flags import read_flags
from engine.choices import Refused
from engine.labs.contract import LabRun
from engine.warm_up import warm_up, when_compiling

COMPILES_WITHIN = "up to a minute and a half on a busy machine"
_REPORTS = 50  # how often the progress bar of a training run moves

screen = Console(stderr=True, highlight=False)


@dataclass(frozen=True)
class Begun:
    """A run of a lab, and what was repaired in the link that it came from."""

    lab: Lab
    run: LabRun
    dtype: str
    view: Any  # of the page that the experiment came from, the lab's own
    link: str  # of the experiment
    repairs: tuple[str, ...] = ()

    def train(self, epochs: int, *, quiet: bool) -> None:
        """Train so many epochs more, fewer if training ends by itself; without `quiet` a bar shows how far it is."""
        run, last = self.run, self.run.epoch + epochs
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=screen, disable=quiet) as progress:
            task = progress.add_task("epochs", total=last)
            while run.epoch < last and not run.has_ended:
                run.train(min(max(last // _REPORTS, 1), last - run.epoch))
                progress.update(task, completed=run.epoch)

    @property
    def warnings(self) -> list[str]:
        """What nobody would expect of the run as it is, in words."""
        return [*(f"link: {repair}" for repair in self.repairs), *_ends(self.run)]

    def warn(self) -> None:
        """Print the warnings."""
        for warning in self.warnings:
            screen.print(f"[bold]Warning:[/] {escape(warning)}", soft_wrap=True)


def begin(
    lab: str | None, link: str | None, flags: dict[str, Any], dtype: str | None, file: Path | None = None
) -> Begun:
    """A run of what a link or the file of a moment opens, or of a lab's default experiment, with what flags change.

    Raises Refused.
    """
    if file:
        return _go_on(lab, link, flags, dtype, file)
    opened = _opened(lab, link)
    settings = build_settings(opened.lab.settings, read_flags(opened.lab, flags), opened.experiment.settings)
    kind = dtype or opened.lab.dtype
    compile_engine(kind)
    run = opened.lab.engine.begin(settings, dtype=np.dtype(kind), given=opened.experiment.given)
    if trained := opened.experiment.trained:
        run.load(trained.parameters, trained.epoch)
    return Begun(opened.lab, run, kind, opened.experiment.view, opened.text, opened.repairs)


def _go_on(lab: str | None, link: str | None, flags: dict[str, Any], dtype: str | None, file: Path) -> Begun:
    """From the moment in a file, with its kind of numbers."""
    if link is not None:
        raise Refused("link", link[:40], "none beside --from, whose file has its own")
    try:
        frozen = moments.read(file.read_bytes())
    except OSError as error:
        raise Refused("from", str(file), f"a file that can be read ({error.strerror})") from error
    kind = moments.dtype_of(frozen).name
    if lab not in {None, frozen.lab}:
        raise Refused("lab", lab, f"{frozen.lab}, whose experiment the file has")
    if dtype not in {None, kind}:
        raise Refused("dtype", dtype, f"{kind}, with which the file's experiment was trained")
    compile_engine(kind)
    run, known = moments.run_of(frozen), LABS[frozen.lab]
    if changes := read_flags(known, flags):
        run.change(build_settings(known.settings, changes, run.settings))
    return Begun(known, run, kind, frozen.view, frozen.link)


def check_form(lab: Lab, form: str) -> None:
    """Raises Refused unless the lab's runs can be written so."""
    offered = forms.forms_of(lab)
    if not offered:
        having = [each.name for each in LABS.values() if each.exports]
        raise Refused("lab", lab.name, f"one whose runs can be exported: {', '.join(having)}")
    if form not in offered:
        raise Refused("to", form, f"one of {', '.join(offered)}")


def written(begun: Begun, form: str, choices: Sequence[str]) -> bytes:
    """The run as it is, in one of its lab's forms; `choices` as "scale=2". Raises Refused."""
    chosen = {}
    for text in choices:
        name, equals, value = text.partition("=")
        if not equals:
            raise Refused("choice", text, "NAME=VALUE, as scale=2")
        chosen[name] = value
    frozen = moments.freeze(begun.run, begun.view, begun.link)
    return forms.write(begun.lab, frozen, begun.run, form, chosen)


def compile_engine(dtype: str) -> None:
    """Make the engine ready for these numbers, and say so if that takes its time."""
    is_told = False

    def tell() -> None:
        nonlocal is_told
        is_told = True
        screen.print(f"Compiling the engine for {dtype}: {COMPILES_WITHIN}, the first time only.")

    def report(what: str, done: int, of: int) -> None:
        if is_told:
            screen.print(f"  {done} of {of} ready: {what}")

    with when_compiling(tell):
        warm_up(report, np.dtype(dtype))


def _opened(name: str | None, link: str | None) -> Link:
    """What a link opens, or a lab's default experiment. Raises Refused."""
    if name is not None and name not in LABS:
        raise Refused("lab", name, f"one of {', '.join(LABS)}")
    lab = LABS[name] if name else None
    return read_link("", lab or FIRST) if link is None else expect_link(link, lab)


def _ends(run: LabRun) -> list[str]:
    divergence, stop = run.divergence, run.stop
    if stop:
        value = "of a loss that was never finite" if stop.value is None else f"{stop.value:g}"
        return [f"training ended at epoch {stop.epoch:,} by its stop condition: {stop.reason} {value}"]
    if divergence is None:
        return []
    return [
        f"training diverged after step {divergence.step:,} (epoch {divergence.epoch:,}): the numbers became too large; "
        "the weights are the last finite ones"
    ]
