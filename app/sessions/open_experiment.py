"""An experiment that is open: its run, what the page shows of it, its link, and what each command does to it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from app.experiment import Experiment, Trained
from app.exports import moments
from app.labs import LABS
from app.labs.contract import Focus, Lab
from app.links import Link, expect_link
from app.messages import Command, Edit
from app.protocol import (
    Change,
    GoToBest,
    OpenLink,
    OpenMoment,
    Pause,
    Play,
    Recover,
    Reset,
    Share,
    Shared,
    Show,
    Speed,
    Step,
    TakeHome,
    Visible,
)
from app.protocol import Focus as FocusOn
from app.sessions.checked_settings import build_settings, changed_view
from app.sessions.opened_link import OpenedLink
from app.sessions.parcel import Parcel
from app.sessions.slices import Slices
from engine.choices import Refused
from engine.labs.contract import LabRun
from engine.runs.data import Given
from engine.runs.moment import Moment

# What is done where the server has failed:
_WITHOUT_MODEL = (FocusOn, OpenLink, OpenMoment, Pause, Reset, Show, Speed, Visible)


class OpenExperiment:
    """Of one lab, for good: another link opens another experiment of it. Knows nothing of messages' numbers."""

    def __init__(
        self, link: Link, clock: Callable[[], float], crowd: Callable[[], float], parameter_limit: int | None
    ) -> None:
        self.lab: Lab = link.lab
        self.trainer: LabRun
        self.view: Any  # the lab's own
        self.link: OpenedLink
        self.playing = False
        self.visible = True
        self.focus: Focus | None = None
        self.failed: bool  # an error of ours: the model may be half changed, until one is made anew
        self.slices = Slices(clock, crowd)
        self.parcel = Parcel(parameter_limit)
        self._parameter_limit = parameter_limit
        self._open(link)

    @property
    def trains(self) -> bool:
        """Whether it is to be trained."""
        return self.playing and not self.trainer.has_ended

    def layout(self) -> tuple[object, ...]:
        """What frames depend on: when it changes, those of before mean nothing any more."""
        return self.trainer, *self.lab.engine.layout(self.trainer)

    def as_it_is(self) -> Experiment:
        """What its link says, without weights."""
        return Experiment(self.trainer.settings, self.view, given=self.trainer.given)

    def keep_focus(self) -> None:
        """The model or the view has changed: a unit that is no more, or is not shown, has no focus."""
        try:
            self._focus_on(self.focus)
        except Refused:
            self.focus = None

    def fail(self) -> None:
        """After an exception in a turn."""
        self.failed, self.playing = True, False
        self.slices.give_up()

    def begin_anew(self) -> None:
        """At epoch 0 of the same experiment, whatever has become of the run."""
        self.trainer = self._begin(self.trainer.settings, self.trainer.given)

    def resume(self, moment: Moment, view: Any, link: str, *, playing: bool) -> None:
        """Go on where another one of the lab was. Raises Refused."""
        trainer = self._begin(moment.settings, moment.given)
        trainer.resume(moment)
        self.trainer, self.view, self.playing = trainer, view, playing
        self.link = OpenedLink.again(link)
        self.slices.begin(trainer)

    def _begin(self, settings: Any, given: Given | None = None) -> LabRun:
        return self.lab.engine.begin(settings, self._parameter_limit, given=given)

    # -- commands -----------------------------------------------------------------------------------------------------

    def apply(self, command: Command) -> Shared | bytes | None:
        """Returns what is said beside the state. Raises Refused."""
        self._check_failed(command)
        match command:
            case Share():
                return self._shared(command)
            case TakeHome():
                return self._taken_home()
        self._obey(command)
        return None

    def _obey(self, command: Command) -> None:  # noqa: C901  one line for each command reads best
        match command:
            case Play():
                self._play()
            case Pause():
                self.playing = False
            case Step(unit=unit):
                self._step(unit)
            case Reset():
                self.playing = False
                self._reset()
            case Change(settings=changes):
                self.trainer.change(self._settings_with(changes))
                self.slices.begin(self.trainer)
            case OpenLink(link=text):
                self._follow(expect_link(text, self.lab), command.seq)
            case OpenMoment(bytes=size):
                self._open_moment(self.parcel.take(size))
            case Show(said=changes):
                self.view = changed_view(self.view, changes)
                self.keep_focus()
            case Recover(settings=changes):
                self._recover(changes)
            case GoToBest():
                self.playing = False
                self.trainer.go_to_best()
            case Edit():
                self._edit(command)
            case Speed(epochs_per_second=speed):
                self.view = replace(self.view, speed=speed)
                self.slices.begin(self.trainer)
            case FocusOn(unit=unit):
                self._focus_on(unit)
            case Visible(visible=visible):
                self.visible = visible
                self.slices.begin(self.trainer)
            case _:
                raise AssertionError(command)

    def _check_failed(self, command: Command) -> None:
        if self.failed and not isinstance(command, _WITHOUT_MODEL):
            kind = command.model_dump()["type"]
            raise Refused("type", kind, "a reset or another experiment: a server error stopped this run")

    def _play(self) -> None:
        if self.trainer.divergence:
            raise Refused("type", "play", "a reset or a lower learning rate first: training diverged")
        self.trainer.arm()
        self.playing = True
        self.slices.play(self.trainer)

    def _step(self, unit: Literal["epoch", "batch"]) -> None:
        self.playing = False
        self.trainer.arm()
        self.slices.step(self.trainer, unit, self.lab.engine.work_of_an_epoch(self.trainer))

    def _reset(self) -> None:
        if self.failed:
            self.begin_anew()
            self.failed = False
        else:
            self.trainer.reset()

    def _recover(self, changes: dict[str, Any]) -> None:
        settings = self._settings_with(changes)
        self.trainer.recover()
        self.trainer.change(settings)
        self._play()

    def _settings_with(self, changes: dict[str, Any]) -> Any:
        return build_settings(self.lab.settings, changes, self.trainer.settings)

    def _edit(self, edit: Edit) -> None:
        starts = self.trainer.starts
        self.playing = self.playing and not edit.pauses
        edit.apply(self.trainer)
        if self.trainer.starts != starts:
            self.slices.begin(self.trainer)

    def _focus_on(self, unit: Focus | None) -> None:
        if unit:
            self.lab.engine.check_focus(self.trainer, self.view, unit)
        self.focus = unit

    def _follow(self, link: Link, seq: int) -> None:
        self.playing, self.focus = False, None  # it was a unit of the experiment that is left
        self._open(link, seq)

    def _open(self, link: Link, seq: int = 0) -> None:
        if self._parameter_limit is not None:
            link = link.within(self._parameter_limit)
        opened = link.experiment
        trained = opened.trained
        self.trainer = self._begin(opened.settings, opened.given)
        if trained:
            self.trainer.load(trained.parameters, trained.epoch)
        self.failed = False
        self.view, self.link = opened.view, OpenedLink(link, seq)
        self.slices.begin(self.trainer)

    def _open_moment(self, file: bytes) -> None:
        """Raises Refused, and then nothing has changed."""
        frozen = moments.read(file)
        if frozen.lab != self.lab.name:
            expected = f"one of {self.lab.title}; this one is of {LABS[frozen.lab].title}"
            raise Refused("file", "an experiment of another lab", expected)
        if moments.dtype_of(frozen) != self.lab.dtype:
            came = f"an experiment in {moments.dtype_of(frozen)}"
            raise Refused("file", came, f"{self.lab.dtype}, in which pages train; `hyperplane train --from` goes on")
        self.resume(frozen.moment, frozen.view, frozen.link, playing=False)
        self.focus, self.failed = None, False

    def _taken_home(self) -> bytes:
        link = self.link.address_of(self.as_it_is())
        return moments.write_safetensors(moments.freeze(self.trainer, self.view, link))

    def _shared(self, wish: Share) -> Shared:
        trained = Trained(self.trainer.epoch, self.trainer.saved()) if wish.weights else None
        view = changed_view(self.view, {"hide": wish.hide, "hide_text": wish.hide_text})
        return self.link.shared(Experiment(self.trainer.settings, view, trained, self.trainer.given), wish.seq)
