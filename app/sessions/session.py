"""A session: turns a page's commands into training, and training into messages. No sockets, no threads."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from app.experiment import VIEW_NAMES, Experiment, Trained, View
from app.labs.plane.edits import Edit
from app.labs.plane.facts import state_of
from app.labs.plane.frames import COARSEST, FrameHead, frame_message, is_large, points_message
from app.links import Link, expect_link, read_link, write_link
from app.messages import Command
from app.protocol import (
    Ack,
    Change,
    Focus,
    GoToBest,
    Look,
    NewWeights,
    Opened,
    OpenLink,
    Pause,
    Play,
    Recover,
    RegenerateData,
    Rejected,
    Reset,
    Share,
    Shared,
    Show,
    Speed,
    State,
    Step,
    Visible,
)
from app.sessions.checked_settings import build_settings
from app.sessions.pace import Meter, Pace
from app.sessions.rejections import rejection
from app.sessions.stream import Sent, Stream
from app.sessions.verdicts import Verdicts
from app.storage.checkpoint import Frozen
from engine.choices import Refused
from engine.labs.plane.settings import MAX_PARAMETERS
from engine.labs.plane.trainer import Trainer

SLICE_SECONDS = 0.002
_SHORTEST_SLICE = 0.00015
_SHORT_WORK = 500_000  # multiplications of an epoch that a step may do at once: some milliseconds, of batches of one
_CROWDED = 6  # sessions of a thread beyond which slices become shorter, so that all of them get frames
_COARSER = (4, 20)  # sessions of a thread beyond which pictures have fewer pixels: a half, a third a side
NEVER = float("inf")

_WITHOUT_NETWORK = (Focus, OpenLink, Pause, Reset, Show, Speed, Visible)  # what is done in a session that has failed


@dataclass
class Tally:
    """What was done, over the whole of its life."""

    frames: int = 0
    steps: int = 0
    commands: int = 0
    rejections: int = 0
    failures: int = 0  # of ours: turns that raised

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.frames + other.frames,
            self.steps + other.steps,
            self.commands + other.commands,
            self.rejections + other.rejections,
            self.failures + other.failures,
        )


class Session:
    """One experiment of one page. All methods are called by one thread at a time.

    `clock` gives seconds, `crowd` how many sessions share a thread: in a crowd each trains less and draws coarser.
    Whoever owns the session calls `advance` when `next_turn` says so, and then takes what is
    in `outbox` and `picture`.
    """

    def __init__(
        self,
        link: Link,
        clock: Callable[[], float],
        frame_seconds: float = 1 / 120,
        parameter_limit: int = MAX_PARAMETERS,
        crowd: Callable[[], float] = lambda: 1.0,
    ) -> None:
        self.outbox: deque[State | Opened | Shared | Rejected | bytes] = deque()
        self.picture: bytes | None = None  # the newest frame, until it is taken
        self.run = 1
        self.playing = False
        self.focus: tuple[int, int] | None = None
        self.at: tuple[float, float] | None = None  # the place of the plane that the pointer reads
        self.visible = True
        self.trainer: Trainer
        self.view: View
        self._link: Link
        self._repaired: Opened | None  # not told yet
        self._clock = clock
        self._parameter_limit = parameter_limit
        self._crowd = crowd  # how many sessions share each thread
        self._stream = Stream(frame_seconds)
        self._open(link)
        self._applied = 0
        self._busy_until: int | None = None  # the epoch that a command trains to
        self._busy_with: Command | None = None
        self._handled = 0  # number of the last command, applied or refused
        self.tally = Tally()
        self.is_unsaved = False  # whoever saves what `freeze` returns says so here
        self.failed = False  # an error of ours: the network may be half changed, until one is made anew
        self._meter = Meter()
        self._verdicts = Verdicts()

    # -- turns --------------------------------------------------------------------------------------------------------

    def next_turn(self) -> float:
        """When `advance` should be called next, by the clock: NEVER means not before a message comes."""
        if not self.visible or self.failed:
            return NEVER
        turn = self._pace.due(self.trainer.epoch, self.speed) if self._trains and self._is_seen else NEVER
        if self._may_send:
            turn = min(turn, self._stream.due)
        return turn

    def advance(self) -> None:
        """Train for a slice if it is time, and make a frame if one can be sent."""
        if not self.visible or self.failed:
            return
        if self._trains and self._is_seen:
            self._train()
        now = self._clock()
        if self._may_send and now >= self._stream.due:
            self._make_frame(now)

    @property
    def speed(self) -> float | None:
        """Epochs per second; None is as fast as it goes."""
        return self.view.speed

    @property
    def _trains(self) -> bool:
        return self.playing and not self.trainer.has_ended

    @property
    def _is_seen(self) -> bool:
        return self._stream.is_seen(self._clock())

    @property
    def _may_send(self) -> bool:
        return self.picture is None and self._stream.may_send()

    def _train(self) -> None:
        epochs = self._pace.affordable(self._clock(), self.trainer.epoch, self.speed)
        if epochs == 0:
            return
        before = self.trainer.step
        share = min(1.0, _CROWDED / max(self._crowd(), 1e-9))
        self.trainer.train_for(max(_SHORTEST_SLICE, SLICE_SECONDS * share), epochs)
        self.tally.steps += self.trainer.step - before
        self._stream.change()
        self.is_unsaved = True
        self._meter.note(self._clock(), self.trainer.epoch, self.trainer.step)
        if self.trainer.has_ended:
            self.playing = False
            self._tell()

    def _make_frame(self, now: float) -> None:
        self.tally.frames += 1
        stream, history = self._stream, self.trainer.history
        epochs, steps = self._meter.rates(now) if self._trains else (0.0, 0.0)
        coarseness, coarse_for = stream.coarseness(self._crowdedness)
        head = FrameHead(
            run=self.run,
            frame=stream.frames + 1,
            applied=self._applied,
            epochs_per_second=epochs,
            steps_per_second=steps,
            focus=self.focus,
            at=self.at,
            neurons=stream.wants_neurons(now, trains=self._trains),
            gradients=self.view.gradients,
            errors=self.view.errors,
            coarseness=coarseness,
            coarse_for=coarse_for,
            health=self._verdicts.of(
                self.trainer, now, (self.run, self._handled), trains=self._trains, crowd=self._crowd()
            ),
            history_start=stream.known_samples(self.run, history),
        )
        self.picture = frame_message(self.trainer, head)
        stream.made(Sent(head.frame, self.run, history, len(history.samples), now, coarseness, head.neurons))

    @property
    def _crowdedness(self) -> int:
        """How much coarser pictures are for the sake of the others: a thread draws one after the other."""
        crowd = self._crowd()
        return COARSEST if crowd > 1 and is_large(self.trainer) else sum(crowd > most for most in _COARSER)

    # -- beyond the life of the server --------------------------------------------------------------------------------

    @property
    def handled(self) -> int:
        """Number of the last command that was applied or refused."""
        return self._handled

    def freeze(self) -> Frozen:
        """All that another session needs to go on here."""
        return Frozen(
            moment=self.trainer.moment(),
            view=self.view,
            link=self._link.text,
            theirs=self._link.theirs,
            run=self.run,
            applied=self._handled,
            playing=self.playing,
        )

    def thaw(self, frozen: Frozen) -> None:
        """Go on where another session was frozen. Raises Refused."""
        trainer = Trainer(frozen.moment.settings, parameter_limit=self._parameter_limit)
        trainer.resume(frozen.moment)
        self.trainer, self.view = trainer, frozen.view
        self._link, self._repaired = read_link(frozen.link), None
        self.run, self._applied, self._handled = frozen.run + 1, frozen.applied, frozen.applied
        self.playing = frozen.playing
        self._pace = Pace(self._clock(), trainer.epoch)

    # -- connections --------------------------------------------------------------------------------------------------

    def attach(self) -> None:
        """A page has come, or come back: it knows nothing yet."""
        self.outbox.clear()
        self.picture = None
        self._stream.open()
        self.at = None
        self.visible = True
        self._pace = Pace(self._clock(), self.trainer.epoch)
        self._greet()

    def fail(self) -> None:
        """After an exception in a turn: stop, and tell the page so, with a network that can be told of.

        What was saved before stays the newest checkpoint.
        """
        self.failed, self.playing, self.is_unsaved = True, False, False
        self.tally.failures += 1
        self._busy_until = self._busy_with = None
        self._applied = self._handled
        try:
            self._begin_anew()
        except Exception:  # the state itself cannot be said
            self.trainer = self._new_trainer()
            self._begin_anew()

    def _begin_anew(self) -> None:
        """A run of which nothing is known yet."""
        self.outbox.clear()
        self._begin_run()

    def detach(self) -> None:
        """No page is there: neither train nor draw."""
        self.visible = False

    # -- messages -----------------------------------------------------------------------------------------------------

    def receive(self, message: Command | Ack | Look | Rejected) -> None:
        """Apply a message; the answer is put into the outbox. A rejection is only passed on, in its order."""
        if isinstance(message, Ack):
            self._stream.acknowledge(message.frame, self._clock())
            return
        if isinstance(message, Look):
            self._look(message.at)
            return
        if isinstance(message, Rejected):
            self._reject(message)
            return
        if 0 < message.seq <= self._handled:  # sent again by a page that did not hear the answer
            self._tell()
            return
        before, self._handled = self._handled, max(self._handled, message.seq)
        self.tally.commands += 1
        layout = self._layout()
        try:
            self._apply(message)
        except Refused as error:
            self._reject(rejection(message.seq, error))
            return
        if self.is_busy:  # it is answered when it is done
            self._busy_with, self._handled = message, before
        else:
            self._conclude(message, layout)

    def _step(self, unit: Literal["epoch", "batch"]) -> None:
        """A long epoch is taken in parts, between the turns of the others."""
        trainer = self.trainer
        if unit == "batch":
            trainer.train_steps(1)
        elif _work_of_an_epoch(trainer) <= _SHORT_WORK:
            trainer.train(1)
        else:
            self._busy_until = trainer.epoch + 1

    @property
    def is_busy(self) -> bool:
        """Whether a command is under way: those after it wait."""
        return self._busy_until is not None

    def go_on(self) -> None:
        """A part of the command that is under way, and its answer when it is done."""
        if self._busy_until is None:
            return
        trainer, before = self.trainer, self.trainer.step
        trainer.train_for(SLICE_SECONDS, self._busy_until - trainer.epoch)
        self.tally.steps += trainer.step - before
        self._stream.change()
        self.is_unsaved = True
        if trainer.epoch < self._busy_until and not trainer.has_ended:
            return
        message, self._busy_until, self._busy_with = self._busy_with, None, None
        if message:
            self._handled = max(self._handled, message.seq)
            self._conclude(message, self._layout())

    def _conclude(self, message: Command, layout: tuple[object, ...]) -> None:
        """The answer to a command that has been applied; `layout` as it was before."""
        self._applied = message.seq
        self._stream.change(hurry=True)
        self.is_unsaved = not self.failed
        if self._layout() == layout:
            self._tell()
        else:
            self._begin_run()

    def _look(self, at: tuple[float, float] | None) -> None:
        """The newest place counts; what trains has a frame soon anyway."""
        self.at = at
        self._stream.change(hurry=not self._trains)

    def _reject(self, message: Rejected) -> None:
        self.tally.rejections += 1
        self.outbox.append(message)

    def _apply(self, message: Command) -> None:  # noqa: C901  one line for each command reads best
        if self.failed and not isinstance(message, _WITHOUT_NETWORK):
            raise Refused(
                "type", message.model_dump()["type"], "a reset or another experiment: a server error stopped this run"
            )
        match message:
            case Play():
                self._play()
            case Pause():
                self.playing = False
            case Step(unit=unit):
                self.playing = False
                self.trainer.arm()
                self._step(unit)
            case Reset():
                self.playing = False
                self._reset()
            case NewWeights():
                self.playing = False
                self._change({"draw": self.trainer.settings.draw + 1})
            case RegenerateData():
                self._change({"seed": f"{random.random():.5f}", "draw": 0})
            case Change(settings=changes):
                self._change(changes)
            case OpenLink(link=text):
                self._follow(text, message.seq)
            case Show():
                self.view = _changed_view(self.view, message)
            case Recover(settings=changes):
                self._recover(changes)
            case GoToBest():
                self.playing = False
                self.trainer.go_to_best()
            case Share():
                self._share(message)
            case Edit():
                message.apply(self.trainer)
            case Speed(epochs_per_second=speed):
                self.view = replace(self.view, speed=speed)
                self._pace = Pace(self._clock(), self.trainer.epoch)
            case Focus(unit=unit):
                self.focus = self._checked_unit(unit)
            case Visible(visible=visible):
                self.visible = visible
                self._pace = Pace(self._clock(), self.trainer.epoch)
            case _:
                raise AssertionError(message)

    def _reset(self) -> None:
        if self.failed:
            self.trainer, self.failed = self._new_trainer(), False
        else:
            self.trainer.reset()

    def _new_trainer(self) -> Trainer:
        """At epoch 0 of the same experiment."""
        return Trainer(self.trainer.settings, parameter_limit=self._parameter_limit)

    def _follow(self, text: str, seq: int) -> None:
        link = expect_link(text)
        self.playing = False
        self.focus = None  # it was a neuron of the experiment that is left
        self._open(link, seq)

    def _open(self, link: Link, seq: int = 0) -> None:
        """Start from a link; what was repaired is told after the state that it led to."""
        link = link.within(self._parameter_limit)
        settings, trained = link.experiment.settings, link.experiment.trained
        self.trainer = Trainer(settings, parameter_limit=self._parameter_limit)
        if trained:
            self.trainer.load(trained.parameters, trained.epoch)
        self.failed = False
        self.view = link.experiment.view
        self._link = link
        self._repaired = Opened(seq=seq, repairs=link.repairs) if link.repairs else None
        self._pace = Pace(self._clock(), self.trainer.epoch)

    def _recover(self, changes: dict[str, Any]) -> None:
        settings = build_settings(changes, self.trainer.settings)
        self.trainer.recover()
        self.trainer.change(settings)
        self._play()

    def _share(self, wish: Share) -> None:
        trained = Trained(self.trainer.epoch, self.trainer.saved()) if wish.weights else None
        experiment = Experiment(self.trainer.settings, _changed_view(self.view, wish), trained)
        self.outbox.append(Shared(seq=wish.seq, link=write_link(experiment, theirs=self._link.theirs)))

    def _play(self) -> None:
        if self.trainer.divergence:
            raise Refused("type", "play", "a reset or a lower learning rate first: training diverged")
        self.trainer.arm()
        self.playing = True
        now = self._clock()
        self._pace = Pace(now, self.trainer.epoch)
        self._meter = Meter()
        self._meter.note(now, self.trainer.epoch, self.trainer.step)

    def _change(self, changes: dict[str, Any]) -> None:
        self.trainer.change(build_settings(changes, self.trainer.settings))
        self._pace = Pace(self._clock(), self.trainer.epoch)

    def _checked_unit(self, unit: tuple[int, int] | None) -> tuple[int, int] | None:
        settings = self.trainer.settings
        layers = settings.shape[1:] if settings.shape[-1] > 1 else settings.hidden  # one output has the large picture
        if unit and not (1 <= unit[0] <= len(layers) and 1 <= unit[1] <= layers[unit[0] - 1]):
            raise Refused("unit", list(unit), f"a layer and a neuron of {list(layers)}, both counted from 1")
        return unit

    def _layout(self) -> tuple[object, ...]:
        """What frames and points depend on: when it changes, those of before mean nothing any more."""
        trainer = self.trainer
        settings = trainer.settings
        return trainer, settings.shape, settings.inputs, settings.connections, trainer.starts

    def _begin_run(self) -> None:
        self.run += 1
        self.picture = None
        self._stream.begin_run()
        try:
            self.focus = self._checked_unit(self.focus)
        except Refused:
            self.focus = None
        self._greet()

    def _greet(self) -> None:
        """All that a page must know of a run before its first frame."""
        self._tell()
        self.outbox.append(points_message(self.trainer, self.run))

    def _tell(self) -> None:
        state = state_of(
            self.trainer,
            self.view,
            seq=self._applied,
            run=self.run,
            playing=self.playing,
            focus=self.focus,
            failed=self.failed,
            link=self._link.address_of(Experiment(self.trainer.settings, self.view)),
        )
        self.outbox.append(state)
        if self._repaired:
            self.outbox.append(self._repaired)
            self._repaired = None


def _work_of_an_epoch(trainer: Trainer) -> int:
    """Multiplications, about."""
    points = trainer.steps_in_epoch * trainer.rule.batch_size
    return points * trainer.settings.parameter_count


def _changed_view(view: View, wish: Show | Share) -> View:
    """The view with what the message says of it. Raises Refused."""
    said = {name: value for name in VIEW_NAMES if (value := getattr(wish, name, None)) is not None}
    return replace(view, **said)
