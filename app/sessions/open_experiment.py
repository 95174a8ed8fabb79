"""An experiment that is open: its run, what the page shows of it, its link, and what each command does to it."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from app.experiment import Experiment, Trained
from app.exports import moments
from app.labs import LABS
from app.labs.contract import Focus, Lab
from app.links import Link, expect_link
from app.messages import Command, Edit
from app.protocol import (
    Change,
    GoTo,
    GoToBest,
    OpenLink,
    OpenMoment,
    Pause,
    Play,
    Recover,
    Redo,
    Reset,
    Share,
    Shared,
    Show,
    Speed,
    Step,
    TakeHome,
    TrySeeds,
    Undo,
    Visible,
)
from app.protocol import Focus as FocusOn
from app.sessions.checked_settings import build_settings, changed_view
from app.sessions.opened_link import OpenedLink
from app.sessions.parcel import Parcel
from app.sessions.seed_runs import SeedRuns
from app.sessions.slices import Slices
from app.sessions.undo import Standing, Steps, restored
from engine.choices import Refused, settings_of
from engine.labs.contract import LabRun
from engine.runs.data import Given
from engine.runs.history import History
from engine.runs.moment import Moment
from engine.runs.timeline import LARGEST, Timeline

# What is done where the server has failed:
_WITHOUT_MODEL = (FocusOn, OpenLink, OpenMoment, Pause, Reset, Show, Speed, Visible)


_CHANGES = (Change, Edit, GoToBest, OpenLink, OpenMoment, Play, Recover, Reset, Step)  # what can be taken back


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
        self.until: int | None = None  # the epoch after which it pauses, while it plays
        self.visible = True
        self.focus: Focus | None = None
        self.failed: bool  # an error of ours: the model may be half changed, until one is made anew
        self.slices = Slices(clock, crowd)
        self.undo = Steps(clock, [each.name for each in settings_of(link.lab.settings).values() if each.gradual])
        self.parcel = Parcel(parameter_limit)
        self._openings = 0  # how often the run was replaced by one that has other examples or first weights
        self._parameter_limit = parameter_limit
        self._open(link)

    @property
    def trains(self) -> bool:
        """Whether it is to be trained."""
        return self.playing and not self.trainer.has_ended

    def layout(self) -> tuple[object, ...]:
        """What frames depend on: when it changes, those of before mean nothing any more."""
        return self._openings, *self.lab.engine.layout(self.trainer)

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
        self._openings += 1

    def resume(self, moment: Moment, view: Any, link: str, *, playing: bool) -> None:
        """Go on where another one of the lab was. Raises Refused."""
        trainer = self._begin(moment.settings, moment.given)
        trainer.resume(moment)
        self.trainer, self.view, self.playing = trainer, view, playing
        self._openings += 1
        self.link = OpenedLink.again(link)
        self.slices.begin(trainer)

    def remember(self, kept: Collection[tuple[Moment, bool]]) -> None:
        """Take a timeline over that leads to the run as it is; none if a moment of it does not fit its settings."""
        run = self.trainer
        trials: dict[Any, LabRun] = {}
        try:
            for moment, _ in kept:
                if moment.settings not in trials:
                    trials[moment.settings] = self._begin(moment.settings, moment.given)
                trials[moment.settings].resume(moment)
        except (Refused, KeyError):
            return
        if kept:
            run.timeline = Timeline.of((replace(moment, history=run.history), is_change) for moment, is_change in kept)

    def _begin(self, settings: Any, given: Given | None = None) -> LabRun:
        return self.lab.engine.begin(settings, self._parameter_limit, given=given)

    def seed_runs(self, wish: TrySeeds) -> SeedRuns:
        """Runs of the experiment as its settings are, with other seeds. Raises Refused."""
        self._check_failed(wish)
        return SeedRuns(wish, self.lab, self.trainer.settings, self.trainer.given, self._begin)

    # -- commands -----------------------------------------------------------------------------------------------------

    def apply(self, command: Command) -> Shared | bytes | None:
        """Returns what is said beside the state. Raises Refused."""
        self._check_failed(command)
        match command:
            case Share():
                return self._shared(command)
            case TakeHome(timeline=for_film):
                return self._taken_home(for_film=for_film)
        if isinstance(command, _CHANGES) and not (isinstance(command, Play) and self.playing):
            self._change(command)
        else:
            self._obey(command)
        return None

    def _change(self, command: Command) -> None:
        """Obey, and note for undo and the timeline what has changed. In the past it begins a branch."""
        before = self._standing(whole=isinstance(command, OpenLink | OpenMoment))
        if before and not self.playing:
            self.undo.drop_idle(before.moment)
        run, left = self.trainer, (self.trainer.timeline, self.trainer.history, self.trainer.tip)
        run.branch()
        timeline = run.timeline
        try:
            self._obey(command)
        except Refused:
            run.timeline, run.history, run.tip = left
            raise
        self._note(command, before, timeline)

    def _note(self, command: Command, before: Standing | None, timeline: Timeline) -> None:
        """For undo and for the timeline that the run had: what the command has changed, if it has changed anything."""
        trains = isinstance(command, Play | Step)
        if before and not trains and self._stands_at(before.moment):
            return
        if not trains and self.trainer.timeline is timeline:
            timeline.add(self.trainer.moment(), is_change=True)
        if before:
            self.undo.note(command, before, self.trainer.timeline)

    def _obey(self, command: Command) -> None:  # noqa: C901  one line for each command reads best
        match command:
            case Play(until=until):
                self._play(until)
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
                self._go_to_best()
            case Undo() | Redo():
                self._travel(command)
            case GoTo(epoch=epoch):
                self._go_to(epoch)
            case Edit():
                self._edit(command)
            case Speed(epochs_per_second=speed):
                self._keep_speed(speed)
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

    def _play(self, until: int | None = None) -> None:
        if self.trainer.divergence:
            raise Refused("type", "play", "a reset or a lower learning rate first: training diverged")
        if not (self.playing and until):  # while it plays, another end changes nothing else
            self.trainer.arm()
            self.slices.play(self.trainer)
        self.until = until
        self.playing = until is None or self.trainer.epoch < until

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

    def _go_to_best(self) -> None:
        self.playing = False
        self.trainer.go_to_best()

    def _keep_speed(self, speed: float | None) -> None:
        self.view = replace(self.view, speed=speed)
        self.slices.begin(self.trainer)

    def _settings_with(self, changes: dict[str, Any]) -> Any:
        return build_settings(self.lab.settings, changes, self.trainer.settings)

    def _edit(self, edit: Edit) -> None:
        starts = self.trainer.starts
        self.playing = self.playing and not edit.pauses
        edit.apply(self.trainer)
        if self.trainer.starts != starts:
            self.slices.begin(self.trainer)

    # -- back and forth -----------------------------------------------------------------------------------------------

    def _standing(self, *, whole: bool = False) -> Standing | None:
        """Where the run stands; None if it is too large to be kept. `whole`: with the link and the view."""
        run = self.trainer
        if self.failed or run.model.nbytes > LARGEST:
            return None
        timeline = run.timeline
        link, view = (self.link, self.view) if whole else (None, None)
        return Standing(run.moment(), timeline, timeline.length, run.history, run.tip, self.playing, view, link)

    def _stands_at(self, moment: Moment) -> bool:
        run = self.trainer
        if run.settings != moment.settings or run.given != moment.given or run.place != moment.place:
            return False
        tensors, counts = run.model.state()
        return counts == moment.state.counts and all(
            np.array_equal(tensor, moment.state.tensors[name], equal_nan=True) for name, tensor in tensors.items()
        )

    def _travel(self, command: Undo | Redo) -> None:
        now = self._standing()
        if now and not self.playing:
            self.undo.drop_idle(now.moment)
        way, expected = (
            (self.undo.back, "a change to take back")
            if isinstance(command, Undo)
            else (self.undo.forth, "a change that was taken back")
        )
        standing = way(lambda to: self._standing(whole=to.link is not None))
        if standing is None:
            raise Refused("type", command.type, expected)
        timeline, history = restored(standing)
        self._stand(standing.moment, timeline, history, standing.tip)
        self.playing = self.playing and standing.playing
        if standing.link:
            self.link, self.view = standing.link, standing.view
        if standing.tip is None:
            timeline.add(self.trainer.moment(), is_change=True)

    def _go_to(self, epoch: int) -> None:
        run, timeline = self.trainer, self.trainer.timeline
        tip = run.tip or run.moment()
        start = timeline.before(epoch)
        if start is None or epoch > tip.place.epoch:
            expected = "none: the model is too large" if timeline.first is None else f"one from {timeline.first}"
            raise Refused("epoch", epoch, f"{expected} to {tip.place.epoch}")
        self.playing = False
        is_between = run.tip and start.moment.place.step <= run.step and run.epoch <= epoch
        if epoch == tip.place.epoch:
            self._stand(tip, timeline, run.history, None)
        elif not is_between:
            self._stand(start.moment, timeline, run.history, tip)
        self.slices.replay(self.trainer, epoch)

    def _stand(self, moment: Moment, timeline: Timeline, history: History, tip: Moment | None) -> None:
        run, settings = self.trainer, moment.settings
        if run.settings != settings or run.given != moment.given:
            self.trainer = self._begin(settings, moment.given)
            self.trainer.starts = run.starts
            self._openings += "run" in run.settings.costs_of(settings)
        self.trainer.stand_at(moment, history)
        self.trainer.timeline, self.trainer.tip = timeline, tip
        self.keep_focus()
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
        self._openings += 1
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

    def _taken_home(self, *, for_film: bool) -> bytes:
        link = self.link.address_of(self.as_it_is())
        return moments.write_safetensors(moments.freeze(self.trainer, self.view, link, for_film=for_film))

    def _shared(self, wish: Share) -> Shared:
        trained = Trained(self.trainer.epoch, self.trainer.saved()) if wish.weights else None
        view = changed_view(self.view, {"hide": wish.hide, "hide_text": wish.hide_text})
        return self.link.shared(Experiment(self.trainer.settings, view, trained, self.trainer.given), wish.seq)
